"""step(): what an event makes of an interview. No clock, no chance, no I/O; refusals are values."""

from dataclasses import dataclass, replace
from typing import TypeAlias

from bot import answering, setting_up
from bot.coaching import Reviewer, Summary
from bot.events import (
    AnswerReviewed,
    ControlPressed,
    CopyDeleted,
    DocumentRead,
    DocumentSent,
    Event,
    InterviewRequested,
    InterviewSummarised,
    Move,
    NoteHeard,
    NoteRejected,
    QuestionsWritten,
    StopRequested,
    TextSent,
    TranscriptionQueued,
    VoiceSent,
    WaitEnded,
    WorkFailed,
)
from bot.interview import (
    Asking,
    Finished,
    Heard,
    Idle,
    Interview,
    Preparing,
    Reason,
    SettingUp,
    Stopped,
    Summing,
    Unheard,
)
from bot.problems import Fault, Problem


@dataclass(frozen=True, slots=True)
class Moved:
    interview: Interview


@dataclass(frozen=True, slots=True)
class Refused:
    reason: Reason


Step: TypeAlias = Moved | Refused


def step(interview: Interview, event: Event) -> Step:
    stepped = _apply(interview, event)
    if isinstance(stepped, Reason):
        return Refused(stepped)
    return Moved(replace(stepped, rev=interview.rev + 1))


def _apply(interview: Interview, event: Event) -> Interview | Reason:
    match event:
        case InterviewRequested():
            return setting_up.request(interview, event)
        case TextSent() | VoiceSent() | DocumentSent():
            return _send(interview, event)
        case ControlPressed():
            return _press(interview, event)
        case StopRequested():
            return _stop(interview, event.at)
        case DocumentRead():
            return setting_up.take_document(interview, event)
        case QuestionsWritten():
            return _ask_first(interview, event)
        case TranscriptionQueued():
            return answering.queue(interview, event)
        case NoteHeard():
            heard = Heard(event.transcript, event.sound)
            return _while_asking(interview, answering.hear(interview, event.ticket, heard))
        case NoteRejected():
            unheard = Unheard(event.fault)
            return _while_asking(interview, answering.hear(interview, event.ticket, unheard))
        case AnswerReviewed():
            return _while_asking(interview, answering.judge(interview, event))
        case InterviewSummarised():
            return _finish(interview, event)
        case WorkFailed():
            return _fail(interview, event)
        case WaitEnded():
            waited = answering.resume(interview, lambda s: s.before.ticket == event.ticket)
            return _while_asking(interview, waited)
        case CopyDeleted():
            kept = tuple(job for job in interview.copies if job != event.job)
            return Reason.STALE if kept == interview.copies else replace(interview, copies=kept)


def _while_asking(interview: Interview, stepped: Interview | Reason) -> Interview | Reason:
    """What is said of an answer after the interview has ended comes too late."""
    return stepped if isinstance(interview.phase, Asking) else Reason.STALE


def _send(interview: Interview, event: TextSent | VoiceSent | DocumentSent) -> Interview | Reason:
    match interview.phase, event:
        case SettingUp() as setup, TextSent():
            return setting_up.type_detail(interview, setup, event.text)
        case SettingUp() as setup, DocumentSent():
            return setting_up.read_document(interview, setup, event)
        case SettingUp(), VoiceSent():
            return Reason.TYPE_IT
        case Asking() as asking, TextSent():
            return answering.type_answer(interview, asking, event)
        case Asking() as asking, VoiceSent():
            return answering.record_answer(interview, asking, event)
        case Asking(), DocumentSent():
            return Reason.NOT_AUDIO
        case ((Preparing() | Summing()), _):
            return Reason.NOT_YET
        case _:
            return Reason.NO_INTERVIEW


def _press(interview: Interview, event: ControlPressed) -> Interview | Reason:
    control = event.control
    if control.session != interview.session:
        return Reason.OLD_CONTROL
    if control.move is Move.STOP:
        return _stop(interview, event.at)
    match interview.phase:
        case SettingUp() as setup:
            return setting_up.press(interview, setup, control)
        case Asking() as asking:
            return answering.press(interview, asking, control)
        case Finished(stand_in=Problem()) if control.move is Move.RETRY:
            return answering.sum_up(interview)
        case _:
            return Reason.OLD_CONTROL


def _ask_first(interview: Interview, event: QuestionsWritten) -> Interview | Reason:
    phase = interview.phase
    if not isinstance(phase, Preparing) or phase.ticket != event.ticket or not event.questions:
        return Reason.STALE
    return replace(
        interview, questions=event.questions, stand_in=phase.stand_in, phase=Asking(turn=0)
    )


def _finish(interview: Interview, event: InterviewSummarised) -> Interview | Reason:
    phase = interview.phase
    if not isinstance(phase, Summing) or phase.ticket != event.ticket:
        return Reason.STALE
    return replace(interview, phase=Finished(event.at, event.summary))


def _fail(interview: Interview, event: WorkFailed) -> Interview | Reason:
    match interview.phase:
        case Preparing(ticket=ticket) if ticket == event.ticket:
            return setting_up.prepare(interview, stand_in=event.problem)
        case Summing(ticket=ticket) if ticket == event.ticket:
            measured = Summary(Reviewer.MEASURES)
            return replace(interview, phase=Finished(event.at, measured, stand_in=event.problem))
        case SettingUp() as setup if setting_up.reads(setup, event.ticket):
            fault = event.problem.fault or Fault.GONE
            return setting_up.refuse_document(interview, setup, fault)
        case _:
            return _while_asking(interview, answering.fail(interview, event))


def _stop(interview: Interview, at: float) -> Interview | Reason:
    if isinstance(interview.phase, (Idle, Finished, Stopped)):
        return Reason.NO_INTERVIEW
    return replace(interview, phase=Stopped(at))
