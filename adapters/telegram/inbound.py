"""An update becomes what somebody meant by it; pure, and total over whatever Telegram delivers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from telegram import CallbackQuery, Message, MessageEntity, Update

from adapters.telegram.address import Address
from bot.brief import read_brief
from bot.buttons import (
    Begin,
    HearAnswer,
    ListSessions,
    OpenSession,
    Practise,
    Press,
    ReadAnswers,
    SaveSession,
    ShowPicture,
    ShowProgress,
    read_button,
)
from bot.events import (
    ControlPressed,
    Document,
    DocumentSent,
    Event,
    InterviewRequested,
    StopRequested,
    TextSent,
    VoiceNote,
    VoiceSent,
)

SOUND_TYPES = ("audio/", "video/", "application/ogg")


@dataclass(frozen=True, slots=True)
class Happening:
    """For the engine. `answers`: it may be an answer, so that it is worth a reaction."""

    event: Event
    answers: bool = False


@dataclass(frozen=True, slots=True)
class Welcome:
    """`/start`"""


@dataclass(frozen=True, slots=True)
class Help:
    """`/help`, or a command that there is not."""


@dataclass(frozen=True, slots=True)
class Link:
    """`/link`, with the code of another app or none."""

    code: str


@dataclass(frozen=True, slots=True)
class Unlink:
    """`/unlink`"""


@dataclass(frozen=True, slots=True)
class NotYours:
    """A tap or a note for somebody else's interview."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A tap on a button that is none of ours, or no longer."""


@dataclass(frozen=True, slots=True)
class Unusable:
    """A kind of message that says nothing here."""


Meaning: TypeAlias = (
    Happening
    | Welcome
    | Help
    | NotYours
    | Foreign
    | Unusable
    | ListSessions
    | OpenSession
    | ReadAnswers
    | HearAnswer
    | ShowPicture
    | SaveSession
    | ShowProgress
    | Practise
    | Link
    | Unlink
)
# What `https://t.me/BOT?start=...` may ask for beside a role.
DEEP_LINKS: Mapping[str, Meaning] = {
    "practice": Practise(),
    "progress": ShowProgress(),
    "history": ListSessions(0),
    "link": Link(""),
    "help": Help(),
}


@dataclass(frozen=True, slots=True)
class Received:
    """`message`: where it stands; `query`: the tap's id, which Telegram wants answered."""

    address: Address
    meaning: Meaning
    message: int
    query: str | None = None


def read_update(
    update: Update, *, bot_id: int, bot_name: str, at: float, session: str
) -> Received | None:
    """What an update means, or None where it is not for us; `session` names a new interview."""
    if update.callback_query is not None:
        return _read_tap(update.callback_query, at, session)
    message = update.message
    if message is None or message.from_user is None or message.from_user.is_bot:
        return None
    thread = message.message_thread_id if message.is_topic_message else None
    address = Address(message.chat.id, message.from_user.id, thread or 0)
    command = _command(message)
    if command is not None:
        name, addressee, rest = command
        if addressee.lower() not in ("", bot_name.lower()):
            return None
        meaning = _read_command(name, rest, address, at, session)
        return None if meaning is None else Received(address, meaning, message.message_id)
    if not address.is_private:
        replied = message.reply_to_message
        if replied is None or replied.from_user is None or replied.from_user.id != bot_id:
            return None
        owner = _owner(replied)
        if owner is not None and owner != address.user:
            return Received(address, NotYours(), message.message_id)
    return Received(address, _read_content(message, at), message.message_id)


def _read_tap(query: CallbackQuery, at: float, session: str) -> Received | None:
    message = query.message
    read = read_button(query.data or "")
    if message is None:
        return None
    thread = 0
    if isinstance(message, Message) and message.is_topic_message:
        thread = message.message_thread_id or 0
    address = Address(message.chat.id, query.from_user.id, thread)
    if read is None:
        return Received(address, Foreign(), message.message_id, query.id)
    owner, button = read
    meaning: Meaning
    if owner != query.from_user.id:
        meaning = NotYours()
    elif isinstance(button, Press):
        meaning = Happening(ControlPressed(at=at, control=button.control))
    elif isinstance(button, Begin):
        meaning = Happening(InterviewRequested(at=at, session=session, person=address.person))
    else:
        meaning = button
    return Received(address, meaning, message.message_id, query.id)


def _read_command(
    name: str, rest: str, address: Address, at: float, session: str
) -> Meaning | None:
    match name:
        case "start" if not rest:
            return Welcome()
        case "start" if rest in DEEP_LINKS:
            return DEEP_LINKS[rest]
        case "progress":
            return ShowProgress()
        case "practice" | "practise":
            return Practise()
        case "link":
            return Link(rest)
        case "unlink":
            return Unlink()
        case "start" | "interview":
            # A deep link's payload has no spaces: https://core.telegram.org/bots/features#deep-linking
            wish = rest.replace("_", " ") if name == "start" else rest
            brief = None if wish == "interview" else read_brief(wish)
            person = address.person
            return Happening(InterviewRequested(at=at, session=session, person=person, brief=brief))
        case "cancel" | "stop":
            return Happening(StopRequested(at=at))
        case "history":
            return ListSessions(0)
        case "help":
            return Help()
        case _:
            return Help() if address.is_private else None


def _read_content(message: Message, at: float) -> Meaning:
    sound = message.voice or message.audio or message.video_note or message.video
    if sound is not None:
        length = sound.duration
        seconds = float(length if isinstance(length, int) else length.total_seconds())
        return Happening(VoiceSent(at=at, note=VoiceNote(sound.file_id, seconds)), answers=True)
    if message.document is not None:
        file = message.document
        if (file.mime_type or "").startswith(SOUND_TYPES):
            return Happening(VoiceSent(at=at, note=VoiceNote(file.file_id)), answers=True)
        document = Document(file.file_id, file.file_name or "")
        return Happening(DocumentSent(at=at, document=document))
    if message.text:
        return Happening(TextSent(at=at, text=message.text), answers=True)
    return Unusable()


def _command(message: Message) -> tuple[str, str, str] | None:
    """The command that a message begins with, the bot that it is for, and the rest."""
    text = message.text or ""
    for entity in message.entities:
        if entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0:
            # A command is ASCII, so that its length counts characters.
            written, rest = text[: entity.length], text[entity.length :]
            name, _, addressee = written.removeprefix("/").partition("@")
            return name.lower(), addressee, rest.strip(" \t\n\u00a0.,:;!")
    return None


def _owner(card: Message) -> int | None:
    """Whose card a message of ours is, as its buttons say."""
    keyboard = card.reply_markup.inline_keyboard if card.reply_markup else ()
    for row in keyboard:
        for button in row:
            data = button.callback_data
            read = read_button(data) if isinstance(data, str) else None
            if read is not None:
                return read[0]
    return None
