"""What a person can ask of all that is kept of them: past sessions, progress, files, links."""

import secrets
from dataclasses import replace

from bot.brief import Brief
from bot.history import SessionLine, SessionRecord
from bot.linking import CODE_BYTES, Joined, clean_code, new_code
from bot.ports import Clock, Exports, File, History, Links, Pictures
from bot.progress import Progress, progress_of
from bot.scoresheet import sheet_of

PRACTISED_LIMIT = 1_000  # takes that progress is made of
PNG = "image/png"


class Archive:
    def __init__(
        self, *, history: History, links: Links, exports: Exports, pictures: Pictures, clock: Clock
    ) -> None:
        self._history = history
        self._links = links
        self._exports = exports
        self._pictures = pictures
        self._clock = clock

    async def sessions(self, person: str, limit: int, offset: int) -> tuple[SessionLine, ...]:
        return await self._history.sessions(person, limit, offset)

    async def session(self, person: str, session: str) -> SessionRecord | None:
        return await self._history.session(person, session)

    async def progress(self, person: str) -> Progress:
        practised = await self._history.practised(person, PRACTISED_LIMIT)
        return progress_of(practised, self._clock.now())

    async def picture_of_progress(self, progress: Progress) -> File:
        return File("progress.png", PNG, await self._pictures.of_progress(progress))

    async def picture_of(self, person: str, session: str) -> File | None:
        """The scores and measures of a session; None where it is not the person's."""
        record = await self._history.session(person, session)
        if record is None:
            return None
        return File("interview.png", PNG, await self._pictures.of_summary(sheet_of(record)))

    async def files_of(self, person: str, session: str) -> tuple[File, ...]:
        """The whole session as files; none where it is not the person's."""
        record = await self._history.session(person, session)
        return () if record is None else await self._exports.export(record)

    async def practice(self, person: str) -> Brief | None:
        """One question on the weakest dimension, for the job of the last session; None without."""
        weakest = (await self.progress(person)).practise_next.dimension
        last = await self._history.sessions(person, 1, 0)
        record = await self._history.session(person, last[0].session) if last else None
        if weakest is None or record is None:
            return None
        return replace(record.brief, count=1, practise=weakest, mode=Brief().mode)

    async def new_link_code(self, person: str) -> str:
        code = new_code(secrets.token_bytes(CODE_BYTES))
        await self._links.issue(person, code, self._clock.now())
        return code

    async def join(self, person: str, typed: str) -> Joined:
        code = clean_code(typed)
        if code is None:
            return Joined.UNKNOWN
        return await self._links.join(person, code, self._clock.now())

    async def unlink(self, person: str) -> bool:
        return await self._links.unlink(person)
