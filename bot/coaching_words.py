"""Every sentence about measures, comparisons and progress."""

from collections.abc import Iterator

from bot.brief import clean_line
from bot.coaching import shorten
from bot.delivery import LEAST_SPOKEN, Measure, Position, Reading
from bot.progress import (
    Comparison,
    Direction,
    LevelTrend,
    MeasureChange,
    MeasureTrend,
    PractiseNext,
    Progress,
    QuestionProgress,
    Streak,
    Trend,
)
from bot.questions import dimension_title
from bot.templates import QUESTION_LIMIT

QUESTION_SHOWN = 60  # characters
GAP_TOLD = 0.25  # levels, under which a rating agrees with the score

_TITLES = {
    Measure.PACE: "Pace",
    Measure.ARTICULATION: "Articulation",
    Measure.FILLERS: "Fillers",
    Measure.START_DELAY: "Start delay",
    Measure.PAUSES: "Pauses of 1 s or more",
    Measure.LONGEST_PAUSE: "Longest pause",
    Measure.SPEAKING_SHARE: "Share of speech",
    Measure.REPETITIONS: "Repetitions",
    Measure.HEDGES: "Hedges",
}
_UNITS = {
    Measure.PACE: " words/min",
    Measure.ARTICULATION: " syllables/s",
    Measure.FILLERS: " per minute",
    Measure.START_DELAY: " s",
    Measure.PAUSES: " per minute",
    Measure.LONGEST_PAUSE: " s",
    Measure.SPEAKING_SHARE: "%",
    Measure.REPETITIONS: " per minute",
    Measure.HEDGES: " per minute",
}
_ENGLISH = (Measure.FILLERS, Measure.REPETITIONS, Measure.HEDGES)
_NEEDS_ENGLISH = f"needs {LEAST_SPOKEN:.0f} s of speech, in English"
_WHOLE = (Measure.PACE, Measure.SPEAKING_SHARE)  # written without a decimal
_ADVICE = {
    (Measure.PACE, Position.BELOW): "Keep your sentences short, and move on at each full stop.",
    (Measure.PACE, Position.ABOVE): "Stop for a breath at the end of each sentence.",
    (
        Measure.ARTICULATION,
        Position.BELOW,
    ): "Say the words of a phrase in one go, as in a chat with a friend.",
    (
        Measure.ARTICULATION,
        Position.ABOVE,
    ): "Give names and figures a moment each, so that they can be taken in.",
    (Measure.FILLERS, Position.ABOVE): "Close your mouth and pause where an “um” would come.",
    (
        Measure.START_DELAY,
        Position.ABOVE,
    ): "Open with one sentence that answers the question, and go on from there.",
    (
        Measure.PAUSES,
        Position.ABOVE,
    ): "Choose your two or three points before you start to record.",
    (
        Measure.LONGEST_PAUSE,
        Position.ABOVE,
    ): "Say what you are thinking about when you need more than three seconds.",
    (
        Measure.SPEAKING_SHARE,
        Position.BELOW,
    ): "Plan the next step of your story before you record, so that silences get shorter.",
    (
        Measure.REPETITIONS,
        Position.ABOVE,
    ): "Finish the sentence that you have begun, even when a better one comes to mind.",
    (
        Measure.HEDGES,
        Position.ABOVE,
    ): "Leave out “I think” and “maybe” wherever you know it.",
}


# Measures


def measure_title(measure: Measure) -> str:
    return _TITLES[measure]


def measure_value(reading: Reading) -> str:
    """The value with its unit, or that there is none."""
    if reading.value is None:
        return "not measured"
    return f"{measure_number(reading)}{_UNITS[reading.measure]}"


def comfortable(reading: Reading) -> str:
    """The comfortable range, without its unit but for per cent."""
    measure, low, high = reading.measure, reading.low, reading.high
    unit = "%" if measure is Measure.SPEAKING_SHARE else ""
    if low is not None and high is not None:
        return f"{_plain(measure, low)}–{_plain(measure, high)}{unit}"
    if high is not None:
        return f"up to {_plain(measure, high)}{unit}"
    return f"from {_plain(measure, low or 0)}{unit}"


def measure_line(reading: Reading) -> str:
    """A measure, its value and what is comfortable."""
    line = f"{measure_title(reading.measure)}: {measure_value(reading)}"
    if reading.value is not None:
        return f"{line} ({range_words(reading)})"
    return f"{line} ({_NEEDS_ENGLISH})" if reading.measure in _ENGLISH else line


def advice(reading: Reading) -> str | None:
    """What to do about a measure that is outside its range; None within it."""
    position = reading.position
    return None if position is None else _ADVICE.get((reading.measure, position))


def measure_number(reading: Reading) -> str:
    """The bare value, rounded, but never onto the bound of the range that it is outside of."""
    if reading.value is None:
        return "–"
    number = _rounded(reading.measure, reading.value)
    step = 1.0 if reading.measure in _WHOLE else 0.1
    if reading.position is Position.ABOVE and reading.high is not None:
        number = max(number, _rounded(reading.measure, reading.high) + step)
    if reading.position is Position.BELOW and reading.low is not None:
        number = min(number, _rounded(reading.measure, reading.low) - step)
    return _written(number)


def _plain(measure: Measure, value: float) -> str:
    return _written(_rounded(measure, value))


def _rounded(measure: Measure, value: float) -> float:
    shown = 100 * value if measure is Measure.SPEAKING_SHARE else value
    return round(shown, 0 if measure in _WHOLE else 1)


def _written(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def range_words(reading: Reading) -> str:
    return f"comfortable: {comfortable(reading)}"


# Captions of the pictures

UNTITLED = "Practice interview"
OVERALL = "Overall"
NO_SCORE = "No score"
PROGRESS = "Your progress"
OWN_RATING = "Your own rating"
SCORES = "Scores"
DELIVERY_MEASURED = "How it was spoken"
CHANGES = "What to change"
NOT_MEASURED = "No recording was measured."


def answered_line(answered: int, questions: int) -> str:
    return f"{answered} of {questions} questions answered"


def level_of(level: float) -> str:
    return f"{level:.1f} / 5"


def trend_caption(found: LevelTrend | MeasureTrend) -> str:
    """Where a trend goes, in a few words beside its drawing; a measure's unit with it."""
    if isinstance(found, LevelTrend):
        direction = found.trend.direction
        return "one interview so far" if direction is None else _of_levels(direction)
    unit = _UNITS[found.measure].strip()
    if found.latest.position is Position.WITHIN:
        return f"{unit} · comfortable"
    place = f"{unit} · {found.latest.position} range"
    return place if found.direction in (None, Direction.SAME) else f"{place}, {found.direction}"


# Comparisons


def comparison_lines(comparison: Comparison) -> tuple[str, ...]:
    """What moved from one take to the next, a short line each."""
    lines = [
        f"{dimension_title(change.dimension)} {change.before} → {change.after}"
        for change in comparison.levels
    ]
    lines += [
        f"{measure_title(change.before.measure)} {_from_to(change.before, change.after)}, "
        f"{_where_now(change)}"
        for change in comparison.measures
    ]
    return tuple(lines) or ("No score or measure moved clearly.",)


def _from_to(before: Reading, after: Reading) -> str:
    return f"{measure_number(before)} → {measure_value(after)}"


def _where_now(change: MeasureChange) -> str:
    if change.after.position is Position.WITHIN:
        still = change.before.position is Position.WITHIN
        return "still comfortable" if still else "now comfortable"
    if change.before.position is Position.WITHIN:
        return f"now {change.after.position} the comfortable {comfortable(change.after)}"
    match change.direction:
        case Direction.BETTER:
            return f"nearer to the comfortable {comfortable(change.after)}"
        case Direction.WORSE:
            return f"farther from the comfortable {comfortable(change.after)}"
        case Direction.SAME:
            return f"as far from the comfortable {comfortable(change.after)}"


# Progress


def progress_lines(progress: Progress) -> tuple[str, ...]:
    """Everything that is told of somebody's progress, in the order to read it."""
    return tuple(_progress_lines(progress))


def counts_line(progress: Progress) -> str:
    return f"Interviews: {progress.sessions} · answers: {progress.answers}"


def streak_line(streak: Streak) -> str:
    return f"Days in a row: {streak.current} · longest: {streak.longest}"


def self_rating_line(gap: Trend) -> str:
    """How the person's own ratings lie to the scores; both from 1 to 5."""
    line = f"You rate yourself {_gap(gap.latest)}"
    if gap.direction in (None, Direction.SAME):
        return line
    return f"{line}; at first {_gap(gap.first)}"


def no_trend_line(progress: Progress) -> str | None:
    """Said where progress cannot be told yet."""
    if not progress.sessions:
        return "Nothing to show yet: no answer has been scored or measured."
    if progress.sessions == 1:
        return "One interview so far. From the second on you see what changes."
    return None


def no_scores_line(progress: Progress) -> str | None:
    if progress.sessions and not progress.levels:
        return "No scores yet, only measures: no answer has been judged."
    return None


def practise_next_line(chosen: PractiseNext) -> str | None:
    """The dimension to practise, with the level that it is chosen for."""
    if chosen.dimension is None or chosen.level is None:
        return None
    return f"Practise next: {dimension_title(chosen.dimension)}, {chosen.level:.1f} of 5 lately"


def _progress_lines(progress: Progress) -> Iterator[str]:
    nothing_to_tell = no_trend_line(progress)
    if not progress.sessions:
        yield nothing_to_tell or ""
        return
    yield counts_line(progress)
    yield streak_line(progress.streak)
    for line in (nothing_to_tell, no_scores_line(progress)):
        if line is not None:
            yield line
    yield from map(_level_line, progress.levels)
    yield from map(_measure_trend_line, progress.measures)
    yield from map(_question_line, progress.questions)
    if progress.self_rating is not None:
        yield self_rating_line(progress.self_rating)
    chosen = progress.practise_next
    dimension = practise_next_line(chosen)
    if dimension is not None:
        yield dimension
    if chosen.reading is not None:
        also = "Work on" if dimension is None else "Also work on"
        yield f"{also} {measure_title(chosen.reading.measure).lower()}: {advice(chosen.reading)}"


def _level_line(found: LevelTrend) -> str:
    title, trend = dimension_title(found.dimension), found.trend
    if trend.direction is None:
        return f"{title}: {trend.latest:.1f} of 5"
    line = f"{title}: {trend.first:.1f} → {trend.latest:.1f}, {_of_levels(trend.direction)}"
    return line if trend.best == trend.latest else f"{line} (best: {trend.best:.1f})"


def _of_levels(direction: Direction) -> str:
    match direction:
        case Direction.BETTER:
            return "better"
        case Direction.SAME:
            return "about the same"
        case Direction.WORSE:
            return "lower"


def _measure_trend_line(found: MeasureTrend) -> str:
    if found.direction is None:
        return measure_line(found.latest)
    line = f"{measure_title(found.measure)}: {_from_to(found.first, found.latest)}"
    if found.direction is Direction.SAME and found.latest.position is not Position.WITHIN:
        return f"{line}, about the same ({range_words(found.latest)})"
    return f"{line}, {_where_now(MeasureChange(found.first, found.latest))}"


def _question_line(found: QuestionProgress) -> str:
    question = shorten(clean_line(found.question, QUESTION_LIMIT), QUESTION_SHOWN)
    if found.takes == 1:
        return f"“{question}”: {found.latest:.1f} of 5"
    return f"“{question}”: latest {found.latest:.1f}, best {found.best:.1f} of 5"


def _gap(gap: float) -> str:
    if abs(gap) < GAP_TOLD:
        return "about as the score does"
    return f"{abs(gap):.1f} {'above' if gap > 0 else 'below'} the score"
