"""What Google's errors mean, by what can be done about them."""

import re
from collections.abc import Iterator

from bot.problems import Fault, Problem, ProblemKind

_SECONDS = re.compile(r"(\d{1,6}(?:\.\d+)?)s")


def problem_of(status: int, body: object, model: str) -> Problem:
    """The problem behind an HTTP status and its JSON body.

    The detail repeats codes only: Google's messages may quote what was sent.
    """
    detail = f"Gemini: HTTP {status}"
    match status:
        case 400 if "API_KEY_INVALID" in _values(body, "reason"):
            return Problem(ProblemKind.MISCONFIGURED, detail=f"{detail}, the API key is refused")
        case 400 if "FAILED_PRECONDITION" in _values(body, "status"):
            detail = f"{detail}, not available to this account or country"
            return Problem(ProblemKind.MISCONFIGURED, detail=detail)
        case 401 | 403:
            return Problem(ProblemKind.MISCONFIGURED, detail=f"{detail}, the API key is refused")
        case 404:
            return Problem(ProblemKind.MISCONFIGURED, detail=f"{detail}, no model {model}")
        case 429 if _is_spent(body):
            return Problem(ProblemKind.QUOTA, detail=f"{detail}, the allowance is used up")
        case 429:
            return Problem(ProblemKind.BUSY, retry_after=_retry_delay(body), detail=detail)
        case 400 | 413 | 422:
            return Problem(ProblemKind.REJECTED, fault=Fault.REFUSED, detail=detail)
        case _:
            return Problem(ProblemKind.DOWN, retry_after=_retry_delay(body), detail=detail)


def unreachable(error: Exception) -> Problem:
    return Problem(ProblemKind.DOWN, detail=f"Gemini: {type(error).__name__}")


def _is_spent(body: object) -> bool:
    """Whether waiting a minute is of no use: a day's quota, or money."""
    by_day = any("PerDay" in str(quota) for quota in _values(body, "quotaId"))
    return by_day or any("credits" in str(told) for told in _values(body, "message"))


def _retry_delay(body: object) -> float | None:
    """In seconds; None where the API does not say."""
    told = (_SECONDS.fullmatch(str(delay)) for delay in _values(body, "retryDelay"))
    return max((float(seconds[1]) for seconds in told if seconds), default=None)


def _values(node: object, key: str) -> Iterator[object]:
    """Everything that stands under `key`, wherever in a JSON document."""
    if isinstance(node, dict):
        if key in node:
            yield node[key]
        for child in node.values():
            yield from _values(child, key)
    elif isinstance(node, list):
        for child in node:
            yield from _values(child, key)
