"""One person in a terminal: offer to go on, then a line at a time until the person leaves."""

import secrets

from rich.console import Console
from rich.text import Text

from adapters.console.chat import ConsoleChat
from adapters.console.desk import Desk
from adapters.console.inbound import (
    CONVERSATION,
    PERSON,
    PLATFORM,
    Complaint,
    GoOn,
    Leave,
    Practise,
    Request,
    read_line,
    read_offer,
)
from adapters.console.lines import Lines
from adapters.console.render import PROMPT, prompt
from bot import wording
from bot.brief import Brief, clean_text
from bot.engine import Engine
from bot.events import Event, InterviewRequested, StopRequested
from bot.interview import Asking, Interview, number_of
from bot.ports import Clock
from bot.screens import StoppedScreen, SummaryScreen
from bot.step import Refused

ECHO_LIMIT = 8_000
HINT = "/help · /history · /progress · /cancel · Ctrl-C leaves, and you can go on later"


class Terminal:
    def __init__(
        self,
        *,
        engine: Engine,
        chat: ConsoleChat,
        desk: Desk,
        lines: Lines,
        console: Console,
        clock: Clock,
        kept_in: str,
    ) -> None:
        self._engine = engine
        self._chat = chat
        self._desk = desk
        self._lines = lines
        self._console = console
        self._clock = clock
        self._kept_in = kept_in

    async def run(self, unfinished: Interview | None) -> None:
        """Play interviews until the person leaves."""
        self._console.print(
            Text.assemble((wording.NAME, "bold"), f" · {wording.SHORT_DESCRIPTION}")
        )
        self._console.print(Text(HINT, style="dim"))
        drawn = await self._begin(unfinished)
        while drawn is not None:
            await self._chat.awaiting_person(drawn)
            drawn = await self._converse()
        self._say_goodbye()

    async def _begin(self, unfinished: Interview | None) -> int | None:
        """How many screens are drawn before the first that counts; None if the person left."""
        if unfinished is None:
            await self._engine.accept(CONVERSATION, self._request(None))
            return 0
        self._console.print(Text(_offer(unfinished), style="bold"))
        while (text := await self._read()) is not None:
            read = read_offer(text, self._clock.now(), _new_session())
            match read:
                case Leave():
                    return None
                case GoOn():
                    await self._engine.show_again(CONVERSATION)
                    await self._engine.resume(PLATFORM)
                    return 0
                case InterviewRequested():
                    await self._engine.accept(CONVERSATION, StopRequested(at=read.at))
                    await self._chat.awaiting_person(0)
                    drawn = self._chat.drawn
                    await self._engine.accept(CONVERSATION, read)
                    return drawn
                case _:
                    if await self._handle(read):
                        return 0
        return None

    async def _converse(self) -> int | None:
        """Take lines until a new screen follows: how many are drawn before it; None to leave."""
        while (text := await self._read()) is not None:
            screen, drawn = self._chat.screen, self._chat.drawn
            if screen is None:
                continue
            read = read_line(text, screen, self._clock.now(), _new_session())
            if isinstance(read, Leave):
                return None
            if await self._handle(read):
                return drawn
        return None

    async def _read(self) -> str | None:
        text = await self._lines.read(lambda: prompt(self._chat.screen, self._clock.now()))
        if text is None:
            return None
        # Bytes that are no text arrive as halves of characters.
        text = text.encode(errors="replace").decode()
        if not self._console.is_terminal:
            # From a pipe, so that the whole interview can be read.
            self._console.print(Text(f"{PROMPT}{clean_text(text, ECHO_LIMIT)}"))
        return text

    async def _handle(self, read: Event | Request | Practise | Complaint) -> bool:
        """Whether a new screen follows."""
        match read:
            case Practise():
                brief = await self._desk.practice()
                return brief is not None and await self._accept(self._request(brief))
            case Complaint(sentence=sentence):
                self._console.print(Text(sentence, style="yellow"))
                return False
            case _ if isinstance(read, Request):
                await self._desk.answer(read)
                return False
            case _:
                return await self._accept(read)

    async def _accept(self, event: Event) -> bool:
        accepted = await self._engine.accept(CONVERSATION, event)
        if isinstance(accepted, Refused):
            sentence = wording.refusal(accepted.reason)
            if sentence:
                self._console.print(Text(sentence, style="yellow"))
            return False
        return True

    def _request(self, brief: Brief | None) -> InterviewRequested:
        return InterviewRequested(
            at=self._clock.now(), session=_new_session(), person=PERSON, brief=brief
        )

    def _say_goodbye(self) -> None:
        if isinstance(self._chat.screen, (SummaryScreen, StoppedScreen)):
            sentence = f"Kept in {self._kept_in}. /history reads it again."
        else:
            sentence = f"Left. Everything so far is kept in {self._kept_in}; run again to go on."
        self._console.print(Text(sentence))


def _new_session() -> str:
    return secrets.token_urlsafe(6)


def _offer(unfinished: Interview) -> str:
    phase = unfinished.phase
    where = "in the set-up"
    if isinstance(phase, Asking):
        of = number_of(unfinished.questions, len(unfinished.questions) - 1)
        where = f"at question {number_of(unfinished.questions, phase.turn)} of {of}"
    title = wording.job_title(unfinished.brief)
    named = f" for {title}" if title else ""
    return (
        f"You left an interview{named} {where}. "
        "Press Enter to go on, or type a role to start another."
    )
