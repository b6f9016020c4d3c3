"""Codes are read as they were shown, however they are typed, and nothing else is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.linking import CODE_ALPHABET, CODE_BYTES, CODE_LENGTH, clean_code, new_code

RANDOM = st.binary(min_size=CODE_BYTES, max_size=2 * CODE_BYTES)
BETWEEN = st.text(" \t\n\u00a0-\u2010\u2011\u2012\u2013\u2014\u2015", max_size=3)


@given(RANDOM)
def test_a_code_is_two_groups_of_four(random_bytes: bytes) -> None:
    left, dash, right = new_code(random_bytes).partition("-")
    assert (len(left), dash, len(right)) == (4, "-", 4)
    assert set(left + right) <= set(CODE_ALPHABET)


@given(RANDOM)
def test_a_code_is_read_as_it_was_shown(random_bytes: bytes) -> None:
    code = new_code(random_bytes)
    assert clean_code(code) == code


@given(RANDOM, st.data())
def test_case_spaces_and_dashes_do_not_matter(random_bytes: bytes, data: st.DataObject) -> None:
    code = new_code(random_bytes)
    typed = data.draw(BETWEEN)
    for character in code.replace("-", ""):
        written = data.draw(st.sampled_from([character, character.lower()]))
        typed += written + data.draw(BETWEEN)
    assert clean_code(typed) == code


@given(st.text() | st.text(CODE_ALPHABET + CODE_ALPHABET.lower() + " -", max_size=12))
def test_what_is_read_is_a_code_or_nothing(text: str) -> None:
    code = clean_code(text)
    if code is not None:
        left, dash, right = code.partition("-")
        assert (len(left), dash, len(right)) == (4, "-", 4)
        assert set(left + right) <= set(CODE_ALPHABET)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "----",
        "ACDE-FHJ",
        "ACDE-FHJKM",
        "ACDE_FHJK",
        "ACDE-FHJ0",
        "ACDE-FHJO",
        "ACDE\x00FHJK",
        "\u0410CDE-FHJK",
    ],
)
def test_what_is_no_code_is_not_read(text: str) -> None:
    assert clean_code(text) is None


def test_no_two_characters_look_alike() -> None:
    for alike in ("0O", "1IL", "2Z", "5S", "8B", "6G", "UV"):
        assert not set(alike) & set(CODE_ALPHABET)


def test_every_character_comes_at_every_place() -> None:
    size = len(CODE_ALPHABET)
    for place in range(CODE_LENGTH):
        numbers = [n * size**place for n in range(size)]
        codes = [new_code(number.to_bytes(CODE_BYTES, "big")) for number in numbers]
        assert {code.replace("-", "")[place] for code in codes} == set(CODE_ALPHABET)


@pytest.mark.parametrize("size", [0, 1, CODE_BYTES - 1])
def test_too_few_random_bytes_are_refused(size: int) -> None:
    with pytest.raises(ValueError, match="a code needs 16 random bytes"):
        new_code(bytes(size))
