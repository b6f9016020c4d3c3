"""One number for an interview says what counts in that role, and there is none without scores."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching import LEVELS, Score
from bot.questions import bank, family_for
from bot.scoresheet import Average, overall
from bot.templates import DIMENSIONS, WEIGHTS, Family

SALES = family_for("Sales Representative")
SCORES = st.lists(
    st.builds(Score, st.sampled_from(DIMENSIONS), st.sampled_from(LEVELS)), min_size=1
)
FAMILIES = st.builds(
    lambda weights: replace(SALES, weights=weights),
    st.fixed_dictionaries({dimension: st.sampled_from(WEIGHTS) for dimension in DIMENSIONS}),
)


def weighing(**weights: int) -> Family:
    return replace(SALES, weights=dict.fromkeys(DIMENSIONS, 1) | weights)


def test_without_any_score_there_is_none() -> None:
    assert overall((), SALES) is None
    assert overall((Score("charm", 5),), SALES) is None


def test_a_dimension_counts_by_its_weight() -> None:
    scores = (Score("content", 5), Score("delivery", 1))
    assert overall(scores, weighing()) == 3
    assert overall(scores, weighing(content=3)) == 4
    assert overall(scores, weighing(delivery=3)) == 2


def test_a_dimension_without_a_score_counts_nothing() -> None:
    assert overall((Score("content", 4),), weighing(delivery=5)) == 4


def test_many_scores_in_a_dimension_count_as_their_mean() -> None:
    spoken_once = (Score("content", 1), Score("content", 3), Score("delivery", 4))
    assert overall(spoken_once, weighing()) == 3
    assert overall(iter(spoken_once), weighing()) == 3


def test_averages_count_like_scores() -> None:
    averages = (Average("content", 2.5, answers=2), Average("evidence", 4.0, answers=7))
    assert overall(averages, weighing(evidence=2)) == pytest.approx(3.5)


@pytest.mark.parametrize("family", bank().families.values(), ids=lambda family: family.id)
def test_every_family_weighs_every_dimension(family: Family) -> None:
    for level in LEVELS:
        scores = [Score(dimension, level) for dimension in DIMENSIONS]
        assert overall(scores, family) == pytest.approx(level)


def test_how_it_is_said_counts_more_in_sales_than_in_data_engineering() -> None:
    scores = [Score(dimension, 5) for dimension in DIMENSIONS[:-1]]
    mumbled = [*scores, Score("delivery", 1)]
    in_sales, in_data = (overall(mumbled, family_for(r)) for r in ("Sales", "Data Engineer"))
    assert in_sales is not None
    assert in_data is not None
    assert in_sales < in_data


@given(SCORES, FAMILIES)
def test_lies_between_the_lowest_and_the_highest(scores: list[Score], family: Family) -> None:
    levels = [score.level for score in scores]
    mean = overall(scores, family)
    assert mean is not None
    assert min(levels) - 1e-9 <= mean <= max(levels) + 1e-9


@given(SCORES, FAMILIES, st.data())
def test_a_better_answer_is_never_worth_less(
    scores: list[Score], family: Family, data: st.DataObject
) -> None:
    which = data.draw(st.integers(0, len(scores) - 1))
    better = [replace(s, level=5) if n == which else s for n, s in enumerate(scores)]
    before, after = overall(scores, family), overall(better, family)
    assert before is not None
    assert after is not None
    assert after >= before - 1e-9
