"""What can go wrong with storage: a sentence on what happened, and one on what to do."""

import sqlite3

from bot.problems import NotKeptError


class StorageError(NotKeptError):
    """For the operator to read; the call that raised it has kept nothing."""


class InUseError(StorageError):
    """Another process has the database."""


def closed() -> StorageError:
    return StorageError("The database is closed, because the program is stopping. Start it again.")


def refused(error: sqlite3.Error) -> StorageError:
    return StorageError(
        f"The database refused: {error}. Look at the room on its disk and at who may write there."
    )
