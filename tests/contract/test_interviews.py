"""What the engine relies on, wherever interviews are kept."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import Phase as Run
from hypothesis import strategies as st

from bot.brief import Brief
from bot.coaching import Point, Review, Reviewer, Score, Sound, Summary, Transcript, Unscorable
from bot.events import VoiceNote
from bot.history import Asked, Ending, SessionLine, asked_of, record_of
from bot.interview import (
    Asking,
    Deferred,
    Finished,
    Heard,
    Interview,
    Judging,
    Note,
    Panel,
    Phase,
    Preparing,
    Recorded,
    Reviewed,
    Stage,
    Stopped,
    Take,
    TypedText,
    Unheard,
    Unscored,
    Verdict,
    WrappingUp,
    delivery_of,
)
from bot.linking import LINK_LASTS, WRONG_TRIES, Joined
from bot.ports import Interviews, Links, Outcome, Shown
from bot.problems import Fault
from bot.progress import Practised
from bot.questions import Question, QuestionKind
from bot.screens import digest_of, screen_for
from storage.sqlite import SqliteInterviews
from tests import strategies
from tests.contract.interviews_in_memory import InterviewsInMemory

QUESTIONS = tuple(Question(f"q{n}", f"Why {n}?", QuestionKind.BEHAVIOURAL) for n in range(3))


class LinkedInterviews(Interviews, Links, Protocol):
    """What is kept of people who may be linked."""


@pytest.fixture(params=["memory", "sqlite"])
async def interviews(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[LinkedInterviews]:
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
        Ending.FINISHED: Finished(1.0, Summary(Reviewer.COACH, "Good.", (Point("Pause.", ""),))),
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
        asked = await interviews.asked(following.person, 100_000)
        assert {q.id for q in asked_of(following)} <= {question.id for question in asked}
        record = record_of(following)
        if record is not None:
            read = await interviews.session(following.person, key)
            assert read == record
            assert repr(read) == repr(record)  # enums and booleans equal texts and numbers


# Questions that were asked


def put(*ids: str, turn: int, key: str = "c", rev: int = 1, at: float = 100.0) -> Interview:
    questions = tuple(Question(n, f"Why {n}?", QuestionKind.TECHNICAL) for n in ids)
    begun = asking(key=key, rev=rev, session=f"s{at}", started_at=at)
    return replace(begun, phase=Asking(turn), questions=questions)


def asked_ids(asked: tuple[Asked, ...]) -> str:
    return "".join(question.id for question in asked)


async def test_questions_count_as_asked_when_they_are_put(interviews: LinkedInterviews) -> None:
    assert await interviews.asked("p", 10) == ()
    preparing = replace(put("a", "b", "c", turn=0), phase=Preparing(1))
    await interviews.save(preparing, None)
    assert await interviews.asked("p", 10) == ()
    for rev, turn in ((2, 0), (3, 0), (4, 1)):
        await interviews.save(put("a", "b", "c", turn=turn, rev=rev), None)
        expected = (Asked("a", "Why a?"), Asked("b", "Why b?"))[: turn + 1]
        assert await interviews.asked("p", 10) == expected
    await interviews.save(replace(put("a", "b", "c", turn=0, rev=5), phase=Stopped(200.0)), None)
    assert asked_ids(await interviews.asked("p", 10)) == "ab"
    assert await interviews.asked("q", 10) == ()


async def test_nothing_is_asked_by_a_save_that_is_refused(interviews: LinkedInterviews) -> None:
    await interviews.save(put("a", turn=0), "e1")
    assert await interviews.save(put("b", turn=0, rev=2), "e1") is Outcome.DUPLICATE
    assert await interviews.save(put("b", turn=0, rev=4), None) is Outcome.OVERTAKEN
    assert asked_ids(await interviews.asked("p", 10)) == "a"


async def test_the_newest_of_the_asked_come_in_their_order(interviews: LinkedInterviews) -> None:
    await interviews.save(put("d", "e", "a", turn=2, key="late", at=300.0), None)
    await interviews.save(put("z", "b", "c", turn=2, key="early", at=100.0), None)
    assert asked_ids(await interviews.asked("p", 10)) == "zbcdea"
    assert asked_ids(await interviews.asked("p", 4)) == "cdea"
    assert asked_ids(await interviews.asked("p", 0)) == ""


async def test_what_is_asked_again_was_asked_last(interviews: LinkedInterviews) -> None:
    again = put("b", "c", turn=1, key="again", at=200.0)
    await interviews.save(put("a", "b", "d", turn=2), None)
    await interviews.save(again, None)
    assert asked_ids(await interviews.asked("p", 10)) == "adbc"
    # The earlier interview is still open, and asks nothing later for that.
    await interviews.save(put("a", "b", "d", turn=2, rev=2), None)
    assert asked_ids(await interviews.asked("p", 10)) == "adbc"
    reworded = replace(again.questions[0], text="Why b, again?")
    await interviews.save(replace(put("b", turn=0, key="d", at=300.0), questions=(reworded,)), None)
    assert (await interviews.asked("p", 1)) == (Asked("b", "Why b, again?"),)


# Progress


def practised(interview: Interview, take: Take, scores: tuple[Score, ...] = ()) -> Practised:
    question = interview.questions[take.turn].text
    session, at = interview.session, take.answered_at
    return Practised(session, at, question, take.number, scores, delivery_of(take))


async def test_practised_are_the_takes_that_were_judged_or_measured(
    interviews: LinkedInterviews,
) -> None:
    sound = Sound(9.0, 8.0, 0.5, (), 0.0)
    spoken = Note(VoiceNote("file"), Heard(Transcript("I did"), sound))
    scores = (Score("structure", 4), Score("content", 2))
    judged = Take(0, 2, 103.0, (spoken,), Reviewed(Review(Reviewer.COACH, scores)))
    measured = replace(typed(), verdict=Reviewed(Review(Reviewer.MEASURES)))
    refused = typed(1, verdict=Unscored(Unscorable.TOO_SHORT))
    open_take = Take(2, 1, 104.0, (spoken,))
    interview = asking(measured, judged, refused, open_take)
    await interviews.save(interview, None)
    assert await interviews.practised("p", 10) == (
        practised(interview, measured),
        practised(interview, judged, scores),
    )
    assert await interviews.practised("q", 10) == ()


async def test_the_newest_of_the_practised_come_in_their_order(
    interviews: LinkedInterviews,
) -> None:
    def take(number: int, at: float) -> Take:
        scores = (Score("content", number), Score("evidence", 1))
        return replace(
            typed(0, number),
            answered_at=at,
            verdict=Reviewed(Review(Reviewer.COACH, scores)),
        )

    late = asking(take(1, 400.0), take(2, 400.0), key="late", session="late")
    early = asking(take(3, 100.0), take(4, 500.0), key="early", session="early")
    for interview in (late, early):
        await interviews.save(interview, None)
    everything = await interviews.practised("p", 10)
    assert [each.take for each in everything] == [3, 1, 2, 4]
    assert [len(each.scores) for each in everything] == [2] * 4
    assert await interviews.practised("p", 2) == everything[2:]
    assert await interviews.practised("p", 0) == ()


# Linking


async def link(interviews: Links, *persons: str) -> None:
    for n, person in enumerate(persons[1:]):
        await interviews.issue(persons[0], f"code-{n}", 0.0)
        assert await interviews.join(person, f"code-{n}", 1.0) is Joined.LINKED


async def test_a_code_links_whoever_enters_it_once(interviews: LinkedInterviews) -> None:
    await interviews.issue("p", "code", 100.0)
    assert await interviews.join("q", "code", 101.0) is Joined.LINKED
    assert await interviews.linked("p") == ("p", "q")
    assert await interviews.linked("q") == ("q", "p")
    assert await interviews.join("r", "code", 102.0) is Joined.UNKNOWN
    assert await interviews.linked("r") == ("r",)


async def test_of_two_who_enter_a_code_at_once_one_is_linked(interviews: LinkedInterviews) -> None:
    rivals = ("q", "r", "s", "t")
    await interviews.issue("p", "code", 100.0)
    answers = await asyncio.gather(*(interviews.join(rival, "code", 101.0) for rival in rivals))
    assert sorted(answers) == [Joined.LINKED] + [Joined.UNKNOWN] * 3
    winner = rivals[answers.index(Joined.LINKED)]
    assert await interviews.linked("p") == ("p", winner)


@pytest.mark.parametrize(
    ("later", "answer"),
    [
        (0.0, Joined.LINKED),
        (LINK_LASTS - 1, Joined.LINKED),
        (LINK_LASTS, Joined.UNKNOWN),
        (LINK_LASTS + 1, Joined.UNKNOWN),
    ],
)
async def test_a_code_lasts_ten_minutes(
    interviews: LinkedInterviews, later: float, answer: Joined
) -> None:
    await interviews.issue("p", "code", 100.0)
    assert await interviews.join("q", "code", 100.0 + later) is answer


async def test_a_fresh_code_replaces_the_earlier_one(interviews: LinkedInterviews) -> None:
    await interviews.issue("p", "first", 100.0)
    await interviews.issue("p", "second", 100.0)
    assert await interviews.join("q", "first", 101.0) is Joined.UNKNOWN
    assert await interviews.join("q", "second", 101.0) is Joined.LINKED


async def test_a_code_that_two_persons_have_links_nobody(interviews: LinkedInterviews) -> None:
    await interviews.issue("p", "code", 100.0)
    await interviews.issue("q", "code", 100.0)
    assert await interviews.join("r", "code", 101.0) is Joined.UNKNOWN


async def test_ones_own_code_links_nobody_and_stays(interviews: LinkedInterviews) -> None:
    await interviews.issue("p", "code", 100.0)
    for _ in range(WRONG_TRIES + 1):
        assert await interviews.join("p", "code", 101.0) is Joined.SAME_PERSON
    assert await interviews.linked("p") == ("p",)
    assert await interviews.join("q", "code", 102.0) is Joined.LINKED


async def test_who_is_linked_already_uses_the_code_up(interviews: LinkedInterviews) -> None:
    await link(interviews, "p", "q")
    await interviews.issue("q", "code", 100.0)
    assert await interviews.join("p", "code", 101.0) is Joined.ALREADY
    assert await interviews.linked("p") == ("p", "q")
    assert await interviews.join("r", "code", 101.0) is Joined.UNKNOWN


async def test_after_wrong_tries_nothing_is_tried_for_a_while(
    interviews: LinkedInterviews,
) -> None:
    await interviews.issue("p", "code", 1_000.0)
    for n in range(WRONG_TRIES):
        assert await interviews.join("q", f"guess-{n}", 1_000.0 + n) is Joined.UNKNOWN
    for code in ("guess", "code"):
        assert await interviews.join("q", code, 1_010.0) is Joined.TOO_MANY_TRIES
    assert await interviews.linked("q") == ("q",)
    # The first try is forgotten, so there is one more, and no more than one.
    await interviews.issue("p", "code", 1_000.0 + LINK_LASTS)
    assert await interviews.join("q", "guess", 1_000.0 + LINK_LASTS) is Joined.UNKNOWN
    assert await interviews.join("q", "code", 1_000.5 + LINK_LASTS) is Joined.TOO_MANY_TRIES
    assert await interviews.join("q", "code", 1_001.0 + LINK_LASTS) is Joined.LINKED


async def test_wrong_tries_are_each_persons_own(interviews: LinkedInterviews) -> None:
    await interviews.issue("p", "code", 100.0)
    for _ in range(WRONG_TRIES + 1):
        await interviews.join("q", "guess", 101.0)
    assert await interviews.join("r", "code", 102.0) is Joined.LINKED


async def test_groups_join_whole(interviews: LinkedInterviews) -> None:
    await link(interviews, "a", "b", "c")
    await link(interviews, "x", "y")
    await interviews.issue("y", "code", 0.0)
    assert await interviews.join("b", "code", 1.0) is Joined.LINKED
    for person in "abcxy":
        others = sorted(set("abcxy") - {person})
        assert await interviews.linked(person) == (person, *others)


async def test_who_is_parted_leaves_the_others_together(interviews: LinkedInterviews) -> None:
    await link(interviews, "a", "b", "c")
    await link(interviews, "x", "y")
    assert await interviews.unlink("b")
    assert not await interviews.unlink("b")
    assert await interviews.linked("b") == ("b",)
    assert await interviews.linked("a") == ("a", "c")
    assert await interviews.unlink("a")
    assert not await interviews.unlink("c")
    assert await interviews.linked("x") == ("x", "y")
    await link(interviews, "b", "c")
    assert await interviews.linked("b") == ("b", "c")
    assert await interviews.linked("a") == ("a",)


async def test_the_history_is_that_of_the_whole_group(interviews: LinkedInterviews) -> None:
    ours = asking(typed(), key="c", session="s1", started_at=100.0)
    theirs = replace(asking(typed(), key="d", session="s2", started_at=200.0), person="q")
    for interview in (ours, theirs):
        await interviews.save(interview, None)
    alone = [await _history_of(interviews, person) for person in "pq"]
    await link(interviews, "p", "q")
    for person in "pq":
        sessions = await interviews.sessions(person, 10, 0)
        assert [line.session for line in sessions] == ["s2", "s1"]
        assert await interviews.sessions(person, 1, 1) == sessions[1:]
        assert await interviews.session(person, "s1") == record_of(ours)
        assert await interviews.session(person, "s2") == record_of(theirs)
        assert asked_ids(await interviews.asked(person, 10)) == "q0"
        practised = await interviews.practised(person, 10)
        assert [each.session for each in practised] == ["s1", "s2"]
    await interviews.unlink("q")
    assert [await _history_of(interviews, person) for person in "pq"] == alone


async def _history_of(interviews: Interviews, person: str) -> object:
    return (
        await interviews.sessions(person, 10, 0),
        [await interviews.session(person, session) for session in ("s1", "s2")],
        await interviews.asked(person, 10),
        await interviews.practised(person, 10),
    )


async def test_of_two_sessions_of_one_name_ones_own_is_opened(
    interviews: LinkedInterviews,
) -> None:
    ours = asking(typed(), key="c")
    theirs = replace(asking(typed(), typed(1), key="d"), person="q")
    for interview in (theirs, ours):
        await interviews.save(interview, None)
    await link(interviews, "p", "q")
    assert await interviews.session("p", "s1") == record_of(ours)
    assert await interviews.session("q", "s1") == record_of(theirs)


async def test_what_two_linked_persons_were_asked_is_there_once(
    interviews: LinkedInterviews,
) -> None:
    await interviews.save(put("a", "b", turn=1, at=300.0), None)
    theirs = replace(put("b", "c", turn=1, key="d", at=200.0), person="q")
    await interviews.save(theirs, None)
    await link(interviews, "p", "q")
    for person in "pq":
        assert asked_ids(await interviews.asked(person, 10)) == "cab"
        assert asked_ids(await interviews.asked(person, 2)) == "ab"


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


async def test_whatever_changes_on_a_card_has_to_be_drawn(interviews: Interviews) -> None:
    judged = replace(typed(), verdict=Reviewed(Review(Reviewer.COACH, better="Because.")))
    first = replace(asking(), phase=Asking(0, since=9.0, stage=Stage.PREPARING, ticket=1))
    answering = Asking(0, since=9.0, stage=Stage.ANSWERING, ticket=2)
    shown = replace(first, phase=Asking(0), takes=(judged,))
    ways = (
        first,
        replace(first, phase=answering),
        replace(first, phase=replace(answering, stage=Stage.OVER, ticket=0)),
        replace(first, phase=Asking(0), takes=(replace(judged, verdict=Deferred()),)),
        shown,
        replace(shown, phase=Asking(0, opened=Panel.MODEL)),
        replace(shown, phase=Asking(0, correcting=True)),
        replace(shown, takes=(replace(judged, rating=4),)),
        replace(shown, phase=WrappingUp()),
        replace(shown, phase=Judging(3)),
        replace(shown, phase=Finished(10.0, Summary(Reviewer.COACH, "Well done."))),
    )
    for rev, interview in enumerate(ways, start=1):
        saved = replace(interview, rev=rev)
        assert await interviews.save(saved, None) is Outcome.SAVED
        assert await interviews.undrawn() == ("c",)
        screen = screen_for(saved)
        assert screen is not None
        await interviews.save_shown(Shown("c", screen.key, "1", digest_of(screen)))
        assert await interviews.undrawn() == ()
        assert await interviews.unfinished() == (("c",) if interview is not ways[-1] else ())
        assert await interviews.load("c") == saved
