"""One interview on one page: mean levels, mean measures and what to change; pure."""

from dataclasses import dataclass

from bot.coaching import Point
from bot.delivery import Reading


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
