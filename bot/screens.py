"""What should be in front of the person, as meaning and never as widgets.

A screen with the key of the one before is drawn over it; a new key begins a new card.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeAlias

from bot.answering import RATINGS, may_be_misheard
from bot.asking import stage_ends
from bot.brief import QUESTION_COUNTS, Brief, Detail, Extra, Focus, Kind, Mode, Seniority
from bot.coaching import (
    Checklist,
    Delivery,
    Review,
    Reviewer,
    Summary,
    Unscorable,
)
from bot.events import Control, Document, Move
from bot.history import record_of
from bot.interview import (
    TAKES_LIMIT,
    Asking,
    Deferred,
    Finished,
    Gathering,
    Idle,
    Interview,
    Judging,
    Panel,
    Preparing,
    Ready,
    Reviewed,
    Reviewing,
    SettingUp,
    Stage,
    Stopped,
    Stuck,
    Summing,
    Take,
    Unheard,
    Unscored,
    WrappingUp,
    asks_rating,
    current_take,
    delivery_of,
    follow_up_of,
    is_settled,
    is_spoken,
    latest_takes,
    number_of,
    stuck_in,
    takes_of,
    text_of,
)
from bot.problems import Fault, Problem
from bot.progress import Comparison, compare
from bot.questions import Question, is_builtin, popular_roles
from bot.scoresheet import ScoreSheet, score_sheet
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
    """Which question of how many this is, and which take at it, each from 1.

    `follows`: it is the follow-up to that question.
    """

    number: int
    of: int
    take: int
    follows: bool = False


@dataclass(frozen=True, slots=True)
class ReadyScreen:
    """Against the clock, it starts when the person says so."""

    key: str
    brief: Brief
    questions: int
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class QuestionScreen:
    """`stand_in`: why a built-in question is asked although there is a coach.

    `focus`: what it was written towards, told with the first question. Against the clock, `stage`
    says where the clock is, and `ends` when that stage is over, in seconds since 1970.
    """

    key: str
    place: Place
    brief: Brief
    question: Question
    builtin: bool
    stand_in: Problem | None
    focus: Focus | None
    stage: Stage | None
    ends: float | None
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class ListeningScreen:
    key: str
    place: Place
    notes: int
    rating: int | None
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class ThinkingScreen:
    key: str
    place: Place
    text: str
    spoken: bool
    delivery: Delivery | None
    rating: int | None
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class RatingScreen:
    """The feedback is there, and is shown when the person has rated the answer or will not."""

    key: str
    place: Place
    text: str
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class CorrectingScreen:
    """`text`: what was heard; what the person types next is what was said."""

    key: str
    place: Place
    text: str
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
    quote: str
    last: bool
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class FeedbackScreen:
    """`checklist` only where no coach has judged the words; `left_out`: why a note was not used.

    `deferred`: the words are judged at the end. `comparison` is with the take before. `follow_up`:
    the next question takes up this answer; `last`: there is none.
    """

    key: str
    place: Place
    text: str
    spoken: bool
    delivery: Delivery | None
    review: Review
    checklist: Checklist | None
    left_out: Fault | None
    stand_in: Problem | None
    deferred: bool
    rating: int | None
    comparison: Comparison | None
    opened: Panel | None
    follow_up: bool
    last: bool
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class WrappingUpScreen:
    """Everything is asked: of `answers`, so many are `done`. `problem`: what holds the others up.

    `until`: when it is tried again by itself, in seconds since 1970.
    """

    key: str
    answers: int
    done: int
    problem: Problem | None
    until: float | None
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class SummingScreen:
    key: str
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class SummaryScreen:
    """`session` is what files and pictures are asked for by; `takes` counts all that was sent."""

    key: str
    session: str
    brief: Brief
    summary: Summary
    sheet: ScoreSheet
    stand_in: Problem | None
    takes: int
    words: int
    speaking: float
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class StoppedScreen:
    key: str
    answered: int


Screen: TypeAlias = (
    SetupScreen
    | PreparingScreen
    | ReadyScreen
    | QuestionScreen
    | ListeningScreen
    | ThinkingScreen
    | RatingScreen
    | CorrectingScreen
    | StuckScreen
    | UnscoredScreen
    | FeedbackScreen
    | WrappingUpScreen
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
        case Ready():
            key = _question_key(session, Asking(turn=0))
            controls = (Control(session, Move.START), Control(session, Move.STOP))
            return ReadyScreen(key, interview.brief, len(interview.questions), controls)
        case Asking() as asking:
            take = current_take(interview)
            if take is None:
                return _question_screen(interview, asking)
            return _take_screen(interview, asking, take)
        case WrappingUp():
            return _wrapping_up_screen(interview)
        case Summing() | Judging():
            return SummingScreen(f"{session}:summary", (Control(session, Move.STOP),))
        case Finished() as finished:
            return _summary_screen(interview, finished)
        case Stopped():
            return StoppedScreen(f"{session}:stopped", len(latest_takes(interview)))


def digest_of(screen: Screen) -> str:
    """The same for screens that show the same."""
    return sha256(repr(screen).encode(errors="surrogatepass")).hexdigest()


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
        case Detail.MODE:
            return tuple(Mode)
        case Detail.EXTRAS:
            return tuple(Extra)
        case Detail.COMPANY | Detail.DESCRIPTION | Detail.CV | Detail.SKILLS:
            return ()


def _question_key(session: str, asking: Asking) -> str:
    return f"{session}:q{asking.turn}.{asking.asked}"


def _question_screen(interview: Interview, asking: Asking) -> QuestionScreen:
    question = interview.questions[asking.turn]
    turn = str(asking.turn)
    return QuestionScreen(
        key=_question_key(interview.session, asking),
        place=_place(interview, asking.turn, asking.asked + 1),
        brief=interview.brief,
        question=question,
        builtin=is_builtin(question) and not question.follows,
        stand_in=interview.stand_in,
        focus=interview.focus if asking.turn == 0 and interview.focus != Focus() else None,
        stage=asking.stage,
        ends=stage_ends(asking),
        controls=(
            Control(interview.session, Move.PASS, turn),
            Control(interview.session, Move.STOP),
        ),
    )


def _take_screen(interview: Interview, asking: Asking, take: Take) -> Screen:
    card = f".{asking.card}" if asking.card else ""
    key = f"{interview.session}:q{take.turn}t{take.number}{card}"
    place = _place(interview, take.turn, take.number)
    stuck = stuck_in(take)
    if stuck:
        return _stuck_screen(interview, take, stuck, key, place)
    text = text_of(take)
    if asking.correcting:
        controls = _controls(interview, take, Move.BACK)
        return CorrectingScreen(key, place, text, controls)
    working = (*_ratings(interview, take), Control(interview.session, Move.STOP))
    match take.verdict:
        case Reviewing():
            delivery = delivery_of(take)
            return ThinkingScreen(key, place, text, is_spoken(take), delivery, take.rating, working)
        case Reviewed() if asks_rating(interview, take):
            passing = _controls(interview, take, Move.PASS)
            return RatingScreen(key, place, text, (*_ratings(interview, take), *passing))
        case Unscored(why=why, quote=quote):
            last = asking.turn + 1 == len(interview.questions)
            controls = _controls(interview, take, *_moves(take))
            return UnscoredScreen(key, place, text, why, quote, last, controls)
        case Reviewed() | Deferred():
            return _feedback_screen(interview, asking, take, key)
        case _:
            return ListeningScreen(key, place, len(take.notes), take.rating, working)


def _feedback_screen(interview: Interview, asking: Asking, take: Take, key: str) -> FeedbackScreen:
    verdict = take.verdict
    review = verdict.review if isinstance(verdict, Reviewed) else Review(Reviewer.MEASURES)
    text, delivery = text_of(take), delivery_of(take)
    panels = [Panel.MODEL] if review.better else []
    panels += [Panel.MEASURES] if delivery is not None else []
    panels += [Panel.SCORES] if review.scores else []
    turn = take.turn
    opening = (Control(interview.session, Move.OPEN, f"{turn}={panel}") for panel in panels)
    deferred = isinstance(verdict, Deferred)
    follow_up = follow_up_of(interview, turn) is not None
    return FeedbackScreen(
        key=key,
        place=_place(interview, turn, take.number),
        text=text,
        spoken=is_spoken(take),
        delivery=delivery,
        review=review,
        checklist=check_words(text) if review.by is Reviewer.MEASURES and text else None,
        left_out=_left_out(take),
        stand_in=verdict.stand_in if isinstance(verdict, Reviewed) else None,
        deferred=deferred,
        rating=take.rating or None,
        comparison=_comparison(interview, take),
        opened=asking.opened,
        follow_up=follow_up,
        last=not follow_up and turn + 1 == len(interview.questions),
        controls=(
            *_ratings(interview, take),
            *_controls(interview, take, *_moves(take), extra=tuple(opening)),
        ),
    )


def _moves(take: Take) -> tuple[Move, ...]:
    again = (Move.AGAIN,) if take.number < TAKES_LIMIT else ()
    misheard = (Move.MISHEARD,) if may_be_misheard(take) else ()
    return (Move.NEXT, *again, *misheard)


def _place(interview: Interview, turn: int, take: int) -> Place:
    questions = interview.questions
    last = len(questions) - 1
    return Place(
        number_of(questions, turn), number_of(questions, last), take, questions[turn].follows
    )


def _ratings(interview: Interview, take: Take) -> tuple[Control, ...]:
    """The person rates the answer before the score is there, to see how the two compare."""
    if not asks_rating(interview, take):
        return ()
    turn = take.turn
    return tuple(Control(interview.session, Move.RATE, f"{turn}={n}") for n in RATINGS)


def _comparison(interview: Interview, take: Take) -> Comparison | None:
    """With the latest take before that was judged or measured."""
    before = [
        (each.verdict.review.scores, delivery_of(each))
        for each in takes_of(interview, take.turn)
        if each.number < take.number and isinstance(each.verdict, Reviewed)
    ]
    verdict = take.verdict
    if not before or not isinstance(verdict, Reviewed):
        return None
    return compare(before[-1], (verdict.review.scores, delivery_of(take)))


def _wrapping_up_screen(interview: Interview) -> WrappingUpScreen:
    session = interview.session
    stuck = [one for take in interview.takes for one in stuck_in(take)]
    waits = [one.until for one in stuck if one.until is not None]
    moves = (Move.RETRY, Move.PASS, Move.STOP) if stuck else (Move.STOP,)
    return WrappingUpScreen(
        key=f"{session}:summary",
        answers=len(interview.takes),
        done=sum(is_settled(take) for take in interview.takes),
        problem=stuck[0].problem if stuck else None,
        until=min(waits) if waits else None,
        controls=tuple(Control(session, move) for move in moves),
    )


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


def _controls(
    interview: Interview, take: Take, *moves: Move, extra: tuple[Control, ...] = ()
) -> tuple[Control, ...]:
    turn = str(take.turn)
    session = interview.session
    pressed = (Control(session, move, turn) for move in moves)
    return (*pressed, *extra, Control(session, Move.STOP))


def _summary_screen(interview: Interview, finished: Finished) -> SummaryScreen:
    session = interview.session
    takes = latest_takes(interview)
    record = record_of(interview)
    answers = record.answers if record is not None else ()
    deliveries = [delivery for take in takes if (delivery := delivery_of(take)) is not None]
    return SummaryScreen(
        key=f"{session}:summary",
        session=session,
        brief=interview.brief,
        summary=finished.summary,
        sheet=score_sheet(interview.brief, interview.started_at, answers, finished.summary),
        stand_in=finished.stand_in,
        takes=len(interview.takes),
        words=sum(count_words(text_of(take)) for take in takes),
        speaking=sum(delivery.speaking for delivery in deliveries),
        controls=(Control(session, Move.RETRY),) if finished.stand_in else (),
    )
