"""Telegram's HTML, read strictly: whatever the published rules do not allow is refused."""

import html
import re
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(
    r"<(?P<slash>/?)(?P<tag>[a-zA-Z-]+)(?P<attributes>(?:\s[^<>]*)?)>"
    r"|(?P<entity>&(?:lt|gt|amp|quot|#[0-9]+|#x[0-9a-fA-F]+);)"
    r"|(?P<bare>[<>&])"
    r"|(?P<text>[^<>&]+)"
)
# https://core.telegram.org/bots/api#date-time-entity-formatting
_DATE_TIME = re.compile(r"r|w?[dD]?[tT]?")
_ATTRIBUTE = re.compile(r'\s+([a-z-]+)(?:="([^"]*)")?')
_PLAIN = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}


class BadMarkup(ValueError):  # noqa: N818 - named by what it is
    """Worded as Telegram words it."""


@dataclass
class _Open:
    tag: str
    kind: str
    start: int
    more: dict[str, Any]


def units(text: str) -> int:
    """Telegram counts UTF-16 units: an emoji is two."""
    return len(text.encode("utf-16-le")) // 2


def parse(source: str) -> tuple[str, list[dict[str, Any]]]:
    """The text that is shown, and its entities."""
    text = ""
    length = 0
    opened: list[_Open] = []
    entities: list[dict[str, Any]] = []
    for token in _TOKEN.finditer(source):
        at = len(source[: token.start()].encode())
        if token["bare"]:
            raise BadMarkup(f"Unescaped character {token['bare']!r} at byte offset {at}")
        if token["tag"] is None:
            shown = html.unescape(token[0])
            text += shown
            length += units(shown)
            continue
        tag = token["tag"].lower()
        if not token["slash"]:
            opened.append(_open(tag, token["attributes"], length, opened, at))
            continue
        if not opened:
            raise BadMarkup(f"Unexpected end tag at byte offset {at}")
        closed = opened.pop()
        if closed.tag != tag or token["attributes"]:
            raise BadMarkup(
                f'Unmatched end tag at byte offset {at}, expected "</{closed.tag}>", '
                f'found "{token[0]}"'
            )
        if length > closed.start and closed.kind:
            span = {"offset": closed.start, "length": length - closed.start}
            entities.append({"type": closed.kind, **span, **closed.more})
    if opened:
        raise BadMarkup(f'Can\'t find end tag corresponding to start tag "{opened[-1].tag}"')
    return text, sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def _open(tag: str, attributes: str, start: int, opened: list[_Open], at: int) -> _Open:
    given = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}
    if _ATTRIBUTE.sub("", attributes).strip():
        raise BadMarkup(f'Malformed attributes of the tag "{tag}" at byte offset {at}')
    outer = opened[-1] if opened else None
    if outer and outer.tag == "pre" and tag == "code":
        if language := given.pop("class", "").removeprefix("language-"):
            outer.more["language"] = language
        new = _Open(tag, "", start, {})
    else:
        kind, more = _meaning(tag, given, at)
        new = _Open(tag, kind, start, more)
    if given:
        raise BadMarkup(f'Unexpected attribute "{min(given)}" of "{tag}" at byte offset {at}')
    if any(one.kind in {"pre", "code"} for one in opened) and new.kind:
        raise BadMarkup(f'Tag "{tag}" inside code at byte offset {at}')
    if "blockquote" in new.kind and any("blockquote" in one.kind for one in opened):
        raise BadMarkup(f"Nested blockquote at byte offset {at}")
    return new


def _meaning(tag: str, given: dict[str, str], at: int) -> tuple[str, dict[str, Any]]:
    """The entity's type and fields; attributes that are understood are taken out of `given`."""
    if tag == "blockquote" and given.pop("expandable", None) is not None:
        return "expandable_blockquote", {}
    if tag in _PLAIN:
        return _PLAIN[tag], {}
    if tag == "span" and given.pop("class", None) == "tg-spoiler":
        return "spoiler", {}
    if tag == "a" and (url := given.pop("href", "")):
        return "text_link", {"url": url}
    if tag == "tg-emoji" and (emoji := given.pop("emoji-id", "")):
        return "custom_emoji", {"custom_emoji_id": emoji}
    if tag == "tg-time" and (moment := given.pop("unix", "")):
        shape = given.pop("format", "")
        if not (moment.isascii() and moment.isdigit() and _DATE_TIME.fullmatch(shape)):
            raise BadMarkup(f'Invalid time in the tag "{tag}" at byte offset {at}')
        return "date_time", {"unix_time": int(moment), "date_time_format": shape}
    raise BadMarkup(f'Unsupported start tag "{tag}" at byte offset {at}')
