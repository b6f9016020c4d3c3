"""Documents from strangers: their bytes say what they are, and parsers run in a process apart."""

import asyncio
import codecs
import contextlib
import os
import re
import sys
from pathlib import Path

from adapters import document_text
from bot.problems import Fault, Problem, ProblemError, ProblemKind, rejected

__all__ = ["LocalDocuments"]

MAX_BYTES = 5_000_000
MAX_CHARS = document_text.MAX_CHARS
MAX_SECONDS = 15.0
PARSED_AT_ONCE = 2

_PDF_WITHIN = 1024  # bytes; readers allow for rubbish before a PDF's start
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_BYTE_ORDER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"  # the container of old Office files, and of encrypted new ones
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_FAULTS = {
    document_text.PROTECTED: Fault.PROTECTED,
    document_text.TOO_BIG: Fault.TOO_BIG,
    document_text.NOT_A_DOCUMENT: Fault.NOT_A_DOCUMENT,
}
# What Python may need to start; a stranger's document gets no other part of the environment.
_ENVIRONMENT_NAMES = ("LD_LIBRARY_PATH", "SYSTEMROOT")


class LocalDocuments:
    """The port Documents, on this machine."""

    def __init__(self) -> None:
        self._parsers = asyncio.Semaphore(PARSED_AT_ONCE)

    async def read(self, data: bytes, name: str) -> str:
        """The text of a plain text file, a PDF or a DOCX, whatever `name` makes of it.

        Raises ProblemError: REJECTED as TOO_BIG (also for too many pages, too much text, or
        too much work), NO_TEXT, PROTECTED, DAMAGED or NOT_A_DOCUMENT; BUSY if no process for
        a parser can be had.
        """
        if len(data) > MAX_BYTES:
            raise rejected(Fault.TOO_BIG, f"{len(data)} bytes")
        kind = _kind_of(data)
        if kind is None:
            text = _read_text(data)
        else:
            async with self._parsers:
                text = _CONTROLS.sub("", await _parse(kind, data))
        text = "\n".join(line.rstrip() for line in text.splitlines()).strip()
        if len(text) > MAX_CHARS:
            raise rejected(Fault.TOO_BIG, f"{len(text)} characters")
        if not text:
            raise rejected(Fault.NO_TEXT)
        return text


def _kind_of(data: bytes) -> str | None:
    """Which parser reads it; None for what may be plain text."""
    if data.startswith(_ZIP):
        return document_text.DOCX
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return document_text.PDF
    return None


def _read_text(data: bytes) -> str:
    if data.startswith(_OLE):
        encrypted = _ENCRYPTED_PACKAGE in data
        raise rejected(Fault.PROTECTED if encrypted else Fault.NOT_A_DOCUMENT, "an OLE container")
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


async def _parse(kind: str, data: bytes) -> str:
    try:
        code, text = await _run_parser(kind, data)
    except TimeoutError as error:
        raise rejected(Fault.TOO_BIG, f"not read in {MAX_SECONDS:g} s") from error
    except OSError as error:
        raise ProblemError(Problem(ProblemKind.BUSY, detail=type(error).__name__)) from error
    if code == document_text.TEXT:
        return text.decode()
    # A signal is a limit's: the system ends what overspends its time or memory.
    fault = Fault.TOO_BIG if code < 0 else _FAULTS.get(code, Fault.DAMAGED)
    raise rejected(fault, f"{kind}: {code}")


async def _run_parser(kind: str, data: bytes) -> tuple[int, bytes]:
    """The program's exit code and output; it is ended with the caller, and after `MAX_SECONDS`."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-B", str(Path(document_text.__file__)), kind),
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
