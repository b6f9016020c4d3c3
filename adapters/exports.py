"""A whole interview as files: HTML that reads and prints well, and Markdown; nothing is markup
that somebody said.
"""

import asyncio
import re
import unicodedata
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot import export_words, wording
from bot.coaching import LEVELS
from bot.delivery import Mark
from bot.history import SessionRecord
from bot.ports import File
from bot.report import Passage, Report, report_of

__all__ = ["FileExports"]

ANSWER_LIMIT = 80_000  # characters
ANSWERS_LIMIT = 640_000  # characters, all answers together
LEAST_ANSWER = 500  # characters that are kept of each, however many there are
MAX_BYTES = 8_000_000  # what every platform takes
SLUG_LIMIT = 60

_TEMPLATES = Path(__file__).parent / "templates"


class FileExports:
    """The port Exports, from the templates beside this module."""

    def __init__(self) -> None:
        style = (_TEMPLATES / "interview.css").read_text(encoding="utf-8")
        pages = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        pages.globals |= {
            "words": wording,
            "export_words": export_words,
            "Mark": Mark,
            "most": LEVELS[-1],
            "style": Markup(style),  # noqa: S704 - our own file
            "style_hash": b64encode(sha256(style.encode()).digest()).decode(),
        }
        pages.filters |= {"quoted": _quoted, "marked": _marked}
        # In Markdown, `finalize` does what autoescape does in HTML: nothing is put in unescaped.
        texts = pages.overlay(autoescape=False, finalize=_escaped)
        self._html = pages.get_template("interview.html")
        self._markdown = texts.get_template("interview.md")

    async def export(self, record: SessionRecord) -> tuple[File, ...]:
        return await asyncio.to_thread(self._export, record)

    def _export(self, record: SessionRecord) -> tuple[File, ...]:
        name = _file_name(record)
        return (
            File(f"{name}.html", "text/html", _bounded(self._to_html, record)),
            File(f"{name}.md", "text/markdown", _bounded(self._to_markdown, record)),
        )

    def _to_html(self, report: Report) -> str:
        return self._html.render(report=report)

    def _to_markdown(self, report: Report) -> str:
        return re.sub(r"\n{3,}", "\n\n", self._markdown.render(report=report)).strip() + "\n"


def _bounded(render: Callable[[Report], str], record: SessionRecord) -> bytes:
    """Rendered with as much of each answer as `MAX_BYTES` allow."""
    limit = min(ANSWER_LIMIT, ANSWERS_LIMIT // max(len(record.answers), 1))
    data = render(report_of(record, limit)).encode()
    while len(data) > MAX_BYTES and limit > LEAST_ANSWER:
        limit //= 2
        data = render(report_of(record, limit)).encode()
    return data


def _file_name(record: SessionRecord) -> str:
    """Of ASCII letters, digits and hyphens."""
    spelt = unicodedata.normalize("NFKD", record.brief.role)
    plain = "".join(letter for letter in spelt if not unicodedata.combining(letter))
    role = re.sub(r"[^a-z0-9]+", "-", plain.lower())[:SLUG_LIMIT].strip("-")
    day = datetime.fromtimestamp(record.started_at, UTC).strftime("%Y-%m-%d")
    return "-".join(part for part in ("interview", role, day) if part)


# Markdown


class _Markdown(str):
    """What is escaped already."""

    __slots__ = ()


_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "@\u2060"})
_SPECIAL = re.compile(r"[\\`*_{}\[\]#|~$]|:(?=/)|(?<=\w)\.(?=[^\W\d_])")
_AT_THE_START = re.compile(r"^(?=[-+=:])|^(\d+)(?=[.)](?:\s|$))")


def _escaped(value: object) -> _Markdown:
    """One line that is nothing but text, wherever it stands."""
    if isinstance(value, _Markdown):
        return value
    return _Markdown(_started(_inert(" ".join(str(value).split()))))


def _quoted(text: str) -> _Markdown:
    """A block quote with a paragraph for each line."""
    return _in_quotes(_inert(text))


def _marked(passage: Passage) -> _Markdown:
    """The same of a passage, with its fillers in italics and its pauses in brackets."""
    forms = {Mark.PLAIN: "{}", Mark.FILLER: "*{}*", Mark.PAUSE: r"\[{}\]"}
    return _in_quotes("".join(forms[p.mark].format(_inert(p.text)) for p in passage.pieces))


def _in_quotes(text: str) -> _Markdown:
    lines = (line.strip() for line in text.splitlines())
    return _Markdown("\n>\n".join(f"> {_started(line)}" for line in lines if line))


def _inert(text: str) -> str:
    """Escaped within a line.

    The word joiner and the escapes within addresses keep renderers from making links of them.
    """
    return _SPECIAL.sub(r"\\\g<0>", text).translate(_ENTITIES)


def _started(line: str) -> str:
    """Escaped where a list, a rule or a heading would begin."""
    return _AT_THE_START.sub(r"\g<0>\\", line)
