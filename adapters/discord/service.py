"""The Discord bot: its connection, and the time that it serves."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiohttp
import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord.address import PLATFORM
from adapters.discord.chat import DiscordChat
from adapters.discord.client import Client
from adapters.discord.problems import discord_problems
from bot.archive import Archive
from bot.engine import Engine
from bot.ports import Clock, Interviews
from bot.problems import Problem, ProblemError, ProblemKind

HOW_TO_GRANT = (
    "the Message Content intent is not granted: switch it on at Discord's developer portal, "
    "Bot, Privileged Gateway Intents; running on without it"
)

# Voice messages are files: no voice channel is ever joined.
discord.VoiceClient.warn_nacl = False
discord.VoiceClient.warn_dave = False

LONGEST_START_WAIT = 60.0

log = structlog.get_logger()


class DiscordBot:
    """The chat works as soon as it serves."""

    def __init__(
        self, token: str, http: aiohttp.ClientSession, clock: Clock, *, message_content: bool
    ) -> None:
        self._token = token
        self._clock = clock
        self._message_content = message_content
        self.chat = DiscordChat(discord.Client(intents=discord.Intents(guilds=True)), http, clock)

    async def check(self) -> str:
        """One sentence for the operator; raises ProblemError."""
        async with discord.Client(intents=discord.Intents(guilds=True)) as client:
            with discord_problems():
                await client.login(self._token)
            return f"answers as {client.user}"

    async def serve(self, engine: Engine, interviews: Interviews, archive: Archive) -> None:
        """Until it is cancelled; raises ProblemError for a token that is not taken."""
        reads = self._message_content
        wait = 1.0
        while True:
            problem = Problem(ProblemKind.DOWN, detail="the connection to Discord was closed")
            async with self._client(engine, interviews, archive, message_content=reads) as client:
                try:
                    with discord_problems():
                        await client.start(self._token)
                except ProblemError as error:
                    if isinstance(error.__cause__, discord.PrivilegedIntentsRequired):
                        log.error("intent_not_granted", platform=PLATFORM, detail=HOW_TO_GRANT)
                        reads = False
                        continue
                    problem = error.problem
                    if not problem.passes_by_itself:
                        raise
            pause = max(wait, problem.retry_after or 0.0)
            log.warning("discord_not_reached", detail=problem.detail, retry_in=pause)
            await self._clock.sleep(pause)
            wait = min(2 * wait, LONGEST_START_WAIT)

    @asynccontextmanager
    async def _client(
        self,
        engine: Engine,
        interviews: Interviews,
        archive: Archive,
        *,
        message_content: bool,
    ) -> AsyncIterator[Client]:
        intents = discord.Intents(
            guilds=True, guild_messages=True, dm_messages=True, message_content=message_content
        )
        client = Client(
            intents=intents,
            chat=self.chat,
            engine=engine,
            interviews=interviews,
            archive=archive,
            clock=self._clock,
        )
        self.chat.client = client
        try:
            yield client
        finally:
            with suppress(asyncio.TimeoutError):
                await client.close()


def use_addresses(api_url: str, gateway_url: str) -> None:
    """discord.py keeps both for the whole process."""
    Route.BASE = api_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
