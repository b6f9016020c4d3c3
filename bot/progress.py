"""Getting better, seen over what was practised; pure."""

from dataclasses import dataclass

from bot.coaching import Delivery, Score


@dataclass(frozen=True, slots=True)
class Practised:
    """One take that was judged or measured, as far as progress is made of it.

    `answered_at` in seconds since 1970, UTC. `question` is its text, the same for every take at it.
    `rating` is the person's own, from 1 to 5.
    """

    session: str
    answered_at: float
    question: str
    take: int
    scores: tuple[Score, ...]
    delivery: Delivery | None
    rating: int | None = None
