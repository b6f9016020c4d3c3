"""`Interviews` and `Links` in memory; values go through the codec, as on the disk."""

import asyncio

from bot.history import Asked, SessionLine, SessionRecord, asked_of, record_of
from bot.interview import Interview
from bot.linking import LINK_LASTS, WRONG_TRIES, Joined
from bot.ports import Outcome, Shown
from bot.progress import Practised
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
        self._asked: dict[tuple[str, str], tuple[float, int, Asked]] = {}
        self._codes: dict[str, tuple[str, float]] = {}
        self._wrong_tries: list[tuple[str, float]] = []
        self._groups: list[frozenset[str]] = []

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
        self._remember_asked(interview)
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
        found = [record for record in self._records(person) if record.session == session]
        return min(found, key=lambda record: record.person != person, default=None)

    async def asked(self, person: str, limit: int) -> tuple[Asked, ...]:
        await asyncio.sleep(0)
        group = self._group(person)
        each = [asked for (somebody, _), asked in self._asked.items() if somebody in group]
        in_order = sorted(each, key=lambda asked: (*asked[:2], asked[2].id))
        each_last: dict[str, Asked] = {}
        for _, _, asked in reversed(in_order):
            each_last.setdefault(asked.id, asked)
        return tuple(list(each_last.values())[:limit][::-1])

    async def practised(self, person: str, limit: int) -> tuple[Practised, ...]:
        await asyncio.sleep(0)
        places = {
            (a.answered_at, record.conversation, record.session, a.turn, a.take): Practised(
                session=record.session,
                answered_at=a.answered_at,
                question=a.question.text,
                take=a.take,
                scores=a.review.scores,
                delivery=a.delivery,
                rating=a.rating,
            )
            for record in self._records(person)
            for a in record.answers
            if a.review is not None and a.unscored is None
        }
        latest = sorted(places)[::-1][:limit]
        return tuple(places[place] for place in reversed(latest))

    async def issue(self, person: str, code: str, at: float) -> None:
        await asyncio.sleep(0)
        self._codes[person] = (code, at + LINK_LASTS)

    async def join(self, person: str, code: str, at: float) -> Joined:
        await asyncio.sleep(0)
        tries = [tried for who, tried in self._wrong_tries if who == person]
        if len([tried for tried in tries if tried > at - LINK_LASTS]) >= WRONG_TRIES:
            return Joined.TOO_MANY_TRIES
        issuers = [
            who for who, (issued, ends) in self._codes.items() if issued == code and ends > at
        ]
        if len(issuers) != 1:
            self._wrong_tries.append((person, at))
            return Joined.UNKNOWN
        [issuer] = issuers
        if issuer == person:
            return Joined.SAME_PERSON
        del self._codes[issuer]
        ours, theirs = self._group(person), self._group(issuer)
        if ours == theirs:
            return Joined.ALREADY
        self._groups = [group for group in self._groups if group not in (ours, theirs)]
        self._groups.append(ours | theirs)
        return Joined.LINKED

    async def unlink(self, person: str) -> bool:
        await asyncio.sleep(0)
        group = self._group(person)
        if len(group) == 1:
            return False
        self._groups = [each - {person} for each in self._groups]
        return True

    async def linked(self, person: str) -> tuple[str, ...]:
        await asyncio.sleep(0)
        return (person, *sorted(self._group(person) - {person}))

    async def close(self) -> None:
        await asyncio.sleep(0)

    def _kept(self, conversation: str) -> Interview | None:
        value = self._values.get(conversation)
        return None if value is None else decode(value, Interview)

    def _records(self, person: str) -> list[SessionRecord]:
        records = (record_of(decode(value, Interview)) for value in self._history.values())
        group = self._group(person)
        return [record for record in records if record is not None and record.person in group]

    def _group(self, person: str) -> frozenset[str]:
        found = (group for group in self._groups if person in group)
        return next(found, frozenset({person}))

    def _remember_asked(self, interview: Interview) -> None:
        at = interview.started_at
        for turn, question in enumerate(asked_of(interview)):
            key = (interview.person, question.id)
            kept = self._asked.get(key)
            if kept is None or kept[0] < at:
                self._asked[key] = (at, turn, Asked(question.id, question.text))
