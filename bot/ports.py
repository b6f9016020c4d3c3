"""What the engine needs from the outside, as Protocols; each has one contract suite in tests."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.brief import Brief, Focus
from bot.coaching import Review, Sound, Summary, Transcript
from bot.history import Asked, SessionLine, SessionRecord
from bot.interview import Interview
from bot.linking import Joined
from bot.progress import Practised, Progress
from bot.questions import Question
from bot.scoresheet import ScoreSheet
from bot.screens import Screen


class Clock(Protocol):
    def now(self) -> float:
        """Seconds since 1970, UTC."""
        ...

    async def sleep(self, seconds: float) -> None: ...


class Activity(StrEnum):
    """What the machine is doing for somebody, as they may be shown it."""

    LISTENING = "listening"
    THINKING = "thinking"


class Chat(Protocol):
    """Where a conversation is seen. Every method may raise ProblemError."""

    async def show(self, conversation: str, screen: Screen, ref: str | None) -> str:
        """Draw `screen` on the card `ref`, or on a new one; the card's ref, which outlives us.

        A card that has gone is replaced by a new one.
        """
        ...

    async def retire(self, conversation: str, ref: str) -> None:
        """Take the controls off a card that another has replaced."""
        ...

    async def fetch(self, ref: str, limit: int) -> bytes:
        """What was sent, of `limit` bytes at most (more: rejected as TOO_BIG)."""
        ...

    def working(self, conversation: str, activity: Activity) -> AbstractAsyncContextManager[None]:
        """Let the person see that something is being done for them, until it ends."""
        ...


class Outcome(StrEnum):
    SAVED = "saved"
    DUPLICATE = "duplicate"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True, slots=True)
class Shown:
    """The card that a conversation shows: its key, the platform's ref, and what it says."""

    conversation: str
    key: str
    ref: str
    digest: str


class History(Protocol):
    """What a person has practised, as whichever of the linked persons."""

    async def sessions(self, person: str, limit: int, offset: int) -> tuple[SessionLine, ...]:
        """A person's interviews that have an answer, the latest first."""
        ...

    async def session(self, person: str, session: str) -> SessionRecord | None: ...

    async def asked(self, person: str, limit: int) -> tuple[Asked, ...]:
        """The `limit` questions asked last, the latest last; each id once."""
        ...

    async def practised(self, person: str, limit: int) -> tuple[Practised, ...]:
        """The last `limit` takes that were judged or measured, the latest last.

        Takes that were refused a score are not among them; those only measured have no scores.
        """
        ...


class Links(Protocol):
    """Which persons are the same human being. Times (`at`) are in seconds since 1970, UTC."""

    async def issue(self, person: str, code: str, at: float) -> None:
        """Let `code` join somebody to `person` for LINK_LASTS seconds, instead of an earlier one.

        Of a code, only its hash is kept.
        """
        ...

    async def join(self, person: str, code: str, at: float) -> Joined:
        """Join `person`, and everybody linked to them, to whoever `code` was issued to.

        Entered by another person than that, a code is used up. TOO_MANY_TRIES from the try on
        that follows WRONG_TRIES wrong ones within LINK_LASTS seconds, be the code right or wrong.
        """
        ...

    async def unlink(self, person: str) -> bool:
        """Part `person` from the others, who stay linked; False if there were none."""
        ...

    async def linked(self, person: str) -> tuple[str, ...]:
        """`person`, then the others that are linked to them, by name."""
        ...


class Interviews(History, Protocol):
    """Where interviews are kept."""

    async def load(self, conversation: str) -> Interview | None: ...

    async def save(self, interview: Interview, event_id: str | None) -> Outcome:
        """Keep `interview`, its history and `event_id` in one transaction.

        OVERTAKEN when the kept one's rev is not `interview.rev - 1`; DUPLICATE when the
        conversation has had `event_id` before. Nothing is kept in either case.
        """
        ...

    async def had(self, conversation: str, event_id: str) -> bool: ...

    async def unfinished(self) -> tuple[str, ...]:
        """The conversations whose interview waits for a person or for work."""
        ...

    async def undrawn(self) -> tuple[str, ...]:
        """The conversations whose interview should show what is not shown."""
        ...

    async def shown(self, conversation: str) -> Shown | None: ...

    async def save_shown(self, shown: Shown) -> None: ...

    async def close(self) -> None: ...


class Sounds(Protocol):
    """What sound alone tells."""

    async def listen(self, data: bytes) -> Sound:
        """Measure it; raises ProblemError (REJECTED) with the fault for what is not usable."""
        ...


class Documents(Protocol):
    async def read(self, data: bytes, name: str) -> str:
        """The text of a text, PDF or DOCX file; raises ProblemError (REJECTED) with the fault."""
        ...


@dataclass(frozen=True, slots=True)
class File:
    """A file to be handed to the person; `name` is safe on every system."""

    name: str
    mime: str
    data: bytes


class Exports(Protocol):
    async def export(self, record: SessionRecord) -> tuple[File, ...]:
        """The whole interview as files to keep, a form of it each, the one to read first."""
        ...


class Pictures(Protocol):
    """What can be seen at a glance, as PNG files for a phone's chat."""

    async def of_summary(self, sheet: ScoreSheet) -> bytes: ...

    async def of_progress(self, progress: Progress) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Job:
    """A transcription that the vendor has taken on; its id outlives us."""

    id: str


class Ear(Protocol):
    """Turns a recording into a transcript."""

    async def start(self, data: bytes) -> Job | Transcript | None:
        """Take a recording on: a job to ask for, or what was heard; None if nothing can be."""
        ...

    async def finish(self, job: Job) -> Transcript:
        """Wait for a job; asking again after a restart costs nothing."""
        ...

    async def forget(self, job: Job) -> None:
        """Delete the vendor's copy of the recording and its transcript; twice is once."""
        ...

    async def check(self) -> str:
        """One sentence for the operator on who answers; raises ProblemError."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered question, as a coach sees it.

    `text` is what was said or typed; `delivery` is what was measured of it, in words.
    """

    question: Question
    text: str
    delivery: str = ""
    review: Review | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """The questions of an interview, and what of the brief they were written towards."""

    questions: tuple[Question, ...]
    focus: Focus


@dataclass(frozen=True, slots=True)
class Closing:
    """A review for each answer, in their order, and what they have in common."""

    reviews: tuple[Review, ...]
    summary: Summary


class Coach(Protocol):
    """Writes questions and judges answers."""

    async def write_questions(
        self, brief: Brief, session: str, asked: tuple[str, ...] = ()
    ) -> Written:
        """`brief.count` questions; `asked` are the texts of earlier ones, the oldest first.

        What was asked before is asked again only where there is nothing else.
        """
        ...

    async def review(self, brief: Brief, focus: Focus, answer: Answer) -> Review:
        """Judge one answer, towards the `focus` that the questions were written towards."""
        ...

    async def summarise(
        self, brief: Brief, focus: Focus, answers: tuple[Answer, ...]
    ) -> Summary: ...

    async def review_all(self, brief: Brief, focus: Focus, answers: tuple[Answer, ...]) -> Closing:
        """Judge all answers and sum them up, asking the model once."""
        ...

    async def check(self) -> str:
        """One sentence for the operator on who answers; raises ProblemError."""
        ...
