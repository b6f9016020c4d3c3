"""The state diagram, walked from step() itself: what is drawn is what happens."""

from collections.abc import Iterator
from dataclasses import replace

from bot.brief import Brief, Mode
from bot.coaching import Plan, Point, Review, Reviewer, Sound, Summary, Transcript, Word
from bot.events import (
    AnswerReviewed,
    AnswersReviewed,
    ControlPressed,
    CopyDeleted,
    Document,
    DocumentRead,
    DocumentSent,
    Event,
    InterviewRequested,
    InterviewSummarised,
    Judged,
    NoteHeard,
    NoteRejected,
    QuestionsWritten,
    StopRequested,
    TextSent,
    TranscriptionQueued,
    VoiceNote,
    VoiceSent,
    WaitEnded,
    WorkFailed,
)
from bot.interview import Interview, SettingUp
from bot.problems import Fault, Problem, ProblemKind
from bot.questions import Question, QuestionKind
from bot.screens import QuestionScreen, Screen, StoppedScreen, screen_for
from bot.step import Moved, step
from bot.work import (
    AwaitTranscript,
    DeleteCopy,
    ReadDocument,
    ReviewAll,
    ReviewAnswer,
    Summarise,
    Transcribe,
    Wait,
    Work,
    WriteQuestions,
    work_for,
)

MOST_NOTES = 2
START = "[*]"
SPEECH = "I found the slow query and then I halved its time last year"

_SOUND = Sound(seconds=9.0, speaking=8.0, start_delay=0.4, pauses=(), clipped=0.0)
_QUESTIONS = tuple(
    Question(id=f"example/{n}", text=f"Question {n}?", kind=QuestionKind.BEHAVIOURAL)
    for n in (1, 2)
)


_JUDGED = Review(
    Reviewer.COACH,
    strength=Point("You name a cause.", "found the slow query"),
    better="I found the slow query and halved its time.",
    follow_up="How did you find the slow query?",
)


def walk() -> Iterator[tuple[Interview, Event, Interview]]:
    """Every step between interviews that look different, breadth first, from nothing at all."""
    first = Interview(key="example:1")
    seen = {_look(first)}
    frontier = [first]
    while frontier:
        following: list[Interview] = []
        for interview in frontier:
            for event in events_for(interview):
                stepped = step(interview, event)
                if not isinstance(stepped, Moved) or _is_large(stepped.interview):
                    continue
                yield interview, event, stepped.interview
                if _look(stepped.interview) not in seen:
                    seen.add(_look(stepped.interview))
                    following.append(stepped.interview)
        frontier = following


def draw_diagram() -> str:
    """The walk as a Mermaid state diagram: screens are states, events the ways between them."""
    ways: dict[tuple[str, str], list[str]] = {}
    for before, event, after in walk():
        ends = (_state(before), _state(after))
        labels = ways.setdefault(ends, [])
        if _label(event) not in labels and _state(before) != _state(after):
            labels.append(_label(event))
    lines = ["stateDiagram-v2"]
    for (source, target), labels in sorted(ways.items()):
        if labels:
            lines.append(f"    {source} --> {target}: {', '.join(sorted(labels))}")
    return "\n".join(lines)


def events_for(interview: Interview) -> Iterator[Event]:
    """What a person may do in front of an interview, and what its work may come to."""
    at = interview.rev + 1.0
    yield InterviewRequested(at=at, session="s", person="example:me")
    for mode in Mode:
        brief = Brief(role="Editor", mode=mode, rate_first=mode is Mode.COACH)
        yield InterviewRequested(at=at, session="s", person="example:me", brief=brief)
    yield TextSent(at=at, text=SPEECH)
    yield TextSent(at=at, text="3")  # too short for an answer; a rating, or a number of questions
    yield VoiceSent(at=at, note=VoiceNote("note"))
    yield DocumentSent(at=at, document=Document("file", "job.pdf"))
    yield StopRequested(at=at)
    screen = screen_for(interview)
    if screen is not None and not isinstance(screen, StoppedScreen):
        for control in screen.controls:
            yield ControlPressed(at=at, control=control)
    for work in work_for(interview):
        yield from _results(work, at)


def _results(work: Work, at: float) -> Iterator[Event]:
    down = Problem(ProblemKind.DOWN)
    match work:
        case ReadDocument(ticket=ticket):
            yield DocumentRead(at=at, ticket=ticket, text="We look for somebody.")
            yield WorkFailed(at=at, ticket=ticket, problem=down)
        case WriteQuestions(ticket=ticket, builtin=builtin):
            for plan in Plan:
                yield QuestionsWritten(at=at, ticket=ticket, questions=_QUESTIONS, plan=plan)
            if not builtin:
                yield WorkFailed(at=at, ticket=ticket, problem=down)
        case Transcribe(ticket=ticket):
            yield TranscriptionQueued(at=at, ticket=ticket, job=f"job{ticket}", sound=_SOUND)
            yield NoteHeard(at=at, ticket=ticket, transcript=None, sound=_SOUND)
            yield NoteRejected(at=at, ticket=ticket, fault=Fault.SILENT)
            yield WorkFailed(at=at, ticket=ticket, problem=down)
        case AwaitTranscript(ticket=ticket):
            words = tuple(
                Word(text, place * 0.4, place * 0.4 + 0.3, 0.9)
                for place, text in enumerate(SPEECH.split())
            )
            heard = Transcript(SPEECH, words, confidence=0.9)
            yield NoteHeard(at=at, ticket=ticket, transcript=heard)
            unclear = replace(heard, confidence=0.1)
            yield NoteHeard(at=at, ticket=ticket, transcript=unclear)
            yield WorkFailed(at=at, ticket=ticket, problem=down)
        case ReviewAnswer(ticket=ticket):
            yield AnswerReviewed(at=at, ticket=ticket, review=_JUDGED)
            yield AnswerReviewed(at=at, ticket=ticket, review=Review(Reviewer.COACH))
            yield WorkFailed(at=at, ticket=ticket, problem=down)
            misconfigured = Problem(ProblemKind.MISCONFIGURED)
            yield WorkFailed(at=at, ticket=ticket, problem=misconfigured)
        case ReviewAll(ticket=ticket):
            judged = (Judged(0, 1, _JUDGED), Judged(1, 1, _JUDGED))
            summary = Summary(Reviewer.COACH, headline="Well done.")
            yield AnswersReviewed(at=at, ticket=ticket, judged=judged, summary=summary)
            yield WorkFailed(at=at, ticket=ticket, problem=down)
        case Summarise(ticket=ticket):
            summary = Summary(Reviewer.COACH, headline="Well done.")
            yield InterviewSummarised(at=at, ticket=ticket, summary=summary)
            yield WorkFailed(at=at, ticket=ticket, problem=down)
        case Wait(ticket=ticket):
            yield WaitEnded(at=at, ticket=ticket)
        case DeleteCopy(job=job):
            yield CopyDeleted(at=at, job=job)


def _is_large(interview: Interview) -> bool:
    """More notes than these, in one take or in several, show nothing new."""
    notes = sum(len(take.notes) for take in interview.takes)
    return notes > MOST_NOTES or len(interview.copies) > 1


def _look(interview: Interview) -> tuple[object, ...]:
    """What tells interviews apart for the walk: screen, without its wording, ways and work."""
    screen = screen_for(interview)
    takes = tuple(
        (take.turn, type(take.verdict), tuple(type(note.hearing) for note in take.notes))
        for take in interview.takes
    )
    controls = () if screen is None or isinstance(screen, StoppedScreen) else screen.controls
    work = tuple(type(work) for work in work_for(interview))
    stage = screen.stage if isinstance(screen, QuestionScreen) else None
    return (_name(screen), controls, stage, takes, work, _way(interview))


def _way(interview: Interview) -> tuple[object, ...]:
    """What decides how the questions go on, once the set-up has decided it."""
    if isinstance(interview.phase, SettingUp):
        return ()
    return (interview.brief.mode, interview.brief.rate_first, interview.plan)


def _state(interview: Interview) -> str:
    return _name(screen_for(interview))


def _name(screen: Screen | None) -> str:
    return START if screen is None else type(screen).__name__.removesuffix("Screen")


def _label(event: Event) -> str:
    if isinstance(event, ControlPressed):
        return f"press {event.control.move}"
    return type(event).__name__
