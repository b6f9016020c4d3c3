"""One question: what the person sends and presses becomes notes, takes and turns."""

from dataclasses import replace

from bot.asking import ask_follow_up, ask_next, lateness, wrap_up
from bot.brief import clean_text
from bot.coaching import Transcript
from bot.events import Control, Move, TextSent, VoiceSent
from bot.interview import (
    TAKES_LIMIT,
    Asking,
    Gathering,
    Heard,
    HearingStuck,
    Interview,
    Note,
    Panel,
    Reason,
    Recorded,
    ReviewStuck,
    Stuck,
    Take,
    TypedText,
    Unheard,
    asks_rating,
    current_take,
    heard_in,
    is_settled,
    is_spoken,
    is_timed,
    stuck_in,
    takes_of,
)
from bot.judging import measured, put, resume, settle
from bot.problems import Fault

ANSWER_LIMIT = 8_000
NOTES_LIMIT = 10
RATINGS = range(1, 6)


def type_answer(interview: Interview, asking: Asking, event: TextSent) -> Interview | Reason:
    text = clean_text(event.text, ANSWER_LIMIT)
    if not text:
        return Reason.EMPTY
    take = current_take(interview)
    if take is not None and asking.correcting:
        return _correct(interview, asking, take, text)
    if take is not None and asks_rating(interview, take) and text in map(str, RATINGS):
        rated = put(interview, replace(take, rating=int(text)))
        return _with(rated, replace(asking, card=asking.card + 1))
    typed = Note(TypedText(text), Heard(Transcript(text), sound=None))
    return _add(_set_stuck_aside(interview), asking, typed, event.at)


def record_answer(interview: Interview, asking: Asking, event: VoiceSent) -> Interview | Reason:
    ticket = interview.ticket + 1
    spoken = Note(event.note, Recorded(ticket))
    return _add(replace(interview, ticket=ticket), asking, spoken, event.at)


def press(interview: Interview, asking: Asking, control: Control, at: float) -> Interview | Reason:
    turn, _, value = control.argument.partition("=")
    if turn != str(asking.turn):
        return Reason.OLD_CONTROL
    take = current_take(interview)
    if take is None:
        passed = control.move is Move.PASS
        return ask_next(interview, asking, at) if passed else Reason.OLD_CONTROL
    if asking.correcting:
        back = control.move is Move.BACK
        return _with(interview, asking, correcting=False) if back else Reason.OLD_CONTROL
    settled = is_settled(take)
    stuck = stuck_in(take)
    match control.move:
        case Move.RATE if asks_rating(interview, take) and value in map(str, RATINGS):
            return put(interview, replace(take, rating=int(value)))
        case Move.PASS if settled and asks_rating(interview, take):
            return put(interview, replace(take, rating=0))
        case Move.NEXT if settled:
            return ask_follow_up(interview, asking, at)
        case Move.AGAIN if settled:
            return _ask_again(interview, asking, at)
        case Move.OPEN if settled and value in set(Panel):
            panel = Panel(value)
            return _with(interview, asking, opened=None if asking.opened is panel else panel)
        case Move.MISHEARD if settled and may_be_misheard(take):
            return _with(interview, asking, correcting=True)
        case Move.RETRY if stuck:
            return resume(interview, lambda candidate: candidate in stuck)
        case Move.PASS if stuck:
            return _go_on_without(interview, take)
        case _:
            return Reason.OLD_CONTROL


def press_at_end(interview: Interview, control: Control) -> Interview | Reason:
    """What is stuck when everything is asked is taken up again, or left out, all at once."""
    stuck = [take for take in interview.takes if stuck_in(take)]
    match control.move:
        case Move.RETRY if stuck:
            return _resume_all(interview, [one for take in stuck for one in stuck_in(take)])
        case Move.PASS if stuck:
            for take in stuck:
                interview = _go_on_without(interview, take)
            return wrap_up(interview)
        case _:
            return Reason.OLD_CONTROL


def _resume_all(interview: Interview, stuck: list[Stuck]) -> Interview:
    """Take by take, until nothing of `stuck` is left."""
    while isinstance(again := resume(interview, lambda one: one in stuck), Interview):
        interview = again
    return interview


def may_be_misheard(take: Take) -> bool:
    return is_spoken(take) and bool(heard_in(take))


def _with(
    interview: Interview, asking: Asking, *, opened: Panel | None = None, correcting: bool = False
) -> Interview:
    return replace(interview, phase=replace(asking, opened=opened, correcting=correcting))


def _correct(interview: Interview, asking: Asking, take: Take, text: str) -> Interview:
    """What the person says was said counts from now on, and is judged anew."""
    corrected = replace(take, correction=text, verdict=Gathering())
    return settle(_with(interview, replace(asking, card=asking.card + 1)), corrected)


def _add(interview: Interview, asking: Asking, note: Note, at: float) -> Interview | Reason:
    """A note belongs to the take that is not judged yet, or begins the next one."""
    take = current_take(interview)
    if take is not None and not is_settled(take):
        if len(take.notes) >= NOTES_LIMIT:
            return Reason.ENOUGH_NOTES
        return settle(interview, replace(take, notes=(*take.notes, note), verdict=Gathering()))
    number = len(takes_of(interview, asking.turn)) + 1
    if number > TAKES_LIMIT:
        return Reason.ENOUGH_TAKES
    begun = Take(asking.turn, number, at, notes=(note,), late=lateness(asking, at))
    taken = settle(replace(interview, takes=(*interview.takes, begun)), begun)
    if is_timed(interview):
        return ask_next(taken, asking, at)
    return _with(taken, asking)


def _ask_again(interview: Interview, asking: Asking, at: float) -> Interview | Reason:
    asked = len(takes_of(interview, asking.turn))
    if asked >= TAKES_LIMIT:
        return Reason.ENOUGH_TAKES
    return replace(interview, phase=replace(asking, asked=asked, since=at, opened=None))


def _go_on_without(interview: Interview, take: Take) -> Interview:
    """Leave out what is stuck: a note that could not be heard, or the coach's judgement."""
    if isinstance(take.verdict, ReviewStuck):
        return settle(interview, replace(take, verdict=measured(take.verdict.problem)))
    return settle(interview, _without_stuck(take))


def _set_stuck_aside(interview: Interview) -> Interview:
    """Typing an answer goes on without the notes that could not be heard."""
    take = current_take(interview)
    return interview if take is None else put(interview, _without_stuck(take))


def _without_stuck(take: Take) -> Take:
    notes = tuple(
        replace(note, hearing=Unheard(Fault.SET_ASIDE))
        if isinstance(note.hearing, HearingStuck)
        else note
        for note in take.notes
    )
    return replace(take, notes=notes)
