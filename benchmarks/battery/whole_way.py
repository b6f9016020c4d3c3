"""One answer and one reply on the whole way: from what is sent to what the candidate sees.

Nothing of ours is replaced: engine, SQLite file, coach and Google's SDK are those of the program.
The vendor is on loopback, the transcriber gives what is written down, and no time passes.
"""

import json
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from typing import Any

from adapters.gemini.coach import GeminiCoach
from adapters.gemini.google_genai import GoogleGenai
from adapters.http import open_http
from adapters.telegram.address import Address, read_address
from adapters.telegram.render import Audience, render
from benchmarks.battery.cases import Case
from benchmarks.battery.replies import HELD_UP, REVIEWED, Reply
from bot import wording
from bot.brief import Brief
from bot.coaching import Point, Reviewer, Score, Sound, Transcript
from bot.engine import Engine
from bot.events import (
    ControlPressed,
    InterviewRequested,
    Move,
    TextSent,
    VoiceNote,
    VoiceSent,
)
from bot.interview import Panel
from bot.performing import Performer
from bot.ports import Job
from bot.questions import DELIVERY
from bot.screens import (
    FeedbackScreen,
    QuestionScreen,
    Screen,
    StoppedScreen,
    StuckScreen,
    SummaryScreen,
    UnscoredScreen,
)
from bot.step import Refused
from storage.sqlite import SqliteInterviews
from tests.contract.chat_in_memory import ChatInMemory
from tests.emulators.gemini import GeminiEmulator
from tests.emulators.server import Refused as VendorRefused
from tests.emulators.server import Request
from tests.engine_parts import HandClock

MODEL = "gemini-3.8-flash"
MEASURED = "measured"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a candidate is shown. `outcome`: `reviewed`, or why there is no score.

    `cards` is the text of all cards, as Telegram shows them with every panel opened; `told` is the
    same without the candidate's own words. `quote` shows what is off topic.
    """

    outcome: str
    cards: str
    told: str
    scores: tuple[Score, ...] = ()
    strength: Point | None = None
    fix: Point | None = None
    better: str = ""
    follow_up: str = ""
    quote: str = ""
    headline: str = ""
    changes: tuple[Point, ...] = ()

    @property
    def points(self) -> tuple[Point, ...]:
        """Everything that is shown with words of the answer."""
        off_topic = Point(self.outcome, self.quote) if self.quote else None
        found = (self.strength, self.fix, off_topic, *self.changes)
        return tuple(point for point in found if point is not None and point.quote)

    @property
    def judged(self) -> tuple[Score, ...]:
        """The scores that the model has given; how it was spoken is scored by measures."""
        return tuple(score for score in self.scores if score.dimension != DELIVERY)

    def shows(self, part: str) -> bool:
        return bool(getattr(self, part))


class WholeWay:
    def __init__(
        self, engine: Engine, chat: ChatInMemory, vendor: GeminiEmulator, ear: "_WrittenDown"
    ) -> None:
        self._engine = engine
        self._chat = chat
        self._vendor = vendor
        self._ear = ear
        self._numbers = count(1)

    async def go(self, case: Case, reply: Reply) -> Seen:
        """What `case` comes to when the model replies with `reply`, up to the summary if scored."""
        number = next(self._numbers)
        where = Address(number, number).conversation
        self._vendor.reply = lambda body: _replied(body, case, reply)
        self._ear.case = case
        brief = Brief(role=case.role, company=case.company, count=1)
        await self._engine.accept(
            where, InterviewRequested(at=1.0, session=f"s{number}", person=where, brief=brief)
        )
        await self._next(where, QuestionScreen)
        accepted = await self._engine.accept(where, self._sent(case))
        if isinstance(accepted, Refused):
            said = wording.refusal(accepted.reason) or ""
            return Seen(accepted.reason.value, said, said)
        screens = [await self._next(where, FeedbackScreen, UnscoredScreen, StuckScreen)]
        if isinstance(screens[-1], StuckScreen):
            screens.append(await self._press(where, screens[-1], Move.PASS, FeedbackScreen))
        if isinstance(screens[-1], UnscoredScreen):
            return _seen(screens, where)
        screens.append(
            await self._press(where, screens[-1], Move.NEXT, QuestionScreen, SummaryScreen)
        )
        if isinstance(screens[-1], QuestionScreen):
            screens.append(await self._press(where, screens[-1], Move.PASS, SummaryScreen))
        return _seen(screens, where)

    def _sent(self, case: Case) -> TextSent | VoiceSent:
        if case.spoken is None:
            return TextSent(at=2.0, text=case.text)
        self._chat.files[case.id] = b"recording"
        return VoiceSent(at=2.0, note=VoiceNote(case.id))

    async def _press(self, where: str, screen: Screen, move: Move, *kinds: type[Screen]) -> Screen:
        controls = () if isinstance(screen, StoppedScreen) else screen.controls
        control = next(control for control in controls if control.move is move)
        await self._engine.accept(where, ControlPressed(at=3.0, control=control))
        return await self._next(where, *kinds)

    async def _next(self, where: str, *kinds: type[Screen]) -> Screen:
        return await self._chat.wait_for(where, lambda screen: isinstance(screen, kinds))


@asynccontextmanager
async def open_whole_way(folder: Path) -> AsyncIterator[WholeWay]:
    """A program without a platform, whose file is in `folder`."""
    async with _Vendor() as vendor, open_http() as http:
        ask = GoogleGenai(vendor.api_key, MODEL, http.session, base_url=vendor.url)
        interviews = await SqliteInterviews.open(folder / "battery.db")
        chat, clock, ear = ChatInMemory(), HandClock(), _WrittenDown()
        performer = Performer(
            chats={"telegram": chat},
            ear=ear,
            coach=GeminiCoach(ask),
            sounds=ear,
            documents=ear,
            history=interviews,
            clock=clock,
        )
        engine = Engine(
            interviews=interviews, chats={"telegram": chat}, performer=performer, clock=clock
        )
        try:
            yield WholeWay(engine, chat, vendor, ear)
            vendor.assert_valid()
        finally:
            await engine.close()
            await interviews.close()


class _Vendor(GeminiEmulator):
    """Checks requests that differ in their material alone once: they are thousands."""

    def __init__(self) -> None:
        super().__init__()
        self._checked: set[str] = set()

    def _check(self, request: Request) -> Iterable[VendorRefused]:
        form = json.dumps({**request.body, "contents": len(request.body["contents"])})
        if form not in self._checked:
            self._checked.add(form)
            yield from super()._check(request)


class _WrittenDown:
    """An Ear and Sounds that hear what is written down of `case`, and Documents without any."""

    case: Case

    async def listen(self, data: bytes) -> Sound:
        return self.case.sound()

    async def start(self, data: bytes) -> Transcript:
        return self.case.transcript()

    async def finish(self, job: Job) -> Transcript:
        return self.case.transcript()

    async def forget(self, job: Job) -> None:
        """Nothing was given away."""

    async def check(self) -> str:
        return "what is written down"

    async def read(self, data: bytes, name: str) -> str:
        return data.decode()


def _replied(body: dict[str, Any], case: Case, reply: Reply) -> str:
    asks = body["generationConfig"]["responseSchema"]["properties"]
    if "questions" not in asks:
        if reply.again is not None and body["generationConfig"].get("seed", 0) > 0:
            return reply.again
        return reply.review if "scores" in asks else reply.summary
    question = {
        "text": case.question.text,
        "kind": case.question.kind,
        "looks_for": case.question.looks_for,
    }
    return json.dumps({"skills": [], "themes": [], "questions": [question]})


def _seen(screens: list[Screen], where: str) -> Seen:
    cards = "\n\n".join(card for screen in screens for card in _cards(screen, where))
    own = "\n\n".join(card for screen in screens for card in _cards(_without_own(screen), where))
    seen = Seen("", cards, own)
    for screen in screens:
        match screen:
            case StuckScreen():
                seen = replace(seen, outcome=HELD_UP)
            case UnscoredScreen(why=why, quote=quote):
                seen = replace(seen, outcome=why.value, quote=quote)
            case FeedbackScreen(review=review):
                judged = REVIEWED if review.by is Reviewer.COACH else MEASURED
                seen = replace(
                    seen,
                    outcome=seen.outcome or judged,
                    scores=review.scores,
                    strength=review.strength,
                    fix=review.fix,
                    better=review.better,
                )
            case QuestionScreen(question=question):
                seen = replace(seen, follow_up=question.text)
            case SummaryScreen(summary=summary):
                seen = replace(seen, headline=summary.headline, changes=summary.changes)
            case _:
                pass
    return seen


def _cards(screen: Screen, where: str) -> Iterator[str]:
    """The card's text as Telegram shows it, and again with each panel opened."""
    panels = [None, *Panel] if isinstance(screen, FeedbackScreen) else [None]
    for panel in panels:
        opened = replace(screen, opened=panel) if isinstance(screen, FeedbackScreen) else screen
        yield _text_of(render(opened, Audience(read_address(where), "PersonaBot"), now=4.0).html)


def _without_own(screen: Screen) -> Screen:
    """The screen without the candidate's words."""
    match screen:
        case FeedbackScreen(review=review):
            points = (_unquoted(review.strength), _unquoted(review.fix))
            return replace(
                screen, text="", review=replace(review, strength=points[0], fix=points[1])
            )
        case UnscoredScreen():
            return replace(screen, text="", quote="")
        case StuckScreen():
            return replace(screen, text="")
        case SummaryScreen(summary=summary):
            changes = tuple(replace(change, quote="") for change in summary.changes)
            sheet = replace(screen.sheet, changes=changes)
            return replace(screen, summary=replace(summary, changes=changes), sheet=sheet)
        case _:
            return screen


def _unquoted(point: Point | None) -> Point | None:
    return None if point is None else replace(point, quote="")


def _text_of(html: str) -> str:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.read)


class _Reader(HTMLParser):
    """Keeps what is between the tags."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []

    def handle_data(self, data: str) -> None:
        self.read.append(data)
