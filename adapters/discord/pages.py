"""What somebody asks of their past as a Discord message: interviews, their answers, progress."""

from adapters.discord.render import put_delivery, put_review
from adapters.discord.sheet import (
    GOOD,
    PRIMARY,
    ROW,
    SECONDARY,
    Card,
    Labelled,
    Sheet,
    bold,
    draw,
    italic,
    plain,
    quoted,
)
from bot import wording
from bot.buttons import (
    HearAnswer,
    ListSessions,
    OpenSession,
    Practise,
    SaveSession,
    ShowPicture,
    ShowProgress,
)
from bot.coaching_words import PROGRESS, progress_lines
from bot.history import AnswerRecord, SessionLine, SessionRecord
from bot.ports import File
from bot.progress import Progress
from bot.questions import anchor, dimension_title

PAGE = 8


def session_list(owner: int, lines: tuple[SessionLine, ...], offset: int) -> Card:
    """A page of `lines`, of which one more than a page tells that there is another."""
    if not lines:
        return draw(Sheet(wording.HISTORY, lines=[wording.NO_HISTORY]), owner)
    listed = lines[:PAGE]
    sheet = Sheet(wording.HISTORY)
    numbered = enumerate(listed, start=offset + 1)
    sheet.lines += [f"**{n}.** {plain(wording.session_line(line))}" for n, line in numbered]
    opening: list[Labelled] = [
        (str(offset + place + 1), OpenSession(line.session, 0), SECONDARY)
        for place, line in enumerate(listed)
    ]
    turning: list[Labelled] = []
    if offset > 0:
        newer = ListSessions(max(0, offset - PAGE))
        turning.append((f"‹ {wording.NEWER}", newer, PRIMARY))
    if len(lines) > PAGE:
        turning.append((f"{wording.OLDER} ›", ListSessions(offset + PAGE), PRIMARY))
    turning.append((wording.MY_PROGRESS, ShowProgress(), SECONDARY))
    return draw(sheet, owner, [opening[:ROW], opening[ROW:], turning])


def session_page(owner: int, record: SessionRecord, place: int) -> Card:
    """One answer of a past interview, with buttons to the others and to what is kept of it."""
    place = min(place, len(record.answers) - 1)
    answer = record.answers[place]
    sheet = _past_answer(answer, record)
    if place == len(record.answers) - 1 and record.summary and record.summary.headline:
        sheet.put(wording.SUMMARY, [plain(record.summary.headline)])
    turning: list[Labelled] = [(wording.BACK, ListSessions(0), SECONDARY)]
    if place > 0:
        turning.append((f"‹ {place}", OpenSession(record.session, place - 1), SECONDARY))
    if place + 1 < len(record.answers):
        turning.append((f"{place + 2} ›", OpenSession(record.session, place + 1), SECONDARY))
    if answer.notes:
        turning.append((wording.HEAR, HearAnswer(record.session, place), PRIMARY))
    keeping: list[Labelled] = [
        (wording.PICTURE, ShowPicture(record.session), SECONDARY),
        (wording.SAVE, SaveSession(record.session), SECONDARY),
    ]
    return draw(sheet, owner, [turning, keeping], answer=answer.text)


def progress_page(owner: int, progress: Progress, picture: File | None) -> Card:
    """`picture` says the same as the words; None where there is nothing to be drawn yet."""
    if not progress.answers:
        return draw(Sheet(PROGRESS, lines=[wording.NO_PROGRESS]), owner)
    sheet = Sheet(PROGRESS, GOOD, [plain(line) for line in progress_lines(progress)])
    practising: list[Labelled] = []
    if progress.practise_next.dimension is not None:
        practising.append((wording.PRACTISE_NEXT, Practise(), PRIMARY))
    return draw(sheet, owner, [practising], picture=picture)


def _past_answer(answer: AnswerRecord, record: SessionRecord) -> Sheet:
    title = f"{wording.job_title(record.brief)} · {wording.day(record.started_at)}"
    sheet = Sheet(
        title, lines=[f"**{wording.past_heading(answer, record)}**", bold(answer.question.text)]
    )
    sheet.lines.append(quoted(answer.text) if answer.text else wording.NO_WORDS_KEPT)
    if answer.corrected:
        sheet.lines.append(italic(f"✏️ {wording.CORRECTED}"))
    rated = wording.own_rating(answer.rating, answer.review)
    if rated is not None:
        sheet.lines.append(f"⭐ {rated}")
    if answer.unscored is not None:
        why = [wording.unscored(answer.unscored)]
        sheet.put(wording.UNSCORED, [*why, quoted(answer.unscored_quote)])
    review = answer.review
    if review is not None:
        put_review(sheet, review)
    put_delivery(sheet, answer.delivery)
    if review is not None:
        meanings = (
            f"{dimension_title(s.dimension)}: {anchor(s.dimension, s.level)}" for s in review.scores
        )
        sheet.put(wording.SCORES_MEAN, meanings, folded=True)
        sheet.put(wording.BETTER, [plain(review.better)], folded=True)
    return sheet
