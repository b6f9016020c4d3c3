"""What happens on Discord, taken in: messages, presses, and what was missed meanwhile."""

import io
import secrets

import discord
import structlog

from adapters.discord import render
from adapters.discord.address import PLATFORM, Address, person_of, read_address
from adapters.discord.chat import NO_MENTIONS, DiscordChat, files_of
from adapters.discord.commands import build_tree, sync_commands
from adapters.discord.inbound import read_message
from adapters.discord.problems import discord_problems
from adapters.discord.render import Card
from bot import wording
from bot.buttons import Begin, HearAnswer, ListSessions, OpenSession, Press, read_button
from bot.engine import Accepted, Engine
from bot.events import ControlPressed, Event, InterviewRequested, StopRequested
from bot.interview import Asking, Reason
from bot.ports import Clock, Interviews
from bot.problems import ProblemError, ProblemKind
from bot.replies import Replies
from bot.step import Moved, Refused

HEARD = "👂"
RECORDING_BYTES = 20_000_000
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
        """Presses of our buttons; commands and modals have their own ways."""
        if interaction.type is not discord.InteractionType.component:
            return
        data: dict[str, object] = {**(interaction.data or {})}
        read = read_button(str(data.get("custom_id", "")))
        if read is None or interaction.channel_id is None:
            return
        owner, button = read
        if owner != interaction.user.id:
            await interaction.response.send_message(wording.NOT_YOURS, ephemeral=True)
            return
        await interaction.response.defer()
        address = Address(interaction.channel_id, owner)
        match button:
            case Press(control=control):
                pressed = ControlPressed(at=self.clock.now(), control=control)
                await self._press(interaction, address, pressed)
            case Begin():
                session = secrets.token_urlsafe(6)
                begun = InterviewRequested(
                    at=self.clock.now(), session=session, person=address.person
                )
                await self._press(interaction, address, begun)
            case ListSessions(offset=offset):
                await self.show_sessions(interaction, offset)
            case OpenSession(session=session, answer=answer):
                await self._open(interaction, session, answer)
            case HearAnswer(session=session, answer=answer):
                await self._play(interaction, session, answer)

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        for address in await self._unfinished():
            if address.channel == payload.thread_id:
                await self._stop(address)  # whose card cannot be drawn there: the chat says so

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        log.error("event_broke", platform=PLATFORM, happened=event_method, exc_info=True)  # noqa: LOG014 - called from one

    async def show_sessions(self, interaction: discord.Interaction, offset: int) -> None:
        user = interaction.user.id
        lines = await self.interviews.sessions(person_of(user), render.PAGE + 1, offset)
        await self._turn(interaction, render.session_list(user, lines, offset))

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

    async def _press(
        self, interaction: discord.Interaction, address: Address, event: Event
    ) -> None:
        accepted = await self.engine.accept(address.conversation, event, str(interaction.id))
        sentence = wording.refusal(accepted.reason) if isinstance(accepted, Refused) else None
        if sentence is not None:
            with discord_problems():
                await interaction.followup.send(sentence, ephemeral=True)

    async def _open(self, interaction: discord.Interaction, session: str, answer: int) -> None:
        user = interaction.user.id
        record = await self.interviews.session(person_of(user), session)
        if record is None:
            with discord_problems():
                await interaction.followup.send(wording.SESSION_GONE, ephemeral=True)
            return
        await self._turn(interaction, render.session_page(user, record, answer))

    async def _turn(self, interaction: discord.Interaction, card: Card) -> None:
        with discord_problems():
            await interaction.edit_original_response(
                embed=card.embed, view=card.view, attachments=files_of(card)
            )

    async def _play(self, interaction: discord.Interaction, session: str, answer: int) -> None:
        record = await self.interviews.session(person_of(interaction.user.id), session)
        notes = record.answers[answer].notes if record and answer < len(record.answers) else ()
        for number, note in enumerate(notes, start=1):
            try:
                data = await self.chat.fetch(note, RECORDING_BYTES)
            except ProblemError as error:
                if error.problem.kind is not ProblemKind.REJECTED:
                    raise
                await interaction.followup.send(wording.RECORDING_GONE, ephemeral=True)
                continue
            file = discord.File(io.BytesIO(data), filename=f"answer-{number}.ogg")
            with discord_problems():
                await interaction.followup.send(file=file, ephemeral=True)

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
