"""Opens the database file: of this program, private, at this version, and by one process only."""

import os
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import structlog
from filelock import BaseFileLock, FileLock, Timeout

from storage.errors import InUseError, StorageError

APPLICATION_ID = 0x50727341
_BUSY_TIMEOUT = 5.0  # seconds

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Migration:
    """What brings a database from version `number - 1` to `number`, counted from 1."""

    number: int
    name: str
    script: str


@cache
def migrations() -> tuple[Migration, ...]:
    folder = files("storage") / "migrations"
    scripts = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    return tuple(
        Migration(int(script.name[:4]), script.name, script.read_text("utf-8"))
        for script in scripts
    )


def lock(path: Path) -> BaseFileLock:
    """Keep other processes off the database at `path`; its folder is made, if there is none.

    The system lets go of the lock when a process dies.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        held = FileLock(f"{path}.lock", mode=0o600, thread_local=False)
        held.acquire(timeout=0)
    except Timeout:
        raise InUseError(
            f"Another process uses the database {path}. Stop that one, or give this one its own."
        ) from None
    except OSError as error:
        raise _cannot_open(path, error) from error
    return held


def connect(path: Path) -> sqlite3.Connection:
    """A connection to the file at `path`, which is made, if there is none; not thread-bound."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        connection = sqlite3.connect(
            path, timeout=_BUSY_TIMEOUT, isolation_level=None, check_same_thread=False
        )
    except (OSError, sqlite3.Error) as error:
        raise _cannot_open(path, error) from error
    try:
        _check(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
    except sqlite3.Error as error:
        connection.close()
        raise _cannot_open(path, error) from error
    except StorageError:
        connection.close()
        raise
    connection.row_factory = sqlite3.Row
    return connection


def migrate(connection: sqlite3.Connection, steps: Sequence[Migration]) -> None:
    """Apply those of `steps` that have not been, each whole or not at all."""
    for step in steps[version_of(connection) :]:
        script = f"BEGIN IMMEDIATE;\n{step.script}\nPRAGMA user_version = {step.number};\nCOMMIT;"
        try:
            connection.executescript(script)
        except sqlite3.Error as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise StorageError(
                f"The database stays at version {step.number - 1}, because {step.name} failed:"
                f" {error}. Go back to the program of before, and report this."
            ) from error
        log.info("migration applied", migration=step.name)


def version_of(connection: sqlite3.Connection) -> int:
    return _number(connection, "PRAGMA user_version")


def _check(connection: sqlite3.Connection, path: Path) -> None:
    empty = not _number(connection, "SELECT count(*) FROM sqlite_schema")
    if not empty and _number(connection, "PRAGMA application_id") != APPLICATION_ID:
        raise StorageError(f"{path} is another program's database. Choose another file.")
    version, known = version_of(connection), len(migrations())
    if version > known:
        raise StorageError(
            f"The database {path} is at version {version}, and this program knows those up to"
            f" {known}. Run the newer program, or restore the backup from before its upgrade."
        )


def _number(connection: sqlite3.Connection, query: str) -> int:
    return int(connection.execute(query).fetchone()[0])


def _cannot_open(path: Path, error: Exception) -> StorageError:
    return StorageError(
        f"The database {path} cannot be opened: {error}. Check that it is a SQLite file which this"
        " user may read and write, or choose another."
    )
