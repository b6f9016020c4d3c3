"""Where lines come from: an editable prompt in a terminal, plain lines from a pipe."""

import asyncio
import sys
import threading
from collections.abc import Callable
from typing import Protocol

from prompt_toolkit import PromptSession
from prompt_toolkit.patch_stdout import patch_stdout

TICK = 1.0  # seconds


class Lines(Protocol):
    async def read(self, prompt: Callable[[], str], /) -> str | None:
        """The next line without its end; None when there are no more.

        `prompt` stands before it, and is asked again as time goes by.
        """
        ...


class PromptedLines:
    """Pasting a text of many lines into the prompt is one line of input."""

    def __init__(self) -> None:
        self._session: PromptSession[str] = PromptSession()

    async def read(self, prompt: Callable[[], str], /) -> str | None:
        try:
            with patch_stdout(raw=True):
                return await self._session.prompt_async(prompt, refresh_interval=TICK)
        except (EOFError, KeyboardInterrupt):
            return None


class PipedLines:
    """A daemon thread reads, so that a pipe that never ends cannot keep the program from ending."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._wanted = threading.Semaphore(0)
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._pump, daemon=True).start()

    async def read(self, _prompt: Callable[[], str], /) -> str | None:
        self._wanted.release()
        return await self._queue.get()

    def _pump(self) -> None:
        while self._wanted.acquire():
            line = sys.stdin.buffer.readline()
            text = line.decode(errors="replace").rstrip("\r\n") if line else None
            try:
                self._loop.call_soon_threadsafe(self._queue.put_nowait, text)
            except RuntimeError:  # the program has ended meanwhile
                return
