"""AssemblyAI's job API on loopback: upload, request, poll, delete."""

import json
import re
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from aiohttp import web

from . import specs
from .server import Emulator, Refused, Request

Word = dict[str, Any]
API_KEY = "test-assemblyai-key"
ANSWER = (
    "Um, in my last role I led a team of four engineers. We moved the billing service to a new "
    "platform, uh, without downtime, and the error rate fell by thirty percent."
)
ROUTES = {
    "uploadFile": ("POST", "/v2/upload"),
    "createTranscript": ("POST", "/v2/transcript"),
    "listTranscripts": ("GET", "/v2/transcript"),
    "getTranscript": ("GET", "/v2/transcript/{transcript_id}"),
    "deleteTranscript": ("DELETE", "/v2/transcript/{transcript_id}"),
}
_FILLER = re.compile(r"(?:u+h*m+|u+h+|e+r+m*|a+h+|h+m+|m+h*m*)\W*", re.IGNORECASE)
_ECHOED = ("disfluencies", "format_text", "language_code", "punctuate", "speech_models")
_LIST_FIELDS = {"limit", "status", "created_on", "before_id", "after_id", "throttled_only"}
_DELETED_URL = "http://deleted_by_user"
_OCTETS = "application/octet-stream"


def spoken(text: str, *, seconds_per_word: float = 0.35, confidence: float = 0.93) -> list[Word]:
    """Word timings for a text, a gap of 50 ms between words."""
    step = round(seconds_per_word * 1000)
    return [
        {
            "text": word,
            "start": index * step,
            "end": (index + 1) * step - 50,
            "confidence": confidence,
            "speaker": None,
        }
        for index, word in enumerate(text.split())
    ]


@dataclass
class Job:
    id: str
    audio_url: str
    params: dict[str, Any]
    words: list[Word] = field(repr=False)
    error: str = ""
    status: str = "queued"
    polls: int = 0
    begun: float = field(default_factory=time.monotonic, repr=False)
    deleted: bool = False
    created: str = field(default_factory=lambda: datetime.now(UTC).isoformat()[:26], repr=False)

    def json(self) -> dict[str, Any]:
        shape: dict[str, Any] = {
            "id": self.id,
            "status": self.status,
            "audio_url": self.audio_url,
            "speech_model": None,
            "language_model": "assemblyai_default",
            "acoustic_model": "assemblyai_default",
            "language_confidence_threshold": None,
            "language_confidence": None,
            "webhook_auth": False,
            "auto_highlights": False,
            "redact_pii": False,
            "summarization": False,
            "text": None,
            "words": None,
            "confidence": None,
            "audio_duration": None,
        }
        shape |= {name: self.params[name] for name in _ECHOED if name in self.params}
        if self.deleted:
            return shape | {"audio_url": _DELETED_URL, "text": "Deleted by user."}
        if self.status == "error":
            return shape | {"error": self.error}
        if self.status == "completed":
            shape |= self._heard()
        return shape

    def _heard(self) -> dict[str, Any]:
        words = self.words
        if not self.params.get("disfluencies"):
            words = [word for word in words if not _FILLER.fullmatch(word["text"])]
        return {
            "text": " ".join(word["text"] for word in words),
            "words": words,
            "confidence": sum(w["confidence"] for w in words) / len(words) if words else 0.0,
            "audio_duration": -(-self.words[-1]["end"] // 1000) if self.words else 0,
            "speech_model_used": (self.params.get("speech_models") or ["universal-2"])[0],
        }


class AssemblyAIEmulator(Emulator):
    """`speech` decides what is heard in the audio's bytes, unless `will_hear` has queued it.

    A job takes `seconds`: for benchmarks alone, as no test waits for time to pass.
    """

    def __init__(self, api_key: str = API_KEY) -> None:
        super().__init__()
        self.api_key = api_key
        self.speech: Callable[[bytes], str | list[Word]] = lambda _: ANSWER
        self.polls_before_done = 0
        self.seconds = 0.0
        self.jobs: dict[str, Job] = {}
        self.uploads: dict[str, bytes] = {}
        self._held = False
        self._outcomes: deque[tuple[list[Word], str]] = deque()

    def will_hear(self, text: str | list[Word], confidence: float = 0.93) -> None:
        """What the next new job hears; an empty text is silence."""
        self._outcomes.append((_words(text, confidence), ""))

    def will_fail(self, error: str = "Transcoding failed. File type not supported.") -> None:
        """The next new job ends with `status: error`."""
        self._outcomes.append(([], error))

    def hold(self) -> None:
        """Keep all jobs in processing until `release()`."""
        self._held = True

    def release(self) -> None:
        self._held = False
        super().release()

    async def _read(self, http: web.Request) -> tuple[str, Any]:
        data = await http.read()
        operation = _operation(http.method, http.path)
        if operation == "createTranscript":
            return operation, _json_or_bytes(data)
        return operation, data or None

    def _check(self, request: Request) -> Iterable[Refused]:
        match request.operation:
            case "uploadFile":
                if not request.body:
                    yield Refused(400, "the upload is empty")
                if request.headers.get("Content-Type", _OCTETS) != _OCTETS:
                    yield Refused(400, f"the upload is not {_OCTETS}")
            case "createTranscript":
                if spec := specs.assemblyai():
                    for problem in spec.check("TranscriptParams", request.body):
                        yield Refused(400, problem)
            case "listTranscripts":
                for name in request.query.keys() - _LIST_FIELDS:
                    yield Refused(400, f"unknown parameter {name}")
            case "getTranscript" | "deleteTranscript":
                pass
            case _:
                yield Refused(404, "Not found")

    async def _carry_out(self, request: Request) -> web.Response:
        if request.headers.get("Authorization") != self.api_key:
            raise Refused(401, "Authentication error, API token missing/invalid")
        match request.operation:
            case "uploadFile":
                url = f"https://cdn.assemblyai.com/upload/{uuid.uuid4()}"
                self.uploads[url] = request.body
                return web.json_response({"upload_url": url})
            case "createTranscript":
                return web.json_response(self._create(request.body).json())
            case "listTranscripts":
                return web.json_response(self._list(request))
            case _:
                return web.json_response(self._existing(request).json())

    def _existing(self, request: Request) -> Job:
        job = self.jobs.get(request.path.rpartition("/")[2])
        if job is None or job.deleted:
            raise Refused(404, "Not found")
        if request.operation == "deleteTranscript":
            job.deleted = True
            self.uploads.pop(job.audio_url, None)
        else:
            self._advance(job)
        return job

    def _create(self, params: dict[str, Any]) -> Job:
        url = params["audio_url"]
        if url not in self.uploads:
            words: list[Word] = []
            error = f"Download error, unable to download {url}"
        elif self._outcomes:
            words, error = self._outcomes.popleft()
        else:
            words, error = _words(self.speech(self.uploads[url]), 0.93), ""
        job = Job(str(uuid.uuid4()), url, params, words, error)
        self.jobs[job.id] = job
        return job

    def _advance(self, job: Job) -> None:
        job.polls += 1
        busy = time.monotonic() < job.begun + self.seconds
        if self._held or busy or job.polls <= self.polls_before_done:
            job.status = "processing"
        else:
            job.status = "error" if job.error else "completed"

    def _list(self, request: Request) -> dict[str, Any]:
        limit = int(request.query.get("limit", 10))
        status = request.query.get("status")
        jobs = [job for job in self.jobs.values() if status in {None, job.status}][::-1][:limit]
        return {
            "page_details": {
                "limit": limit,
                "result_count": len(jobs),
                "current_url": f"{self.url}/v2/transcript?limit={limit}",
                "prev_url": None,
                "next_url": None,
            },
            "transcripts": [
                {
                    "id": job.id,
                    "resource_url": f"{self.url}/v2/transcript/{job.id}",
                    "status": job.status,
                    "created": job.created,
                    "completed": job.created if job.status == "completed" else None,
                    "audio_url": _DELETED_URL if job.deleted else job.audio_url,
                    "error": job.error or None,
                }
                for job in jobs
            ],
        }

    def _refusal(
        self, code: int, message: str, *, retry_after: int | None = None, **more: Any
    ) -> web.Response:
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        answer = {"error": message or HTTPStatus(code).phrase, **more}
        return web.json_response(answer, status=code, headers=headers)


def _words(speech: str | list[Word], confidence: float) -> list[Word]:
    return spoken(speech, confidence=confidence) if isinstance(speech, str) else speech


def _operation(method: str, path: str) -> str:
    for operation, (verb, template) in ROUTES.items():
        pattern = template.replace("{transcript_id}", "[^/]+")
        if verb == method and re.fullmatch(pattern, path):
            return operation
    return f"{method} {path}"


def _json_or_bytes(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return data
