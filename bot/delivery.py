"""How an answer was spoken, measured in code and set against what is comfortable to listen to."""

from dataclasses import dataclass
from enum import StrEnum

from bot.coaching import Delivery, Transcript


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


class Mark(StrEnum):
    PLAIN = "plain"
    FILLER = "filler"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True)
class Marked:
    """A piece of a transcript; a pause's text is its length ("1.4 s")."""

    text: str
    kind: Mark


_FILLERS = frozenset({"um", "uh", "uhm", "er", "erm", "hmm"})


def mark(transcript: Transcript) -> tuple[Marked, ...]:
    """The transcript in pieces, its fillers and its pauses of a second or more told apart."""
    pieces: list[Marked] = []
    end = None
    for word in transcript.words:
        if end is not None and word.start - end >= 1:
            pieces.append(Marked(f"{word.start - end:.1f} s", Mark.PAUSE))
        filler = word.text.strip(".,;:!?…").casefold() in _FILLERS
        pieces.append(Marked(word.text, Mark.FILLER if filler else Mark.PLAIN))
        end = word.end
    return tuple(pieces) or (Marked(transcript.text, Mark.PLAIN),)


def readings(delivery: Delivery) -> tuple[Reading, ...]:
    per_minute = 60 / delivery.speaking if delivery.speaking else None
    fillers = delivery.fillers
    return (
        Reading(Measure.PACE, delivery.words_per_minute, 110, 170),
        Reading(Measure.ARTICULATION, delivery.articulation_rate, 3, 6),
        Reading(
            Measure.FILLERS,
            None if fillers is None or per_minute is None else fillers * per_minute,
            None,
            4,
        ),
        Reading(Measure.START_DELAY, delivery.start_delay, None, 3),
        Reading(
            Measure.PAUSES,
            delivery.pauses * per_minute if per_minute is not None else None,
            None,
            6,
        ),
        Reading(Measure.LONGEST_PAUSE, delivery.longest_pause, None, 3),
        Reading(
            Measure.SPEAKING_SHARE,
            delivery.speaking / delivery.seconds if delivery.seconds else None,
            0.7,
            None,
        ),
    )
