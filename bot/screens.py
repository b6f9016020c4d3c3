"""What should be in front of the person, as meaning and never as widgets.

A screen with the key of the one before is drawn over it; a new key begins a new card.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeAlias

from bot.brief import QUESTION_COUNTS, Brief, Detail, Kind, Seniority
from bot.coaching import (
    Checklist,
    Delivery,
    Review,
    Reviewer,
    Score,
    Summary,
    Unscorable,
)
from bot.events import Control, Document, Move, VoiceNote
from bot.interview import (
    TAKES_LIMIT,
    Asking,
    Finished,
    Gathering,
    Idle,
    Interview,
    Preparing,
    Reviewed,
    Reviewing,
    SettingUp,
    Stopped,
    Stuck,
    Summing,
    Take,
    Unheard,
    Unscored,
    current_take,
    delivery_of,
    latest_takes,
    stuck_in,
    text_of,
)
from bot.problems import Fault, Problem
from bot.questions import Question, is_builtin, popular_roles
from bot.words import check_words, count_words


@dataclass(frozen=True, slots=True)
class SetupScreen:
    """`fault`: why the last document could not be used; `reading`: the one being read."""

    key: str
    detail: Detail
    brief: Brief
    reading: Document | None
    fault: Fault | None
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class PreparingScreen:
    key: str
    brief: Brief
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Which question of how many this is, and which take at it, each from 1."""

    number: int
    of: int
    take: int


@dataclass(frozen=True, slots=True)
class QuestionScreen:
    """`stand_in`: why a built-in question is asked although there is a coach."""

    key: str
    place: Place
    brief: Brief
    question: Question
    builtin: bool
    stand_in: Problem | None
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class ListeningScreen:
    key: str
    place: Place
    notes: int
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class ThinkingScreen:
    key: str
    place: Place
    text: str
    spoken: bool
    delivery: Delivery | None
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class StuckScreen:
    """`until`: when it is tried again by itself, in seconds since 1970."""

    key: str
    place: Place
    text: str
    heard: bool
    problem: Problem
    until: float | None
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class UnscoredScreen:
    key: str
    place: Place
    text: str
    why: Unscorable | Fault
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class FeedbackScreen:
    """`checklist` only where no coach has judged the words; `left_out`: why a note was not used."""

    key: str
    place: Place
    text: str
    spoken: bool
    delivery: Delivery | None
    review: Review
    checklist: Checklist | None
    left_out: Fault | None
    stand_in: Problem | None
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class SummingScreen:
    key: str
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class Average:
    """A dimension's mean level over `answers` scored answers."""

    dimension: str
    level: float
    answers: int


@dataclass(frozen=True, slots=True)
class SummaryScreen:
    key: str
    brief: Brief
    summary: Summary
    stand_in: Problem | None
    questions: int
    answered: int
    averages: tuple[Average, ...]
    words: int
    speaking: float
    words_per_minute: float | None
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class StoppedScreen:
    key: str
    answered: int


Screen: TypeAlias = (
    SetupScreen
    | PreparingScreen
    | QuestionScreen
    | ListeningScreen
    | ThinkingScreen
    | StuckScreen
    | UnscoredScreen
    | FeedbackScreen
    | SummingScreen
    | SummaryScreen
    | StoppedScreen
)


def screen_for(interview: Interview) -> Screen | None:
    """What the person should see; None where nothing has begun."""
    session = interview.session
    match interview.phase:
        case Idle():
            return None
        case SettingUp() as setup:
            return SetupScreen(
                key=f"{session}:setup{setup.card}",
                detail=setup.detail,
                brief=interview.brief,
                reading=setup.reading,
                fault=setup.fault,
                controls=tuple(_setup_controls(interview, setup)),
            )
        case Preparing():
            # The first question takes this card's place.
            key = _question_key(session, Asking(turn=0))
            return PreparingScreen(key, interview.brief, (Control(session, Move.STOP),))
        case Asking() as asking:
            take = current_take(interview)
            if take is None:
                return _question_screen(interview, asking)
            return _take_screen(interview, take)
        case Summing():
            return SummingScreen(f"{session}:summary", (Control(session, Move.STOP),))
        case Finished() as finished:
            return _summary_screen(interview, finished)
        case Stopped():
            return StoppedScreen(f"{session}:stopped", len(latest_takes(interview)))


def digest_of(screen: Screen) -> str:
    """The same for screens that show the same."""
    return sha256(repr(screen).encode(errors="surrogatepass")).hexdigest()


def average_scores(scores: Iterable[Score]) -> tuple[Average, ...]:
    """The mean level of each dimension, in the order in which the dimensions first appear."""
    levels: dict[str, list[int]] = {}
    for score in scores:
        levels.setdefault(score.dimension, []).append(score.level)
    return tuple(Average(d, sum(found) / len(found), len(found)) for d, found in levels.items())


def _setup_controls(interview: Interview, setup: SettingUp) -> Iterable[Control]:
    session, detail = interview.session, setup.detail
    if setup.reading is None:
        for value in _choices(detail):
            yield Control(session, Move.CHOOSE, f"{detail}={value}")
        if detail is not Detail.ROLE:
            yield Control(session, Move.SKIP, detail)
            yield Control(session, Move.BACK, detail)
        yield Control(session, Move.START)
    yield Control(session, Move.STOP)


def _choices(detail: Detail) -> tuple[str, ...]:
    match detail:
        case Detail.ROLE:
            return popular_roles()
        case Detail.SENIORITY:
            return tuple(Seniority)
        case Detail.KIND:
            return tuple(Kind)
        case Detail.COUNT:
            return tuple(str(count) for count in QUESTION_COUNTS)
        case Detail.COMPANY | Detail.DESCRIPTION | Detail.SKILLS:
            return ()


def _question_key(session: str, asking: Asking) -> str:
    return f"{session}:q{asking.turn}.{asking.asked}"


def _question_screen(interview: Interview, asking: Asking) -> QuestionScreen:
    question = interview.questions[asking.turn]
    turn = str(asking.turn)
    return QuestionScreen(
        key=_question_key(interview.session, asking),
        place=Place(asking.turn + 1, len(interview.questions), asking.asked + 1),
        brief=interview.brief,
        question=question,
        builtin=is_builtin(question),
        stand_in=interview.stand_in,
        controls=(
            Control(interview.session, Move.PASS, turn),
            Control(interview.session, Move.STOP),
        ),
    )


def _take_screen(interview: Interview, take: Take) -> Screen:
    key = f"{interview.session}:q{take.turn}t{take.number}"
    place = Place(take.turn + 1, len(interview.questions), take.number)
    stuck = stuck_in(take)
    if stuck:
        return _stuck_screen(interview, take, stuck, key, place)
    stop = (Control(interview.session, Move.STOP),)
    again = (Move.AGAIN,) if take.number < TAKES_LIMIT else ()
    judged = _controls(interview, take, Move.NEXT, *again)
    text = text_of(take)
    spoken = any(isinstance(note.source, VoiceNote) for note in take.notes)
    match take.verdict:
        case Reviewing():
            return ThinkingScreen(key, place, text, spoken, delivery_of(take), stop)
        case Unscored(why=why):
            return UnscoredScreen(key, place, text, why, judged)
        case Reviewed(review=review, stand_in=stand_in):
            measured = review.by is Reviewer.MEASURES
            return FeedbackScreen(
                key=key,
                place=place,
                text=text,
                spoken=spoken,
                delivery=delivery_of(take),
                review=review,
                checklist=check_words(text) if measured and text else None,
                left_out=_left_out(take),
                stand_in=stand_in,
                controls=judged,
            )
        case _:
            return ListeningScreen(key, place, len(take.notes), stop)


def _left_out(take: Take) -> Fault | None:
    hearings = (note.hearing for note in take.notes)
    faults = [hearing.fault for hearing in hearings if isinstance(hearing, Unheard)]
    return faults[-1] if faults else None


def _stuck_screen(
    interview: Interview, take: Take, stuck: tuple[Stuck, ...], key: str, place: Place
) -> StuckScreen:
    waits = [one.until for one in stuck if one.until is not None]
    return StuckScreen(
        key=key,
        place=place,
        text=text_of(take),
        heard=not isinstance(take.verdict, Gathering),
        problem=stuck[0].problem,
        until=min(waits) if waits else None,
        controls=_controls(interview, take, Move.RETRY, Move.PASS),
    )


def _controls(interview: Interview, take: Take, *moves: Move) -> tuple[Control, ...]:
    turn = str(take.turn)
    session = interview.session
    return (*(Control(session, move, turn) for move in moves), Control(session, Move.STOP))


def _summary_screen(interview: Interview, finished: Finished) -> SummaryScreen:
    session = interview.session
    scored = latest_takes(interview)
    reviews = [t.verdict.review for t in scored if isinstance(t.verdict, Reviewed)]
    deliveries = [delivery for take in scored if (delivery := delivery_of(take)) is not None]
    paces = [d.words_per_minute for d in deliveries if d.words_per_minute is not None]
    return SummaryScreen(
        key=f"{session}:summary",
        brief=interview.brief,
        summary=finished.summary,
        stand_in=finished.stand_in,
        questions=len(interview.questions),
        answered=len(scored),
        averages=average_scores(score for review in reviews for score in review.scores),
        words=sum(count_words(text_of(take)) for take in scored),
        speaking=sum(delivery.speaking for delivery in deliveries),
        words_per_minute=sum(paces) / len(paces) if paces else None,
        controls=(Control(session, Move.RETRY),) if finished.stand_in else (),
    )
