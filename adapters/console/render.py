"""A screen as lines for a terminal; pure, and plain text wherever somebody's words stand."""

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from adapters.console.inbound import controls_of, default_control, slug
from bot import wording
from bot.brief import Detail
from bot.coaching import Delivery, Point, Review
from bot.coaching_words import comparison_lines
from bot.events import Control, Move
from bot.questions import dimension_title
from bot.scoresheet import Levelled
from bot.screens import (
    CorrectingScreen,
    FeedbackScreen,
    ListeningScreen,
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

PROMPT = "› "
GAP = "  "  # between the hints
LEAVE = "Enter (leave)"
AFTERWARDS = ("/history 1 (each answer)", "/save", "/picture", "/progress", "/practice", LEAVE)


def activity_of(screen: Screen, now: float) -> str | None:
    """What is being done while `screen` stands; None where the person is awaited."""
    match screen:
        case SetupScreen(reading=document) if document is not None:
            return wording.ask_detail(screen)
        case PreparingScreen():
            return f"{wording.PREPARING}…"
        case ListeningScreen():
            return f"{wording.LISTENING}…"
        case ThinkingScreen():
            return f"{wording.THINKING}…"
        case WrappingUpScreen(problem=None):
            return wording.wrapping_up(screen, now)
        case SummingScreen():
            return f"{wording.SUMMING}…"
        case _:
            return None


def prompt(screen: Screen | None, now: float) -> str:
    """What stands before a line that is typed: against the clock, the time that is left."""
    if not isinstance(screen, QuestionScreen) or screen.ends is None:
        return PROMPT
    left = screen.ends - now
    return f"{'+' if left < 0 else ''}{wording.clock(abs(left))} {PROMPT}"


def render(screen: Screen, now: float, above: Screen | None = None) -> RenderableType | None:
    """What is printed for `screen` below the screen `above`, of which nothing is said again.

    None where it only says that work goes on.
    """
    match screen:
        case SetupScreen():
            return _setup(screen)
        case PreparingScreen():
            return Text(" · ".join(wording.brief_lines(screen.brief)), style="dim")
        case ReadyScreen():
            return _ready(screen)
        case QuestionScreen():
            return _question(screen, above)
        case ListeningScreen() | SummingScreen():
            return None
        case ThinkingScreen():
            return Group(*_answer(screen, above)) if screen.spoken else None
        case RatingScreen():
            asked = Text(wording.RATE_FIRST, style="bold")
            return Group(*_answer(screen, above), asked, _hints(screen))
        case CorrectingScreen():
            asked = Text(wording.CORRECT_IT, style="bold")
            return Group(*quoted(screen.text), asked, _hints(screen))
        case StuckScreen():
            return Group(Text(wording.stuck(screen, now), style="yellow"), _hints(screen))
        case UnscoredScreen():
            why = Text(wording.unscored(screen.why), style="yellow")
            rests_on = words_quoted(screen.quote)
            return Group(*_answer(screen, above), why, *rests_on, _hints(screen))
        case FeedbackScreen():
            return Group(*_feedback(screen, above), _hints(screen))
        case WrappingUpScreen(problem=None):
            return None
        case WrappingUpScreen():
            return Group(Text(wording.wrapping_up(screen, now), style="yellow"), _hints(screen))
        case SummaryScreen():
            return Group(Text(), _summary(screen), _hints(screen))
        case StoppedScreen():
            return Group(Text(wording.stopped(screen.answered)), _hints(screen))


# Parts that pages of the past have too


def quoted(text: str) -> Iterator[RenderableType]:
    """A whole answer."""
    if text:
        yield Text(wording.YOUR_ANSWER, style="dim")
        yield Padding(Text(text, style="italic"), (0, 2))


def words_quoted(words: str) -> Iterator[RenderableType]:
    """A few of an answer's own words, on which something rests."""
    if words:
        yield Padding(Text(f"“{words}”", style="italic"), (0, 2))


def review_parts(review: Review, delivery: Delivery | None) -> Iterator[RenderableType]:
    """One line of scores, one strength, one fix, one line on delivery."""
    if review.scores:
        yield Text(_levels(review.scores, digits=0), style="bold")
    if review.star is not None:
        yield Text(wording.star_line(review.star))
    yield from _point(wording.STRENGTH, review.strength, "green")
    yield from _point(wording.FIX, review.fix, "yellow")
    nothing = wording.no_points(review)
    if nothing:
        yield Text(nothing, style="dim")
    if delivery is not None:
        yield Text(wording.delivery_line(delivery), style="dim")


def _levels(levels: Iterable[Levelled], *, digits: int) -> str:
    """Levels side by side."""
    return " · ".join(
        f"{dimension_title(one.dimension)} {one.level:.{digits}f}/5" for one in levels
    )


def _point(title: str, point: Point | None, style: str) -> Iterator[RenderableType]:
    if point is not None:
        yield Text.assemble((f"{title}: ", f"bold {style}"), point.text)
        yield from words_quoted(point.quote)


# Screens


def _setup(screen: SetupScreen) -> RenderableType:
    parts: list[RenderableType] = []
    if screen.detail is not Detail.ROLE:
        parts.append(Text(" · ".join(wording.brief_lines(screen.brief)), style="dim"))
    if screen.fault is not None:
        parts.append(Text(wording.document_fault(screen.fault), style="yellow"))
    if screen.reading is None:
        parts.append(Text(wording.ask_detail(screen), style="bold"))
        parts.extend(_choices(screen))
        parts.append(_hints(screen))
    return Group(*parts)


def _choices(screen: SetupScreen) -> Iterator[RenderableType]:
    choices = [control for control in screen.controls if control.move is Move.CHOOSE]
    if screen.detail is Detail.COUNT:
        yield Text("  " + " / ".join(slug(control, screen) for control in choices))
        return
    for number, control in enumerate(choices, start=1):
        yield Text(f"  {number}  {wording.label(control, screen)}")


def _ready(screen: ReadyScreen) -> RenderableType:
    lines = (Text(f"  · {line}") for line in wording.ready_lines(screen))
    return Group(Text(), *lines, _hints(screen))


def _question(screen: QuestionScreen, above: Screen | None) -> RenderableType:
    clock = wording.clock_line(screen)
    ticking = [Text(clock, style="yellow")] if clock else []
    if isinstance(above, QuestionScreen) and above.key == screen.key:
        return Group(*ticking)
    question = Text(screen.question.text, style="bold")
    source = wording.question_source(screen)
    told = (wording.focus_line(screen.focus), *wording.practise_lines(screen.brief))
    return Group(
        Text(),
        Panel(
            question,
            title=Text(wording.heading(screen.place)),
            subtitle=Text(source, style="dim") if source else None,
            title_align="left",
            subtitle_align="left",
            padding=(1, 2),
        ),
        *(Text(line, style="dim") for line in told if line),
        *ticking,
        Text("Type your answer, or the path of an audio file.", style="dim"),
        _hints(screen),
    )


def _answer(
    screen: ThinkingScreen | RatingScreen | UnscoredScreen | FeedbackScreen, above: Screen | None
) -> Iterator[RenderableType]:
    """What was said, unless it can be read above, where it was typed or shown."""
    if isinstance(screen, FeedbackScreen) and not screen.spoken and above is not None:
        return
    if isinstance(above, CorrectingScreen):
        return
    shown = (ThinkingScreen, RatingScreen, UnscoredScreen, FeedbackScreen)
    if not isinstance(above, shown) or above.key != screen.key:
        yield from quoted(screen.text)


def _feedback(screen: FeedbackScreen, above: Screen | None) -> Iterator[RenderableType]:
    if isinstance(above, FeedbackScreen) and above.key == screen.key:
        if screen.rating != above.rating:
            yield from _rated(screen)
        yield from _panel(screen)
        return
    yield Text(wording.heading(screen.place), style="bold")
    yield from _answer(screen, above)
    if screen.left_out is not None:
        yield Text(wording.left_out(screen.left_out), style="yellow")
    source = wording.feedback_source(screen)
    if source:
        yield Text(source, style="yellow")
    if screen.checklist is not None:
        yield Text(wording.CHECKLIST, style="bold")
        yield from (Text(f"  · {line}") for line in wording.checklist_lines(screen.checklist))
    yield from review_parts(screen.review, screen.delivery)
    yield from _rated(screen)
    if screen.comparison is not None:
        yield Text(wording.COMPARED, style="bold")
        yield from (Text(f"  · {line}") for line in comparison_lines(screen.comparison))
    yield from _panel(screen)


def _rated(screen: FeedbackScreen) -> Iterator[RenderableType]:
    line = wording.rating_line(screen)
    if line:
        yield Text(line)


def _panel(screen: FeedbackScreen) -> Iterator[RenderableType]:
    if screen.opened is not None:
        yield Text(wording.panel_title(screen.opened), style="bold")
        yield from (Padding(Text(line), (0, 2)) for line in wording.panel_lines(screen))


def _summary(screen: SummaryScreen) -> RenderableType:
    sheet = screen.sheet
    parts: list[RenderableType] = [Text(line) for line in wording.summary_lines(screen)]
    overall = wording.overall_line(sheet)
    if overall:
        parts.append(Text(overall, style="bold"))
    source = wording.summary_source(screen)
    if source:
        parts.append(Text(source, style="yellow"))
    if screen.summary.headline:
        parts.append(Text(screen.summary.headline))
    if sheet.averages:
        parts.append(Text(wording.AVERAGES, style="bold"))
        parts.append(Text(f"  {_levels(sheet.averages, digits=1)}"))
    if sheet.changes:
        parts.append(Text(wording.WHAT_TO_CHANGE, style="bold"))
    for number, change in enumerate(sheet.changes, start=1):
        parts.append(Text(f"  {number}. {change.text}"))
        parts.extend(Padding(words, (0, 3)) for words in words_quoted(change.quote))
    title = Text(wording.summary_heading(screen))
    return Panel(Group(*parts), title=title, title_align="left", padding=(1, 2))


# Hints


def _hints(screen: Screen) -> Text:
    """Which words press which control, and what else can be asked for when it is over."""
    controls = controls_of(screen)
    ratings = [control for control in controls if control.move is Move.RATE]
    hints = [
        _hint(control, screen)
        for control in controls
        if control.move not in (Move.CHOOSE, Move.RATE)
    ]
    if ratings:
        hints.insert(0, f"{slug(ratings[0], screen)}–{slug(ratings[-1], screen)}")
    match screen:
        case SummaryScreen() if screen.takes:
            hints += AFTERWARDS
        case StoppedScreen() if screen.answered:
            hints += AFTERWARDS
        case SummaryScreen() | StoppedScreen():
            hints.append(LEAVE)
        case _:
            pass
    asked = f"{wording.RATE_IT}\n" if ratings and isinstance(screen, FeedbackScreen) else ""
    return Text(f"{asked}{GAP.join(hints)}", style="dim")


def _hint(control: Control, screen: Screen) -> str:
    word, meant = slug(control, screen), wording.label(control, screen).lower()
    if control == default_control(screen):
        return f"Enter ({meant})"
    return f"/{word}" if word in meant.split() else f"/{word} ({meant})"
