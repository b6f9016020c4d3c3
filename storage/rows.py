"""Rows as they are handed to SQLite: by column, in text that it takes."""

import sqlite3
from typing import Any, TypeAlias

Row: TypeAlias = dict[str, Any]


def insert(connection: sqlite3.Connection, table: str, row: Row, otherwise: str = "") -> None:
    """`otherwise`: an ON CONFLICT clause."""
    columns, values = ", ".join(row), ", ".join(f":{column}" for column in row)
    statement = f"INSERT INTO {table} ({columns}) VALUES ({values}) {otherwise}"  # noqa: S608 - names are ours
    connection.execute(statement, storable(row))


def storable(row: Row) -> Row:
    """With a question mark for half a character (a lone surrogate), which SQLite does not take."""
    return {
        name: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for name, value in row.items()
    }


def marks(values: tuple[str, ...]) -> str:
    """As many question marks as there are `values`, for `IN (…)`."""
    return ", ".join("?" * len(values))
