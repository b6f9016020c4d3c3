"""The interview is a value: what it is made of, and what can be read off it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from bot.brief import Brief, Detail, Focus, Mode
from bot.coaching import (
    Delivery,
    Plan,
    Review,
    Reviewer,
    Sound,
    Summary,
    Transcript,
    Unscorable,
)
from bot.delivery import measure_delivery
from bot.events import Document, VoiceNote
from bot.problems import Fault, Problem
from bot.questions import Question

# One note, from the moment it was sent.


@dataclass(frozen=True, slots=True)
class TypedText:
    text: str


@dataclass(frozen=True, slots=True)
class Recorded:
    ticket: int
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class Queued:
    ticket: int
    job: str
    sound: Sound
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class Heard:
    transcript: Transcript | None
    sound: Sound | None


@dataclass(frozen=True, slots=True)
class Unheard:
    fault: Fault


# One take, from its first note.


@dataclass(frozen=True, slots=True)
class Gathering:
    """Its notes are still being heard."""


@dataclass(frozen=True, slots=True)
class Reviewing:
    ticket: int
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class Reviewed:
    """`stand_in`: the problem that kept the coach from judging, where the measures stand alone."""

    review: Review
    stand_in: Problem | None = None


@dataclass(frozen=True, slots=True)
class Deferred:
    """Heard and measured; it is judged with all the others, at the end."""


@dataclass(frozen=True, slots=True)
class Unscored:
    """`quote`: the answer's own words that this rests on, if it rests on any."""

    why: Unscorable | Fault
    quote: str = ""


@dataclass(frozen=True, slots=True)
class HearingStuck:
    """`before` is taken up again at `until` (seconds since 1970), or when the person says so."""

    problem: Problem
    before: Recorded | Queued
    until: float | None


@dataclass(frozen=True, slots=True)
class ReviewStuck:
    """The same of a review."""

    problem: Problem
    before: Reviewing
    until: float | None


Stuck: TypeAlias = HearingStuck | ReviewStuck
Hearing: TypeAlias = Recorded | Queued | Heard | Unheard | HearingStuck
Verdict: TypeAlias = Gathering | Reviewing | Deferred | Reviewed | Unscored | ReviewStuck


@dataclass(frozen=True, slots=True)
class Note:
    source: VoiceNote | TypedText
    hearing: Hearing


TAKES_LIMIT = 10  # at one question
FOLLOW_UP_MARK = "~"  # ends the id of a follow-up


@dataclass(frozen=True, slots=True)
class Take:
    """One try at the question of `turn`; `number` counts from 1 within the turn.

    `rating`: the person's own, from 1 to 5, or 0 where they would not rate it. `correction`: the
    words that the person says were said. `late`: seconds after the time to answer was over.
    """

    turn: int
    number: int
    answered_at: float
    notes: tuple[Note, ...]
    verdict: Verdict = field(default_factory=Gathering)
    rating: int | None = None
    correction: str | None = None
    late: float = 0.0


# Where the interview is.


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing has been asked for."""


@dataclass(frozen=True, slots=True)
class SettingUp:
    """`card` counts the cards shown: what the person types pushes the last one out of sight.

    `cv`: it came with the request, and is read when the job description is there. `starts`: the
    interview begins as soon as every document is read.
    """

    detail: Detail = Detail.ROLE
    card: int = 0
    reading: Document | None = None
    reading_ticket: int = 0
    fault: Fault | None = None
    cv: Document | None = None
    starts: bool = False


@dataclass(frozen=True, slots=True)
class Preparing:
    """`stand_in`: why the built-in questions are taken instead of written ones."""

    ticket: int
    stand_in: Problem | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """The questions are there; against the clock, the person says when it starts."""


class Stage(StrEnum):
    """Where the clock of a question is."""

    PREPARING = "preparing"
    ANSWERING = "answering"
    OVER = "over"


class Panel(StrEnum):
    """What can be opened on a card of feedback."""

    MODEL = "model"
    MEASURES = "measures"
    SCORES = "scores"


PREPARE_SECONDS = 30.0
ANSWER_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Asking:
    """`asked`: how many takes the question had when it was last put, which was at `since`.

    Against the clock, `stage` says where it is, and the stage ends with the wait of `ticket`.
    `opened`: the panel that the feedback shows; `correcting`: the person is to type what was said.
    `card` counts what was typed about an answer, which pushes its card out of sight.
    """

    turn: int
    asked: int = 0
    since: float = 0.0
    stage: Stage | None = None
    ticket: int = 0
    opened: Panel | None = None
    correcting: bool = False
    card: int = 0


@dataclass(frozen=True, slots=True)
class WrappingUp:
    """Everything is asked, and answers are still being worked on."""


@dataclass(frozen=True, slots=True)
class Judging:
    """All answers are being judged at once."""

    ticket: int


@dataclass(frozen=True, slots=True)
class Summing:
    ticket: int


@dataclass(frozen=True, slots=True)
class Finished:
    at: float
    summary: Summary
    stand_in: Problem | None = None


@dataclass(frozen=True, slots=True)
class Stopped:
    at: float


Phase: TypeAlias = (
    Idle
    | SettingUp
    | Preparing
    | Ready
    | Asking
    | WrappingUp
    | Judging
    | Summing
    | Finished
    | Stopped
)


@dataclass(frozen=True, slots=True)
class Interview:
    """One conversation's interview. `copies` are the vendor's jobs that are still to be deleted."""

    key: str
    rev: int = 0
    person: str = ""
    session: str = ""
    started_at: float = 0.0
    ticket: int = 0
    brief: Brief = field(default_factory=Brief)
    phase: Phase = field(default_factory=Idle)
    questions: tuple[Question, ...] = ()
    focus: Focus = field(default_factory=Focus)
    plan: Plan = Plan.FULL
    stand_in: Problem | None = None
    takes: tuple[Take, ...] = ()
    copies: tuple[str, ...] = ()


class Reason(StrEnum):
    """Why nothing came of an event."""

    NO_INTERVIEW = "no_interview"
    ALREADY_RUNNING = "already_running"
    NOT_YET = "not_yet"
    ROLE_UNCLEAR = "role_unclear"
    CHOICE_UNCLEAR = "choice_unclear"
    TYPE_IT = "type_it"
    PRESS_START = "press_start"
    EMPTY = "empty"
    NOT_AUDIO = "not_audio"
    ENOUGH_NOTES = "enough_notes"
    ENOUGH_TAKES = "enough_takes"
    OLD_CONTROL = "old_control"
    STALE = "stale"


def takes_of(interview: Interview, turn: int) -> tuple[Take, ...]:
    return tuple(take for take in interview.takes if take.turn == turn)


def latest_takes(interview: Interview) -> tuple[Take, ...]:
    """The last take at each question that was not refused a review."""
    latest = {t.turn: t for t in interview.takes if not isinstance(t.verdict, Unscored)}
    return tuple(latest[turn] for turn in sorted(latest))


def current_take(interview: Interview) -> Take | None:
    """The take that the person is shown, or None while the question waits for one."""
    phase = interview.phase
    if not isinstance(phase, Asking):
        return None
    takes = takes_of(interview, phase.turn)
    return takes[-1] if len(takes) > phase.asked else None


def take_of_review(interview: Interview, ticket: int) -> Take | None:
    for take in interview.takes:
        if isinstance(take.verdict, Reviewing) and take.verdict.ticket == ticket:
            return take
    return None


def text_of(take: Take) -> str:
    """All that was said and typed in a take, as the person has put it right."""
    return take.correction if take.correction is not None else heard_in(take)


def heard_in(take: Take) -> str:
    """All that was heard and typed in a take."""
    heard = (note.hearing for note in take.notes if isinstance(note.hearing, Heard))
    return "\n".join(h.transcript.text for h in heard if h.transcript and h.transcript.text)


def delivery_of(take: Take) -> Delivery | None:
    heard = (note.hearing for note in take.notes if isinstance(note.hearing, Heard))
    return measure_delivery(tuple((h.sound, h.transcript) for h in heard if h.sound is not None))


def is_settled(take: Take) -> bool:
    """Whether nobody has anything to do about it any more, until the interview ends."""
    return isinstance(take.verdict, (Reviewed, Unscored, Deferred))


def is_spoken(take: Take) -> bool:
    return any(isinstance(note.source, VoiceNote) for note in take.notes)


def is_timed(interview: Interview) -> bool:
    return interview.brief.mode is Mode.REAL


def asks_rating(interview: Interview, take: Take) -> bool:
    """Whether the person is asked to rate the answer, which is before its score is shown."""
    if not interview.brief.rate_first or take.rating is not None or stuck_in(take):
        return False
    if isinstance(take.verdict, Reviewed):
        return take.verdict.review.by is Reviewer.COACH
    return not isinstance(take.verdict, Unscored)


def follow_up_of(interview: Interview, turn: int) -> Question | None:
    """The question on what the latest take left open, where one may be asked and was not yet."""
    takes = takes_of(interview, turn)
    question = interview.questions[turn]
    following = interview.questions[turn + 1 : turn + 2]
    if not takes or question.follows or any(each.follows for each in following):
        return None
    verdict = takes[-1].verdict
    if not interview.brief.follow_ups or is_timed(interview):
        return None
    if not isinstance(verdict, Reviewed) or not verdict.review.follow_up:
        return None
    return Question(
        id=f"{question.id}{FOLLOW_UP_MARK}",
        text=verdict.review.follow_up,
        kind=question.kind,
        looks_for=question.looks_for,
        follows=True,
    )


def number_of(questions: tuple[Question, ...], turn: int) -> int:
    """The number of the question at `turn`, from 1; follow-ups share that of their question."""
    return sum(not question.follows for question in questions[: turn + 1])


def stuck_in(take: Take) -> tuple[Stuck, ...]:
    """What of a take is stuck: its review, or notes of it."""
    if isinstance(take.verdict, Stuck):
        return (take.verdict,)
    return tuple(note.hearing for note in take.notes if isinstance(note.hearing, Stuck))
