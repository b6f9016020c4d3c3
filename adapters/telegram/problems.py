"""What Telegram's errors mean, by what can be done about them."""

from collections.abc import Iterator
from contextlib import contextmanager

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.problems import Fault, Problem, ProblemError, ProblemKind


@contextmanager
def telegram_problems() -> Iterator[None]:
    """Raise TelegramErrors as ProblemErrors."""
    try:
        yield
    except TelegramError as error:
        raise ProblemError(problem_of(error)) from error


def problem_of(error: TelegramError) -> Problem:
    detail = type(error).__name__
    match error:
        case RetryAfter():
            wait = error.retry_after
            seconds = wait if isinstance(wait, int) else wait.total_seconds()
            return Problem(ProblemKind.BUSY, retry_after=float(seconds), detail=detail)
        case InvalidToken():
            return Problem(ProblemKind.MISCONFIGURED, detail="TELEGRAM_TOKEN is not valid")
        case Forbidden() | ChatMigrated():
            return Problem(ProblemKind.REJECTED, fault=Fault.REFUSED, detail=detail)
        case BadRequest() if "file is too big" in error.message.lower():
            return Problem(ProblemKind.REJECTED, fault=Fault.TOO_BIG, detail=detail)
        case BadRequest() if "file" in error.message.lower():
            return Problem(ProblemKind.REJECTED, fault=Fault.GONE, detail=detail)
        case BadRequest():
            # Telegram's own words, which repeat nothing of a message.
            return Problem(ProblemKind.REJECTED, fault=Fault.REFUSED, detail=error.message[:120])
        case NetworkError():
            return Problem(ProblemKind.DOWN, detail=detail)
        case _:
            return Problem(ProblemKind.DOWN, detail=detail)
