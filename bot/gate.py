"""What is not scored: judging too little, noise, another language or an echo would be inventing."""

from collections.abc import Iterable

from bot.coaching import Sound, Transcript, Unscorable
from bot.language import is_english
from bot.words import count_words, words_of

FEWEST_WORDS = 8
LEAST_CONFIDENCE = 0.5
LEAST_SPEECH = 0.5  # seconds
ECHOED_RUN = 3  # words in a row that are the question's


def is_silent(sound: Sound) -> bool:
    return sound.speaking < LEAST_SPEECH


def unscorable(text: str, transcripts: Iterable[Transcript], question: str) -> Unscorable | None:
    """Why `text`, the answer to `question`, cannot be judged, or None.

    Of a recording that is unclear, or that the transcriber says is in another language, no word
    counts: the rest of the answer has to be long enough by itself. What a transcriber does not say
    of the language, and what was typed, is told from the words (`language.is_english`).
    """
    heard = tuple(transcripts)
    words = count_words(text)
    if words == 0:
        return Unscorable.NO_WORDS
    unclear = [each for each in heard if _is_unclear(each)]
    foreign = [each for each in heard if not _is_unclear(each) and _is_foreign(each)]
    if words - _words_in(unclear) - _words_in(foreign) < FEWEST_WORDS:
        if _words_in(foreign) > _words_in(unclear):
            return Unscorable.LANGUAGE
        return Unscorable.UNCLEAR if unclear else Unscorable.TOO_SHORT
    if not is_english(text):
        return Unscorable.LANGUAGE
    return Unscorable.ECHO if _is_echo(text, question) else None


def _is_unclear(heard: Transcript) -> bool:
    return heard.confidence is not None and heard.confidence < LEAST_CONFIDENCE


def _is_foreign(heard: Transcript) -> bool:
    return bool(heard.language) and not heard.language.startswith("en")


def _words_in(heard: Iterable[Transcript]) -> int:
    return sum(count_words(each.text) for each in heard)


def _is_echo(text: str, question: str) -> bool:
    """Whether, without the question's own runs of words, too little is left of the answer.

    An answer that has more of its own than of the question is none, however short it is.
    """
    said, asked = words_of(text), words_of(question)
    runs = {tuple(asked[at : at + ECHOED_RUN]) for at in range(len(asked) - ECHOED_RUN + 1)}
    echoed = {
        place
        for at in range(len(said) - ECHOED_RUN + 1)
        if tuple(said[at : at + ECHOED_RUN]) in runs
        for place in range(at, at + ECHOED_RUN)
    }
    own = len(said) - len(echoed)
    return own < FEWEST_WORDS and own < len(echoed)
