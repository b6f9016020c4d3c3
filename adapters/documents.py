"""Documents from strangers: their bytes say what they are, and a PDF is read in a process apart."""

import asyncio
import codecs
import contextlib
import os
import re
import sys
from pathlib import Path

from adapters import pdf_text
from bot.problems import Fault, Problem, ProblemError, ProblemKind, rejected

__all__ = ["LocalDocuments"]

MAX_BYTES = 5_000_000
MAX_CHARS = pdf_text.MAX_CHARS
MAX_SECONDS = 15.0
PDFS_AT_ONCE = 2

_PDF_WITHIN = 1024  # bytes; readers allow for rubbish before a PDF's start
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_BYTE_ORDER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PDF_FAULTS = {pdf_text.PROTECTED: Fault.PROTECTED, pdf_text.TOO_BIG: Fault.TOO_BIG}
# What Python may need to start; a stranger's PDF gets no other part of the environment.
_ENVIRONMENT_NAMES = ("LD_LIBRARY_PATH", "SYSTEMROOT")


class LocalDocuments:
    """The port Documents, on this machine."""

    def __init__(self) -> None:
        self._pdfs = asyncio.Semaphore(PDFS_AT_ONCE)

    async def read(self, data: bytes, name: str) -> str:
        """The text of a plain text file or a PDF, whatever `name` makes of it.

        Raises ProblemError: REJECTED as TOO_BIG (also for too many pages, too much text, or
        too much work), NO_TEXT, PROTECTED, DAMAGED or NOT_A_DOCUMENT; BUSY if no process for
        a PDF can be had.
        """
        if len(data) > MAX_BYTES:
            raise rejected(Fault.TOO_BIG, f"{len(data)} bytes")
        if b"%PDF-" in data[:_PDF_WITHIN]:
            async with self._pdfs:
                text = _CONTROLS.sub("", await _read_pdf(data))
        else:
            text = _read_text(data)
        text = "\n".join(line.rstrip() for line in text.splitlines()).strip()
        if len(text) > MAX_CHARS:
            raise rejected(Fault.TOO_BIG, f"{len(text)} characters")
        if not text:
            raise rejected(Fault.NO_TEXT)
        return text


def _read_text(data: bytes) -> str:
    try:
        text = _decode_text(data)
    except UnicodeDecodeError as error:
        raise rejected(Fault.NOT_A_DOCUMENT, "no text encoding fits") from error
    if _CONTROLS.search(text) or text.startswith("{\\rtf"):
        raise rejected(Fault.NOT_A_DOCUMENT, "not plain text")
    return text


def _decode_text(data: bytes) -> str:
    if data.startswith(_BYTE_ORDER_MARKS):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")  # what Latin-1 files are in fact


async def _read_pdf(data: bytes) -> str:
    try:
        code, text = await _run_pdf_text(data)
    except TimeoutError as error:
        raise rejected(Fault.TOO_BIG, f"not read in {MAX_SECONDS:g} s") from error
    except OSError as error:
        raise ProblemError(Problem(ProblemKind.BUSY, detail=type(error).__name__)) from error
    if code == pdf_text.TEXT:
        return text.decode()
    # A signal is a limit's: the system ends what overspends its time or memory.
    fault = Fault.TOO_BIG if code < 0 else _PDF_FAULTS.get(code, Fault.DAMAGED)
    raise rejected(fault, f"pdf: {code}")


async def _run_pdf_text(data: bytes) -> tuple[int, bytes]:
    """The program's exit code and output; it is ended with the caller, and after `MAX_SECONDS`."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-B", str(Path(pdf_text.__file__))),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={name: os.environ[name] for name in _ENVIRONMENT_NAMES if name in os.environ},
    )
    try:
        async with asyncio.timeout(MAX_SECONDS):
            output, _ = await child.communicate(data)
    finally:
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    return await child.wait(), output
