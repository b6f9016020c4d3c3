"""What is too long is cut where a reader would cut it."""

from hypothesis import assume, given
from hypothesis import strategies as st

from bot.coaching import shorten


def test_a_text_is_cut_between_words_and_marked() -> None:
    assert shorten("the quick brown fox", 19) == "the quick brown fox"
    assert shorten("the quick brown fox", 18) == "the quick brown…"
    assert shorten("unbreakable", 5) == "unbr…"


@given(st.text(), st.integers(1, 20))
def test_any_limit_is_kept(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    assert (short == text) == (len(text) <= limit)
    assume(len(text) > limit)
    assert short.endswith("…")
    assert short.removesuffix("…") in text
