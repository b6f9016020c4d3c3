"""Doing one piece of work, within its deadline: what it comes to is an event."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial

from bot.builtin import BuiltInCoach
from bot.coaching import Plan
from bot.events import (
    AnswerReviewed,
    AnswersReviewed,
    CopyDeleted,
    DocumentRead,
    Event,
    InterviewSummarised,
    Judged,
    NoteHeard,
    NoteRejected,
    QuestionsWritten,
    TranscriptionQueued,
    VoiceNote,
    WaitEnded,
)
from bot.gate import is_silent
from bot.interview import (
    Deferred,
    Interview,
    Reviewed,
    Take,
    delivery_of,
    latest_takes,
    take_of_review,
    text_of,
)
from bot.ports import Activity, Answer, Chat, Clock, Coach, Documents, Ear, History, Job, Sounds
from bot.problems import Fault, Problem, ProblemError, ProblemKind
from bot.wording import delivery_line
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
)

ASKED_LIMIT = 500  # earlier questions of a person that are not asked again
RECORDING_BYTES = 20_000_000
DOCUMENT_BYTES = 5_000_000
DELETION_WAIT = 600.0  # seconds between tries to delete a vendor's copy


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds after which a piece of work counts as failed."""

    reading: float = 60.0
    questions: float = 80.0  # two requests, where the first reply cannot be used
    transcribing: float = 600.0  # on this machine, perhaps
    awaiting: float = 600.0
    reviewing: float = 90.0
    reviewing_all: float = 180.0
    summarising: float = 60.0


class Performer:
    def __init__(
        self,
        *,
        chats: Mapping[str, Chat],
        ear: Ear,
        coach: Coach,
        sounds: Sounds,
        documents: Documents,
        history: History,
        clock: Clock,
        plan: Plan = Plan.FULL,
        deadlines: Deadlines | None = None,
    ) -> None:
        self._chats = chats
        self._ear = ear
        self._coach = coach
        self._builtin = BuiltInCoach()
        self._sounds = sounds
        self._documents = documents
        self._history = history
        self._clock = clock
        self._plan = plan
        self._deadlines = deadlines or Deadlines()

    async def perform(self, interview: Interview, work: Work) -> Event | None:
        """What the work came to; raises ProblemError. None where it has lost its object."""
        if isinstance(work, Wait):
            await self._clock.sleep(max(0.0, work.until - self._clock.now()))
            return WaitEnded(at=self._clock.now(), ticket=work.ticket)
        if isinstance(work, DeleteCopy):
            return await self._delete_copy(work.job)
        chat = self._chats[interview.key.partition(":")[0]]
        activity = _activity(work)
        deadline = self._deadline(work)
        async with AsyncExitStack() as stack:
            if activity is not None:
                await stack.enter_async_context(chat.working(interview.key, activity))
            try:
                async with asyncio.timeout(deadline):
                    return await self._perform(interview, work, chat)
            except TimeoutError:
                late = Problem(ProblemKind.DOWN, detail=f"no answer within {deadline} s")
                raise ProblemError(late) from None

    async def _perform(self, interview: Interview, work: Work, chat: Chat) -> Event | None:
        match work:
            case ReadDocument(ticket=ticket, document=document):
                data = await chat.fetch(document.ref, DOCUMENT_BYTES)
                text = await self._documents.read(data, document.name)
                return DocumentRead(at=self._clock.now(), ticket=ticket, text=text)
            case WriteQuestions(ticket=ticket, builtin=builtin):
                coach = self._builtin if builtin else self._coach
                before = await self._history.asked(interview.person, ASKED_LIMIT)
                asked = tuple(question.text for question in before)
                brief, session = interview.brief, interview.session
                written = await coach.write_questions(brief, session, asked)
                if not written.questions:
                    raise ProblemError(Problem(ProblemKind.DOWN, detail="no questions"))
                return QuestionsWritten(
                    at=self._clock.now(),
                    ticket=ticket,
                    questions=written.questions,
                    focus=written.focus,
                    plan=self._plan,
                )
            case Transcribe(ticket=ticket, note=note):
                return await self._transcribe(ticket, note, chat)
            case AwaitTranscript(ticket=ticket, job=job):
                transcript = await self._ear.finish(Job(job))
                return NoteHeard(at=self._clock.now(), ticket=ticket, transcript=transcript)
            case ReviewAnswer(ticket=ticket):
                return await self._review(interview, ticket)
            case ReviewAll(ticket=ticket):
                return await self._review_all(interview, ticket)
            case Summarise(ticket=ticket):
                brief, focus = interview.brief, interview.focus
                answers = tuple(map(partial(_answer, interview), _judged(interview)))
                summary = await self._coach.summarise(brief, focus, answers)
                return InterviewSummarised(at=self._clock.now(), ticket=ticket, summary=summary)
            case Wait() | DeleteCopy():
                return None

    async def _transcribe(self, ticket: int, note: VoiceNote, chat: Chat) -> Event:
        data = await chat.fetch(note.ref, RECORDING_BYTES)
        sound = await self._sounds.listen(data)
        if is_silent(sound):
            return NoteRejected(at=self._clock.now(), ticket=ticket, fault=Fault.SILENT)
        started = await self._ear.start(data)
        now = self._clock.now()
        if isinstance(started, Job):
            return TranscriptionQueued(at=now, ticket=ticket, job=started.id, sound=sound)
        return NoteHeard(at=now, ticket=ticket, transcript=started, sound=sound)

    async def _delete_copy(self, job: str) -> Event:
        """Until it is done: the person has been promised it."""
        while True:
            try:
                await self._ear.forget(Job(job))
            except ProblemError as error:
                if not error.problem.passes_by_itself:
                    raise
                await self._clock.sleep(error.problem.retry_after or DELETION_WAIT)
            else:
                return CopyDeleted(at=self._clock.now(), job=job)

    async def _review(self, interview: Interview, ticket: int) -> Event | None:
        take = take_of_review(interview, ticket)
        if take is None:
            return None
        answer = _answer(interview, take)
        review = await self._coach.review(interview.brief, interview.focus, answer)
        return AnswerReviewed(at=self._clock.now(), ticket=ticket, review=review)

    async def _review_all(self, interview: Interview, ticket: int) -> Event:
        takes = [take for take in _judged(interview) if isinstance(take.verdict, Deferred)]
        answers = tuple(_answer(interview, take) for take in takes)
        closing = await self._coach.review_all(interview.brief, interview.focus, answers)
        judged = tuple(
            Judged(take.turn, take.number, review)
            for take, review in zip(takes, closing.reviews, strict=True)
        )
        return AnswersReviewed(
            at=self._clock.now(), ticket=ticket, judged=judged, summary=closing.summary
        )

    def _deadline(self, work: Work) -> float | None:
        deadlines = self._deadlines
        match work:
            case ReadDocument():
                return deadlines.reading
            case WriteQuestions():
                return deadlines.questions
            case Transcribe():
                return deadlines.transcribing
            case AwaitTranscript():
                return deadlines.awaiting
            case ReviewAnswer():
                return deadlines.reviewing
            case ReviewAll():
                return deadlines.reviewing_all
            case Summarise():
                return deadlines.summarising
            case DeleteCopy() | Wait():
                return None


def _activity(work: Work) -> Activity | None:
    match work:
        case Transcribe() | AwaitTranscript():
            return Activity.LISTENING
        case ReadDocument() | WriteQuestions() | ReviewAnswer() | ReviewAll() | Summarise():
            return Activity.THINKING
        case Wait() | DeleteCopy():
            return None


def _judged(interview: Interview) -> tuple[Take, ...]:
    """The takes whose words somebody can judge: the latest at each question."""
    return tuple(take for take in latest_takes(interview) if text_of(take))


def _answer(interview: Interview, take: Take) -> Answer:
    delivery = delivery_of(take)
    return Answer(
        interview.questions[take.turn],
        text_of(take),
        delivery_line(delivery) if delivery else "",
        take.verdict.review if isinstance(take.verdict, Reviewed) else None,
    )
