"""Telegram as a Chat: one message that is edited, files counted as they come."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

import httpx
from telegram import Bot, LinkPreviewOptions, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, TelegramError

from adapters.telegram.address import Address, read_address
from adapters.telegram.problems import telegram_problems
from adapters.telegram.render import Audience, Card, render
from bot.ports import Activity, Clock, File
from bot.problems import Fault, Problem, ProblemError, ProblemKind, rejected
from bot.screens import Screen

ACTION_LASTS = 4.5  # seconds; Telegram shows a chat action for five at most
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

_NOT_MODIFIED = "message is not modified"
_LOST = ("message to edit not found", "message can't be edited", "message_id_invalid")


class TelegramChat:
    def __init__(self, bot: Bot, downloads: httpx.AsyncClient, clock: Clock) -> None:
        self._bot = bot
        self._downloads = downloads
        self._clock = clock

    async def show(self, conversation: str, screen: Screen, ref: str | None) -> str:
        address = read_address(conversation)
        card = render(screen, Audience(address, self._bot.username), self._clock.now())
        if ref is not None:
            with telegram_problems():
                if await self._edit(address, int(ref), card):
                    return ref
        return str(await self.send(address, card))

    async def send(self, address: Address, card: Card, reply_to: int | None = None) -> int:
        """Post a card; its message's id."""
        with telegram_problems():
            sent = await self._bot.send_message(
                chat_id=address.chat,
                message_thread_id=address.thread or None,
                text=card.html,
                parse_mode=ParseMode.HTML,
                reply_markup=card.keyboard,
                link_preview_options=NO_PREVIEW,
                reply_parameters=_reply(reply_to),
            )
        return sent.message_id

    async def redraw(self, address: Address, message: int, card: Card) -> None:
        """Turn a message of ours into `card`, or post it where that message has gone."""
        with telegram_problems():
            edited = await self._edit(address, message, card)
        if not edited:
            await self.send(address, card)

    async def play(self, address: Address, note: str) -> None:
        """Send a recording again by its file_id; a round video note is none of a voice."""
        with telegram_problems():
            try:
                await self._bot.send_voice(
                    chat_id=address.chat, message_thread_id=address.thread or None, voice=note
                )
            except BadRequest:
                await self._bot.send_document(
                    chat_id=address.chat, message_thread_id=address.thread or None, document=note
                )

    async def send_picture(self, address: Address, picture: File, caption: Card) -> None:
        with telegram_problems():
            await self._bot.send_photo(
                chat_id=address.chat,
                message_thread_id=address.thread or None,
                photo=picture.data,
                filename=picture.name,
                caption=caption.html,
                parse_mode=ParseMode.HTML,
                reply_markup=caption.keyboard,
            )

    async def send_file(self, address: Address, file: File) -> None:
        with telegram_problems():
            await self._bot.send_document(
                chat_id=address.chat,
                message_thread_id=address.thread or None,
                document=file.data,
                filename=file.name,
            )

    async def retire(self, conversation: str, ref: str) -> None:
        address = read_address(conversation)
        with telegram_problems(), suppress(BadRequest):
            await self._bot.edit_message_reply_markup(chat_id=address.chat, message_id=int(ref))

    async def fetch(self, ref: str, limit: int) -> bytes:
        with telegram_problems():
            file = await self._bot.get_file(ref)
        if not file.file_path:
            raise rejected(Fault.GONE)
        return await self._download(file.file_path, limit)

    def working(self, conversation: str, activity: Activity) -> AbstractAsyncContextManager[None]:
        return self.acting(read_address(conversation), ChatAction.TYPING)

    @asynccontextmanager
    async def acting(self, address: Address, action: ChatAction) -> AsyncIterator[None]:
        """Shows "typing …" or the like in the chat's title for as long as it lasts."""
        task = asyncio.create_task(self._act(address, action))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _edit(self, address: Address, message: int, card: Card) -> bool:
        """Whether the message now shows the card; False where there is no such message."""
        try:
            await self._bot.edit_message_text(
                chat_id=address.chat,
                message_id=message,
                text=card.html,
                parse_mode=ParseMode.HTML,
                reply_markup=card.keyboard,
                link_preview_options=NO_PREVIEW,
            )
        except BadRequest as error:
            said = error.message.lower()
            if _NOT_MODIFIED in said:
                return True
            if any(lost in said for lost in _LOST):
                return False
            raise
        return True

    async def _download(self, url: str, limit: int) -> bytes:
        """The address holds the bot's token: it goes into no error and no log line."""
        data = bytearray()
        try:
            async with self._downloads.stream("GET", url) as response:
                if response.status_code != httpx.codes.OK:
                    raise ProblemError(_download_problem(response.status_code))
                async for chunk in response.aiter_bytes():
                    data += chunk
                    if len(data) > limit:
                        raise rejected(Fault.TOO_BIG)
        except httpx.HTTPError as error:
            detail = f"download: {type(error).__name__}"
            raise ProblemError(Problem(ProblemKind.DOWN, detail=detail)) from None
        return bytes(data)

    async def _act(self, address: Address, action: ChatAction) -> None:
        with suppress(TelegramError):
            while True:
                await self._bot.send_chat_action(
                    chat_id=address.chat,
                    action=action,
                    message_thread_id=address.thread or None,
                )
                await self._clock.sleep(ACTION_LASTS)


def _reply(message: int | None) -> ReplyParameters | None:
    if message is None:
        return None
    return ReplyParameters(message_id=message, allow_sending_without_reply=True)


def _download_problem(status: int) -> Problem:
    detail = f"download: HTTP {status}"
    if status in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
        return Problem(ProblemKind.REJECTED, fault=Fault.GONE, detail=detail)
    return Problem(ProblemKind.DOWN, detail=detail)
