"""The ear at AssemblyAI: upload, request, poll by the job's id; every failure is a Problem."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
import assemblyai as aai
import httpx
from assemblyai.prerecorded.v2 import async_api

from adapters.retrying import Retrying
from bot.coaching import Transcript, Word
from bot.ports import Job
from bot.problems import Fault, Problem, ProblemError, ProblemKind, rejected

T = TypeVar("T")

BASE_URL = "https://api.assemblyai.com"
# In order of preference. Only models that keep the fillers, which feedback on delivery counts.
MODELS = ("universal-3-pro", "universal-2")

REQUEST_SECONDS = 30.0
UPLOAD_SECONDS = 90.0
FIRST_PAUSE = 0.25
LONGEST_PAUSE = 3.0
DETAIL_LIMIT = 200
LISTED_JOBS = 100

# What a job of a deleted transcript answers with; its text is not what anybody said.
_DELETED = "http://deleted_by_user"

_FAULTS = (
    (re.compile(r"no spoken|no speech|silent|silence", re.IGNORECASE), Fault.SILENT),
    (re.compile(r"too short|too small", re.IGNORECASE), Fault.TOO_SHORT),
    (re.compile(r"too long|exceeds.*duration", re.IGNORECASE), Fault.TOO_LONG),
    (re.compile(r"too large|too big", re.IGNORECASE), Fault.TOO_BIG),
    (re.compile(r"not appear to contain audio|file type not sup", re.IGNORECASE), Fault.NOT_AUDIO),
    (re.compile(r"transcod|corrupt|decod", re.IGNORECASE), Fault.DAMAGED),
)
_NO_FUNDS = re.compile(r"account balance|insufficient funds", re.IGNORECASE)
_JOB_PATH = re.compile(r"/v2/transcript/[^/]+$")
_URL = re.compile(r"\S+://\S+")


class AssemblyAIEar:
    """An Ear for English speech, words with times and fillers kept.

    `transport` carries all requests and stays open. With `delete_copies` off, `forget` leaves
    recording and transcript with the vendor.
    """

    def __init__(
        self,
        api_key: str,
        transport: httpx.AsyncBaseTransport,
        *,
        base_url: str = BASE_URL,
        models: tuple[str, ...] = MODELS,
        delete_copies: bool = True,
        retrying: Retrying | None = None,
    ) -> None:
        self._client = _Client(api_key, base_url, transport)
        self._transcriber = aai.AsyncTranscriber(client=self._client)
        self._config = aai.TranscriptionConfig(
            speech_models=list(models),
            language_code="en",
            disfluencies=True,
            punctuate=True,
            format_text=True,
        )
        self._models = models
        self._delete_copies = delete_copies
        self._retrying = retrying or Retrying()

    async def start(self, data: bytes) -> Job:
        """Upload `data` as it is and have it transcribed; done when the vendor has taken it on."""
        url = await self._ask(lambda: self._transcriber.upload_file(data), UPLOAD_SECONDS)
        return await self._request(url)

    async def finish(self, job: Job) -> Transcript:
        """Poll until the job has ended, however long that is."""
        http = self._client.http_client
        pause = FIRST_PAUSE
        while True:
            seen = await self._ask(lambda: async_api.get_transcript(http, job.id))
            if seen.audio_url == _DELETED:
                raise rejected(Fault.GONE, "AssemblyAI: deleted")
            if seen.status == aai.TranscriptStatus.completed:
                return _heard(seen)
            if seen.status == aai.TranscriptStatus.error:
                raise rejected(_fault_of(seen.error or ""), "AssemblyAI: the job failed")
            await self._retrying.sleep(pause)
            # About a tenth of the time that has passed: waiting adds little to any job.
            pause = min(LONGEST_PAUSE, pause * 1.1)

    async def forget(self, job: Job) -> None:
        if not self._delete_copies:
            return
        try:
            await self._ask(lambda: self._transcriber.delete_by_id(job.id))
        except ProblemError as error:
            if error.problem.fault is not Fault.GONE:
                raise

    async def check(self) -> str:
        newest = aai.ListTranscriptParameters(limit=1)
        await self._ask(lambda: self._transcriber.list_transcripts(newest))
        return f"AssemblyAI answers; models: {', '.join(self._models)}"

    async def _request(self, url: str) -> Job:
        """Have the upload transcribed once: an answer that got lost is not paid for again."""
        asked = False

        async def attempt() -> str | None:
            nonlocal asked
            if asked and (known := await self._find(url)) is not None:
                return known
            asked = True
            return (await self._transcriber.submit(url, self._config)).id

        taken = await self._ask(attempt)
        if not taken:
            raise ProblemError(_unreadable())
        return Job(taken)

    async def _find(self, url: str) -> str | None:
        """The job that has taken on the upload at `url`, if it is among the newest."""
        newest = aai.ListTranscriptParameters(limit=LISTED_JOBS)
        listed = await self._transcriber.list_transcripts(newest)
        return next((str(job.id) for job in listed.transcripts if job.audio_url == url), None)

    async def _ask(
        self, request: Callable[[], Awaitable[T]], seconds: float = REQUEST_SECONDS
    ) -> T:
        async def attempt() -> T:
            try:
                async with asyncio.timeout(seconds):
                    return await request()
            except (TimeoutError, httpx.TransportError, aiohttp.ClientError) as error:
                raise ProblemError(_unreachable(error)) from error
            except (ValueError, KeyError, TypeError):
                # The SDK's own message quotes the reply, which may be somebody's transcript.
                raise ProblemError(_unreadable()) from None

        return await self._retrying(attempt)


class _Client(aai.AsyncClient):
    """The SDK's client on a given transport.

    The SDK takes no transport, and keeps only the last response of all requests under way, so that
    a failure's Retry-After could be another's. The client that it has built is therefore replaced
    by one whose hook sees each response itself, before the SDK does.
    """

    def __init__(self, api_key: str, base_url: str, transport: httpx.AsyncBaseTransport) -> None:
        super().__init__(settings=aai.Settings(api_key=api_key, base_url=base_url))

        async def refuse(response: httpx.Response) -> None:
            if response.status_code != httpx.codes.OK:
                await response.aread()
                raise ProblemError(_problem_of(response, api_key))

        built = self._http_client
        self._http_client = httpx.AsyncClient(
            transport=transport,
            base_url=built.base_url,
            headers=built.headers,
            timeout=REQUEST_SECONDS,
            event_hooks={"response": [refuse]},
        )


def _heard(seen: aai.types.TranscriptResponse) -> Transcript:
    words = tuple(
        Word(word.text, word.start / 1000, word.end / 1000, word.confidence)
        for word in seen.words or ()
    )
    return Transcript(seen.text or "", words, seen.confidence)


def _fault_of(message: str) -> Fault:
    return next((fault for told, fault in _FAULTS if told.search(message)), Fault.REFUSED)


def _problem_of(response: httpx.Response, api_key: str) -> Problem:
    message = _message_of(response, api_key)
    detail = f"AssemblyAI: HTTP {response.status_code}"
    if response.is_server_error:
        return Problem(ProblemKind.DOWN, retry_after=_retry_after(response), detail=detail)
    if _NO_FUNDS.search(message):
        return Problem(ProblemKind.QUOTA, detail=f"{detail}, no funds")
    is_of_job = _JOB_PATH.search(response.request.url.path) is not None
    match response.status_code:
        case 402:
            return Problem(ProblemKind.QUOTA, detail=f"{detail}, no funds")
        case 429:
            return Problem(ProblemKind.BUSY, retry_after=_retry_after(response), detail=detail)
        case 408:
            return Problem(ProblemKind.DOWN, detail=detail)
        case 401 | 403:
            return Problem(ProblemKind.MISCONFIGURED, detail=f"{detail}, the API key is refused")
        case 404 if is_of_job:
            return Problem(ProblemKind.REJECTED, fault=Fault.GONE, detail=detail)
        case 400 if is_of_job and "not found" in message:
            return Problem(ProblemKind.REJECTED, fault=Fault.GONE, detail=detail)
        case 400 | 422 if "model" not in message:
            detail = f"{detail}, {message}"
            return Problem(ProblemKind.REJECTED, fault=_fault_of(message), detail=detail)
        case 413:
            return Problem(ProblemKind.REJECTED, fault=Fault.TOO_BIG, detail=detail)
        case _:  # no such model, no such path, a redirection: settings of the operator's
            return Problem(ProblemKind.MISCONFIGURED, detail=f"{detail}, {message}")


def _message_of(response: httpx.Response, api_key: str) -> str:
    """The vendor's words in one line, without addresses and without the key."""
    try:
        told = str(response.json()["error"])
    except (ValueError, KeyError, TypeError):
        return ""
    line = " ".join(_URL.sub("[address]", told.replace(api_key, "[key]")).split())
    return line[:DETAIL_LIMIT]


def _retry_after(response: httpx.Response) -> float | None:
    """In seconds; None where the header is missing or a date."""
    told = response.headers.get("retry-after", "")
    return float(told) if re.fullmatch(r"\d{1,6}(?:\.\d+)?", told) else None


def _unreachable(error: Exception) -> Problem:
    return Problem(ProblemKind.DOWN, detail=f"AssemblyAI: {type(error).__name__}")


def _unreadable() -> Problem:
    return Problem(ProblemKind.DOWN, detail="AssemblyAI: unreadable reply")
