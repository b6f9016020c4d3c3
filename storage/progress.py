"""What somebody has practised, take by take, out of the rows of the history."""

import sqlite3
from itertools import groupby

from bot.coaching import Score
from bot.progress import Practised
from storage.history import delivery_of
from storage.rows import marks

_PRACTISED = """
    WITH latest AS (
        SELECT answer.conversation, answer.session, answer.turn, answer.take, answered_at
        FROM session
        JOIN answer USING (conversation, session)
        JOIN review USING (conversation, session, turn, take)
        WHERE session.person IN ({persons}) AND answer.unscored IS NULL
        ORDER BY answered_at DESC, conversation DESC, session DESC, turn DESC, take DESC
        LIMIT ?
    )
    SELECT answer.*, score.dimension, score.level
    FROM latest
    JOIN answer USING (conversation, session, turn, take)
    LEFT JOIN score USING (conversation, session, turn, take)
    ORDER BY answer.answered_at, conversation, session, turn, take, score.position
"""


def practised(
    connection: sqlite3.Connection, persons: tuple[str, ...], limit: int
) -> tuple[Practised, ...]:
    rows = connection.execute(_PRACTISED.format(persons=marks(persons)), (*persons, limit))
    return tuple(_practised_of(list(scored)) for _, scored in groupby(rows, _place))


def _place(row: sqlite3.Row) -> tuple[str, str, int, int]:
    return row["conversation"], row["session"], row["turn"], row["take"]


def _practised_of(rows: list[sqlite3.Row]) -> Practised:
    """Of one take's rows, one for each score, or one without."""
    take = rows[0]
    return Practised(
        session=take["session"],
        answered_at=take["answered_at"],
        question=take["question"],
        take=take["take"],
        scores=tuple(
            Score(row["dimension"], row["level"]) for row in rows if row["dimension"] is not None
        ),
        delivery=delivery_of(take),
        rating=take["rating"],
    )
