"""Which question comes next, how its clock runs, and how the interview comes to its end."""

from dataclasses import replace

from bot.events import InterviewSummarised, QuestionsWritten
from bot.interview import (
    ANSWER_SECONDS,
    PREPARE_SECONDS,
    Asking,
    Deferred,
    Finished,
    Interview,
    Judging,
    Preparing,
    Ready,
    Reason,
    Stage,
    Summing,
    WrappingUp,
    follow_up_of,
    is_settled,
    is_timed,
    latest_takes,
)


def take_questions(interview: Interview, event: QuestionsWritten) -> Interview | Reason:
    phase = interview.phase
    if not isinstance(phase, Preparing) or phase.ticket != event.ticket or not event.questions:
        return Reason.STALE
    written = replace(
        interview,
        questions=event.questions,
        focus=event.focus,
        plan=event.plan,
        stand_in=phase.stand_in,
        phase=Ready(),
    )
    return written if is_timed(interview) else put_question(written, 0, event.at)


def put_question(interview: Interview, turn: int, at: float) -> Interview:
    if not is_timed(interview):
        return replace(interview, phase=Asking(turn, since=at))
    ticket = interview.ticket + 1
    asking = Asking(turn, since=at, stage=Stage.PREPARING, ticket=ticket)
    return replace(interview, ticket=ticket, phase=asking)


def ask_next(interview: Interview, asking: Asking, at: float) -> Interview:
    if asking.turn + 1 < len(interview.questions):
        return put_question(interview, asking.turn + 1, at)
    return wrap_up(replace(interview, phase=WrappingUp()))


def ask_follow_up(interview: Interview, asking: Asking, at: float) -> Interview:
    """The next question, which takes up what the answer left open where that may be asked."""
    following = follow_up_of(interview, asking.turn)
    if following is None:
        return ask_next(interview, asking, at)
    place = asking.turn + 1
    questions = (*interview.questions[:place], following, *interview.questions[place:])
    return put_question(replace(interview, questions=questions), place, at)


def turn_clock(interview: Interview, asking: Asking, ticket: int) -> Interview | Reason:
    """The time of the question's stage is over; that for the answer ends nothing by itself."""
    if asking.ticket != ticket:
        return Reason.STALE
    match asking.stage:
        case Stage.PREPARING:
            ticket = interview.ticket + 1
            answering = replace(asking, stage=Stage.ANSWERING, ticket=ticket)
            return replace(interview, ticket=ticket, phase=answering)
        case Stage.ANSWERING:
            return replace(interview, phase=replace(asking, stage=Stage.OVER, ticket=0))
        case Stage.OVER | None:
            return Reason.STALE


def stage_ends(asking: Asking) -> float | None:
    """When the stage of the question is over, in seconds since 1970; None without a clock."""
    match asking.stage:
        case Stage.PREPARING:
            return asking.since + PREPARE_SECONDS
        case Stage.ANSWERING | Stage.OVER:
            return asking.since + PREPARE_SECONDS + ANSWER_SECONDS
        case None:
            return None


def lateness(asking: Asking, at: float) -> float:
    """Seconds between the end of the time to answer and `at`, 0 before it."""
    if asking.stage is None:
        return 0.0
    return max(0.0, at - asking.since - PREPARE_SECONDS - ANSWER_SECONDS)


def wrap_up(interview: Interview) -> Interview:
    """Once nothing is waited for any more, what is left to judge is judged, and summed up."""
    if not isinstance(interview.phase, WrappingUp):
        return interview
    if all(is_settled(take) for take in interview.takes):
        return sum_up(interview)
    return interview


def sum_up(interview: Interview) -> Interview:
    """Judge all answers at once where they have waited for it, or else look them over."""
    ticket = interview.ticket + 1
    deferred = any(isinstance(take.verdict, Deferred) for take in latest_takes(interview))
    phase = Judging(ticket) if deferred else Summing(ticket)
    return replace(interview, ticket=ticket, phase=phase)


def finish(interview: Interview, event: InterviewSummarised) -> Interview | Reason:
    phase = interview.phase
    if not isinstance(phase, Summing) or phase.ticket != event.ticket:
        return Reason.STALE
    return replace(interview, phase=Finished(event.at, event.summary))
