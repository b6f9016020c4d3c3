"""The Telegram bot: its connections, its introduction to Telegram, and the time that it serves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import structlog
from telegram import Bot
from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.ext import Updater
from telegram.request import HTTPXRequest

from adapters.telegram.chat import TelegramChat
from adapters.telegram.inbox import Inbox
from adapters.telegram.problems import problem_of, telegram_problems
from bot import wording
from bot.engine import Engine
from bot.ports import Clock, History
from bot.problems import ProblemError

ALLOWED_UPDATES = ["message", "callback_query"]
POLL_SECONDS = 30
LONGEST_START_WAIT = 60.0

log = structlog.get_logger()


class TelegramBot:
    """Its connections; the chat works as soon as it is open, updates come once it serves."""

    def __init__(self, bot: Bot, chat: TelegramChat, clock: Clock) -> None:
        self._bot = bot
        self.chat = chat
        self._clock = clock

    async def check(self) -> str:
        """One sentence for the operator; raises ProblemError."""
        with telegram_problems():
            me = await self._bot.get_me()
        return f"answers as @{me.username}"

    @asynccontextmanager
    async def serving(self, engine: Engine, history: History) -> AsyncIterator[None]:
        """Receive updates for as long as the context lasts; raises ProblemError for a bad token."""
        await self._log_in()
        await self._introduce()
        inbox = Inbox(self._bot, self.chat, engine, history, self._clock)
        async with Updater(self._bot, update_queue=inbox) as updater:
            await updater.start_polling(
                timeout=POLL_SECONDS,
                allowed_updates=ALLOWED_UPDATES,
                bootstrap_retries=-1,
                error_callback=_log_polling_error,
            )
            log.info("serving", platform="telegram", bot=self._bot.username)
            try:
                yield
            finally:
                await updater.stop()
                await inbox.close()

    async def _log_in(self) -> None:
        wait = 1.0
        while True:
            try:
                await self._bot.initialize()
            except (NetworkError, InvalidToken) as error:
                problem = problem_of(error)
                if not problem.passes_by_itself:
                    raise ProblemError(problem) from None
                log.warning("telegram_not_reached", detail=problem.detail, retry_in=wait)
                await self._clock.sleep(wait)
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
    bot = Bot(
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


def _log_polling_error(error: TelegramError) -> None:
    problem = problem_of(error)
    log.warning("telegram_polling", problem=problem.kind.value, detail=problem.detail)
