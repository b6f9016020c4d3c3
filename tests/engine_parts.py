"""An engine over in-memory ports, and a clock that moves only when a test moves it."""

import asyncio
from dataclasses import dataclass, field

from bot.brief import Brief, Focus
from bot.coaching import Plan, Point, Review, Reviewer, Score, Sound, Summary
from bot.engine import Engine
from bot.performing import Deadlines, Performer
from bot.ports import Answer, Closing, Coach, Ear, Interviews, Sounds, Written
from bot.problems import Problem, ProblemError
from bot.questions import Question, QuestionKind
from tests.contract.chat_in_memory import ChatInMemory
from tests.contract.ear_in_memory import EarInMemory
from tests.contract.interviews_in_memory import InterviewsInMemory

HERE = "example:1"
SOUND = Sound(seconds=9.0, speaking=8.0, start_delay=0.3, pauses=(), clipped=0.0)
SPEECH = b"I found the slow query and then I halved its time"


class HandClock:
    """Time stands still until `move`; `sleeping` is how many wait for it."""

    def __init__(self) -> None:
        self._now = 1_000_000.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []
        self._slept = asyncio.Condition()

    def now(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._now + seconds, woken))
        async with self._slept:
            self._slept.notify_all()
        await woken

    async def wait_for_sleeper(self, seconds: float) -> None:
        """Until somebody sleeps for `seconds` or more."""
        async with self._slept:
            await self._slept.wait_for(
                lambda: any(
                    until >= self._now + seconds
                    for until, woken in self._sleepers
                    if not woken.done()
                )
            )

    def move(self, seconds: float) -> None:
        self._now += seconds
        for until, woken in self._sleepers:
            if until <= self._now and not woken.done():
                woken.set_result(None)


class PlainSounds:
    async def listen(self, data: bytes) -> Sound:
        return SOUND


class PlainCoach:
    """Praises the first words; the next calls raise the `problems`; `free` lets it think.

    It never asks again what it is told was `asked`.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.asked: list[tuple[str, ...]] = []
        self.reviewed: list[str] = []
        self.free = asyncio.Event()
        self.free.set()

    async def write_questions(
        self, brief: Brief, session: str, asked: tuple[str, ...] = ()
    ) -> Written:
        self.asked.append(asked)
        await self._think()
        questions = (
            Question(f"asked-{n}", f"{brief.role} {n}?", QuestionKind.TECHNICAL)
            for n in range(len(asked), len(asked) + brief.count)
        )
        return Written(tuple(questions), Focus())

    async def review(self, brief: Brief, focus: Focus, answer: Answer) -> Review:
        self.reviewed.append(answer.text)
        await self._think()
        return self._judged(answer)

    async def summarise(self, brief: Brief, focus: Focus, answers: tuple[Answer, ...]) -> Summary:
        await self._think()
        return self._summed(answers)

    async def review_all(self, brief: Brief, focus: Focus, answers: tuple[Answer, ...]) -> Closing:
        self.reviewed.extend(answer.text for answer in answers)
        await self._think()
        return Closing(tuple(map(self._judged, answers)), self._summed(answers))

    async def check(self) -> str:
        return "plain"

    def _judged(self, answer: Answer) -> Review:
        quote = " ".join(answer.text.split()[:3])
        return Review(
            Reviewer.COACH, scores=(Score("content", 4),), strength=Point("Concrete.", quote)
        )

    def _summed(self, answers: tuple[Answer, ...]) -> Summary:
        return Summary(Reviewer.COACH, headline=f"{len(answers)} answers.")

    async def _think(self) -> None:
        await self.free.wait()
        if self.problems:
            raise ProblemError(self.problems.pop(0))


class PlainDocuments:
    async def read(self, data: bytes, name: str) -> str:
        return data.decode()


@dataclass
class Parts:
    interviews: Interviews = field(default_factory=InterviewsInMemory)
    chat: ChatInMemory = field(default_factory=ChatInMemory)
    ear: Ear = field(default_factory=EarInMemory)
    coach: Coach = field(default_factory=PlainCoach)
    sounds: Sounds = field(default_factory=PlainSounds)
    clock: HandClock = field(default_factory=HandClock)
    plan: Plan = Plan.FULL
    deadlines: Deadlines = field(default_factory=Deadlines)

    def engine(self) -> Engine:
        """Another engine over the same parts is what a restart is."""
        chats = {"example": self.chat}
        performer = Performer(
            chats=chats,
            ear=self.ear,
            coach=self.coach,
            sounds=self.sounds,
            documents=PlainDocuments(),
            history=self.interviews,
            clock=self.clock,
            plan=self.plan,
            deadlines=self.deadlines,
        )
        return Engine(
            interviews=self.interviews, chats=chats, performer=performer, clock=self.clock
        )
