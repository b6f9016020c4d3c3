"""Asking Gemini by google-generativeai, an optional package that its vendor has ended.

It is imported when asked for, speaks REST from threads (its own asyncio works over gRPC only), is
configured for the whole process, and knows neither seeds nor which fields of a schema are required.
"""

import asyncio
import warnings
from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

from pydantic import BaseModel

from adapters.gemini.ask import BASE_URL, REQUEST_SECONDS, Prompt, usable_text
from adapters.gemini.refusals import problem_of, unreachable
from adapters.retrying import Retrying
from bot.problems import Problem, ProblemError, ProblemKind

S = TypeVar("S", bound=BaseModel)
T = TypeVar("T")


class GoogleGenerativeai:
    """An Ask; raises MISCONFIGURED when the package is not installed."""

    def __init__(
        self,
        api_key: str,
        model: str,
        *,
        base_url: str = BASE_URL,
        retrying: Retrying | None = None,
    ) -> None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # on its end, which the operator has chosen
                self._sdk = import_module("google.generativeai")
                self._errors = import_module("google.api_core.exceptions")
                self._json = import_module("google.protobuf.json_format")
        except ImportError:
            detail = "google-generativeai: not installed (pip install .[google-generativeai])"
            raise ProblemError(Problem(ProblemKind.MISCONFIGURED, detail=detail)) from None
        self._sdk.configure(
            api_key=api_key, transport="rest", client_options={"api_endpoint": base_url}
        )
        self._model = model
        self._retrying = retrying or Retrying()

    async def __call__(self, prompt: Prompt[S]) -> str:
        model = self._sdk.GenerativeModel(self._model, system_instruction=prompt.system)
        config = self._sdk.GenerationConfig(
            temperature=prompt.temperature,
            max_output_tokens=prompt.tokens,
            response_mime_type="application/json",
            response_schema=prompt.schema,
        )
        reply = await self._sent(
            lambda: model.generate_content(
                prompt.material,
                generation_config=config,
                request_options=_once(prompt.seconds),
            )
        )
        ended = reply.candidates[0] if reply.candidates else None
        return usable_text(
            "".join(part.text for part in ended.content.parts) if ended else None,
            finish_reason=_name(ended.finish_reason) if ended else "",
            block_reason=_name(reply.prompt_feedback.block_reason),
        )

    async def check(self) -> str:
        name = f"models/{self._model.removeprefix('models/')}"
        once = _once(REQUEST_SECONDS)
        found = await self._sent(lambda: self._sdk.get_model(name, request_options=once))
        return f"Gemini answers; model: {found.display_name or self._model}"

    async def _sent(self, request: Callable[[], T]) -> T:
        async def attempt() -> T:
            try:
                return await asyncio.to_thread(request)
            except self._errors.GoogleAPICallError as error:
                # Its message repeats Google's, which may quote what was sent.
                problem = problem_of(int(error.code or 0), _body_of(error), self._model)
                raise ProblemError(problem) from None
            except (OSError, self._errors.GoogleAPIError) as error:
                raise ProblemError(unreachable(error)) from None
            except (ValueError, self._json.Error):
                detail = "Gemini: unreadable reply"
                raise ProblemError(Problem(ProblemKind.DOWN, detail=detail)) from None

        return await self._retrying(attempt)


def _once(seconds: float) -> dict[str, float | None]:
    """Its own retries are off: they would multiply ours."""
    return {"timeout": seconds, "retry": None}


def _body_of(error: Any) -> object:
    """Google's error as JSON: the package's own reading of it lacks the quota's id."""
    try:
        return error.response.json()
    except (AttributeError, ValueError):
        return None


def _name(reason: Any) -> str:
    """The API's name of an enum's member; empty for its zero, which means that there is none."""
    return getattr(reason, "name", "OTHER") if reason else ""
