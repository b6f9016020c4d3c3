"""Telegram's HTML: any text becomes valid markup within Telegram's limit.

Lengths are UTF-16 units after the entities are parsed, as Telegram counts them
(https://core.telegram.org/bots/api#sendmessage).
"""

import html
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
BUTTON_LIMIT = 60
MARK = "…"


class Style(StrEnum):
    PLAIN = ""
    BOLD = "b"
    ITALIC = "i"
    QUOTE = "blockquote"
    FOLDED = "blockquote expandable"


@dataclass(frozen=True, slots=True)
class Span:
    """`elastic` text is shortened first when a message grows too long.

    With a `moment`, in seconds since 1970, the app shows how long it is until then instead of the
    text, which is for apps that cannot.
    """

    text: str
    style: Style = Style.PLAIN
    elastic: bool = False
    moment: int | None = None


def to_html(spans: Iterable[Span], limit: int = TEXT_LIMIT) -> str:
    """The spans one after the other, shortened to `limit` units."""
    cleaned = [replace(span, text=_encodable(span.text)) for span in spans]
    return "".join(_wrap(span) for span in _fit(cleaned, limit))


def units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def cut(text: str, limit: int) -> str:
    """At most `limit` units, marked where it was cut."""
    if units(text) <= limit:
        return text
    kept, used = [], units(MARK)
    for character in text:
        used += units(character)
        if used > limit:
            break
        kept.append(character)
    return "".join(kept).rstrip() + MARK if limit > 0 else ""


def button_text(text: str) -> str:
    return cut(" ".join(_encodable(text).split()), BUTTON_LIMIT) or MARK


def _fit(spans: list[Span], limit: int) -> list[Span]:
    """Shorten the longest elastic span first, then the longest of the others."""
    fitted = list(spans)
    order = sorted(
        range(len(spans)),
        key=lambda place: (not spans[place].elastic, -units(spans[place].text)),
    )
    excess = sum(units(span.text) for span in spans) - limit
    for place in order:
        if excess <= 0:
            break
        span = fitted[place]
        size = units(span.text)
        fitted[place] = replace(span, text=cut(span.text, max(size - excess, 1)))
        excess -= size - units(fitted[place].text)
    return fitted


def _wrap(span: Span) -> str:
    escaped = html.escape(span.text, quote=False)
    if span.moment is not None:
        # https://core.telegram.org/bots/api#date-time-entity-formatting
        return f'<tg-time unix="{span.moment}" format="r">{escaped}</tg-time>'
    if not span.style or not span.text.strip():
        return escaped
    return f"<{span.style}>{escaped}</{span.style.partition(' ')[0]}>"


def _encodable(text: str) -> str:
    """Without lone surrogates, which no encoding takes, and without NULs."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")
