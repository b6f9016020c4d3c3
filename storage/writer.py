"""Group commit: nothing else writes, and all the changes that wait are committed at once."""

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from storage.connection import Connection, transaction
from storage.errors import closed, refused

T = TypeVar("T")
Change: TypeAlias = Callable[[sqlite3.Connection], T]


@dataclass(frozen=True, slots=True)
class _Waiting:
    change: Change[Any]
    answer: asyncio.Future[Any]


class Writer:
    """Takes over `connection`, which is in autocommit mode."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: list[_Waiting] = []
        self._task: asyncio.Task[None] | None = None
        self._closing = False

    async def write(self, change: Change[T]) -> T:
        """What `change` returns, once it is on the disk, or what it raises, undone.

        StorageError for what SQLite raises. A caller that is cancelled leaves the change either
        undone or done, and nobody else's.
        """
        if self._closing:
            raise closed()
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(change, answer))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._commit_what_waits())
        return await answer

    async def close(self) -> None:
        """Commit what waits, then close the connection; twice is once."""
        self._closing = True
        if self._task is not None:
            await asyncio.wait([self._task])
        await self._connection.close()

    async def _commit_what_waits(self) -> None:
        while self._waiting:
            # Whoever was cancelled before this wants nothing written any more.
            batch = [waiting for waiting in self._waiting if not waiting.answer.done()]
            self._waiting = []
            try:
                results = await self._connection.run(_commit, [each.change for each in batch])
            except Exception as error:  # noqa: BLE001 - it is each caller's to see
                results = [error] * len(batch)
            for waiting, result in zip(batch, results, strict=True):
                _answer(waiting.answer, result)


def _commit(connection: sqlite3.Connection, changes: list[Change[Any]]) -> list[Any]:
    with transaction(connection, "IMMEDIATE"):
        return [_attempt(connection, change) for change in changes]


def _attempt(connection: sqlite3.Connection, change: Change[Any]) -> Any:
    """What `change` returns, or the exception that it raises."""
    connection.execute("SAVEPOINT change")
    try:
        result = change(connection)
    except Exception as error:
        if not connection.in_transaction:  # SQLite has undone all changes, and not only this one
            raise
        connection.execute("ROLLBACK TO change")
        result = error
    connection.execute("RELEASE change")
    return result


def _answer(answer: asyncio.Future[Any], result: Any) -> None:
    if answer.done():
        return
    if isinstance(result, sqlite3.Error):
        answer.set_exception(refused(result))
    elif isinstance(result, Exception):
        answer.set_exception(result)
    else:
        answer.set_result(result)
