"""Asking Gemini by google-genai."""

import re
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
from google import genai
from google.genai import errors, types
from pydantic import BaseModel

from adapters.gemini.ask import BASE_URL, REQUEST_SECONDS, Prompt, usable_text
from adapters.gemini.refusals import problem_of, unreachable
from adapters.retrying import Retrying
from bot.problems import Problem, ProblemError, ProblemKind

S = TypeVar("S", bound=BaseModel)
T = TypeVar("T")


class GoogleGenai:
    """An Ask on `session`, which stays open."""

    def __init__(
        self,
        api_key: str,
        model: str,
        session: aiohttp.ClientSession,
        *,
        base_url: str = BASE_URL,
        retrying: Retrying | None = None,
    ) -> None:
        self._model = model
        self._retrying = retrying or Retrying()
        self._client = genai.Client(
            api_key=api_key,
            enterprise=False,  # whatever the environment says of Google's other API
            http_options=types.HttpOptions(
                base_url=base_url,
                # The SDK's own choice, v1, has neither system instructions nor schemas.
                api_version="v1beta",
                timeout=_milliseconds(REQUEST_SECONDS),
                aiohttp_client=session,
                # Without it, a refused connection is tried again after a sleep of up to 10 s.
                retry_options=types.HttpRetryOptions(attempts=1),
            ),
        )

    async def __call__(self, prompt: Prompt[S]) -> str:
        config = types.GenerateContentConfig(
            system_instruction=prompt.system,
            temperature=prompt.temperature,
            seed=prompt.seed,
            max_output_tokens=prompt.tokens,
            response_mime_type="application/json",
            response_schema=prompt.schema,
            thinking_config=_thinking(self._model),
            http_options=types.HttpOptions(timeout=_milliseconds(prompt.seconds)),
        )
        reply = await self._sent(
            lambda: self._client.aio.models.generate_content(
                model=self._model, contents=prompt.material, config=config
            )
        )
        feedback, candidates = reply.prompt_feedback, reply.candidates
        return usable_text(
            reply.text,
            finish_reason=_name(candidates[0].finish_reason if candidates else None),
            block_reason=_name(feedback.block_reason if feedback else None),
        )

    async def check(self) -> str:
        found = await self._sent(lambda: self._client.aio.models.get(model=self._model))
        return f"Gemini answers; model: {found.display_name or self._model}"

    async def _sent(self, request: Callable[[], Awaitable[T]]) -> T:
        async def attempt() -> T:
            try:
                return await request()
            except errors.APIError as error:
                # Its message repeats Google's, which may quote what was sent.
                raise ProblemError(problem_of(error.code, error.details, self._model)) from None
            except (TimeoutError, aiohttp.ClientError) as error:
                raise ProblemError(unreachable(error)) from error
            except ValueError:
                detail = "Gemini: unreadable reply"
                raise ProblemError(Problem(ProblemKind.DOWN, detail=detail)) from None

        return await self._retrying(attempt)


def _thinking(model: str) -> types.ThinkingConfig | None:
    """Little where it can be asked for: it is slow, and uses up the reply's tokens."""
    if re.search(r"gemini-(?:[3-9]|\d\d)\b", model):
        return types.ThinkingConfig(thinking_level=types.ThinkingLevel.LOW)
    return None


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def _name(reason: types.FinishReason | types.BlockedReason | None) -> str:
    return reason.value if reason else ""
