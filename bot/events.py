"""What happened: frozen values in the past tense. Times, ids and choices arrive inside them."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from bot.brief import Brief, Focus
from bot.coaching import Plan, Review, Sound, Summary, Transcript
from bot.problems import Fault, Problem
from bot.questions import Question


@dataclass(frozen=True, slots=True)
class VoiceNote:
    """A recording where the person sent it; `ref` is the platform's, and survives a restart."""

    ref: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Document:
    ref: str
    name: str


class Move(StrEnum):
    """What a control on a screen does."""

    START = "start"
    CHOOSE = "choose"
    SKIP = "skip"
    BACK = "back"
    NEXT = "next"
    AGAIN = "again"
    RETRY = "retry"
    PASS = "pass"  # noqa: S105 - a move, not a password
    RATE = "rate"
    OPEN = "open"
    MISHEARD = "misheard"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Control:
    """A control with the facts it stands for, so that it works after a restart.

    `argument` is the detail, `detail=value`, the turn that it was shown for, or `turn=value`.
    """

    session: str
    move: Move
    argument: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """`at`: seconds since 1970, UTC."""

    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewRequested(Happened):
    """Without a brief, the set-up asks for it.

    `document` is a job description, and `cv` a CV: both are read before the interview begins.
    """

    session: str
    person: str
    brief: Brief | None = None
    document: Document | None = None
    cv: Document | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSent(Happened):
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceSent(Happened):
    note: VoiceNote


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSent(Happened):
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlPressed(Happened):
    control: Control


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRequested(Happened):
    """Whatever is going on, as a command says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRead(Happened):
    ticket: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionsWritten(Happened):
    ticket: int
    questions: tuple[Question, ...]
    focus: Focus = field(default_factory=Focus)
    plan: Plan = Plan.FULL


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptionQueued(Happened):
    ticket: int
    job: str
    sound: Sound


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteHeard(Happened):
    """`transcript` is None where this installation cannot transcribe.

    `sound` is None where it came with the job already.
    """

    ticket: int
    transcript: Transcript | None
    sound: Sound | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRejected(Happened):
    ticket: int
    fault: Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerReviewed(Happened):
    ticket: int
    review: Review


@dataclass(frozen=True, slots=True)
class Judged:
    """The review of the take `number` at the question of `turn`."""

    turn: int
    number: int
    review: Review


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersReviewed(Happened):
    """All answers at once, and what they have in common."""

    ticket: int
    judged: tuple[Judged, ...]
    summary: Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewSummarised(Happened):
    ticket: int
    summary: Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFailed(Happened):
    ticket: int
    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitEnded(Happened):
    ticket: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyDeleted(Happened):
    """The vendor no longer has the recording and the transcript of `job`."""

    job: str


Event: TypeAlias = (
    InterviewRequested
    | TextSent
    | VoiceSent
    | DocumentSent
    | ControlPressed
    | StopRequested
    | DocumentRead
    | QuestionsWritten
    | TranscriptionQueued
    | NoteHeard
    | NoteRejected
    | AnswerReviewed
    | AnswersReviewed
    | InterviewSummarised
    | WorkFailed
    | WaitEnded
    | CopyDeleted
)
