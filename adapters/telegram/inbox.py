"""Where PTB's Updater puts updates; each is accepted before it is confirmed to Telegram."""

import asyncio
import secrets
from collections import Counter, deque

import structlog
from telegram import Bot, ReactionTypeEmoji, Update
from telegram.error import NetworkError

from adapters.telegram import render
from adapters.telegram.address import PLATFORM, Address
from adapters.telegram.chat import TelegramChat
from adapters.telegram.inbound import (
    Foreign,
    Happening,
    Help,
    NotYours,
    Received,
    Unusable,
    Welcome,
    read_update,
)
from adapters.telegram.markup import Span, to_html
from adapters.telegram.problems import telegram_problems
from adapters.telegram.render import Card
from bot import wording
from bot.buttons import HearAnswer, ListSessions, OpenSession
from bot.engine import Accepted, Engine
from bot.interview import Asking, Reason
from bot.ports import Clock, History
from bot.problems import NotKeptError, ProblemError, ProblemKind
from bot.replies import Replies
from bot.step import Moved, Refused

HEARD = (
    "✍"  # of the emoji that Telegram allows: https://core.telegram.org/bots/api#reactiontypeemoji
)
POISON_TRIES = 3
BATCH = 100  # updates that Telegram delivers at once, at most

log = structlog.get_logger()


class Inbox(asyncio.Queue[object]):
    def __init__(
        self, bot: Bot, chat: TelegramChat, engine: Engine, history: History, clock: Clock
    ) -> None:
        super().__init__()
        self._bot = bot
        self._chat = chat
        self._engine = engine
        self._history = history
        self._clock = clock
        self._replies = Replies(PLATFORM)
        self._failures: Counter[int] = Counter()
        self._answered: deque[int] = deque(maxlen=BATCH)

    async def put(self, item: object) -> None:
        if not isinstance(item, Update):
            return
        try:
            await self._receive(item)
        except NotKeptError as error:
            log.warning("update_not_kept", update=item.update_id)
            raise NetworkError("the update could not be kept") from error
        except Exception as error:
            self._failures[item.update_id] += 1
            if self._failures[item.update_id] >= POISON_TRIES:
                log.exception("update_given_up", update=item.update_id)
                self._apologise(item)
                return
            # Anything but a TelegramError would end the polling; this has it delivered again.
            log.warning("update_failed", update=item.update_id, error=type(error).__name__)
            raise NetworkError("the update broke something") from error
        self._failures.pop(item.update_id, None)

    async def close(self) -> None:
        await self._replies.close()

    async def _receive(self, update: Update) -> None:
        received = read_update(
            update,
            bot_id=self._bot.id,
            bot_name=self._bot.username,
            at=self._clock.now(),
            session=secrets.token_urlsafe(6),
        )
        if received is None:
            return
        if not isinstance(received.meaning, Happening):
            # The engine knows what it has had; these would be answered again with their batch.
            if update.update_id not in self._answered:
                self._answered.append(update.update_id)
                self._replies.start(self._answer(received))
            return
        address = received.address
        accepted = await self._engine.accept(
            address.conversation, received.meaning.event, str(update.update_id)
        )
        sentence = None
        if isinstance(accepted, Refused):
            sentence = wording.refusal(accepted.reason)
        elif received.meaning.answers and _is_answer(accepted):
            self._replies.start(self._react(received))
        if accepted == Refused(Reason.ALREADY_RUNNING):
            await self._engine.show_again(address.conversation)
        if received.query is not None:
            self._replies.start(self._answer_tap(received.query, sentence))
        elif sentence is not None:
            self._replies.start(self._say(received, sentence))

    def _apologise(self, update: Update) -> None:
        message = update.effective_message
        user = update.effective_user
        if message is not None and user is not None:
            address = Address(message.chat.id, user.id)
            received = Received(address, Unusable(), message.message_id)
            self._replies.start(self._say(received, wording.UNEXPECTED))

    async def _react(self, received: Received) -> None:
        with telegram_problems():
            await self._bot.set_message_reaction(
                chat_id=received.address.chat,
                message_id=received.message,
                reaction=[ReactionTypeEmoji(HEARD)],
            )

    async def _answer_tap(self, query: str, sentence: str | None) -> None:
        with telegram_problems():
            await self._bot.answer_callback_query(query, text=sentence)

    async def _say(self, received: Received, sentence: str) -> None:
        await self._send(received, Card(to_html([Span(sentence)]), None))

    async def _send(self, received: Received, card: Card) -> None:
        """Waits out Telegram's flood control, which is per chat."""
        reply_to = None if received.address.is_private else received.message
        while True:
            try:
                await self._chat.send(received.address, card, reply_to)
            except ProblemError as error:
                if error.problem.kind is not ProblemKind.BUSY:
                    raise
                await self._clock.sleep(error.problem.retry_after or 1.0)
            else:
                return

    async def _answer(self, received: Received) -> None:
        owner = received.address.user
        match received.meaning:
            case Welcome():
                await self._send(received, render.welcome(owner))
            case Help():
                await self._say(received, wording.HELP)
            case Unusable():
                await self._say(received, wording.UNUSABLE)
            case Foreign() if received.query is not None:
                await self._answer_tap(received.query, wording.refusal(Reason.OLD_CONTROL))
            case Foreign():
                pass
            case NotYours() if received.query is not None:
                await self._answer_tap(received.query, wording.NOT_YOURS)
            case NotYours():
                await self._say(received, wording.NOTE_NOT_YOURS)
            case ListSessions(offset=offset):
                person = received.address.person
                lines = await self._history.sessions(person, render.PAGE + 1, offset)
                await self._turn(received, render.session_list(owner, lines, offset))
            case OpenSession(session=session, answer=answer):
                await self._open(received, session, answer)
            case HearAnswer(session=session, answer=answer):
                await self._play(received, session, answer)
            case Happening():
                pass

    async def _turn(self, received: Received, card: Card) -> None:
        """A page that was tapped for takes the place of the one it was tapped on."""
        if received.query is None:
            await self._send(received, card)
            return
        await self._answer_tap(received.query, None)
        await self._chat.redraw(received.address, received.message, card)

    async def _open(self, received: Received, session: str, answer: int) -> None:
        record = await self._history.session(received.address.person, session)
        if record is None:
            await self._turn(received, Card(to_html([Span(wording.SESSION_GONE)]), None))
            return
        await self._turn(received, render.session_page(received.address.user, record, answer))

    async def _play(self, received: Received, session: str, answer: int) -> None:
        record = await self._history.session(received.address.person, session)
        if received.query is not None:
            await self._answer_tap(received.query, None)
        if record is None or answer >= len(record.answers):
            await self._say(received, wording.SESSION_GONE)
            return
        for note in record.answers[answer].notes:
            try:
                await self._chat.play(received.address, note)
            except ProblemError as error:
                if error.problem.kind is not ProblemKind.REJECTED:
                    raise
                await self._say(received, wording.RECORDING_GONE)


def _is_answer(accepted: Accepted) -> bool:
    return isinstance(accepted, Moved) and isinstance(accepted.interview.phase, Asking)
