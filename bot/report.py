"""A whole interview as one page to keep, as meaning and never as markup; pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from bot import export_words, wording
from bot.brief import LINE_LIMIT, ROLE_LIMIT, clean_line, clean_text
from bot.coaching import (
    BETTER_LIMIT,
    CHANGES_LIMIT,
    POINT_LIMIT,
    QUOTE_LIMIT,
    SUMMARY_LIMIT,
    Point,
    Review,
    Reviewer,
    Summary,
    Transcript,
    shorten,
)
from bot.coaching_words import measure_line
from bot.delivery import Mark, Marked, Position, mark, readings
from bot.history import AnswerRecord, SessionRecord
from bot.questions import anchor, dimension_title
from bot.scoresheet import average_scores
from bot.screens import Place
from bot.templates import QUESTION_LIMIT
from bot.words import check_words


@dataclass(frozen=True, slots=True)
class Passage:
    """What was said or typed, in pieces; `language` is a BCP 47 tag, or empty where unknown."""

    pieces: tuple[Marked, ...]
    language: str = ""


@dataclass(frozen=True, slots=True)
class Graded:
    """A score by its title; `anchor` is what such an answer is like, empty where unknown."""

    title: str
    level: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Mean:
    """A dimension's mean level from 1 to 5, also in words."""

    title: str
    level: float
    text: str


@dataclass(frozen=True, slots=True)
class Measured:
    text: str
    position: Position | None


@dataclass(frozen=True, slots=True)
class Tried:
    """One take. `corrected` is what counts instead of what was heard, where the two differ.

    `verdict`: why there is no score, and `verdict_quote` the words that this rests on.
    """

    heading: str
    facts: tuple[str, ...]
    heard: tuple[Passage, ...]
    corrected: Passage | None
    verdict: str
    verdict_quote: str
    scores: tuple[Graded, ...]
    strength: Point | None
    fix: Point | None
    star: str
    better: str
    delivery: str
    measures: tuple[Measured, ...]
    checklist: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    heading: str
    follows: bool
    question: str
    takes: tuple[Tried, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """`mean` is over the dimensions, each counting the same; empty without any score."""

    title: str
    facts: tuple[str, ...]
    summary: str
    changes: tuple[Point, ...]
    averages: tuple[Mean, ...]
    mean: str
    questions: tuple[Asked, ...]

    @property
    def has_marks(self) -> bool:
        """Whether a filler or a pause is marked anywhere."""
        return any(
            piece.mark is not Mark.PLAIN
            for question in self.questions
            for take in question.takes
            for passage in take.heard
            for piece in passage.pieces
        )


def report_of(record: SessionRecord, answer_limit: int) -> Report:
    """Everything of `record`, cleaned; at most `answer_limit` characters of each answer."""
    brief = record.brief
    averages = average_scores(
        score
        for answer in _latest(record.answers)
        if answer.review is not None
        for score in answer.review.scores
    )
    means = tuple(
        Mean(
            clean_line(dimension_title(found.dimension), LINE_LIMIT),
            found.level,
            export_words.over_answers(found.level, found.answers),
        )
        for found in averages
    )
    facts = (
        wording.day(record.started_at),
        export_words.mode(brief),
        export_words.asked(brief),
        export_words.ending(record.ending),
    )
    return Report(
        title=clean_line(wording.job_title(brief), 2 * ROLE_LIMIT) or export_words.NO_ROLE,
        facts=tuple(fact for fact in facts if fact),
        summary=_summary(record.summary),
        changes=tuple(
            _point(point) for point in (record.summary.changes if record.summary else ())
        )[:CHANGES_LIMIT],
        averages=means,
        mean=export_words.mean(sum(m.level for m in means) / len(means)) if means else "",
        questions=tuple(_questions(record, answer_limit)),
    )


def _latest(answers: Iterable[AnswerRecord]) -> Iterable[AnswerRecord]:
    """The last take at each question that was not refused a review."""
    return {answer.turn: answer for answer in answers if answer.unscored is None}.values()


def _summary(summary: Summary | None) -> str:
    if summary is None:
        return ""
    headline = _bounded(summary.headline, SUMMARY_LIMIT)
    return headline or (export_words.ONLY_MEASURES if summary.by is Reviewer.MEASURES else "")


def _questions(record: SessionRecord, limit: int) -> Iterator[Asked]:
    for _, group in groupby(record.answers, key=lambda answer: answer.turn):
        takes = tuple(group)
        question, number = takes[0].question, takes[0].number
        place = Place(number, record.brief.count, take=1)
        yield Asked(
            export_words.follow_up(number) if question.follows else wording.heading(place),
            question.follows,
            _bounded(question.text, QUESTION_LIMIT),
            tuple(
                _take(answer, export_words.take(answer.take, len(takes)), limit) for answer in takes
            ),
        )


def _take(answer: AnswerRecord, heading: str, limit: int) -> Tried:
    review = answer.review or Review(Reviewer.MEASURES)
    facts = []
    if answer.rating is not None:
        facts.append(export_words.own_rating(answer.rating))
    if answer.late > 0:
        facts.append(wording.late(answer.late))
    counts = _passage((Marked(Mark.PLAIN, answer.text),), "", limit) if answer.text else None
    heard = tuple(_heard(answer.transcripts, limit))
    if not heard and counts is not None:
        heard, counts = (counts,), None
    measured_only = answer.review is not None and review.by is Reviewer.MEASURES
    return Tried(
        heading=heading,
        facts=tuple(facts),
        heard=heard,
        corrected=counts if answer.corrected else None,
        verdict=_verdict(answer),
        verdict_quote=_bounded(answer.unscored_quote, QUOTE_LIMIT),
        scores=tuple(
            Graded(
                clean_line(dimension_title(score.dimension), LINE_LIMIT),
                score.level,
                _anchor(score.dimension, score.level),
            )
            for score in review.scores
        ),
        strength=_point(review.strength) if review.strength else None,
        fix=_point(review.fix) if review.fix else None,
        star=wording.star_line(review.star) if review.star else "",
        better=_bounded(review.better, BETTER_LIMIT),
        delivery=wording.delivery_line(answer.delivery) if answer.delivery else "",
        measures=tuple(
            Measured(measure_line(reading), reading.position)
            for reading in (readings(answer.delivery) if answer.delivery else ())
        ),
        checklist=(
            wording.checklist_lines(check_words(answer.text))
            if measured_only and answer.text
            else ()
        ),
    )


def _verdict(answer: AnswerRecord) -> str:
    if answer.unscored is not None:
        return wording.unscored(answer.unscored)
    if answer.review is None:
        return export_words.NO_FEEDBACK_YET
    if answer.review.by is Reviewer.MEASURES:
        return export_words.MEASURED_ONLY if answer.text else export_words.NOT_TRANSCRIBED
    return wording.no_points(answer.review) or ""


def _anchor(dimension: str, level: int) -> str:
    try:
        return anchor(dimension, level)
    except ValueError:  # of an earlier or a later edition of the rubric
        return ""


def _point(point: Point) -> Point:
    return Point(_bounded(point.text, POINT_LIMIT), _bounded(point.quote, QUOTE_LIMIT))


def _heard(transcripts: Iterable[Transcript], limit: int) -> Iterator[Passage]:
    """The transcripts of one take, `limit` characters in all."""
    left = limit
    for transcript in transcripts:
        passage = _passage(mark(transcript), transcript.language, left)
        if passage.pieces:
            yield passage
            left -= sum(len(piece.text) for piece in passage.pieces)


def _passage(pieces: Iterable[Marked], language: str, limit: int) -> Passage:
    """`pieces` with a space wherever two of them would run into one another."""
    kept: list[Marked] = []
    left = limit
    for piece in pieces:
        match piece.mark:
            case Mark.PLAIN:
                text = _tidied(piece.text)
            case Mark.FILLER:
                text = clean_line(piece.text, limit)
            case _:
                text = f"{piece.seconds:.1f} s"
        if not text:
            continue
        if kept and _collide(kept[-1], Marked(piece.mark, text)):
            _add(kept, Marked(Mark.PLAIN, " "))
        if len(text) > left:
            _add(kept, Marked(piece.mark, shorten(text, max(left, 1))))
            break
        _add(kept, Marked(piece.mark, text))
        left -= len(text)
    tag = language if _LANGUAGE.fullmatch(language) else ""
    return Passage(tuple(kept) if any(piece.text.strip() for piece in kept) else (), tag)


def _add(kept: list[Marked], piece: Marked) -> None:
    if kept and kept[-1].mark is piece.mark is Mark.PLAIN:
        piece = Marked(Mark.PLAIN, kept.pop().text + piece.text)
    kept.append(piece)


def _collide(before: Marked, after: Marked) -> bool:
    if before.text[-1].isspace() or after.text[0].isspace():
        return False
    return Mark.PAUSE in (before.mark, after.mark) or after.text[0].isalnum()


_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


def _tidied(text: str) -> str:
    """Cleaned, but for one space or line break at either end, where there was any space."""
    body = clean_text(text, len(text))
    if not body:
        return _gap(text)
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    return f"{_gap(text[:start])}{body}{_gap(text[end:])}"


def _gap(space: str) -> str:
    return "\n" if "\n" in space else " " if space else ""


def _bounded(text: str, limit: int) -> str:
    return shorten(clean_text(text, len(text)), limit)
