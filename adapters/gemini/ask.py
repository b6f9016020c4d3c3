"""One prompt to the model, whichever SDK carries it, and what can be wrong with its reply."""

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel

from bot.problems import Fault, Problem, ProblemError, ProblemKind

S = TypeVar("S", bound=BaseModel)

BASE_URL = "https://generativelanguage.googleapis.com"
REPLY_TOKENS = 8_192
REQUEST_SECONDS = 30.0

_ENDED = ("STOP", "FINISH_REASON_UNSPECIFIED", "")
_BLOCKED = (
    "SAFETY",
    "RECITATION",
    "LANGUAGE",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "SPII",
    "MODEL_ARMOR",
)


@dataclass(frozen=True, slots=True)
class Prompt(Generic[S]):
    """`material` is one JSON document; the reply has to fit `schema`.

    `tokens` bound the reply together with what the model thinks before it; `seconds` one try.
    """

    system: str
    material: str
    schema: type[S]
    temperature: float = 0.0
    seed: int = 0
    tokens: int = REPLY_TOKENS
    seconds: float = REQUEST_SECONDS


class Ask(Protocol):
    """A model that can be asked."""

    async def __call__(self, prompt: Prompt[S]) -> str:
        """The reply's text; raises ProblemError, UnusableReplyError where there is none."""
        ...

    async def check(self) -> str:
        """One sentence for the operator on the model; raises ProblemError."""
        ...


class UnusableReplyError(ProblemError):
    """The model has replied, with nothing that can be used: another try may go better."""


def unusable(detail: str) -> UnusableReplyError:
    return UnusableReplyError(Problem(ProblemKind.DOWN, detail=f"Gemini: {detail}"))


def usable_text(text: str | None, *, finish_reason: str, block_reason: str) -> str:
    """The text of a whole reply; the reasons are the API's names, empty where there is none."""
    if block_reason or finish_reason in _BLOCKED:
        detail = f"Gemini: blocked, {block_reason or finish_reason}"
        raise UnusableReplyError(Problem(ProblemKind.REJECTED, fault=Fault.REFUSED, detail=detail))
    if finish_reason not in _ENDED:
        raise unusable(f"ended by {finish_reason}")
    if not text or not text.strip():
        raise unusable("empty reply")
    return text
