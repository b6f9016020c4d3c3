"""Each conversation's card follows its interview: only the newest screen is ever drawn."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import structlog

from bot.interview import Interview
from bot.ports import Chat, Clock, Interviews, Shown
from bot.problems import ProblemError
from bot.screens import Screen, digest_of, screen_for

FIRST_WAIT = 1.0  # seconds before a card that could not be drawn is tried again
LONGEST_WAIT = 60.0

log = structlog.get_logger()


class Presenter:
    """Draws screens without holding anybody up; a chat that is slow delays itself alone."""

    def __init__(self, interviews: Interviews, chats: Mapping[str, Chat], clock: Clock) -> None:
        self._interviews = interviews
        self._chats = chats
        self._clock = clock
        self._newest: dict[str, Interview] = {}
        self._anew: set[str] = set()
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def present(self, interview: Interview) -> None:
        conversation = interview.key
        self._newest[conversation] = interview
        if conversation not in self._tasks:
            self._tasks[conversation] = asyncio.create_task(self._follow(conversation))

    def present_again(self, interview: Interview) -> None:
        """On a new card, as somebody who has lost sight of the last one needs it."""
        self._anew.add(interview.key)
        self.present(interview)

    async def close(self) -> None:
        """Draw what is due, unless it has to be waited for."""
        tasks = list(self._tasks.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=FIRST_WAIT)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _follow(self, conversation: str) -> None:
        tries = 0
        try:
            while (interview := self._newest.pop(conversation, None)) is not None:
                screen = screen_for(interview)
                if screen is None:
                    continue
                try:
                    await self._draw(conversation, screen)
                    tries = 0
                except ProblemError as error:
                    problem = error.problem
                    tries += 1
                    log.warning(
                        "not_shown",
                        conversation=conversation,
                        screen=type(screen).__name__,
                        problem=problem.kind.value,
                        detail=problem.detail,
                    )
                    if not problem.passes_by_itself:
                        await self._give_up(conversation, screen)
                        continue
                    backoff = min(FIRST_WAIT * 2 ** min(tries - 1, 10), LONGEST_WAIT)
                    await self._clock.sleep(problem.retry_after or backoff)
                    self._newest.setdefault(conversation, interview)
        except Exception:  # a defect in one chat must not end in silence
            log.exception("show_broke", conversation=conversation)
        finally:
            self._tasks.pop(conversation, None)
            if conversation in self._newest:
                self.present(self._newest[conversation])

    async def _give_up(self, conversation: str, screen: Screen) -> None:
        """What can never be drawn is not tried again at the next start."""
        shown = await self._interviews.shown(conversation)
        ref = shown.ref if shown is not None else ""
        key = shown.key if shown is not None else ""
        await self._interviews.save_shown(Shown(conversation, key, ref, digest_of(screen)))

    async def _draw(self, conversation: str, screen: Screen) -> None:
        chat = self._chats[conversation.partition(":")[0]]
        shown = await self._interviews.shown(conversation)
        digest = digest_of(screen)
        drawn = Shown(conversation, screen.key, ref="", digest=digest)
        anew = conversation in self._anew
        same = shown is not None and shown.key == screen.key
        if shown is not None and same and shown.digest == digest and not anew:
            return
        over = shown.ref or None if shown is not None and same and not anew else None
        ref = await chat.show(conversation, screen, over)
        self._anew.discard(conversation)
        await self._interviews.save_shown(replace(drawn, ref=ref))
        if shown is not None and shown.ref and ref != shown.ref:
            await chat.retire(conversation, shown.ref)
