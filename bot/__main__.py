"""The only place that knows every part: `python -m bot`, `... check`, `... diagram`.

A vendor's SDK takes up to 0.8 s to import, so only those that are set up are imported.
"""

import argparse
import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import structlog
from rich.console import Console

from adapters.audio import LocalSounds, decode
from adapters.console.chat import ConsoleChat
from adapters.console.desk import Desk
from adapters.console.inbound import CONVERSATION
from adapters.console.lines import PipedLines, PromptedLines
from adapters.console.terminal import Terminal
from adapters.documents import LocalDocuments
from adapters.exports import FileExports
from adapters.http import Http, open_http
from adapters.pictures import PngPictures
from adapters.retrying import Retrying
from bot import wording
from bot.archive import Archive
from bot.builtin import BuiltInCoach, NoEar
from bot.checking import Check, log_checks, print_checks
from bot.clock import SystemClock
from bot.coaching import Plan
from bot.config import ConfigError, GeminiSdk, LogLevel, Settings, load_settings
from bot.diagram import draw_diagram
from bot.engine import Engine
from bot.logs import log_to
from bot.performing import Performer
from bot.ports import Chat, Coach, Ear, Interviews
from bot.problems import Problem, ProblemError, ProblemKind
from bot.work import is_unfinished
from storage.errors import InUseError, StorageError
from storage.sqlite import SqliteInterviews

if TYPE_CHECKING:
    from adapters.discord.service import DiscordBot
    from adapters.telegram.service import TelegramBot

# Longer waits are the interview's own: the candidate sees them, and can go on without.
QUICKLY = Retrying(deadline=10.0)

log = structlog.get_logger()


class ServedChat(Protocol):
    """A platform's bot."""

    @property
    def chat(self) -> Chat: ...

    async def check(self) -> str: ...

    async def serve(self, engine: Engine, interviews: Interviews, archive: Archive) -> None:
        """Until it is cancelled; raises ProblemError where it cannot."""
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What stands between the engine and the world, by the settings."""

    ear: Ear
    coach: Coach
    plan: Plan
    telegram: "TelegramBot | None"
    discord: "DiscordBot | None"

    @property
    def chats(self) -> "dict[str, ServedChat]":
        served = {"telegram": self.telegram, "discord": self.discord}
        return {name: chat for name, chat in served.items() if chat is not None}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot", description=wording.SHORT_DESCRIPTION)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("run", help="serve every chat whose token is set, or interview here")
    commands.add_parser("check", help="tell what is set up, and whether each vendor answers")
    commands.add_parser("diagram", help="print the interview's state diagram (Mermaid)")
    command = parser.parse_args().command or "run"
    if command == "diagram":
        print(draw_diagram())  # noqa: T201 - what was asked for
        return
    try:
        settings = load_settings()
        run = _check if command == "check" else _run
        sys.exit(asyncio.run(run(settings)))
    except (ConfigError, StorageError, ProblemError) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


async def _run(settings: Settings) -> int:
    terminal_only = settings.telegram_token is None and settings.discord_token is None
    target = settings.data_dir / "personaai.log" if terminal_only else None
    log_to(target, settings.log_level, settings.log_format)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        interviews = await SqliteInterviews.open(settings.database_path)
        stack.push_async_callback(interviews.close)
        parts = await stack.enter_async_context(_open_parts(settings))
        serve = (
            _interview_here(settings, parts, interviews)
            if not parts.chats
            else _serve_chats(parts, interviews)
        )
        serving = asyncio.create_task(serve)
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        serving.cancel()
        try:
            await serving
        except asyncio.CancelledError:
            log.info("stopped")
        except ProblemError as error:
            log.error("stopped", problem=error.problem.kind.value, detail=error.problem.detail)
            return 1
    return 0


async def _serve_chats(parts: Parts, interviews: SqliteInterviews) -> None:
    """Serve every chat; one that cannot be served takes none of the others down."""
    bots = parts.chats
    engine = _engine(parts, interviews, {name: bot.chat for name, bot in bots.items()})
    archive = _archive(interviews)
    checking = asyncio.create_task(log_checks(_vendor_checks(parts)))
    serving = [
        asyncio.create_task(_serve(name, bot, engine, interviews, archive))
        for name, bot in bots.items()
    ]
    try:
        if not any(await asyncio.gather(*serving)):
            nothing = Problem(ProblemKind.MISCONFIGURED, detail="no chat can be served")
            raise ProblemError(nothing)
    finally:
        for task in (checking, *serving):
            task.cancel()
        await asyncio.gather(checking, *serving, return_exceptions=True)
        await engine.close()


async def _serve(
    name: str,
    bot: "ServedChat",
    engine: Engine,
    interviews: SqliteInterviews,
    archive: Archive,
) -> bool:
    """Whether it served at all."""
    try:
        await bot.serve(engine, interviews, archive)
    except ProblemError as error:
        log.error(
            "cannot_serve",
            platform=name,
            problem=error.problem.kind.value,
            detail=error.problem.detail,
        )
        return False
    except Exception:  # a defect of one platform's must not end the others
        log.exception("serving_broke", platform=name)
        return False
    return True


async def _interview_here(settings: Settings, parts: Parts, interviews: SqliteInterviews) -> None:
    console = Console(highlight=False)
    chat = ConsoleChat(console, SystemClock())
    engine = _engine(parts, interviews, {"console": chat})
    terminal = Terminal(
        engine=engine,
        chat=chat,
        desk=Desk(_archive(interviews), console, settings.data_dir),
        lines=PromptedLines() if sys.stdin.isatty() else PipedLines(),
        console=console,
        clock=SystemClock(),
        kept_in=str(settings.database_path),
    )
    last = await interviews.load(CONVERSATION)
    try:
        await terminal.run(last if last is not None and is_unfinished(last) else None)
    finally:
        await engine.close()


def _archive(interviews: SqliteInterviews) -> Archive:
    return Archive(
        history=interviews,
        links=interviews,
        exports=FileExports(),
        pictures=PngPictures(),
        clock=SystemClock(),
    )


def _engine(parts: Parts, interviews: SqliteInterviews, chats: dict[str, Chat]) -> Engine:
    clock = SystemClock()
    performer = Performer(
        chats=chats,
        ear=parts.ear,
        coach=parts.coach,
        sounds=LocalSounds(),
        documents=LocalDocuments(),
        history=interviews,
        clock=clock,
        plan=parts.plan,
    )
    return Engine(interviews=interviews, chats=chats, performer=performer, clock=clock)


@asynccontextmanager
async def _open_parts(settings: Settings) -> AsyncIterator[Parts]:
    async with open_http() as http, AsyncExitStack() as stack:
        telegram = None
        if settings.telegram_token is not None:
            from adapters.telegram.service import open_telegram

            telegram = await stack.enter_async_context(
                open_telegram(
                    token=settings.telegram_token.get_secret_value(),
                    api_url=settings.telegram_api_url,
                    file_url=settings.telegram_file_url,
                    transport=http.transport(),
                    clock=SystemClock(),
                )
            )
        discord = None
        if settings.discord_token is not None:
            from adapters.discord.service import DiscordBot, use_addresses

            use_addresses(settings.discord_api_url, settings.discord_gateway_url)
            discord = DiscordBot(
                settings.discord_token.get_secret_value(),
                http.session,
                SystemClock(),
                message_content=settings.discord_message_content,
            )
        yield Parts(
            _ear(settings, http),
            _coach(settings, http),
            _plan(settings),
            telegram,
            discord,
        )


def _ear(settings: Settings, http: Http) -> Ear:
    if settings.assemblyai_api_key is not None:
        from adapters.assemblyai import AssemblyAIEar

        return AssemblyAIEar(
            settings.assemblyai_api_key.get_secret_value(),
            http.transport(),
            base_url=settings.assemblyai_base_url,
            models=settings.assemblyai_models,
            delete_copies=settings.assemblyai_delete,
            retrying=QUICKLY,
        )
    if settings.whisper_model is not None:
        from adapters.whisper import WhisperEar

        return WhisperEar(settings.whisper_model, decode)
    return NoEar()


def _plan(settings: Settings) -> Plan:
    """Without a coach there is nothing to save."""
    return settings.gemini_plan if settings.gemini_api_key is not None else Plan.FULL


def _coach(settings: Settings, http: Http) -> Coach:
    if settings.gemini_api_key is None:
        return BuiltInCoach()
    from adapters.gemini.coach import GeminiCoach

    key = settings.gemini_api_key.get_secret_value()
    if settings.gemini_sdk is GeminiSdk.GOOGLE_GENERATIVEAI:
        from adapters.gemini.google_generativeai import GoogleGenerativeai

        return GeminiCoach(
            GoogleGenerativeai(
                key, settings.gemini_model, base_url=settings.gemini_base_url, retrying=QUICKLY
            )
        )
    from adapters.gemini.google_genai import GoogleGenai

    return GeminiCoach(
        GoogleGenai(
            key,
            settings.gemini_model,
            http.session,
            base_url=settings.gemini_base_url,
            retrying=QUICKLY,
        )
    )


def _vendor_checks(parts: Parts) -> tuple[Check, ...]:
    ear_key, coach_key = "ASSEMBLYAI_API_KEY, or WHISPER_MODEL", "GEMINI_API_KEY and GEMINI_MODEL"
    return (
        Check("transcriber", parts.ear.check, ear_key, "ASSEMBLYAI_BASE_URL"),
        Check("interviewer", parts.coach.check, coach_key, "GEMINI_BASE_URL"),
    )


def _chat_checks(parts: Parts) -> tuple[Check, ...]:
    return tuple(
        Check(name, bot.check, f"{name.upper()}_TOKEN", f"{name.upper()}_API_URL")
        for name, bot in parts.chats.items()
    )


async def _check(settings: Settings) -> int:
    """Say what is set up and whether it answers; 1 where something that is set up does not."""
    log_to(None, LogLevel.ERROR, settings.log_format)
    console = Console(highlight=False, soft_wrap=True)
    try:
        await (await SqliteInterviews.open(settings.database_path)).close()
        console.print(f"storage      kept in {settings.database_path}", markup=False)
    except InUseError:
        used = f"kept in {settings.database_path}, in use by a process that runs"
        console.print(f"storage      {used}", markup=False)
    async with _open_parts(settings) as parts:
        well = await print_checks((*_chat_checks(parts), *_vendor_checks(parts)), console)
        if parts.telegram is None:
            console.print("telegram     not set up: set TELEGRAM_TOKEN (a token from @BotFather)")
        if parts.discord is None:
            console.print("discord      not set up: set DISCORD_TOKEN (from the developer portal)")
        if not parts.chats:
            console.print("No chat is set up, so `python -m bot` interviews in this terminal.")
    return 0 if well else 1


if __name__ == "__main__":
    main()
