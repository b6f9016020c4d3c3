"""What the engine needs from the outside, as Protocols; each has one contract suite in tests."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.brief import Brief, Focus
from bot.coaching import Review, Sound, Summary, Transcript
from bot.history import SessionLine, SessionRecord
from bot.interview import Interview
from bot.questions import Question
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
    """What a person has practised."""

    async def sessions(self, person: str, limit: int, offset: int) -> tuple[SessionLine, ...]:
        """A person's interviews that have an answer, the latest first."""
        ...

    async def session(self, person: str, session: str) -> SessionRecord | None: ...


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
        """The text of a text or PDF file; raises ProblemError (REJECTED) with the fault."""
        ...


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
    """One answered question, as a coach sees it."""

    question: Question
    text: str
    review: Review | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """The questions of an interview, and what of the brief they were written towards."""

    questions: tuple[Question, ...]
    focus: Focus


class Coach(Protocol):
    """Writes questions and judges answers."""

    async def write_questions(
        self, brief: Brief, session: str, asked: tuple[str, ...] = ()
    ) -> Written:
        """`brief.count` questions; `asked` are the texts of earlier ones, the oldest first.

        What was asked before is asked again only where there is nothing else.
        """
        ...

    async def review(self, brief: Brief, question: Question, text: str, delivery: str) -> Review:
        """Judge `text`, what was said or typed; `delivery` is what was measured, in words."""
        ...

    async def summarise(self, brief: Brief, answers: tuple[Answer, ...]) -> Summary: ...

    async def check(self) -> str:
        """One sentence for the operator on who answers; raises ProblemError."""
        ...
