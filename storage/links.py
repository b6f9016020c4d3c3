"""Persons who are the same human being, and the one-time codes by which they say so."""

import sqlite3
from hashlib import sha256

from bot.linking import LINK_LASTS, WRONG_TRIES, Joined

_SAVE_CODE = """
    INSERT INTO link_code (person, hash, expires_at) VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at
"""
_FORGET_CODES = "DELETE FROM link_code WHERE expires_at <= ?"
_ISSUERS = "SELECT person FROM link_code WHERE hash = ?"
_USE_CODE = "DELETE FROM link_code WHERE person = ?"
_SAVE_TRY = "INSERT INTO wrong_try (person, tried_at) VALUES (?, ?)"
_FORGET_TRIES = "DELETE FROM wrong_try WHERE tried_at <= ?"
_TRIES = "SELECT count(*) FROM wrong_try WHERE person = ?"
_OTHERS = """
    SELECT other.person FROM linked AS mine JOIN linked AS other USING (party)
    WHERE mine.person = ? AND other.person <> mine.person ORDER BY other.person
"""
_NEXT_PARTY = "SELECT coalesce(max(party), 0) + 1 FROM linked"
_LINK = """
    INSERT INTO linked (person, party) VALUES (?, ?)
    ON CONFLICT DO UPDATE SET party = excluded.party
"""
_PART = "DELETE FROM linked WHERE person = ?"


def issue(connection: sqlite3.Connection, person: str, code: str, at: float) -> None:
    connection.execute(_FORGET_CODES, (at,))
    connection.execute(_SAVE_CODE, (person, _hash(code), at + LINK_LASTS))


def join(connection: sqlite3.Connection, person: str, code: str, at: float) -> Joined:
    connection.execute(_FORGET_TRIES, (at - LINK_LASTS,))
    if connection.execute(_TRIES, (person,)).fetchone()[0] >= WRONG_TRIES:
        return Joined.TOO_MANY_TRIES
    connection.execute(_FORGET_CODES, (at,))
    issuers = connection.execute(_ISSUERS, (_hash(code),)).fetchall()
    if len(issuers) != 1:  # a code that happens to be two persons' is neither's
        connection.execute(_SAVE_TRY, (person, at))
        return Joined.UNKNOWN
    [(issuer,)] = issuers
    if issuer == person:
        return Joined.SAME_PERSON
    connection.execute(_USE_CODE, (issuer,))
    ours, theirs = linked(connection, person), linked(connection, issuer)
    if person in theirs:
        return Joined.ALREADY
    (party,) = connection.execute(_NEXT_PARTY).fetchone()
    connection.executemany(_LINK, [(member, party) for member in (*ours, *theirs)])
    return Joined.LINKED


def unlink(connection: sqlite3.Connection, person: str) -> bool:
    _, *others = linked(connection, person)
    parted = (person, *others) if len(others) == 1 else (person,)
    connection.executemany(_PART, [(member,) for member in parted])
    return bool(others)


def linked(connection: sqlite3.Connection, person: str) -> tuple[str, ...]:
    others = connection.execute(_OTHERS, (person,))
    return (person, *(other for (other,) in others))


def _hash(code: str) -> bytes:
    return sha256(code.encode("utf-8", "replace")).digest()
