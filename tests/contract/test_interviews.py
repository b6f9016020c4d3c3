"""What the engine relies on, wherever interviews are kept."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import Phase as Run
from hypothesis import strategies as st

from bot.brief import Brief
from bot.coaching import Review, Reviewer, Summary, Transcript, Unscorable
from bot.events import VoiceNote
from bot.history import Ending, SessionLine, record_of
from bot.interview import (
    Asking,
    Finished,
    Heard,
    Interview,
    Note,
    Phase,
    Preparing,
    Recorded,
    Reviewed,
    Stopped,
    Take,
    TypedText,
    Unheard,
    Unscored,
    Verdict,
)
from bot.ports import Interviews, Outcome, Shown
from bot.problems import Fault
from bot.questions import Question, QuestionKind
from bot.screens import digest_of, screen_for
from storage.sqlite import SqliteInterviews
from tests import strategies
from tests.contract.interviews_in_memory import InterviewsInMemory

QUESTIONS = tuple(Question(f"q{n}", f"Why {n}?", QuestionKind.BEHAVIOURAL) for n in range(3))


@pytest.fixture(params=["memory", "sqlite"])
async def interviews(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Interviews]:
    memory = request.param == "memory"
    opened = InterviewsInMemory() if memory else await SqliteInterviews.open(tmp_path / "i.db")
    yield opened
    await opened.close()


def asking(
    *takes: Take, key: str = "c", session: str = "s1", rev: int = 1, started_at: float = 100.0
) -> Interview:
    return Interview(
        key=key,
        rev=rev,
        person="p",
        session=session,
        started_at=started_at,
        brief=Brief(role="Nurse", company="Mercy"),
        phase=Asking(turn=0),
        questions=QUESTIONS,
        takes=takes,
    )


def typed(turn: int = 0, number: int = 1, verdict: Verdict | None = None) -> Take:
    note = Note(TypedText("Because."), Heard(Transcript("Because."), sound=None))
    judged = verdict or Reviewed(Review(Reviewer.MEASURES))
    return Take(turn, number, 101.0, (note,), judged)


# Saving


async def test_nothing_is_there_before_the_first_save(interviews: Interviews) -> None:
    assert await interviews.load("c") is None
    assert await interviews.shown("c") is None
    assert await interviews.unfinished() == ()
    assert not await interviews.had("c", "e1")
    assert await interviews.sessions("p", 10, 0) == ()
    assert await interviews.session("p", "s1") is None


async def test_what_is_saved_is_loaded(interviews: Interviews) -> None:
    first = asking(typed())
    assert await interviews.save(first, "e1") is Outcome.SAVED
    assert await interviews.load("c") == first
    second = replace(first, rev=2, phase=Asking(turn=1))
    assert await interviews.save(second, "e2") is Outcome.SAVED
    assert await interviews.load("c") == second
    assert await interviews.load("other") is None


@pytest.mark.parametrize("rev", [-1, 0, 1, 2, 4, 9])
async def test_a_save_from_another_revision_is_overtaken_and_keeps_nothing(
    interviews: Interviews, rev: int
) -> None:
    for kept in (1, 2):
        await interviews.save(asking(rev=kept), None)
    other = asking(typed(), rev=rev, session="other")
    assert await interviews.save(other, "e1") is Outcome.OVERTAKEN
    assert await interviews.load("c") == asking(rev=2)
    assert not await interviews.had("c", "e1")
    assert await interviews.session("p", "other") is None


@pytest.mark.parametrize("rev", [-1, 0, 2])
async def test_the_first_save_is_of_the_first_revision(interviews: Interviews, rev: int) -> None:
    assert await interviews.save(asking(rev=rev), None) is Outcome.OVERTAKEN
    assert await interviews.load("c") is None


async def test_an_event_counts_once_in_its_conversation(interviews: Interviews) -> None:
    await interviews.save(asking(), "e1")
    assert await interviews.had("c", "e1")
    again = asking(typed(), rev=2, session="other")
    assert await interviews.save(again, "e1") is Outcome.DUPLICATE
    assert await interviews.load("c") == asking()
    assert await interviews.session("p", "other") is None
    assert await interviews.save(asking(key="d"), "e1") is Outcome.SAVED
    assert not await interviews.had("d", "e2")


async def test_a_repeated_event_is_a_duplicate_even_when_overtaken(interviews: Interviews) -> None:
    await interviews.save(asking(), "e1")
    assert await interviews.save(asking(), "e1") is Outcome.DUPLICATE


async def test_work_that_has_no_event_is_saved_each_time(interviews: Interviews) -> None:
    for rev in (1, 2, 3):
        assert await interviews.save(asking(rev=rev), None) is Outcome.SAVED


async def test_of_rival_saves_one_wins(interviews: Interviews) -> None:
    rivals = [asking(session=f"s{n}") for n in range(20)]
    outcomes = await asyncio.gather(
        *(interviews.save(rival, f"e{n}") for n, rival in enumerate(rivals))
    )
    assert sorted(outcomes) == [Outcome.OVERTAKEN] * 19 + [Outcome.SAVED]
    winner = outcomes.index(Outcome.SAVED)
    assert await interviews.load("c") == rivals[winner]
    assert [await interviews.had("c", f"e{n}") for n in range(20)] == [
        n == winner for n in range(20)
    ]


async def test_conversations_do_not_touch_each_other(interviews: Interviews) -> None:
    several = [asking(typed(), key=f"c{n}", session=f"s{n}") for n in range(50)]
    outcomes = await asyncio.gather(*(interviews.save(one, "e1") for one in several))
    assert set(outcomes) == {Outcome.SAVED}
    assert await asyncio.gather(*(interviews.load(one.key) for one in several)) == several


async def test_text_with_half_a_character_is_loaded_as_it_was(interviews: Interviews) -> None:
    half = Take(0, 1, 1.0, (Note(TypedText("\ud83d"), Heard(Transcript("\ud83d\0"), None)),))
    await interviews.save(asking(half), None)
    assert await interviews.load("c") == asking(half)
    assert await interviews.session("p", "s1") is not None


async def test_a_number_that_cannot_be_kept_is_refused(interviews: Interviews) -> None:
    with pytest.raises(ValueError, match="JSON"):
        await interviews.save(asking(started_at=float("nan")), "e1")
    assert await interviews.load("c") is None
    assert not await interviews.had("c", "e1")


# What a restart takes up


async def test_unfinished_are_those_that_wait_for_somebody(interviews: Interviews) -> None:
    waiting = [
        asking(key="asks"),
        replace(asking(key="prepares"), phase=Preparing(ticket=1)),
        replace(asking(key="deletes"), phase=Stopped(1.0), copies=("job",)),
    ]
    done = [
        Interview(key="idle", rev=1),
        replace(asking(key="stopped"), phase=Stopped(1.0)),
        replace(asking(key="finished"), phase=Finished(1.0, Summary(Reviewer.COACH))),
    ]
    for interview in (*waiting, *done):
        await interviews.save(interview, None)
    assert sorted(await interviews.unfinished()) == ["asks", "deletes", "prepares"]
    await interviews.save(replace(waiting[0], rev=2, phase=Stopped(2.0)), None)
    assert sorted(await interviews.unfinished()) == ["deletes", "prepares"]
    await interviews.save(replace(done[0], rev=2, phase=Preparing(ticket=2)), None)
    assert sorted(await interviews.unfinished()) == ["deletes", "idle", "prepares"]


async def test_the_card_that_is_shown_is_the_last_one_saved(interviews: Interviews) -> None:
    other = Shown("d", "k", "9", "ff")
    for shown in (Shown("c", "k1", "1", "aa"), other, Shown("c", "k2", "2", "bb")):
        await interviews.save_shown(shown)
    assert await interviews.shown("c") == Shown("c", "k2", "2", "bb")
    assert await interviews.shown("d") == other


# History


async def test_a_session_without_an_answer_is_not_in_the_history(interviews: Interviews) -> None:
    await interviews.save(asking(), None)
    assert await interviews.sessions("p", 10, 0) == ()
    assert await interviews.session("p", "s1") is None


async def test_a_session_is_only_its_persons(interviews: Interviews) -> None:
    await interviews.save(asking(typed()), None)
    assert await interviews.session("p", "s1") == record_of(asking(typed()))
    assert await interviews.session("q", "s1") is None
    assert await interviews.session("p", "s2") is None
    assert await interviews.sessions("q", 10, 0) == ()


async def test_sessions_come_latest_first_and_in_pages(interviews: Interviews) -> None:
    started = {"s1": 10.0, "s2": 30.0, "s3": 20.0, "s4": 20.0}
    for session, at in started.items():
        interview = asking(typed(), key=f"c-{session}", session=session, started_at=at)
        await interviews.save(interview, None)
    listed = await interviews.sessions("p", 10, 0)
    assert [line.session for line in listed] == ["s2", "s4", "s3", "s1"]
    assert await interviews.sessions("p", 2, 0) == listed[:2]
    assert await interviews.sessions("p", 2, 2) == listed[2:]
    assert await interviews.sessions("p", 2, 4) == ()


async def test_a_line_counts_questions_answered_and_tells_the_ending(
    interviews: Interviews,
) -> None:
    takes = (typed(0, 1), typed(0, 2), typed(1, 1))
    phases: dict[Ending, Phase] = {
        Ending.OPEN: Asking(turn=1),
        Ending.FINISHED: Finished(1.0, Summary(Reviewer.COACH, "Good.", ("Pause.",))),
        Ending.STOPPED: Stopped(1.0),
    }
    for rev, (ending, phase) in enumerate(phases.items(), start=1):
        await interviews.save(replace(asking(*takes, rev=rev), phase=phase), None)
        line = SessionLine("s1", "Nurse", "Mercy", 100.0, ending, answered=2)
        assert await interviews.sessions("p", 10, 0) == (line,)


async def test_the_history_follows_the_interview(interviews: Interviews) -> None:
    def note(hearing: Heard | Recorded | Unheard) -> Note:
        return Note(VoiceNote("file"), hearing)

    heard = note(Heard(Transcript("I did"), None))
    steps = (
        Take(0, 1, 1.0, (note(Recorded(1)), note(Recorded(2)))),
        Take(0, 1, 1.0, (note(Recorded(1)), heard)),
        Take(0, 1, 1.0, (note(Heard(Transcript("First"), None)), heard)),
        Take(0, 1, 1.0, (heard,), Reviewed(Review(Reviewer.COACH, better="I did it"))),
        Take(0, 1, 1.0, (heard, note(Unheard(Fault.TOO_SHORT))), Unscored(Unscorable.TOO_SHORT)),
        Take(0, 1, 1.0, (heard, note(Unheard(Fault.TOO_SHORT))), Unscored(Fault.TOO_SHORT)),
    )
    for rev, take in enumerate(steps, start=1):
        interview = asking(take, typed(1), rev=rev)
        await interviews.save(interview, None)
        assert await interviews.session("p", "s1") == record_of(interview)


async def test_the_kind_of_reason_is_kept(interviews: Interviews) -> None:
    reasons: tuple[Unscorable | Fault, ...] = (Unscorable.TOO_SHORT, Fault.TOO_SHORT)
    for rev, why in enumerate(reasons, start=1):
        await interviews.save(asking(typed(verdict=Unscored(why)), rev=rev), None)
        record = await interviews.session("p", "s1")
        assert record is not None
        assert type(record.answers[0].unscored) is type(why)


async def test_earlier_sessions_outlive_the_next_interview(interviews: Interviews) -> None:
    first, second = asking(typed()), asking(rev=2, session="s2", started_at=200.0)
    answered = replace(second, rev=3, takes=(typed(),))
    for interview in (first, second, answered):
        await interviews.save(interview, None)
        assert await interviews.session("p", "s1") == record_of(first)
    assert [line.session for line in await interviews.sessions("p", 10, 0)] == ["s2", "s1"]
    assert await interviews.session("p", "s2") == record_of(answered)


async def test_the_same_session_name_elsewhere_is_another_session(interviews: Interviews) -> None:
    here = asking(typed())
    there = replace(asking(typed(), typed(1), key="d"), person="q")
    for interview in (here, there):
        await interviews.save(interview, None)
    assert await interviews.session("p", "s1") == record_of(here)
    assert await interviews.session("q", "s1") == record_of(there)


@settings(
    deadline=None,
    max_examples=40,
    phases=[Run.explicit, Run.reuse, Run.generate],  # not shrunk: each builds on those before
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(strategies.interviews(), min_size=1, max_size=3))
async def test_any_interviews_are_kept_with_their_history(
    interviews: Interviews, drawn: list[Interview]
) -> None:
    for interview in drawn:
        key = interview.key
        kept = await interviews.load(key)
        following = replace(interview, rev=kept.rev + 1 if kept else 1, session=key)
        assert await interviews.save(following, None) is Outcome.SAVED
        assert await interviews.load(key) == following
        record = record_of(following)
        if record is not None:
            read = await interviews.session(following.person, key)
            assert read == record
            assert repr(read) == repr(record)  # enums and booleans equal texts and numbers


async def test_undrawn_are_those_that_show_something_else(interviews: Interviews) -> None:
    stopped = Interview("old", rev=1, session="s", phase=Stopped(at=1.0))
    idle = Interview("idle", rev=1)
    for interview in (stopped, idle):
        assert await interviews.save(interview, None) is Outcome.SAVED
    assert await interviews.undrawn() == ("old",)
    screen = screen_for(stopped)
    assert screen is not None
    await interviews.save_shown(Shown("old", screen.key, "1", "another"))
    assert await interviews.undrawn() == ("old",)
    await interviews.save_shown(Shown("old", screen.key, "1", digest_of(screen)))
    assert await interviews.undrawn() == ()
