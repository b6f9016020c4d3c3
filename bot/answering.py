"""One question: notes become takes, takes are heard, judged, tried again or passed over."""

from collections.abc import Callable
from dataclasses import replace

from bot.brief import clean_text
from bot.coaching import Review, Reviewer, Transcript
from bot.events import (
    AnswerReviewed,
    Control,
    Move,
    TextSent,
    TranscriptionQueued,
    VoiceSent,
    WorkFailed,
)
from bot.evidence import keep_what_is_found
from bot.gate import unscorable
from bot.interview import (
    TAKES_LIMIT,
    Asking,
    Gathering,
    Heard,
    Hearing,
    HearingStuck,
    Interview,
    Note,
    Queued,
    Reason,
    Recorded,
    Reviewed,
    Reviewing,
    ReviewStuck,
    Stuck,
    Summing,
    Take,
    TypedText,
    Unheard,
    Unscored,
    Verdict,
    current_take,
    stuck_in,
    take_of_review,
    takes_of,
    text_of,
)
from bot.problems import Fault, Problem, ProblemKind

ANSWER_LIMIT = 8_000
NOTES_LIMIT = 10
RETRY_DELAYS = (15.0, 60.0, 300.0, 900.0, 3_600.0)


# What the person does


def type_answer(interview: Interview, asking: Asking, event: TextSent) -> Interview | Reason:
    text = clean_text(event.text, ANSWER_LIMIT)
    if not text:
        return Reason.EMPTY
    typed = Note(TypedText(text), Heard(Transcript(text), sound=None))
    return _add(_set_stuck_aside(interview), asking, typed, event.at)


def record_answer(interview: Interview, asking: Asking, event: VoiceSent) -> Interview | Reason:
    ticket = interview.ticket + 1
    spoken = Note(event.note, Recorded(ticket))
    return _add(replace(interview, ticket=ticket), asking, spoken, event.at)


def press(interview: Interview, asking: Asking, control: Control) -> Interview | Reason:
    if control.argument != str(asking.turn):
        return Reason.OLD_CONTROL
    take = current_take(interview)
    if take is None:
        return _ask_next(interview, asking) if control.move is Move.PASS else Reason.OLD_CONTROL
    judged = isinstance(take.verdict, (Reviewed, Unscored))
    stuck = stuck_in(take)
    match control.move:
        case Move.NEXT if judged:
            return _ask_next(interview, asking)
        case Move.AGAIN if judged:
            return _ask_again(interview, asking)
        case Move.RETRY if stuck:
            return resume(interview, lambda candidate: candidate in stuck)
        case Move.PASS if stuck:
            return _go_on_without(interview, take)
        case _:
            return Reason.OLD_CONTROL


def sum_up(interview: Interview) -> Interview:
    ticket = interview.ticket + 1
    return replace(interview, ticket=ticket, phase=Summing(ticket))


def _add(interview: Interview, asking: Asking, note: Note, at: float) -> Interview | Reason:
    """A note belongs to the take that is not judged yet, or begins the next one."""
    take = current_take(interview)
    if take is not None and not isinstance(take.verdict, (Reviewed, Unscored)):
        if len(take.notes) >= NOTES_LIMIT:
            return Reason.ENOUGH_NOTES
        return _settle(interview, replace(take, notes=(*take.notes, note), verdict=Gathering()))
    number = len(takes_of(interview, asking.turn)) + 1
    if number > TAKES_LIMIT:
        return Reason.ENOUGH_TAKES
    begun = Take(turn=asking.turn, number=number, answered_at=at, notes=(note,))
    return _settle(replace(interview, takes=(*interview.takes, begun)), begun)


def _ask_next(interview: Interview, asking: Asking) -> Interview:
    if asking.turn + 1 < len(interview.questions):
        return replace(interview, phase=Asking(turn=asking.turn + 1))
    return sum_up(interview)


def _ask_again(interview: Interview, asking: Asking) -> Interview | Reason:
    asked = len(takes_of(interview, asking.turn))
    if asked >= TAKES_LIMIT:
        return Reason.ENOUGH_TAKES
    return replace(interview, phase=replace(asking, asked=asked))


def _go_on_without(interview: Interview, take: Take) -> Interview:
    """Leave out what is stuck: a note that could not be heard, or the coach's judgement."""
    if isinstance(take.verdict, ReviewStuck):
        return _settle(interview, replace(take, verdict=_measured(take.verdict.problem)))
    aside = _set_stuck_aside(interview)
    rest = current_take(aside)
    return aside if rest is None else _settle(aside, rest)


def _set_stuck_aside(interview: Interview) -> Interview:
    """Typing an answer goes on without the notes that could not be heard."""
    take = current_take(interview)
    if take is None:
        return interview
    notes = tuple(
        replace(note, hearing=Unheard(Fault.SET_ASIDE))
        if isinstance(note.hearing, HearingStuck)
        else note
        for note in take.notes
    )
    return _put(interview, replace(take, notes=notes))


# What work came to


def queue(interview: Interview, event: TranscriptionQueued) -> Interview:
    """A job whose note has gone meanwhile is kept too: the vendor's copy has to be deleted."""
    known = replace(interview, copies=(*interview.copies, event.job))
    found = _find_note(interview, event.ticket)
    if found is None:
        return known
    take, note = found
    queued = Queued(event.ticket, event.job, event.sound)
    return _settle(known, _with_hearing(take, note, queued))


def hear(interview: Interview, ticket: int, hearing: Heard | Unheard) -> Interview | Reason:
    found = _find_note(interview, ticket)
    if found is None:
        return Reason.STALE
    take, note = found
    if isinstance(hearing, Heard) and isinstance(note.hearing, Queued):
        hearing = replace(hearing, sound=note.hearing.sound)
    return _settle(interview, _with_hearing(take, note, hearing))


def judge(interview: Interview, event: AnswerReviewed) -> Interview | Reason:
    take = take_of_review(interview, event.ticket)
    if take is None:
        return Reason.STALE
    question = interview.questions[take.turn].text
    review = keep_what_is_found(event.review, text_of(take), question)
    return _settle(interview, replace(take, verdict=Reviewed(review)))


def fail(interview: Interview, event: WorkFailed) -> Interview | Reason:
    """What passes by itself is waited for; what does not is gone on without, and said so."""
    problem = event.problem
    reviewed = take_of_review(interview, event.ticket)
    if reviewed is not None and isinstance(reviewed.verdict, Reviewing):
        verdict: Verdict = _measured(problem)
        if problem.passes_by_itself:
            before = reviewed.verdict
            verdict = ReviewStuck(problem, before, _retry_at(before.attempt, event))
        return _settle(interview, replace(reviewed, verdict=verdict))
    found = _find_note(interview, event.ticket)
    if found is None:
        return Reason.STALE
    take, note = found
    if problem.kind is ProblemKind.REJECTED:
        return hear(interview, event.ticket, Unheard(problem.fault or Fault.REFUSED))
    if not isinstance(note.hearing, (Recorded, Queued)):
        return Reason.STALE
    retry_at = _retry_at(note.hearing.attempt, event)
    stuck = HearingStuck(problem, note.hearing, retry_at)
    return _settle(interview, _with_hearing(take, note, stuck))


def resume(interview: Interview, chosen: Callable[[Stuck], bool]) -> Interview | Reason:
    """Take up again what is stuck, under a new ticket."""
    for take in interview.takes:
        ticket = interview.ticket + 1
        if isinstance(take.verdict, ReviewStuck) and chosen(take.verdict):
            before = take.verdict.before
            again = replace(before, ticket=ticket, attempt=before.attempt + 1)
            return _settle(replace(interview, ticket=ticket), replace(take, verdict=again))
        notes: list[Note] = []
        for note in take.notes:
            if isinstance(note.hearing, HearingStuck) and chosen(note.hearing):
                trying = note.hearing.before
                retried = replace(trying, ticket=ticket, attempt=trying.attempt + 1)
                notes.append(replace(note, hearing=retried))
                ticket += 1
            else:
                notes.append(note)
        if tuple(notes) != take.notes:
            return _settle(replace(interview, ticket=ticket), replace(take, notes=tuple(notes)))
    return Reason.STALE


def _retry_at(attempt: int, event: WorkFailed) -> float | None:
    if not event.problem.passes_by_itself or attempt >= len(RETRY_DELAYS):
        return None
    return event.at + max(RETRY_DELAYS[attempt], event.problem.retry_after or 0.0)


def _measured(problem: Problem) -> Reviewed:
    return Reviewed(Review(Reviewer.MEASURES), stand_in=problem)


# A take in its place


def _settle(interview: Interview, take: Take) -> Interview:
    """Put `take` in its place; once all of its notes are heard, it is judged or refused."""
    hearings = [note.hearing for note in take.notes]
    settled = all(isinstance(hearing, (Heard, Unheard)) for hearing in hearings)
    if not settled or not isinstance(take.verdict, Gathering):
        return _put(interview, take)
    ticket = interview.ticket + 1
    question = interview.questions[take.turn].text
    return _put(
        replace(interview, ticket=ticket), replace(take, verdict=_gate(take, ticket, question))
    )


def _gate(take: Take, ticket: int, question: str) -> Verdict:
    heard = [note.hearing for note in take.notes if isinstance(note.hearing, Heard)]
    if not heard:
        faults = [n.hearing.fault for n in take.notes if isinstance(n.hearing, Unheard)]
        return Unscored(faults[-1])
    transcripts = [h.transcript for h in heard if h.transcript is not None]
    if not transcripts:
        return Reviewed(Review(Reviewer.MEASURES))
    why = unscorable(text_of(take), transcripts, question)
    return Unscored(why) if why else Reviewing(ticket)


def _put(interview: Interview, take: Take) -> Interview:
    place = (take.turn, take.number)
    takes = (take if (t.turn, t.number) == place else t for t in interview.takes)
    return replace(interview, takes=tuple(takes))


def _find_note(interview: Interview, ticket: int) -> tuple[Take, Note] | None:
    for take in interview.takes:
        for note in take.notes:
            if isinstance(note.hearing, (Recorded, Queued)) and note.hearing.ticket == ticket:
                return take, note
    return None


def _with_hearing(take: Take, note: Note, hearing: Hearing) -> Take:
    notes = (replace(n, hearing=hearing) if n is note else n for n in take.notes)
    return replace(take, notes=tuple(notes))
