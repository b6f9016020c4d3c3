"""A terminal at which time goes by, and one that cannot write; the engine and the desk are real."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from rich.console import Console

from adapters.console.chat import ConsoleChat
from adapters.console.desk import Desk
from adapters.console.terminal import Terminal
from adapters.exports import FileExports
from adapters.pictures import PngPictures
from bot.archive import Archive
from bot.engine import Engine
from bot.performing import Performer
from tests.contract.ear_in_memory import EarInMemory
from tests.contract.interviews_in_memory import InterviewsInMemory
from tests.engine_parts import HandClock, PlainCoach, PlainDocuments, PlainSounds

ANSWER = "I found the slow query and then I halved its time last year"


class TypedLines:
    """Lines are typed when they are waited for; `prompt` is what stands before them then."""

    def __init__(self) -> None:
        self._typed: asyncio.Queue[str | None] = asyncio.Queue()
        self._waiting = asyncio.Event()
        self._prompt: Callable[[], str] = str

    async def read(self, prompt: Callable[[], str], /) -> str | None:
        self._prompt = prompt
        self._waiting.set()
        return await self._typed.get()

    async def type(self, line: str | None) -> None:
        await self._waiting.wait()
        self._waiting.clear()
        self._typed.put_nowait(line)

    async def prompt(self) -> str:
        await self._waiting.wait()
        return self._prompt()


class Sitting:
    """Somebody at a terminal whose data folder is `folder`."""

    def __init__(self, folder: Path) -> None:
        self.clock = HandClock()
        self.lines = TypedLines()
        self._out = io.StringIO()
        console = Console(file=self._out, width=100, highlight=False)
        self.chat = ConsoleChat(console, self.clock)
        interviews = InterviewsInMemory()
        chats = {"console": self.chat}
        performer = Performer(
            chats=chats,
            ear=EarInMemory(),
            coach=PlainCoach(),
            sounds=PlainSounds(),
            documents=PlainDocuments(),
            history=interviews,
            clock=self.clock,
        )
        self.engine = Engine(
            interviews=interviews, chats=chats, performer=performer, clock=self.clock
        )
        archive = Archive(
            history=interviews,
            links=interviews,
            exports=FileExports(),
            pictures=PngPictures(),
            clock=self.clock,
        )
        self.terminal = Terminal(
            engine=self.engine,
            chat=self.chat,
            desk=Desk(archive, console, folder),
            lines=self.lines,
            console=console,
            clock=self.clock,
            kept_in="here",
        )

    @property
    def printed(self) -> str:
        return self._out.getvalue()

    async def wait(self, seconds: float) -> None:
        """Let time go by, over the end of a stage of the question."""
        drawn = self.chat.drawn
        await self.clock.wait_for_sleeper(seconds)
        self.clock.move(seconds)
        await self.chat.awaiting_person(drawn)


@pytest.fixture
async def sitting(tmp_path: Path) -> AsyncIterator[Sitting]:
    there = Sitting(tmp_path / "data")
    running = asyncio.create_task(there.terminal.run(None))
    yield there
    await there.lines.type(None)
    await running
    await there.engine.close()


async def test_the_clock_of_a_question_runs_while_somebody_types(sitting: Sitting) -> None:
    lines = sitting.lines
    await lines.type("/interview Nurse, real, 3 questions")
    assert await lines.prompt() == "› "
    await lines.type("")
    assert await lines.prompt() == "0:30 › "

    await sitting.wait(30)
    assert "Answer now: 2:00, one try." in sitting.printed
    assert await lines.prompt() == "2:00 › "
    sitting.clock.move(50)
    assert await lines.prompt() == "1:10 › "

    await sitting.wait(70)
    assert "The time is over. Send what you have, or skip the question." in sitting.printed
    sitting.clock.move(5)
    assert await lines.prompt() == "+0:05 › "
    assert sitting.printed.count("Question 1 of 3") == 1

    await lines.type(ANSWER)
    assert await lines.prompt() == "0:30 › "
    assert "Question 2 of 3" in sitting.printed


async def test_where_nothing_can_be_written_it_is_said_and_the_interview_goes_on(
    sitting: Sitting,
) -> None:
    lines = sitting.lines
    await lines.type("/interview Nurse, 3 questions")
    await lines.type(ANSWER)
    for command in ("/save", "/picture", "/progress"):
        await lines.type(command)
    await lines.prompt()
    assert sitting.printed.count("I could not write to") == 3
    assert "No such file or directory." in " ".join(sitting.printed.split())
    await lines.type("next")
    await lines.prompt()
    assert "Question 2 of 3" in sitting.printed
