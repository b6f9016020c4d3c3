"""What is kept to be read again has every take, whatever became of it."""

from dataclasses import replace

import pytest
from hypothesis import given

from bot.brief import Brief
from bot.coaching import Point, Review, Reviewer, Sound, Summary, Transcript, Unscorable
from bot.events import VoiceNote
from bot.history import AnswerRecord, Ending, SessionRecord, asked_of, record_of
from bot.interview import (
    Asking,
    Finished,
    Gathering,
    Heard,
    HearingStuck,
    Interview,
    Note,
    Phase,
    Preparing,
    Recorded,
    Reviewed,
    Reviewing,
    ReviewStuck,
    Stopped,
    Summing,
    Take,
    TypedText,
    Unheard,
    Unscored,
    Verdict,
    delivery_of,
)
from bot.problems import Fault, Problem, ProblemKind
from bot.questions import Question, QuestionKind
from tests.strategies import interviews

QUESTIONS = tuple(Question(id=n, text=f"Why {n}?", kind=QuestionKind.TECHNICAL) for n in "12")
SUMMARY = Summary(Reviewer.COACH, headline="Well done.")
SOUND = Sound(seconds=5.0, speaking=4.0, start_delay=0.2, pauses=(), clipped=0.0)
HEARD = Transcript("I found it", confidence=0.9)
REVIEW = Review(Reviewer.COACH, strength=Point("Short.", "I found it"))
DOWN = Problem(ProblemKind.DOWN)
HERE = Interview(
    key="chat:1",
    person="chat:me",
    session="s",
    started_at=5.0,
    brief=Brief(role="Editor"),
    questions=QUESTIONS,
    phase=Asking(turn=0),
)
SPOKEN = Note(VoiceNote("spoken"), Heard(HEARD, SOUND))
TYPED = Note(TypedText("and fixed it"), Heard(Transcript("and fixed it"), None))
SILENT = Note(VoiceNote("silent"), Unheard(Fault.SILENT))
STUCK = Note(VoiceNote("stuck"), HearingStuck(DOWN, Recorded(1), until=None))


def take(verdict: Verdict, *notes: Note, turn: int = 0, number: int = 1) -> Take:
    return Take(turn, number, answered_at=9.0, notes=notes or (SPOKEN,), verdict=verdict)


def test_nothing_is_kept_before_the_first_answer() -> None:
    assert record_of(HERE) is None
    assert record_of(replace(HERE, phase=Finished(9.0, SUMMARY))) is None


def test_an_interview_is_kept_with_what_was_said_of_it() -> None:
    answered = take(Reviewed(REVIEW), SPOKEN, TYPED, SILENT, turn=1, number=2)
    interview = replace(HERE, takes=(answered,), phase=Finished(9.0, SUMMARY))
    assert record_of(interview) == SessionRecord(
        session="s",
        person="chat:me",
        conversation="chat:1",
        brief=Brief(role="Editor"),
        started_at=5.0,
        ending=Ending.FINISHED,
        summary=SUMMARY,
        answers=(
            AnswerRecord(
                turn=1,
                take=2,
                question=QUESTIONS[1],
                answered_at=9.0,
                notes=("spoken", "silent"),
                text="I found it\nand fixed it",
                transcripts=(HEARD, Transcript("and fixed it")),
                delivery=delivery_of(answered),
                review=REVIEW,
                unscored=None,
                number=2,
            ),
        ),
    )
    assert delivery_of(answered) is not None


@pytest.mark.parametrize(
    ("phase", "ending", "summary"),
    [
        (Asking(turn=1), Ending.OPEN, None),
        (Summing(3), Ending.OPEN, None),
        (Stopped(9.0), Ending.STOPPED, None),
        (Finished(9.0, SUMMARY), Ending.FINISHED, SUMMARY),
    ],
)
def test_it_says_how_it_ended(phase: Phase, ending: Ending, summary: Summary | None) -> None:
    record = record_of(replace(HERE, takes=(take(Gathering()),), phase=phase))
    assert record is not None
    assert (record.ending, record.summary) == (ending, summary)


@pytest.mark.parametrize(
    ("verdict", "review", "unscored"),
    [
        (Gathering(), None, None),
        (Reviewing(2), None, None),
        (ReviewStuck(DOWN, Reviewing(2), until=None), None, None),
        (Reviewed(REVIEW), REVIEW, None),
        (Reviewed(Review(Reviewer.MEASURES), stand_in=DOWN), Review(Reviewer.MEASURES), None),
        (Unscored(Unscorable.UNCLEAR), None, Unscorable.UNCLEAR),
        (Unscored(Fault.TOO_LONG), None, Fault.TOO_LONG),
    ],
)
def test_an_answer_is_kept_whatever_was_made_of_it(
    verdict: Verdict, review: Review | None, unscored: Unscorable | Fault | None
) -> None:
    record = record_of(replace(HERE, takes=(take(verdict),)))
    assert record is not None
    (answer,) = record.answers
    assert (answer.notes, answer.text) == (("spoken",), "I found it")
    assert (answer.review, answer.unscored) == (review, unscored)


def test_a_recording_that_was_never_heard_can_still_be_played() -> None:
    record = record_of(replace(HERE, takes=(take(Gathering(), STUCK, SILENT),)))
    assert record is not None
    (answer,) = record.answers
    assert answer.notes == ("stuck", "silent")
    assert (answer.text, answer.transcripts, answer.delivery) == ("", (), None)


@given(interviews())
def test_no_take_and_no_recording_is_ever_left_out(interview: Interview) -> None:
    record = record_of(interview)
    if record is None:
        assert not interview.takes
        return
    sources = [[note.source for note in take.notes] for take in interview.takes]
    kept = [(answer.turn, answer.take, answer.notes) for answer in record.answers]
    assert kept == [
        (take.turn, take.number, tuple(s.ref for s in each if isinstance(s, VoiceNote)))
        for take, each in zip(interview.takes, sources, strict=True)
    ]
    assert [answer.question for answer in record.answers] == [
        interview.questions[take.turn] for take in interview.takes
    ]


@pytest.mark.parametrize(
    ("phase", "turns", "asked"),
    [
        (Preparing(1), (), 0),
        (Asking(turn=0), (), 1),
        (Asking(turn=1), (0,), 2),
        (Asking(turn=1), (), 2),
        (Summing(3), (0,), 1),
        (Finished(9.0, SUMMARY), (0, 1), 2),
        (Stopped(9.0), (1,), 2),
        (Stopped(9.0), (), 0),
    ],
)
def test_asked_are_the_questions_up_to_the_last_that_was_put(
    phase: Phase, turns: tuple[int, ...], asked: int
) -> None:
    takes = tuple(take(Gathering(), turn=turn) for turn in turns)
    assert asked_of(replace(HERE, phase=phase, takes=takes)) == QUESTIONS[:asked]


@given(interviews())
def test_what_was_answered_had_been_asked(interview: Interview) -> None:
    answered = {interview.questions[take.turn] for take in interview.takes}
    assert {each for each in answered if not each.follows} <= set(asked_of(interview))
