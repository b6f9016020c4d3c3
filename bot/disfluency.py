"""Fillers, repeats and hedges in English speech, told from real uses by the words beside them.

Where the words beside one allow both readings it is not counted, so that nobody is told of a filler
that was none. The rules see words and punctuation alone, no sound. `opens` below: a break
(punctuation, or the beginning) or a joining word such as “and” stands before.

| counted | where |
|---|---|
| um, uh, er, hmm … | always; not “the ER”, “10 mm” |
| you know, I mean | it opens, and a break or no object follows; not “do you know”, “what I mean” |
| kind of, sort of | after a form of “be”, a pronoun or an adverb; not “a kind of”, “kind of you” |
| like | between breaks; after “was” or “just” before a break, “really”, “so” or a number |
| basically | always |
| actually, literally | it opens or a break follows; not “what actually happened” |
| right? | a break before, a question mark after |
| I think, I guess, I suppose, I feel like | it opens; not “I think through the design” |
| maybe, perhaps, probably, hopefully, presumably | always |
| a little bit | not “a little bit of” |
| sort of like, kind of like, or something like that | always, and not as “sort of” again |
| to be honest | it opens; not “to be honest with” |
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from bot.words import is_number, split_words, word_set


class Span(NamedTuple):
    """`text[start:end]`."""

    start: int
    end: int


_SOUNDS = word_set("um umm uh uhh uhm er erm hmm mm mhm ah")
_JOINING = word_set("and but so because well yeah okay um uh er erm then")
_KNOWN = word_set(
    "how what that why when where who which whether if about the a an your my his her their our its"
    " it this these those them him me us nothing something anything everything enough better more"
    " of"
)
_MEANT = word_set("it that this these those the a an to by what business well no every")
_THOUGHT = word_set(
    "through about of ahead in out on like critically carefully aloud differently twice fast"
    " quickly clearly hard back long"
)
_BEING = word_set("was were is are am be been being it's that's i'm we're they're wasn't")
_BEFORE_KIND = _BEING | word_set(
    "i we they he she it you just really also did had have has got would could to but so then um uh"
    " still only already"
)
_BEFORE_LIKE = _BEING - {"am"} | {"just"}
_BEFORE_LIKE_NUMBER = _BEFORE_LIKE | word_set("had took takes got has have for about with")
_INTENSE = word_set("really so super totally literally very okay oh wow yeah")
_PERSONS = word_set("you him her them me us")
_NOT_HONEST = word_set("with about and or is was to")
_HEDGES = word_set("maybe perhaps probably hopefully presumably")
# Doubled for a reason: "we had had enough", "I knew that that was wrong", "very very slow".
_DOUBLED = word_set(
    "had that very really so many much more far long no yes never again ha bye blah knock"
    " now there well please quick"
)
# "more and more and more", "step by step by step"
_LINKS = word_set("and or by after to upon in for")


class _Speech:
    """A text's words, and whether punctuation breaks the line before each."""

    def __init__(self, text: str) -> None:
        self.tokens = split_words(text)
        self.words = [token.word for token in self.tokens]
        edges = [0, *(edge for token in self.tokens for edge in token[1:]), len(text)]
        self.gaps = [text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
        self._written = [text[token.start : token.end] for token in self.tokens]

    def breaks(self, at: int) -> bool:
        """Whether word `at` does not follow on the word before it."""
        return at in (0, len(self.words)) or any(mark in self.gaps[at] for mark in _BREAKS)

    def before(self, at: int) -> str:
        """The word on which word `at` follows, or nothing."""
        return "" if self.breaks(at) else self.words[at - 1]

    def after(self, at: int) -> str:
        """The word that follows on the words up to `at`, or nothing."""
        return "" if self.breaks(at) else self.words[at]

    def opens(self, at: int) -> bool:
        return self.breaks(at) or self.words[at - 1] in _JOINING

    def is_sound(self, at: int) -> bool:
        if self.words[at] not in _SOUNDS or self._written[at] == "ER":
            return False
        return not (self.words[at] == "mm" and is_number(self.before(at)))

    def is_name(self, at: int) -> bool:
        return self._written[at][:1].isupper() and self.words[at] != "i"

    def find(self, phrase: tuple[str, ...]) -> Iterator[int]:
        """Where the words of `phrase` stand without a break between them."""
        size = len(phrase)
        for at, word in enumerate(self.words):
            if (
                word == phrase[0]
                and tuple(self.words[at : at + size]) == phrase
                and not any(self.breaks(inner) for inner in range(at + 1, at + size))
            ):
                yield at

    def asks_before(self, at: int) -> bool:
        """Whether “what” or “how” stands before word `at` in its line: "what it was like"."""
        while not self.breaks(at):
            at -= 1
            if self.words[at] in ("what", "how", "what's"):
                return True
        return False


_BREAKS = ",.;:!?…—–\n"
_ENDS = ".!?\n"


def find_fillers(text: str) -> tuple[Span, ...]:
    """Sounds: um, uh, er."""
    speech = _Speech(text)
    places = (at for at in range(len(speech.words)) if speech.is_sound(at))
    return tuple(Span(*speech.tokens[at][1:]) for at in places)


def find_phrase_fillers(text: str) -> tuple[Span, ...]:
    """Words that carry nothing where they stand, in the order of the text."""
    return _find(text, _PHRASE_FILLERS)


def find_hedges(text: str) -> tuple[Span, ...]:
    """Words that take back some of what is said, in the order of the text."""
    return _find(text, _HEDGING)


def count_repetitions(text: str) -> int:
    """How often a word or a run of two is said again at once, fillers between them left out.

    Not counted: across the end of a sentence, numbers, single letters but “I” and “a”, names
    (“New York, New York”), runs with a joining word (“more and more and more”), and what is
    doubled for a reason (“had had”, “very very”).
    """
    speech = _Speech(text)
    said = [at for at in range(len(speech.words)) if not speech.is_sound(at)]
    ended = {at for at, gap in enumerate(speech.gaps) if any(mark in gap for mark in _ENDS)}
    count, place = 0, 0
    while place < len(said) - 1:
        for size in (1, 2):
            run = said[place : place + 2 * size]
            if len(run) == 2 * size and _is_repeated(speech, run, size, ended):
                count += 1
                place += size
                break
        else:
            place += 1
    return count


def _is_repeated(speech: _Speech, run: list[int], size: int, ended: set[int]) -> bool:
    words = [speech.words[at] for at in run]
    if words[:size] != words[size:] or any(is_number(word) for word in words):
        return False
    if any(at in ended for first, last in pairwise(run) for at in range(first + 1, last + 1)):
        return False
    if all(speech.is_name(at) for at in run):
        return False
    if size == 1:
        return words[0] not in _DOUBLED and (len(words[0]) > 1 or words[0] in "ia")
    return words[0] != words[1] and not _LINKS.intersection(words)


class _Place(NamedTuple):
    """The words from `start` to (not including) `end`."""

    speech: _Speech
    start: int
    end: int

    @property
    def opens(self) -> bool:
        return self.speech.opens(self.start)

    @property
    def before(self) -> str:
        return self.speech.before(self.start)

    @property
    def after(self) -> str:
        return self.speech.after(self.end)


_Rule = Callable[[_Place], bool]


def _find(text: str, rules: Mapping[tuple[str, ...], _Rule | None]) -> tuple[Span, ...]:
    """Where a phrase of `rules` stands and its rule holds; without a rule, anywhere."""
    speech = _Speech(text)
    found = sorted(
        (start, start + len(phrase))
        for phrase, rule in rules.items()
        for start in speech.find(phrase)
        if rule is None or rule(_Place(speech, start, start + len(phrase)))
    )
    tokens = speech.tokens
    return tuple(Span(tokens[start].start, tokens[end - 1].end) for start, end in found)


def _opens_without(follow: frozenset[str]) -> _Rule:
    return lambda place: place.opens and place.after not in follow


def _is_you_know(place: _Place) -> bool:
    just_so = place.speech.words[max(0, place.start - 2) : place.start] == ["just", "so"]
    return place.opens and place.after not in _KNOWN and not just_so


def _is_kind_of(place: _Place) -> bool:
    softens = place.before == "" or place.before in _BEFORE_KIND
    return softens and place.after != "like" and place.after not in _PERSONS


def _is_like(place: _Place) -> bool:
    speech = place.speech
    if not place.after:
        inside = place.start > 0 and place.end < len(speech.words)
        between = inside and not place.before
        return between or (place.before in _BEFORE_LIKE and not speech.asks_before(place.start))
    if place.before in _BEFORE_LIKE and place.after in _INTENSE:
        return True
    return place.before in _BEFORE_LIKE_NUMBER and is_number(place.after)


_PHRASE_FILLERS: Mapping[tuple[str, ...], _Rule | None] = {
    ("you", "know"): _is_you_know,
    ("i", "mean"): _opens_without(_MEANT),
    ("kind", "of"): _is_kind_of,
    ("sort", "of"): _is_kind_of,
    ("like",): _is_like,
    ("basically",): None,
    ("actually",): lambda place: place.opens or not place.after,
    ("literally",): lambda place: place.opens or not place.after,
    ("right",): lambda place: not place.before and "?" in place.speech.gaps[place.end],
}
_HEDGING: Mapping[tuple[str, ...], _Rule | None] = {
    ("i", "think"): _opens_without(_THOUGHT),
    ("i", "guess"): _opens_without(word_set("at")),
    ("i", "suppose"): _opens_without(word_set("")),
    ("i", "feel", "like"): _opens_without(word_set("a an")),
    ("a", "little", "bit"): lambda place: place.after != "of",
    ("sort", "of", "like"): None,
    ("kind", "of", "like"): None,
    ("or", "something", "like", "that"): None,
    ("to", "be", "honest"): _opens_without(_NOT_HONEST),
    **dict.fromkeys(((word,) for word in _HEDGES), None),
}
