"""step(): what an event makes of an interview. No clock, no chance, no I/O; refusals are values."""

from dataclasses import dataclass, replace
from typing import TypeAlias

from bot import answering, asking, judging, setting_up
from bot.closing import close_with
from bot.coaching import Reviewer, Summary
from bot.events import (
    AnswerReviewed,
    AnswersReviewed,
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
    Judging,
    Preparing,
    Ready,
    Reason,
    SettingUp,
    Stopped,
    Summing,
    Unheard,
    WrappingUp,
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
            return asking.take_questions(interview, event)
        case TranscriptionQueued():
            return judging.queue(interview, event)
        case NoteHeard():
            heard = Heard(event.transcript, event.sound)
            return _while_answering(interview, judging.hear(interview, event.ticket, heard))
        case NoteRejected():
            unheard = Unheard(event.fault)
            return _while_answering(interview, judging.hear(interview, event.ticket, unheard))
        case AnswerReviewed():
            return _while_answering(interview, judging.judge(interview, event))
        case AnswersReviewed():
            return _closed(judging.judge_all(interview, event))
        case InterviewSummarised():
            return _closed(asking.finish(interview, event))
        case WorkFailed():
            return _fail(interview, event)
        case WaitEnded():
            return _end_wait(interview, event)
        case CopyDeleted():
            kept = tuple(job for job in interview.copies if job != event.job)
            return Reason.STALE if kept == interview.copies else replace(interview, copies=kept)


def _while_answering(interview: Interview, stepped: Interview | Reason) -> Interview | Reason:
    """What is said of an answer after the interview has ended comes too late."""
    if not isinstance(interview.phase, (Asking, WrappingUp)):
        return Reason.STALE
    return asking.wrap_up(stepped) if isinstance(stepped, Interview) else stepped


def _closed(stepped: Interview | Reason) -> Interview | Reason:
    """The end, with nothing in it that the answers do not bear out."""
    if isinstance(stepped, Interview) and isinstance(stepped.phase, Finished):
        finished = stepped.phase
        closed = replace(finished, summary=close_with(finished.summary, stepped))
        return replace(stepped, phase=closed)
    return stepped


def _end_wait(interview: Interview, event: WaitEnded) -> Interview | Reason:
    if isinstance(interview.phase, Asking) and interview.phase.ticket == event.ticket:
        return asking.turn_clock(interview, interview.phase)
    resumed = judging.resume(interview, lambda stuck: stuck.before.ticket == event.ticket)
    return _while_answering(interview, resumed)


def _send(interview: Interview, event: TextSent | VoiceSent | DocumentSent) -> Interview | Reason:
    match interview.phase, event:
        case SettingUp() as setup, TextSent():
            return setting_up.type_detail(interview, setup, event.text)
        case SettingUp() as setup, DocumentSent():
            return setting_up.read_document(interview, setup, event)
        case SettingUp(), VoiceSent():
            return Reason.TYPE_IT
        case Asking() as put, TextSent():
            return answering.type_answer(interview, put, event)
        case Asking() as put, VoiceSent():
            return answering.record_answer(interview, put, event)
        case Asking(), DocumentSent():
            return Reason.NOT_AUDIO
        case Ready(), _:
            return Reason.PRESS_START
        case ((Preparing() | WrappingUp() | Judging() | Summing()), _):
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
        case Ready() if control.move is Move.START:
            return asking.put_question(interview, 0, event.at)
        case Asking() as put:
            return answering.press(interview, put, control, event.at)
        case WrappingUp():
            return answering.press_at_end(interview, control)
        case Finished(stand_in=Problem()) if control.move is Move.RETRY:
            return asking.sum_up(interview)
        case _:
            return Reason.OLD_CONTROL


def _fail(interview: Interview, event: WorkFailed) -> Interview | Reason:
    match interview.phase:
        case Preparing(ticket=ticket) if ticket == event.ticket:
            return setting_up.prepare(interview, stand_in=event.problem)
        case Summing(ticket=ticket) | Judging(ticket=ticket) if ticket == event.ticket:
            measured = Summary(Reviewer.MEASURES)
            finished = Finished(event.at, measured, stand_in=event.problem)
            return _closed(replace(interview, phase=finished))
        case SettingUp() as setup if setting_up.reads(setup, event.ticket):
            fault = event.problem.fault or Fault.GONE
            return setting_up.refuse_document(interview, setup, fault)
        case _:
            return _while_answering(interview, judging.fail(interview, event))


def _stop(interview: Interview, at: float) -> Interview | Reason:
    if isinstance(interview.phase, (Idle, Finished, Stopped)):
        return Reason.NO_INTERVIEW
    return replace(interview, phase=Stopped(at))
