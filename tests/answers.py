"""An interview at its first question, and what may happen to its answers."""

from bot.brief import Brief, Mode
from bot.coaching import Plan, Point, Review, Reviewer, Score, Sound, Transcript
from bot.events import (
    AnswerReviewed,
    Control,
    ControlPressed,
    Event,
    Move,
    NoteHeard,
    NoteRejected,
    QuestionsWritten,
    TextSent,
    TranscriptionQueued,
    VoiceNote,
    VoiceSent,
    WaitEnded,
    WorkFailed,
)
from bot.interview import Asking, Interview, Preparing, Take
from bot.problems import Fault, Problem, ProblemKind
from bot.questions import Question, QuestionKind
from bot.step import Moved, step
from bot.work import DeleteCopy, work_for

QUESTIONS = tuple(Question(id=n, text="Why?", kind=QuestionKind.BEHAVIOURAL) for n in "12")
ASKED = Interview(key="chat:1", session="s", questions=QUESTIONS, phase=Asking(turn=0))
SOUND = Sound(seconds=9.0, speaking=8.0, start_delay=0.4, pauses=(), clipped=0.0)
SPEECH = "I found the slow query and halved its time"
MORE = "The customers noticed it and wrote to thank us"
REVIEW = Review(Reviewer.COACH, strength=Point("You name the cause.", "found the slow query"))
SCORED = Review(
    Reviewer.COACH,
    scores=(Score("content", 4), Score("evidence", 2)),
    strength=REVIEW.strength,
    fix=Point("Say by how much.", "halved its time"),
    better="I found the slow query and halved its time.",
    follow_up="How did you find it?",
)
DOWN = Problem(ProblemKind.DOWN)


def after(interview: Interview, *events: Event) -> Interview:
    for event in events:
        stepped = step(interview, event)
        assert isinstance(stepped, Moved), (event, stepped)
        interview = stepped.interview
    return interview


def begun(brief: Brief, plan: Plan = Plan.FULL) -> Interview:
    """The questions are there: the first is put, or waits for the person to begin."""
    preparing = Interview("chat:1", session="s", ticket=1, brief=brief, phase=Preparing(1))
    written = QuestionsWritten(at=100.0, ticket=1, questions=QUESTIONS, plan=plan)
    return after(preparing, written)


def timed(plan: Plan = Plan.FULL) -> Interview:
    """At the first question against the clock, which was put at 100 s."""
    return after(begun(Brief(role="Editor", mode=Mode.REAL), plan), pressed(Move.START, ""))


def typed(text: str = SPEECH, at: float = 100.0) -> TextSent:
    return TextSent(at=at, text=text)


def spoken(ref: str = "note", at: float = 100.0) -> VoiceSent:
    return VoiceSent(at=at, note=VoiceNote(ref))


def heard(ticket: int, text: str = SPEECH, confidence: float | None = 0.9) -> NoteHeard:
    transcript = Transcript(text, confidence=confidence)
    return NoteHeard(at=100.0, ticket=ticket, transcript=transcript, sound=SOUND)


def queued(ticket: int, job: str = "job") -> TranscriptionQueued:
    return TranscriptionQueued(at=100.0, ticket=ticket, job=job, sound=SOUND)


def rejected(ticket: int, fault: Fault = Fault.SILENT) -> NoteRejected:
    return NoteRejected(at=100.0, ticket=ticket, fault=fault)


def reviewed(ticket: int, review: Review = REVIEW) -> AnswerReviewed:
    return AnswerReviewed(at=100.0, ticket=ticket, review=review)


def failed(ticket: int, problem: Problem = DOWN, at: float = 100.0) -> WorkFailed:
    return WorkFailed(at=at, ticket=ticket, problem=problem)


def waited(ticket: int, at: float = 100.0) -> WaitEnded:
    return WaitEnded(at=at, ticket=ticket)


def pressed(move: Move, argument: int | str = 0, at: float = 100.0) -> ControlPressed:
    return ControlPressed(at=at, control=Control("s", move, str(argument)))


def last(interview: Interview) -> Take:
    return interview.takes[-1]


def ticket_of(interview: Interview) -> int:
    """The ticket of the only work there is."""
    (work,) = work_for(interview)
    assert not isinstance(work, DeleteCopy)
    return work.ticket
