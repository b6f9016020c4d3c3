"""What every Ear does, whoever hears."""

import asyncio
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from adapters.assemblyai import AssemblyAIEar
from adapters.http import open_http
from adapters.retrying import Retrying
from adapters.whisper import WhisperEar
from bot.coaching import Transcript
from bot.ports import Ear, Job
from bot.problems import Fault, ProblemError, ProblemKind, rejected
from tests.contract.ear_in_memory import EarInMemory
from tests.emulators.assemblyai import API_KEY, AssemblyAIEmulator

SPOKEN = "Um, in my last role I led a team of four engineers."


@pytest.fixture(params=["in memory", "assemblyai", "whisper"])
async def ear(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Ear]:
    match request.param:
        case "in memory":
            yield EarInMemory()
        case "assemblyai":
            async with AssemblyAIEmulator() as vendor, open_http() as http:
                vendor.speech = bytes.decode
                vendor.polls_before_done = 2
                retrying = Retrying(clock=lambda: 0.0, sleep=at_once)
                yield AssemblyAIEar(
                    API_KEY, http.transport(), base_url=vendor.url, retrying=retrying
                )
                vendor.assert_valid()
        case _:
            monkeypatch.setitem(sys.modules, "faster_whisper", whisper_package())
            yield WhisperEar(weights_in(tmp_path), samples_of)


async def at_once(seconds: float) -> None:
    """Wait for nothing."""


def weights_in(folder: Path) -> Path:
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (folder / name).touch()
    return folder


def samples_of(data: bytes) -> Any:
    """Stands in for decoding: a sample for each byte."""
    return SimpleNamespace(raw_data=np.frombuffer(data, np.uint8).astype("<i2").tobytes())


def whisper_package() -> ModuleType:
    """Stands in for faster_whisper: hears the bytes behind the samples."""

    class WhisperModel:
        def __init__(self, folder: str, **options: Any) -> None:
            assert options["local_files_only"]

        def transcribe(self, samples: Any, **options: Any) -> tuple[Any, None]:
            assert samples.dtype == np.float32
            text = bytes((samples * 32_768).astype(np.uint8)).decode()
            words = [
                SimpleNamespace(
                    word=f" {word}",
                    start=np.float64(0.4 * index),
                    end=np.float64(0.4 * index + 0.3),
                    probability=np.float64(0.8),
                )
                for index, word in enumerate(text.split())
            ]
            return iter([SimpleNamespace(text=f" {text}", words=words)] if words else []), None

    package = ModuleType("faster_whisper")
    package.WhisperModel = WhisperModel  # type: ignore[attr-defined]  # a made-up module
    return package


async def hear(ear: Ear, text: str) -> Transcript:
    started = await ear.start(text.encode())
    assert started is not None
    return started if isinstance(started, Transcript) else await ear.finish(started)


async def test_words_are_heard_with_their_times_in_seconds(ear: Ear) -> None:
    heard = await hear(ear, SPOKEN)
    assert heard.text == SPOKEN
    assert heard.language == "en"
    assert [word.text for word in heard.words] == SPOKEN.split()
    assert all(type(word.start) is type(word.end) is float for word in heard.words)
    assert all(word.start < word.end for word in heard.words)
    assert [word.start for word in heard.words] == sorted(word.start for word in heard.words)
    assert 1.0 < heard.words[-1].end < 60.0


async def test_confidences_are_from_0_to_1(ear: Ear) -> None:
    heard = await hear(ear, SPOKEN)
    assert heard.confidence is not None
    assert all(0 < c <= 1 for c in (heard.confidence, *(w.confidence for w in heard.words)))


async def test_silence_is_an_empty_transcript(ear: Ear) -> None:
    heard = await hear(ear, " ")
    assert (heard.text.strip(), heard.words) == ("", ())


async def test_recordings_are_not_mixed_up(ear: Ear) -> None:
    texts = [f"answer number {number}" for number in range(12)]
    heard = await asyncio.gather(*(hear(ear, text) for text in texts))
    assert [transcript.text for transcript in heard] == texts


async def test_a_job_can_be_asked_for_again(ear: Ear) -> None:
    started = await ear.start(SPOKEN.encode())
    if isinstance(started, Job):
        assert await ear.finish(started) == await ear.finish(started)


async def test_what_is_forgotten_is_gone_and_forgetting_twice_is_once(ear: Ear) -> None:
    started = await ear.start(SPOKEN.encode())
    job = started if isinstance(started, Job) else Job("none")
    await ear.forget(job)
    await ear.forget(job)
    with pytest.raises(ProblemError) as raised:
        await ear.finish(job)
    assert raised.value.problem.kind is ProblemKind.REJECTED
    assert raised.value.problem.fault is Fault.GONE


async def test_a_job_that_nobody_knows_is_gone(ear: Ear) -> None:
    unknown = Job("2cf5a2f1-95a1-4a3f-9d0f-4d9a0c5c6a55")
    await ear.forget(unknown)
    with pytest.raises(ProblemError) as raised:
        await ear.finish(unknown)
    assert raised.value.problem.fault is Fault.GONE


async def test_the_check_is_one_line(ear: Ear) -> None:
    assert len((await ear.check()).splitlines()) == 1


# The ear on this machine


def sentence_of(error: pytest.ExceptionInfo[ProblemError]) -> str:
    problem = error.value.problem
    assert problem.kind is ProblemKind.MISCONFIGURED
    assert problem.detail.startswith("offline transcription: not installed")
    return problem.detail


@pytest.mark.parametrize("missing", ["model.bin", "config.json", "tokenizer.json"])
def test_weights_that_are_not_there_are_named(missing: str, tmp_path: Path) -> None:
    (weights_in(tmp_path) / missing).unlink()
    with pytest.raises(ProblemError) as raised:
        WhisperEar(tmp_path, samples_of)
    assert missing in sentence_of(raised)


def test_a_missing_package_is_named_with_its_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "faster_whisper", None)
    with pytest.raises(ProblemError) as raised:
        WhisperEar(weights_in(tmp_path), samples_of)
    assert "pip install .[local]" in sentence_of(raised)


async def test_weights_that_cannot_be_read_are_said_to_be_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = whisper_package()
    package.WhisperModel = broken_model  # type: ignore[attr-defined]  # a made-up module
    monkeypatch.setitem(sys.modules, "faster_whisper", package)
    with pytest.raises(ProblemError) as raised:
        await WhisperEar(weights_in(tmp_path), samples_of).check()
    assert "unreadable weights" in sentence_of(raised)


def broken_model(folder: str, **options: Any) -> None:
    raise RuntimeError(folder)


async def test_what_cannot_be_decoded_is_rejected_as_the_decoder_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decode(data: bytes) -> Any:
        raise rejected(Fault.DAMAGED)

    monkeypatch.setitem(sys.modules, "faster_whisper", whisper_package())
    with pytest.raises(ProblemError) as raised:
        await WhisperEar(weights_in(tmp_path), decode).start(b"")
    assert raised.value.problem.fault is Fault.DAMAGED


async def test_one_recording_is_heard_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: set[int] = set()

    def decode(data: bytes) -> Any:
        threads.add(threading.get_ident())
        return samples_of(data)

    monkeypatch.setitem(sys.modules, "faster_whisper", whisper_package())
    ear = WhisperEar(weights_in(tmp_path), decode)
    await asyncio.gather(*(ear.start(b"word " * 1_000) for _ in range(8)))
    assert len(threads) == 1
