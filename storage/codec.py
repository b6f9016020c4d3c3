"""Values as JSON text: a member of a union names its type, and a transcript's word is a list.

Texts outlive the program that wrote them: a field that is added needs a default, and a class of a
union keeps its name. Keys that are not known are ignored.
"""

import json
from collections.abc import Mapping
from typing import TypeVar

from cattrs import Converter
from cattrs.preconf.json import make_converter
from cattrs.strategies import configure_tagged_union

from bot.coaching import Point, Unscorable, Word
from bot.events import VoiceNote
from bot.interview import Hearing, Phase, Queued, Recorded, TypedText, Verdict
from bot.problems import Fault

T = TypeVar("T")


def encode(value: object) -> str:
    """ASCII, whatever the text; ValueError for a number that JSON has no word for (NaN)."""
    return json.dumps(_converter.unstructure(value), allow_nan=False, separators=(",", ":"))


def decode(text: str, shape: type[T]) -> T:
    """ValueError when `text` is not one of a `shape`."""
    try:
        return _converter.structure(json.loads(text), shape)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise ValueError(f"this is no {shape.__name__}: {error!r}") from error


def encode_why(why: Unscorable | Fault) -> str:
    """`unscorable:too_short` or `fault:too_short`: the enums share values."""
    return f"{type(why).__name__.lower()}:{why}"


def decode_why(text: str) -> Unscorable | Fault:
    enum, _, why = text.partition(":")
    return Unscorable(why) if enum == "unscorable" else Fault(why)


def _encode_word(word: Word) -> list[str | float]:
    """Times in whole milliseconds, which is how transcribers count."""
    start, end = round(word.start * 1000), round(word.end * 1000)
    return [word.text, start, end, round(word.confidence, 3)]


def _decode_word(kept: list[str | float], _: type[Word]) -> Word:
    text, start, end, confidence = kept
    return Word(str(text), float(start) / 1000, float(end) / 1000, float(confidence))


def _decode_point(kept: str | Mapping[str, str], _: type[Point]) -> Point:
    """What was to change was a text once, without a quote."""
    if isinstance(kept, str):
        return Point(kept, quote="")
    return Point(str(kept["text"]), str(kept["quote"]))


def _make_converter() -> Converter:
    converter = make_converter(detailed_validation=False)
    converter.register_unstructure_hook(Word, _encode_word)
    converter.register_structure_hook(Word, _decode_word)
    converter.register_structure_hook(Point, _decode_point)
    converter.register_unstructure_hook(Unscorable | Fault, encode_why)
    converter.register_structure_hook(Unscorable | Fault, lambda text, _: decode_why(text))
    # A union's members are looked up as it is configured: the inner unions come first.
    for union in (VoiceNote | TypedText, Recorded | Queued, Hearing, Verdict, Phase):
        configure_tagged_union(union, converter, tag_name="type")
    return converter


_converter = _make_converter()
