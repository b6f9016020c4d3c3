"""Where PTB's Updater puts updates; each is accepted before it is confirmed to Telegram."""

import asyncio
import secrets
from collections import Counter, deque

import structlog
from telegram import Bot, ReactionTypeEmoji, Update
from telegram.error import NetworkError

from adapters.telegram.address import PLATFORM, Address
from adapters.telegram.chat import TelegramChat
from adapters.telegram.desk import Desk
from adapters.telegram.inbound import Happening, Received, Unusable, read_update
from adapters.telegram.problems import telegram_problems
from bot import wording
from bot.archive import Archive
from bot.buttons import Practise
from bot.engine import Accepted, Engine
from bot.events import Event, InterviewRequested
from bot.interview import Preparing, Reason, SettingUp
from bot.ports import Clock
from bot.problems import NotKeptError
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
        self, bot: Bot, chat: TelegramChat, engine: Engine, archive: Archive, clock: Clock
    ) -> None:
        super().__init__()
        self._bot = bot
        self._engine = engine
        self._clock = clock
        self._archive = archive
        self._desk = Desk(bot, chat, archive, clock)
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
        session = secrets.token_urlsafe(6)
        received = read_update(
            update,
            bot_id=self._bot.id,
            bot_name=self._bot.username,
            at=self._clock.now(),
            session=session,
        )
        if received is None:
            return
        match received.meaning:
            case Happening(event=event, answers=answers):
                await self._accept(update.update_id, received, event, answers=answers)
            case Practise() if (wish := await self._practice(received, session)) is not None:
                await self._accept(update.update_id, received, wish)
            case _ if update.update_id not in self._answered:
                # The engine knows what it has had; these would be answered again with their batch.
                self._answered.append(update.update_id)
                self._replies.start(self._desk.answer(received))
            case _:
                pass

    async def _practice(self, received: Received, session: str) -> Event | None:
        """An interview on what needs it most; None while that is not known."""
        person = received.address.person
        brief = await self._archive.practice(person)
        if brief is None:
            return None
        return InterviewRequested(at=self._clock.now(), session=session, person=person, brief=brief)

    async def _accept(
        self, update: int, received: Received, event: Event, *, answers: bool = False
    ) -> None:
        conversation = received.address.conversation
        accepted = await self._engine.accept(conversation, event, str(update))
        sentence = None
        if isinstance(accepted, Refused):
            sentence = wording.refusal(accepted.reason)
        elif answers and _is_answer(accepted):
            self._replies.start(self._react(received))
        if accepted == Refused(Reason.ALREADY_RUNNING):
            await self._engine.show_again(conversation)
        self._replies.start(self._desk.tell(received, sentence))

    def _apologise(self, update: Update) -> None:
        message = update.effective_message
        user = update.effective_user
        if message is not None and user is not None:
            address = Address(message.chat.id, user.id)
            received = Received(address, Unusable(), message.message_id)
            self._replies.start(self._desk.say(received, wording.UNEXPECTED))

    async def _react(self, received: Received) -> None:
        with telegram_problems():
            await self._bot.set_message_reaction(
                chat_id=received.address.chat,
                message_id=received.message,
                reaction=[ReactionTypeEmoji(HEARD)],
            )


def _is_answer(accepted: Accepted) -> bool:
    """Whether what was sent went to a question, and not into the set-up."""
    return isinstance(accepted, Moved) and not isinstance(
        accepted.interview.phase, (SettingUp, Preparing)
    )
