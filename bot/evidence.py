"""Nothing is said of an answer that was not found in it, and nothing at all of the person."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace
from itertools import accumulate, islice

from rapidfuzz.distance import Levenshtein

from bot.coaching import (
    BETTER_LIMIT,
    LEVELS,
    POINT_LIMIT,
    QUOTE_LIMIT,
    Point,
    Review,
    shorten,
)
from bot.fairness import is_fair
from bot.orders import is_order
from bot.words import figures_in, split_words, word_set, words_of

FEWEST_QUOTED = 3  # words
CHARACTERS_PER_EDIT = 12
FUZZY_LIMIT = 4 * QUOTE_LIMIT  # characters of a quote, above which it must be exact
PLACES_LIMIT = 300
OPENING_LIMIT = 10  # characters that are looked back for the end of the sentence before

_NEGATIONS = word_set(
    """
    no not never none nobody nothing nowhere neither nor without cannot dont doesnt didnt cant wont
    wasnt werent isnt arent couldnt wouldnt shouldnt hasnt havent hadnt
    """
)
_BLANK = re.compile(r"\[[^\[\]]*\]")
_OPENS_SENTENCE = re.compile(r"(?:^|[.!?:…;]|\n)[^\w.!?:…;\n]*$")
_I = frozenset({"i", "i'm", "i've", "i'd", "i'll"})
_TERMS = frozenset({"star"})  # names that a coach calls the parts of an answer by
_NAME = re.compile(r"[A-Z]{2}|[a-z0-9][A-Z]")  # abbreviations, and "iPhone" or "GitHub"


def keep_what_is_found(review: Review, text: str, question_text: str = "") -> Review:
    """`review` of the answer `text` without what is not in it, bounded in length.

    A point stays if `find_quote` finds its quote and `is_fair` its text; it then has the answer's
    own words for a quote. What is said to be in the answer has no figure and no name of its own
    (`claims_nothing_new`), but a fix may name what is missing; neither rests on an order to the
    judge (`is_order`). A score outside of `LEVELS` is left out, and so is an unfair follow-up, or
    one with a figure or a name of its own. The better version is left out whole if it has a figure
    that the answer has not, a name or abbreviation that neither answer nor question has, or a word
    on the person where the answer has none; what stands in [square brackets] is a blank.
    """
    answer = _Answer(text)
    known = frozenset((*answer.words, *words_of(question_text)))
    follow_up = shorten(review.follow_up.strip(), POINT_LIMIT)
    asks = is_fair(follow_up) and claims_nothing_new(follow_up, known)
    return replace(
        review,
        scores=tuple({s.dimension: s for s in review.scores if s.level in LEVELS}.values()),
        strength=_told(review.strength, answer, known),
        fix=_told(review.fix, answer, known, naming=True),
        better=_same_facts(review.better, answer, question_text),
        off_topic=_found(review.off_topic, answer),
        follow_up=follow_up if asks else "",
    )


def claims_nothing_new(text: str, known: frozenset[str], *, naming: bool = False) -> bool:
    """Whether all figures in digits and all names in `text` are among the words of `known`.

    Where `naming` is true, names do not count. Numbers in letters never do: “two clear steps” is
    said of an answer, and not by it.
    """
    digits = {figure for figure in figures_in(words_of(text)) if figure[:1].isdigit()}
    if not digits <= set(figures_in(known)):
        return False
    return naming or _names_in(text) - _TERMS <= set(map(_plain, known))


def find_quote(quote: str, text: str) -> str | None:
    """The words of `text` that `quote` gives, as they stand there; None if it gives none.

    Case, punctuation, spacing and the form of characters do not count. Of the rest, one edit (a
    letter more, less or other) in every `CHARACTERS_PER_EDIT` characters is forgiven, but in no
    figure, and no negation may be added or lost. A quote has at least `FEWEST_QUOTED` words, unless
    the text is shorter. So that hostile texts cost no time, a quote of more than `FUZZY_LIMIT`
    characters must be exact, and `PLACES_LIMIT` places are compared at most.
    """
    return _Answer(text).find(quote)


class _Answer:
    """A text as words with one space between, so that quotes are looked for in one string."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = [token for token in split_words(text) if token.word]
        self.words = [token.word for token in self._tokens]
        self._line = f" {' '.join(self.words)} "
        self._starts = list(accumulate((len(word) + 1 for word in self.words), initial=1))

    def find(self, quote: str) -> str | None:
        wanted = [word for word in words_of(quote) if word]
        if not wanted or len(wanted) < min(FEWEST_QUOTED, len(self.words)):
            return None
        place = self._exact(wanted) or self._nearest(wanted)
        if place is None:
            return None
        first, last = self._tokens[place[0]], self._tokens[place[1] - 1]
        return self.text[first.start : last.end]

    def _exact(self, wanted: list[str]) -> tuple[int, int] | None:
        at = self._line.find(f" {' '.join(wanted)} ")
        if at < 0:
            return None
        first = bisect_right(self._starts, at + 1) - 1
        return first, first + len(wanted)

    def _nearest(self, wanted: list[str]) -> tuple[int, int] | None:
        line = " ".join(wanted)
        most = len(line) // CHARACTERS_PER_EDIT
        if most == 0 or len(line) > FUZZY_LIMIT:
            return None
        fewest = min(FEWEST_QUOTED, len(self.words))
        best: tuple[int, int, int] | None = None
        for first in sorted(self._places(line, most)):
            for size in (len(wanted), len(wanted) - 1, len(wanted) + 1):
                end = first + size
                if size < fewest or end > len(self.words):
                    continue
                found = self._line[self._starts[first] : self._starts[end] - 1]
                edits = Levenshtein.distance(line, found, score_cutoff=most)
                if edits <= most and _means_the_same(wanted, self.words[first:end]):
                    best, most = (edits, first, end), edits - 1
        return best[1:] if best else None

    def _places(self, line: str, edits: int) -> set[int]:
        """The words at which `line` may begin: one of `edits` + 1 pieces of it stands unchanged."""
        size = len(line) // (edits + 1)
        pieces = ((at, line[at : at + size]) for at in range(0, size * (edits + 1), size))
        found = (
            match.start() - offset
            for offset, piece in pieces
            for match in re.finditer(re.escape(piece), self._line)
        )
        places: set[int] = set()
        for start in islice(found, PLACES_LIMIT):
            near = bisect_right(self._starts, start) - 1
            places.update(range(max(0, near - 1), min(len(self.words), near + 3)))
        return places


def _means_the_same(wanted: list[str], found: list[str]) -> bool:
    same_figures = figures_in(wanted) == figures_in(found)
    return same_figures and _count_negations(wanted) == _count_negations(found)


def _count_negations(words: Iterable[str]) -> int:
    return sum(word in _NEGATIONS or word.endswith("n't") for word in words)


def _told(
    point: Point | None, answer: _Answer, known: frozenset[str], *, naming: bool = False
) -> Point | None:
    """A point that is shown as a remark, if it makes nothing up and praises no order."""
    found = _found(point, answer)
    if found is None or is_order(found.quote.removesuffix("…"), answer.text):
        return None
    return found if claims_nothing_new(found.text, known, naming=naming) else None


def _found(point: Point | None, answer: _Answer) -> Point | None:
    if point is None:
        return None
    text = shorten(point.text.strip(), POINT_LIMIT)
    found = answer.find(point.quote)
    if not text or found is None or not is_fair(text):
        return None
    return Point(text, shorten(found, QUOTE_LIMIT))


def _same_facts(better: str, answer: _Answer, question_text: str) -> str:
    shown = shorten(better, BETTER_LIMIT)
    if not set(figures_in(words_of(shown))) <= set(figures_in(answer.words)):
        return ""
    if not is_fair(shown) and is_fair(answer.text):
        return ""
    known = {_plain(word) for word in (*answer.words, *words_of(question_text))}
    return shown if _names_in(shown) <= known else ""


def _names_in(text: str) -> set[str]:
    """Words with a capital that no sentence asks for, and abbreviations; blanks left out.

    A name that begins a sentence cannot be told from another word there.
    """
    text = _BLANK.sub(" ", text)
    names = set()
    for token in split_words(text):
        written = text[token.start : token.end]
        begins = _OPENS_SENTENCE.search(text[max(0, token.start - OPENING_LIMIT) : token.start])
        if _NAME.search(written) or (written[:1].isupper() and not begins):
            names.add(_plain(token.word))
    return names - _I


def _plain(word: str) -> str:
    """Without the “s” of a possessive or a plural: "Acme's", "APIs"."""
    return word.removesuffix("'s").removesuffix("s")
