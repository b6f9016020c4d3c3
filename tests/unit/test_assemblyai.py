"""What is asked of AssemblyAI, and what its refusals and failures come to."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from adapters import assemblyai
from adapters.assemblyai import FIRST_PAUSE, LONGEST_PAUSE, AssemblyAIEar
from adapters.http import open_http
from adapters.retrying import Retrying
from bot.ports import Job
from bot.problems import Fault as Wrong
from bot.problems import Problem, ProblemError, ProblemKind
from tests.emulators.assemblyai import API_KEY, AssemblyAIEmulator
from tests.emulators.server import Fault

RECORDING = b"OggS\x00made up"
UNKNOWN = Job("2cf5a2f1-95a1-4a3f-9d0f-4d9a0c5c6a55")
NO_FUNDS = "Your current account balance is negative. Please top up to continue using the API."


@pytest.fixture
async def vendor() -> AsyncIterator[AssemblyAIEmulator]:
    async with AssemblyAIEmulator() as emulator:
        yield emulator
        emulator.assert_valid()


@pytest.fixture
async def transport() -> AsyncIterator[httpx.AsyncBaseTransport]:
    async with open_http() as http:
        yield http.transport()


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def ear(
    vendor: AssemblyAIEmulator, transport: httpx.AsyncBaseTransport, slept: list[float]
) -> AssemblyAIEar:
    """Sleeps take no time, and none goes by."""

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    return AssemblyAIEar(
        API_KEY,
        transport,
        base_url=vendor.url,
        retrying=Retrying(clock=lambda: 0.0, sleep=sleep),
    )


@pytest.fixture
def hasty(vendor: AssemblyAIEmulator, transport: httpx.AsyncBaseTransport) -> AssemblyAIEar:
    """Tries nothing again."""
    return AssemblyAIEar(API_KEY, transport, base_url=vendor.url, retrying=Retrying(deadline=0.0))


async def problem_of_start(ear: AssemblyAIEar) -> Problem:
    with pytest.raises(ProblemError) as raised:
        await ear.start(RECORDING)
    return raised.value.problem


async def test_the_recording_goes_as_it_is_and_fillers_are_kept(
    ear: AssemblyAIEar, vendor: AssemblyAIEmulator
) -> None:
    heard = await ear.finish(await ear.start(RECORDING))
    (upload,), (request,) = vendor.calls("uploadFile"), vendor.calls("createTranscript")
    assert upload.body == RECORDING
    assert request.body == {
        "audio_url": next(iter(vendor.uploads)),
        "speech_models": ["universal-3-pro", "universal-2"],
        "language_code": "en",
        "disfluencies": True,
        "punctuate": True,
        "format_text": True,
    }
    assert heard.text.startswith("Um, ")


async def test_the_key_is_in_one_header_only(
    ear: AssemblyAIEar, vendor: AssemblyAIEmulator
) -> None:
    await ear.check()
    await ear.start(RECORDING)
    for request in vendor.requests:
        holding = [name for name, value in request.headers.items() if API_KEY in value]
        assert holding == ["Authorization"]
        assert API_KEY not in f"{request.path}{request.body}"


async def test_a_request_whose_answer_got_lost_is_not_paid_for_twice(
    ear: AssemblyAIEar, vendor: AssemblyAIEmulator
) -> None:
    vendor.fail("createTranscript", Fault.reset(done=True))
    job = await ear.start(RECORDING)
    assert list(vendor.jobs) == [job.id]
    assert len(vendor.calls("createTranscript")) == 1


async def test_a_request_that_never_arrived_is_made_again(
    ear: AssemblyAIEar, vendor: AssemblyAIEmulator
) -> None:
    await ear.start(b"another recording")
    vendor.fail("createTranscript", Fault.reset())
    job = await ear.start(RECORDING)
    assert len(vendor.jobs) == 2
    assert vendor.jobs[job.id].audio_url != next(iter(vendor.jobs.values())).audio_url


@pytest.mark.parametrize(
    ("fault", "kind", "wrong"),
    [
        (Fault.status(401), ProblemKind.MISCONFIGURED, None),
        (Fault.status(403), ProblemKind.MISCONFIGURED, None),
        (Fault.status(404), ProblemKind.MISCONFIGURED, None),
        (Fault.status(307), ProblemKind.MISCONFIGURED, None),
        (Fault.status(400, "Unknown speech_models: universal-9"), ProblemKind.MISCONFIGURED, None),
        (Fault.status(402), ProblemKind.QUOTA, None),
        (Fault.status(400, NO_FUNDS), ProblemKind.QUOTA, None),
        (Fault.status(429), ProblemKind.BUSY, None),
        (Fault.status(408), ProblemKind.DOWN, None),
        (Fault.status(500), ProblemKind.DOWN, None),
        (Fault.status(503, NO_FUNDS), ProblemKind.DOWN, None),
        (Fault.status(504), ProblemKind.DOWN, None),
        (Fault.body("<html>", 520), ProblemKind.DOWN, None),
        (Fault.body("<html>", 502), ProblemKind.DOWN, None),
        (Fault.body("<html>"), ProblemKind.DOWN, None),
        (Fault.body([]), ProblemKind.DOWN, None),
        (Fault.body({}), ProblemKind.DOWN, None),
        (Fault.reset(), ProblemKind.DOWN, None),
        (Fault.status(413), ProblemKind.REJECTED, Wrong.TOO_BIG),
        (Fault.status(400), ProblemKind.REJECTED, Wrong.REFUSED),
        (Fault.status(422), ProblemKind.REJECTED, Wrong.REFUSED),
        (Fault.status(400, "Audio duration is too short."), ProblemKind.REJECTED, Wrong.TOO_SHORT),
    ],
)
@pytest.mark.parametrize("operation", ["uploadFile", "createTranscript"])
async def test_a_refusal_is_named_by_what_can_be_done(
    hasty: AssemblyAIEar,
    vendor: AssemblyAIEmulator,
    operation: str,
    fault: Fault,
    kind: ProblemKind,
    wrong: Wrong | None,
) -> None:
    vendor.fail(operation, fault)
    problem = await problem_of_start(hasty)
    assert (problem.kind, problem.fault) == (kind, wrong)


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ("Transcoding failed. File type not supported.", Wrong.NOT_AUDIO),
        ("Transcoding failed. The file may be corrupt.", Wrong.DAMAGED),
        (
            "File does not appear to contain audio. File type is text/html (HTML document).",
            Wrong.NOT_AUDIO,
        ),
        ("Audio duration is too short.", Wrong.TOO_SHORT),
        ("The requested feature cannot run: no spoken audio was found.", Wrong.SILENT),
        ("Server error, developers have been alerted.", Wrong.REFUSED),
        (" ", Wrong.REFUSED),
    ],
)
async def test_a_failed_job_is_rejected_with_what_it_says_of_the_audio(
    ear: AssemblyAIEar, vendor: AssemblyAIEmulator, told: str, wrong: Wrong
) -> None:
    vendor.will_fail(told)
    with pytest.raises(ProblemError) as raised:
        await ear.finish(await ear.start(RECORDING))
    assert raised.value.problem.kind is ProblemKind.REJECTED
    assert raised.value.problem.fault is wrong


async def test_one_failed_poll_does_not_lose_the_job(
    ear: AssemblyAIEar, vendor: AssemblyAIEmulator
) -> None:
    job = await ear.start(RECORDING)
    for fault in (Fault.status(502), Fault.reset(), Fault.status(429, retry_after=7)):
        vendor.fail("getTranscript", fault)
    assert (await ear.finish(job)).text
    assert len(vendor.calls("getTranscript")) == 4
    assert len(vendor.calls("createTranscript")) == 1


async def test_a_refused_request_does_not_upload_again(
    ear: AssemblyAIEar, vendor: AssemblyAIEmulator
) -> None:
    vendor.fail("createTranscript", Fault.status(503), times=2)
    await ear.start(RECORDING)
    assert len(vendor.calls("uploadFile")) == 1
    assert len(vendor.jobs) == 1


async def test_the_vendors_wait_is_waited(
    ear: AssemblyAIEar, vendor: AssemblyAIEmulator, slept: list[float]
) -> None:
    vendor.fail("uploadFile", Fault.status(429, retry_after=12))
    await ear.start(RECORDING)
    assert len(slept) == 1
    assert 12.0 <= slept[0] < 13.0


async def test_each_failure_has_its_own_retry_after(
    hasty: AssemblyAIEar, vendor: AssemblyAIEmulator
) -> None:
    count = 25
    vendor.fail("uploadFile", Fault.status(429, retry_after=7), times=count)
    vendor.fail("listTranscripts", Fault.status(429, retry_after=3600), times=count)

    async def wait_asked(request: object) -> float | None:
        with pytest.raises(ProblemError) as raised:
            await request  # type: ignore[misc]  # any awaitable
        return raised.value.problem.retry_after

    asked = await asyncio.gather(
        *(wait_asked(hasty.start(RECORDING)) for _ in range(count)),
        *(wait_asked(hasty.check()) for _ in range(count)),
    )
    assert asked == [7.0] * count + [3600.0] * count


@pytest.mark.parametrize("told", ["soon", "Wed, 21 Oct 2026 07:28:00 GMT", "-5", "1e9", ""])
async def test_a_wait_that_is_no_number_is_none(
    hasty: AssemblyAIEar, vendor: AssemblyAIEmulator, told: str
) -> None:
    vendor.fail("uploadFile", Fault("status", 429, retry_after=told))  # type: ignore[arg-type]  # as some proxies do
    assert (await problem_of_start(hasty)).retry_after is None


async def test_polling_is_quick_first_and_adds_a_tenth(
    ear: AssemblyAIEar, vendor: AssemblyAIEmulator, slept: list[float]
) -> None:
    vendor.polls_before_done = 60
    await ear.finish(await ear.start(RECORDING))
    assert len(slept) == 60
    assert slept[0] == FIRST_PAUSE
    assert slept == sorted(slept)
    assert slept[-1] == LONGEST_PAUSE
    for index, pause in enumerate(slept):
        assert pause <= FIRST_PAUSE + 0.11 * sum(slept[:index])


@pytest.mark.parametrize("operation", ["getTranscript", "deleteTranscript"])
@pytest.mark.parametrize(
    "fault",
    [
        Fault.status(404),
        Fault.body("<html>", 404),
        Fault.status(400, "Transcript lookup error, transcript id not found"),
    ],
)
async def test_a_job_that_is_gone(
    ear: AssemblyAIEar, vendor: AssemblyAIEmulator, operation: str, fault: Fault
) -> None:
    vendor.fail(operation, fault)
    if operation == "deleteTranscript":
        await ear.forget(UNKNOWN)
        return
    with pytest.raises(ProblemError) as raised:
        await ear.finish(UNKNOWN)
    assert raised.value.problem.fault is Wrong.GONE


async def test_what_is_said_of_a_deleted_transcript_is_nobodys_answer(
    ear: AssemblyAIEar, vendor: AssemblyAIEmulator
) -> None:
    job = await ear.start(RECORDING)
    await ear.finish(job)
    await ear.forget(job)
    deleted = vendor.calls("deleteTranscript")[0].answer
    assert (deleted["status"], deleted["text"]) == ("completed", "Deleted by user.")
    vendor.fail("getTranscript", Fault.body(deleted))
    with pytest.raises(ProblemError) as raised:
        await ear.finish(job)
    assert raised.value.problem.fault is Wrong.GONE


async def test_a_failure_to_delete_is_not_kept_quiet(
    hasty: AssemblyAIEar, vendor: AssemblyAIEmulator
) -> None:
    vendor.fail("deleteTranscript", Fault.status(500))
    with pytest.raises(ProblemError):
        await hasty.forget(UNKNOWN)


async def test_copies_are_left_where_the_setting_says_so(
    vendor: AssemblyAIEmulator, transport: httpx.AsyncBaseTransport
) -> None:
    keeping = AssemblyAIEar(API_KEY, transport, base_url=vendor.url, delete_copies=False)
    await keeping.forget(await keeping.start(RECORDING))
    assert vendor.calls("deleteTranscript") == []


async def test_no_answer_is_not_waited_for_without_end(
    hasty: AssemblyAIEar, vendor: AssemblyAIEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assemblyai, "UPLOAD_SECONDS", 0.05)
    vendor.fail("uploadFile", Fault.hang())
    async with asyncio.timeout(5):
        assert (await problem_of_start(hasty)).kind is ProblemKind.DOWN
    vendor.release()


async def test_a_closed_port_is_down(transport: httpx.AsyncBaseTransport) -> None:
    async with AssemblyAIEmulator() as closed:
        url = closed.url
    ear = AssemblyAIEar(API_KEY, transport, base_url=url, retrying=Retrying(deadline=0.0))
    assert (await problem_of_start(ear)).kind is ProblemKind.DOWN


async def test_the_operators_detail_holds_no_secret_and_no_address(
    hasty: AssemblyAIEar, vendor: AssemblyAIEmulator
) -> None:
    told = (
        f"Cannot read https://cdn.assemblyai.com/upload/secret?x=1 with {API_KEY}\n" + "x" * 9_999
    )
    vendor.fail("createTranscript", Fault.status(400, told))
    detail = (await problem_of_start(hasty)).detail
    assert detail.startswith("AssemblyAI: HTTP 400, Cannot read [address] with [key] x")
    assert len(detail) < 250


async def test_an_unreadable_reply_is_not_quoted(
    hasty: AssemblyAIEar, vendor: AssemblyAIEmulator
) -> None:
    vendor.fail("getTranscript", Fault.body({"status": "finished", "text": "my secret answer"}))
    with pytest.raises(ProblemError) as raised:
        await hasty.finish(UNKNOWN)
    assert raised.value.problem.kind is ProblemKind.DOWN
    assert raised.value.__suppress_context__
    assert "secret" not in f"{raised.value} {raised.value.problem}"
