"""Updates through PTB's own Updater: kept before they are confirmed, counted once, answered."""

import asyncio
import logging
import traceback
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
import structlog
from structlog.testing import capture_logs
from structlog.typing import EventDict
from telegram.ext._utils import networkloop

from adapters.exports import FileExports
from adapters.http import open_http
from adapters.pictures import PngPictures
from adapters.telegram.address import Address
from adapters.telegram.chat import ACTION_LASTS
from adapters.telegram.inbox import HEARD, POISON_TRIES
from adapters.telegram.service import LONGEST_START_WAIT, TelegramBot, open_telegram
from bot import wording
from bot.archive import Archive
from bot.config import LogFormat, LogLevel
from bot.engine import Engine
from bot.history import SessionRecord
from bot.interview import Interview, Reason
from bot.linking import Joined
from bot.logs import log_to
from bot.performing import Performer
from bot.ports import Outcome
from bot.problems import NotKeptError, ProblemError, ProblemKind
from tests.contract.ear_in_memory import EarInMemory
from tests.contract.interviews_in_memory import InterviewsInMemory
from tests.emulators.server import Fault
from tests.emulators.telegram import TelegramEmulator
from tests.emulators.telegram_chat import Chat, Message, Press, User
from tests.engine_parts import SPEECH, HandClock, PlainCoach, PlainDocuments, PlainSounds

NOTE = b"OggS" + SPEECH  # the emulator and the ear in memory take any bytes
TYPED = "I found the slow query and then I halved its time."
LATER = 30  # seconds that flood control asks for


class Storage(InterviewsInMemory):
    """What comes from people waits while `kept` is clear.

    It fails as often as `full` (not kept, for now) and `broken` (a defect) say.
    """

    def __init__(self) -> None:
        super().__init__()
        self.kept = asyncio.Event()
        self.kept.set()
        self.saving = asyncio.Event()
        self.broken: Counter[str] = Counter()
        self.full: Counter[str] = Counter()

    async def save(self, interview: Interview, event_id: str | None) -> Outcome:
        if event_id is not None:
            self.saving.set()
            await self.kept.wait()
            if self.full[interview.key]:
                self.full[interview.key] -= 1
                raise NotKeptError("the disk is full")
            if self.broken[interview.key]:
                self.broken[interview.key] -= 1
                raise OSError("disk I/O error")
        return await super().save(interview, event_id)

    async def session(self, person: str, session: str) -> SessionRecord | None:
        if session == "broken":
            raise OSError("disk I/O error")
        return await super().session(person, session)


class World:
    """The bot as `python -m bot` wires it, over ports in memory."""

    def __init__(self, telegram: TelegramEmulator, bot: TelegramBot, clock: HandClock) -> None:
        self.telegram = telegram
        self.bot = bot
        self.clock = clock
        self.storage = Storage()
        self.coach = PlainCoach()
        performer = Performer(
            chats={"telegram": bot.chat},
            ear=EarInMemory(),
            coach=self.coach,
            sounds=PlainSounds(),
            documents=PlainDocuments(),
            history=self.storage,
            clock=clock,
        )
        self.archive = Archive(
            history=self.storage,
            links=self.storage,
            exports=FileExports(),
            pictures=PngPictures(),
            clock=clock,
        )
        self.engine = Engine(
            interviews=self.storage,
            chats={"telegram": bot.chat},
            performer=performer,
            clock=clock,
        )

    async def interview(self, chat: Chat, user: User | None = None) -> Interview:
        kept = await self.storage.load(conversation(chat, user))
        return kept or Interview(key=conversation(chat, user))

    async def confirmed(self) -> None:
        """Until Telegram has been told of every update that has been said."""
        await self.telegram.wait_for(lambda telegram: not telegram.updates)

    def deliveries(self) -> Counter[int]:
        """How often each update was delivered."""
        polls = [poll for poll in self.telegram.calls("getUpdates") if poll.status == 200]
        return Counter(update["update_id"] for poll in polls for update in poll.answer["result"])


@asynccontextmanager
async def opened(token: str | None = None) -> AsyncIterator[World]:
    clock = HandClock()
    async with (
        TelegramEmulator() as telegram,
        open_http() as http,
        open_telegram(
            token=token or telegram.token,
            api_url=telegram.base_url,
            file_url=telegram.base_file_url,
            transport=http.transport(),
            clock=clock,
        ) as bot,
    ):
        world = World(telegram, bot, clock)
        yield world
        await world.engine.close()
        telegram.assert_valid()


@asynccontextmanager
async def served() -> AsyncIterator[World]:
    async with opened() as world, world.bot.serving(world.engine, world.archive):
        yield world


@pytest.fixture
async def world(pauses: list[float]) -> AsyncIterator[World]:
    async with served() as world:
        yield world


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The Updater's pauses after errors, which take no time here."""
    paused: list[float] = []

    async def sleep(seconds: float) -> None:
        paused.append(seconds)
        await asyncio.sleep(0)

    timeless = SimpleNamespace(**{**vars(asyncio), "sleep": sleep})
    monkeypatch.setattr(networkloop, "asyncio", timeless)
    return paused


@pytest.fixture
def ann(world: World) -> Chat:
    return world.telegram.private_chat(first_name="Ann")


@pytest.fixture
def bob(world: World) -> Chat:
    return world.telegram.private_chat(first_name="Bob")


def conversation(chat: Chat, user: User | None = None) -> str:
    return Address(chat.id, (user or chat.user).id).conversation


async def asked(chat: Chat, role: str = "Nurse", by: User | None = None) -> Message:
    """The first question of a new interview."""
    await chat.say(f"/interview {role}, 3 questions", by=by)
    return await chat.wait_for(lambda phone: shown_first(phone, role)[-1])


def shown_first(chat: Chat, role: str) -> list[Message]:
    """The cards of first questions; which question it is, earlier interviews decide."""
    return [
        card for card in chat.cards if f"Question 1 of 3\n\n{role} " in card.text and card.buttons
    ]


async def said(chat: Chat, text: str) -> Message:
    """What the bot says."""
    return await chat.wait_for(lambda phone: phone.find(text))


def logged(lines: list[EventDict], event: str) -> list[EventDict]:
    return [line for line in lines if line["event"] == event]


# Kept, then confirmed


async def test_an_update_is_confirmed_only_once_it_is_kept(world: World, ann: Chat) -> None:
    world.storage.kept.clear()
    await ann.say("/interview Nurse, 3 questions")
    await world.storage.saving.wait()
    (update,) = world.telegram.updates
    for _ in range(9):  # Telegram is asked for other things meanwhile
        await world.bot.check()
    polls = world.telegram.calls("getUpdates")
    assert {poll.body["offset"] for poll in polls} == {0}
    assert world.telegram.updates == [update]

    world.storage.kept.set()
    await world.confirmed()
    assert world.telegram.calls("getUpdates")[-1].body["offset"] == update["update_id"] + 1
    assert (await world.interview(ann)).brief.role == "Nurse"


async def test_what_was_not_kept_before_the_end_comes_again_after_it(pauses: list[float]) -> None:
    async with opened() as world:
        ann = world.telegram.private_chat(first_name="Ann")
        async with world.bot.serving(world.engine, world.archive):
            world.storage.kept.clear()
            await ann.say("/interview Nurse, 3 questions")
            await world.storage.saving.wait()
        assert len(world.telegram.updates) == 1
        world.storage.kept.set()
        async with world.bot.serving(world.engine, world.archive):
            await said(ann, "Nurse 0?")
            await world.confirmed()


async def test_what_could_not_be_kept_comes_again_and_what_comes_twice_counts_once(
    world: World, ann: Chat, bob: Chat, pauses: list[float]
) -> None:
    await asked(ann)
    await world.confirmed()
    # While one update is being kept, two more come; they are delivered together.
    carol = world.telegram.private_chat(first_name="Carol")
    world.storage.kept.clear()
    world.storage.saving.clear()
    await carol.say("/interview Teacher")
    await world.storage.saving.wait()
    await ann.say(TYPED)
    await bob.say("/interview Pilot, 3 questions")
    _, anns, bobs = (update["update_id"] for update in world.telegram.updates)
    world.storage.broken[conversation(bob)] = 1
    with capture_logs() as lines:
        world.storage.kept.set()
        await said(bob, "Pilot 0?")
        await world.confirmed()
    assert world.deliveries()[anns] == world.deliveries()[bobs] == 2
    assert [line["update"] for line in logged(lines, "update_failed")] == [bobs]
    assert pauses
    await said(ann, "Concrete.")
    (take,) = (await world.interview(ann)).takes
    assert len(take.notes) == 1


async def test_an_update_that_is_poison_is_given_up_and_stops_nobody(
    world: World, ann: Chat, bob: Chat
) -> None:
    world.storage.broken[conversation(bob)] = 99
    with capture_logs() as lines:
        await bob.say("/interview Pilot")
        (poison,) = (update["update_id"] for update in world.telegram.updates)
        await asked(ann)
        await world.confirmed()
    assert world.deliveries()[poison] == POISON_TRIES
    assert [line["update"] for line in logged(lines, "update_given_up")] == [poison]
    world.storage.broken.clear()
    await asked(bob, "Pilot")


# What is said of what was sent


async def test_answers_are_seen_to_be_heard(world: World, ann: Chat) -> None:
    await ann.say("/interview")
    await said(ann, "Which role")
    role = await ann.say("Nurse")
    await said(ann, "At which company?")
    await ann.press(ann.last_card, "Start now")
    await said(ann, "Nurse 0?")
    spoken = await ann.send_voice(NOTE)
    await ann.wait_for(lambda _: spoken.reactions == [HEARD])
    await said(ann, "Concrete.")
    typed = await ann.say(TYPED)
    await ann.wait_for(lambda _: typed.reactions == [HEARD])
    await ann.wait_for(lambda phone: "Concrete." in phone.find("take 2").text)
    assert role.reactions == []


async def test_a_message_is_refused_in_a_message(world: World, ann: Chat) -> None:
    await ann.say("/cancel")
    refusal = await said(ann, str(wording.refusal(Reason.NO_INTERVIEW)))
    assert refusal.reply_to is None
    group = world.telegram.group_chat()
    command = await group.say("/cancel")
    refusal = await said(group, str(wording.refusal(Reason.NO_INTERVIEW)))
    assert refusal.reply_to is command


async def test_a_tap_is_refused_in_a_toast(world: World, ann: Chat) -> None:
    await ann.say("/interview")
    card = await said(ann, "Which role")
    await world.confirmed()
    world.storage.kept.clear()
    presses = [await ann.press(card, "Registered Nurse") for _ in range(2)]
    world.storage.kept.set()
    await ann.wait_for(lambda _: all(press.answered for press in presses))
    assert [press.text for press in presses] == ["", wording.refusal(Reason.OLD_CONTROL)]
    assert ann.cards == [card]
    assert (await world.interview(ann)).brief.role == "Registered Nurse"


async def test_a_second_interview_is_refused_and_the_first_is_shown_again(
    world: World, ann: Chat
) -> None:
    first = await asked(ann)
    await ann.say("/interview Pilot")
    await said(ann, str(wording.refusal(Reason.ALREADY_RUNNING)))
    again = await ann.wait_for(
        lambda phone: [card for card in phone.cards if "Nurse 0?" in card.text][1]
    )
    await ann.wait_for(lambda _: not first.buttons)
    assert again.buttons
    assert (await world.interview(ann)).brief.role == "Nurse"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/start", wording.WELCOME),
        ("/help", wording.HELP),
        ("/nonsense", wording.HELP),
        ("/history", wording.NO_HISTORY),
        ("/practice", wording.NO_PRACTICE),
        ("/progress", wording.NO_PROGRESS),
        ("/start progress", wording.NO_PROGRESS),
        ("/link WRNG", wording.joined(Joined.UNKNOWN)),
        ("/unlink", wording.unlinked(parted=False)),
        ("Hello?", str(wording.refusal(Reason.NO_INTERVIEW))),
    ],
)
async def test_everything_is_answered(world: World, ann: Chat, text: str, answer: str) -> None:
    await ann.say(text)
    await said(ann, answer)


async def test_what_cannot_be_used_is_answered(world: World, ann: Chat) -> None:
    await ann.send({"dice": {"emoji": "🎲", "value": 6}})
    await said(ann, wording.UNUSABLE)


async def test_the_welcome_begins_an_interview(world: World, ann: Chat) -> None:
    await ann.say("/start")
    await ann.press(await said(ann, wording.WELCOME), wording.START)
    await said(ann, "Which role")


# Groups


async def test_somebody_elses_tap_and_note_change_nothing(world: World) -> None:
    group = world.telegram.group_chat(users=["Ann", "Bob"])
    ann, bob = group.users
    card = await asked(group, by=ann)
    before = await world.interview(group, ann)
    tap = await group.press(card, "Stop", by=bob)
    note = await group.send_voice(NOTE, by=bob, reply_to=card)
    said_to_bob = await said(group, wording.NOTE_NOT_YOURS)
    await group.wait_for(lambda _: tap.answered)
    assert tap.text == wording.NOT_YOURS
    assert said_to_bob.reply_to is note
    assert note.reactions == []
    assert await world.interview(group, ann) == before
    assert await world.storage.load(conversation(group, bob)) is None
    assert card.buttons


async def test_two_people_in_a_group_have_an_interview_each(world: World) -> None:
    group = world.telegram.group_chat(users=["Ann", "Bob"])
    ann, bob = group.users
    anns = await asked(group, "Nurse", by=ann)
    bobs = await asked(group, "Pilot", by=bob)
    await group.send_voice(NOTE, by=bob, reply_to=bobs)
    await group.say(TYPED, by=ann, reply_to=anns)
    await group.wait_for(lambda phone: sum("Concrete." in card.text for card in phone.cards) == 2)
    for user, role in ((ann, "Nurse"), (bob, "Pilot")):
        interview = await world.interview(group, user)
        assert (interview.brief.role, len(interview.takes)) == (role, 1)


# History


async def practised(world: World, chat: Chat, role: str = "Nurse", note: bytes = NOTE) -> None:
    """An interview with one spoken answer, stopped."""
    await asked(chat, role)
    await chat.send_voice(note)
    await said(chat, "Concrete.")
    await chat.say("/cancel")
    await said(chat, "Stopped. 1 answer kept")
    await world.confirmed()


async def press(chat: Chat, card: Message, label: str, by: User | None = None) -> Press:
    """A tap that was answered."""
    pressed = await chat.press(card, label, by=by)
    await chat.wait_for(lambda _: pressed.answered)
    return pressed


async def test_past_answers_are_read_on_one_card_and_heard_again(world: World, ann: Chat) -> None:
    await practised(world, ann)
    await ann.say("/history")
    card = await said(ann, wording.HISTORY)
    await press(ann, card, "12 Jan 1970 · Nurse")
    await ann.wait_for(lambda _: "Nurse 0?" in card.text)
    assert SPEECH.decode() in card.text
    await press(ann, card, wording.HEAR)
    (voice,) = await ann.wait_for(
        lambda phone: [each.content["voice"] for each in phone.cards if "voice" in each.content]
    )
    assert world.telegram.files[voice["file_id"]].data == NOTE
    await press(ann, card, wording.BACK)
    await ann.wait_for(lambda _: card.text == wording.HISTORY)


async def test_a_recording_that_has_gone_is_said_to_have_gone(world: World, ann: Chat) -> None:
    await practised(world, ann)
    await ann.say("/history")
    card = await said(ann, wording.HISTORY)
    await press(ann, card, "12 Jan 1970 · Nurse")
    await ann.wait_for(lambda _: "Nurse 0?" in card.text)
    world.telegram.files.clear()
    await press(ann, card, wording.HEAR)
    await said(ann, wording.RECORDING_GONE)


async def tap(world: World, chat: Chat, data: str, by: User | None = None) -> Press:
    """A button of any data."""
    card = chat.last_card
    card.keyboard = [[{"text": "Made up", "callback_data": data}]]
    return await chat.press(card, "Made up", by=by)


async def test_nobody_reads_what_others_have_practised(world: World, ann: Chat, bob: Chat) -> None:
    await practised(world, ann)
    session = (await world.interview(ann)).session
    await bob.say("/history")
    await said(bob, wording.NO_HISTORY)
    await tap(world, bob, f"o:{bob.user.id}:{session}:0")
    await said(bob, wording.SESSION_GONE)
    await tap(world, bob, f"h:{bob.user.id}:{session}:0")
    await bob.wait_for(
        lambda phone: sum(wording.SESSION_GONE in card.text for card in phone.cards) == 2
    )
    theirs = await tap(world, bob, f"o:{ann.user.id}:{session}:0")
    await bob.wait_for(lambda _: theirs.answered)
    assert theirs.text == wording.NOT_YOURS
    assert "Nurse" not in bob.screen()


@pytest.mark.parametrize("letter", ["r", "v", "s"])
async def test_nobody_is_sent_what_others_have_practised(
    world: World, ann: Chat, bob: Chat, letter: str
) -> None:
    await practised(world, ann)
    session = (await world.interview(ann)).session
    await bob.say("/history")
    await said(bob, wording.NO_HISTORY)
    await tap(world, bob, f"{letter}:{bob.user.id}:{session}")
    await said(bob, wording.SESSION_GONE)
    theirs = await tap(world, bob, f"{letter}:{ann.user.id}:{session}")
    await bob.wait_for(lambda _: theirs.answered)
    assert theirs.text == wording.NOT_YOURS
    assert world.telegram.calls("sendPhoto") == world.telegram.calls("sendDocument") == []


# Practice, pictures and files


async def test_a_practice_is_kept_before_its_update_is_confirmed_and_counts_once(
    world: World, ann: Chat, bob: Chat, pauses: list[float]
) -> None:
    await practised(world, ann)
    world.storage.kept.clear()
    world.storage.saving.clear()
    await ann.say("/practice")
    await world.storage.saving.wait()
    (practice,) = world.telegram.updates
    await bob.say("/interview Pilot, 3 questions")
    world.storage.broken[conversation(ann)] = 1
    world.storage.kept.set()
    practising = await said(ann, "Question 1 of 1")
    assert "To practise: Content" in practising.text
    await said(bob, "Pilot 0?")
    await world.confirmed()
    assert world.deliveries()[practice["update_id"]] == 2
    assert sum("Question 1 of 1" in card.text for card in ann.cards) == 1
    brief = (await world.interview(ann)).brief
    assert (brief.role, brief.count, brief.practise) == ("Nurse", 1, "content")


async def test_a_practice_waits_for_the_interview_that_is_going_on(world: World, ann: Chat) -> None:
    await practised(world, ann)
    first = await asked(ann, "Pilot")
    press = await tap(world, ann, f"e:{ann.user.id}")
    await ann.wait_for(lambda _: press.answered)
    assert press.text == wording.refusal(Reason.ALREADY_RUNNING)
    await ann.wait_for(lambda phone: [c for c in shown_first(phone, "Pilot") if c is not first])
    assert (await world.interview(ann)).brief.role == "Pilot"


async def test_a_tap_for_practice_is_answered_where_there_is_nothing_to_practise(
    world: World, ann: Chat
) -> None:
    await ann.say("/help")
    await said(ann, wording.HELP)
    press = await tap(world, ann, f"e:{ann.user.id}")
    await ann.wait_for(lambda _: press.answered)
    assert press.text == wording.NO_PRACTICE


def has_more_cards(chat: Chat, than: int) -> bool:
    return len(chat.cards) > than


async def opened_page(world: World, chat: Chat, by: User | None = None) -> Message:
    """A past interview of Ann's, opened."""
    await chat.say("/history", by=by)
    card = await said(chat, wording.HISTORY)
    await chat.press(card, "12 Jan 1970 · Nurse", by=by)
    await chat.wait_for(lambda _: "Nurse 0?" in card.text)
    return card


async def test_flood_control_of_a_picture_and_of_a_file_is_waited_out(
    world: World, ann: Chat
) -> None:
    await practised(world, ann)
    page = await opened_page(world, ann)
    for label, method in ((wording.PICTURE, "sendPhoto"), (wording.SAVE, "sendDocument")):
        world.telegram.fail(method, Fault.status(429, retry_after=LATER))
        await press(ann, page, label)
        await world.clock.wait_for_sleeper(LATER)
        assert len(world.telegram.calls(method)) == 1
        world.clock.move(LATER)
    await ann.wait_for(lambda phone: len([c for c in phone.cards if "document" in c.content]) == 2)
    await ann.wait_for(lambda phone: len([c for c in phone.cards if "photo" in c.content]) == 1)
    assert {"upload_photo", "upload_document"} <= set(ann.actions)


async def test_a_chat_shows_that_a_picture_is_coming_until_it_is_there(
    world: World, ann: Chat
) -> None:
    await practised(world, ann)
    page = await opened_page(world, ann)
    world.telegram.fail("sendPhoto", Fault.hang())
    await press(ann, page, wording.PICTURE)
    await world.telegram.wait_for(lambda telegram: telegram.calls("sendPhoto"))
    await world.clock.wait_for_sleeper(ACTION_LASTS)
    world.clock.move(ACTION_LASTS)
    await ann.wait_for(lambda phone: phone.actions.count("upload_photo") == 2)
    await asked(ann, "Pilot")
    world.telegram.release()
    await ann.wait_for(lambda phone: any("photo" in card.content for card in phone.cards))


@pytest.mark.parametrize("blocked", [False, True])
async def test_who_has_no_private_chat_with_the_bot_is_told_how(
    world: World, *, blocked: bool
) -> None:
    group = world.telegram.group_chat(users=["Ann", "Bob"])
    ann = group.users[0]
    await asked(group, by=ann)
    await group.say(TYPED, by=ann, reply_to=group.last_card)
    await said(group, "Concrete.")
    await group.say("/cancel", by=ann)
    await said(group, "Stopped. 1 answer kept")
    if blocked:
        await world.telegram.private_chat(user_id=ann.id).block()
    page = await opened_page(world, group, by=ann)
    for label in (wording.PICTURE, wording.SAVE):
        before = len(group.cards)
        tapped = await press(group, page, label, by=ann)
        await group.wait_for(partial(has_more_cards, than=before))
        invitation = group.last_card
        assert wording.OPEN_PRIVATE in invitation.text
        assert tapped.text == ""
        assert invitation.reply_to is page
        (button,) = invitation.keyboard[0]
        assert button["url"] == "https://t.me/persona_bot?start=history"
    assert group.last_card.buttons == [[wording.OUR_PRIVATE_CHAT]]


async def test_a_picture_that_telegram_cannot_take_now_is_not_said_to_need_a_private_chat(
    world: World,
) -> None:
    ann = world.telegram.private_chat(first_name="Ann")
    group = world.telegram.group_chat(users=[ann.user, "Bob"])
    await practised(world, ann)
    page = await opened_page(world, group, by=ann.user)
    world.telegram.fail("sendPhoto", Fault.status(502), times=9)
    with capture_logs() as lines:
        tapped = await group.press(page, wording.PICTURE, by=ann.user)
        await group.wait_for(lambda _: tapped.answered)
        await asked(ann, "Pilot")
    assert tapped.text == ""
    assert len(logged(lines, "not_replied")) == 1
    assert wording.OPEN_PRIVATE not in group.screen()


@pytest.mark.parametrize("command", ["/link", "/link 3479-ACDE", "/unlink"])
async def test_no_code_is_given_or_taken_where_others_read(world: World, command: str) -> None:
    group = world.telegram.group_chat(users=["Ann", "Bob"])
    await group.say(command)
    invitation = await said(group, wording.OPEN_PRIVATE)
    assert invitation.keyboard[0][0]["url"].startswith("https://t.me/persona_bot?start=")
    assert "code" not in group.screen().lower()


async def test_a_reply_that_breaks_is_logged_and_stops_nothing(
    world: World, ann: Chat, bob: Chat
) -> None:
    await ann.say("/help")
    await said(ann, wording.HELP)
    with capture_logs() as lines:
        await tap(world, ann, f"o:{ann.user.id}:broken:0")
        await asked(bob)
        await asked(ann)
    assert len(logged(lines, "reply_broke")) == 1


# A chat that is slow, or closed


async def test_flood_control_of_a_reply_delays_nothing_else(
    world: World, ann: Chat, bob: Chat
) -> None:
    world.telegram.fail("sendMessage", Fault.status(429, retry_after=LATER))
    await ann.say("/help")
    await world.clock.wait_for_sleeper(LATER)
    await asked(ann)
    await asked(bob)
    await world.confirmed()
    assert wording.HELP not in ann.screen()
    world.clock.move(LATER)
    await said(ann, wording.HELP)


async def test_flood_control_of_a_card_delays_that_card_alone(
    world: World, ann: Chat, bob: Chat
) -> None:
    world.telegram.fail("sendMessage", Fault.status(429, retry_after=LATER))
    await ann.say("/interview")
    await world.clock.wait_for_sleeper(LATER)
    await ann.say("Nurse")
    await asked(bob)
    await world.confirmed()
    assert (await world.interview(ann)).brief.role == "Nurse"
    assert ann.cards == []
    world.clock.move(LATER)
    card = await said(ann, "At which company?")
    assert ann.cards == [card]


async def test_who_blocks_the_bot_disturbs_nobody_else(world: World, ann: Chat, bob: Chat) -> None:
    await asked(ann)
    await asked(bob)
    with capture_logs() as lines:
        await ann.block()
        for text in ("/help", TYPED, "/interview Pilot"):
            await ann.say(text)
        await bob.say(TYPED)
        await said(bob, "Concrete.")
        await world.confirmed()
        await world.telegram.wait_for(
            lambda telegram: all(r.status for r in telegram.calls("sendMessage"))
        )
    assert len((await world.interview(ann)).takes) == 1
    assert [line for line in lines if line["log_level"] in {"error", "critical"}] == []
    await ann.unblock()
    await ann.say("/interview")
    await ann.wait_for(lambda phone: phone.last_card.buttons)


async def test_the_end_does_not_wait_for_replies(pauses: list[float]) -> None:
    async with opened() as world:
        ann = world.telegram.private_chat(first_name="Ann")
        async with world.bot.serving(world.engine, world.archive):
            world.telegram.fail("sendMessage", Fault.status(429, retry_after=LATER))
            await ann.say("/help")
            await world.clock.wait_for_sleeper(LATER)
            await world.confirmed()
        assert not [task for task in asyncio.all_tasks() if "_try" in repr(task.get_coro())]


# Telegram itself


async def test_polling_goes_on_through_telegrams_troubles(
    world: World, ann: Chat, pauses: list[float]
) -> None:
    await world.telegram.wait_for(lambda telegram: telegram.calls("getUpdates"))
    for trouble in (
        Fault.status(502),
        Fault.reset(),
        Fault.body("<html>"),
        Fault.status(429, retry_after=LATER),
        Fault.status(409, "terminated by other getUpdates request"),
    ):
        world.telegram.fail("getUpdates", trouble)
    with capture_logs() as lines:
        await ann.say("/help")
        await said(ann, wording.HELP)
        await asked(ann)
    assert world.telegram.faults == []
    assert LATER + 0.5 in pauses
    assert logged(lines, "telegram_polling")


async def test_the_bot_waits_for_a_telegram_that_is_not_reached() -> None:
    async with opened() as world:
        world.telegram.fail("getMe", Fault.status(502), times=8)
        waits = (1, 2, 4, 8, 16, 32, LONGEST_START_WAIT, LONGEST_START_WAIT)
        async with AsyncExitStack() as stack:
            serving = asyncio.create_task(
                stack.enter_async_context(world.bot.serving(world.engine, world.archive))
            )
            for wait in waits:
                await world.clock.wait_for_sleeper(wait)
                assert not serving.done()
                world.clock.move(wait)
            await serving
            await asked(world.telegram.private_chat())


async def test_commands_and_descriptions_are_set_once(pauses: list[float]) -> None:
    async with opened() as world:
        telegram = world.telegram
        for _ in range(2):
            async with world.bot.serving(world.engine, world.archive):
                pass
        assert {each["command"]: each["description"] for each in telegram.commands} == (
            wording.COMMANDS
        )
        assert telegram.description == wording.DESCRIPTION
        assert telegram.short_description == wording.SHORT_DESCRIPTION
        assert len(telegram.calls("setMy*")) == 3
        telegram.profile[("description", "", '{"type": "default"}')] = "Another bot's"
        async with world.bot.serving(world.engine, world.archive):
            pass
        assert [request.operation for request in telegram.calls("setMy*")[3:]] == [
            "setMyDescription"
        ]


async def test_a_bot_that_cannot_introduce_itself_serves_all_the_same() -> None:
    async with opened() as world:
        world.telegram.fail("setMyCommands", Fault.status(429, retry_after=LATER))
        with capture_logs() as lines:
            async with world.bot.serving(world.engine, world.archive):
                await asked(world.telegram.private_chat())
        assert len(logged(lines, "not_introduced")) == 1


# The token


def all_of(error: BaseException) -> str:
    """Whatever a log could say of an error."""
    return "".join(traceback.format_exception(error)) + repr(error)


async def test_a_wrong_token_is_the_operators_to_mend() -> None:
    token = "654321:WRONG-token"
    async with opened(token) as world:
        with pytest.raises(ProblemError) as raised:
            await world.bot.check()
        problems = [raised.value]
        with pytest.raises(ProblemError) as raised:
            async with world.bot.serving(world.engine, world.archive):
                pass
        problems.append(raised.value)
    for error in problems:
        assert error.problem.kind is ProblemKind.MISCONFIGURED
        assert error.problem.detail == "TELEGRAM_TOKEN is not valid"
        assert token not in all_of(error)


async def test_the_check_names_the_bot() -> None:
    async with opened() as world:
        assert await world.bot.check() == "answers as @persona_bot"


@pytest.fixture
def logs(tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Everything that is logged, as the program logs it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    path = tmp_path / "log"
    log_to(path, LogLevel.DEBUG, LogFormat.JSON)
    structlog.configure(cache_logger_on_first_use=False)  # other tests log elsewhere
    (written,) = (h for h in root.handlers if isinstance(h, logging.StreamHandler))
    yield path.read_text
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)
    written.stream.close()


async def test_the_token_is_in_no_log(logs: Callable[[], str], pauses: list[float]) -> None:
    async with served() as world:
        ann = world.telegram.private_chat(first_name="Ann")
        for trouble in (Fault.status(401), Fault.status(404), Fault.reset(), Fault.body("<html>")):
            world.telegram.fail("sendMessage", trouble)
            await ann.say("/help")
            await world.telegram.wait_for(lambda telegram: not telegram.faults)
        world.telegram.fail("getUpdates", Fault.status(502))
        world.telegram.fail("getUpdates", Fault.reset())
        world.storage.broken[conversation(ann)] = POISON_TRIES
        await ann.say("/interview Pilot")
        await world.confirmed()
        await asked(ann)
        world.telegram.fail("download", Fault.status(404))
        await ann.send_voice(NOTE)
        await said(ann, "the recording can no longer be fetched")
        world.telegram.fail("download", Fault.reset(), times=9)
        await ann.send_voice(NOTE)
        await said(ann, "I cannot transcribe your answer just now")
    lines = logs()
    for event in ("not_replied", "telegram_polling", "update_given_up", "work_failed"):
        assert f'"event": "{event}"' in lines
    assert world.telegram.token.partition(":")[2] not in lines


async def test_a_long_outage_of_the_storage_loses_nothing(world: World, ann: Chat) -> None:
    world.storage.full[conversation(ann)] = 7
    await ann.say("/interview Nurse, 3 questions")
    await said(ann, "Nurse 0?")


async def test_a_tap_with_hostile_data_is_answered_and_delays_nobody(
    world: World, ann: Chat, bob: Chat, pauses: list[float]
) -> None:
    await ann.say("/help")
    await said(ann, wording.HELP)
    press = await tap(world, ann, "b:" + "9" * 5000)
    await asked(bob)
    await ann.wait_for(lambda _: press.answered)
    assert not pauses


async def test_a_token_that_is_refused_for_a_while_does_not_end_the_polling(
    world: World, ann: Chat
) -> None:
    await asked(ann)
    world.telegram.fail("getUpdates", Fault.status(401))
    await ann.say("/help")
    await said(ann, wording.HELP)
    await ann.say("/history")
    await said(ann, wording.NO_HISTORY)
