"""One interview on one page: mean levels, mean measures and what to change; pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean
from typing import Protocol

from bot.coaching import Point
from bot.delivery import Reading
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
