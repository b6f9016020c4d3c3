"""Asking each part whether it works, and telling the operator what to do where it does not."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from rich.console import Console

from bot.problems import Problem, ProblemError, ProblemKind

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Check:
    """`ask` gives one sentence or raises ProblemError; `key` and `address` name the settings."""

    part: str
    ask: Callable[[], Awaitable[str]]
    key: str
    address: str


async def log_checks(checks: tuple[Check, ...]) -> None:
    """A wrong key shows in the log at start, and not first when a candidate meets it."""
    for check in checks:
        try:
            log.info("checked", part=check.part, said=await check.ask())
        except ProblemError as error:
            log.error(
                "not_working",
                part=check.part,
                problem=error.problem.kind.value,
                detail=error.problem.detail,
                advice=_advice(check, error.problem),
            )


async def print_checks(checks: tuple[Check, ...], console: Console) -> bool:
    """A line per part; whether all of them work."""
    well = True
    for check in checks:
        try:
            said = await check.ask()
        except ProblemError as error:
            well = False
            said = f"NOT WORKING: {error}. {_advice(check, error.problem)}"
        console.print(f"{check.part:<12} {said}", markup=False)
    return well


def _advice(check: Check, problem: Problem) -> str:
    match problem.kind:
        case ProblemKind.MISCONFIGURED | ProblemKind.REJECTED:
            return f"Look at {check.key}."
        case ProblemKind.QUOTA:
            return "Its allowance is used up: wait, or raise it with the vendor."
        case ProblemKind.BUSY | ProblemKind.DOWN:
            return f"It does not answer: look at {check.address} and at this machine's network."
