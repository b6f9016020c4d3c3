"""What is kept of an interview for the person to read again, derived from its value."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.brief import Brief, Focus
from bot.coaching import Delivery, Review, Summary, Transcript, Unscorable
from bot.events import VoiceNote
from bot.interview import (
    Asking,
    Finished,
    Heard,
    Interview,
    Reviewed,
    Stopped,
    Take,
    Unscored,
    WrappingUp,
    delivery_of,
    number_of,
    text_of,
)
from bot.problems import Fault
from bot.questions import Question


class Ending(StrEnum):
    OPEN = "open"
    FINISHED = "finished"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """One take at one question; `notes` are the refs of the person's recordings.

    `number` counts the questions from 1 without the follow-ups. `text` is what counts; `corrected`
    where the person put right what was heard. `rating` is the person's own, from 1 to 5. `late` is
    in seconds after the time for the answer was over. `unscored_quote` is of the answer.
    """

    turn: int
    take: int
    question: Question
    answered_at: float
    notes: tuple[str, ...]
    text: str
    transcripts: tuple[Transcript, ...]
    delivery: Delivery | None
    review: Review | None
    unscored: Unscorable | Fault | None
    number: int = 1
    corrected: bool = False
    rating: int | None = None
    late: float = 0.0
    unscored_quote: str = ""


@dataclass(frozen=True, slots=True)
class SessionRecord:
    session: str
    person: str
    conversation: str
    brief: Brief
    started_at: float
    ending: Ending
    summary: Summary | None
    answers: tuple[AnswerRecord, ...]
    focus: Focus | None = None


@dataclass(frozen=True, slots=True)
class SessionLine:
    session: str
    role: str
    company: str
    started_at: float
    ending: Ending
    answered: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that has been put to a person."""

    id: str
    text: str


def asked_of(interview: Interview) -> tuple[Question, ...]:
    """The questions that have been put to the person so far, without the follow-ups.

    They are put in their order, so all up to the current one have been, and to the last answered.
    What was skipped last is known only while it is being asked.
    """
    phase = interview.phase
    turns = [take.turn for take in interview.takes]
    if isinstance(phase, Asking):
        turns.append(phase.turn)
    if isinstance(phase, WrappingUp):
        turns.append(len(interview.questions) - 1)
    put = interview.questions[: max(turns, default=-1) + 1]
    return tuple(question for question in put if not question.follows)


def record_of(interview: Interview) -> SessionRecord | None:
    """None while nothing has been answered."""
    if not interview.takes:
        return None
    phase = interview.phase
    ending = Ending.OPEN
    if isinstance(phase, Finished):
        ending = Ending.FINISHED
    elif isinstance(phase, Stopped):
        ending = Ending.STOPPED
    return SessionRecord(
        session=interview.session,
        person=interview.person,
        conversation=interview.key,
        brief=interview.brief,
        started_at=interview.started_at,
        ending=ending,
        summary=phase.summary if isinstance(phase, Finished) else None,
        answers=tuple(_answer_of(interview, take) for take in interview.takes),
        focus=interview.focus if interview.focus != Focus() else None,
    )


def _answer_of(interview: Interview, take: Take) -> AnswerRecord:
    verdict = take.verdict
    heard = [note.hearing for note in take.notes if isinstance(note.hearing, Heard)]
    return AnswerRecord(
        turn=take.turn,
        take=take.number,
        question=interview.questions[take.turn],
        answered_at=take.answered_at,
        notes=tuple(note.source.ref for note in take.notes if isinstance(note.source, VoiceNote)),
        text=text_of(take),
        transcripts=tuple(h.transcript for h in heard if h.transcript is not None),
        delivery=delivery_of(take),
        review=verdict.review if isinstance(verdict, Reviewed) else None,
        unscored=verdict.why if isinstance(verdict, Unscored) else None,
        number=number_of(interview.questions, take.turn),
        corrected=take.correction is not None,
        rating=take.rating or None,
        late=take.late,
        unscored_quote=verdict.quote if isinstance(verdict, Unscored) else "",
    )


def latest_answers(answers: Iterable[AnswerRecord]) -> tuple[AnswerRecord, ...]:
    """The last take at each question that was not refused a score."""
    latest = {answer.turn: answer for answer in answers if answer.unscored is None}
    return tuple(latest[turn] for turn in sorted(latest))
