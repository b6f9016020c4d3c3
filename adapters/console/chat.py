"""The terminal as a Chat: cards become lines, and what is being worked on a status line."""

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from pathlib import Path

from rich.console import Console
from rich.text import Text

from adapters.console.render import activity_of, render
from bot.ports import Activity, Clock
from bot.problems import Fault, rejected
from bot.screens import Screen


class ConsoleChat:
    def __init__(self, console: Console, clock: Clock) -> None:
        self._console = console
        self._clock = clock
        self._changed = asyncio.Condition()
        self._drawn = 0
        self.screen: Screen | None = None

    @property
    def drawn(self) -> int:
        """How many screens have been drawn."""
        return self._drawn

    async def show(self, conversation: str, screen: Screen, ref: str | None) -> str:
        drawing = render(screen, self._clock.now(), self.screen)
        if drawing is not None:
            self._console.print(drawing)
        async with self._changed:
            self._drawn += 1
            self.screen = screen
            self._changed.notify_all()
        return ref or screen.key

    async def retire(self, conversation: str, ref: str) -> None:
        """What a terminal has printed stays."""

    async def fetch(self, ref: str, limit: int) -> bytes:
        return await asyncio.to_thread(_read, Path(ref), limit)

    def working(self, conversation: str, activity: Activity) -> AbstractAsyncContextManager[None]:
        return nullcontext()

    async def awaiting_person(self, drawn: int) -> Screen:
        """The first screen after the `drawn` first ones that waits for the person, or ends."""
        with self._console.status("") as status:
            while True:
                async with self._changed:
                    while self._drawn <= drawn:
                        await self._changed.wait()
                    drawn = self._drawn
                if self.screen is None:
                    continue
                doing = activity_of(self.screen, self._clock.now())
                if doing is None:
                    return self.screen
                status.update(Text(doing))
                if not self._console.is_terminal:
                    self._console.print(Text(doing, style="dim"))


def _read(path: Path, limit: int) -> bytes:
    try:
        if not path.is_file():
            raise rejected(Fault.GONE)
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise rejected(Fault.GONE, detail=type(error).__name__) from error
    if len(data) > limit:
        raise rejected(Fault.TOO_BIG)
    return data
