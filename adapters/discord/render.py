"""A screen as a Discord message: one embed with fields, and buttons whose ids carry the facts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

import discord

from bot import wording
from bot.brief import Brief, Detail
from bot.buttons import Button, HearAnswer, ListSessions, OpenSession, Press, write_button
from bot.coaching import Delivery, Point, Review
from bot.events import Control, Move
from bot.history import AnswerRecord, SessionLine, SessionRecord
from bot.questions import anchor, dimension_title
from bot.screens import (
    FeedbackScreen,
    ListeningScreen,
    Place,
    PreparingScreen,
    QuestionScreen,
    Screen,
    SetupScreen,
    StoppedScreen,
    StuckScreen,
    SummaryScreen,
    SummingScreen,
    ThinkingScreen,
    UnscoredScreen,
)

# https://docs.discord.com/developers/resources/message#embed-object-embed-limits
TITLE_LIMIT = 256
DESCRIPTION_LIMIT = 4096
VALUE_LIMIT = 1024
TOTAL_LIMIT = 6000
LABEL_LIMIT = 80
ROW = 5
PAGE = 8
MARK = "…"
SHOWN_TEXT = 1_500  # characters of an answer; the whole of a longer one is a file beside it

CALM = discord.Colour.blurple()
GOOD = discord.Colour.green()
OPEN = discord.Colour.gold()
DONE = discord.Colour.dark_grey()

_WITH_TEXT = (ThinkingScreen, StuckScreen, UnscoredScreen, FeedbackScreen)
_Button: TypeAlias = tuple[str, Button, discord.ButtonStyle]


@dataclass(frozen=True, slots=True)
class Card:
    """`transcript`: the whole of an answer that is too long to be shown."""

    embed: discord.Embed
    view: discord.ui.View | None
    transcript: str | None = None


@dataclass(slots=True)
class _Sheet:
    """What becomes an embed; texts are plain and are escaped when they are put on it."""

    title: str
    colour: discord.Colour = CALM
    lines: list[str] = field(default_factory=list)
    fields: list[tuple[str, str]] = field(default_factory=list)
    footer: str = ""


def render(screen: Screen, owner: int, now: float) -> Card:
    sheet = _sheet(screen, now)
    controls = () if isinstance(screen, StoppedScreen) else screen.controls
    buttons: list[_Button] = [(wording.label(c, screen), Press(c), _style(c)) for c in controls]
    rows = [buttons[at : at + ROW] for at in range(0, len(buttons), ROW)]
    text = screen.text if isinstance(screen, _WITH_TEXT) else ""
    return Card(_embed(sheet), _view(owner, rows), _if_long(text))


def session_list(owner: int, lines: tuple[SessionLine, ...], offset: int) -> Card:
    """A page of `lines`, of which one more than a page tells that there is another."""
    if not lines:
        return Card(_embed(_Sheet(wording.HISTORY, lines=[wording.NO_HISTORY])), None)
    listed = lines[:PAGE]
    sheet = _Sheet(wording.HISTORY)
    numbered = enumerate(listed, start=offset + 1)
    sheet.lines += [f"**{n}.** {_plain(wording.session_line(line))}" for n, line in numbered]
    opening: list[_Button] = [
        (str(offset + place + 1), OpenSession(line.session, 0), discord.ButtonStyle.secondary)
        for place, line in enumerate(listed)
    ]
    turning: list[_Button] = []
    if offset > 0:
        newer = ListSessions(max(0, offset - PAGE))
        turning.append((f"‹ {wording.NEWER}", newer, discord.ButtonStyle.primary))
    if len(lines) > PAGE:
        older = ListSessions(offset + PAGE)
        turning.append((f"{wording.OLDER} ›", older, discord.ButtonStyle.primary))
    return Card(_embed(sheet), _view(owner, [opening[:ROW], opening[ROW:], turning]))


def session_page(owner: int, record: SessionRecord, place: int) -> Card:
    """One answer of a past interview, with buttons to the others and to its recordings."""
    place = min(place, len(record.answers) - 1)
    answer = record.answers[place]
    sheet = _past_answer(answer, record)
    if place == len(record.answers) - 1 and record.summary and record.summary.headline:
        sheet.fields.append((wording.SUMMARY, record.summary.headline))
    secondary = discord.ButtonStyle.secondary
    row: list[_Button] = [(wording.BACK, ListSessions(0), secondary)]
    if place > 0:
        row.append((f"‹ {place}", OpenSession(record.session, place - 1), secondary))
    if place + 1 < len(record.answers):
        row.append((f"{place + 2} ›", OpenSession(record.session, place + 1), secondary))
    if answer.notes:
        row.append((wording.HEAR, HearAnswer(record.session, place), discord.ButtonStyle.primary))
    return Card(_embed(sheet), _view(owner, [row]), _if_long(answer.text))


def _past_answer(answer: AnswerRecord, record: SessionRecord) -> _Sheet:
    place = Place(answer.turn + 1, record.brief.count, answer.take)
    title = f"{wording.job_title(record.brief)} · {wording.day(record.started_at)}"
    sheet = _Sheet(title, lines=[f"**{wording.heading(place)}**", _bold(answer.question.text)])
    sheet.lines.append(_quoted(answer.text) if answer.text else wording.NO_WORDS_KEPT)
    if answer.unscored is not None:
        sheet.fields.append((wording.UNSCORED, wording.unscored(answer.unscored)))
    if answer.review is not None:
        _put_review(sheet, answer.review, answer.delivery)
    else:
        _put_delivery(sheet, answer.delivery)
    return sheet


def _sheet(screen: Screen, now: float) -> _Sheet:
    match screen:
        case SetupScreen():
            return _setup(screen)
        case PreparingScreen():
            sheet = _brief(screen.brief)
            sheet.lines.append(f"⏳ {wording.PREPARING}…")
            return sheet
        case QuestionScreen():
            return _question(screen)
        case ListeningScreen():
            notes = f" ({wording.count(screen.notes, 'note')})" if screen.notes > 1 else ""
            return _Sheet(wording.heading(screen.place), lines=[f"👂 {wording.LISTENING}{notes}…"])
        case ThinkingScreen():
            sheet = _Sheet(wording.heading(screen.place), lines=[_quoted(screen.text)])
            _put_delivery(sheet, screen.delivery)
            sheet.footer = f"⏳ {wording.THINKING}…"
            return sheet
        case StuckScreen():
            said = f"⚠️ {wording.stuck(screen, now)}"
            return _Sheet(wording.heading(screen.place), OPEN, [_quoted(screen.text), said])
        case UnscoredScreen():
            said = f"🔁 {wording.unscored(screen.why)}"
            return _Sheet(wording.heading(screen.place), OPEN, [_quoted(screen.text), said])
        case FeedbackScreen():
            return _feedback(screen)
        case SummingScreen():
            return _Sheet(f"⏳ {wording.SUMMING}…")
        case SummaryScreen():
            return _summary(screen)
        case StoppedScreen():
            return _Sheet(wording.STOPPED, DONE, [wording.stopped(screen.answered)])


def _setup(screen: SetupScreen) -> _Sheet:
    sheet = _Sheet(wording.NAME) if screen.detail is Detail.ROLE else _brief(screen.brief)
    if screen.fault is not None:
        sheet.lines.append(f"⚠️ {wording.document_fault(screen.fault)}")
    sheet.lines.append(wording.ask_detail(screen))
    return sheet


def _brief(brief: Brief) -> _Sheet:
    title, *others = wording.brief_lines(brief)
    return _Sheet(title, lines=[_plain(other) for other in others])


def _question(screen: QuestionScreen) -> _Sheet:
    sheet = _Sheet(wording.heading(screen.place), lines=[_bold(screen.question.text)])
    sheet.lines.append(f"🎙 {wording.ANSWER_HERE}")
    sheet.footer = wording.question_source(screen) or ""
    return sheet


def _feedback(screen: FeedbackScreen) -> _Sheet:
    sheet = _Sheet(wording.heading(screen.place), GOOD, [_quoted(screen.text)])
    if screen.left_out is not None:
        sheet.lines.append(f"⚠️ {wording.left_out(screen.left_out)}")
    source = wording.feedback_source(screen)
    if source:
        sheet.lines.append(f"*{source}*")
    if screen.checklist is not None:
        listed = "\n".join(f"• {line}" for line in wording.checklist_lines(screen.checklist))
        sheet.fields.append((wording.CHECKLIST, listed))
    _put_review(sheet, screen.review, screen.delivery)
    sheet.footer = wording.ANSWER_MORE
    return sheet


def _put_review(sheet: _Sheet, review: Review, delivery: Delivery | None) -> None:
    levels = [f"{dimension_title(s.dimension)} {s.level}/5" for s in review.scores]
    if levels:
        sheet.lines.append(f"**{' · '.join(levels)}**")
    if review.star is not None:
        sheet.lines.append(wording.star_line(review.star))
    _put_point(sheet, f"👍 {wording.STRENGTH}", review.strength)
    _put_point(sheet, f"🔧 {wording.FIX}", review.fix)
    nothing = wording.no_points(review)
    if nothing:
        sheet.lines.append(f"*{nothing}*")
    _put_delivery(sheet, delivery)
    if review.scores:
        meanings = (
            f"{dimension_title(s.dimension)}: {anchor(s.dimension, s.level)}" for s in review.scores
        )
        sheet.fields.append((wording.SCORES_MEAN, "\n".join(meanings)))
    if review.better:
        sheet.fields.append((wording.BETTER, f"||{_plain(review.better)}||"))


def _put_point(sheet: _Sheet, title: str, point: Point | None) -> None:
    if point is not None:
        sheet.fields.append((title, f"{_plain(point.text)}\n> {_plain(point.quote)}"))


def _put_delivery(sheet: _Sheet, delivery: Delivery | None) -> None:
    if delivery is not None:
        sheet.fields.append((f"🎙 {wording.DELIVERY}", wording.delivery_line(delivery)))


def _summary(screen: SummaryScreen) -> _Sheet:
    sheet = _Sheet(wording.summary_heading(screen), GOOD)
    sheet.lines.append(" · ".join(wording.summary_lines(screen)))
    source = wording.summary_source(screen)
    if source:
        sheet.lines.append(f"*{source}*")
    if screen.summary.headline:
        sheet.lines.append(_plain(screen.summary.headline))
    if screen.averages:
        levels = (f"{dimension_title(a.dimension)} {a.level:.1f}/5" for a in screen.averages)
        sheet.fields.append((wording.AVERAGES, " · ".join(levels)))
    if screen.summary.changes:
        numbered = enumerate(screen.summary.changes, start=1)
        changes = "\n".join(f"{number}. {_plain(change)}" for number, change in numbered)
        sheet.fields.append((wording.WHAT_TO_CHANGE, changes))
    sheet.footer = wording.summary_next()
    return sheet


def _embed(sheet: _Sheet) -> discord.Embed:
    """Within every limit; the description is shortened so that all the fields have their place."""
    embed = discord.Embed(title=_cut(_plain(sheet.title), TITLE_LIMIT), colour=sheet.colour)
    for name, value in sheet.fields:
        embed.add_field(
            name=_cut(name, TITLE_LIMIT), value=_cut(value, VALUE_LIMIT) or MARK, inline=False
        )
    if sheet.footer:
        embed.set_footer(text=_cut(sheet.footer, VALUE_LIMIT))
    room = min(DESCRIPTION_LIMIT, TOTAL_LIMIT - len(embed))
    embed.description = _lines(sheet.lines, room)
    return embed


def _lines(lines: Iterable[str], room: int) -> str:
    """The lines under one another; the longest gives way."""
    kept = [line for line in lines if line]
    if not kept:
        return ""
    spare = room - sum(len(line) + 1 for line in kept)
    if spare < 0:
        place = max(range(len(kept)), key=lambda at: len(kept[at]))
        kept[place] = _cut(kept[place], max(len(kept[place]) + spare, 1))
    return _cut("\n".join(kept), room)


def _view(owner: int, rows: list[list[_Button]]) -> discord.ui.View | None:
    """Its presses come to the client's own listener, before and after a restart alike."""
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(row for row in rows if row):
        for label, button, style in row:
            view.add_item(
                discord.ui.Button(
                    label=_cut(_encodable(label), LABEL_LIMIT) or MARK,
                    custom_id=write_button(owner, button),
                    style=style,
                    row=number,
                )
            )
    if not view.children:
        return None
    view.stop()
    return view


def _style(control: Control) -> discord.ButtonStyle:
    match control.move:
        case Move.START | Move.NEXT | Move.RETRY:
            return discord.ButtonStyle.primary
        case Move.STOP:
            return discord.ButtonStyle.danger
        case _:
            return discord.ButtonStyle.secondary


def _bold(text: str) -> str:
    return f"**{_plain(text)}**"


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in _plain(_cut(text, SHOWN_TEXT)).splitlines())


def _if_long(text: str) -> str | None:
    return _encodable(text) if len(text) > SHOWN_TEXT else None


def _plain(text: str) -> str:
    """Somebody's words, which neither format nor mention anything."""
    escaped = discord.utils.escape_markdown(_encodable(text))
    return discord.utils.escape_mentions(escaped)


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: max(limit - 1, 0)].rstrip() + MARK
