"""Retries live here and nowhere else: what passes by itself is tried again until a deadline."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    wait_exponential,
    wait_random,
)

from bot.problems import ProblemError

T = TypeVar("T")

JITTER = 0.5


@dataclass(frozen=True, slots=True)
class Retrying:
    """Calls an attempt again while its ProblemError passes by itself; all times in seconds.

    Waits double from `first_wait` to `longest_wait`, or last as long as a problem's `retry_after`
    where that is longer; up to JITTER is added. No wait begins that would end after `deadline`:
    the problem is raised at once instead. The attempts bound their own time.
    """

    deadline: float = 30.0
    first_wait: float = 0.5
    longest_wait: float = 8.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def __call__(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """What `attempt` returns; raises its last ProblemError, and any other error at once."""
        began = self.clock()
        growing = wait_exponential(multiplier=self.first_wait, max=self.longest_wait)
        jitter = wait_random(0, JITTER)

        def wait(state: RetryCallState) -> float:
            return max(growing(state), _asked_wait(state)) + jitter(state)

        def is_too_late(state: RetryCallState) -> bool:
            return self.clock() - began + state.upcoming_sleep > self.deadline

        again = AsyncRetrying(
            retry=retry_if_exception(_passes_by_itself),
            wait=wait,
            stop=is_too_late,
            sleep=self.sleep,
            reraise=True,
        )
        return await again(attempt)


def _passes_by_itself(error: BaseException) -> bool:
    return isinstance(error, ProblemError) and error.problem.passes_by_itself


def _asked_wait(state: RetryCallState) -> float:
    """How long the vendor asked to be left alone."""
    error = state.outcome.exception() if state.outcome else None
    return (error.problem.retry_after or 0.0) if isinstance(error, ProblemError) else 0.0
