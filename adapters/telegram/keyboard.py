"""Inline keyboards in rows that a phone shows whole; pure."""

from collections.abc import Sequence
from math import ceil

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from adapters.telegram.markup import button_text
from bot import wording
from bot.answering import RATINGS
from bot.brief import Detail
from bot.buttons import (
    Button,
    Practise,
    Press,
    ReadAnswers,
    SaveSession,
    ShowPicture,
    ShowProgress,
    write_button,
)
from bot.events import Move
from bot.screens import Screen, SetupScreen, StoppedScreen, SummaryScreen

ROW = 44  # characters that a phone shows in a row, over all of its buttons
WIDEST = 3  # buttons beside one another, at most
PAIR = 2

Labelled = tuple[str, Button]

# Choices and ratings, what goes on, what opens; whatever else there is comes last.
_GROUPS = ((Move.RATE,), (Move.CHOOSE,), (Move.NEXT, Move.AGAIN), (Move.OPEN,))
_LAST = tuple(move for move in Move if not any(move in group for group in _GROUPS))


def keyboard(screen: Screen, owner: int, bot_name: str | None) -> InlineKeyboardMarkup | None:
    """The buttons of `screen` for `owner`; `bot_name` where others see them too."""
    if isinstance(screen, StoppedScreen):
        return None
    rows: list[list[Labelled]] = []
    for group in (*_GROUPS, _LAST):
        pressed: list[Labelled] = [
            (wording.label(control, screen), Press(control))
            for control in screen.controls
            if control.move in group
        ]
        rows += _in_rows(pressed, _widest(screen, group))
    if isinstance(screen, SummaryScreen):
        rows += _in_rows(_afterwards(screen), PAIR)
    drawn = list(button_rows(owner, rows).inline_keyboard)
    if isinstance(screen, SetupScreen) and bot_name is not None:
        drawn += private_chat(bot_name, wording.PRIVATELY, "interview").inline_keyboard
    return InlineKeyboardMarkup(drawn) if drawn else None


def button_rows(owner: int, rows: Sequence[Sequence[Labelled]]) -> InlineKeyboardMarkup:
    """Buttons for `owner`; a row without any is none."""
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(button_text(text), callback_data=write_button(owner, button))
                for text, button in row
            ]
            for row in rows
            if row
        ]
    )


def private_chat(bot_name: str, label: str, payload: str) -> InlineKeyboardMarkup:
    """A way into the private chat, where Start sends `/start PAYLOAD` for the person."""
    link = f"https://t.me/{bot_name}?start={payload}"
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, url=link)]])


def _widest(screen: Screen, group: tuple[Move, ...]) -> int:
    if Move.RATE in group:
        return len(RATINGS)
    switches = isinstance(screen, SetupScreen) and screen.detail is Detail.EXTRAS
    return 1 if switches and Move.CHOOSE in group else WIDEST


def _in_rows(buttons: list[Labelled], widest: int) -> list[list[Labelled]]:
    """As few rows as the longest label allows, each about as full; what needs a row has one."""
    long = [button for button in buttons if 2 * len(button[0]) > ROW]
    short = [button for button in buttons if button not in long]
    rows = [[button] for button in long]
    if short:
        longest = max(1, *(len(text) for text, _ in short))
        fitting = min(widest, ROW // longest)
        width = ceil(len(short) / ceil(len(short) / fitting))
        rows[:0] = [short[start : start + width] for start in range(0, len(short), width)]
    return rows


def _afterwards(screen: SummaryScreen) -> list[Labelled]:
    """What can be done with an interview in which something was answered."""
    if screen.takes == 0:
        return []
    return [
        (wording.EACH_ANSWER, ReadAnswers(screen.session)),
        (wording.PICTURE, ShowPicture(screen.session)),
        (wording.SAVE, SaveSession(screen.session)),
        (wording.MY_PROGRESS, ShowProgress()),
        (wording.PRACTISE_NEXT, Practise()),
    ]
