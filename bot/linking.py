"""The one-time code that joins a person's histories on two platforms; pure."""

import unicodedata
from enum import StrEnum

LINK_LASTS = 600.0  # seconds for which a code can be used
WRONG_TRIES = 5  # in LINK_LASTS: whoever has had as many is not listened to
# Of characters that look alike (0 O, 1 I L, 2 Z, 5 S, 8 B, 6 G, U V) none is here.
CODE_ALPHABET = "3479ACDEFHJKMNPQRTWXY"
CODE_LENGTH = 8
CODE_BYTES = 16  # random ones: with fewer, some codes would be likelier than others


class Joined(StrEnum):
    """What came of a code. UNKNOWN does not tell a code that never was from a used or old one."""

    LINKED = "linked"
    UNKNOWN = "unknown"
    SAME_PERSON = "same_person"
    TOO_MANY_TRIES = "too_many_tries"
    ALREADY = "already"


def new_code(random_bytes: bytes) -> str:
    """A code as it is shown, `XXXX-XXXX`; ValueError for fewer bytes than CODE_BYTES."""
    if len(random_bytes) < CODE_BYTES:
        raise ValueError(f"a code needs {CODE_BYTES} random bytes, not {len(random_bytes)}")
    number = int.from_bytes(random_bytes, "big")
    places = (number // len(CODE_ALPHABET) ** n for n in range(CODE_LENGTH))
    return _grouped("".join(CODE_ALPHABET[place % len(CODE_ALPHABET)] for place in places))


def clean_code(text: str) -> str | None:
    """The code that somebody typed, as it was shown, or None when it can be none.

    Case, spaces and dashes of any kind do not matter.
    """
    typed = "".join(character for character in text if not _separates(character)).upper()
    if len(typed) != CODE_LENGTH or not set(typed) <= set(CODE_ALPHABET):
        return None
    return _grouped(typed)


def _grouped(characters: str) -> str:
    half = CODE_LENGTH // 2
    return f"{characters[:half]}-{characters[half:]}"


def _separates(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) == "Pd"
