"""Discord as a Chat: one embed that is edited, attachments counted as they come."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiohttp
import discord

from adapters.discord.address import Address, read_address
from adapters.discord.problems import discord_problems
from adapters.discord.refs import OfCommand, OfMessage, read_ref
from adapters.discord.render import render
from adapters.discord.responses import attached
from bot import wording
from bot.ports import Activity, Clock
from bot.problems import Fault, Problem, ProblemError, ProblemKind, rejected
from bot.screens import Screen

CHUNK = 65_536
TYPING_LASTS = 8.0  # seconds; Discord shows it for ten
NO_MENTIONS = discord.AllowedMentions.none()

_UNKNOWN_MESSAGE = 10008


class DiscordChat:
    def __init__(self, client: discord.Client, http: aiohttp.ClientSession, clock: Clock) -> None:
        self.client = client
        self._http = http
        self._clock = clock
        self._told: set[Address] = set()

    async def show(self, conversation: str, screen: Screen, ref: str | None) -> str:
        address = read_address(conversation)
        try:
            drawn = await self._draw(address, screen, ref)
        except ProblemError as error:
            if error.problem.kind is ProblemKind.REJECTED and address not in self._told:
                self._told.add(address)
                gone = error.problem.fault is Fault.GONE
                sentence = wording.THREAD_GONE if gone else wording.CANNOT_WRITE
                await self.tell_in_private(address.user, sentence)
            raise
        self._told.discard(address)
        return drawn

    async def tell_in_private(self, user: int, sentence: str) -> None:
        """In a direct message, if the person takes any from us."""
        with suppress(discord.DiscordException, aiohttp.ClientError, OSError):
            dm = await self.client.create_dm(discord.Object(user))
            await dm.send(sentence, allowed_mentions=NO_MENTIONS)

    async def _draw(self, address: Address, screen: Screen, ref: str | None) -> str:
        card = render(screen, address.user, self._clock.now())
        channel = self._channel(address.channel)
        with discord_problems():
            if ref is not None:
                try:
                    await channel.get_partial_message(int(ref)).edit(
                        embed=card.embed,
                        view=card.view,
                        attachments=attached(card.files),
                        allowed_mentions=NO_MENTIONS,
                    )
                except discord.NotFound as error:
                    if error.code != _UNKNOWN_MESSAGE:
                        raise
                else:
                    return ref
            sent = await channel.send(
                embed=card.embed,
                view=card.view or discord.utils.MISSING,
                files=attached(card.files),
                allowed_mentions=NO_MENTIONS,
            )
        return str(sent.id)

    async def retire(self, conversation: str, ref: str) -> None:
        channel = self._channel(read_address(conversation).channel)
        with discord_problems(), suppress(discord.NotFound):
            await channel.get_partial_message(int(ref)).edit(view=None)

    async def fetch(self, ref: str, limit: int) -> bytes:
        match read_ref(ref):
            case OfCommand(url=url):
                return await self._download(url, limit)
            case OfMessage(channel=channel, message=message, attachment=wanted):
                # Links expire after about a day; the message gives a new one.
                with discord_problems():
                    found = await self._channel(channel).fetch_message(message)
                for attachment in found.attachments:
                    if attachment.id == wanted:
                        if attachment.size > limit:
                            raise rejected(Fault.TOO_BIG)
                        return await self._download(attachment.url, limit)
                raise rejected(Fault.GONE)

    @asynccontextmanager
    async def working(self, conversation: str, activity: Activity) -> AsyncIterator[None]:
        """Shows "… is typing" for as long as it lasts."""
        task = asyncio.create_task(self._type(read_address(conversation)))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _type(self, address: Address) -> None:
        with suppress(discord.DiscordException, aiohttp.ClientError, OSError):
            while True:
                await self._channel(address.channel).typing()
                await self._clock.sleep(TYPING_LASTS)

    def _channel(self, channel: int) -> discord.PartialMessageable:
        return self.client.get_partial_messageable(channel)

    async def _download(self, url: str, limit: int) -> bytes:
        data = bytearray()
        with discord_problems():
            async with self._http.get(url) as response:
                if response.status in (403, 404, 410):
                    raise rejected(Fault.GONE, f"attachment: HTTP {response.status}")
                if response.status != 200:  # noqa: PLR2004 - OK
                    detail = f"attachment: HTTP {response.status}"
                    raise ProblemError(Problem(ProblemKind.DOWN, detail=detail))
                async for chunk in response.content.iter_chunked(CHUNK):
                    data += chunk
                    if len(data) > limit:
                        raise rejected(Fault.TOO_BIG)
        return bytes(data)
