"""What happens on Discord, taken in: messages, presses, and what was missed meanwhile."""

import discord
import structlog

from adapters.discord.address import PLATFORM, Address, read_address
from adapters.discord.chat import NO_MENTIONS, DiscordChat
from adapters.discord.commands import build_tree, sync_commands
from adapters.discord.inbound import read_message
from adapters.discord.presses import take_press
from adapters.discord.problems import discord_problems
from adapters.discord.records import Records
from bot import wording
from bot.archive import Archive
from bot.engine import Accepted, Engine
from bot.events import StopRequested
from bot.interview import Asking, Reason
from bot.ports import Clock, Interviews
from bot.problems import ProblemError
from bot.replies import Replies
from bot.step import Moved, Refused

HEARD = "👂"
MISSED_LIMIT = 200  # messages of one channel that are looked through after a pause

log = structlog.get_logger()


class Client(discord.Client):
    """Every event is accepted by the engine; what Discord wants acknowledged is so first."""

    def __init__(
        self,
        *,
        intents: discord.Intents,
        chat: DiscordChat,
        engine: Engine,
        interviews: Interviews,
        archive: Archive,
        clock: Clock,
    ) -> None:
        super().__init__(
            intents=intents,
            allowed_mentions=NO_MENTIONS,
            max_messages=None,
            max_ratelimit_timeout=60,
        )
        self.chat = chat
        self.engine = engine
        self.interviews = interviews
        self.archive = archive
        self.records = Records(archive, chat)
        self.clock = clock
        self.tree = build_tree(self)
        self._resumed = False
        self._replies = Replies(PLATFORM)

    async def setup_hook(self) -> None:
        await sync_commands(self.tree)

    async def on_ready(self) -> None:
        log.info("serving", platform=PLATFORM, bot=str(self.user))
        if not self._resumed:
            self._resumed = True
            await self.engine.resume(PLATFORM)
        await self._catch_up()

    async def on_message(self, message: discord.Message) -> None:
        if message.author.bot or not await self._is_ours(message):
            return
        await self._take(message)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        await take_press(self, interaction)

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        for address in await self._unfinished():
            if address.channel == payload.thread_id:
                await self._stop(address)  # whose card cannot be drawn there: the chat says so

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        log.error("event_broke", platform=PLATFORM, happened=event_method, exc_info=True)  # noqa: LOG014 - called from one

    async def running(self, user: int) -> Address | None:
        """Where the person's unfinished interview is."""
        found = [address for address in await self._unfinished() if address.user == user]
        return found[0] if found else None

    async def close(self) -> None:
        await self._replies.close()
        await super().close()

    async def _take(self, message: discord.Message) -> None:
        address = Address(message.channel.id, message.author.id)
        event = read_message(message, self.clock.now())
        if event is None:
            # Without the intent, what is written in servers comes empty.
            if message.guild is not None and await self._has_interview(address):
                self._replies.start(self._say(message, wording.CANNOT_READ))
            return
        accepted = await self.engine.accept(address.conversation, event, str(message.id))
        if isinstance(accepted, Refused):
            self._replies.start(self._refuse(message, accepted.reason))
        elif _is_answer(accepted):
            self._replies.start(self._react(message))

    async def _refuse(self, message: discord.Message, reason: Reason) -> None:
        if reason is Reason.NO_INTERVIEW and message.guild is not None:
            channels = [address.channel for address in await self._unfinished()]
            if message.channel.id in channels:
                await self.chat.tell_in_private(message.author.id, wording.NOTE_NOT_YOURS)
            return
        sentence = wording.refusal(reason)
        if sentence is not None:
            await self._say(message, sentence)

    async def _catch_up(self) -> None:
        """Take in what was sent while nobody listened; what was taken in before counts once."""
        for address in await self._unfinished():
            shown = await self.interviews.shown(address.conversation)
            if shown is None:
                continue
            channel = self.get_partial_messageable(address.channel)
            after = discord.Object(int(shown.ref))
            try:
                with discord_problems():
                    missed = [m async for m in channel.history(limit=MISSED_LIMIT, after=after)]
            except ProblemError as error:
                log.warning(
                    "not_caught_up",
                    conversation=address.conversation,
                    detail=error.problem.detail,
                )
                continue
            for message in missed:
                if message.author.id == address.user:
                    await self._take(message)

    async def _is_ours(self, message: discord.Message) -> bool:
        """Direct messages, and the threads that we have opened."""
        if message.guild is None:
            return True
        channel = message.channel
        me = self.user.id if self.user else 0
        if isinstance(channel, discord.Thread):
            return channel.owner_id == me
        return any(channel.id == address.channel for address in await self._unfinished())

    async def _has_interview(self, address: Address) -> bool:
        return address in await self._unfinished()

    async def _unfinished(self) -> list[Address]:
        conversations = await self.interviews.unfinished()
        ours = (c for c in conversations if c.partition(":")[0] == PLATFORM)
        return [read_address(conversation) for conversation in ours]

    async def _stop(self, address: Address) -> None:
        await self.engine.accept(address.conversation, StopRequested(at=self.clock.now()))

    async def _react(self, message: discord.Message) -> None:
        with discord_problems():
            await message.add_reaction(HEARD)

    async def _say(self, message: discord.Message, sentence: str) -> None:
        with discord_problems():
            await message.reply(sentence, mention_author=False)


def _is_answer(accepted: Accepted) -> bool:
    return isinstance(accepted, Moved) and isinstance(accepted.interview.phase, Asking)
