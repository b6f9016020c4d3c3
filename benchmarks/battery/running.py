"""Every answer with every reply, and what of it is not as it has to be."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.battery.cases import Case
from benchmarks.battery.replies import INVENTED, PERSONAL, Reply, replies_for
from benchmarks.battery.whole_way import Seen, open_whole_way
from bot.coaching import LEVELS, Point
from bot.words import words_of

_PERSONAL = re.compile(rf"\b(?:{'|'.join(PERSONAL)})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Run:
    case: Case
    reply: Reply
    seen: Seen

    @property
    def unfounded(self) -> tuple[Point, ...]:
        """Points whose quote does not stand in the answer, word for word."""
        said = f" {' '.join(words_of(self.case.text))} "
        return tuple(
            point
            for point in self.seen.points
            if f" {' '.join(words_of(point.quote.removesuffix('…')))} " not in said
        )

    @property
    def dropped(self) -> int:
        """How many of the reply's points are not shown."""
        return self.reply.points - sum(map(self.seen.shows, ("strength", "fix", "quote")))

    def misses(self) -> Iterator[str]:
        """What is not as it has to be."""
        seen, reply = self.seen, self.reply
        if seen.outcome not in reply.expects:
            yield f"{seen.outcome} and not {' or '.join(sorted(reply.expects))}"
        yield from (f"no {part}" for part in sorted(reply.shows) if not seen.shows(part))
        yield from (f"{part} shown" for part in sorted(reply.hides) if seen.shows(part))
        yield from (f"invented: {mark}" for mark in INVENTED if mark in seen.told)
        yield from (f"on the person: {found}" for found in _PERSONAL.findall(seen.told))
        yield from (f"level {score.level}" for score in seen.scores if score.level not in LEVELS)


async def run_all(
    cases: Iterable[Case], folder: Path, choose: Callable[[Case], Iterable[Reply]] = replies_for
) -> list[Run]:
    """Each case with the replies chosen for it; `folder` is where the interviews are kept."""
    async with open_whole_way(folder) as way:
        return [
            Run(case, reply, await way.go(case, reply)) for case in cases for reply in choose(case)
        ]
