"""A SQLite connection in a thread of its own: a function with all its statements crosses at once.

Crossing for each statement costs more than the statements do, and lets a cancelled caller leave a
transaction open. A function that has begun runs to its end.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

from storage.errors import closed, refused

P = ParamSpec("P")
T = TypeVar("T")


class Connection:
    """Takes over `connection`, which must not be bound to the thread that made it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite")
        self._closed = False

    async def run(
        self,
        function: Callable[Concatenate[sqlite3.Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """What `function` returns or raises, but a StorageError for what SQLite raises."""
        if self._closed:
            raise closed()
        call = partial(function, self._connection, *args, **kwargs)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, call)
        except sqlite3.Error as error:
            raise refused(error) from error

    async def close(self) -> None:
        """Finish what has been asked for, then close; twice is once."""
        if self._closed:
            return
        self._closed = True
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self._connection.close)
        self._thread.shutdown()


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
