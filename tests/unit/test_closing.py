"""What is to change rests on what was said or measured, and is of use whoever says it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.closing import close_with
from bot.coaching import (
    CHANGES_LIMIT,
    Point,
    Review,
    Reviewer,
    Score,
    Sound,
    Summary,
    Unscorable,
)
from bot.coaching_words import advice
from bot.delivery import mean_readings
from bot.events import VoiceNote
from bot.evidence import find_quote
from bot.fairness import is_fair
from bot.interview import (
    Finished,
    Heard,
    Interview,
    Note,
    Reviewed,
    Take,
    Unscored,
    Verdict,
    delivery_of,
    latest_takes,
    text_of,
)
from tests.answers import ASKED, MORE, SPEECH
from tests.contract.ear_in_memory import transcript_of
from tests.strategies import interviews, summaries

SLOW = Sound(seconds=30.0, speaking=20.0, start_delay=9.0, pauses=(), clipped=0.0)
OPEN = Point("Open with the result.", "halved its time")
NAME = Point("Name the cause.", "found the slow query")
THANK = Point("Say who wrote.", "wrote to thank us")
CLAIM = Point("Name the number of people.", "I led forty people")
ACCENT = Point("Lose your accent.", "found the slow query")


def judged(fix: Point | None, level: int) -> Reviewed:
    return Reviewed(Review(Reviewer.COACH, scores=(Score("content", level),), fix=fix))


def take(verdict: Verdict, text: str = SPEECH, turn: int = 0, sound: Sound | None = None) -> Take:
    note = Note(VoiceNote("note"), Heard(transcript_of(text), sound))
    return Take(turn, 1, 9.0, (note,), verdict)


def answered(*takes: Take) -> Interview:
    return replace(ASKED, takes=takes)


def changes(interview: Interview, *made: Point) -> tuple[Point, ...]:
    return close_with(Summary(Reviewer.COACH, changes=made), interview).changes


def test_a_change_that_no_answer_bears_out_is_left_out() -> None:
    interview = answered(take(judged(None, 4)))
    assert changes(interview, CLAIM, OPEN) == (OPEN,)


def test_a_change_of_the_person_is_left_out() -> None:
    assert changes(answered(take(judged(None, 4))), ACCENT, OPEN) == (OPEN,)


def test_a_change_may_rest_on_any_answer() -> None:
    interview = answered(take(judged(None, 4)), take(judged(None, 4), MORE, turn=1))
    assert changes(interview, THANK, OPEN) == (THANK, OPEN)


def test_an_answer_that_was_refused_bears_nothing_out() -> None:
    refused = take(Unscored(Unscorable.OFF_TOPIC, "wrote to thank us"), MORE, turn=1)
    assert changes(answered(take(judged(None, 4)), refused), THANK) == ()


def test_it_is_filled_up_with_fixes_the_weakest_answers_first() -> None:
    strong = take(judged(NAME, 5))
    weak = take(judged(THANK, 2), MORE, turn=1)
    assert changes(answered(strong, weak)) == (THANK, NAME)
    assert changes(answered(strong, weak), OPEN) == (OPEN, THANK, NAME)
    assert changes(answered(strong, weak), NAME) == (NAME, THANK)


def test_it_is_filled_up_with_advice_on_what_was_measured() -> None:
    slow = take(judged(NAME, 3), sound=SLOW)
    delivery = delivery_of(slow)
    assert delivery is not None
    advised = {said for reading in mean_readings([delivery]) if (said := advice(reading))}
    filled = changes(answered(slow), OPEN)
    assert filled[:2] == (OPEN, NAME)
    assert {change.text for change in filled[2:]} <= advised
    assert len(filled) == CHANGES_LIMIT


@pytest.mark.parametrize(
    ("headline", "kept"),
    [("You name causes.", True), ("You sound nervous.", False), ("", True)],
)
def test_a_headline_on_the_person_is_left_out(headline: str, kept: bool) -> None:  # noqa: FBT001 - a row of the table
    summary = Summary(Reviewer.COACH, headline)
    closed = close_with(summary, answered(take(judged(None, 4))))
    assert closed.headline == (headline if kept else "")


@given(interviews(), summaries())
def test_whatever_is_said_at_the_end_is_fair_and_borne_out(
    interview: Interview, summary: Summary
) -> None:
    phase = Finished(9.0, summary)
    closed = close_with(summary, replace(interview, phase=phase))
    takes = latest_takes(interview)
    fixes = [t.verdict.review.fix for t in takes if isinstance(t.verdict, Reviewed)]
    assert len(closed.changes) <= CHANGES_LIMIT
    assert is_fair(closed.headline)
    for change in closed.changes:
        found = any(find_quote(change.quote, text_of(each)) for each in takes)
        assert found or change in fixes or not change.quote


@given(st.permutations([OPEN, NAME, THANK, CLAIM, ACCENT]))
def test_the_coachs_own_order_is_kept(made: list[Point]) -> None:
    interview = answered(take(judged(None, 4)), take(judged(None, 4), MORE, turn=1))
    wanted = tuple(change for change in made if change in (OPEN, NAME, THANK))
    assert changes(interview, *made) == wanted
