"""A screen as lines for a terminal; pure, and plain text wherever somebody's words stand."""

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from adapters.console.inbound import default_control, slug
from bot import wording
from bot.brief import Detail
from bot.coaching import Point, Review
from bot.events import Control, Move
from bot.history import AnswerRecord, SessionLine, SessionRecord
from bot.questions import anchor, dimension_title
from bot.screens import (
    FeedbackScreen,
    ListeningScreen,
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


def activity_of(screen: Screen) -> str | None:
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
        case SummingScreen():
            return f"{wording.SUMMING}…"
        case _:
            return None


def render(screen: Screen, now: float) -> RenderableType | None:
    """What is printed for `screen`; None where it only says that work goes on."""
    match screen:
        case SetupScreen():
            return _setup(screen)
        case PreparingScreen():
            return Text(" · ".join(wording.brief_lines(screen.brief)), style="dim")
        case QuestionScreen():
            return _question(screen)
        case ListeningScreen() | SummingScreen():
            return None
        case ThinkingScreen():
            return _answer(screen) if screen.spoken else None
        case StuckScreen():
            return Group(Text(wording.stuck(screen, now), style="yellow"), _hints(screen))
        case UnscoredScreen():
            return Group(
                *_quoted(screen.text),
                Text(wording.unscored(screen.why), style="yellow"),
                _hints(screen),
            )
        case FeedbackScreen():
            return _feedback(screen)
        case SummaryScreen():
            return _summary(screen)
        case StoppedScreen():
            return Text(wording.stopped(screen.answered))


def history_lines(lines: Iterable[SessionLine]) -> RenderableType:
    listed = [
        Text(f"{number:>3}  {wording.session_line(line)}")
        for number, line in enumerate(lines, start=1)
    ]
    if not listed:
        return Text(wording.NO_HISTORY)
    hint = Text("/history 1 opens the latest", style="dim")
    return Group(Text(wording.HISTORY, style="bold"), *listed, hint)


def history_session(record: SessionRecord) -> RenderableType:
    title = f"{wording.job_title(record.brief)} · {wording.day(record.started_at)}"
    parts: list[RenderableType] = [Text(title, style="bold")]
    parts.extend(part for answer in record.answers for part in _past_answer(answer))
    if record.summary is not None and record.summary.headline:
        parts.append(Text(record.summary.headline))
    return Group(*parts)


def _past_answer(answer: AnswerRecord) -> Iterable[RenderableType]:
    take = f" (take {answer.take})" if answer.take > 1 else ""
    yield Text(f"\n{answer.turn + 1}. {answer.question.text}{take}", style="bold")
    yield from _quoted(answer.text)
    if answer.delivery is not None:
        yield Text(wording.delivery_line(answer.delivery), style="dim")
    if answer.review is not None:
        yield from _review(answer.review)
    if answer.unscored is not None:
        yield Text(wording.unscored(answer.unscored), style="yellow")


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


def _choices(screen: SetupScreen) -> Iterable[RenderableType]:
    choices = [control for control in screen.controls if control.move is Move.CHOOSE]
    if screen.detail is Detail.COUNT:
        yield Text("  " + " / ".join(slug(control) for control in choices))
        return
    for number, control in enumerate(choices, start=1):
        yield Text(f"  {number}  {wording.label(control, screen)}")


def _question(screen: QuestionScreen) -> RenderableType:
    question = Text(screen.question.text, style="bold")
    source = wording.question_source(screen)
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
        Text("Type your answer, or the path of an audio file.", style="dim"),
        _hints(screen),
    )


def _answer(screen: ThinkingScreen) -> RenderableType:
    parts = _quoted(screen.text)
    if screen.delivery is not None:
        parts.append(Text(wording.delivery_line(screen.delivery), style="dim"))
    return Group(*parts)


def _quoted(text: str) -> list[RenderableType]:
    if not text:
        return []
    return [Text(wording.YOUR_ANSWER, style="dim"), Padding(Text(text, style="italic"), (0, 2))]


def _feedback(screen: FeedbackScreen) -> RenderableType:
    parts: list[RenderableType] = []
    if screen.spoken and not screen.text and screen.delivery is not None:
        parts.append(Text(wording.delivery_line(screen.delivery)))
    if screen.left_out is not None:
        parts.append(Text(wording.left_out(screen.left_out), style="yellow"))
    source = wording.feedback_source(screen)
    if source:
        parts.append(Text(source, style="yellow"))
    if screen.checklist is not None:
        parts.append(Text(wording.CHECKLIST, style="bold"))
        parts.extend(Text(f"  · {line}") for line in wording.checklist_lines(screen.checklist))
    parts.extend(_review(screen.review))
    parts.append(_hints(screen))
    return Group(*parts)


def _review(review: Review) -> Iterable[RenderableType]:
    if review.scores:
        table = Table.grid(padding=(0, 2))
        for score in review.scores:
            level = Text(f"{score.level}/5", style="bold")
            said = Text(anchor(score.dimension, score.level), style="dim")
            table.add_row(Text(dimension_title(score.dimension)), level, said)
        yield table
    if review.star is not None:
        yield Text(wording.star_line(review.star))
    yield from _point(wording.STRENGTH, review.strength, "green")
    yield from _point(wording.FIX, review.fix, "yellow")
    nothing = wording.no_points(review)
    if nothing:
        yield Text(nothing, style="dim")
    if review.better:
        yield Text(wording.BETTER, style="bold")
        yield Padding(Text(review.better), (0, 2))


def _point(title: str, point: Point | None, style: str) -> Iterable[RenderableType]:
    if point is not None:
        yield Text.assemble((f"{title}: ", f"bold {style}"), point.text)
        yield Padding(Text(f"“{point.quote}”", style="italic"), (0, 2))


def _summary(screen: SummaryScreen) -> RenderableType:
    parts: list[RenderableType] = [Text(line) for line in wording.summary_lines(screen)]
    source = wording.summary_source(screen)
    if source:
        parts.append(Text(source, style="yellow"))
    if screen.summary.headline:
        parts.append(Text(screen.summary.headline))
    if screen.averages:
        parts.append(Text(wording.AVERAGES, style="bold"))
        parts.extend(
            Text(f"  {dimension_title(average.dimension)} {average.level:.1f}/5")
            for average in screen.averages
        )
    if screen.summary.changes:
        parts.append(Text(wording.WHAT_TO_CHANGE, style="bold"))
        numbered = enumerate(screen.summary.changes, start=1)
        parts.extend(Text(f"  {number}. {change}") for number, change in numbered)
    title = Text(wording.summary_heading(screen))
    return Group(Text(), Panel(Group(*parts), title=title, title_align="left", padding=(1, 2)))


def _hints(screen: Screen) -> Text:
    """Which words press which control."""
    if isinstance(screen, StoppedScreen):
        return Text()
    default = default_control(screen)
    hints = [
        _hint(control, wording.label(control, screen), is_default=control == default)
        for control in screen.controls
        if control.move is not Move.CHOOSE
    ]
    return Text("   ".join(hints), style="dim")


def _hint(control: Control, label: str, *, is_default: bool) -> str:
    typed = "Enter" if is_default else f"/{slug(control)}"
    meant = label.lower()
    return typed if meant.startswith(slug(control)) and not is_default else f"{typed} ({meant})"
