"""What is said of measures and progress is short, true to the numbers and never flatters."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching import Delivery, Score
from bot.coaching_words import (
    advice,
    comparison_lines,
    measure_line,
    measure_title,
    measure_value,
    progress_lines,
)
from bot.delivery import Measure, Position, Reading, readings
from bot.progress import DAY, Comparison, LevelChange, MeasureChange, Practised, progress_of
from tests import strategies

NOON = 20_000.5 * DAY
PHONE_LINES = 120  # characters in two lines of a phone's chat
CALM = Delivery(60, 60, 0, 0.0, clipped=False, words_per_minute=142, fillers=3, phrase_fillers=0)


def reading(measure: Measure, value: float | None) -> Reading:
    ranged = next(found for found in readings(CALM) if found.measure is measure)
    return replace(ranged, value=value)


@pytest.mark.parametrize(
    ("measure", "value", "line"),
    [
        (Measure.PACE, 142.4, "Pace: 142 words/min (comfortable: 120–190)"),
        (Measure.ARTICULATION, 4.62, "Articulation: 4.6 syllables/s (comfortable: 3–6)"),
        (Measure.FILLERS, 9.0, "Fillers: 9 per minute (comfortable: up to 5)"),
        (Measure.START_DELAY, 0.44, "Start delay: 0.4 s (comfortable: up to 3)"),
        (Measure.SPEAKING_SHARE, 0.83, "Share of speech: 83% (comfortable: from 60%)"),
        (Measure.FILLERS, None, "Fillers: not measured (needs 10 s of speech, in English)"),
    ],
)
def test_a_measure_is_a_line(measure: Measure, value: float | None, line: str) -> None:
    assert measure_line(reading(measure, value)) == line


@pytest.mark.parametrize(
    ("measure", "value", "shown"),
    [
        (Measure.FILLERS, 5.01, "5.1 per minute"),
        (Measure.PACE, 190.2, "191 words/min"),
        (Measure.PACE, 119.9, "119 words/min"),
        (Measure.SPEAKING_SHARE, 0.599, "59%"),
        (Measure.FILLERS, 5.0, "5 per minute"),
    ],
)
def test_rounding_does_not_make_a_value_comfortable(
    measure: Measure, value: float, shown: str
) -> None:
    assert measure_value(reading(measure, value)) == shown


@pytest.mark.parametrize("found", readings(CALM), ids=lambda found: str(found.measure))
def test_each_end_of_a_range_has_advice_and_what_is_within_has_none(found: Reading) -> None:
    inside = found.low if found.low is not None else found.high
    assert advice(replace(found, value=inside)) is None
    assert advice(replace(found, value=None)) is None
    for value, end in (((found.low or 0) - 0.1, found.low), ((found.high or 0) + 0.1, found.high)):
        if end is not None:
            said = advice(replace(found, value=value))
            assert said is not None
            assert re.fullmatch(r"[A-Z][a-z]+ [^.!?]+\.", said)


def test_a_comparison_says_what_moved() -> None:
    def change(measure: Measure, before: float, after: float) -> MeasureChange:
        return MeasureChange(reading(measure, before), reading(measure, after))

    comparison = Comparison(
        (LevelChange("evidence", 2, 4), LevelChange("delivery", 4, 3)),
        (
            change(Measure.FILLERS, 9, 4),
            change(Measure.FILLERS, 9, 6.5),
            change(Measure.FILLERS, 6, 9),
            change(Measure.PACE, 130, 160),
            change(Measure.PACE, 130, 110),
            change(Measure.PACE, 110, 200),
        ),
    )
    assert comparison_lines(comparison) == (
        "Evidence 2 → 4",
        "Delivery 4 → 3",
        "Fillers 9 → 4 per minute, now comfortable",
        "Fillers 9 → 6.5 per minute, nearer to the comfortable up to 5",
        "Fillers 6 → 9 per minute, farther from the comfortable up to 5",
        "Pace 130 → 160 words/min, still comfortable",
        "Pace 130 → 110 words/min, now below the comfortable 120–190",
        "Pace 110 → 200 words/min, as far from the comfortable 120–190",
    )


def test_a_comparison_without_a_change_says_so() -> None:
    assert comparison_lines(Comparison((), ())) == ("No score or measure moved clearly.",)


def test_progress_is_told_in_the_order_to_read_it() -> None:
    takes = (
        Practised(
            "a",
            NOON - DAY,
            "Why?",
            1,
            (Score("content", 4), Score("evidence", 2)),
            replace(CALM, fillers=9),
            5,
        ),
        Practised(
            "b",
            NOON,
            "Why?",
            1,
            (Score("content", 3), Score("evidence", 3)),
            replace(CALM, fillers=7),
            3,
        ),
    )
    lines = progress_lines(progress_of(takes, NOON))
    assert lines[:4] == (
        "Interviews: 2 · answers: 2",
        "Days in a row: 2 · longest: 2",
        "Content: 4.0 → 3.0, lower (best: 4.0)",
        "Evidence: 2.0 → 3.0, better",
    )
    assert "Pace: 142 → 142 words/min, still comfortable" in lines
    assert "Fillers: 9 → 7 per minute, nearer to the comfortable up to 5" in lines
    assert lines[-4:] == (
        "“Why?”: latest 3.0, best 3.0 of 5",
        "You rate yourself about as the score does; at first 2.0 above the score",
        "Practise next: Evidence, 2.5 of 5 lately",
        "Also work on fillers: Close your mouth and pause where an “um” would come.",
    )


def test_without_progress_nothing_is_claimed() -> None:
    assert progress_lines(progress_of((), NOON)) == (
        "Nothing to show yet: no answer has been scored or measured.",
    )
    one = progress_lines(progress_of((Practised("a", NOON, "Why?", 1, (), CALM),), NOON))
    assert "One interview so far. From the second on you see what changes." in one
    assert "No scores yet, only measures: no answer has been judged." in one
    assert not [line for line in one if "→" in line or "better" in line]


@given(
    st.lists(
        st.builds(
            Practised,
            session=st.sampled_from("abc"),
            answered_at=st.floats(0, 4e9),
            question=st.text(max_size=400),
            take=st.integers(1, 3),
            scores=st.lists(
                st.builds(Score, st.sampled_from(["content", "delivery"]), st.integers(1, 5)),
                max_size=2,
            ).map(tuple),
            delivery=st.none() | strategies.deliveries,
            rating=st.none() | st.integers(1, 5),
        ),
        max_size=8,
    ).map(tuple)
)
def test_each_line_fits_a_phone(practised: tuple[Practised, ...]) -> None:
    lines = progress_lines(progress_of(practised, NOON))
    assert lines
    for line in lines:
        assert line.strip()
        assert len(line.splitlines()) == 1
        assert len(line) <= PHONE_LINES


@given(st.sampled_from(Measure), st.floats(0, 1e4))
def test_what_is_shown_is_on_the_same_side_of_the_bounds(measure: Measure, value: float) -> None:
    found = reading(measure, value)
    number = float(re.sub(r"[^\d.]", "", measure_value(found).partition(" ")[0]))
    shown = number / 100 if measure is Measure.SPEAKING_SHARE else number
    assert replace(found, value=shown).position is found.position
    assert measure_title(measure) in measure_line(found)
    assert (advice(found) is None) == (found.position is Position.WITHIN)
