"""Answers what is asked beside the interview: past sessions, pictures, files, progress, links."""

import secrets

from telegram import Bot

from adapters.telegram import history, render
from adapters.telegram.address import Address
from adapters.telegram.chat import TelegramChat
from adapters.telegram.inbound import (
    Foreign,
    Happening,
    Help,
    Link,
    NotYours,
    Received,
    Unlink,
    Unusable,
    Welcome,
)
from adapters.telegram.markup import Span, to_html
from adapters.telegram.problems import telegram_problems
from adapters.telegram.render import Card
from bot import wording
from bot.archive import Archive
from bot.buttons import (
    HearAnswer,
    ListSessions,
    OpenSession,
    Practise,
    ReadAnswers,
    SaveSession,
    ShowPicture,
    ShowProgress,
)
from bot.engine import Engine
from bot.events import InterviewRequested
from bot.interview import Reason
from bot.ports import Clock, File
from bot.problems import ProblemError, ProblemKind
from bot.step import Refused


class Desk:
    def __init__(
        self, bot: Bot, chat: TelegramChat, engine: Engine, archive: Archive, clock: Clock
    ) -> None:
        self._bot = bot
        self._chat = chat
        self._engine = engine
        self._archive = archive
        self._clock = clock

    async def answer(self, received: Received) -> None:
        owner, person = received.address.user, received.address.person
        match received.meaning:
            case Welcome():
                await self._send(received, render.welcome(owner))
            case Help():
                await self.say(received, wording.HELP)
            case Unusable():
                await self.say(received, wording.UNUSABLE)
            case Foreign() if received.query is not None:
                await self.answer_tap(received.query, wording.refusal(Reason.OLD_CONTROL))
            case Foreign():
                pass
            case NotYours() if received.query is not None:
                await self.answer_tap(received.query, wording.NOT_YOURS)
            case NotYours():
                await self.say(received, wording.NOTE_NOT_YOURS)
            case ListSessions(offset=offset):
                lines = await self._archive.sessions(person, history.PAGE + 1, offset)
                await self._turn(received, history.session_list(owner, lines, offset))
            case OpenSession(session=session, answer=answer):
                await self._turn(received, await self._page(received, session, answer))
            case ReadAnswers(session=session):
                await self._acknowledge(received)
                await self._send(received, await self._page(received, session, 0))
            case HearAnswer(session=session, answer=answer):
                await self._play(received, session, answer)
            case ShowPicture(session=session):
                picture = await self._archive.picture_of(person, session)
                await self._hand_over(received, () if picture is None else (picture,))
            case SaveSession(session=session):
                await self._hand_over(received, await self._archive.files_of(person, session))
            case ShowProgress():
                await self._show_progress(received)
            case Practise():
                await self._practise(received)
            case Link(code=code):
                await self._link(received, code)
            case Unlink():
                parted = await self._archive.unlink(person)
                await self.say(received, wording.unlinked(parted=parted))
            case Happening():
                pass

    async def answer_tap(self, query: str, sentence: str | None) -> None:
        with telegram_problems():
            await self._bot.answer_callback_query(query, text=sentence)

    async def say(self, received: Received, sentence: str) -> None:
        await self._send(received, Card(to_html([Span(sentence)]), None))

    async def _send(self, received: Received, card: Card) -> None:
        """Waits out Telegram's flood control, which is per chat."""
        reply_to = None if received.address.is_private else received.message
        while True:
            try:
                await self._chat.send(received.address, card, reply_to)
            except ProblemError as error:
                if error.problem.kind is not ProblemKind.BUSY:
                    raise
                await self._clock.sleep(error.problem.retry_after or 1.0)
            else:
                return

    async def _acknowledge(self, received: Received) -> None:
        if received.query is not None:
            await self.answer_tap(received.query, None)

    async def _turn(self, received: Received, card: Card) -> None:
        """A page that was tapped for takes the place of the one it was tapped on."""
        if received.query is None:
            await self._send(received, card)
            return
        await self.answer_tap(received.query, None)
        await self._chat.redraw(received.address, received.message, card)

    async def _page(self, received: Received, session: str, answer: int) -> Card:
        record = await self._archive.session(received.address.person, session)
        if record is None:
            return Card(to_html([Span(wording.SESSION_GONE)]), None)
        return history.session_page(received.address.user, record, answer)

    async def _play(self, received: Received, session: str, answer: int) -> None:
        record = await self._archive.session(received.address.person, session)
        await self._acknowledge(received)
        if record is None or answer >= len(record.answers):
            await self.say(received, wording.SESSION_GONE)
            return
        for note in record.answers[answer].notes:
            try:
                await self._chat.play(received.address, note)
            except ProblemError as error:
                if error.problem.kind is not ProblemKind.REJECTED:
                    raise
                await self.say(received, wording.RECORDING_GONE)

    async def _hand_over(self, received: Received, files: tuple[File, ...]) -> None:
        """What is somebody's own goes to them alone, wherever it was asked for."""
        await self._acknowledge(received)
        if not files:
            await self.say(received, wording.SESSION_GONE)
            return
        await self._in_private(received, files, None)

    async def _show_progress(self, received: Received) -> None:
        await self._acknowledge(received)
        progress = await self._archive.progress(received.address.person)
        if not progress.answers:
            await self.say(received, wording.NO_PROGRESS)
            return
        picture = await self._archive.picture_of_progress(progress)
        card = history.progress_card(received.address.user, progress)
        await self._in_private(received, (picture,), card)

    async def _in_private(
        self, received: Received, files: tuple[File, ...], card: Card | None
    ) -> None:
        address = Address(received.address.user, received.address.user)
        try:
            for file in files:
                await self._chat.hand_over(address, file)
            if card is not None:
                await self._chat.send(address, card)
        except ProblemError as error:
            if received.address.is_private or error.problem.passes_by_itself:
                raise
            await self.say(received, wording.OPEN_PRIVATE)
        else:
            if not received.address.is_private:
                await self.say(received, wording.SENT_IN_PRIVATE)

    async def _practise(self, received: Received) -> None:
        await self._acknowledge(received)
        address = received.address
        brief = await self._archive.practice(address.person)
        if brief is None:
            await self.say(received, wording.NO_PRACTICE)
            return
        requested = InterviewRequested(
            at=self._clock.now(),
            session=secrets.token_urlsafe(6),
            person=address.person,
            brief=brief,
        )
        accepted = await self._engine.accept(address.conversation, requested)
        if isinstance(accepted, Refused):
            await self.say(received, wording.refusal(accepted.reason) or "")

    async def _link(self, received: Received, code: str) -> None:
        """A code is for its owner's eyes alone."""
        if not received.address.is_private:
            await self.say(received, wording.OPEN_PRIVATE)
        elif code:
            joined = await self._archive.join(received.address.person, code)
            await self.say(received, wording.joined(joined))
        else:
            fresh = await self._archive.new_link_code(received.address.person)
            await self.say(received, wording.link_code(fresh))
