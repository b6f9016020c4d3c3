"""Every interview that can be reached keeps the rules, step by step."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.brief import Mode
from bot.coaching import Plan, Reviewer
from bot.diagram import events_for, walk
from bot.events import (
    ControlPressed,
    CopyDeleted,
    DocumentSent,
    Event,
    InterviewRequested,
    Move,
    StopRequested,
    TextSent,
    TranscriptionQueued,
    VoiceSent,
    WaitEnded,
)
from bot.history import record_of
from bot.interview import (
    Asking,
    Finished,
    HearingStuck,
    Idle,
    Interview,
    Preparing,
    Queued,
    Reason,
    Reviewed,
    Reviewing,
    SettingUp,
    Stage,
    Stopped,
    current_take,
    is_settled,
    takes_of,
)
from bot.screens import (
    CorrectingScreen,
    FeedbackScreen,
    ListeningScreen,
    PreparingScreen,
    QuestionScreen,
    RatingScreen,
    ReadyScreen,
    SetupScreen,
    StoppedScreen,
    StuckScreen,
    SummaryScreen,
    SummingScreen,
    ThinkingScreen,
    UnscoredScreen,
    WrappingUpScreen,
    screen_for,
)
from bot.step import Moved, Refused, step
from bot.work import DeleteCopy, work_for
from tests.screens import awaits_answer, controls_of

Step = tuple[Interview, Event, Interview]
AIMLESS = {Move.STOP, Move.RATE, Move.OPEN}  # moves after which as much is to be done as before


@pytest.fixture(scope="module")
def steps() -> list[Step]:
    return list(walk())


@pytest.fixture(scope="module")
def interviews(steps: list[Step]) -> list[Interview]:
    return list(dict.fromkeys([steps[0][0], *(after for _, _, after in steps)]))


# What holds from one interview to the next


def rev_rises_by_one(before: Interview, event: Event, after: Interview) -> bool:
    return after.rev == before.rev + 1


def key_stays(before: Interview, event: Event, after: Interview) -> bool:
    return after.key == before.key


def tickets_are_never_given_twice(before: Interview, event: Event, after: Interview) -> bool:
    fresh = _tickets(after) - _tickets(before)
    return after.ticket >= before.ticket and all(ticket > before.ticket for ticket in fresh)


def what_was_recorded_stays(before: Interview, event: Event, after: Interview) -> bool:
    """Within a session, takes and their notes are only ever added to, a stop included."""
    if isinstance(event, InterviewRequested):
        return not after.takes and after.copies == before.copies
    kept = _notes(after)
    return all(
        kept.get(place, ())[: len(notes)] == notes for place, notes in _notes(before).items()
    )


def a_stop_leaves_the_record_as_it_was(before: Interview, event: Event, after: Interview) -> bool:
    if not isinstance(after.phase, Stopped) or isinstance(before.phase, Stopped):
        return True
    recorded, stopped = record_of(before), record_of(after)
    return (recorded and recorded.answers) == (stopped and stopped.answers)


def a_rating_is_given_once_and_stays(before: Interview, event: Event, after: Interview) -> bool:
    if isinstance(event, InterviewRequested):
        return True
    pairs = zip(_ratings(before), _ratings(after), strict=False)
    return all(old in (None, new) for old, new in pairs)


def a_question_is_added_only_to_follow_up(
    before: Interview, event: Event, after: Interview
) -> bool:
    """One after the question that was answered last, and never in real mode."""
    if isinstance(event, InterviewRequested) or isinstance(before.phase, Preparing):
        return True
    if after.questions == before.questions:
        return True
    take = current_take(before)
    if take is None or not isinstance(take.verdict, Reviewed) or before.brief.mode is Mode.REAL:
        return False
    place = take.turn + 1
    others = after.questions[:place] + after.questions[place + 1 :]
    return (
        before.brief.follow_ups
        and others == before.questions
        and [question.follows for question in after.questions[place - 1 : place + 1]]
        == [False, True]
        and not any(question.follows for question in after.questions[place + 1 : place + 2])
    )


def against_the_clock_a_note_moves_on_at_once(
    before: Interview, event: Event, after: Interview
) -> bool:
    if not isinstance(event, (TextSent, VoiceSent)) or not _is_timed_question(before):
        return True
    taken = len(after.takes) == len(before.takes) + 1
    return taken and screen_for(before) != screen_for(after) and current_take(after) is None


def against_the_clock_the_stages_come_in_their_order(
    before: Interview, event: Event, after: Interview
) -> bool:
    old, new = before.phase, after.phase
    if not isinstance(new, Asking) or (new.stage is None) == (after.brief.mode is Mode.REAL):
        return not isinstance(new, Asking)
    if not isinstance(old, Asking) or old.turn != new.turn:
        return new.stage in (None, Stage.PREPARING)
    stages = [None, *Stage]
    passed = stages.index(new.stage) - stages.index(old.stage)
    return passed in (0, 1) and (passed == 0 or isinstance(event, WaitEnded))


def jobs_are_known_until_deleted(before: Interview, event: Event, after: Interview) -> bool:
    known = set(before.copies)
    if isinstance(event, TranscriptionQueued):
        known.add(event.job)
    if isinstance(event, CopyDeleted):
        known.discard(event.job)
    return set(after.copies) == known


def what_comes_too_late_is_stale(before: Interview, event: Event, after: Interview) -> bool:
    """Results of work that is no longer waited on; but a vendor's job is kept to be deleted."""
    outstanding = _tickets(after)
    for late in events_for(before):
        ticket = getattr(late, "ticket", None)
        if ticket is None or ticket in outstanding:
            continue
        stepped = step(after, late)
        if isinstance(late, TranscriptionQueued):
            if not (isinstance(stepped, Moved) and _only_deletes(after, stepped.interview, late)):
                return False
        elif stepped != Refused(Reason.STALE):
            return False
    return True


def _only_deletes(before: Interview, after: Interview, late: TranscriptionQueued) -> bool:
    work = {*work_for(before), DeleteCopy(late.job)}
    return screen_for(before) == screen_for(after) and work == set(work_for(after))


def only_what_a_person_does_begins_a_card(
    before: Interview, event: Event, after: Interview
) -> bool:
    """Work, and a second note of one take, draw over the card that is there."""
    if isinstance(event, InterviewRequested):
        return True  # a session's keys are its own, and here all sessions have one name
    old, new = screen_for(before), screen_for(after)
    if old is None or new is None:
        return old is new
    return (old.key != new.key) == _begins_a_card(before, event, after)


def _begins_a_card(before: Interview, event: Event, after: Interview) -> bool:
    take = current_take(before)
    match event:
        case StopRequested() | DocumentSent():
            return True
        case TextSent() | VoiceSent():
            rated = len(after.takes) == len(before.takes) and _ratings(after) != _ratings(before)
            return take is None or is_settled(take) or rated
        case ControlPressed(control=control) if control.move is Move.PASS:
            return take is None and isinstance(before.phase, Asking)
        case ControlPressed(control=control) if control.move is Move.RETRY:
            return False
        case ControlPressed(control=control) if control.move in (Move.AGAIN, Move.NEXT, Move.STOP):
            return True
        case ControlPressed():
            return isinstance(after.phase, Preparing)
        case _:
            return False


# What holds of each interview


def can_be_stopped(interview: Interview) -> bool:
    stepped = step(interview, StopRequested(at=1.0))
    if isinstance(interview.phase, (Idle, Finished, Stopped)):
        return stepped == Refused(Reason.NO_INTERVIEW)
    return isinstance(stepped, Moved) and isinstance(stepped.interview.phase, Stopped)


def waits_on_a_person_or_on_work(interview: Interview) -> bool:
    """Nothing can hang: what awaits no answer and has not ended has work that leads on."""
    screen = screen_for(interview)
    leads_on = any(not isinstance(work, DeleteCopy) for work in work_for(interview))
    if screen is None or isinstance(screen, (SummaryScreen, StoppedScreen)):
        return not leads_on
    return leads_on or any(control.move not in AIMLESS for control in controls_of(screen))


def work_has_tickets_of_its_own(interview: Interview) -> bool:
    tickets = [work.ticket for work in work_for(interview) if not isinstance(work, DeleteCopy)]
    return len(set(tickets)) == len(tickets) and max(tickets, default=0) <= interview.ticket


def jobs_are_wanted_or_deleted(interview: Interview) -> bool:
    hearings = [note.hearing for take in interview.takes for note in take.notes]
    ways = [h.before if isinstance(h, HearingStuck) else h for h in hearings]
    wanted = {way.job for way in ways if isinstance(way, Queued)}
    deleted = {work.job for work in work_for(interview) if isinstance(work, DeleteCopy)}
    if isinstance(interview.phase, (Stopped, Finished)):
        return deleted == set(interview.copies)
    return deleted == set(interview.copies) - wanted


def no_button_is_dead(interview: Interview) -> bool:
    """Each control on the screen does something, or a limit is said."""
    screen = screen_for(interview)
    if screen is None or isinstance(screen, StoppedScreen):
        return True
    pressed = (step(interview, ControlPressed(at=1.0, control=c)) for c in screen.controls)
    return all(isinstance(p, Moved) or p == Refused(Reason.ENOUGH_TAKES) for p in pressed)


def what_a_person_sends_is_used_when_awaited(interview: Interview) -> bool:
    screen = screen_for(interview)
    if screen is None or not awaits_answer(screen) or isinstance(interview.phase, SettingUp):
        return True
    sent = step(interview, TextSent(at=1.0, text="It was my own idea"))
    return isinstance(sent, Moved) or sent.reason in (Reason.ENOUGH_NOTES, Reason.ENOUGH_TAKES)


def feedback_is_held_back_until_the_answer_is_rated(interview: Interview) -> bool:
    screen, take = screen_for(interview), current_take(interview)
    if not isinstance(screen, FeedbackScreen) or screen.review.by is not Reviewer.COACH:
        return True
    return take is not None and (take.rating is not None or not interview.brief.rate_first)


def by_economy_nobody_is_asked_before_the_end(interview: Interview) -> bool:
    judged = (isinstance(take.verdict, Reviewing) for take in interview.takes)
    return interview.plan is Plan.FULL or not any(judged)


def against_the_clock_there_is_one_try(interview: Interview) -> bool:
    timed = interview.brief.mode is Mode.REAL
    tries = [takes_of(interview, turn) for turn in range(len(interview.questions))]
    return not timed or all(
        len(takes) <= 1 and len(each.notes) == 1 for takes in tries for each in takes
    )


def the_record_has_every_take(interview: Interview) -> bool:
    record = record_of(interview)
    if record is None:
        return not interview.takes
    kept = {(answer.turn, answer.take): answer.notes for answer in record.answers}
    spoken = {
        place: tuple(ref for ref in refs if ref is not None)
        for place, refs in _notes(interview).items()
    }
    return kept == spoken and len(record.answers) == len(interview.takes)


StepRule = Callable[[Interview, Event, Interview], bool]
InterviewRule = Callable[[Interview], bool]

STEP_RULES: tuple[StepRule, ...] = (
    rev_rises_by_one,
    key_stays,
    tickets_are_never_given_twice,
    what_was_recorded_stays,
    a_stop_leaves_the_record_as_it_was,
    a_rating_is_given_once_and_stays,
    a_question_is_added_only_to_follow_up,
    against_the_clock_a_note_moves_on_at_once,
    against_the_clock_the_stages_come_in_their_order,
    jobs_are_known_until_deleted,
    what_comes_too_late_is_stale,
    only_what_a_person_does_begins_a_card,
)
INTERVIEW_RULES: tuple[InterviewRule, ...] = (
    can_be_stopped,
    waits_on_a_person_or_on_work,
    work_has_tickets_of_its_own,
    jobs_are_wanted_or_deleted,
    no_button_is_dead,
    what_a_person_sends_is_used_when_awaited,
    feedback_is_held_back_until_the_answer_is_rated,
    by_economy_nobody_is_asked_before_the_end,
    against_the_clock_there_is_one_try,
    the_record_has_every_take,
)


def test_the_walk_is_long_and_sees_every_screen(
    steps: list[Step], interviews: list[Interview]
) -> None:
    assert len(steps) > 10_000
    assert {type(screen_for(interview)) for interview in interviews} == {
        type(None),
        SetupScreen,
        PreparingScreen,
        ReadyScreen,
        QuestionScreen,
        ListeningScreen,
        ThinkingScreen,
        RatingScreen,
        CorrectingScreen,
        StuckScreen,
        UnscoredScreen,
        FeedbackScreen,
        WrappingUpScreen,
        SummingScreen,
        SummaryScreen,
        StoppedScreen,
    }


@pytest.mark.parametrize("rule", STEP_RULES, ids=lambda rule: rule.__name__)
def test_every_step_keeps(rule: StepRule, steps: list[Step]) -> None:
    broken = next((each for each in steps if not rule(*each)), None)
    assert broken is None


@pytest.mark.parametrize("rule", INTERVIEW_RULES, ids=lambda rule: rule.__name__)
def test_every_interview_keeps(rule: InterviewRule, interviews: list[Interview]) -> None:
    broken = next((interview for interview in interviews if not rule(interview)), None)
    assert broken is None


def test_equal_interviews_have_equal_work_and_screens(steps: list[Step]) -> None:
    seen: dict[Interview, Interview] = {}
    twins = 0
    for _, _, after in steps:
        twin = seen.setdefault(after, after)
        if twin is not after:
            twins += 1
            assert work_for(twin) == work_for(after)
            assert screen_for(twin) == screen_for(after)
    assert twins > 1_000


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 10_000), min_size=20, max_size=60))
def test_the_rules_hold_on_ways_longer_than_the_walk(choices: list[int]) -> None:
    interview = Interview(key="example:1")
    for choice in choices:
        events = [event for event in events_for(interview) if not _stops(event)]
        event = events[choice % len(events)]
        stepped = step(interview, event)
        if isinstance(stepped, Moved):
            for step_rule in STEP_RULES:
                assert step_rule(interview, event, stepped.interview), step_rule.__name__
            interview = stepped.interview
        for rule in INTERVIEW_RULES:
            assert rule(interview), rule.__name__


def _stops(event: Event) -> bool:
    pressed = isinstance(event, ControlPressed) and event.control.move is Move.STOP
    return pressed or isinstance(event, StopRequested)


def _is_timed_question(interview: Interview) -> bool:
    return isinstance(interview.phase, Asking) and interview.brief.mode is Mode.REAL


def _ratings(interview: Interview) -> list[int | None]:
    return [take.rating for take in interview.takes]


def _tickets(interview: Interview) -> set[int]:
    return {work.ticket for work in work_for(interview) if not isinstance(work, DeleteCopy)}


def _notes(interview: Interview) -> dict[tuple[int, int], tuple[str | None, ...]]:
    """The notes of each take: a recording's ref, None for a typed text."""
    return {
        (take.turn, take.number): tuple(getattr(note.source, "ref", None) for note in take.notes)
        for take in interview.takes
    }
