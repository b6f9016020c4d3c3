"""What work on an answer comes to: it is heard, gated, judged, or stuck."""

from collections.abc import Callable
from dataclasses import replace

from bot.coaching import Plan, Review, Reviewer, Score, Unscorable
from bot.delivery import delivery_level
from bot.events import (
    AnswerReviewed,
    AnswersReviewed,
    TranscriptionQueued,
    WorkFailed,
)
from bot.evidence import keep_what_is_found
from bot.gate import unscorable
from bot.interview import (
    Deferred,
    Finished,
    Gathering,
    Heard,
    Hearing,
    HearingStuck,
    Interview,
    Judging,
    Note,
    Queued,
    Reason,
    Recorded,
    Reviewed,
    Reviewing,
    ReviewStuck,
    Stuck,
    Take,
    Unheard,
    Unscored,
    Verdict,
    delivery_of,
    take_of_review,
    text_of,
)
from bot.problems import Fault, Problem, ProblemKind
from bot.questions import DELIVERY

RETRY_DELAYS = (15.0, 60.0, 300.0, 900.0, 3_600.0)


def queue(interview: Interview, event: TranscriptionQueued) -> Interview:
    """A job whose note has gone meanwhile is kept too: the vendor's copy has to be deleted."""
    known = replace(interview, copies=(*interview.copies, event.job))
    found = _find_note(interview, event.ticket)
    if found is None:
        return known
    take, note = found
    queued = Queued(event.ticket, event.job, event.sound)
    return settle(known, _with_hearing(take, note, queued))


def hear(interview: Interview, ticket: int, hearing: Heard | Unheard) -> Interview | Reason:
    found = _find_note(interview, ticket)
    if found is None:
        return Reason.STALE
    take, note = found
    if isinstance(hearing, Heard) and isinstance(note.hearing, Queued):
        hearing = replace(hearing, sound=note.hearing.sound)
    return settle(interview, _with_hearing(take, note, hearing))


def judge(interview: Interview, event: AnswerReviewed) -> Interview | Reason:
    take = take_of_review(interview, event.ticket)
    if take is None:
        return Reason.STALE
    return put(interview, replace(take, verdict=_verdict(interview, take, event.review)))


def judge_all(interview: Interview, event: AnswersReviewed) -> Interview | Reason:
    """What the coach says of all answers, each checked against its own words."""
    phase = interview.phase
    if not isinstance(phase, Judging) or phase.ticket != event.ticket:
        return Reason.STALE
    reviews = {(each.turn, each.number): each.review for each in event.judged}
    takes = tuple(
        replace(take, verdict=_verdict(interview, take, reviews[take.turn, take.number]))
        if isinstance(take.verdict, Deferred) and (take.turn, take.number) in reviews
        else take
        for take in interview.takes
    )
    return replace(interview, takes=takes, phase=Finished(event.at, event.summary))


def fail(interview: Interview, event: WorkFailed) -> Interview | Reason:
    """What passes by itself is waited for; what does not is gone on without, and said so."""
    problem = event.problem
    reviewed = take_of_review(interview, event.ticket)
    if reviewed is not None and isinstance(reviewed.verdict, Reviewing):
        verdict: Verdict = measured(problem)
        if problem.passes_by_itself:
            before = reviewed.verdict
            verdict = ReviewStuck(problem, before, _retry_at(before.attempt, event))
        return settle(interview, replace(reviewed, verdict=verdict))
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
    return settle(interview, _with_hearing(take, note, stuck))


def resume(interview: Interview, chosen: Callable[[Stuck], bool]) -> Interview | Reason:
    """Take up again what is stuck, under a new ticket."""
    for take in interview.takes:
        ticket = interview.ticket + 1
        if isinstance(take.verdict, ReviewStuck) and chosen(take.verdict):
            before = take.verdict.before
            again = replace(before, ticket=ticket, attempt=before.attempt + 1)
            return settle(replace(interview, ticket=ticket), replace(take, verdict=again))
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
            return settle(replace(interview, ticket=ticket), replace(take, notes=tuple(notes)))
    return Reason.STALE


def _retry_at(attempt: int, event: WorkFailed) -> float | None:
    if not event.problem.passes_by_itself or attempt >= len(RETRY_DELAYS):
        return None
    return event.at + max(RETRY_DELAYS[attempt], event.problem.retry_after or 0.0)


def measured(problem: Problem) -> Reviewed:
    return Reviewed(Review(Reviewer.MEASURES), stand_in=problem)


# A take in its place


def settle(interview: Interview, take: Take) -> Interview:
    """Put `take` in its place; once all of its notes are heard, it is judged or refused."""
    hearings = [note.hearing for note in take.notes]
    heard = all(isinstance(hearing, (Heard, Unheard)) for hearing in hearings)
    if not heard or not isinstance(take.verdict, Gathering):
        return put(interview, take)
    ticket = interview.ticket + 1
    verdict = _gate(interview, take, ticket)
    return put(replace(interview, ticket=ticket), replace(take, verdict=verdict))


def _gate(interview: Interview, take: Take, ticket: int) -> Verdict:
    heard = [note.hearing for note in take.notes if isinstance(note.hearing, Heard)]
    if not heard:
        faults = [n.hearing.fault for n in take.notes if isinstance(n.hearing, Unheard)]
        return Unscored(faults[-1])
    transcripts = [h.transcript for h in heard if h.transcript is not None]
    if not transcripts:
        return Reviewed(Review(Reviewer.MEASURES))
    # What the person has put right is not unclear any more, however it was heard.
    unsure = transcripts if take.correction is None else ()
    why = unscorable(text_of(take), unsure, interview.questions[take.turn].text)
    if why:
        return Unscored(why)
    return Deferred() if interview.plan is Plan.ECONOMY else Reviewing(ticket)


def _verdict(interview: Interview, take: Take, given: Review) -> Verdict:
    """What of a review stands: a judgement without the answer's own words is none."""
    question = interview.questions[take.turn].text
    review = keep_what_is_found(given, text_of(take), question)
    if review.by is Reviewer.MEASURES:
        return Reviewed(review)
    if review.off_topic is not None:
        return Unscored(Unscorable.OFF_TOPIC, review.off_topic.quote)
    if review.strength is None and review.fix is None:
        return Unscored(Unscorable.UNBACKED)
    judged = tuple(score for score in review.scores if score.dimension != DELIVERY)
    delivery = delivery_of(take)
    level = None if delivery is None else delivery_level(delivery)
    measured_score = () if level is None else (Score(DELIVERY, level),)
    return Reviewed(replace(review, scores=(*judged, *measured_score)))


def put(interview: Interview, take: Take) -> Interview:
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
