"""Text as words in one form, whatever their case and punctuation, and what they count up to."""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from bot.coaching import Checklist


def word_set(words: str) -> frozenset[str]:
    """The words of a list written with spaces between, as they are."""
    return frozenset(words.split())


# A character of a script that is written without spaces; a number; or letters with what is
# written into words ("it's", "c++", "c#"), and accents that are characters of their own.
_WORD = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"|\d+(?:[.,]\d+)*[A-Za-z]*%?"
    r"|\w[\w'’‘+#\u0300-\u036f]*"
)
_NUMBER_WORDS = word_set(
    """
    two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred
    thousand million billion half twice doubled tripled
    """
)
_NUMBER = re.compile(
    rf"\d+(?:[.,]\d+)*|\b(?:{'|'.join(sorted(_NUMBER_WORDS))})\b",
    re.IGNORECASE,
)
_STRUCTURE = re.compile(
    r"\b(first(?:ly)?|second(?:ly)?|third(?:ly)?|then|next|finally|because|so that|as a result"
    r"|in the end|the (?:situation|task|problem|goal|result|outcome)|for example|which meant)\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:I|I['’](?:m|ve|d|ll)|me|my|mine|myself)\b", re.IGNORECASE)
_FIRST_PERSON_PLURAL = re.compile(
    r"\b(?:we|we['’](?:re|ve|d|ll)|us|our|ours|ourselves)\b", re.IGNORECASE
)


class Token(NamedTuple):
    """A word in its one form, and where it stands: `text[start:end]`."""

    word: str
    start: int
    end: int


def split_words(text: str) -> list[Token]:
    """The words of `text` in their order, in compatibility form (NFKC) and case-folded."""
    return [
        Token(_fold(found[0]), found.start(), found.start() + len(found[0].rstrip("'’‘")))
        for found in _WORD.finditer(text)
    ]


def words_of(text: str) -> list[str]:
    return [token.word for token in split_words(text)]


def count_words(text: str) -> int:
    return sum(1 for _ in _WORD.finditer(text))


def is_number(word: str) -> bool:
    """Whether a word, as `split_words` gives it, is a figure or a number in letters."""
    return word[:1].isdigit() or word in _NUMBER_WORDS


def figures_in(words: Iterable[str]) -> list[str]:
    """The numbers among `words`, in their order, without their per cent signs."""
    return [word.rstrip("%") for word in words if is_number(word.rstrip("%"))]


def check_words(text: str) -> Checklist:
    return Checklist(
        words=count_words(text),
        structure_cues=len(_STRUCTURE.findall(text)),
        numbers=len(_NUMBER.findall(text)),
        first_person=len(_FIRST_PERSON.findall(text)),
        first_person_plural=len(_FIRST_PERSON_PLURAL.findall(text)),
    )


def _fold(word: str) -> str:
    if not word.isascii():
        word = "".join(unicodedata.normalize("NFKC", word).split())
        word = word.replace("’", "'").replace("‘", "'")
    word = word.casefold().strip("'")
    return word.replace(",", "") if word[:1].isdigit() else word
