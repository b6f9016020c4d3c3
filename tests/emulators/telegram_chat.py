"""A Telegram chat as the people in it see it: what they can do and what is on their screens."""

import html
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from .telegram_html import units

if TYPE_CHECKING:
    from .telegram import TelegramEmulator

T = TypeVar("T")
_COMMAND = re.compile(r"(?<!\S)/\w{1,64}(?:@(\w+))?")


@dataclass(frozen=True)
class User:
    id: int
    first_name: str
    username: str = ""
    language_code: str = ""
    is_bot: bool = False

    def json(self) -> dict[str, Any]:
        always = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        more = {"username": self.username, "language_code": self.language_code}
        return always | {name: value for name, value in more.items() if value}


@dataclass(eq=False)
class Message:
    """One message as it is displayed now: edits change it in place."""

    id: int
    chat: "Chat" = field(repr=False)
    sender: User = field(repr=False)
    content: dict[str, Any]
    html: str = ""
    keyboard: list[list[dict[str, Any]]] = field(default_factory=list, repr=False)
    reply_to: "Message | None" = None
    reactions: list[str] = field(default_factory=list)
    edits: int = 0
    history: list[str] = field(default_factory=list, repr=False)
    deleted: bool = False
    date: int = field(default_factory=lambda: int(time.time()), repr=False)

    @property
    def from_bot(self) -> bool:
        return self.sender.is_bot

    @property
    def text(self) -> str:
        """The plain text or caption."""
        return str(self.content.get("text") or self.content.get("caption", ""))

    @property
    def buttons(self) -> list[list[str]]:
        return [[button["text"] for button in row] for row in self.keyboard]

    def json(self) -> dict[str, Any]:
        shape = {
            "message_id": self.id,
            "date": self.date,
            "chat": self.chat.json(),
            "from": self.sender.json(),
            **self.content,
        }
        if self.edits:
            shape["edit_date"] = self.date
        if self.keyboard:
            shape["reply_markup"] = {"inline_keyboard": self.keyboard}
        if self.reply_to:
            shape["reply_to_message"] = {
                name: value
                for name, value in self.reply_to.json().items()
                if name != "reply_to_message"
            }
        return shape


@dataclass(eq=False)
class Press:
    """A button that was pressed: its progress bar turns until the bot answers the query."""

    id: str
    data: str
    answered: bool = False
    expired: bool = False
    text: str = ""
    alert: bool = False


class Chat:
    """`blocked` and `refuses_voice` may be set at any time."""

    def __init__(
        self,
        emulator: "TelegramEmulator",
        id: int,  # noqa: A002 - the Bot API's name
        kind: str,
        title: str,
        users: tuple[User, ...],
        *,
        privacy: bool,
    ) -> None:
        self.id, self.kind, self.title, self.users, self.privacy = id, kind, title, users, privacy
        self.everything: list[Message] = []
        self.actions: list[str] = []
        self.keyboard: list[list[str]] = []
        self.presses: list[Press] = []
        self.blocked = False
        self.refuses_voice = False
        self._emulator = emulator

    @property
    def user(self) -> User:
        return self.users[0]

    @property
    def messages(self) -> list[Message]:
        return [message for message in self.everything if not message.deleted]

    @property
    def cards(self) -> list[Message]:
        """The bot's messages."""
        return [message for message in self.messages if message.from_bot]

    @property
    def last_card(self) -> Message:
        if cards := self.cards:
            return cards[-1]
        raise LookupError("the bot has posted nothing")

    def find(self, text: str) -> Message:
        """The bot's last message that shows the text."""
        for message in reversed(self.cards):
            if text in message.text:
                return message
        raise LookupError(f"the bot shows no {text!r}\n{self.screen()}")

    def json(self) -> dict[str, Any]:
        if self.kind == "private":
            name = {"first_name": self.user.first_name}
            if self.user.username:
                name["username"] = self.user.username
            return {"id": self.id, "type": self.kind, **name}
        return {"id": self.id, "type": self.kind, "title": self.title}

    async def say(
        self, text: str, *, by: User | None = None, reply_to: Message | None = None
    ) -> Message:
        entities = [
            {
                "type": "bot_command",
                "offset": units(text[: command.start()]),
                "length": units(command[0]),
            }
            for command in _COMMAND.finditer(text)
        ]
        content = {"text": text} | ({"entities": entities} if entities else {})
        return await self.send(content, by=by, reply_to=reply_to)

    async def send_voice(
        self,
        data: bytes,
        *,
        duration: int = 5,
        mime: str = "audio/ogg",
        size: int | None = None,
        by: User | None = None,
        reply_to: Message | None = None,
    ) -> Message:
        """`size` claims another size than the data has, as for a file that is too big."""
        file = self._emulator.keep(data, "voice", "oga", size)
        voice = {"duration": duration, "mime_type": mime, **file}
        return await self.send({"voice": voice}, by=by, reply_to=reply_to)

    async def send_audio(
        self, data: bytes, *, duration: int = 5, name: str = "answer.mp3", by: User | None = None
    ) -> Message:
        file = self._emulator.keep(data, "music", name.rpartition(".")[2])
        audio = {"duration": duration, "mime_type": "audio/mpeg", "file_name": name, **file}
        return await self.send({"audio": audio}, by=by)

    async def send_video_note(
        self, data: bytes, *, duration: int = 5, by: User | None = None
    ) -> Message:
        file = self._emulator.keep(data, "video_notes", "mp4")
        return await self.send({"video_note": {"length": 240, "duration": duration, **file}}, by=by)

    async def send_document(
        self, name: str, mime: str, data: bytes, *, caption: str = "", by: User | None = None
    ) -> Message:
        file = self._emulator.keep(data, "documents", name.rpartition(".")[2])
        content: dict[str, Any] = {"document": {"file_name": name, "mime_type": mime, **file}}
        return await self.send(content | ({"caption": caption} if caption else {}), by=by)

    async def send(
        self, content: dict[str, Any], *, by: User | None = None, reply_to: Message | None = None
    ) -> Message:
        """Any content, by the Bot API's names of a Message's fields."""
        message = Message(
            self._emulator.next_id(), self, by or self.user, content, reply_to=reply_to
        )
        message.html = html.escape(message.text, quote=False)
        self.everything.append(message)
        if self._bot_sees(message):
            await self._emulator.push("message", message.json())
        return message

    async def edit(self, message: Message, text: str) -> None:
        message.history.append(message.html)
        message.content["text"], message.html = text, html.escape(text, quote=False)
        message.edits += 1
        if self._bot_sees(message):
            await self._emulator.push("edited_message", message.json())

    async def press(self, message: Message, label: str, *, by: User | None = None) -> Press:
        """Press a button by its label or the start of it; leading symbols may be left out."""
        button = self._button(message, label)
        press = Press(str(self._emulator.next_id()), button["callback_data"])
        self.presses.append(press)
        query = {
            "id": press.id,
            "from": (by or self.user).json(),
            "message": message.json(),
            "chat_instance": str(self.id),
            "data": press.data,
        }
        await self._emulator.push("callback_query", query)
        return press

    async def delete(self, message: Message) -> None:
        message.deleted = True
        await self._emulator.notify()

    async def block(self) -> None:
        await self._block(blocked=True)

    async def unblock(self) -> None:
        await self._block(blocked=False)

    async def wait_for(
        self,
        predicate: Callable[["Chat"], T],
        timeout: float = 10,  # noqa: ASYNC109 - reads best at the call
    ) -> T:
        """The predicate's value once it is true; a LookupError inside it means "not yet"."""
        return await self._emulator.wait(lambda: predicate(self), timeout, self.screen)

    def screen(self) -> str:
        """What the phone shows."""
        lines = [f"--- {self.title} ---"]
        for message in self.messages:
            body = [line for line in (_media(message.content), message.text) if line]
            first, *rest = "\n".join(body).split("\n")
            edited = " (edited)" if message.edits else ""
            lines.append(f"{message.sender.first_name}{edited}: {first}")
            lines += [f"  {line}".rstrip() for line in rest]
            lines += ["  " + " ".join(f"[{label}]" for label in row) for row in message.buttons]
            if message.reactions:
                lines.append("  " + " ".join(message.reactions))
        return "\n".join(lines)

    def _bot_sees(self, message: Message) -> bool:
        """In a group with privacy mode a bot gets commands, mentions and replies to itself only."""
        if not self.privacy:
            return True
        name = self._emulator.bot.username
        commands = [command[1] for command in _COMMAND.finditer(message.text)]
        return (
            any(whose in {None, name} for whose in commands)
            or f"@{name}" in message.text
            or (message.reply_to is not None and message.reply_to.from_bot)
        )

    def _button(self, message: Message, label: str) -> dict[str, Any]:
        buttons = [b for row in message.keyboard for b in row if "callback_data" in b]
        if message.deleted:
            raise AssertionError(f"the message is deleted\n{self.screen()}")
        exact = [button for button in buttons if button["text"] == label]
        starting = [
            button
            for button in buttons
            if button["text"].startswith(label)
            or re.sub(r"^\W+", "", button["text"]).startswith(label)
        ]
        matching = exact or starting
        if len(matching) != 1:
            raise AssertionError(f"{len(matching)} buttons are {label!r}: {message.buttons}")
        return matching[0]

    async def _block(self, *, blocked: bool) -> None:
        was, now = ("member", "kicked") if blocked else ("kicked", "member")
        self.blocked = blocked
        bot = self._emulator.bot.json()
        change = {
            "chat": self.json(),
            "from": self.user.json(),
            "date": int(time.time()),
            "old_chat_member": _member(bot, was),
            "new_chat_member": _member(bot, now),
        }
        await self._emulator.push("my_chat_member", change)


def _member(user: dict[str, Any], status: str) -> dict[str, Any]:
    return {"status": status, "user": user} | ({"until_date": 0} if status == "kicked" else {})


def _media(content: dict[str, Any]) -> str:
    for kind in ("voice", "audio", "video_note", "document", "photo"):
        if kind in content:
            of = content[kind]
            seconds = of.get("duration") if isinstance(of, dict) else None
            length = "" if seconds is None else f" {seconds // 60}:{seconds % 60:02}"
            name = of.get("title") or of.get("file_name", "") if isinstance(of, dict) else ""
            return f"<{' '.join(filter(None, (kind.replace('_', ' ') + length, name)))}>"
    return ""
