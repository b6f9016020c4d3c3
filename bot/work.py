"""What the machine has to do next is a function of the interview."""

from dataclasses import dataclass
from typing import TypeAlias

from bot.asking import stage_ends
from bot.events import Document, VoiceNote
from bot.interview import (
    Asking,
    Finished,
    HearingStuck,
    Idle,
    Interview,
    Judging,
    Note,
    Preparing,
    Queued,
    Recorded,
    Reviewing,
    ReviewStuck,
    SettingUp,
    Stopped,
    Summing,
    Take,
    WrappingUp,
)

# What the machine has to do. Equal work is the same work, before and after a restart.


@dataclass(frozen=True, slots=True)
class ReadDocument:
    ticket: int
    document: Document


@dataclass(frozen=True, slots=True)
class WriteQuestions:
    ticket: int
    builtin: bool


@dataclass(frozen=True, slots=True)
class Transcribe:
    ticket: int
    note: VoiceNote


@dataclass(frozen=True, slots=True)
class AwaitTranscript:
    ticket: int
    job: str


@dataclass(frozen=True, slots=True)
class ReviewAnswer:
    ticket: int


@dataclass(frozen=True, slots=True)
class ReviewAll:
    """All answers at once, and what they have in common."""

    ticket: int


@dataclass(frozen=True, slots=True)
class Summarise:
    ticket: int


@dataclass(frozen=True, slots=True)
class Wait:
    ticket: int
    until: float


@dataclass(frozen=True, slots=True)
class DeleteCopy:
    job: str


Work: TypeAlias = (
    ReadDocument
    | WriteQuestions
    | Transcribe
    | AwaitTranscript
    | ReviewAnswer
    | ReviewAll
    | Summarise
    | Wait
    | DeleteCopy
)


def work_for(interview: Interview) -> tuple[Work, ...]:
    """Everything that `interview` waits on from the machine."""
    return (*_work_of_phase(interview), *(DeleteCopy(job) for job in _finished_jobs(interview)))


def is_unfinished(interview: Interview) -> bool:
    """Whether a person or the machine still has something to do."""
    ended = isinstance(interview.phase, (Idle, Finished, Stopped))
    return not ended or bool(work_for(interview))


def _work_of_phase(interview: Interview) -> tuple[Work, ...]:
    match interview.phase:
        case SettingUp(reading=Document() as document, reading_ticket=ticket):
            return (ReadDocument(ticket, document),)
        case Preparing(ticket=ticket, stand_in=stand_in):
            return (WriteQuestions(ticket, builtin=stand_in is not None),)
        case Asking(ticket=ticket) as asking:
            ends = stage_ends(asking) if ticket else None
            clock = () if ends is None else (Wait(ticket, ends),)
            return (*clock, *_work_of_takes(interview))
        case WrappingUp():
            return _work_of_takes(interview)
        case Judging(ticket=ticket):
            return (ReviewAll(ticket),)
        case Summing(ticket=ticket):
            return (Summarise(ticket),)
        case _:
            return ()


def _work_of_takes(interview: Interview) -> tuple[Work, ...]:
    return tuple(work for take in interview.takes for work in _work_of_take(take))


def _work_of_take(take: Take) -> tuple[Work, ...]:
    work: list[Work] = []
    for note in take.notes:
        match note:
            case Note(source=VoiceNote() as voice, hearing=Recorded(ticket=ticket)):
                work.append(Transcribe(ticket, voice))
            case Note(hearing=Queued(ticket=ticket, job=job)):
                work.append(AwaitTranscript(ticket, job))
            case Note(hearing=HearingStuck(before=before, until=float() as until)):
                work.append(Wait(before.ticket, until))
            case _:
                pass
    match take.verdict:
        case Reviewing(ticket=ticket):
            work.append(ReviewAnswer(ticket))
        case ReviewStuck(before=Reviewing(ticket=ticket), until=float() as until):
            work.append(Wait(ticket, until))
        case _:
            pass
    return tuple(work)


def _finished_jobs(interview: Interview) -> tuple[str, ...]:
    """The vendor's jobs that nobody will ask for again."""
    if not isinstance(interview.phase, (Asking, WrappingUp)):
        return interview.copies
    hearings = [note.hearing for take in interview.takes for note in take.notes]
    befores = [h.before if isinstance(h, HearingStuck) else h for h in hearings]
    wanted = {before.job for before in befores if isinstance(before, Queued)}
    return tuple(job for job in interview.copies if job not in wanted)
