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
from bot.screens import FeedbackScreen, Screen, SetupScreen, StoppedScreen

PLATFORM = "console"
CONVERSATION = "console:me"
PERSON = "console:me"
PATH_LIMIT = 1_000
AUDIO_NAMES = frozenset(
    {".ogg", ".oga", ".opus", ".mp3", ".wav", ".m4a", ".mp4", ".flac", ".webm", ".aac"}
)


_NUMBER = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class Help:
    """`/help`"""


@dataclass(frozen=True, slots=True)
class History:
    """`/history` or `/history N`, N counted from the latest."""

    number: int | None


@dataclass(frozen=True, slots=True)
class Leave:
    """`/quit`"""


@dataclass(frozen=True, slots=True)
class Complaint:
    """Nothing came of the line; the sentence says why."""

    sentence: str


Line: TypeAlias = Event | Help | History | Leave | Complaint


def read_line(text: str, screen: Screen, at: float, session: str) -> Line:
    """What `text` means in front of `screen`; `session` names the interview it might begin."""
    line = text.strip()
    if _looks_like_audio(line) and not _file(line):
        return Complaint(f"There is no file at {_unquoted(line)}.")
    if line.startswith("/") and not _file(line):
        command = _command(line, screen, at, session)
        if command is not None:
            return command
    control = _control(line, screen)
    if control is not None:
        return ControlPressed(at=at, control=control)
    if not line:
        return Complaint("Type something, or /help.")
    path = _file(line)
    if path is not None:
        if isinstance(screen, SetupScreen):
            return DocumentSent(at=at, document=Document(str(path), path.name))
        return VoiceSent(at=at, note=VoiceNote(str(path)))
    return TextSent(at=at, text=text)


def slug(control: Control) -> str:
    """What is typed to press a control."""
    match control.move:
        case Move.CHOOSE:
            return control.argument.partition("=")[2]
        case Move.PASS:
            return "skip"
        case move:
            return move.value


def default_control(screen: Screen) -> Control | None:
    """What an empty line presses."""
    wanted = (Move.NEXT,) if isinstance(screen, FeedbackScreen) else (Move.SKIP,)
    controls = () if isinstance(screen, StoppedScreen) else _controls(screen)
    return next((control for control in controls if control.move in wanted), None)


def _command(line: str, screen: Screen, at: float, session: str) -> Line | None:
    word, _, rest = line[1:].partition(" ")
    match word.lower():
        case "help":
            return Help()
        case "history":
            return History(int(rest) if _NUMBER.fullmatch(rest.strip()) else None)
        case "quit" | "exit":
            return Leave()
        case "cancel" | "stop":
            return StopRequested(at=at)
        case "interview":
            brief = read_brief(rest)
            return InterviewRequested(at=at, session=session, person=PERSON, brief=brief)
        case command:
            for control in _controls(screen):
                if control.move is not Move.CHOOSE and slug(control) == command:
                    return ControlPressed(at=at, control=control)
            return Complaint(f"There is no /{command[:20]} here. /help says what there is.")


def _control(line: str, screen: Screen) -> Control | None:
    if not line:
        return default_control(screen)
    typed = line.lower()
    controls = _controls(screen)
    if not isinstance(screen, SetupScreen):
        return next((control for control in controls if slug(control) == typed), None)
    choices = [control for control in controls if control.move is Move.CHOOSE]
    for number, control in enumerate(choices, start=1):
        if slug(control).lower() == typed:
            return control
        if typed == str(number) and screen.detail is not Detail.COUNT:
            return control
    return None


def _controls(screen: Screen) -> tuple[Control, ...]:
    return () if isinstance(screen, StoppedScreen) else screen.controls


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
