"""A program of its own, since a hostile document may take all time and memory: a PDF or DOCX in,
its text out.

It runs isolated and by its path, so it imports nothing of ours, and a parser only under its limits.
A crash, and any exit code that is not named here, means a damaged document.
"""

import contextlib
import io
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

PDF, DOCX = "pdf", "docx"

MAX_PAGES = 50  # of a PDF; a DOCX has none before it is laid out
MAX_CHARS = 200_000
MAX_MEMBERS = 1_000  # of a DOCX, which is a ZIP archive
MAX_INFLATED = 24_000_000  # bytes, all members together
MAX_CPU_SECONDS = 15
MAX_MEMORY = 768_000_000  # bytes of address space; a bare parser takes a tenth

TEXT, PROTECTED, TOO_BIG, NOT_A_DOCUMENT = 0, 11, 12, 13

_CHUNK = 65_536  # bytes
_ENCRYPTED = 0x1  # of a ZIP member's flags
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_BLANKS = {
    f"{_WORD}tab": "\t",
    f"{_WORD}br": "\n",
    f"{_WORD}cr": "\n",
    f"{_WORD}noBreakHyphen": "-",
}
_PASSED_OVER = (
    f"{_COMPATIBILITY}Fallback",  # the same again for older editors
    f"{_WORD}moveFrom",  # the same again where it stood before
    f"{_WORD}tabs",  # where tabs stop, and not tabs themselves
)


class _UnreadableError(Exception):
    """There is no text, and the exit code says why."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def main(kind: str) -> int:
    """Standard input, a document of `kind`, to standard output, as UTF-8; returns the exit code."""
    _limit()
    try:
        text = _extract(kind, sys.stdin.buffer.read())
    except _UnreadableError as error:
        return error.code
    except MemoryError:
        return TOO_BIG
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    return TEXT


def _limit() -> None:
    if sys.platform == "win32":
        return  # it has the caller's time limit alone
    import resource  # noqa: PLC0415 - not on Windows

    for limit, most in (
        (resource.RLIMIT_CPU, MAX_CPU_SECONDS),
        (resource.RLIMIT_AS, MAX_MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        # Refused where the system does not know it, or where it is lower already.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, most))


def _extract(kind: str, data: bytes) -> str:
    chars = 0
    parts: list[str] = []
    for part in _docx_parts(data) if kind == DOCX else _pdf_pages(data):
        chars += len(part) + 1
        if chars > MAX_CHARS:
            raise _UnreadableError(TOO_BIG)
        parts.append(part)
    return "\n".join(parts)


def _pdf_pages(data: bytes) -> Iterator[str]:
    import pypdf  # noqa: PLC0415 - under the limits
    from pypdf.errors import DependencyError, LimitReachedError  # noqa: PLC0415 - the same

    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        # Many are encrypted against changes only, and open with an empty password.
        if reader.is_encrypted and not reader.decrypt(""):
            raise _UnreadableError(PROTECTED)
        if len(reader.pages) > MAX_PAGES:
            raise _UnreadableError(TOO_BIG)
        for page in reader.pages:
            yield page.extract_text()
    except DependencyError as error:  # a cipher that is not installed
        raise _UnreadableError(PROTECTED) from error
    except LimitReachedError as error:
        raise _UnreadableError(TOO_BIG) from error


def _docx_parts(data: bytes) -> Iterator[str]:
    """The text of each header, then of the body."""
    _check_archive(data)
    from docx.opc.constants import CONTENT_TYPE  # noqa: PLC0415 - under the limits
    from docx.package import Package  # noqa: PLC0415 - the same

    part = Package.open(io.BytesIO(data)).main_document_part
    if part.content_type != CONTENT_TYPE.WML_DOCUMENT_MAIN:  # with macros, a template, disguised
        raise _UnreadableError(NOT_A_DOCUMENT)
    headers: dict[str, None] = {}
    for section in part.document.sections:
        for header in (section.first_page_header, section.header, section.even_page_header):
            if not header.is_linked_to_previous:
                headers[_text_of(header.part.element).strip()] = None
    yield from headers
    yield _text_of(part.element)


def _check_archive(data: bytes) -> None:
    """Refuse what is no DOCX, and what inflates to too much; sizes are counted, not believed."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        raise _UnreadableError(NOT_A_DOCUMENT) from error
    members = archive.infolist()
    names = {member.filename for member in members}
    # The main part has another name in files of some editors.
    if "[Content_Types].xml" not in names or not any(n.startswith("word/") for n in names):
        raise _UnreadableError(NOT_A_DOCUMENT)
    if len(members) > MAX_MEMBERS:
        raise _UnreadableError(TOO_BIG)
    inflated = 0
    for member in members:
        if member.flag_bits & _ENCRYPTED:
            raise _UnreadableError(PROTECTED)
        with archive.open(member) as stream:
            while chunk := stream.read(_CHUNK):
                inflated += len(chunk)
                if inflated > MAX_INFLATED:
                    raise _UnreadableError(TOO_BIG)


def _text_of(element: Any) -> str:
    """In reading order, a paragraph or a row of a table on each line.

    Text boxes stand where they are anchored. What was deleted, and the codes of fields, are not
    read; nor are entities, which the parser leaves unresolved.
    """
    tag = element.tag
    if tag == f"{_WORD}t":
        return element.text or ""
    if tag in _BLANKS:
        return _BLANKS[tag]
    if tag in _PASSED_OVER:
        return ""
    inner = "".join(_text_of(child) for child in element)
    if tag == f"{_WORD}p":
        return f"{inner}\n"
    if tag == f"{_WORD}txbxContent":  # within a paragraph
        return f"\n{inner}"
    if tag == f"{_WORD}tc":
        return f"{inner.strip()}\f"
    if tag == f"{_WORD}tr":
        cells = [cell for cell in inner.split("\f") if cell]
        # Tables that lay out a page have whole sections in a cell.
        return ("\n" if "\n" in inner else " | ").join(cells) + "\n"
    return inner


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
