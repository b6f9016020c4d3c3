"""A line that was typed becomes an event, a command of the terminal's own, or a complaint."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from bot.brief import Detail, read_brief
from bot.events import (
    Control,
    ControlPressed,
    Document,
    DocumentSent,
    Event,
    InterviewRequested,
    Move,
    StopRequested,
    TextSent,
    VoiceNote,
    VoiceSent,
)
from bot.interview import Panel
from bot.screens import (
    FeedbackScreen,
    ReadyScreen,
    Screen,
    SetupScreen,
    StoppedScreen,
    SummaryScreen,
)

PLATFORM = "console"
CONVERSATION = "console:me"
PERSON = "console:me"
PATH_LIMIT = 1_000
CODE_LIMIT = 100
AUDIO_NAMES = frozenset(
    {".ogg", ".oga", ".opus", ".mp3", ".wav", ".m4a", ".mp4", ".flac", ".webm", ".aac"}
)


_NUMBER = re.compile(r"[0-9]{1,4}")
_PANELS = {Panel.MODEL: "model", Panel.MEASURES: "delivery", Panel.SCORES: "scores"}


@dataclass(frozen=True, slots=True)
class Help:
    """`/help`"""


@dataclass(frozen=True, slots=True)
class History:
    """`/history` or `/history N`, N counted from the latest."""

    number: int | None


@dataclass(frozen=True, slots=True)
class Save:
    """`/save` or `/save N`: a past interview as files."""

    number: int


@dataclass(frozen=True, slots=True)
class Picture:
    """`/picture` or `/picture N`: its scores and measures at a glance."""

    number: int


@dataclass(frozen=True, slots=True)
class ShowProgress:
    """`/progress`"""


@dataclass(frozen=True, slots=True)
class Practise:
    """`/practice`"""


@dataclass(frozen=True, slots=True)
class Link:
    """`/link`, or `/link CODE` with the code as it was typed."""

    code: str


@dataclass(frozen=True, slots=True)
class Unlink:
    """`/unlink`"""


@dataclass(frozen=True, slots=True)
class Leave:
    """`/quit`, or Enter when the interview is over."""


@dataclass(frozen=True, slots=True)
class GoOn:
    """Enter, where an interview that was left is offered."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """Nothing came of the line; the sentence says why."""

    sentence: str


Request: TypeAlias = Help | History | Save | Picture | ShowProgress | Link | Unlink
Line: TypeAlias = Event | Request | Practise | Leave | Complaint


def read_line(text: str, screen: Screen, at: float, session: str) -> Line:
    """What `text` means in front of `screen`; `session` names the interview it might begin."""
    line = text.strip()
    if _looks_like_audio(line) and not _file(line):
        return Complaint(f"There is no file at {_unquoted(line)}.")
    if line.startswith("/") and not _file(line):
        return _command(line, at, session) or _slashed(line, screen, at)
    control = _control(line, screen)
    if control is not None:
        return ControlPressed(at=at, control=control)
    if not line:
        ended = isinstance(screen, (SummaryScreen, StoppedScreen))
        return Leave() if ended else Complaint("Type something, or /help.")
    path = _file(line)
    if path is not None:
        if isinstance(screen, SetupScreen):
            return DocumentSent(at=at, document=Document(str(path), path.name))
        return VoiceSent(at=at, note=VoiceNote(str(path)))
    return TextSent(at=at, text=text)


def read_offer(text: str, at: float, session: str) -> Line | GoOn:
    """What `text` means where an interview that was left is offered: a role begins another."""
    line = text.strip()
    if line.lower() in {"", "y", "yes"}:
        return GoOn()
    if line.startswith("/"):
        return _command(line, at, session) or _unknown(line)
    return InterviewRequested(at=at, session=session, person=PERSON, brief=read_brief(line))


def slug(control: Control, screen: Screen) -> str:
    """What is typed to press a control."""
    value = control.argument.partition("=")[2]
    match control.move:
        case Move.CHOOSE | Move.RATE:
            return value
        case Move.OPEN:
            return _PANELS[Panel(value)]
        case Move.PASS:
            return "skip"
        case Move.START if isinstance(screen, ReadyScreen):
            return "begin"
        case move:
            return move.value


def default_control(screen: Screen) -> Control | None:
    """What an empty line presses."""
    match screen:
        case FeedbackScreen():
            wanted = Move.NEXT
        case ReadyScreen():
            wanted = Move.START
        case _:
            wanted = Move.SKIP
    return next((control for control in controls_of(screen) if control.move is wanted), None)


def controls_of(screen: Screen) -> tuple[Control, ...]:
    return () if isinstance(screen, StoppedScreen) else screen.controls


def _command(line: str, at: float, session: str) -> Line | None:
    """What means the same in front of every screen; None where it is no such command."""
    word, _, rest = line[1:].partition(" ")
    rest = rest.strip()
    number = int(rest) if _NUMBER.fullmatch(rest) else None
    match word.lower():
        case "help":
            return Help()
        case "history":
            return History(number)
        case "save":
            return Save(number or 1)
        case "picture":
            return Picture(number or 1)
        case "progress":
            return ShowProgress()
        case "practice" | "practise":
            return Practise()
        case "link":
            return Link(rest[:CODE_LIMIT])
        case "unlink":
            return Unlink()
        case "quit" | "exit":
            return Leave()
        case "cancel" | "stop":
            return StopRequested(at=at)
        case "interview":
            brief = read_brief(rest)
            return InterviewRequested(at=at, session=session, person=PERSON, brief=brief)
        case _:
            return None


def _slashed(line: str, screen: Screen, at: float) -> Line:
    """A control of the screen by its word."""
    word = line[1:].partition(" ")[0].lower()
    for control in controls_of(screen):
        if control.move is not Move.CHOOSE and slug(control, screen) == word:
            return ControlPressed(at=at, control=control)
    return _unknown(line)


def _unknown(line: str) -> Complaint:
    word = line[1:].partition(" ")[0].lower()
    return Complaint(f"There is no /{word[:20]} here. /help says what there is.")


def _control(line: str, screen: Screen) -> Control | None:
    if not line:
        return default_control(screen)
    typed = line.lower()
    controls = controls_of(screen)
    if not isinstance(screen, SetupScreen):
        return next((control for control in controls if slug(control, screen) == typed), None)
    choices = [control for control in controls if control.move is Move.CHOOSE]
    for number, control in enumerate(choices, start=1):
        if slug(control, screen).lower() == typed:
            return control
        if typed == str(number) and screen.detail is not Detail.COUNT:
            return control
    return None


def _unquoted(line: str) -> str:
    return line.strip("\"'").replace("\\ ", " ")


def _file(line: str) -> Path | None:
    if "\n" in line or len(line) > PATH_LIMIT:
        return None
    try:
        path = Path(_unquoted(line)).expanduser()
        return path.resolve() if path.is_file() else None
    except (OSError, ValueError, RuntimeError):
        return None


def _looks_like_audio(line: str) -> bool:
    short = "\n" not in line and len(line) <= PATH_LIMIT
    return short and Path(_unquoted(line)).suffix.lower() in AUDIO_NAMES
