"""A screen as a Telegram message: HTML and an inline keyboard; pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup

from adapters.telegram.address import Address
from adapters.telegram.keyboard import button_rows, keyboard
from adapters.telegram.markup import Span, Style, to_html
from bot import wording
from bot.brief import Brief, Detail
from bot.buttons import Begin
from bot.coaching import Delivery, Point, Review
from bot.coaching_words import comparison_lines
from bot.events import Move
from bot.questions import anchor, dimension_title
from bot.screens import (
    CorrectingScreen,
    FeedbackScreen,
    ListeningScreen,
    Place,
    PreparingScreen,
    QuestionScreen,
    RatingScreen,
    ReadyScreen,
    Screen,
    SetupScreen,
    StoppedScreen,
    StuckScreen,
    SummaryScreen,
    SummingScreen,
    ThinkingScreen,
    UnscoredScreen,
    WrappingUpScreen,
)

Spans = Iterable[Span]


@dataclass(frozen=True, slots=True)
class Card:
    html: str
    keyboard: InlineKeyboardMarkup | None = None


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a card is for, and the name of the bot that they can write to in private."""

    address: Address
    bot_name: str


def render(screen: Screen, audience: Audience, now: float) -> Card:
    spans = tuple(_spans(screen, audience, now))
    private = None if audience.address.is_private else audience.bot_name
    return Card(
        to_html(_without_trailing_lines(spans)), keyboard(screen, audience.address.user, private)
    )


def welcome(owner: int) -> Card:
    spans = (Span(wording.NAME, Style.BOLD), Span("\n\n"), Span(wording.WELCOME))
    return Card(to_html(spans), button_rows(owner, [[(wording.START, Begin())]]))


def _spans(screen: Screen, audience: Audience, now: float) -> Spans:
    match screen:
        case SetupScreen():
            return _setup(screen, audience)
        case PreparingScreen():
            return [*_brief(screen.brief), Span(f"\n⏳ {wording.PREPARING}…")]
        case ReadyScreen():
            return _ready(screen)
        case QuestionScreen():
            return _question(screen, audience)
        case ListeningScreen():
            return _listening(screen)
        case ThinkingScreen():
            return _thinking(screen)
        case RatingScreen():
            asked = Span(wording.RATE_FIRST, Style.BOLD)
            return [*heading(screen.place), *quote(screen.text), asked]
        case CorrectingScreen():
            heard = Span(screen.text, Style.QUOTE, elastic=True)
            asked = Span(f"✍️ {wording.CORRECT_IT}")
            return [*heading(screen.place), *line(heard), asked]
        case StuckScreen():
            said = Span(f"⚠️ {wording.stuck(screen, now)}")
            return [*heading(screen.place), *quote(screen.text), said]
        case UnscoredScreen():
            said = Span(f"🔁 {wording.unscored(screen.why)}")
            shown = rests_on(screen.quote)
            return [*heading(screen.place), *quote(screen.text), *line(said), *shown]
        case FeedbackScreen():
            return _feedback(screen)
        case WrappingUpScreen():
            sign = "⏳" if screen.problem is None else "⚠️"
            return [Span(f"{sign} {wording.wrapping_up(screen, now)}")]
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
        yield from line(Span(f"⚠️ {wording.document_fault(screen.fault)}"))
    yield from line(Span(wording.ask_detail(screen)))
    if not audience.address.is_private:
        yield Span(wording.SETUP_BY_REPLY, Style.ITALIC)


def _brief(brief: Brief) -> Iterator[Span]:
    title, *others = wording.brief_lines(brief)
    yield from line(Span(title, Style.BOLD, elastic=True))
    for other in others:
        yield from line(Span(other, elastic=True))


def _question(screen: QuestionScreen, audience: Audience) -> Iterator[Span]:
    yield from heading(screen.place)
    yield from line(Span(screen.question.text, Style.BOLD, elastic=True))
    source, focus = wording.question_source(screen), wording.focus_line(screen.focus)
    said = [each for each in (source, focus) if each]
    said += wording.practise_lines(screen.brief)
    if said:
        yield Span("\n")
    for each in said:
        yield from line(Span(each, Style.ITALIC, elastic=True))
    yield from _clock(screen)
    how = wording.ANSWER_HOW if audience.address.is_private else wording.ANSWER_BY_REPLY
    yield Span(f"\n🎙 {how}")


def _clock(screen: QuestionScreen) -> Iterator[Span]:
    ticking, turns = wording.clock_line(screen), wording.clock_turns(screen)
    if ticking:
        yield Span("\n")
        yield from line(Span(f"⏱ {ticking}", Style.BOLD))
    if turns and screen.ends is not None:
        yield Span(f"{turns} ")
        yield Span(wording.time_of_day(screen.ends), moment=round(screen.ends))
        yield Span(".\n")


def _ready(screen: ReadyScreen) -> Iterator[Span]:
    yield from _brief(screen.brief)
    yield Span("\n")
    for said in wording.ready_lines(screen):
        yield from line(Span(f"• {said}"))


def _listening(screen: ListeningScreen) -> Iterator[Span]:
    notes = f" ({wording.count(screen.notes, 'note')})" if screen.notes > 1 else ""
    yield from heading(screen.place)
    yield from line(Span(f"👂 {wording.LISTENING}{notes}…"))
    yield from _rating(screen)


def _thinking(screen: ThinkingScreen) -> Iterator[Span]:
    yield from heading(screen.place)
    yield from quote(screen.text)
    if screen.delivery is not None:
        yield from line(Span(f"🎙 {wording.delivery_line(screen.delivery)}"))
    yield from line(Span(f"⏳ {wording.THINKING}…"))
    yield from _rating(screen)


def _rating(screen: Screen) -> Iterator[Span]:
    """What the row of ratings asks for, where there is one."""
    if not isinstance(screen, StoppedScreen):
        moves = {control.move for control in screen.controls}
        if Move.RATE in moves:
            yield from line(Span(f"\n{wording.RATE_IT}", Style.BOLD))


def _feedback(screen: FeedbackScreen) -> Iterator[Span]:
    yield from heading(screen.place)
    yield from quote(screen.text)
    if screen.left_out is not None:
        yield from line(Span(f"⚠️ {wording.left_out(screen.left_out)}"))
    source = wording.feedback_source(screen)
    if source:
        yield from line(Span(source, Style.ITALIC))
    if screen.checklist is not None:
        yield from line(Span(wording.CHECKLIST, Style.BOLD))
        for said in wording.checklist_lines(screen.checklist):
            yield from line(Span(f"• {said}"))
    yield from review_spans(screen.review, screen.delivery)
    rated = wording.rating_line(screen)
    if rated:
        yield from line(Span(f"🙋 {rated}"))
    if screen.comparison is not None:
        yield from line(Span(wording.COMPARED, Style.BOLD))
        for said in comparison_lines(screen.comparison):
            yield from line(Span(f"• {said}"))
    if screen.opened is not None:
        yield from line(Span(f"\n{wording.panel_title(screen.opened)}", Style.BOLD))
        said = "\n".join(wording.panel_lines(screen))
        yield from line(Span(said, Style.QUOTE, elastic=True))
    yield from _rating(screen)
    yield Span(wording.ANSWER_MORE, Style.ITALIC)


def review_spans(review: Review, delivery: Delivery | None) -> Iterator[Span]:
    """One line of scores, one strength, one fix, one line on delivery."""
    if review.scores:
        levels = (f"{dimension_title(s.dimension)} {s.level}/5" for s in review.scores)
        yield from line(Span(" · ".join(levels), Style.BOLD))
    if review.star is not None:
        yield from line(Span(wording.star_line(review.star)))
    yield from _point("👍", wording.STRENGTH, review.strength)
    yield from _point("🔧", wording.FIX, review.fix)
    nothing = wording.no_points(review)
    if nothing:
        yield from line(Span(nothing, Style.ITALIC))
    if delivery is not None:
        yield from line(Span(f"🎙 {wording.delivery_line(delivery)}"))


def folded(review: Review) -> Iterator[Span]:
    """What the scores mean, and the model answer, folded away."""
    said = [
        f"{dimension_title(s.dimension)}: {anchor(s.dimension, s.level)}" for s in review.scores
    ]
    if review.better:
        said += [f"{wording.BETTER}:", review.better]
    if said:
        yield from line(Span("\n".join(said), Style.FOLDED, elastic=True))


def rests_on(words: str) -> Iterator[Span]:
    """The words of an answer for which it is not scored."""
    if words:
        yield Span(f"{wording.RESTS_ON}: ")
        yield from words_quoted(words)


def words_quoted(words: str) -> Iterator[Span]:
    if words:
        yield from line(Span(f"“{words}”", Style.ITALIC))


def _point(sign: str, title: str, point: Point | None) -> Iterator[Span]:
    if point is not None:
        yield Span(f"{sign} ")
        yield Span(f"{title}: ", Style.BOLD)
        yield Span(f"{point.text} ")
        yield from words_quoted(point.quote)


def _summary(screen: SummaryScreen) -> Iterator[Span]:
    yield from line(Span(wording.summary_heading(screen), Style.BOLD))
    yield from line(Span(" · ".join(wording.summary_lines(screen))))
    overall = wording.overall_line(screen.sheet)
    if overall:
        yield from line(Span(overall, Style.BOLD))
    source = wording.summary_source(screen)
    if source:
        yield from line(Span(source, Style.ITALIC))
    if screen.summary.headline:
        yield from line(Span(f"\n{screen.summary.headline}", elastic=True))
    if screen.sheet.averages:
        levels = (f"{dimension_title(a.dimension)} {a.level:.1f}/5" for a in screen.sheet.averages)
        yield from line(Span(f"\n{wording.AVERAGES}", Style.BOLD))
        yield from line(Span(" · ".join(levels)))
    if screen.sheet.changes:
        yield from line(Span(f"\n{wording.WHAT_TO_CHANGE}", Style.BOLD))
        for number, change in enumerate(screen.sheet.changes, start=1):
            yield from line(Span(f"{number}. {change.text}", elastic=True))
            yield from words_quoted(change.quote)
    yield Span(f"\n{wording.summary_next()}")


def heading(place: Place) -> Iterator[Span]:
    yield Span(wording.heading(place), Style.BOLD)
    yield Span("\n\n")


def quote(text: str) -> Iterator[Span]:
    if text:
        yield from line(Span(text, Style.FOLDED, elastic=True))


def line(span: Span) -> Iterator[Span]:
    yield span
    yield Span("\n")


def _without_trailing_lines(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    while spans and not spans[-1].text.strip():
        spans = spans[:-1]
    return spans
