"""Words are counted as a person would, in every script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching import Checklist
from bot.syllables import count_syllables
from bot.words import check_words, count_words, figures_in, split_words, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        (" … — ?! 👍 ", 0),
        ("I don’t know", 3),
        ("C++ and C#, 100% sure", 5),
        ("Ｆｕｌｌ width", 2),
        ("שלום עולם", 2),
        ("one\ntwo\n\nthree", 3),
        ("<b>bold</b>", 3),
        ("% % % % % % % %", 0),
        ("1,200 rows", 2),
        ("我改进了查询", 6),
        ("‘quoted’ words", 2),
        ("cafe\u0301 au lait", 3),
    ],
)
def test_words_are_counted_as_a_person_would(text: str, words: int) -> None:
    assert count_words(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It’s ‘Fine’", ["it's", "fine"]),
        ("Ｆｕｌｌ 1,200.5", ["full", "1200.5"]),
        ("cafe\u0301 CAFÉ", ["café", "café"]),
        ("C++ c# 100%", ["c++", "c#", "100%"]),
    ],
)
def test_words_have_one_form(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@given(st.text(), st.text())
def test_two_texts_have_the_words_of_both(one: str, other: str) -> None:
    assert words_of(f"{one} {other}") == words_of(one) + words_of(other)


@given(st.text())
def test_a_word_is_where_it_is_said_to_be(text: str) -> None:
    tokens = split_words(text)
    assert len(tokens) == count_words(text)
    assert all(words_of(text[token.start : token.end]) == [token.word] for token in tokens)
    edges = [edge for token in tokens for edge in token[1:]]
    assert edges == sorted(edges)


def test_figures_are_found_in_any_dress() -> None:
    words = words_of("Forty of 1,200 rows, 30%, and half of Q4 in 2024; none, one")
    assert figures_in(words) == ["forty", "1200", "30", "half", "2024"]


class TestChecklist:
    def test_counts_by_hand(self) -> None:
        text = (
            "First, I looked at the problem because we had lost 20 customers. "
            "Then I’ve rewritten our mail, and as a result twenty came back to us. My idea!"
        )
        assert check_words(text) == Checklist(
            words=28,
            structure_cues=5,  # first, the problem, because, then, as a result
            numbers=2,  # 20 and twenty
            first_person=3,  # I, I've, My
            first_person_plural=3,  # we, our, us
        )

    @pytest.mark.parametrize(
        ("text", "numbers"),
        [("1,200.50", 1), ("3 of 4, half", 3), ("weight and often", 0), ("Ten, TWICE", 2)],
    )
    def test_counts_a_number_once(self, text: str, numbers: int) -> None:
        assert check_words(text).numbers == numbers

    @given(st.text())
    def test_of_anything_is_total(self, text: str) -> None:
        checklist = check_words(text)
        assert checklist.words == count_words(text)
        assert min(checklist.structure_cues, checklist.numbers, checklist.first_person) >= 0


@pytest.mark.parametrize(
    ("text", "syllables"),
    [
        ("", 0),
        ("I found the slow query", 6),
        ("table rules asked rated boxes times", 9),
        ("create radio going previous quiet", 2 + 3 + 2 + 3 + 2),
        ("didn’t won't business every", 2 + 1 + 2 + 2),
        ("SQL AWS API", 3 + 5 + 3),
        ("1,200 rows, 40%", 4 + 1 + 4),
        ("hmm … brr", 2),
    ],
)
def test_syllables_are_told_from_spelling(text: str, syllables: int) -> None:
    assert count_syllables(text) == syllables
