"""Replies are made beside the events: a chat that is slow delays nobody else."""

import asyncio
from collections.abc import Coroutine

import structlog

from bot.problems import ProblemError

log = structlog.get_logger()


class Replies:
    def __init__(self, platform: str) -> None:
        self._platform = platform
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, reply: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(self._make(reply))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Give up those that are still under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _make(self, reply: Coroutine[None, None, None]) -> None:
        try:
            await reply
        except ProblemError as error:
            log.warning("not_replied", platform=self._platform, detail=error.problem.detail)
        except Exception:  # a defect in one reply must not end in silence
            log.exception("reply_broke", platform=self._platform)
