"""The Bot API on loopback: it keeps the chats and refuses what Telegram refuses."""

import asyncio
import contextlib
import inspect
import itertools
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar

from aiohttp import web

from . import specs, telegram_rules
from .server import MEGABYTE, Emulator, Refused, Request, Upload
from .telegram_chat import Chat, Message, Press, User

__all__ = ["Chat", "Message", "Press", "TelegramEmulator", "User"]

T = TypeVar("T")
Body = dict[str, Any]
TOKEN = "123456:TEST-token"
_METHOD = re.compile(r"/bot([^/]+)/(\w+)")
_DOWNLOAD = re.compile(r"/file/bot([^/]+)/(.+)")
_LARGEST_DOWNLOAD = 20 * MEGABYTE
_NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
# A form carries everything as text: these stay text, the rest is JSON.
TEXT_FIELDS = frozenset(
    {
        "action",
        "audio",
        "business_connection_id",
        "callback_query_id",
        "caption",
        "description",
        "document",
        "file_id",
        "inline_message_id",
        "language_code",
        "message_effect_id",
        "name",
        "parse_mode",
        "performer",
        "photo",
        "short_description",
        "text",
        "thumbnail",
        "title",
        "url",
        "voice",
    }
)


@dataclass
class StoredFile:
    path: str
    data: bytes = field(repr=False)
    size: int


class TelegramEmulator(Emulator):
    """Add to `methods` what a test needs beyond them: name -> function of the request's body."""

    def __init__(self, token: str = TOKEN, username: str = "persona_bot") -> None:
        super().__init__()
        self.token = token
        self.bot = User(int(token.partition(":")[0]), "PersonaAI", username, is_bot=True)
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.updates: list[dict[str, Any]] = []
        self.profile: dict[tuple[str, ...], Any] = {}
        self.methods: dict[str, Callable[[Body], Any]] = {
            "getMe": self._get_me,
            "getUpdates": self._get_updates,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": lambda _: {
                "url": "",
                "has_custom_certificate": False,
                "pending_update_count": len(self.updates),
            },
            "setMyCommands": partial(self._set, "commands"),
            "deleteMyCommands": partial(self._set, "commands"),
            "getMyCommands": lambda body: self._profile("commands", body) or [],
            "sendMessage": self._send_message,
            "sendVoice": partial(self._send_media, "voice"),
            "sendAudio": partial(self._send_media, "audio"),
            "sendDocument": partial(self._send_media, "document"),
            "sendPhoto": partial(self._send_media, "photo"),
            "editMessageText": partial(self._edit_text, "text"),
            "editMessageCaption": partial(self._edit_text, "caption"),
            "editMessageReplyMarkup": self._edit_keyboard,
            "deleteMessage": self._delete_message,
            "answerCallbackQuery": self._answer_callback_query,
            "sendChatAction": self._send_chat_action,
            "setMessageReaction": self._set_reaction,
            "getFile": self._get_file,
        }
        for name, key in (
            ("Name", "name"),
            ("Description", "description"),
            ("ShortDescription", "short_description"),
        ):
            self.methods[f"setMy{name}"] = partial(self._set, key)
            self.methods[f"getMy{name}"] = partial(self._get, key)
        self._ids = itertools.count(1)
        self._user_ids = itertools.count(7001)
        self._allowed: list[str] = []
        self._poll = 0

    @property
    def base_url(self) -> str:
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.url}/file/bot"

    @property
    def commands(self) -> list[dict[str, str]]:
        return self._profile("commands", {}) or []

    @property
    def description(self) -> str:
        return self._profile("description", {}) or ""

    @property
    def short_description(self) -> str:
        return self._profile("short_description", {}) or ""

    def private_chat(
        self,
        user_id: int | None = None,
        first_name: str = "Ann",
        username: str = "",
        language_code: str = "en",
    ) -> Chat:
        user = User(user_id or next(self._user_ids), first_name, username, language_code)
        return self._add(Chat(self, user.id, "private", first_name, (user,), privacy=False))

    def group_chat(
        self,
        title: str = "Interview club",
        users: Iterable[str | User] = ("Ann", "Bob"),
        *,
        privacy: bool = True,
    ) -> Chat:
        """A supergroup; without privacy mode the bot sees every message in it."""
        members = tuple(u if isinstance(u, User) else User(next(self._user_ids), u) for u in users)
        chat_id = -1_000_000_000_000 - next(self._user_ids)
        return self._add(Chat(self, chat_id, "supergroup", title, members, privacy=privacy))

    def _add(self, chat: Chat) -> Chat:
        return self.chats.setdefault(chat.id, chat)

    def keep(self, data: bytes, folder: str, suffix: str, size: int | None = None) -> Body:
        """Store a file; the fields that every kind of file has."""
        number = self.next_id()
        file_id = f"AwACAgIAAxkB-file-{number}"
        stored = StoredFile(f"{folder}/file_{number}.{suffix}", data, size or len(data))
        self.files[file_id] = stored
        return self._file_fields(file_id)

    def _file_fields(self, file_id: str) -> Body:
        number = file_id.rpartition("-")[2]
        return {
            "file_id": file_id,
            "file_unique_id": f"AgAD{number}",
            "file_size": self.files[file_id].size,
        }

    def next_id(self) -> int:
        return next(self._ids)

    async def push(self, kind: str, content: Body) -> None:
        """Queue an update for the bot, if it asked for this kind."""
        if kind in self._allowed if self._allowed else kind not in _NOT_BY_DEFAULT:
            self.updates.append({"update_id": 900_000 + self.next_id(), kind: content})
        await self.notify()

    async def wait(self, predicate: Callable[[], T], limit: float, explain: Callable[[], str]) -> T:
        return await self._wait(
            predicate, limit, lambda: "\n".join([explain(), self._recent(), *self.violations])
        )

    # The transport

    async def _read(self, http: web.Request) -> tuple[str, Any]:
        if _DOWNLOAD.fullmatch(http.path):
            return "download", {}
        if not (match := _METHOD.fullmatch(http.path)):
            return http.path, {}
        names = {name.lower(): name for name in self.methods}
        if spec := specs.telegram():
            names = spec.method_names | names
        body = dict(http.query)
        uploads: dict[str, Upload] = {}
        if http.content_type == "application/json":
            body |= await http.json()
        else:
            for name, value in (await http.post()).items():
                if isinstance(value, web.FileField):
                    with value.file as file:
                        uploads[name] = Upload(value.filename, value.content_type, file.read())
                else:
                    body[name] = str(value)
        decoded = {name: _decode(name, value) for name, value in body.items()}
        for name, upload in uploads.items():
            holders = [key for key, value in decoded.items() if value == f"attach://{name}"]
            decoded |= dict.fromkeys(holders or [name], upload)
        return names.get(match[2].lower(), match[2]), decoded

    def _check(self, request: Request) -> Iterable[Refused]:
        if request.operation == "download":
            return
        if request.operation not in self.methods:
            yield Refused(404, f"no such method here: {request.operation}")
            return
        spec = specs.telegram()
        departures = spec.check(request.operation, request.body) if spec else []
        for problem in departures or telegram_rules.check(request.operation, request.body):
            yield Refused(400, problem)

    async def _carry_out(self, request: Request) -> web.Response:
        match = _METHOD.fullmatch(request.path) or _DOWNLOAD.fullmatch(request.path)
        if match is None or match[1] != self.token:
            raise Refused(401, "")
        if request.operation == "download":
            return self._download(match[2])
        result = self.methods[request.operation](request.body)
        if inspect.isawaitable(result):
            result = await result
        return web.json_response({"ok": True, "result": result})

    def _download(self, path: str) -> web.Response:
        for file in self.files.values():
            if file.path == path:
                return web.Response(body=file.data)
        raise Refused(404, "")

    def _refusal(
        self, code: int, message: str, *, retry_after: int | None = None, **more: Any
    ) -> web.Response:
        if retry_after is not None:
            message = f"retry after {retry_after}"
            more["parameters"] = {"retry_after": retry_after}
        description = HTTPStatus(code).phrase + (f": {message}" if message else "")
        answer = {"ok": False, "error_code": code, "description": description, **more}
        return web.json_response(answer, status=code)

    # Updates

    async def _get_updates(self, body: Body) -> list[dict[str, Any]]:
        self._poll += 1
        poll = self._poll
        if "allowed_updates" in body:
            self._allowed = body["allowed_updates"]
        offset = body.get("offset", 0)
        if offset < 0:
            self.updates = self.updates[offset:]
        self.updates = [update for update in self.updates if update["update_id"] >= offset]
        await self.notify()
        async with self._changed:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(body.get("timeout", 0)):
                    await self._changed.wait_for(lambda: self.updates or poll != self._poll)
        if poll != self._poll:
            raise Refused(
                409,
                "terminated by other getUpdates request; make sure that only one bot instance "
                "is running",
            )
        return self.updates[: body.get("limit", 100)]

    def _delete_webhook(self, body: Body) -> bool:
        if body.get("drop_pending_updates"):
            self.updates.clear()
        return True

    # The bot itself

    def _get_me(self, _: Body) -> Body:
        return self.bot.json() | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    def _set(self, key: str, body: Body) -> bool:
        self.profile[self._key(key, body)] = body.get(key)
        return True

    def _get(self, key: str, body: Body) -> Body:
        default = self.bot.first_name if key == "name" else ""
        return {key: self._profile(key, body) or default}

    def _profile(self, key: str, body: Body) -> Any:
        return self.profile.get(self._key(key, body))

    def _key(self, key: str, body: Body) -> tuple[str, ...]:
        scope = body.get("scope", {"type": "default"})
        return key, body.get("language_code", ""), json.dumps(scope, sort_keys=True)

    # Messages

    def _send_message(self, body: Body) -> Body:
        text, entities = telegram_rules.shown(body, "text")
        content = {"text": text} | ({"entities": entities} if entities else {})
        return self._post(body, content, body["text"])

    def _send_media(self, kind: str, body: Body) -> Body:
        if kind == "voice" and self._writable(body).refuses_voice:
            raise Refused(400, "VOICE_MESSAGES_FORBIDDEN")
        given = body[kind]
        if isinstance(given, Upload):
            file = self.keep(given.data, kind, given.name.rpartition(".")[2])
            about = {"file_name": given.name, "mime_type": given.mime}
        elif given in self.files:
            file, about = self._file_fields(given), {}
        else:
            raise Refused(400, "wrong remote file identifier specified: can't unserialize it")
        media: Any = file | {n: body[n] for n in ("title", "performer") if n in body}
        if kind in {"voice", "audio"}:
            media["duration"] = body.get("duration", 0)
        if kind == "photo":
            width, height = telegram_rules.pixels(self.files[file["file_id"]].data)
            media = [media | {"width": width, "height": height}]
        elif kind == "voice":
            media["mime_type"] = "audio/ogg"
        else:
            media |= about
        content = {kind: media}
        if "caption" in body:
            content["caption"], entities = telegram_rules.shown(body, "caption")
            content |= {"caption_entities": entities} if entities else {}
        return self._post(body, content, body.get("caption", ""))

    def _post(self, body: Body, content: Body, html: str) -> Body:
        chat = self._writable(body)
        message = Message(self.next_id(), chat, self.bot, content, html)
        message.reply_to = self._replied_to(chat, body.get("reply_parameters"))
        markup = body.get("reply_markup", {})
        message.keyboard = markup.get("inline_keyboard", [])
        if "keyboard" in markup:
            chat.keyboard = [[key["text"] for key in row] for row in markup["keyboard"]]
        if "remove_keyboard" in markup:
            chat.keyboard = []
        chat.everything.append(message)
        return message.json()

    def _edit_text(self, field: str, body: Body) -> Body:
        message = self._editable(body)
        if field == "text" and "text" not in message.content:
            raise Refused(400, "there is no text in the message to edit")
        text, entities = telegram_rules.shown({field: "", **body}, field)
        prefix = "caption_" if field == "caption" else ""
        content = {n: v for n, v in message.content.items() if not n.endswith("entities")}
        content[field] = text
        if entities:
            content[f"{prefix}entities"] = entities
        return self._change(message, content, body, body.get(field, ""))

    def _edit_keyboard(self, body: Body) -> Body:
        message = self._editable(body)
        return self._change(message, message.content, body, message.html)

    def _change(self, message: Message, content: Body, body: Body, html: str) -> Body:
        # An edit that names no keyboard takes the old one away.
        keyboard = body.get("reply_markup", {}).get("inline_keyboard", [])
        if (content, keyboard) == (message.content, message.keyboard):
            raise Refused(
                400,
                "message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message",
            )
        if html != message.html:
            message.history.append(message.html)
        message.content, message.keyboard, message.html = content, keyboard, html
        message.edits += 1
        return message.json()

    def _delete_message(self, body: Body) -> bool:
        self._message(body, "message to delete not found").deleted = True
        return True

    def _answer_callback_query(self, body: Body) -> bool:
        for press in (press for chat in self.chats.values() for press in chat.presses):
            if press.id == body["callback_query_id"] and not press.answered and not press.expired:
                press.answered = True
                press.text, press.alert = body.get("text", ""), body.get("show_alert", False)
                return True
        raise Refused(400, "query is too old and response timeout expired or query ID is invalid")

    def _send_chat_action(self, body: Body) -> bool:
        self._writable(body).actions.append(body["action"])
        return True

    def _set_reaction(self, body: Body) -> bool:
        message = self._message(body, "message to react not found")
        message.reactions = [reaction["emoji"] for reaction in body.get("reaction", [])]
        return True

    def _get_file(self, body: Body) -> Body:
        file = self.files.get(body["file_id"])
        if file is None:
            raise Refused(400, "wrong file_id or the file is temporarily unavailable")
        if file.size > _LARGEST_DOWNLOAD:
            raise Refused(400, "file is too big")
        return self._file_fields(body["file_id"]) | {"file_path": file.path}

    def _chat(self, body: Body) -> Chat:
        if chat := self.chats.get(body["chat_id"]):
            return chat
        members = (user.id for chat in self.chats.values() for user in chat.users)
        if body["chat_id"] in members:
            # Somebody whom the bot has met in a group alone has to open the private chat first.
            raise Refused(403, "bot can't initiate conversation with a user")
        raise Refused(400, "chat not found")

    def _writable(self, body: Body) -> Chat:
        chat = self._chat(body)
        if chat.blocked and chat.kind == "private":
            raise Refused(403, "bot was blocked by the user")
        if chat.blocked:
            raise Refused(403, "bot was kicked from the supergroup chat")
        return chat

    def _message(self, body: Body, missing: str) -> Message:
        for message in self._chat(body).messages:
            if message.id == body["message_id"]:
                return message
        raise Refused(400, missing)

    def _editable(self, body: Body) -> Message:
        message = self._message(body, "message to edit not found")
        if not message.from_bot:
            raise Refused(400, "message can't be edited")
        return message

    def _replied_to(self, chat: Chat, wanted: Body | None) -> Message | None:
        if wanted is None:
            return None
        for message in chat.messages:
            if message.id == wanted["message_id"]:
                return message
        if wanted.get("allow_sending_without_reply"):
            return None
        raise Refused(400, "message to be replied not found")


def _decode(name: str, value: Any) -> Any:
    if isinstance(value, str) and name not in TEXT_FIELDS:
        with contextlib.suppress(ValueError):
            return json.loads(value)
    return value
