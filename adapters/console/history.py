"""Past interviews and progress as lines for a terminal; pure."""

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from adapters.console.render import quoted, review_parts, words_quoted
from bot import wording
from bot.coaching_words import progress_lines
from bot.history import AnswerRecord, SessionLine, SessionRecord
from bot.progress import Progress


def session_list(lines: Iterable[SessionLine]) -> RenderableType:
    listed = [
        Text(f"{number:>3}  {wording.session_line(line)}")
        for number, line in enumerate(lines, start=1)
    ]
    if not listed:
        return Text(wording.NO_HISTORY)
    hint = Text("/history 1 opens the latest, /save 1 keeps it as a file", style="dim")
    return Group(Text(wording.HISTORY, style="bold"), *listed, hint)


def session_page(record: SessionRecord, number: int) -> RenderableType:
    """A whole interview; `number` is its place in the list."""
    title = f"{wording.job_title(record.brief)} · {wording.day(record.started_at)}"
    parts: list[RenderableType] = [Text(title, style="bold")]
    parts.extend(part for answer in record.answers for part in _past_answer(answer, record))
    if record.summary is not None and record.summary.headline:
        parts += [Text(), Text(record.summary.headline)]
    hint = f"/save {number} keeps it as a file, /picture {number} as a picture"
    return Group(*parts, Text(hint, style="dim"))


def _past_answer(answer: AnswerRecord, record: SessionRecord) -> Iterator[RenderableType]:
    yield Text(f"\n{wording.past_heading(answer, record)}", style="dim")
    yield Text(answer.question.text, style="bold")
    yield from quoted(answer.text)
    if not answer.text:
        yield Text(wording.NO_WORDS_KEPT, style="dim")
    if answer.corrected:
        yield Text(wording.CORRECTED, style="dim")
    if answer.unscored is not None:
        yield Text(wording.unscored(answer.unscored), style="yellow")
        yield from words_quoted(answer.unscored_quote)
    rated = wording.own_rating(answer.rating, answer.review)
    if rated is not None:
        yield Text(rated)
    if answer.review is not None:
        yield from review_parts(answer.review, answer.delivery)
        if answer.review.better:
            yield Text(wording.BETTER, style="bold")
            yield Padding(Text(answer.review.better), (0, 2))
    elif answer.delivery is not None:
        yield Text(wording.delivery_line(answer.delivery), style="dim")


def progress_page(progress: Progress) -> RenderableType:
    """What the picture of it shows, in words."""
    parts = [Text(line) for line in progress_lines(progress)]
    if progress.practise_next.dimension is not None:
        parts.append(Text("/practice asks one question on it", style="dim"))
    return Group(*parts)
