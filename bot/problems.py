"""What went wrong outside, named by what can be done about it."""

from dataclasses import dataclass
from enum import StrEnum


class ProblemKind(StrEnum):
    BUSY = "busy"  # try again later, by itself
    DOWN = "down"  # the same, but nobody knows when
    QUOTA = "quota"  # the operator's allowance is used up
    MISCONFIGURED = "misconfigured"  # a key or a setting is wrong: the operator's to mend
    REJECTED = "rejected"  # this input will never work


class Fault(StrEnum):
    """Why an input was rejected, as far as the person who sent it can act on it."""

    TOO_BIG = "too_big"
    TOO_LONG = "too_long"
    TOO_SHORT = "too_short"
    SILENT = "silent"
    NOT_AUDIO = "not_audio"
    DAMAGED = "damaged"
    GONE = "gone"
    NO_TEXT = "no_text"
    NOT_A_DOCUMENT = "not_a_document"
    PROTECTED = "protected"
    SET_ASIDE = "set_aside"  # the person went on without it
    REFUSED = "refused"  # the vendor would not take it and did not say more


@dataclass(frozen=True, slots=True)
class Problem:
    """`retry_after` is in seconds; `detail` is for the operator's log, without anybody's words."""

    kind: ProblemKind
    fault: Fault | None = None
    retry_after: float | None = None
    detail: str = ""

    @property
    def passes_by_itself(self) -> bool:
        return self.kind in (ProblemKind.BUSY, ProblemKind.DOWN)


class ProblemError(Exception):
    """How a port reports a problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.kind}: {problem.detail or problem.fault or ''}")
        self.problem = problem


class NotKeptError(Exception):
    """Nothing was kept of what should have been: storage's trouble, to be tried again."""


def rejected(fault: Fault, detail: str = "") -> ProblemError:
    return ProblemError(Problem(ProblemKind.REJECTED, fault=fault, detail=detail))
