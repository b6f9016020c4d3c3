"""The terms in which an answer is heard, measured and judged: values and their limits alone."""

from dataclasses import dataclass
from enum import StrEnum

LEVELS = range(1, 6)
POINT_LIMIT = 280
QUOTE_LIMIT = 160
BETTER_LIMIT = 1_500
SUMMARY_LIMIT = 700
CHANGES_LIMIT = 3


@dataclass(frozen=True, slots=True)
class Word:
    """`start` and `end` in seconds from the recording's start; `confidence` from 0 to 1."""

    text: str
    start: float
    end: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was heard; `confidence` from 0 to 1, None where the transcriber gives none.

    `verbatim`: whether fillers and false starts were kept.
    """

    text: str
    words: tuple[Word, ...] = ()
    confidence: float | None = None
    language: str = "en"
    verbatim: bool = True


@dataclass(frozen=True, slots=True)
class Pause:
    """A silence of a second or more between speech; seconds from the recording's start."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Sound:
    """What sound alone tells: `seconds` in all, `speaking` of them speech, `start_delay` before it.

    `clipped` is the share of samples at full scale, from 0 to 1.
    """

    seconds: float
    speaking: float
    start_delay: float
    pauses: tuple[Pause, ...]
    clipped: float


@dataclass(frozen=True, slots=True)
class Delivery:
    """How an answer was spoken. None where it could not be measured; times in seconds.

    `articulation_rate` is in syllables per second of speech, pauses left out. `fillers` are sounds
    (um, uh), `phrase_fillers` words that carry nothing where they stand (you know, I mean).
    """

    seconds: float
    speaking: float
    pauses: int
    longest_pause: float
    clipped: bool
    words_per_minute: float | None
    fillers: int | None
    start_delay: float = 0.0
    articulation_rate: float | None = None
    phrase_fillers: int | None = None
    repetitions: int | None = None
    hedges: int | None = None


@dataclass(frozen=True, slots=True)
class Checklist:
    """What can be counted in the words of an answer without judging it."""

    words: int
    structure_cues: int
    numbers: int
    first_person: int
    first_person_plural: int


class Plan(StrEnum):
    """How often the coach is asked: for each answer, or once for all of them."""

    FULL = "full"
    ECONOMY = "economy"


class Reviewer(StrEnum):
    COACH = "coach"
    MEASURES = "measures"


@dataclass(frozen=True, slots=True)
class Score:
    dimension: str
    level: int


@dataclass(frozen=True, slots=True)
class Point:
    """Something said about an answer, and the answer's own words that it rests on."""

    text: str
    quote: str


@dataclass(frozen=True, slots=True)
class Star:
    """Which parts of situation, task, action and result the answer has."""

    situation: bool
    task: bool
    action: bool
    result: bool


@dataclass(frozen=True, slots=True)
class Review:
    """A judgement by the coach, or (`by` MEASURES) none: only what was measured stands.

    `off_topic`: why the answer is none to the question. `follow_up`: a question on what the answer
    left open, empty where it left nothing open.
    """

    by: Reviewer
    scores: tuple[Score, ...] = ()
    strength: Point | None = None
    fix: Point | None = None
    star: Star | None = None
    better: str = ""
    off_topic: Point | None = None
    follow_up: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """`changes`: what to do differently, the most useful first, each with words it rests on."""

    by: Reviewer
    headline: str = ""
    changes: tuple[Point, ...] = ()


class Unscorable(StrEnum):
    """Why an answer gets no review."""

    NO_WORDS = "no_words"
    TOO_SHORT = "too_short"
    UNCLEAR = "unclear"
    LANGUAGE = "language"
    ECHO = "echo"
    OFF_TOPIC = "off_topic"
    UNBACKED = "unbacked"


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words and marked as cut."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return f"{(cut.rsplit(maxsplit=1) or [cut])[0]}…"
