"""The Telegram bot: its connections, its introduction to Telegram, and the time that it serves."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import structlog
from telegram import Bot, Update
from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.ext import Updater
from telegram.request import HTTPXRequest

from adapters.telegram.address import PLATFORM
from adapters.telegram.chat import TelegramChat
from adapters.telegram.inbox import Inbox
from adapters.telegram.problems import problem_of, telegram_problems
from bot import wording
from bot.archive import Archive
from bot.engine import Engine
from bot.ports import Clock, Interviews
from bot.problems import ProblemError

ALLOWED_UPDATES = ["message", "callback_query"]
POLL_SECONDS = 30
LONGEST_START_WAIT = 60.0

log = structlog.get_logger()


class TelegramBot:
    """Its connections; the chat works, and updates come, once it serves."""

    def __init__(self, bot: Bot, chat: TelegramChat, clock: Clock) -> None:
        self._bot = bot
        self.chat = chat
        self._clock = clock

    async def check(self) -> str:
        """One sentence for the operator; raises ProblemError."""
        with telegram_problems():
            me = await self._bot.get_me()
        return f"answers as @{me.username}"

    async def serve(self, engine: Engine, interviews: Interviews, archive: Archive) -> None:
        """Until it is cancelled; raises ProblemError for a token that is not taken."""
        async with self.serving(engine, archive):
            await asyncio.Event().wait()

    @asynccontextmanager
    async def serving(self, engine: Engine, archive: Archive) -> AsyncIterator[None]:
        """Receive updates for as long as the context lasts; raises ProblemError for a bad token."""
        await self._log_in()
        await self._introduce()
        await engine.resume(PLATFORM)
        inbox = Inbox(self._bot, self.chat, engine, archive, self._clock)
        # Not as a context: that would close the bot, which has yet to draw what is due.
        updater = Updater(self._bot, update_queue=inbox)
        await updater.initialize()
        await updater.start_polling(
            timeout=POLL_SECONDS,
            allowed_updates=ALLOWED_UPDATES,
            bootstrap_retries=-1,
            error_callback=_log_polling_error,
        )
        log.info("serving", platform=PLATFORM, bot=self._bot.username)
        try:
            yield
        finally:
            try:
                await updater.stop()
            finally:
                await inbox.close()

    async def _log_in(self) -> None:
        wait = 1.0
        while True:
            try:
                await self._bot.initialize()
            except TelegramError as error:
                problem = problem_of(error)
                if not problem.passes_by_itself:
                    raise ProblemError(problem) from None
                pause = max(wait, problem.retry_after or 0.0)
                log.warning("telegram_not_reached", detail=problem.detail, retry_in=pause)
                await self._clock.sleep(pause)
                wait = min(2 * wait, LONGEST_START_WAIT)
            else:
                return

    async def _introduce(self) -> None:
        """Tell Telegram the commands and descriptions, where it has others."""
        try:
            commands = tuple(wording.COMMANDS.items())
            known = await self._bot.get_my_commands()
            if tuple((command.command, command.description) for command in known) != commands:
                await self._bot.set_my_commands(commands)
            if (await self._bot.get_my_description()).description != wording.DESCRIPTION:
                await self._bot.set_my_description(wording.DESCRIPTION)
            short = await self._bot.get_my_short_description()
            if short.short_description != wording.SHORT_DESCRIPTION:
                await self._bot.set_my_short_description(wording.SHORT_DESCRIPTION)
        except TelegramError as error:
            log.warning("not_introduced", platform="telegram", detail=problem_of(error).detail)


@asynccontextmanager
async def open_telegram(
    *,
    token: str,
    api_url: str,
    file_url: str,
    transport: httpx.AsyncBaseTransport,
    clock: Clock,
) -> AsyncIterator[TelegramBot]:
    bot = _PersistentBot(
        token,
        base_url=api_url,
        base_file_url=file_url,
        request=HTTPXRequest(
            read_timeout=20, pool_timeout=20, httpx_kwargs={"transport": transport}
        ),
        get_updates_request=HTTPXRequest(
            read_timeout=POLL_SECONDS + 10, httpx_kwargs={"transport": transport}
        ),
    )
    async with httpx.AsyncClient(transport=transport, timeout=60) as downloads:
        try:
            yield TelegramBot(bot, TelegramChat(bot, downloads, clock), clock)
        finally:
            await bot.shutdown()


class _PersistentBot(Bot):
    async def get_updates(self, *args: Any, **kwargs: Any) -> tuple[Update, ...]:
        """A token that is refused once, and was taken before, may be taken again.

        The Updater would stop polling for good.
        """
        try:
            return await super().get_updates(*args, **kwargs)
        except InvalidToken as error:
            raise NetworkError("the token was refused") from error


def _log_polling_error(error: TelegramError) -> None:
    problem = problem_of(error)
    log.warning("telegram_polling", problem=problem.kind.value, detail=problem.detail)
