"""What the Bot API says in prose alone: lengths, markup, buttons, commands."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from . import telegram_html
from .server import MEGABYTE
from .telegram_html import BadMarkup, units

_CHAT_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
_LONGEST = {
    ("setMyName", "name"): 64,
    ("setMyDescription", "description"): 512,
    ("setMyShortDescription", "short_description"): 120,
    ("answerCallbackQuery", "text"): 200,
}
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LABEL_ONLY = {"text", "icon_custom_emoji_id", "style"}
_BUTTON_URL = re.compile(r"(?:https?|tg)://\S+")
_VOICE_MAGIC = re.compile(rb"OggS|ID3|\xff[\xe0-\xff]|.{4}ftyp", re.DOTALL)
_PHOTO_MAGIC = re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF.{4}WEBP", re.DOTALL)


def check(method: str, body: Mapping[str, Any]) -> Iterator[str]:
    for (of, field), longest in _LONGEST.items():
        if of == method and units(body.get(field, "")) > longest:
            yield f"{field} is longer than {longest}"
    if method in {"sendMessage", "editMessageText"} and "text" in body:
        yield from _formatted(body, "text", 4096, "message is too long")
    if "caption" in body:
        yield from _formatted(body, "caption", 1024, "message caption is too long")
    if "inline_keyboard" in body.get("reply_markup", {}):
        yield from _keyboard(body["reply_markup"]["inline_keyboard"])
    match method:
        case "setMyCommands":
            yield from _commands(body["commands"])
        case "sendChatAction" if body["action"] not in _CHAT_ACTIONS:
            yield "wrong parameter action in request"
        case "setMessageReaction" if len(body.get("reaction", [])) > 1:
            yield "REACTIONS_TOO_MANY"
        case "getUpdates" if not 1 <= body.get("limit", 100) <= 100:
            yield "limit is not within 1-100"
        case "sendVoice":
            yield from _file(body["voice"], _VOICE_MAGIC, "voice is not OGG, MP3 or M4A")
        case "sendPhoto":
            yield from _file(body["photo"], _PHOTO_MAGIC, "IMAGE_PROCESS_FAILED")
            yield from _photo(body["photo"])
        case "sendDocument":
            yield from _document(body["document"])
        case _:
            pass


def pixels(image: bytes) -> tuple[int, int]:
    """Width and height of a PNG; of other pictures, those of a small one."""
    if image.startswith(b"\x89PNG"):
        return int.from_bytes(image[16:20]), int.from_bytes(image[20:24])
    return 640, 480


def shown(body: Mapping[str, Any], field: str) -> tuple[str, list[dict[str, Any]]]:
    """The text as the person reads it, and its entities."""
    if body.get("parse_mode") == "HTML":
        return telegram_html.parse(body[field])
    prefix = "caption_" if field == "caption" else ""
    return body[field], body.get(f"{prefix}entities", [])


def _formatted(body: Mapping[str, Any], field: str, longest: int, too_long: str) -> Iterator[str]:
    if body.get("parse_mode") not in {None, "HTML"}:
        yield "only the parse mode HTML is emulated"
        return
    try:
        text, _ = shown(body, field)
    except BadMarkup as bad:
        yield f"can't parse entities: {bad}"
        return
    if units(text) > longest:
        yield too_long
    if field == "text" and not text.strip():
        yield "message text is empty"


def _keyboard(rows: list[list[dict[str, Any]]]) -> Iterator[str]:
    buttons = [button for row in rows for button in row]
    if len(buttons) > 100:
        yield "more than 100 buttons"
    for button in buttons:
        if not button["text"].strip():
            yield "a button has no text"
        kinds = button.keys() - _LABEL_ONLY
        if len(kinds) != 1:
            yield f"button {button['text']!r} does {sorted(kinds) or 'nothing'}, not one thing"
        if "callback_data" in kinds and not 1 <= len(button["callback_data"].encode()) <= 64:
            yield f"BUTTON_DATA_INVALID: callback_data of {button['text']!r} is not 1-64 bytes"
        if "url" in kinds and not _BUTTON_URL.fullmatch(button["url"]):
            yield f"BUTTON_URL_INVALID: {button['url']!r}"


def _commands(commands: list[dict[str, str]]) -> Iterator[str]:
    if len(commands) > 100:
        yield "BOT_COMMANDS_TOO_MUCH"
    for command in commands:
        if not _COMMAND.fullmatch(command["command"]):
            yield f"BOT_COMMAND_INVALID: {command['command']!r}"
        if not 1 <= units(command["description"]) <= 256:
            yield f"BOT_COMMAND_DESCRIPTION_INVALID: {command['command']!r}"


def _file(given: Any, magic: re.Pattern[bytes], problem: str) -> Iterator[str]:
    if not isinstance(given, str) and not magic.match(given.data):
        yield problem


def _photo(given: Any) -> Iterator[str]:
    """https://core.telegram.org/bots/api#sendphoto"""
    if isinstance(given, str):
        return
    if len(given.data) > 10 * MEGABYTE:
        yield "file is too big for a photo"
    width, height = pixels(given.data)
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        yield "PHOTO_INVALID_DIMENSIONS"


def _document(given: Any) -> Iterator[str]:
    """https://core.telegram.org/bots/api#sending-files"""
    if isinstance(given, str):
        return
    if not given.data:
        yield "file must be non-empty"
    if len(given.data) > 50 * MEGABYTE:
        yield "file is too big"
    if not given.name:
        yield "a document without a name"
