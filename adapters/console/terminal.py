"""One person in a terminal: offer to go on, then a line at a time until the interview ends."""

import secrets

from rich.console import Console
from rich.text import Text

from adapters.console import render
from adapters.console.chat import ConsoleChat
from adapters.console.inbound import (
    CONVERSATION,
    PERSON,
    PLATFORM,
    Complaint,
    Help,
    History,
    Leave,
    Line,
    read_line,
)
from adapters.console.lines import Lines
from bot import ports, wording
from bot.brief import clean_text, read_brief
from bot.engine import Engine
from bot.events import Event, InterviewRequested, StopRequested
from bot.interview import Asking, Interview
from bot.ports import Clock
from bot.screens import StoppedScreen, SummaryScreen
from bot.step import Refused

HISTORY_LIMIT = 20
ECHO_LIMIT = 8_000
HINT = "/help · /history · /cancel · Ctrl-C leaves, and you can go on later"
HELP = (
    "Type your answer and press Enter, or type the path of an audio file.\n"
    "Words after a slash press a control: /skip, /next, /again, /retry, /stop.\n"
    "/interview Data Engineer at Acme, 3 questions — start at once\n"
    "/history — past interviews; /history 1 opens the latest\n"
    "/cancel — stop the interview; /quit — leave, and go on later"
)


class Terminal:
    def __init__(
        self,
        *,
        engine: Engine,
        chat: ConsoleChat,
        history: ports.History,
        lines: Lines,
        console: Console,
        clock: Clock,
        kept_in: str,
    ) -> None:
        self._engine = engine
        self._chat = chat
        self._history = history
        self._lines = lines
        self._console = console
        self._clock = clock
        self._kept_in = kept_in

    async def run(self, unfinished: Interview | None) -> None:
        """Play one interview to its end, or until the person leaves."""
        self._console.print(
            Text.assemble((wording.NAME, "bold"), f" · {wording.SHORT_DESCRIPTION}")
        )
        self._console.print(Text(HINT, style="dim"))
        drawn = await self._begin(unfinished)
        if drawn is None:
            self._say_goodbye()
            return
        screen = await self._chat.awaiting_person(drawn)
        while not isinstance(screen, (SummaryScreen, StoppedScreen)):
            text = await self._lines.read()
            if text is None:
                self._say_goodbye()
                return
            # Bytes that are no text arrive as halves of characters.
            text = text.encode(errors="replace").decode()
            self._echo(text)
            screen = self._chat.screen or screen
            drawn = self._chat.drawn
            read = read_line(text, screen, self._clock.now(), secrets.token_urlsafe(6))
            if isinstance(read, Leave):
                self._say_goodbye()
                return
            if await self._handle(read):
                screen = await self._chat.awaiting_person(drawn)
        self._console.print(Text(f"Kept in {self._kept_in}. /history reads it again."))

    async def _begin(self, unfinished: Interview | None) -> int | None:
        """How many screens are drawn before the first that counts; None if the person left."""
        if unfinished is None:
            await self._request(None)
            return 0
        self._console.print(Text(_offer(unfinished), style="bold"))
        text = await self._lines.read()
        if text is None:
            return None
        self._echo(text)
        if text.strip().lower() in {"", "y", "yes"}:
            await self._engine.show_again(CONVERSATION)
            await self._engine.resume(PLATFORM)
            return 0
        await self._engine.accept(CONVERSATION, StopRequested(at=self._clock.now()))
        await self._chat.awaiting_person(0)
        drawn = self._chat.drawn
        await self._request(text)
        return drawn

    async def _request(self, text: str | None) -> None:
        brief = read_brief(text) if text else None
        requested = InterviewRequested(
            at=self._clock.now(), session=secrets.token_urlsafe(6), person=PERSON, brief=brief
        )
        await self._engine.accept(CONVERSATION, requested)

    async def _handle(self, read: Line) -> bool:
        """Whether a new screen follows."""
        match read:
            case Help():
                self._console.print(Text(HELP))
            case History(number=number):
                await self._show_history(number)
            case Complaint(sentence=sentence):
                self._console.print(Text(sentence, style="yellow"))
            case Leave():
                pass
            case _:
                return await self._accept(read)
        return False

    async def _accept(self, event: Event) -> bool:
        accepted = await self._engine.accept(CONVERSATION, event)
        if isinstance(accepted, Refused):
            sentence = wording.refusal(accepted.reason)
            if sentence:
                self._console.print(Text(sentence, style="yellow"))
            return False
        return True

    async def _show_history(self, number: int | None) -> None:
        if number is None:
            lines = await self._history.sessions(PERSON, HISTORY_LIMIT, 0)
            self._console.print(render.history_lines(lines))
            return
        lines = await self._history.sessions(PERSON, 1, max(number - 1, 0))
        record = await self._history.session(PERSON, lines[0].session) if lines else None
        if record is None:
            self._console.print(
                Text(wording.NO_HISTORY if number == 1 else "There is no such one.")
            )
            return
        self._console.print(render.history_session(record))

    def _echo(self, text: str) -> None:
        """From a pipe, what was read is printed, so that the whole interview can be read."""
        if not self._console.is_terminal:
            self._console.print(Text(f"› {clean_text(text, ECHO_LIMIT)}"))

    def _say_goodbye(self) -> None:
        self._console.print(
            Text(f"Left. Everything so far is kept in {self._kept_in}; run again to go on.")
        )


def _offer(unfinished: Interview) -> str:
    phase = unfinished.phase
    where = "in the set-up"
    if isinstance(phase, Asking):
        where = f"at question {phase.turn + 1} of {len(unfinished.questions)}"
    title = wording.job_title(unfinished.brief)
    named = f" for {title}" if title else ""
    return (
        f"You left an interview{named} {where}. "
        "Press Enter to go on, or type a role to start another."
    )
