"""What a button carries: who it is for and what it does, in as little as every platform takes."""

from dataclasses import dataclass
from typing import TypeAlias

from bot.events import Control, Move

PLACE_DIGITS = 6
LIMIT = 64  # bytes; Telegram's, the least: https://core.telegram.org/bots/api#inlinekeyboardbutton


@dataclass(frozen=True, slots=True)
class Press:
    control: Control


@dataclass(frozen=True, slots=True)
class Begin:
    """Open the set-up."""


@dataclass(frozen=True, slots=True)
class ListSessions:
    offset: int


@dataclass(frozen=True, slots=True)
class OpenSession:
    """`answer` counts the answers of the session from 0."""

    session: str
    answer: int


@dataclass(frozen=True, slots=True)
class ReadAnswers:
    """The answers of a session, beside the card that offers them."""

    session: str


@dataclass(frozen=True, slots=True)
class HearAnswer:
    session: str
    answer: int


@dataclass(frozen=True, slots=True)
class ShowPicture:
    """The scores and measures of a session at a glance."""

    session: str


@dataclass(frozen=True, slots=True)
class SaveSession:
    """A whole session as files."""

    session: str


@dataclass(frozen=True, slots=True)
class ShowProgress:
    """How the person is getting better."""


@dataclass(frozen=True, slots=True)
class Practise:
    """One question on what needs it most."""


Button: TypeAlias = (
    Press
    | Begin
    | ListSessions
    | OpenSession
    | ReadAnswers
    | HearAnswer
    | ShowPicture
    | SaveSession
    | ShowProgress
    | Practise
)

_LETTERS = {
    Move.START: "S",
    Move.CHOOSE: "C",
    Move.SKIP: "K",
    Move.BACK: "B",
    Move.NEXT: "N",
    Move.AGAIN: "A",
    Move.RETRY: "R",
    Move.PASS: "P",
    Move.RATE: "T",
    Move.OPEN: "O",
    Move.MISHEARD: "M",
    Move.STOP: "X",
}
_MOVES = {letter: move for move, letter in _LETTERS.items()}


def write_button(owner: int, button: Button) -> str:
    match button:
        case Press(control=control):
            letter = _LETTERS[control.move]
            return f"{letter}:{owner}:{control.session}:{control.argument}"
        case Begin():
            return f"b:{owner}"
        case ListSessions(offset=offset):
            return f"l:{owner}:{offset}"
        case OpenSession(session=session, answer=answer):
            return f"o:{owner}:{session}:{answer}"
        case HearAnswer(session=session, answer=answer):
            return f"h:{owner}:{session}:{answer}"
        case ReadAnswers(session=session):
            return f"r:{owner}:{session}"
        case ShowPicture(session=session):
            return f"v:{owner}:{session}"
        case SaveSession(session=session):
            return f"s:{owner}:{session}"
        case ShowProgress():
            return f"p:{owner}"
        case Practise():
            return f"e:{owner}"


def read_button(data: str) -> tuple[int, Button] | None:
    """The owner and what the button does; None for data that is not of this bot's making."""
    if not data.isascii() or len(data) > LIMIT:
        return None
    letter, _, rest = data.partition(":")
    owner, _, facts = rest.partition(":")
    button = _read(letter, facts)
    if button is None or not owner.isdecimal() or write_button(int(owner), button) != data:
        return None
    return int(owner), button


def _read(letter: str, facts: str) -> Button | None:
    first, _, second = facts.partition(":")
    if letter in _MOVES:
        return Press(Control(first, _MOVES[letter], second))
    match letter:
        case "b":
            return Begin()
        case "l" if _is_place(first):
            return ListSessions(int(first))
        case "o" if _is_place(second):
            return OpenSession(first, int(second))
        case "h" if _is_place(second):
            return HearAnswer(first, int(second))
        case "r":
            return ReadAnswers(first)
        case "v":
            return ShowPicture(first)
        case "s":
            return SaveSession(first)
        case "p":
            return ShowProgress()
        case "e":
            return Practise()
        case _:
            return None


def _is_place(text: str) -> bool:
    return text.isdecimal() and len(text) <= PLACE_DIGITS
