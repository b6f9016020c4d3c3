"""What the engine relies on, wherever a conversation is seen."""

import asyncio
import io
import os
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Protocol

import discord
import pytest
from rich.console import Console

from adapters.console.chat import ConsoleChat
from adapters.console.inbound import CONVERSATION
from adapters.discord import address as discord_address
from adapters.discord.chat import DiscordChat
from adapters.discord.refs import OfMessage, read_ref, write_ref
from adapters.discord.service import use_addresses
from adapters.http import open_http
from adapters.telegram.address import Address
from adapters.telegram.chat import ACTION_LASTS, TelegramChat
from adapters.telegram.render import Card
from adapters.telegram.service import open_telegram
from bot.ports import Activity, Chat
from bot.problems import Fault, Problem, ProblemError, ProblemKind
from bot.screens import Screen
from tests.contract.chat_in_memory import ChatInMemory
from tests.emulators import server
from tests.emulators.discord import DiscordEmulator
from tests.emulators.discord_places import Message as DiscordMessage
from tests.emulators.telegram import TelegramEmulator
from tests.emulators.telegram_chat import Chat as Phone
from tests.emulators.telegram_chat import Message
from tests.screens import (
    ASKED,
    EXAMPLES,
    FEEDBACK,
    LISTENING,
    PREPARING,
    SETUP,
    SUMMARY,
    THINKING,
    controls_of,
)

RECORDING = b"OggS, made up" * 100
QUESTION = "Tell me about a pipeline that broke."


class Place(Protocol):
    """A conversation with one person in it: what they see and do."""

    @property
    def chat(self) -> Chat: ...

    @property
    def conversation(self) -> str: ...

    def cards(self) -> list[str]:
        """What each card says, the newest last; a terminal is a single one."""
        ...

    def controls(self, ref: str) -> int:
        """How many controls of a card can be used."""
        ...

    async def lose(self, ref: str) -> None:
        """Delete a card, where that can be done."""
        ...

    async def send(self, data: bytes) -> str:
        """Send a file; its ref."""
        ...

    async def take_back(self, ref: str) -> None:
        """Delete that file."""
        ...


class InMemory:
    def __init__(self) -> None:
        self.chat = ChatInMemory()
        self.conversation = "memory:1"

    def cards(self) -> list[str]:
        return [repr(screen) for _, screen in self.chat.cards[self.conversation]]

    def controls(self, ref: str) -> int:
        screen = dict(self.chat.cards[self.conversation])[ref]
        return 0 if ref in self.chat.retired else len(controls_of(screen))

    async def lose(self, ref: str) -> None:
        cards = self.chat.cards[self.conversation]
        cards[:] = [card for card in cards if card[0] != ref]

    async def send(self, data: bytes) -> str:
        ref = f"file-{len(self.chat.files)}"
        self.chat.files[ref] = data
        return ref

    async def take_back(self, ref: str) -> None:
        del self.chat.files[ref]


class InTerminal:
    def __init__(self, folder: Path) -> None:
        self._printed = io.StringIO()
        self._folder = folder
        self.chat = ConsoleChat(Console(file=self._printed, width=100), Ticks())
        self.conversation = CONVERSATION

    def cards(self) -> list[str]:
        return [self._printed.getvalue()] if self.chat.drawn else []

    def controls(self, ref: str) -> int:
        """Words are typed at the newest screen alone."""
        screen = self.chat.screen
        return len(controls_of(screen)) if screen is not None and screen.key == ref else 0

    async def lose(self, ref: str) -> None:
        pass

    async def send(self, data: bytes) -> str:
        path = self._folder / "answer.ogg"
        path.write_bytes(data)
        return str(path)

    async def take_back(self, ref: str) -> None:
        await asyncio.to_thread(Path(ref).unlink)


class OnTelegram:
    def __init__(self, chat: TelegramChat, server: TelegramEmulator, clock: "Ticks") -> None:
        self.chat = chat
        self.server = server
        self.clock = clock
        self.phone: Phone = server.private_chat(first_name="Ann")
        self.address = Address(self.phone.id, self.phone.user.id)
        self.conversation = self.address.conversation

    def cards(self) -> list[str]:
        return [card.text for card in self.phone.cards]

    def card(self, ref: str) -> Message:
        (card,) = [card for card in self.phone.cards if card.id == int(ref)]
        return card

    def controls(self, ref: str) -> int:
        return sum(len(row) for row in self.card(ref).buttons)

    async def lose(self, ref: str) -> None:
        await self.phone.delete(self.card(ref))

    async def send(self, data: bytes) -> str:
        """It claims to be smaller than it is."""
        note = await self.phone.send_voice(data, size=1)
        return str(note.content["voice"]["file_id"])

    async def take_back(self, ref: str) -> None:
        del self.server.files[ref]


class OnDiscord:
    def __init__(self, chat: DiscordChat, server: DiscordEmulator) -> None:
        self.chat = chat
        self.server = server
        self.person = server.person("Ann")
        self.dm = server.dm("Ann")
        self.conversation = discord_address.Address(self.dm.id, self.person.id).conversation

    def cards(self) -> list[str]:
        return [message.text for message in self.dm.messages if message.from_bot]

    def controls(self, ref: str) -> int:
        return sum(len(row) for row in self._message(ref).buttons)

    async def lose(self, ref: str) -> None:
        await self.server.delete(self._message(ref))

    async def send(self, data: bytes) -> str:
        sent = await self.person.send_file(self.dm, "answer.ogg", data, "audio/ogg")
        return write_ref(OfMessage(self.dm.id, sent.id, sent.attachments[0].id))

    async def take_back(self, ref: str) -> None:
        place = read_ref(ref)
        assert isinstance(place, OfMessage)
        await self.server.delete(self._message(str(place.message)))

    def _message(self, ref: str) -> DiscordMessage:
        (message,) = [message for message in self.dm.messages if message.id == int(ref)]
        return message


class Ticks:
    """A clock that stands still; each `tick` ends one sleep."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self._ticks = asyncio.Semaphore(0)

    def now(self) -> float:
        return 100.0

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await self._ticks.acquire()

    def tick(self) -> None:
        self._ticks.release()


@asynccontextmanager
async def on_telegram() -> AsyncIterator[OnTelegram]:
    clock = Ticks()
    async with (
        TelegramEmulator() as emulator,
        open_http() as http,
        open_telegram(
            token=emulator.token,
            api_url=emulator.base_url,
            file_url=emulator.base_file_url,
            transport=http.transport(),
            clock=clock,
        ) as bot,
    ):
        await bot._bot.initialize()  # as serving does
        yield OnTelegram(bot.chat, emulator, clock)
        emulator.assert_valid()


@asynccontextmanager
async def on_discord() -> AsyncIterator[OnDiscord]:
    async with DiscordEmulator() as emulator, open_http() as http:
        use_addresses(emulator.api_url, emulator.gateway_url)
        async with discord.Client(intents=discord.Intents(guilds=True)) as client:
            await client.login(emulator.token)
            yield OnDiscord(DiscordChat(client, http.session, Ticks()), emulator)
        emulator.assert_valid()


@pytest.fixture(params=["memory", "terminal", "telegram", "discord"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    match request.param:
        case "memory":
            yield InMemory()
        case "terminal":
            yield InTerminal(tmp_path)
        case "discord":
            async with on_discord() as opened:
                yield opened
        case _:
            async with on_telegram() as on_phone:
                yield on_phone


@pytest.fixture
async def telegram() -> AsyncIterator[OnTelegram]:
    async with on_telegram() as opened:
        yield opened


# Cards


async def test_a_screen_is_posted(place: Place) -> None:
    assert place.cards() == []
    ref = await place.chat.show(place.conversation, ASKED, None)
    (card,) = place.cards()
    assert QUESTION in card
    assert place.controls(ref)


async def test_a_screen_is_drawn_over_the_card_that_it_is_given(place: Place) -> None:
    ref = await place.chat.show(place.conversation, PREPARING, None)
    for screen in (ASKED, ASKED):
        assert await place.chat.show(place.conversation, screen, ref) == ref
        (card,) = place.cards()
        assert QUESTION in card


async def test_a_card_that_has_gone_is_replaced(place: Place) -> None:
    ref = await place.chat.show(place.conversation, PREPARING, None)
    await place.lose(ref)
    ref = await place.chat.show(place.conversation, ASKED, ref)
    (card,) = place.cards()
    assert QUESTION in card
    assert await place.chat.show(place.conversation, ASKED, ref) == ref


async def test_another_card_leaves_the_first_as_it_is(place: Place) -> None:
    await place.chat.show(place.conversation, ASKED, None)
    await place.chat.show(place.conversation, FEEDBACK, None)
    assert QUESTION in place.cards()[0]
    assert "You name the result." in place.cards()[-1]


async def test_a_card_that_is_retired_has_no_controls_and_twice_is_once(place: Place) -> None:
    old = await place.chat.show(place.conversation, ASKED, None)
    new = await place.chat.show(place.conversation, FEEDBACK, None)
    for _ in range(2):
        await place.chat.retire(place.conversation, old)
        assert place.controls(old) == 0
        assert place.controls(new)
    assert QUESTION in place.cards()[0]


async def test_a_card_that_has_gone_can_be_retired(place: Place) -> None:
    old = await place.chat.show(place.conversation, ASKED, None)
    await place.lose(old)
    await place.chat.retire(place.conversation, old)


@pytest.mark.parametrize("screen", EXAMPLES, ids=lambda screen: type(screen).__name__)
async def test_every_kind_of_screen_is_shown(place: Place, screen: Screen) -> None:
    ref = await place.chat.show(place.conversation, screen, None)
    assert await place.chat.show(place.conversation, screen, ref) == ref
    assert len(place.cards()) == 1


# Files


async def test_what_was_sent_is_fetched(place: Place) -> None:
    ref = await place.send(RECORDING)
    assert await place.chat.fetch(ref, len(RECORDING)) == RECORDING
    assert await place.chat.fetch(ref, 20_000_000) == RECORDING


async def test_a_file_is_too_big_by_what_is_counted_of_it(place: Place) -> None:
    ref = await place.send(RECORDING)
    with pytest.raises(ProblemError) as raised:
        await place.chat.fetch(ref, len(RECORDING) - 1)
    assert raised.value.problem.kind is ProblemKind.REJECTED
    assert raised.value.problem.fault is Fault.TOO_BIG


async def test_a_file_that_was_deleted_is_gone(place: Place) -> None:
    ref = await place.send(RECORDING)
    await place.take_back(ref)
    with pytest.raises(ProblemError) as raised:
        await place.chat.fetch(ref, len(RECORDING))
    assert raised.value.problem.kind is ProblemKind.REJECTED
    assert raised.value.problem.fault is Fault.GONE


# What is being done


@pytest.mark.parametrize("activity", Activity)
async def test_work_is_shown_while_it_lasts(place: Place, activity: Activity) -> None:
    before = _ours()
    async with place.chat.working(place.conversation, activity):
        await asyncio.sleep(0)
    assert _ours() <= before


def _ours() -> set[asyncio.Task[object]]:
    """The tasks that are not the emulator's."""
    return {task for task in asyncio.all_tasks() if "RequestHandler" not in repr(task)}


async def test_an_error_in_the_work_comes_through(place: Place) -> None:
    with pytest.raises(LookupError, match="mine"):
        async with place.chat.working(place.conversation, Activity.THINKING):
            raise LookupError("mine")


# Telegram's own


async def test_typing_is_said_again_before_telegram_forgets_it(telegram: OnTelegram) -> None:
    async with telegram.chat.working(telegram.conversation, Activity.THINKING):
        for actions in (["typing"], ["typing"] * 2, ["typing"] * 3):
            await telegram.phone.wait_for(partial(says, actions))
            telegram.clock.tick()
    assert set(telegram.clock.slept) == {ACTION_LASTS}
    assert ACTION_LASTS < 5


def says(actions: list[str], phone: Phone) -> bool:
    return phone.actions == actions


@pytest.mark.parametrize(
    "trouble",
    [
        server.Fault.status(429, retry_after=30),
        server.Fault.status(403, "bot was blocked by the user"),
        server.Fault.status(400, "chat not found"),
        server.Fault.status(502),
        server.Fault.body("<html>"),
        server.Fault.reset(),
        server.Fault.hang(),
    ],
    ids=lambda trouble: f"{trouble.kind} {trouble.code}",
)
async def test_work_goes_on_where_it_cannot_be_shown(
    telegram: OnTelegram, trouble: server.Fault
) -> None:
    telegram.server.fail("sendChatAction", trouble, times=9)
    async with telegram.chat.working(telegram.conversation, Activity.LISTENING):
        await telegram.server.wait_for(lambda s: s.calls("sendChatAction"))
        for screen in (PREPARING, ASKED, FEEDBACK):
            await telegram.chat.show(telegram.conversation, screen, None)
    telegram.server.release()


async def test_a_card_of_a_topic_is_posted_in_it(telegram: OnTelegram) -> None:
    group = telegram.server.group_chat(users=[telegram.phone.user])
    address = Address(group.id, telegram.phone.user.id, thread=77)
    await telegram.chat.show(address.conversation, ASKED, None)
    async with telegram.chat.working(address.conversation, Activity.LISTENING):
        await telegram.server.wait_for(lambda s: s.calls("sendChatAction"))
    sent = [*telegram.server.calls("sendMessage"), *telegram.server.calls("sendChatAction")]
    assert [request.body["message_thread_id"] for request in sent] == [77, 77]


@pytest.mark.parametrize(
    ("trouble", "problem"),
    [
        (server.Fault.status(429, retry_after=3), (ProblemKind.BUSY, None, 3.0)),
        (
            server.Fault.status(403, "bot was blocked by the user"),
            (ProblemKind.REJECTED, Fault.REFUSED, None),
        ),
        (
            server.Fault.status(400, "not enough rights to send text messages to the chat"),
            (ProblemKind.REJECTED, Fault.REFUSED, None),
        ),
        (server.Fault.status(401), (ProblemKind.MISCONFIGURED, None, None)),
        (server.Fault.status(502), (ProblemKind.DOWN, None, None)),
        (server.Fault.body("<html>"), (ProblemKind.DOWN, None, None)),
        (server.Fault.reset(), (ProblemKind.DOWN, None, None)),
    ],
    ids=lambda value: f"{value.kind} {value.code}" if isinstance(value, server.Fault) else "",
)
@pytest.mark.parametrize("over", [False, True], ids=["posting", "editing"])
async def test_what_telegram_refuses_is_a_problem(
    telegram: OnTelegram,
    trouble: server.Fault,
    problem: tuple[ProblemKind, Fault | None, float | None],
    *,
    over: bool,
) -> None:
    ref = await telegram.chat.show(telegram.conversation, LISTENING, None) if over else None
    telegram.server.fail("*Message*", trouble)
    with pytest.raises(ProblemError) as raised:
        await telegram.chat.show(telegram.conversation, ASKED, ref)
    met = raised.value.problem
    assert (met.kind, met.fault, met.retry_after) == problem
    assert telegram.server.token not in "".join(traceback.format_exception(raised.value))
    assert len(telegram.cards()) == over


@pytest.mark.parametrize(
    ("operation", "trouble", "kind", "fault"),
    [
        (
            "getFile",
            server.Fault.status(400, "file is too big"),
            ProblemKind.REJECTED,
            Fault.TOO_BIG,
        ),
        (
            "getFile",
            server.Fault.status(400, "wrong file_id or the file is temporarily unavailable"),
            ProblemKind.REJECTED,
            Fault.GONE,
        ),
        ("getFile", server.Fault.status(429, retry_after=3), ProblemKind.BUSY, None),
        ("download", server.Fault.status(404), ProblemKind.REJECTED, Fault.GONE),
        ("download", server.Fault.status(502), ProblemKind.DOWN, None),
        ("download", server.Fault.reset(), ProblemKind.DOWN, None),
    ],
)
async def test_a_file_that_telegram_does_not_give_is_a_problem(
    telegram: OnTelegram,
    operation: str,
    trouble: server.Fault,
    kind: ProblemKind,
    fault: Fault | None,
) -> None:
    ref = await telegram.send(RECORDING)
    telegram.server.fail(operation, trouble, times=9)
    with pytest.raises(ProblemError) as raised:
        await telegram.chat.fetch(ref, len(RECORDING))
    assert (raised.value.problem.kind, raised.value.problem.fault) == (kind, fault)
    assert telegram.server.token not in "".join(traceback.format_exception(raised.value))
    telegram.server.faults.clear()
    assert await telegram.chat.fetch(ref, len(RECORDING)) == RECORDING


async def test_a_recording_is_played_again_and_a_round_video_as_a_file(
    telegram: OnTelegram,
) -> None:
    note = await telegram.send(RECORDING)
    await telegram.chat.play(telegram.address, note)
    telegram.server.fail("sendVoice", server.Fault.status(400, "can't use file as voice"))
    await telegram.chat.play(telegram.address, note)
    first, second = telegram.phone.cards
    assert "voice" in first.content
    assert "document" in second.content


async def test_a_page_takes_the_place_of_a_message_or_of_one_that_has_gone(
    telegram: OnTelegram,
) -> None:
    ref = await telegram.chat.send(telegram.address, Card("First", None))
    await telegram.chat.redraw(telegram.address, ref, Card("Second", None))
    assert telegram.cards() == ["Second"]
    await telegram.lose(str(ref))
    await telegram.chat.redraw(telegram.address, ref, Card("Third", None))
    assert telegram.cards() == ["Third"]


# The terminal's own


async def test_only_plain_files_are_read(tmp_path: Path) -> None:
    terminal = InTerminal(tmp_path)
    os.mkfifo(tmp_path / "pipe.ogg")
    pipe = os.open(tmp_path / "pipe.ogg", os.O_RDWR)
    os.write(pipe, RECORDING)
    for path in (tmp_path, tmp_path / "pipe.ogg", Path("/dev/zero"), Path("no\0name")):
        with pytest.raises(ProblemError) as raised:
            await terminal.chat.fetch(str(path), 100)
        assert raised.value.problem.fault is Fault.GONE
    os.close(pipe)


async def test_no_more_of_a_file_is_read_than_can_be_used(tmp_path: Path) -> None:
    terminal = InTerminal(tmp_path)
    with (tmp_path / "huge.wav").open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(ProblemError) as raised:
        await terminal.chat.fetch(str(tmp_path / "huge.wav"), 100)
    assert raised.value.problem.fault is Fault.TOO_BIG


async def test_a_person_is_awaited_until_a_screen_needs_them(tmp_path: Path) -> None:
    terminal = InTerminal(tmp_path)
    awaited = asyncio.create_task(terminal.chat.awaiting_person(0))
    for screen in (LISTENING, THINKING, FEEDBACK):
        assert not awaited.done()
        await terminal.chat.show(terminal.conversation, screen, None)
        await asyncio.sleep(0)
    assert await awaited == FEEDBACK
    assert [line.strip() for line in terminal.cards()[0].splitlines() if "…" in line] == [
        "Listening…",
        "Thinking about your answer…",
    ]


async def test_screens_that_were_drawn_before_do_not_count(tmp_path: Path) -> None:
    terminal = InTerminal(tmp_path)
    await terminal.chat.show(terminal.conversation, SETUP, None)
    awaited = asyncio.create_task(terminal.chat.awaiting_person(terminal.chat.drawn))
    await asyncio.sleep(0)
    await terminal.chat.show(terminal.conversation, SUMMARY, None)
    assert await awaited == SUMMARY


# The fake's own


async def test_a_screen_is_awaited_whether_it_stands_or_is_still_to_come() -> None:
    chat = ChatInMemory()
    await chat.show("c", ASKED, None)
    assert await chat.wait_for("c", lambda screen: screen == ASKED) == ASKED
    coming = asyncio.create_task(chat.wait_for("c", lambda screen: screen == THINKING))
    await asyncio.sleep(0)
    for screen in (LISTENING, THINKING, FEEDBACK):
        await chat.show("c", screen, None)
    assert await coming == THINKING
    assert chat.drawn["c"] == [ASKED, LISTENING, THINKING, FEEDBACK]
    with pytest.raises(AssertionError, match="drawn were:\nQuestionScreen"):
        await chat.wait_for("c", lambda screen: screen == THINKING, limit=0.0)


async def test_scripted_problems_are_raised_once_each() -> None:
    chat = ChatInMemory()
    busy = Problem(ProblemKind.BUSY, retry_after=3.0)
    chat.problems["show"].append(busy)
    with pytest.raises(ProblemError) as raised:
        await chat.show("c", ASKED, None)
    assert raised.value.problem == busy
    assert chat.cards["c"] == []
    await chat.retire("c", await chat.show("c", ASKED, None))
