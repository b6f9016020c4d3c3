"""A screen as a Telegram message: HTML and an inline keyboard; pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from adapters.telegram.address import Address
from adapters.telegram.markup import Span, Style, button_text, to_html
from bot import wording
from bot.brief import Brief, Detail
from bot.buttons import (
    Begin,
    Button,
    HearAnswer,
    ListSessions,
    OpenSession,
    Press,
    write_button,
)
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

PAGE = 8
SHORT = 11  # characters of a label that fits three times in a row on a phone

Spans = Iterable[Span]


@dataclass(frozen=True, slots=True)
class Card:
    html: str
    keyboard: InlineKeyboardMarkup | None


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a card is for, and the name of the bot that they can write to in private."""

    address: Address
    bot_name: str


def render(screen: Screen, audience: Audience, now: float) -> Card:
    spans = tuple(_spans(screen, audience, now))
    return Card(to_html(_without_trailing_lines(spans)), _keyboard(screen, audience))


def welcome(owner: int) -> Card:
    spans = (Span(wording.NAME, Style.BOLD), Span("\n\n"), Span(wording.WELCOME))
    return Card(to_html(spans), _rows(owner, [[(wording.START, Begin())]]))


def session_list(owner: int, lines: tuple[SessionLine, ...], offset: int) -> Card:
    """A page of `lines`, of which one more than a page tells that there is another."""
    if not lines:
        return Card(to_html([Span(wording.NO_HISTORY)]), None)
    rows = [[(wording.session_line(line), OpenSession(line.session, 0))] for line in lines[:PAGE]]
    turning: list[tuple[str, Button]] = []
    if offset > 0:
        turning.append((f"‹ {wording.NEWER}", ListSessions(max(0, offset - PAGE))))
    if len(lines) > PAGE:
        turning.append((f"{wording.OLDER} ›", ListSessions(offset + PAGE)))
    buttons: list[list[tuple[str, Button]]] = [list(row) for row in rows]
    return Card(to_html([Span(wording.HISTORY, Style.BOLD)]), _rows(owner, [*buttons, turning]))


def session_page(owner: int, record: SessionRecord, place: int) -> Card:
    """One answer of a past interview, with buttons to the others and to its recordings."""
    place = min(place, len(record.answers) - 1)
    answer = record.answers[place]
    title = f"{wording.job_title(record.brief)} · {wording.day(record.started_at)}"
    spans = [Span(title, Style.BOLD), Span("\n\n"), *_past_answer(answer, record)]
    if place == len(record.answers) - 1 and record.summary and record.summary.headline:
        spans += [Span(record.summary.headline, elastic=True), Span("\n")]
    turning: list[tuple[str, Button]] = []
    if place > 0:
        turning.append((f"‹ {place}", OpenSession(record.session, place - 1)))
    if place + 1 < len(record.answers):
        turning.append((f"{place + 2} ›", OpenSession(record.session, place + 1)))
    hearing: list[tuple[str, Button]] = []
    if answer.notes:
        hearing.append((wording.HEAR, HearAnswer(record.session, place)))
    back: list[tuple[str, Button]] = [(wording.BACK, ListSessions(0))]
    return Card(to_html(spans), _rows(owner, [hearing, turning, back]))


def _past_answer(answer: AnswerRecord, record: SessionRecord) -> Iterator[Span]:
    place = Place(answer.turn + 1, record.brief.count, answer.take)
    yield from _line(Span(wording.heading(place)))
    yield from _line(Span(answer.question.text, Style.BOLD, elastic=True))
    yield Span("\n")
    if answer.text:
        yield from _quote(answer.text)
    else:
        yield from _line(Span(wording.NO_WORDS_KEPT, Style.ITALIC))
    if answer.unscored is not None:
        yield from _line(Span(wording.unscored(answer.unscored)))
    if answer.review is not None:
        yield from _review(answer.review, answer.delivery)
    elif answer.delivery is not None:
        yield from _line(Span(f"🎙 {wording.delivery_line(answer.delivery)}"))


def _spans(screen: Screen, audience: Audience, now: float) -> Spans:
    match screen:
        case SetupScreen():
            return _setup(screen, audience)
        case PreparingScreen():
            return [*_brief(screen.brief), Span(f"\n⏳ {wording.PREPARING}…")]
        case QuestionScreen():
            return _question(screen, audience)
        case ListeningScreen():
            notes = f" ({wording.count(screen.notes, 'note')})" if screen.notes > 1 else ""
            return [*_heading(screen.place), Span(f"👂 {wording.LISTENING}{notes}…")]
        case ThinkingScreen():
            return _thinking(screen)
        case StuckScreen():
            said = Span(f"⚠️ {wording.stuck(screen, now)}")
            return [*_heading(screen.place), *_quote(screen.text), said]
        case UnscoredScreen():
            said = Span(f"🔁 {wording.unscored(screen.why)}")
            return [*_heading(screen.place), *_quote(screen.text), said]
        case FeedbackScreen():
            return _feedback(screen)
        case SummingScreen():
            return [Span(f"⏳ {wording.SUMMING}…")]
        case SummaryScreen():
            return _summary(screen)
        case StoppedScreen():
            return [Span(wording.stopped(screen.answered))]


def _setup(screen: SetupScreen, audience: Audience) -> Iterator[Span]:
    if screen.detail is not Detail.ROLE:
        yield from _brief(screen.brief)
        yield Span("\n")
    if screen.fault is not None:
        yield from _line(Span(f"⚠️ {wording.document_fault(screen.fault)}"))
    yield from _line(Span(wording.ask_detail(screen)))
    if not audience.address.is_private:
        yield Span(wording.SETUP_BY_REPLY, Style.ITALIC)


def _brief(brief: Brief) -> Iterator[Span]:
    title, *others = wording.brief_lines(brief)
    yield from _line(Span(title, Style.BOLD, elastic=True))
    for other in others:
        yield from _line(Span(other, elastic=True))


def _question(screen: QuestionScreen, audience: Audience) -> Iterator[Span]:
    yield from _heading(screen.place)
    yield from _line(Span(screen.question.text, Style.BOLD, elastic=True))
    source = wording.question_source(screen)
    if source:
        yield Span("\n")
        yield from _line(Span(source, Style.ITALIC))
    how = wording.ANSWER_HOW if audience.address.is_private else wording.ANSWER_BY_REPLY
    yield Span(f"\n🎙 {how}")


def _thinking(screen: ThinkingScreen) -> Iterator[Span]:
    yield from _heading(screen.place)
    yield from _quote(screen.text)
    if screen.delivery is not None:
        yield from _line(Span(f"🎙 {wording.delivery_line(screen.delivery)}"))
    yield Span(f"⏳ {wording.THINKING}…")


def _feedback(screen: FeedbackScreen) -> Iterator[Span]:
    yield from _heading(screen.place)
    yield from _quote(screen.text)
    if screen.left_out is not None:
        yield from _line(Span(f"⚠️ {wording.left_out(screen.left_out)}"))
    source = wording.feedback_source(screen)
    if source:
        yield from _line(Span(source, Style.ITALIC))
    if screen.checklist is not None:
        yield from _line(Span(wording.CHECKLIST, Style.BOLD))
        for line in wording.checklist_lines(screen.checklist):
            yield from _line(Span(f"• {line}"))
    yield from _review(screen.review, screen.delivery)
    yield Span(wording.ANSWER_MORE, Style.ITALIC)


def _review(review: Review, delivery: Delivery | None) -> Iterator[Span]:
    if review.scores:
        levels = (f"{dimension_title(s.dimension)} {s.level}/5" for s in review.scores)
        yield from _line(Span(" · ".join(levels), Style.BOLD))
    if review.star is not None:
        yield from _line(Span(wording.star_line(review.star)))
    yield from _point("👍", wording.STRENGTH, review.strength)
    yield from _point("🔧", wording.FIX, review.fix)
    nothing = wording.no_points(review)
    if nothing:
        yield from _line(Span(nothing, Style.ITALIC))
    if delivery is not None:
        yield from _line(Span(f"🎙 {wording.delivery_line(delivery)}"))
    folded = [
        f"{dimension_title(s.dimension)}: {anchor(s.dimension, s.level)}" for s in review.scores
    ]
    if review.better:
        folded += [f"{wording.BETTER}:", review.better]
    if folded:
        yield from _line(Span("\n".join(folded), Style.FOLDED, elastic=True))


def _point(sign: str, title: str, point: Point | None) -> Iterator[Span]:
    if point is not None:
        yield Span(f"{sign} ")
        yield Span(f"{title}: ", Style.BOLD)
        yield Span(f"{point.text} ")
        yield from _line(Span(f"“{point.quote}”", Style.ITALIC))


def _summary(screen: SummaryScreen) -> Iterator[Span]:
    yield from _line(Span(wording.summary_heading(screen), Style.BOLD))
    yield from _line(Span(" · ".join(wording.summary_lines(screen))))
    source = wording.summary_source(screen)
    if source:
        yield from _line(Span(source, Style.ITALIC))
    if screen.summary.headline:
        yield from _line(Span(f"\n{screen.summary.headline}", elastic=True))
    if screen.averages:
        levels = (f"{dimension_title(a.dimension)} {a.level:.1f}/5" for a in screen.averages)
        yield from _line(Span(f"\n{wording.AVERAGES}", Style.BOLD))
        yield from _line(Span(" · ".join(levels)))
    if screen.summary.changes:
        yield from _line(Span(f"\n{wording.WHAT_TO_CHANGE}", Style.BOLD))
        for number, change in enumerate(screen.summary.changes, start=1):
            yield from _line(Span(f"{number}. {change}", elastic=True))
    yield Span(f"\n{wording.summary_next()}")


def _heading(place: Place) -> Iterator[Span]:
    yield Span(wording.heading(place), Style.BOLD)
    yield Span("\n\n")


def _quote(text: str) -> Iterator[Span]:
    if text:
        yield from _line(Span(text, Style.FOLDED, elastic=True))


def _line(span: Span) -> Iterator[Span]:
    yield span
    yield Span("\n")


def _without_trailing_lines(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    while spans and not spans[-1].text.strip():
        spans = spans[:-1]
    return spans


# Keyboards


def _keyboard(screen: Screen, audience: Audience) -> InlineKeyboardMarkup | None:
    if isinstance(screen, StoppedScreen):
        return None
    owner = audience.address.user
    choices = [_button(owner, c, screen) for c in screen.controls if c.move is Move.CHOOSE]
    others = [_button(owner, c, screen) for c in screen.controls if c.move is not Move.CHOOSE]
    width = 3 if all(len(button.text) <= SHORT for button in choices) else 2
    rows = [choices[start : start + width] for start in range(0, len(choices), width)]
    rows.append(others)
    if isinstance(screen, SetupScreen) and not audience.address.is_private:
        private = f"https://t.me/{audience.bot_name}?start=interview"
        rows.append([InlineKeyboardButton(wording.PRIVATELY, url=private)])
    rows = [row for row in rows if row]
    return InlineKeyboardMarkup(rows) if rows else None


def _button(owner: int, control: Control, screen: Screen) -> InlineKeyboardButton:
    data = write_button(owner, Press(control))
    return InlineKeyboardButton(button_text(wording.label(control, screen)), callback_data=data)


def _rows(owner: int, rows: list[list[tuple[str, Button]]]) -> InlineKeyboardMarkup:
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
