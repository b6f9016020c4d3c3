"""`Interviews` in memory, for the engine's tests; values go through the codec, as on the disk."""

import asyncio

from bot.history import SessionLine, SessionRecord, record_of
from bot.interview import Interview
from bot.ports import Outcome, Shown
from bot.screens import digest_of, screen_for
from bot.work import is_unfinished
from storage.codec import decode, encode


class InterviewsInMemory:
    """Each call lets other tasks run first, as one that waits for a disk does."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}
        self._seen: set[tuple[str, str]] = set()
        self._cards: dict[str, Shown] = {}
        self._history: dict[tuple[str, str], str] = {}

    def _is_drawn(self, key: str) -> bool:
        screen = screen_for(decode(self._values[key], Interview))
        card = self._cards.get(key)
        return screen is None or (card is not None and card.digest == digest_of(screen))

    async def load(self, conversation: str) -> Interview | None:
        await asyncio.sleep(0)
        return self._kept(conversation)

    async def save(self, interview: Interview, event_id: str | None) -> Outcome:
        await asyncio.sleep(0)
        if event_id is not None and (interview.key, event_id) in self._seen:
            return Outcome.DUPLICATE
        kept = self._kept(interview.key)
        if interview.rev - 1 != (kept.rev if kept else 0):
            return Outcome.OVERTAKEN
        value = encode(interview)
        self._values[interview.key] = value
        if event_id is not None:
            self._seen.add((interview.key, event_id))
        if record_of(interview) is not None:
            self._history[interview.key, interview.session] = value
        return Outcome.SAVED

    async def had(self, conversation: str, event_id: str) -> bool:
        await asyncio.sleep(0)
        return (conversation, event_id) in self._seen

    async def unfinished(self) -> tuple[str, ...]:
        await asyncio.sleep(0)
        values = {key: decode(value, Interview) for key, value in self._values.items()}
        return tuple(sorted(key for key, interview in values.items() if is_unfinished(interview)))

    async def undrawn(self) -> tuple[str, ...]:
        await asyncio.sleep(0)
        return tuple(sorted(key for key in self._values if not self._is_drawn(key)))

    async def shown(self, conversation: str) -> Shown | None:
        await asyncio.sleep(0)
        return self._cards.get(conversation)

    async def save_shown(self, shown: Shown) -> None:
        await asyncio.sleep(0)
        self._cards[shown.conversation] = shown

    async def sessions(self, person: str, limit: int, offset: int) -> tuple[SessionLine, ...]:
        await asyncio.sleep(0)
        latest = sorted(self._records(person), key=lambda record: record.started_at)[::-1]
        return tuple(
            SessionLine(
                session=record.session,
                role=record.brief.role,
                company=record.brief.company,
                started_at=record.started_at,
                ending=record.ending,
                answered=len({answer.turn for answer in record.answers}),
            )
            for record in latest[offset : offset + limit]
        )

    async def session(self, person: str, session: str) -> SessionRecord | None:
        await asyncio.sleep(0)
        found = (record for record in self._records(person) if record.session == session)
        return next(found, None)

    async def close(self) -> None:
        await asyncio.sleep(0)

    def _kept(self, conversation: str) -> Interview | None:
        value = self._values.get(conversation)
        return None if value is None else decode(value, Interview)

    def _records(self, person: str) -> list[SessionRecord]:
        records = (record_of(decode(value, Interview)) for value in self._history.values())
        return [record for record in records if record is not None and record.person == person]
