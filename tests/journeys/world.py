"""The program as its users meet it: a process, and loopback vendors that it talks to."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from tests.emulators.assemblyai import AssemblyAIEmulator
from tests.emulators.discord import DiscordEmulator
from tests.emulators.gemini import GeminiEmulator
from tests.emulators.telegram import TelegramEmulator
from tests.emulators.telegram_chat import Chat, Message
from tests.recordings import ogg_opus, speech_like

REPOSITORY = Path(__file__).parents[2]
PATIENCE = 20.0  # seconds that a journey waits for what must come
SPEECH = (
    "So, um, in my last job the nightly load kept failing because the source changed its columns. "
    "I wrote a check that compared the columns before the load, and the failures went from "
    "12 a month to 1."
)


class Program:
    """`python -m bot` as a child process, whose environment holds nothing but what it is given."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONUNBUFFERED": "1",
            "DATA_DIR": str(folder / "data"),
            **environment,
        }
        self._process: asyncio.subprocess.Process | None = None
        self.log = folder / "program.log"

    def set(self, name: str, value: str) -> None:
        """For the starts that follow."""
        self._environment[name] = value

    async def start(self, *arguments: str) -> None:
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                *arguments,
                cwd=self._folder,
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def stop(self) -> int:
        """As a host does it; its exit code."""
        return await self._end(signal.SIGTERM)

    async def kill(self) -> None:
        await self._end(signal.SIGKILL)

    async def run(self, *arguments: str, lines: str = "") -> tuple[int, str]:
        """From start to end: the exit code, and all that was printed."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            cwd=self._folder,
            env=self._environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        printed, _ = await asyncio.wait_for(process.communicate(lines.encode()), 2 * PATIENCE)
        return process.returncode or 0, printed.decode()

    async def close(self) -> None:
        if self._process is not None and self._process.returncode is None:
            await self._end(signal.SIGKILL)

    async def _end(self, number: signal.Signals) -> int:
        assert self._process is not None
        self._process.send_signal(number)
        return await asyncio.wait_for(self._process.wait(), PATIENCE)


class World:
    """A program with a Telegram, a Discord, an AssemblyAI and a Gemini to itself."""

    def __init__(
        self,
        folder: Path,
        telegram: TelegramEmulator,
        discord: DiscordEmulator,
        assemblyai: AssemblyAIEmulator,
        gemini: GeminiEmulator,
        platforms: tuple[str, ...],
    ) -> None:
        self.telegram = telegram
        self.discord = discord
        self.assemblyai = assemblyai
        self.gemini = gemini
        gemini.reply = interviewer
        assemblyai.speech = lambda _: SPEECH
        tokens = {"telegram": telegram.token, "discord": discord.token}
        self.program = Program(
            folder,
            {
                **{f"{name.upper()}_TOKEN": tokens[name] for name in platforms},
                "DISCORD_API_URL": discord.api_url,
                "DISCORD_GATEWAY_URL": discord.gateway_url,
                "TELEGRAM_API_URL": telegram.base_url,
                "TELEGRAM_FILE_URL": telegram.base_file_url,
                "ASSEMBLYAI_API_KEY": assemblyai.api_key,
                "ASSEMBLYAI_BASE_URL": assemblyai.url,
                "GEMINI_API_KEY": gemini.api_key,
                "GEMINI_BASE_URL": gemini.url,
                "LOG_FORMAT": "json",
            },
        )

    def assert_valid(self) -> None:
        """Every request so far was one that the vendor's published description allows."""
        for emulator in (self.telegram, self.discord, self.assemblyai, self.gemini):
            emulator.assert_valid()


@asynccontextmanager
async def open_world(
    folder: Path, platforms: tuple[str, ...] = ("telegram",)
) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        world = World(
            folder,
            await stack.enter_async_context(TelegramEmulator()),
            await stack.enter_async_context(DiscordEmulator()),
            await stack.enter_async_context(AssemblyAIEmulator()),
            await stack.enter_async_context(GeminiEmulator()),
            platforms,
        )
        stack.push_async_callback(world.program.close)
        yield world


async def card(chat: Chat, *wanted: str, patience: float = PATIENCE) -> Message:
    """The first card from the bot that shows all of `wanted`."""

    def shown(chat: Chat) -> Message:
        return [m for m in chat.cards if all(text in m.text for text in wanted)][-1]

    return await chat.wait_for(shown, timeout=patience)


def voice_note() -> bytes:
    """Twelve seconds that sound like speech, as Telegram records them."""
    return ogg_opus(speech_like(12))


def interviewer(body: dict[str, Any]) -> dict[str, Any]:
    """A model that does as it is told: questions for the role, and points with true quotes."""
    asks = body["generationConfig"]["responseSchema"]["properties"]
    material = json.loads(body["contents"][0]["parts"][0]["text"])
    if "questions" in asks:
        return {
            "skills": [],
            "themes": [],
            "questions": [
                {
                    "text": f"What did you do as a {material['role']}, part {number}?",
                    "kind": kind,
                    "looks_for": ["a result"],
                }
                for number, kind in enumerate(material["kinds"], start=len(material["asked"]) + 1)
            ],
        }
    if "headline" not in asks:
        return _judged(material["answer"])
    answers = material["answers"]
    first, last = answers[0]["answer"].split(), answers[-1]["answer"].split()
    closing = {
        "headline": f"You gave {len(answers)} answers with real events in them.",
        "changes": [
            {"text": "Name the result first.", "quote": " ".join(first[-6:])},
            {"text": "Say what you did yourself.", "quote": " ".join(last[:6])},
        ],
    }
    if "reviews" in asks:
        closing["reviews"] = [
            {"number": answer["number"], **_judged(answer["answer"])} for answer in answers
        ]
    return closing


def _judged(answer: str) -> dict[str, Any]:
    words = answer.split()
    return {
        "star": {"situation": True, "task": False, "action": True, "result": True},
        "off_topic": {"text": "", "quote": ""},
        "on_topic": True,
        "strength": {"text": "You name a real event.", "quote": " ".join(words[2:8])},
        "fix": {"text": "Say why it mattered.", "quote": " ".join(words[-6:])},
        "follow_up": "",
        "scores": {"content": 4, "structure": 3, "evidence": 4, "relevance": 5},
        "better": "The nightly load kept failing, so I wrote a check for [how many] tables.",
    }
