"""Past interviews and progress as Telegram messages; pure."""

from collections.abc import Iterator

from adapters.telegram.keyboard import button_rows
from adapters.telegram.markup import CAPTION_LIMIT, Span, Style, to_html, units
from adapters.telegram.render import (
    Card,
    folded,
    line,
    quote,
    rests_on,
    review_spans,
)
from bot import wording
from bot.buttons import (
    Button,
    HearAnswer,
    ListSessions,
    OpenSession,
    Practise,
    SaveSession,
    ShowPicture,
)
from bot.coaching_words import PROGRESS, progress_lines
from bot.history import AnswerRecord, SessionLine, SessionRecord
from bot.progress import Progress
from bot.scoresheet import ScoreSheet

PAGE = 8


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
    buttons.append(turning)
    return Card(to_html([Span(wording.HISTORY, Style.BOLD)]), button_rows(owner, buttons))


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
    keeping: list[tuple[str, Button]] = [
        (wording.PICTURE, ShowPicture(record.session)),
        (wording.SAVE, SaveSession(record.session)),
    ]
    back: list[tuple[str, Button]] = [(wording.BACK, ListSessions(0))]
    return Card(to_html(spans), button_rows(owner, [hearing, turning, keeping, back]))


def _past_answer(answer: AnswerRecord, record: SessionRecord) -> Iterator[Span]:
    yield from line(Span(wording.past_heading(answer, record)))
    yield from line(Span(answer.question.text, Style.BOLD, elastic=True))
    yield Span("\n")
    if answer.text:
        yield from quote(answer.text)
        if answer.corrected:
            yield from line(Span(wording.CORRECTED, Style.ITALIC))
    else:
        yield from line(Span(wording.NO_WORDS_KEPT, Style.ITALIC))
    if answer.unscored is not None:
        yield from line(Span(wording.unscored(answer.unscored)))
        yield from rests_on(answer.unscored_quote)
    rated = wording.own_rating(answer.rating, answer.review)
    if rated:
        yield from line(Span(rated))
    if answer.review is not None:
        yield from review_spans(answer.review, answer.delivery)
        yield from folded(answer.review)
    elif answer.delivery is not None:
        yield from line(Span(f"🎙 {wording.delivery_line(answer.delivery)}"))


def picture_caption(sheet: ScoreSheet) -> Card:
    """What the picture of a score sheet shows, in words."""
    title = f"{sheet.title} · {wording.day(sheet.started_at)}"
    spans = [*line(Span(title, Style.BOLD, elastic=True))]
    overall = wording.overall_line(sheet)
    if overall:
        spans += line(Span(overall))
    for number, change in enumerate(sheet.changes, start=1):
        spans += line(Span(f"{number}. {change.text}", elastic=True))
    return Card(to_html(spans, CAPTION_LIMIT))


def progress_cards(owner: int, progress: Progress) -> tuple[Card, ...]:
    """The picture's caption, which says the same, and a message with what does not fit into it."""
    heading = f"{PROGRESS}\n"
    fitting, rest = _split(progress_lines(progress), CAPTION_LIMIT - units(heading))
    spans = [Span(heading, Style.BOLD), Span("\n".join(fitting), elastic=True)]
    texts = [to_html(spans, CAPTION_LIMIT)]
    if rest:
        texts.append(to_html([Span("\n".join(rest), elastic=True)]))
    practising = None
    if progress.practise_next.dimension is not None:
        practising = button_rows(owner, [[(wording.PRACTISE_NEXT, Practise())]])
    return (*map(Card, texts[:-1]), Card(texts[-1], practising))


def _split(lines: tuple[str, ...], limit: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The first lines that fit `limit` units together, and the others."""
    fitting = 0
    while fitting < len(lines) and units("\n".join(lines[: fitting + 1])) <= limit:
        fitting += 1
    return lines[:fitting], lines[fitting:]
