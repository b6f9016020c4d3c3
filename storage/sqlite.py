"""Interviews in one SQLite file: a connection that writes in groups, and another that reads."""

import asyncio
import sqlite3
from contextlib import AsyncExitStack, ExitStack
from functools import partial
from pathlib import Path
from typing import Self

from filelock import BaseFileLock

from bot.history import Asked, SessionLine, SessionRecord, record_of
from bot.interview import Interview
from bot.linking import Joined
from bot.ports import Outcome, Shown
from bot.progress import Practised
from bot.screens import digest_of, screen_for
from bot.work import is_unfinished
from storage import asked, database, history, links, progress
from storage.codec import decode, encode
from storage.connection import Connection, transaction
from storage.errors import StorageError
from storage.writer import Writer

EVENT_MEMORY = 1_000  # saves of its conversation for which an event is known again


class SqliteInterviews:
    """`Interviews` and `Links` of bot.ports. Every method but `close` may raise StorageError."""

    def __init__(self, lock: BaseFileLock, writer: Writer, reader: Connection) -> None:
        self._lock = lock
        self._writer = writer
        self._reader = reader

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Make the file, if there is none, or bring it to this program's version.

        StorageError when another process has it, or when it is not this program's to use.
        """
        lock, writing, reading = await asyncio.to_thread(_open, path)
        writer = Writer(await Connection.over(writing))
        return cls(lock, writer, await Connection.over(reading))

    async def close(self) -> None:
        """Finish what waits, and let go of the file; twice is once."""
        async with AsyncExitStack() as closing:
            closing.callback(self._lock.release)
            closing.push_async_callback(self._reader.close)
            closing.push_async_callback(self._writer.close)

    async def load(self, conversation: str) -> Interview | None:
        return await self._reader.run(_load, conversation)

    async def save(self, interview: Interview, event_id: str | None) -> Outcome:
        return await self._writer.write(partial(_save, interview=interview, event_id=event_id))

    async def had(self, conversation: str, event_id: str) -> bool:
        return await self._reader.run(_had, conversation, event_id)

    async def unfinished(self) -> tuple[str, ...]:
        return await self._reader.run(_unfinished)

    async def undrawn(self) -> tuple[str, ...]:
        return await self._reader.run(_undrawn)

    async def shown(self, conversation: str) -> Shown | None:
        return await self._reader.run(_shown, conversation)

    async def save_shown(self, shown: Shown) -> None:
        await self._writer.write(partial(_save_shown, shown=shown))

    async def sessions(self, person: str, limit: int, offset: int) -> tuple[SessionLine, ...]:
        return await self._reader.run(_sessions, person, limit, offset)

    async def session(self, person: str, session: str) -> SessionRecord | None:
        return await self._reader.run(_session, person, session)

    async def asked(self, person: str, limit: int) -> tuple[Asked, ...]:
        return await self._reader.run(_asked, person, limit)

    async def practised(self, person: str, limit: int) -> tuple[Practised, ...]:
        return await self._reader.run(_practised, person, limit)

    async def issue(self, person: str, code: str, at: float) -> None:
        await self._writer.write(partial(links.issue, person=person, code=code, at=at))

    async def join(self, person: str, code: str, at: float) -> Joined:
        return await self._writer.write(partial(links.join, person=person, code=code, at=at))

    async def unlink(self, person: str) -> bool:
        return await self._writer.write(partial(links.unlink, person=person))

    async def linked(self, person: str) -> tuple[str, ...]:
        return await self._reader.run(links.linked, person)


def _open(path: Path) -> tuple[BaseFileLock, sqlite3.Connection, sqlite3.Connection]:
    path = path.resolve()
    with ExitStack() as undo:
        lock = database.lock(path)
        undo.callback(lock.release)
        writing = database.connect(path)
        undo.callback(writing.close)
        database.migrate(writing, database.migrations())
        reading = database.connect(path)
        undo.callback(reading.close)
        reading.execute("PRAGMA query_only = ON")
        undo.pop_all()
    return lock, writing, reading


_LOAD = "SELECT value FROM interview WHERE conversation = ?"
_REV = "SELECT rev FROM interview WHERE conversation = ?"
_SAVE = """
    INSERT INTO interview (conversation, rev, unfinished, screen, value) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE
    SET rev = excluded.rev, unfinished = excluded.unfinished, screen = excluded.screen,
        value = excluded.value
"""
_HAD = "SELECT 1 FROM seen WHERE conversation = ? AND event_id = ?"
_SAVE_EVENT = "INSERT INTO seen (conversation, event_id, rev) VALUES (?, ?, ?)"
_FORGET_EVENTS = "DELETE FROM seen WHERE conversation = ? AND rev <= ?"
_UNFINISHED = "SELECT conversation FROM interview WHERE unfinished = 1 ORDER BY conversation"
_UNDRAWN = """
    SELECT conversation FROM interview LEFT JOIN shown USING (conversation)
    WHERE interview.screen IS NOT NULL AND interview.screen IS NOT shown.digest
    ORDER BY conversation
"""
_SHOWN = "SELECT conversation, key, ref, digest FROM shown WHERE conversation = ?"
_SAVE_SHOWN = """
    INSERT INTO shown (conversation, key, ref, digest) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET key = excluded.key, ref = excluded.ref, digest = excluded.digest
"""


def _load(connection: sqlite3.Connection, conversation: str) -> Interview | None:
    row = connection.execute(_LOAD, (conversation,)).fetchone()
    if row is None:
        return None
    try:
        return decode(row["value"], Interview)
    except ValueError as error:
        raise _unreadable(f"interview of {conversation}", error) from error


def _save(connection: sqlite3.Connection, interview: Interview, event_id: str | None) -> Outcome:
    conversation, rev = interview.key, interview.rev
    if event_id is not None and _had(connection, conversation, event_id):
        return Outcome.DUPLICATE
    kept = connection.execute(_REV, (conversation,)).fetchone()
    if rev - 1 != (kept["rev"] if kept else 0):
        return Outcome.OVERTAKEN
    screen = screen_for(interview)
    digest = None if screen is None else digest_of(screen)
    row = (conversation, rev, is_unfinished(interview), digest, encode(interview))
    connection.execute(_SAVE, row)
    if event_id is not None:
        connection.execute(_SAVE_EVENT, (conversation, event_id, rev))
        connection.execute(_FORGET_EVENTS, (conversation, rev - EVENT_MEMORY))
    asked.keep(connection, interview)
    record = record_of(interview)
    if record is not None:
        history.keep(connection, record)
    return Outcome.SAVED


def _had(connection: sqlite3.Connection, conversation: str, event_id: str) -> bool:
    return connection.execute(_HAD, (conversation, event_id)).fetchone() is not None


def _unfinished(connection: sqlite3.Connection) -> tuple[str, ...]:
    return tuple(conversation for (conversation,) in connection.execute(_UNFINISHED))


def _undrawn(connection: sqlite3.Connection) -> tuple[str, ...]:
    return tuple(conversation for (conversation,) in connection.execute(_UNDRAWN))


def _shown(connection: sqlite3.Connection, conversation: str) -> Shown | None:
    row = connection.execute(_SHOWN, (conversation,)).fetchone()
    return None if row is None else Shown(**row)


def _save_shown(connection: sqlite3.Connection, shown: Shown) -> None:
    connection.execute(_SAVE_SHOWN, (shown.conversation, shown.key, shown.ref, shown.digest))


# What is asked for as one person is answered for all that are linked to them, as of one moment.


def _sessions(
    connection: sqlite3.Connection, person: str, limit: int, offset: int
) -> tuple[SessionLine, ...]:
    with transaction(connection):
        return history.lines(connection, links.linked(connection, person), limit, offset)


def _session(connection: sqlite3.Connection, person: str, session: str) -> SessionRecord | None:
    try:
        with transaction(connection):
            persons = links.linked(connection, person)
            found = (history.read(connection, each, session) for each in persons)
            return next((record for record in found if record is not None), None)
    except ValueError as error:
        raise _unreadable(f"session {session}", error) from error


def _asked(connection: sqlite3.Connection, person: str, limit: int) -> tuple[Asked, ...]:
    with transaction(connection):
        return asked.read(connection, links.linked(connection, person), limit)


def _practised(connection: sqlite3.Connection, person: str, limit: int) -> tuple[Practised, ...]:
    with transaction(connection):
        return progress.practised(connection, links.linked(connection, person), limit)


def _unreadable(what: str, error: ValueError) -> StorageError:
    return StorageError(
        f"The {what} is kept in words that this program does not know: {error}."
        " Run the program that wrote it, or restore a backup."
    )
