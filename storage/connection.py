"""An aiosqlite connection that is given whole functions: all their statements cross at once.

Crossing to the connection's thread for each statement costs more than the statements do (500 saves
of ten statements: 1,250/s, against 30,000/s), and lets a cancelled caller leave a transaction open.
A function that has begun runs to its end.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Concatenate, ParamSpec, Self, TypeVar

import aiosqlite

from storage.errors import closed, refused

P = ParamSpec("P")
T = TypeVar("T")


class Connection(aiosqlite.Connection):
    """Takes over a connection that is not bound to the thread which made it."""

    @classmethod
    async def over(cls, connection: sqlite3.Connection) -> Self:
        taken = cls(lambda: connection, iter_chunk_size=64)
        await taken
        return taken

    async def run(
        self,
        function: Callable[Concatenate[sqlite3.Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """What `function` returns or raises, but a StorageError for what SQLite raises."""
        if not self._running or self._connection is None:
            raise closed()
        try:
            result: T = await self._execute(  # type: ignore[no-untyped-call]  # aiosqlite types none of it
                function, self._connection, *args, **kwargs
            )
        except sqlite3.Error as error:
            raise refused(error) from error
        return result


@contextmanager
def transaction(connection: sqlite3.Connection, mode: str = "DEFERRED") -> Iterator[None]:
    """Commit at the end, or leave nothing behind."""
    connection.execute(f"BEGIN {mode}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # SQLite itself rolls back after some errors.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
