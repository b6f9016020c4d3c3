"""What is measured of an answer, and the rule that nothing is claimed which was not found in it."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

FEWEST_WORDS = 8
LEAST_CONFIDENCE = 0.5
LEAST_SPEECH = 0.5  # seconds
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


_FILLERS = frozenset({"um", "umm", "uh", "uhh", "uhm", "er", "erm", "hmm", "mm", "mhm", "ah"})
_STRUCTURE = re.compile(
    r"\b(first(?:ly)?|second(?:ly)?|third(?:ly)?|then|next|finally|because|so that|as a result"
    r"|in the end|the (?:situation|task|problem|goal|result|outcome)|for example|which meant)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d+(?:[.,]\d+)*|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty"
    r"|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|half|twice|doubled)\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:I|I['’](?:m|ve|d|ll)|me|my|mine|myself)\b", re.IGNORECASE)
_FIRST_PERSON_PLURAL = re.compile(
    r"\b(?:we|we['’](?:re|ve|d|ll)|us|our|ours|ourselves)\b", re.IGNORECASE
)


def is_silent(sound: Sound) -> bool:
    return sound.speaking < LEAST_SPEECH


def count_words(text: str) -> int:
    return len(_words(text))


def unscorable(text: str, transcripts: Iterable[Transcript]) -> Unscorable | None:
    """Why `text` cannot be judged, or None: judging noise would be inventing a score."""
    words = count_words(text)
    if words == 0:
        return Unscorable.NO_WORDS
    unclear = [heard for heard in transcripts if _is_unclear(heard)]
    certain = words - sum(count_words(heard.text) for heard in unclear)
    if certain >= FEWEST_WORDS:
        return None
    return Unscorable.UNCLEAR if unclear else Unscorable.TOO_SHORT


def measure_delivery(spoken: tuple[tuple[Sound, Transcript | None], ...]) -> Delivery | None:
    """How the recordings of one answer were spoken; None when there is no recording.

    Words per minute are counted over the time from each recording's first word to its last,
    pauses included ("speech rate"). Fillers are counted in English transcripts that keep them.
    """
    if not spoken:
        return None
    sounds = [sound for sound, _ in spoken]
    transcripts = [transcript for _, transcript in spoken if transcript is not None]
    complete = len(transcripts) == len(spoken)
    pauses = [pause.end - pause.start for sound in sounds for pause in sound.pauses]
    return Delivery(
        seconds=sum(sound.seconds for sound in sounds),
        speaking=sum(sound.speaking for sound in sounds),
        pauses=len(pauses),
        longest_pause=max(pauses, default=0.0),
        clipped=any(sound.clipped > _AUDIBLE_CLIPPING for sound in sounds),
        words_per_minute=_words_per_minute(transcripts) if complete else None,
        fillers=_count_fillers(transcripts) if complete else None,
    )


_AUDIBLE_CLIPPING = 0.001


def check_words(text: str) -> Checklist:
    return Checklist(
        words=count_words(text),
        structure_cues=len(_STRUCTURE.findall(text)),
        numbers=len(_NUMBER.findall(text)),
        first_person=len(_FIRST_PERSON.findall(text)),
        first_person_plural=len(_FIRST_PERSON_PLURAL.findall(text)),
    )


def keep_what_is_found(review: Review, text: str) -> Review:
    """`review` without the points whose quote is not in `text`, bounded in length.

    A better version that has a figure which the answer has not is left out whole: it invents.
    """
    return replace(
        review,
        scores=tuple({s.dimension: s for s in review.scores if s.level in LEVELS}.values()),
        strength=_found(review.strength, text),
        fix=_found(review.fix, text),
        better=shorten(review.better, BETTER_LIMIT) if _same_facts(review.better, text) else "",
    )


def quotes(quote: str, text: str) -> bool:
    """Whether `quote` stands in `text`, whatever its case, punctuation and spacing."""
    wanted = " ".join(_words(quote))
    return bool(wanted) and f" {wanted} " in f" {' '.join(_words(text))} "


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words and marked as cut."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return f"{(cut.rsplit(maxsplit=1) or [cut])[0]}…"


def _found(point: Point | None, text: str) -> Point | None:
    if point is None or not point.text.strip() or not quotes(point.quote, text):
        return None
    return Point(shorten(point.text, POINT_LIMIT), shorten(point.quote, QUOTE_LIMIT))


def _same_facts(better: str, text: str) -> bool:
    return _figures(better) <= _figures(text)


def _figures(text: str) -> set[str]:
    words = (word.rstrip("%") for word in _words(text))
    return {word for word in words if word[:1].isdigit() or _NUMBER.fullmatch(word)}


def _is_unclear(heard: Transcript) -> bool:
    return heard.confidence is not None and heard.confidence < LEAST_CONFIDENCE


# A character of a script that is written without spaces; a number; or letters with what is
# written into words ("it's", "c++", "c#").
_WORD = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"|\d+(?:[.,]\d+)*[a-z]*%?"
    r"|\w[\w'+#]*"
)


def _words(text: str) -> list[str]:
    """In one form, whatever their case and punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    found = _WORD.findall(folded.replace("’", "'").replace("‘", "'"))
    return [re.sub(r"(?<=\d),(?=\d)", "", word.strip("'")) for word in found]


def _words_per_minute(transcripts: list[Transcript]) -> float | None:
    timed = [transcript.words for transcript in transcripts if transcript.words]
    span = sum(words[-1].end - words[0].start for words in timed)
    return 60 * sum(len(words) for words in timed) / span if span > 1 else None


def _count_fillers(transcripts: list[Transcript]) -> int | None:
    if any(not (each.verbatim and each.language.startswith("en")) for each in transcripts):
        return None
    return sum(word in _FILLERS for transcript in transcripts for word in _words(transcript.text))
