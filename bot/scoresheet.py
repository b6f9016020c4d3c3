"""One interview on one page: mean levels, mean measures and what to change; pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean
from typing import Protocol

from bot.brief import Brief
from bot.coaching import Point, Score, Summary
from bot.delivery import Reading, mean_readings
from bot.history import AnswerRecord, SessionRecord, latest_answers
from bot.questions import family_for
from bot.templates import Family


class Levelled(Protocol):
    """A level, from 1 to 5, in a dimension: a Score or an Average."""

    @property
    def dimension(self) -> str: ...

    @property
    def level(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Average:
    """A dimension's mean level, from 1 to 5, over `answers` scored answers."""

    dimension: str
    level: float
    answers: int


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """`overall` is the mean level by the weights of the role's family, None without any score.

    `readings` are means over the spoken answers. `rating` is the person's own mean.
    """

    title: str
    started_at: float
    questions: int
    answered: int
    overall: float | None
    averages: tuple[Average, ...]
    readings: tuple[Reading, ...]
    changes: tuple[Point, ...]
    rating: float | None = None


def sheet_of(record: SessionRecord) -> ScoreSheet:
    return score_sheet(record.brief, record.started_at, record.answers, record.summary)


def score_sheet(
    brief: Brief,
    started_at: float,
    answers: tuple[AnswerRecord, ...],
    summary: Summary | None,
) -> ScoreSheet:
    """The sheet of an interview: the latest take at each question counts, if it was not refused."""
    latest = latest_answers(answers)
    scores = [score for answer in latest if answer.review for score in answer.review.scores]
    ratings = [answer.rating for answer in latest if answer.rating is not None]
    return ScoreSheet(
        title=f"{brief.role} at {brief.company}" if brief.company else brief.role,
        started_at=started_at,
        questions=brief.count,
        answered=len({answer.number for answer in latest}),
        overall=overall(scores, family_for(brief.role)),
        averages=average_scores(scores),
        readings=mean_readings(answer.delivery for answer in latest if answer.delivery is not None),
        changes=summary.changes if summary is not None else (),
        rating=fmean(ratings) if ratings else None,
    )


def average_scores(scores: Iterable[Score]) -> tuple[Average, ...]:
    """The mean level of each dimension, in the order in which the dimensions first appear."""
    levels: dict[str, list[int]] = {}
    for score in scores:
        levels.setdefault(score.dimension, []).append(score.level)
    return tuple(Average(d, sum(found) / len(found), len(found)) for d, found in levels.items())


def overall(scores: Iterable[Levelled], family: Family) -> float | None:
    """The mean level, from 1 to 5, by the family's weights; None without any score.

    Several scores in a dimension count as their mean, and a dimension without any counts nothing.
    """
    levels: defaultdict[str, list[float]] = defaultdict(list)
    for score in scores:
        if score.dimension in family.weights:
            levels[score.dimension].append(score.level)
    if not levels:
        return None
    return fmean(
        [fmean(of_one) for of_one in levels.values()],
        weights=[family.weights[dimension] for dimension in levels],
    )
