"""Which questions have been put to whom; only what is new is written."""

import sqlite3

from bot.history import Asked, asked_of
from bot.interview import Interview
from storage.rows import insert, marks, storable

_KNOWN = "SELECT question_id FROM asked WHERE person = ? AND asked_at >= ?"
_PUT_AGAIN = """
    ON CONFLICT DO UPDATE
    SET question = excluded.question, asked_at = excluded.asked_at, turn = excluded.turn
"""
# Beside max(), SQLite takes the other columns from the row that has it:
# https://sqlite.org/lang_select.html#bareagg
_ASKED = """
    SELECT question_id, question, max(asked_at) AS last, turn FROM asked WHERE person IN ({persons})
    GROUP BY question_id ORDER BY last DESC, turn DESC, question_id DESC LIMIT ?
"""


def keep(connection: sqlite3.Connection, interview: Interview) -> None:
    """That the questions of `interview` have been asked, at its start, unless they were later."""
    questions = asked_of(interview)
    if not questions:
        return
    person, asked_at = interview.person, interview.started_at
    known = {known for (known,) in connection.execute(_KNOWN, (person, asked_at))}
    for turn, question in enumerate(questions):
        row = storable(
            {
                "person": person,
                "question_id": question.id,
                "question": question.text,
                "asked_at": asked_at,
                "turn": turn,
            }
        )
        if row["question_id"] not in known:
            known.add(row["question_id"])
            insert(connection, "asked", row, _PUT_AGAIN)


def read(connection: sqlite3.Connection, persons: tuple[str, ...], limit: int) -> tuple[Asked, ...]:
    found = connection.execute(_ASKED.format(persons=marks(persons)), (*persons, limit)).fetchall()
    return tuple(Asked(row["question_id"], row["question"]) for row in reversed(found))
