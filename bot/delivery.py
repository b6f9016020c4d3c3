"""How an answer was spoken, measured in code and set against what is comfortable to listen to."""

from dataclasses import dataclass
from enum import StrEnum


class Measure(StrEnum):
    PACE = "pace"  # words per minute
    ARTICULATION = "articulation"  # syllables per second of speech
    FILLERS = "fillers"  # per minute of speech, sounds and phrases
    START_DELAY = "start_delay"  # seconds
    PAUSES = "pauses"  # of a second or more, per minute
    LONGEST_PAUSE = "longest_pause"  # seconds
    SPEAKING_SHARE = "speaking_share"  # of the time from the first to the last sound, 0 to 1
    REPETITIONS = "repetitions"  # per minute of speech
    HEDGES = "hedges"  # per minute of speech


class Position(StrEnum):
    BELOW = "below"
    WITHIN = "within"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class Reading:
    """A measure's value, None where it was not measured, and its comfortable range.

    An end of the range that is None is open.
    """

    measure: Measure
    value: float | None
    low: float | None
    high: float | None

    @property
    def position(self) -> Position | None:
        if self.value is None:
            return None
        if self.low is not None and self.value < self.low:
            return Position.BELOW
        if self.high is not None and self.value > self.high:
            return Position.ABOVE
        return Position.WITHIN
