"""A program of its own, since a hostile PDF may take all time and memory: a PDF in, its text out.

It runs isolated and by its path, so it imports nothing of ours, and pypdf only under its limits.
A crash, and any exit code that is not named here, means a damaged PDF.
"""

import contextlib
import io
import sys

MAX_PAGES = 50
MAX_CHARS = 200_000
MAX_CPU_SECONDS = 15
MAX_MEMORY = 768_000_000  # bytes of address space; a bare pypdf takes a tenth

TEXT, PROTECTED, TOO_BIG = 0, 11, 12


def main() -> int:
    """Standard input to standard output, as UTF-8; returns the exit code."""
    _limit()
    try:
        text = _extract(sys.stdin.buffer.read())
    except MemoryError:
        return TOO_BIG
    if isinstance(text, int):
        return text
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


def _extract(data: bytes) -> str | int:
    """The text of a PDF, or the exit code that says why there is none."""
    import pypdf  # noqa: PLC0415 - under the limits
    from pypdf.errors import DependencyError, LimitReachedError  # noqa: PLC0415 - the same

    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        # Many are encrypted against changes only, and open with an empty password.
        if reader.is_encrypted and not reader.decrypt(""):
            return PROTECTED
        if len(reader.pages) > MAX_PAGES:
            return TOO_BIG
        pages: list[str] = []
        chars = 0
        for page in reader.pages:
            pages.append(page.extract_text())
            chars += len(pages[-1]) + 1
            if chars > MAX_CHARS:
                return TOO_BIG
    except DependencyError:
        return PROTECTED  # by a cipher that is not installed
    except LimitReachedError:
        return TOO_BIG
    return "\n".join(pages)


if __name__ == "__main__":
    sys.exit(main())
