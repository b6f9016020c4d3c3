"""Lock the conversation, load, step, save; then show it and start the work."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import TypeAlias
from weakref import WeakValueDictionary

import structlog

from bot.events import Event, WorkFailed
from bot.interview import Interview
from bot.performing import Performer
from bot.ports import Chat, Clock, Interviews, Outcome
from bot.presenting import Presenter
from bot.problems import Problem, ProblemError, ProblemKind
from bot.step import Moved, Refused, step
from bot.work import Transcribe, Work, work_for

GRACE = 5.0  # seconds that an upload under way is given at the end

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Repeated:
    """The conversation has had this event before."""


Accepted: TypeAlias = Moved | Refused | Repeated


class Engine:
    """Accepts what happens in every conversation; each conversation in its own order."""

    def __init__(
        self,
        *,
        interviews: Interviews,
        chats: Mapping[str, Chat],
        performer: Performer,
        clock: Clock,
    ) -> None:
        self._interviews = interviews
        self._performer = performer
        self._clock = clock
        self._presenter = Presenter(interviews, chats, clock)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._running: dict[str, dict[Work, asyncio.Task[None]]] = {}
        self._closed = False

    async def accept(
        self, conversation: str, event: Event, event_id: str | None = None
    ) -> Accepted:
        """Commit what `event` makes of the conversation before returning.

        Only then may the platform be told that the event has arrived.
        """
        began = perf_counter()
        async with self._lock(conversation):
            accepted = await self._accept(conversation, event, event_id)
            if isinstance(accepted, Moved):
                self._advance(accepted.interview)
        log.info(
            "accepted",
            conversation=conversation,
            happened=type(event).__name__,
            outcome=_outcome(accepted),
            ms=round(1000 * (perf_counter() - began), 1),
        )
        return accepted

    async def resume(self, platform: str) -> None:
        """Take up a platform's interviews: show what they should show, do what they wait on."""
        due = {*await self._interviews.unfinished(), *await self._interviews.undrawn()}
        conversations = sorted(c for c in due if c.partition(":")[0] == platform)
        for conversation in conversations:
            # In its turn: what is accepted meanwhile must not be shown what was before it.
            async with self._lock(conversation):
                interview = await self._interviews.load(conversation)
                if interview is not None:
                    self._advance(interview)
        log.info("resumed", platform=platform, interviews=len(conversations))

    async def show_again(self, conversation: str) -> None:
        """Put what the conversation should show on a new card."""
        async with self._lock(conversation):
            interview = await self._interviews.load(conversation)
            if interview is not None:
                self._presenter.present_again(interview)

    async def close(self) -> None:
        """Stop all work. Nothing is lost: the next resume() derives the same work."""
        self._closed = True
        tasks = [task for running in self._running.values() for task in running.values()]
        uploads = [
            task
            for running in self._running.values()
            for work, task in running.items()
            if isinstance(work, Transcribe)
        ]
        for task in tasks:
            if task not in uploads:
                task.cancel()
        if uploads:
            # A job that the vendor has taken on is paid for: give its id the time to be saved.
            _, late = await asyncio.wait(uploads, timeout=GRACE)
            for task in late:
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._presenter.close()

    def _lock(self, conversation: str) -> asyncio.Lock:
        return self._locks.setdefault(conversation, asyncio.Lock())

    async def _accept(self, conversation: str, event: Event, event_id: str | None) -> Accepted:
        while True:
            interview = await self._interviews.load(conversation) or Interview(key=conversation)
            stepped = step(interview, event)
            if isinstance(stepped, Refused):
                if event_id is not None and await self._interviews.had(conversation, event_id):
                    return Repeated()
                return stepped
            outcome = await self._interviews.save(stepped.interview, event_id)
            if outcome is Outcome.SAVED:
                return stepped
            if outcome is Outcome.DUPLICATE:
                return Repeated()

    def _advance(self, interview: Interview) -> None:
        self._presenter.present(interview)
        if self._closed:
            return
        running = self._running.setdefault(interview.key, {})
        wanted = work_for(interview)
        for work, task in list(running.items()):
            # An upload goes on: its job has to be known, if only to be deleted.
            keep = work in wanted or isinstance(work, Transcribe)
            if not keep and task is not asyncio.current_task():
                task.cancel()
        for work in wanted:
            if work not in running:
                task = asyncio.create_task(self._do(interview, work))
                running[work] = task
        if not running:
            del self._running[interview.key]

    async def _do(self, interview: Interview, work: Work) -> None:
        try:
            event = await self._attempt(interview, work)
            if event is not None:
                await self.accept(interview.key, event)
        except asyncio.CancelledError:
            log.info("work_dropped", conversation=interview.key, work=type(work).__name__)
            raise
        except Exception:  # the next start derives the same work again
            log.exception("result_not_kept", conversation=interview.key, work=type(work).__name__)
        finally:
            running = self._running.get(interview.key, {})
            running.pop(work, None)
            if not running:
                self._running.pop(interview.key, None)

    async def _attempt(self, interview: Interview, work: Work) -> Event | None:
        began = perf_counter()
        try:
            event = await self._performer.perform(interview, work)
        except ProblemError as error:
            problem = error.problem
        except Exception as error:  # a defect must not leave a person waiting for ever
            log.exception("work_broke", work=type(work).__name__)
            problem = Problem(ProblemKind.DOWN, detail=type(error).__name__)
        else:
            log.info(
                "work_done",
                conversation=interview.key,
                work=type(work).__name__,
                ms=round(1000 * (perf_counter() - began)),
            )
            return event
        log.warning(
            "work_failed",
            conversation=interview.key,
            work=type(work).__name__,
            problem=problem.kind.value,
            fault=problem.fault.value if problem.fault else None,
            detail=problem.detail,
            ms=round(1000 * (perf_counter() - began)),
        )
        ticket = getattr(work, "ticket", None)
        if ticket is None:
            return None
        return WorkFailed(at=self._clock.now(), ticket=ticket, problem=problem)


def _outcome(accepted: Accepted) -> str:
    match accepted:
        case Moved(interview=interview):
            return type(interview.phase).__name__
        case Refused(reason=reason):
            return f"refused: {reason}"
        case Repeated():
            return "repeated"
