"""Answers what is asked beside the interview: past sessions, pictures, files, progress, links."""

from collections.abc import Awaitable, Callable
from functools import partial

from telegram import Bot
from telegram.constants import ChatAction

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
from adapters.telegram.keyboard import private_chat
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
from bot.interview import Reason
from bot.ports import Clock
from bot.problems import Fault, ProblemError, ProblemKind
from bot.scoresheet import sheet_of


class Desk:
    def __init__(self, bot: Bot, chat: TelegramChat, archive: Archive, clock: Clock) -> None:
        self._bot = bot
        self._chat = chat
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
                picture = partial(self._send_picture, person, session)
                await self._hand_over(received, ChatAction.UPLOAD_PHOTO, picture)
            case SaveSession(session=session):
                files = partial(self._send_files, person, session)
                await self._hand_over(received, ChatAction.UPLOAD_DOCUMENT, files)
            case ShowProgress():
                progress = partial(self._send_progress, owner, person)
                await self._hand_over(received, ChatAction.UPLOAD_PHOTO, progress)
            case Practise():
                await self.tell(received, wording.NO_PRACTICE)
            case Link() if not received.address.is_private:
                await self._invite(received, "link")
            case Unlink() if not received.address.is_private:
                await self._invite(received, "help")
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

    async def tell(self, received: Received, sentence: str | None) -> None:
        """In a toast where a button was tapped, which wants an answer even if there is none."""
        if received.query is not None:
            await self.answer_tap(received.query, sentence)
        elif sentence is not None:
            await self.say(received, sentence)

    async def say(self, received: Received, sentence: str) -> None:
        await self._send(received, Card(to_html([Span(sentence)])))

    async def _send(self, received: Received, card: Card) -> None:
        reply_to = None if received.address.is_private else received.message
        await self._patiently(partial(self._chat.send, received.address, card, reply_to))

    async def _patiently(self, send: Callable[[], Awaitable[object]]) -> None:
        """Waits out Telegram's flood control, which is per chat."""
        while True:
            try:
                await send()
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
            return Card(to_html([Span(wording.SESSION_GONE)]))
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

    async def _hand_over(
        self,
        received: Received,
        action: ChatAction,
        send: Callable[[Address], Awaitable[str | None]],
    ) -> None:
        """What is somebody's own goes to them alone, wherever it was asked for.

        `send` says why there is nothing to send.
        """
        in_private = received.address.is_private
        if in_private:
            await self._acknowledge(received)
        address = received.address.alone
        try:
            async with self._chat.acting(address, action):
                nothing = await send(address)
        except ProblemError as error:
            if in_private:
                raise
            if error.problem.fault is not Fault.REFUSED:
                await self._acknowledge(received)
                raise
            await self._invite(received, "history")
            return
        if not in_private:
            await self.tell(received, nothing or wording.SENT_IN_PRIVATE)
        elif nothing is not None:
            await self.say(received, nothing)

    async def _send_picture(self, person: str, session: str, address: Address) -> str | None:
        record = await self._archive.session(person, session)
        picture = await self._archive.picture_of(person, session)
        if record is None or picture is None:
            return wording.SESSION_GONE
        caption = history.picture_caption(sheet_of(record))
        await self._patiently(partial(self._chat.send_picture, address, picture, caption))
        return None

    async def _send_files(self, person: str, session: str, address: Address) -> str | None:
        files = await self._archive.files_of(person, session)
        for file in files:
            await self._patiently(partial(self._chat.send_file, address, file))
        return None if files else wording.SESSION_GONE

    async def _send_progress(self, owner: int, person: str, address: Address) -> str | None:
        progress = await self._archive.progress(person)
        if not progress.answers:
            return wording.NO_PROGRESS
        picture = await self._archive.picture_of_progress(progress)
        caption, *others = history.progress_cards(owner, progress)
        await self._patiently(partial(self._chat.send_picture, address, picture, caption))
        for card in others:
            await self._patiently(partial(self._chat.send, address, card))
        return None

    async def _link(self, received: Received, code: str) -> None:
        person = received.address.person
        if code:
            sentence = wording.joined(await self._archive.join(person, code))
        else:
            sentence = wording.link_code(await self._archive.new_link_code(person))
        await self.say(received, sentence)

    async def _invite(self, received: Received, payload: str) -> None:
        """Say where it can be asked for, with the way there."""
        await self._acknowledge(received)
        way = private_chat(self._bot.username, wording.OUR_PRIVATE_CHAT, payload)
        await self._send(received, Card(to_html([Span(wording.OPEN_PRIVATE)]), way))
