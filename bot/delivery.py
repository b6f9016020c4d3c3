"""How an answer was spoken, measured in code and set against what is comfortable to listen to.

Where the comfortable ranges come from; a bound without a source is our own choice:

- Pace, 120 to 190 words a minute. Toastmasters International advises speakers to keep to 120 to
  160; interviews in British English run at 190 on average (Tauroza and Allison 1990, Applied
  Linguistics 11).
- Articulation, 3 to 6 syllables a second. Informal American English is at about 5 without pauses
  (Jacewicz et al. 2009, Language Variation and Change 21). Gaps of less than a second are left in
  here, which makes it less; the bounds are ours.
- Fillers, up to 5 a minute. Conversation has 2.6 sounds in 100 words (Bortfeld et al. 2001,
  Language and Speech 44), which is about 4 a minute. One more, for phrases, is ours.
- Repetitions, up to 3 a minute. Conversation has 1.5 in 100 words (Bortfeld et al. 2001).
- Pauses of a second or more, up to 8 a minute, none over 3 s, and speech for 0.6 of the time or
  more. Pauses take 40 to 50 % of free speech, short ones counted, and are how it is planned
  (Goldman-Eisler 1968, Psycholinguistics); the bounds are ours.
- Start delay, up to 3 s, and hedges, up to 4 a minute: ours.

Fillers are no fault in themselves: after “uh” a listener is quicker to recognise the next word (Fox
Tree 2001, Memory and Cognition 29). So the ranges end where ordinary conversation does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from statistics import fmean

from bot.coaching import Delivery, Sound, Transcript, Word
from bot.disfluency import (
    Span,
    count_repetitions,
    find_fillers,
    find_hedges,
    find_phrase_fillers,
)
from bot.syllables import count_syllables

AUDIBLE_CLIPPING = 0.001  # of all samples
LONG_GAP = 1.0  # seconds
LEAST_SPAN = 1.0  # seconds of words, under which there is no pace
LEAST_SPOKEN = 10.0  # seconds of speech, under which a single filler would be many a minute


class Measure(StrEnum):
    PACE = "pace"  # words per minute
    ARTICULATION = "articulation"  # syllables per second of speech
    FILLERS = "fillers"  # per minute of speech, sounds and phrases
    START_DELAY = "start_delay"  # seconds
    PAUSES = "pauses"  # of a second or more, per minute of speech
    LONGEST_PAUSE = "longest_pause"  # seconds
    SPEAKING_SHARE = "speaking_share"  # of the time from the first sound on, 0 to 1
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
    """A run of a transcript. A pause has no text but its length, in `seconds`."""

    mark: Mark
    text: str = ""
    seconds: float = 0.0


_RANGES: dict[Measure, tuple[float | None, float | None]] = {
    Measure.PACE: (120, 190),
    Measure.ARTICULATION: (3, 6),
    Measure.FILLERS: (None, 5),
    Measure.START_DELAY: (None, 3),
    Measure.PAUSES: (None, 8),
    Measure.LONGEST_PAUSE: (None, 3),
    Measure.SPEAKING_SHARE: (0.6, None),
    Measure.REPETITIONS: (None, 3),
    Measure.HEDGES: (None, 4),
}


def measure_delivery(spoken: tuple[tuple[Sound, Transcript | None], ...]) -> Delivery | None:
    """How the recordings of one answer were spoken; None when there is no recording.

    Several recordings add up; `start_delay` is the first one's. `words_per_minute` is counted over
    the time from each recording's first word to its last, pauses included ("speech rate").
    `articulation_rate` leaves out of that time the gaps of a second or more between words, and of
    both words and time the fillers. A rate is None where there is no more than a second to divide
    by, or a recording without a transcript; the articulation rate, where one is not in English,
    for syllables are counted by its spelling. Fillers, repetitions and hedges are counted where
    every transcript is in English and keeps them (`verbatim`), else None.
    """
    if not spoken:
        return None
    sounds = [sound for sound, _ in spoken]
    heard = [transcript for _, transcript in spoken if transcript is not None]
    complete = len(heard) == len(spoken)
    english = complete and all(map(_is_english, heard))
    texts = [transcript.text for transcript in heard]
    verbatim = english and all(transcript.verbatim for transcript in heard)
    pauses = [pause.end - pause.start for sound in sounds for pause in sound.pauses]
    return Delivery(
        seconds=sum(sound.seconds for sound in sounds),
        speaking=sum(sound.speaking for sound in sounds),
        pauses=len(pauses),
        longest_pause=max(pauses, default=0.0),
        clipped=any(sound.clipped > AUDIBLE_CLIPPING for sound in sounds),
        words_per_minute=_words_per_minute(heard) if complete else None,
        fillers=sum(len(find_fillers(text)) for text in texts) if verbatim else None,
        start_delay=sounds[0].start_delay,
        articulation_rate=_articulation_rate(heard) if english else None,
        phrase_fillers=sum(len(find_phrase_fillers(text)) for text in texts) if verbatim else None,
        repetitions=sum(map(count_repetitions, texts)) if verbatim else None,
        hedges=sum(len(find_hedges(text)) for text in texts) if verbatim else None,
    )


def readings(delivery: Delivery) -> tuple[Reading, ...]:
    """One for each measure, in their order. What is per minute is per minute of speaking time.

    That, and the share of speech, are None under `LEAST_SPOKEN` seconds of speech. The share is of
    the time from the first sound to the end of the recording.
    """
    return tuple(
        Reading(measure, _value(delivery, measure), *_RANGES[measure]) for measure in Measure
    )


def mean_readings(deliveries: Iterable[Delivery]) -> tuple[Reading, ...]:
    """The means over answers, each over those answers in which it was measured."""
    values: dict[Measure, list[float]] = {measure: [] for measure in Measure}
    for delivery in deliveries:
        for reading in readings(delivery):
            if reading.value is not None:
                values[reading.measure].append(reading.value)
    return tuple(
        Reading(measure, fmean(values[measure]) if values[measure] else None, *_RANGES[measure])
        for measure in Measure
    )


def delivery_level(delivery: Delivery) -> int | None:
    """A level from 1 to 5: five, less one for each measured reading outside its range.

    None where too little was measured: no pace, or less than `LEAST_SPOKEN` seconds of speech.
    """
    if delivery.words_per_minute is None or delivery.speaking < LEAST_SPOKEN:
        return None
    positions = [reading.position for reading in readings(delivery)]
    outside = sum(position in (Position.BELOW, Position.ABOVE) for position in positions)
    return max(1, 5 - outside)


def mark(transcript: Transcript) -> tuple[Marked, ...]:
    """The transcript's text in runs, with its fillers and long pauses made out.

    The runs' texts make up the text again. Fillers, sounds and phrases, are made out where they are
    counted. A pause is a gap of a second or more between the times of two words.
    """
    text, gaps = transcript.text, _gaps(transcript)
    cuts = [(at, at, Marked(Mark.PAUSE, seconds=seconds)) for at, seconds in gaps]
    for filler in _fillers_of(transcript):
        inside = [at for at, _ in gaps if filler.start < at < filler.end]
        for start, end in pairwise((filler.start, *inside, filler.end)):
            cuts.append((start, end, Marked(Mark.FILLER, text[start:end])))
    runs: list[Marked] = []
    done = 0
    for start, end, marked in sorted(cuts, key=lambda cut: cut[:2]):
        runs += [Marked(Mark.PLAIN, text[done:start]), marked]
        done = end
    runs.append(Marked(Mark.PLAIN, text[done:]))
    return tuple(run for run in runs if run.text or run.mark is Mark.PAUSE)


def _fillers_of(transcript: Transcript) -> tuple[Span, ...]:
    if not (_is_english(transcript) and transcript.verbatim):
        return ()
    return (*find_fillers(transcript.text), *find_phrase_fillers(transcript.text))


def _gaps(transcript: Transcript) -> list[tuple[int, float]]:
    """Where in the text a long gap between two words lies, and its seconds."""
    gaps: list[tuple[int, float]] = []
    at, ended = 0, None
    for word in transcript.words:
        found = transcript.text.find(word.text, at)
        if found >= 0:
            if ended is not None and word.start - ended >= LONG_GAP:
                gaps.append((found, word.start - ended))
            at = found + len(word.text)
        ended = word.end
    return gaps


def _value(delivery: Delivery, measure: Measure) -> float | None:
    match measure:
        case Measure.PACE:
            return delivery.words_per_minute
        case Measure.ARTICULATION:
            return delivery.articulation_rate
        case Measure.FILLERS:
            if delivery.fillers is None or delivery.phrase_fillers is None:
                return None
            return _per_minute(delivery.fillers + delivery.phrase_fillers, delivery)
        case Measure.START_DELAY:
            return delivery.start_delay
        case Measure.PAUSES:
            return _per_minute(delivery.pauses, delivery)
        case Measure.LONGEST_PAUSE:
            return delivery.longest_pause
        case Measure.SPEAKING_SHARE:
            if delivery.speaking < LEAST_SPOKEN:
                return None
            from_first = delivery.seconds - delivery.start_delay
            return delivery.speaking / max(from_first, delivery.speaking)
        case Measure.REPETITIONS:
            return _per_minute(delivery.repetitions, delivery)
        case Measure.HEDGES:
            return _per_minute(delivery.hedges, delivery)


def _per_minute(count: int | None, delivery: Delivery) -> float | None:
    if count is None or delivery.speaking < LEAST_SPOKEN:
        return None
    return 60 * count / delivery.speaking


def _is_english(transcript: Transcript) -> bool:
    return transcript.language.startswith("en")


def _words_per_minute(transcripts: list[Transcript]) -> float | None:
    timed = [transcript.words for transcript in transcripts if transcript.words]
    span = sum(words[-1].end - words[0].start for words in timed)
    return 60 * sum(len(words) for words in timed) / span if span > LEAST_SPAN else None


def _articulation_rate(transcripts: list[Transcript]) -> float | None:
    syllables, seconds = 0, 0.0
    for transcript in transcripts:
        if transcript.words:
            seconds += _articulating(transcript.words)
            syllables += sum(
                count_syllables(word.text) for word in transcript.words if not _is_filler(word)
            )
    return syllables / seconds if seconds > LEAST_SPAN else None


def _articulating(words: tuple[Word, ...]) -> float:
    gaps = (after.start - before.end for before, after in pairwise(words))
    fillers = sum(word.end - word.start for word in words if _is_filler(word))
    return words[-1].end - words[0].start - fillers - sum(gap for gap in gaps if gap >= LONG_GAP)


def _is_filler(word: Word) -> bool:
    return bool(find_fillers(word.text))
