"""A Chat in memory, for the engine's tests: it keeps every card, and a test can await a screen."""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count

from bot.ports import Activity
from bot.problems import Fault, Problem, ProblemError, rejected
from bot.screens import Screen

Predicate = Callable[[Screen], bool]


class ChatInMemory:
    """`cards` are (ref, screen) as they stand now, the newest last; `drawn` is all that ever stood.

    Put what people send into `files`, by ref. The next calls of "show", "retire" and "fetch" raise
    the `problems` of that name, one each. A card that is not in `cards` has gone.
    """

    def __init__(self) -> None:
        self.cards: defaultdict[str, list[tuple[str, Screen]]] = defaultdict(list)
        self.drawn: defaultdict[str, list[Screen]] = defaultdict(list)
        self.retired: set[str] = set()
        self.files: dict[str, bytes] = {}
        self.working_on: list[tuple[str, Activity]] = []
        self.problems: defaultdict[str, deque[Problem]] = defaultdict(deque)
        self._numbers = count(1)
        self._waiting: list[tuple[str, Predicate, asyncio.Future[Screen]]] = []

    async def show(self, conversation: str, screen: Screen, ref: str | None) -> str:
        await self._raise_next("show")
        cards = self.cards[conversation]
        places = [place for place, (known, _) in enumerate(cards) if known == ref]
        if ref is not None and places:
            cards[places[0]] = (ref, screen)
        else:
            ref = str(next(self._numbers))
            cards.append((ref, screen))
        self.retired.discard(ref)
        self.drawn[conversation].append(screen)
        self._tell(conversation, screen)
        return ref

    async def retire(self, conversation: str, ref: str) -> None:
        await self._raise_next("retire")
        self.retired.add(ref)

    async def fetch(self, ref: str, limit: int) -> bytes:
        await self._raise_next("fetch")
        if ref not in self.files:
            raise rejected(Fault.GONE)
        if len(self.files[ref]) > limit:
            raise rejected(Fault.TOO_BIG)
        return self.files[ref]

    @asynccontextmanager
    async def working(self, conversation: str, activity: Activity) -> AsyncIterator[None]:
        self.working_on.append((conversation, activity))
        try:
            yield
        finally:
            self.working_on.remove((conversation, activity))

    async def wait_for(
        self, conversation: str, predicate: Predicate, limit: float = 10.0
    ) -> Screen:
        """The screen drawn last if the predicate holds for it, else the next one it holds for."""
        drawn = self.drawn[conversation]
        if drawn and predicate(drawn[-1]):
            return drawn[-1]
        found: asyncio.Future[Screen] = asyncio.get_running_loop().create_future()
        self._waiting.append((conversation, predicate, found))
        try:
            return await asyncio.wait_for(found, limit)
        except TimeoutError:
            lines = "\n".join(map(repr, drawn)) or "nothing"
            raise AssertionError(f"not within {limit} s; drawn were:\n{lines}") from None

    def _tell(self, conversation: str, screen: Screen) -> None:
        for where, predicate, found in self._waiting:
            if where == conversation and not found.done() and predicate(screen):
                found.set_result(screen)
        self._waiting = [waiting for waiting in self._waiting if not waiting[2].done()]

    async def _raise_next(self, method: str) -> None:
        """Lets other tasks run first, as a call to a platform does."""
        await asyncio.sleep(0)
        if self.problems[method]:
            raise ProblemError(self.problems[method].popleft())
