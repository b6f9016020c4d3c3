"""What passes by itself is tried again, as long as the deadline allows; nothing else is."""

import asyncio
from collections.abc import Callable

import pytest

from adapters.retrying import JITTER, Retrying
from bot.problems import Fault, Problem, ProblemError, ProblemKind, rejected

DOWN = Problem(ProblemKind.DOWN)


class VirtualTime:
    """Sleeping moves the clock, and takes no time."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.sleeps: list[float] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += seconds


class Attempts:
    """Raises the problems in turn, then returns."""

    def __init__(self, *problems: Problem, on_call: Callable[[], None] = lambda: None) -> None:
        self.left = list(problems)
        self.calls = 0
        self._on_call = on_call

    async def __call__(self) -> str:
        self.calls += 1
        self._on_call()
        if self.left:
            raise ProblemError(self.left.pop(0))
        return "done"


def retrying(time: VirtualTime, deadline: float = 30.0) -> Retrying:
    return Retrying(deadline, clock=time.clock, sleep=time.sleep)


def busy(retry_after: float | None = None) -> Problem:
    return Problem(ProblemKind.BUSY, retry_after=retry_after)


@pytest.mark.parametrize("problem", [DOWN, busy(), busy(3.0)])
async def test_what_passes_by_itself_is_tried_again(problem: Problem) -> None:
    attempts = Attempts(problem, problem)
    assert await retrying(VirtualTime())(attempts) == "done"
    assert attempts.calls == 3


@pytest.mark.parametrize(
    "problem",
    [
        Problem(ProblemKind.QUOTA),
        Problem(ProblemKind.MISCONFIGURED),
        Problem(ProblemKind.REJECTED, fault=Fault.SILENT),
        Problem(ProblemKind.QUOTA, retry_after=1.0),
    ],
)
async def test_what_does_not_pass_is_raised_at_once(problem: Problem) -> None:
    time, attempts = VirtualTime(), Attempts(problem)
    with pytest.raises(ProblemError) as raised:
        await retrying(time)(attempts)
    assert raised.value.problem is problem
    assert (attempts.calls, time.sleeps) == (1, [])


async def test_other_errors_are_not_ours_to_try_again() -> None:
    time = VirtualTime()

    async def broken() -> None:
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        await retrying(time)(broken)
    assert time.sleeps == []


async def test_waits_double_up_to_the_longest() -> None:
    time = VirtualTime()
    await retrying(time, deadline=1_000.0)(Attempts(*[DOWN] * 7))
    for slept, least in zip(time.sleeps, [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0], strict=True):
        assert least <= slept <= least + JITTER


async def test_chats_that_fail_together_do_not_return_together() -> None:
    times = [VirtualTime() for _ in range(20)]
    await asyncio.gather(*(retrying(time)(Attempts(busy(2.0))) for time in times))
    assert len({time.now for time in times}) > 15


async def test_the_vendors_wait_is_honoured() -> None:
    time = VirtualTime()
    await retrying(time)(Attempts(busy(12.0)))
    assert 12.0 <= time.sleeps[0] <= 12.0 + JITTER


async def test_a_wait_beyond_the_deadline_is_not_begun() -> None:
    time, attempts = VirtualTime(), Attempts(busy(31.0))
    with pytest.raises(ProblemError) as raised:
        await retrying(time)(attempts)
    assert raised.value.problem.retry_after == 31.0
    assert (attempts.calls, time.sleeps) == (1, [])


async def test_it_gives_up_at_the_deadline() -> None:
    time, attempts = VirtualTime(), Attempts(*[DOWN] * 100)
    with pytest.raises(ProblemError) as raised:
        await retrying(time)(attempts)
    assert raised.value.problem is DOWN
    assert 20.0 < time.now - 1_000.0 <= 30.0


async def test_slow_attempts_count() -> None:
    time = VirtualTime()

    def take_ten_seconds() -> None:
        time.now += 10.0

    attempts = Attempts(*[DOWN] * 100, on_call=take_ten_seconds)
    with pytest.raises(ProblemError):
        await retrying(time)(attempts)
    assert attempts.calls == 3


async def test_the_problem_is_raised_as_it_was() -> None:
    error = rejected(Fault.DAMAGED)

    async def attempt() -> None:
        raise error

    with pytest.raises(ProblemError) as raised:
        await retrying(VirtualTime())(attempt)
    assert raised.value is error
