"""Getting better, seen over what was practised; pure.

A change that is smaller than a person would notice, or than the measure is exact, is no change.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

from bot.coaching import Delivery, Score
from bot.delivery import Measure, Position, Reading, mean_readings, readings
from bot.questions import DIMENSIONS

POINTS_LIMIT = 12
QUESTIONS_LIMIT = 8
RECENT_SESSIONS = 3  # of which the weakest dimension is told
DAY = 86_400  # seconds

LEAST_LEVEL_CHANGE = 0.5  # of a mean of levels; a level more or less in one answer of two
# What counts as a change, in the measure's own unit: our own choice, well above the errors that
# `benchmarks/measures.py` allows.
LEAST_CHANGE: Mapping[Measure, float] = {
    Measure.PACE: 10,
    Measure.ARTICULATION: 0.5,
    Measure.FILLERS: 1,
    Measure.START_DELAY: 0.5,
    Measure.PAUSES: 1,
    Measure.LONGEST_PAUSE: 0.5,
    Measure.SPEAKING_SHARE: 0.05,
    Measure.REPETITIONS: 1,
    Measure.HEDGES: 1,
}


@dataclass(frozen=True, slots=True)
class Practised:
    """One take that was judged or measured, as far as progress is made of it.

    `answered_at` in seconds since 1970, UTC. `question` is its text, the same for every take at it.
    `rating` is the person's own, from 1 to 5.
    """

    session: str
    answered_at: float
    question: str
    take: int
    scores: tuple[Score, ...]
    delivery: Delivery | None
    rating: int | None = None


class Direction(StrEnum):
    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class Trend:
    """A number for each session, oldest first; never empty. One session has no direction."""

    points: tuple[float, ...]
    best: float
    direction: Direction | None

    @property
    def first(self) -> float:
        return self.points[0]

    @property
    def latest(self) -> float:
        return self.points[-1]


@dataclass(frozen=True, slots=True)
class LevelTrend:
    """A dimension's mean levels, from 1 to 5."""

    dimension: str
    trend: Trend


@dataclass(frozen=True, slots=True)
class MeasureTrend:
    """A measure's mean readings, each with a value, oldest first; never empty.

    `best` is the one nearest to the comfortable range, the latest of several.
    """

    measure: Measure
    points: tuple[Reading, ...]
    best: Reading
    direction: Direction | None

    @property
    def first(self) -> Reading:
        return self.points[0]

    @property
    def latest(self) -> Reading:
        return self.points[-1]


@dataclass(frozen=True, slots=True)
class QuestionProgress:
    """The mean levels of the scored takes at one question; `takes` counts them."""

    question: str
    takes: int
    latest: float
    best: float


@dataclass(frozen=True, slots=True)
class Streak:
    """Consecutive days (UTC) with an answer: `current` up to today or yesterday, and the most."""

    current: int
    longest: int


@dataclass(frozen=True, slots=True)
class PractiseNext:
    """The weakest dimension with its mean level, and the measure farthest outside its range."""

    dimension: str | None
    level: float | None
    reading: Reading | None


@dataclass(frozen=True, slots=True)
class Progress:
    """`answers` counts takes. What has no value in any session has no trend.

    `self_rating`: by how much the own ratings lay above the mean levels; None where nobody rated.
    Better is there nearer to 0.
    """

    sessions: int
    answers: int
    streak: Streak
    levels: tuple[LevelTrend, ...]
    measures: tuple[MeasureTrend, ...]
    questions: tuple[QuestionProgress, ...]
    self_rating: Trend | None
    practise_next: PractiseNext


@dataclass(frozen=True, slots=True)
class LevelChange:
    dimension: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class MeasureChange:
    """Both have a value. Better is nearer to the comfortable range; equally near is the same."""

    before: Reading
    after: Reading

    @property
    def direction(self) -> Direction:
        return _towards_zero(distance(self.before), distance(self.after))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Only what moved: levels in the order of the rubric, measures in theirs."""

    levels: tuple[LevelChange, ...]
    measures: tuple[MeasureChange, ...]


def progress_of(practised: tuple[Practised, ...], now: float) -> Progress:
    """All of `practised` as progress; `now` in seconds since 1970, UTC.

    A session counts as the mean over its questions, of each the latest take. Trends are over the
    last `POINTS_LIMIT` sessions with a value; questions are the `QUESTIONS_LIMIT` answered last.
    """
    takes = sorted(practised, key=lambda take: (take.answered_at, take.take))
    sessions = _sessions(takes)
    levels = [_levels(session) for session in sessions]
    measured = [_measured(session) for session in sessions]
    return Progress(
        sessions=len(sessions),
        answers=len(takes),
        streak=_streak({int(take.answered_at // DAY) for take in takes}, int(now // DAY)),
        levels=tuple(_level_trends(levels)),
        measures=tuple(_measure_trends(measured)),
        questions=tuple(_questions(takes)),
        self_rating=_self_rating(sessions),
        practise_next=_practise_next(levels, sessions),
    )


def compare(
    before: tuple[tuple[Score, ...], Delivery | None],
    after: tuple[tuple[Score, ...], Delivery | None],
) -> Comparison:
    """What moved from one take at a question to another; measures by `LEAST_CHANGE` or more."""
    (scores, delivery), (scores_after, delivery_after) = before, after
    was = {score.dimension: score.level for score in scores}
    became = {score.dimension: score.level for score in scores_after}
    moved = [d for d in DIMENSIONS if d in was and d in became and was[d] != became[d]]
    pairs: Iterable[tuple[Reading, Reading]] = ()
    if delivery is not None and delivery_after is not None:
        pairs = zip(readings(delivery), readings(delivery_after), strict=True)
    return Comparison(
        tuple(LevelChange(d, was[d], became[d]) for d in moved),
        tuple(MeasureChange(one, other) for one, other in pairs if _moved(one, other)),
    )


def distance(reading: Reading) -> float:
    """How far outside its comfortable range, in the measure's unit; 0 within or not measured."""
    value, low, high = reading.value, reading.low, reading.high
    if value is None:
        return 0
    if low is not None and value < low:
        return low - value
    return value - high if high is not None and value > high else 0


def _sessions(takes: Iterable[Practised]) -> list[list[Practised]]:
    """Of each session its takes, the session that began first first."""
    sessions: dict[str, list[Practised]] = {}
    for take in takes:
        sessions.setdefault(take.session, []).append(take)
    return list(sessions.values())


def _latest_takes(session: Iterable[Practised]) -> Iterable[Practised]:
    return {take.question: take for take in session}.values()


def _levels(session: Iterable[Practised]) -> dict[str, float]:
    """The mean level of each dimension that was scored."""
    found: dict[str, list[int]] = {}
    for take in _latest_takes(session):
        for score in take.scores:
            if score.dimension in DIMENSIONS:
                found.setdefault(score.dimension, []).append(score.level)
    return {dimension: fmean(levels) for dimension, levels in found.items()}


def _measured(session: Iterable[Practised]) -> tuple[Reading, ...]:
    return mean_readings(
        take.delivery for take in _latest_takes(session) if take.delivery is not None
    )


def _level_trends(sessions: list[dict[str, float]]) -> Iterable[LevelTrend]:
    for dimension in DIMENSIONS:
        points = tuple(levels[dimension] for levels in sessions if dimension in levels)
        if points:
            points = points[-POINTS_LIMIT:]
            change = points[-1] - points[0]
            yield LevelTrend(dimension, Trend(points, max(points), _direction(points, change)))


def _measure_trends(sessions: list[tuple[Reading, ...]]) -> Iterable[MeasureTrend]:
    for measured in zip(*sessions, strict=True):
        points = tuple(reading for reading in measured if reading.value is not None)
        if points:
            points = points[-POINTS_LIMIT:]
            direction = None
            if len(points) > 1:
                first, latest = points[0], points[-1]
                moved = _moved(first, latest)
                direction = MeasureChange(first, latest).direction if moved else Direction.SAME
            yield MeasureTrend(
                points[0].measure, points, min(reversed(points), key=distance), direction
            )


def _direction(points: tuple[float, ...], change: float) -> Direction | None:
    if len(points) == 1:
        return None
    if round(abs(change), 6) < LEAST_LEVEL_CHANGE:
        return Direction.SAME
    return Direction.BETTER if change > 0 else Direction.WORSE


def _questions(takes: Iterable[Practised]) -> Iterable[QuestionProgress]:
    """The question that was answered last first."""
    means: dict[str, list[float]] = {}
    for take in takes:
        mean = _mean_level(take)
        if mean is not None:
            means[take.question] = [*means.pop(take.question, []), mean]
    for question in list(reversed(means))[:QUESTIONS_LIMIT]:
        levels = means[question]
        yield QuestionProgress(question, len(levels), levels[-1], max(levels))


def _mean_level(take: Practised) -> float | None:
    levels = [score.level for score in take.scores if score.dimension in DIMENSIONS]
    return fmean(levels) if levels else None


def _self_rating(sessions: Iterable[Iterable[Practised]]) -> Trend | None:
    """Every take counts here, for each was rated by itself."""
    points: list[float] = []
    for session in sessions:
        gaps = [
            take.rating - mean
            for take in session
            if take.rating is not None and (mean := _mean_level(take)) is not None
        ]
        if gaps:
            points.append(fmean(gaps))
    if not points:
        return None
    shown = tuple(points[-POINTS_LIMIT:])
    change = abs(shown[0]) - abs(shown[-1])
    return Trend(shown, min(reversed(shown), key=abs), _direction(shown, change))


def _streak(days: set[int], today: int) -> Streak:
    longest = run = 0
    for day in sorted(days):
        run = run + 1 if day - 1 in days else 1
        longest = max(longest, run)
    last = today if today in days else today - 1
    current = 0
    while last - current in days:
        current += 1
    return Streak(current, longest)


def _practise_next(
    levels: list[dict[str, float]], sessions: Iterable[Iterable[Practised]]
) -> PractiseNext:
    """Of the last sessions that were scored, and of the last that were spoken."""
    recent = [found for found in levels if found][-RECENT_SESSIONS:]
    means = {
        dimension: fmean(found[dimension] for found in recent if dimension in found)
        for dimension in DIMENSIONS
        if any(dimension in found for found in recent)
    }
    weakest = min(means, key=means.__getitem__, default=None)
    spoken = [
        found
        for session in sessions
        if (found := [t.delivery for t in _latest_takes(session) if t.delivery is not None])
    ]
    measured = mean_readings(
        delivery for session in spoken[-RECENT_SESSIONS:] for delivery in session
    )
    outside = [r for r in measured if r.position not in (None, Position.WITHIN)]
    return PractiseNext(
        weakest,
        means[weakest] if weakest is not None else None,
        # In changes that count, for the measures have different units.
        max(outside, key=lambda r: distance(r) / LEAST_CHANGE[r.measure], default=None),
    )


def _moved(before: Reading, after: Reading) -> bool:
    if before.value is None or after.value is None:
        return False
    return round(abs(after.value - before.value), 6) >= LEAST_CHANGE[before.measure]


def _towards_zero(before: float, after: float) -> Direction:
    if after == before:
        return Direction.SAME
    return Direction.BETTER if after < before else Direction.WORSE
