"""The ear on this machine: faster-whisper on weights that the operator has put into a folder."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.coaching import Transcript, Word
from bot.ports import Job
from bot.problems import Fault, Problem, ProblemError, ProblemKind, rejected

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydub import AudioSegment

# Checked by us: the package fetches what a folder lacks from the internet.
_FILES = ("model.bin", "config.json", "tokenizer.json")


class WhisperEar:
    """An Ear for English speech that hears at once, one recording at a time.

    `decode` makes 16 kHz mono 16-bit sound of a file's bytes and raises ProblemError (REJECTED)
    for what is not usable. Raises MISCONFIGURED when the package or the weights are missing.
    """

    def __init__(self, folder: Path, decode: "Callable[[bytes], AudioSegment]") -> None:
        for name in _FILES:
            if not (folder / name).is_file():
                raise _not_installed(f"no {name} in {folder}")
        try:
            self._package = import_module("faster_whisper")
        except ImportError:
            raise _not_installed("pip install .[local]") from None
        self._folder = folder
        self._decode = decode
        self._model: Any = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="whisper")

    async def start(self, data: bytes) -> Transcript:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._hear, data)

    async def finish(self, job: Job) -> Transcript:
        """There are no jobs here; one is left over from an ear elsewhere."""
        raise rejected(Fault.GONE, f"offline transcription: knows no job {job.id}")

    async def forget(self, job: Job) -> None:
        """There are no copies here."""

    async def check(self) -> str:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._load)
        return f"offline transcription; model: {self._folder.name}"

    def _hear(self, data: bytes) -> Transcript:
        samples = np.frombuffer(self._decode(data).raw_data, dtype="<i2")
        found, _ = self._load().transcribe(
            samples.astype(np.float32) / 32_768,
            language="en",
            word_timestamps=True,
            vad_filter=True,  # in silence it makes words up
            condition_on_previous_text=False,
        )
        segments = list(found)
        # The package's numbers are numpy's, which are not written to a file as ours are.
        words = tuple(
            Word(word.word.strip(), float(word.start), float(word.end), float(word.probability))
            for segment in segments
            for word in segment.words or ()
        )
        confidence = sum(word.confidence for word in words) / len(words) if words else None
        text = " ".join(segment.text.strip() for segment in segments)
        # Whisper mostly leaves fillers out, so that none can be counted.
        return Transcript(text, words, confidence, verbatim=False)

    def _load(self) -> Any:
        """The model, read from the folder by the first who needs it."""
        if self._model is None:
            try:
                self._model = self._package.WhisperModel(
                    str(self._folder), device="cpu", compute_type="int8", local_files_only=True
                )
            except Exception as error:  # its tokenizer raises nothing narrower
                raise _not_installed(f"unreadable weights, {type(error).__name__}") from error
        return self._model


def _not_installed(why: str) -> ProblemError:
    detail = f"offline transcription: not installed ({why})"
    return ProblemError(Problem(ProblemKind.MISCONFIGURED, detail=detail))
