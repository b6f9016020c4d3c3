"""What discord.py's errors mean, by what can be done about them."""

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from bot.problems import Fault, Problem, ProblemError, ProblemKind


@contextmanager
def discord_problems() -> Iterator[None]:
    """Raise discord.py's and the connection's errors as ProblemErrors."""
    try:
        yield
    except (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError) as error:
        raise ProblemError(problem_of(error)) from error


def problem_of(error: Exception) -> Problem:
    match error:
        case discord.RateLimited():
            return Problem(ProblemKind.BUSY, retry_after=error.retry_after, detail="rate limited")
        case discord.LoginFailure():
            return Problem(ProblemKind.MISCONFIGURED, detail="DISCORD_TOKEN is not valid")
        case discord.NotFound():
            return Problem(ProblemKind.REJECTED, fault=Fault.GONE, detail=_detail(error))
        case discord.Forbidden():
            return Problem(ProblemKind.REJECTED, fault=Fault.REFUSED, detail=_detail(error))
        case discord.HTTPException() if error.status == 429:  # noqa: PLR2004 - too many requests
            return Problem(ProblemKind.BUSY, detail=_detail(error))
        case discord.HTTPException() if error.status < 500:  # noqa: PLR2004 - the server's own
            return Problem(ProblemKind.REJECTED, fault=Fault.REFUSED, detail=_detail(error))
        case discord.HTTPException():
            return Problem(ProblemKind.DOWN, detail=_detail(error))
        case _:
            return Problem(ProblemKind.DOWN, detail=type(error).__name__)


def _detail(error: discord.HTTPException) -> str:
    """Discord's own words may repeat what was sent; its code does not."""
    return f"Discord: HTTP {error.status}, code {error.code}"
