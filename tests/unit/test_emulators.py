"""The emulators tell right from wrong: real clients pass, and every check is seen to fail."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import assemblyai as aai
import httpx
import pytest
from google import genai
from google.genai import errors
from google.genai import types as google
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram import error as refused

from tests.emulators import assemblyai, gemini, specs, telegram_html
from tests.emulators.assemblyai import AssemblyAIEmulator
from tests.emulators.gemini import GeminiEmulator
from tests.emulators.server import Emulator, Fault
from tests.emulators.telegram import TEXT_FIELDS, TelegramEmulator

# The vendors' own clients warn: of pydantic 1 names, of an aiohttp subclass, of timedeltas to come.
pytestmark = [
    pytest.mark.filterwarnings("ignore::pydantic.warnings.PydanticDeprecatedSince20"),
    pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning"),
]
needs_specs = pytest.mark.skipif(not specs.found, reason="the published specs are not at hand")
VOICE = b"OggS, made up"


def png(width: int, height: int) -> bytes:
    """As much of a picture as tells its size."""
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + width.to_bytes(4) + height.to_bytes(4)


PNG = png(300, 200)


# Telegram


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramEmulator]:
    async with TelegramEmulator() as emulator:
        yield emulator


@pytest.fixture
async def bot(telegram: TelegramEmulator) -> AsyncIterator[Bot]:
    async with Bot(
        telegram.token, base_url=telegram.base_url, base_file_url=telegram.base_file_url
    ) as client:
        yield client


async def post(emulator: Emulator, path: str, **request: Any) -> tuple[int, Any]:
    method = request.pop("method", "POST")
    async with (
        aiohttp.ClientSession() as http,
        http.request(method, emulator.url + path, **request) as answer,
    ):
        return answer.status, await answer.json(content_type=None)


async def call(telegram: TelegramEmulator, method: str, body: dict[str, Any]) -> tuple[int, Any]:
    return await post(telegram, f"/bot{telegram.token}/{method}", json=body)


def keyboard(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


def message(**fields: Any) -> dict[str, Any]:
    return {"chat_id": 1, "text": "Hello", **fields}


def html(text: str) -> dict[str, Any]:
    return message(text=text, parse_mode="HTML")


BUTTON = {"text": "Next", "callback_data": "n"}

WRONG_BY_SPEC = [
    ("sendMessage", message(mood="good"), "unknown field mood"),
    ("sendMessage", {"chat_id": 1}, "missing field text"),
    ("sendMessage", message(text=5), "text is int, not String"),
    ("sendMessage", message(disable_notification="yes"), "disable_notification is str"),
    ("sendMessage", message(reply_markup={"rows": []}), "reply_markup.rows"),
    ("sendMessage", message(reply_markup=keyboard({"callback_data": "n"})), "missing field"),
    ("sendMessage", message(reply_markup=keyboard(BUTTON | {"style": "loud"})), "'loud'"),
    ("setMessageReaction", {"chat_id": 1, "message_id": True}, "message_id is bool"),
    (
        "setMessageReaction",
        {"chat_id": 1, "message_id": 1, "reaction": [{"type": "emoji", "emoji": "🦀"}]},
        "reaction[0].emoji is '🦀'",
    ),
    ("sendVoice", {"chat_id": 1, "voice": 7}, "voice is int"),
]
WRONG_BY_PROSE = [
    ("sendMessage", message(text="x" * 4097), "message is too long"),
    ("sendMessage", message(text="🎤" * 2049), "message is too long"),
    ("sendMessage", message(text=" \n"), "message text is empty"),
    ("sendMessage", html("<b></b>"), "message text is empty"),
    ("sendMessage", html("a < b"), "can't parse entities: Unescaped character '<'"),
    ("sendMessage", html("R&D"), "can't parse entities: Unescaped character '&'"),
    ("sendMessage", html("a &nbsp; b"), "can't parse entities: Unescaped"),
    ("sendMessage", html("<b>bold"), "Can't find end tag corresponding to start tag"),
    ("sendMessage", html("<b><i>x</b></i>"), "Unmatched end tag at byte offset 7"),
    ("sendMessage", html("é</b>"), "Unexpected end tag at byte offset 2"),
    ("sendMessage", html("<p>x</p>"), 'Unsupported start tag "p"'),
    ("sendMessage", html("<a>x</a>"), 'Unsupported start tag "a"'),
    ("sendMessage", html('<span class="red">x</span>'), 'Unsupported start tag "span"'),
    ("sendMessage", html('<b class="x">x</b>'), 'Unexpected attribute "class"'),
    ("sendMessage", html("<tg-time>x</tg-time>"), 'Unsupported start tag "tg-time"'),
    ("sendMessage", html('<tg-time unix="soon">x</tg-time>'), "Invalid time"),
    ("sendMessage", html('<tg-time unix="-1">x</tg-time>'), "Invalid time"),
    ("sendMessage", html('<tg-time unix="1" format="rt">x</tg-time>'), "Invalid time"),
    ("sendMessage", html("<code>a <b>x</b></code>"), 'Tag "b" inside code'),
    (
        "sendMessage",
        html("<blockquote>a<blockquote expandable>b</blockquote></blockquote>"),
        "Nested blockquote",
    ),
    ("sendMessage", message(parse_mode="MarkdownV2"), "only the parse mode HTML"),
    ("sendMessage", message(reply_markup=keyboard({"text": "", "callback_data": "n"})), "no text"),
    ("sendMessage", message(reply_markup=keyboard({"text": "Next"})), "'Next' does nothing"),
    ("sendMessage", message(reply_markup=keyboard(BUTTON | {"callback_data": "é" * 33})), "_DATA_"),
    ("sendMessage", message(reply_markup=keyboard(BUTTON | {"callback_data": ""})), "_DATA_"),
    ("sendMessage", message(reply_markup=keyboard({"text": "Docs", "url": "docs"})), "_URL_"),
    ("sendMessage", message(reply_markup=keyboard(*[BUTTON] * 101)), "more than 100 buttons"),
    ("sendDocument", {"chat_id": 1, "document": "x", "caption": "x" * 1025}, "caption is too long"),
    ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "longer than 200"),
    ("sendChatAction", {"chat_id": 1, "action": "thinking"}, "wrong parameter action"),
    (
        "setMessageReaction",
        {"chat_id": 1, "message_id": 1, "reaction": [{"type": "emoji", "emoji": "👍"}] * 2},
        "REACTIONS_TOO_MANY",
    ),
    ("setMyCommands", {"commands": [{"command": "Start", "description": "x"}]}, "COMMAND_INVALID"),
    ("setMyCommands", {"commands": [{"command": "start", "description": ""}]}, "DESCRIPTION_INV"),
    (
        "setMyCommands",
        {"commands": [{"command": "a", "description": "x"}] * 101},
        "BOT_COMMANDS_TOO_MUCH",
    ),
    ("setMyDescription", {"description": "x" * 513}, "longer than 512"),
    ("setMyShortDescription", {"short_description": "x" * 121}, "longer than 120"),
    ("getUpdates", {"limit": 101}, "limit is not within 1-100"),
]


async def assert_wrong(
    telegram: TelegramEmulator, method: str, body: dict[str, Any], why: str
) -> None:
    telegram.private_chat(user_id=1)
    status, answer = await call(telegram, method, body)
    assert (status, answer["ok"], answer["error_code"]) == (400, False, 400)
    assert why in answer["description"]
    assert why in telegram.violations[0]
    with pytest.raises(AssertionError, match="that the vendor refuses"):
        telegram.assert_valid()


@needs_specs
@pytest.mark.parametrize(("method", "body", "why"), WRONG_BY_SPEC)
async def test_departures_from_the_published_api_are_violations(
    telegram: TelegramEmulator, method: str, body: dict[str, Any], why: str
) -> None:
    await assert_wrong(telegram, method, body, why)


@pytest.mark.parametrize(("method", "body", "why"), WRONG_BY_PROSE)
async def test_departures_from_its_prose_are_violations(
    telegram: TelegramEmulator, method: str, body: dict[str, Any], why: str
) -> None:
    await assert_wrong(telegram, method, body, why)


async def test_the_limits_themselves_are_kept(telegram: TelegramEmulator) -> None:
    telegram.private_chat(user_id=1)
    bodies = [
        message(text="🎤" * 2048),
        html(f"<b>{'&lt;' * 4096}</b>"),
        message(reply_markup=keyboard(*[BUTTON | {"callback_data": "é" * 32}] * 100)),
    ]
    assert [(await call(telegram, "SENDMESSAGE", body))[0] for body in bodies] == [200] * 3
    telegram.assert_valid()


async def test_files_that_are_not_what_they_claim_are_violations(
    telegram: TelegramEmulator, bot: Bot
) -> None:
    chat = telegram.private_chat()
    with pytest.raises(refused.BadRequest, match="Voice is not ogg"):
        await bot.send_voice(chat.id, b"RIFF")
    with pytest.raises(refused.BadRequest, match="Image_process_failed"):
        await bot.send_photo(chat.id, b"BM")
    for width, height in ((9_000, 1_001), (21, 1), (1, 21)):
        with pytest.raises(refused.BadRequest, match="Photo_invalid_dimensions"):
            await bot.send_photo(chat.id, png(width, height))
    with pytest.raises(refused.BadRequest, match="File must be non-empty"):
        await bot.send_document(chat.id, b"", filename="empty.html")
    assert len(telegram.violations) == 6
    await bot.send_photo(chat.id, png(9_000, 1_000))


async def test_who_met_the_bot_in_a_group_alone_has_not_let_it_write(
    telegram: TelegramEmulator, bot: Bot
) -> None:
    group = telegram.group_chat(users=["Ann"])
    with pytest.raises(refused.Forbidden, match="can't initiate conversation"):
        await bot.send_message(group.user.id, "Hello")
    with pytest.raises(refused.BadRequest, match="Chat not found"):
        await bot.send_message(1, "Hello")
    telegram.private_chat(user_id=group.user.id)
    await bot.send_message(group.user.id, "Hello")
    telegram.assert_valid()


async def test_a_time_is_shown_and_read_as_one(telegram: TelegramEmulator, bot: Bot) -> None:
    chat = telegram.private_chat()
    text = 'It ends <tg-time unix="220" format="r">soon</tg-time>.'
    await bot.send_message(chat.id, text, parse_mode="HTML")
    assert chat.last_card.text == "It ends soon."
    (shown,) = chat.last_card.content["entities"]
    assert shown["type"] == "date_time"
    assert (shown["unix_time"], shown["date_time_format"]) == (220, "r")
    if spec := specs.telegram():
        answer = telegram.calls("sendMessage")[-1].answer["result"]
        assert spec.check_answer("sendMessage", answer) == []
    telegram.assert_valid()


async def test_unknown_methods_paths_and_tokens(telegram: TelegramEmulator) -> None:
    status, answer = await post(telegram, "/bot1:wrong/getMe")
    assert (status, answer["description"]) == (401, "Unauthorized")
    telegram.assert_valid()
    assert (await call(telegram, "sendTelepathy", {}))[0] == 404
    assert (await call(telegram, "sendDice", {"chat_id": 1}))[0] == 404
    assert (await post(telegram, "/metrics", method="GET"))[0] == 404
    assert len(telegram.violations) == 3


async def test_ordinary_refusals_are_no_violations(telegram: TelegramEmulator, bot: Bot) -> None:
    chat = telegram.private_chat()
    card = await bot.send_message(chat.id, "Hello")
    heard = await chat.say("Hi")
    with pytest.raises(refused.BadRequest, match="Message is not modified"):
        await card.edit_text("Hello")
    with pytest.raises(refused.BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("x", chat.id, 999)
    with pytest.raises(refused.BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", chat.id, heard.id)
    with pytest.raises(refused.BadRequest, match="Query is too old"):
        await bot.answer_callback_query("999")
    with pytest.raises(refused.BadRequest, match="Chat not found"):
        await bot.send_message(5, "x")
    with pytest.raises(refused.BadRequest, match="Message to be replied not found"):
        await bot.send_message(chat.id, "x", reply_to_message_id=999)
    big = await chat.send_voice(VOICE, size=21 * 2**20)
    with pytest.raises(refused.BadRequest, match="File is too big"):
        await bot.get_file(big.content["voice"]["file_id"])
    chat.refuses_voice = True
    with pytest.raises(refused.BadRequest, match="Voice_messages_forbidden"):
        await bot.send_voice(chat.id, VOICE)
    await chat.block()
    with pytest.raises(refused.Forbidden, match="bot was blocked by the user"):
        await bot.send_message(chat.id, "x")
    telegram.assert_valid()


SCREEN = """\
--- Ann ---
Ann: /start backend
PersonaAI (edited): Question 2
Ann: <voice 1:12>
  👍
PersonaAI: <voice 0:03>
  Aloud
PersonaAI: <voice 0:00>
PersonaAI: <document answers.json>
PersonaAI: <audio 0:00 Answer 1>"""


async def test_a_conversation_through_the_real_client(telegram: TelegramEmulator, bot: Bot) -> None:
    chat = telegram.private_chat(first_name="Ann")
    await chat.say("/start backend")
    first = await bot.get_updates(timeout=5)
    assert first[0].message
    assert first[0].message.parse_entities() == {first[0].message.entities[0]: "/start"}

    buttons = [[InlineKeyboardButton("▶ Next", callback_data="next:1")]]
    card = await bot.send_message(
        chat.id,
        "<b>Question 1</b> 🎤 <blockquote expandable>Why us?</blockquote>",
        parse_mode="HTML",
        reply_markup=InlineKeyboardMarkup(buttons),
    )
    assert card.text_html == ("<b>Question 1</b> 🎤 <blockquote expandable>Why us?</blockquote>")

    press = await chat.press(chat.last_card, "Next")
    (update,) = await bot.get_updates(offset=first[-1].update_id + 1, timeout=5)
    assert update.callback_query
    assert update.callback_query.data == press.data == "next:1"
    await update.callback_query.answer("On we go")
    assert (press.answered, press.text) == (True, "On we go")
    with pytest.raises(refused.BadRequest, match="Query is too old"):
        await update.callback_query.answer()
    with pytest.raises(AssertionError, match="▶ Next"):
        await chat.press(chat.last_card, "Stop")

    note = await chat.send_voice(VOICE, duration=72)
    await bot.set_message_reaction(chat.id, note.id, "👍")
    file = await bot.get_file(note.content["voice"]["file_id"])
    assert bytes(await file.download_as_bytearray()) == VOICE

    await card.edit_text("Question 2")
    shown = chat.find("Question 2")
    assert (shown.edits, shown.buttons, len(shown.history)) == (1, [], 1)
    spoken = await bot.send_voice(
        chat.id, VOICE, duration=3, caption="<i>Aloud</i>", parse_mode="HTML"
    )
    assert spoken.voice
    await bot.send_voice(chat.id, spoken.voice.file_id)
    photo = await bot.send_photo(chat.id, PNG)
    assert (photo.photo[0].width, photo.photo[0].height) == (300, 200)
    await bot.delete_message(chat.id, photo.message_id)
    await bot.send_document(chat.id, b"{}", filename="answers.json")
    await bot.send_audio(chat.id, VOICE, title="Answer 1")
    await bot.send_chat_action(chat.id, "record_voice")
    assert chat.actions == ["record_voice"]

    await bot.set_my_commands([("start", "Begin")])
    await bot.set_my_description("Practise interviews")
    await bot.set_my_short_description("Practise")
    assert telegram.commands == [{"command": "start", "description": "Begin"}]
    assert (telegram.description, telegram.short_description) == ("Practise interviews", "Practise")
    assert (await bot.get_my_description()).description == "Practise interviews"
    assert (await bot.get_my_commands())[0].command == "start"
    await bot.delete_webhook()
    await bot.get_webhook_info()

    assert chat.screen() == SCREEN
    telegram.assert_valid()
    if spec := specs.telegram():
        for request in telegram.requests:
            if request.operation != "download" and request.status == 200:
                assert spec.check_answer(request.operation, request.answer["result"]) == []


async def test_people_send_what_people_send(telegram: TelegramEmulator, bot: Bot) -> None:
    chat = telegram.private_chat(username="ann")
    said = await chat.say("Hi <all>")
    await chat.edit(said, "Hello")
    await chat.send_audio(VOICE)
    await chat.send_video_note(b"mp4")
    await chat.send_document("cv.pdf", "application/pdf", b"%PDF", caption="My CV")
    await chat.block()
    await chat.unblock()
    await chat.delete(said)
    updates = await bot.get_updates()
    kinds = [next(k for k in update.to_dict() if k != "update_id") for update in updates]
    assert kinds == ["message", "edited_message", *["message"] * 3, *["my_chat_member"] * 2]
    assert said.html == "Hello"
    assert said not in chat.messages
    if spec := specs.telegram():
        assert spec.check_answer("getUpdates", telegram.requests[-1].answer["result"]) == []


async def test_a_group_in_privacy_mode(telegram: TelegramEmulator, bot: Bot) -> None:
    group = telegram.group_chat(users=["Ann", "Bob"])
    _, bob = group.users
    await group.say("Nice weather")
    await group.say("/start@other_bot")
    await group.say("/start", by=bob)
    await bot.send_message(group.id, "Who answers?")
    await group.send_voice(VOICE)
    await group.send_voice(VOICE, by=bob, reply_to=group.last_card)
    started, answered = await bot.get_updates()
    assert started.effective_user
    assert started.effective_user.first_name == "Bob"
    assert answered.message
    assert answered.message.reply_to_message
    assert answered.message.reply_to_message.text == "Who answers?"


async def test_updates_come_again_until_they_are_confirmed(
    telegram: TelegramEmulator, bot: Bot
) -> None:
    chat = telegram.private_chat()
    await chat.say("one")
    await chat.say("two")
    first = await bot.get_updates()
    assert await bot.get_updates() == first
    assert await bot.get_updates(offset=first[0].update_id + 1) == first[1:]
    assert await bot.get_updates(offset=-1) == first[1:]
    assert await bot.get_updates(offset=first[1].update_id + 1) == ()
    await bot.get_updates(allowed_updates=["callback_query"])
    await chat.say("three")
    assert telegram.updates == []


async def test_a_long_poll_ends_with_news_or_with_another_poll(
    telegram: TelegramEmulator, bot: Bot
) -> None:
    chat = telegram.private_chat()
    poll = asyncio.create_task(bot.get_updates(timeout=50))
    await telegram.wait_for(lambda e: e.calls("getUpdates"))
    await chat.say("news")
    assert len(await poll) == 1
    next_id = (await poll)[-1].update_id + 1
    poll = asyncio.create_task(bot.get_updates(offset=next_id, timeout=50))
    await telegram.wait_for(lambda e: len(e.calls("getUpdates")) == 2)
    assert (await call(telegram, "getUpdates", {"offset": next_id}))[1] == {
        "ok": True,
        "result": [],
    }
    with pytest.raises(refused.Conflict):
        await poll


async def test_faults_come_as_scripted(telegram: TelegramEmulator, bot: Bot) -> None:
    chat = telegram.private_chat()
    telegram.fail("sendMessage", Fault.status(429, retry_after=3), times=2)
    telegram.fail("send*", Fault.status(502))
    telegram.fail("sendMessage", Fault.body("<html>"))
    telegram.fail("sendMessage", Fault.reset())
    telegram.fail("sendMessage", Fault.reset(done=True), skip=1)
    for expected in (
        refused.RetryAfter,
        refused.RetryAfter,
        refused.NetworkError,
        refused.TelegramError,
        refused.NetworkError,
    ):
        with pytest.raises(expected):
            await bot.send_message(chat.id, "x")
    assert chat.messages == []
    await bot.send_message(chat.id, "whole")
    with pytest.raises(refused.NetworkError):
        await bot.send_message(chat.id, "its answer is lost")
    assert [card.text for card in chat.cards] == ["whole", "its answer is lost"]
    assert telegram.faults == []


@pytest.mark.parametrize("done", [False, True])
async def test_what_hangs_goes_on_when_released(
    telegram: TelegramEmulator, bot: Bot, *, done: bool
) -> None:
    chat = telegram.private_chat()
    telegram.fail("sendMessage", Fault.hang(done=done))
    sending = asyncio.create_task(bot.send_message(chat.id, "x"))
    (request,) = await telegram.wait_for(lambda e: e.calls("sendMessage"))
    if done:
        await chat.wait_for(lambda chat: chat.last_card)
    assert request.status is None
    assert len(chat.messages) == done
    telegram.release()
    await sending
    assert len(chat.messages) == 1


async def test_waiting_in_vain_shows_the_screen(telegram: TelegramEmulator) -> None:
    chat = telegram.private_chat()
    await chat.say("Anybody?")
    with pytest.raises(AssertionError, match="Ann: Anybody"):
        await chat.wait_for(lambda chat: chat.last_card, timeout=0)
    with pytest.raises(AssertionError, match="no request"):
        await telegram.wait_for(lambda e: e.requests, timeout=0)


@needs_specs
def test_text_fields_are_those_of_the_spec() -> None:
    """A form's value is text or JSON by its field's name alone: that must fit the spec."""
    spec = specs.telegram()
    assert spec
    for method in TelegramEmulator().methods:
        for field in spec.fields(method):
            textual = set(field["types"]) <= {"String", "InputFile"}
            assert textual == (field["name"] in TEXT_FIELDS), (method, field["name"])


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escaped_text_is_always_good_markup(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    shown, entities = telegram_html.parse(f"a<b>{escaped}</b>")
    assert shown == f"a{text}"
    assert entities == [
        {"type": "bold", "offset": 1, "length": telegram_html.units(text)} for _ in text[:1]
    ]


@pytest.mark.parametrize(
    ("source", "entity"),
    [
        ("<pre>x</pre>", {"type": "pre"}),
        (
            '<pre><code class="language-python">x</code></pre>',
            {"type": "pre", "language": "python"},
        ),
        ('<a href="https://a.example/?q=1&amp;r=2">x</a>', {"type": "text_link"}),
        ('<span class="tg-spoiler">x</span>', {"type": "spoiler"}),
        ('<tg-emoji emoji-id="5">x</tg-emoji>', {"type": "custom_emoji", "custom_emoji_id": "5"}),
        ("<STRONG>x</STRONG>", {"type": "bold"}),
    ],
)
def test_markup_is_read(source: str, entity: dict[str, str]) -> None:
    text, entities = telegram_html.parse(source)
    assert (text, entities[0]) == ("x", entities[0] | entity | {"offset": 0, "length": 1})
    assert entities[0].get("url") in {None, "https://a.example/?q=1&r=2"}


# AssemblyAI


@pytest.fixture
async def assembly() -> AsyncIterator[AssemblyAIEmulator]:
    async with AssemblyAIEmulator() as emulator:
        yield emulator


@pytest.fixture
async def transcriber(assembly: AssemblyAIEmulator) -> AsyncIterator[aai.AsyncTranscriber]:
    settings = aai.Settings(api_key=assembly.api_key, base_url=assembly.url, polling_interval=0.001)
    config = aai.TranscriptionConfig(speech_models=["universal-2"], disfluencies=True)
    async with aai.AsyncClient(settings=settings) as client:
        yield aai.AsyncTranscriber(client=client, config=config)


async def test_a_job_through_the_real_client(
    assembly: AssemblyAIEmulator, transcriber: aai.AsyncTranscriber
) -> None:
    assembly.speech = lambda audio: "Um, I led it." if audio == VOICE else "Nothing"
    assembly.polls_before_done = 2
    heard = await transcriber.transcribe(await transcriber.upload_file(VOICE))
    assert (heard.text, heard.status, heard.audio_duration) == ("Um, I led it.", "completed", 2)
    assert heard.words
    assert [word.start for word in heard.words] == [0, 350, 700, 1050]
    assert heard.id
    assert assembly.jobs[heard.id].polls == 3
    await transcriber.list_transcripts()
    assert (await transcriber.delete_by_id(heard.id)).text == "Deleted by user."
    assert assembly.jobs[heard.id].deleted
    assert assembly.uploads == {}
    with pytest.raises(aai.TranscriptError, match="Not found"):
        await transcriber.delete_by_id(heard.id)
    assembly.assert_valid()
    assert_answers_fit_the_spec(assembly)


ANSWERS = {
    "uploadFile": "UploadedFile",
    "createTranscript": "Transcript",
    "getTranscript": "Transcript",
    "deleteTranscript": "Transcript",
    "listTranscripts": "TranscriptList",
}


def assert_answers_fit_the_spec(assembly: AssemblyAIEmulator) -> None:
    if spec := specs.assemblyai():
        for request in assembly.requests:
            schema = ANSWERS[request.operation] if request.status == 200 else "Error"
            assert spec.check(schema, request.answer) == []


async def test_jobs_hear_what_is_queued_and_wait_when_held(
    assembly: AssemblyAIEmulator, transcriber: aai.AsyncTranscriber
) -> None:
    assembly.will_hear("Hmm, well", confidence=0.4)
    assembly.will_hear("")
    assembly.will_fail("Transcoding failed")
    url = await transcriber.upload_file(VOICE)
    assembly.hold()
    jobs = [await transcriber.submit(url) for _ in range(3)]
    waiting = asyncio.create_task(jobs[0].wait_for_completion())
    await assembly.wait_for(lambda e: e.calls("getTranscript"))
    assert assembly.jobs[jobs[0].id or ""].status == "processing"
    assembly.release()
    first = await waiting
    assert (first.text, first.confidence) == ("Hmm, well", 0.4)
    silent = await jobs[1].wait_for_completion()
    assert (silent.text, silent.words) == ("", [])
    failed = await jobs[2].wait_for_completion()
    assert (failed.status, failed.error) == ("error", "Transcoding failed")
    lost = await (await transcriber.submit("https://a.example/x.ogg")).wait_for_completion()
    assert str(lost.error).startswith("Download error")
    assert_answers_fit_the_spec(assembly)


async def test_fillers_are_dropped_unless_disfluencies_are_wanted(
    assembly: AssemblyAIEmulator, transcriber: aai.AsyncTranscriber
) -> None:
    assembly.will_hear("Um her Uh, uhm Umm... umbrella er Hmm. mhm ah")
    config = aai.TranscriptionConfig(speech_models=["universal-2"])
    heard = await transcriber.transcribe(await transcriber.upload_file(VOICE), config=config)
    assert heard.text == "her umbrella"


async def test_assemblyai_refuses(
    assembly: AssemblyAIEmulator, transcriber: aai.AsyncTranscriber
) -> None:
    assembly.fail("createTranscript", Fault.status(429, retry_after=7))
    assembly.fail("uploadFile", Fault.reset())
    with pytest.raises(aai.TranscriptError) as busy:
        await transcriber.submit("https://a.example/x.ogg")
    assert busy.value.status_code == 429
    assert transcriber.client.last_response
    assert transcriber.client.last_response.headers["Retry-After"] == "7"
    with pytest.raises(httpx.TransportError):
        await transcriber.upload_file(VOICE)
    status, answer = await post(
        assembly, "/v2/upload", data=VOICE, headers={"Authorization": "wrong"}
    )
    assert (status, answer) == (401, {"error": "Authentication error, API token missing/invalid"})
    assembly.assert_valid()


KEY = {"Authorization": assemblyai.API_KEY}


@needs_specs
@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"audio_url": "https://a.example/x"}, "'speech_models' is a required property"),
        ({"speech_models": ["universal-2"]}, "'audio_url' is a required property"),
        (
            {"audio_url": "https://a.example/x", "speech_models": [], "fillers": True},
            "'fillers' was unexpected",
        ),
        ({"audio_url": "https://a.example/x", "speech_models": "best"}, "is not of type 'array'"),
        ("not an object", "is not of type 'object'"),
    ],
)
async def test_jobs_that_depart_from_the_spec_are_violations(
    assembly: AssemblyAIEmulator, body: Any, why: str
) -> None:
    status, _ = await post(assembly, "/v2/transcript", json=body, headers=KEY)
    assert status == 400
    assert why in assembly.violations[0]


async def test_other_departures_are_violations(assembly: AssemblyAIEmulator) -> None:
    json_type = {"Content-Type": "application/json"}
    assert (await post(assembly, "/v2/upload", data=b"", headers=KEY))[0] == 400
    assert (await post(assembly, "/v2/upload", data=b"x", headers=KEY | json_type))[0] == 400
    assert (await post(assembly, "/v2/transcribe", headers=KEY))[0] == 404
    assert (await post(assembly, "/v2/transcript?page=2", method="GET", headers=KEY))[0] == 400
    assert len(assembly.violations) == 4


@needs_specs
def test_routes_are_those_of_the_spec() -> None:
    spec = specs.assemblyai()
    assert spec
    for operation, (method, path) in assemblyai.ROUTES.items():
        assert spec.paths[path][method.lower()]["operationId"] == operation


# Gemini


class Question(BaseModel):
    text: str = Field(description="The question")
    difficulty: int = Field(ge=4, le=5)
    follow_up: str | None = None


class Questions(BaseModel):
    questions: list[Question] = Field(min_length=3)


@pytest.fixture
async def model() -> AsyncIterator[GeminiEmulator]:
    async with GeminiEmulator() as emulator:
        yield emulator


def gemini_client(emulator: GeminiEmulator, key: str = gemini.API_KEY) -> genai.Client:
    options = google.HttpOptions(base_url=emulator.url, api_version="v1beta", timeout=10_000)
    return genai.Client(api_key=key, http_options=options)


@pytest.fixture
async def client(model: GeminiEmulator) -> AsyncIterator[genai.Client]:
    with gemini_client(model) as made:
        yield made
        await made.aio.aclose()


SCHEMAS: list[dict[str, Any]] = [
    {"response_schema": Questions},
    {"response_json_schema": Questions.model_json_schema()},
]


async def ask(client: genai.Client, **config: Any) -> google.GenerateContentResponse:
    return await client.aio.models.generate_content(
        model="gemini-3.8-flash",
        contents="Write questions",
        config=google.GenerateContentConfig(
            system_instruction="You interview engineers",
            response_mime_type="application/json",
            temperature=0.4,
            seed=7,
            max_output_tokens=900,
            thinking_config=google.ThinkingConfig(thinking_budget=0),
            safety_settings=[
                google.SafetySetting(
                    category=google.HarmCategory.HARM_CATEGORY_HARASSMENT,
                    threshold=google.HarmBlockThreshold.BLOCK_ONLY_HIGH,
                )
            ],
            **config,
        ),
    )


@pytest.mark.parametrize("schema", SCHEMAS)
async def test_the_schema_is_filled_in_through_the_real_client(
    model: GeminiEmulator, client: genai.Client, schema: dict[str, Any]
) -> None:
    answer = await ask(client, **schema)
    written = Questions.model_validate_json(answer.text or "")
    assert len(written.questions) == 3
    assert len({question.text for question in written.questions}) == 3
    assert {question.difficulty for question in written.questions} == {4}
    assert answer.usage_metadata
    assert answer.usage_metadata.prompt_token_count == 100
    assert gemini.texts(model.requests[0].body) == "You interview engineers\nWrite questions"
    model.assert_valid()


async def test_replies_can_be_scripted(model: GeminiEmulator, client: genai.Client) -> None:
    model.reply = lambda _: {"questions": [{"text": "Why?", "difficulty": 5}] * 3}
    answer = await ask(client, response_schema=Questions)
    assert isinstance(answer.parsed, Questions)
    assert answer.parsed.questions[0].text == "Why?"
    model.reply = lambda _: '{"off": "schema"}'
    assert (await ask(client, response_schema=Questions)).parsed is None
    assert (await client.aio.models.get(model="gemini-3.8-flash")).output_token_limit == 65_536
    model.assert_valid()


async def test_a_script_that_raises_does_not_go_unseen(
    model: GeminiEmulator, client: genai.Client
) -> None:
    model.reply = lambda body: body["missing"]
    with pytest.raises(errors.ServerError):
        await ask(client)
    with pytest.raises(AssertionError, match="the emulator failed with KeyError"):
        model.assert_valid()


@pytest.mark.parametrize(
    ("fault", "text", "reason"),
    [
        (gemini.blocked(), None, None),
        (gemini.stopped(), None, "SAFETY"),
        (gemini.cut_off('{"que'), '{"que', "MAX_TOKENS"),
        (gemini.empty(), None, "STOP"),
    ],
)
async def test_answers_that_are_none(
    model: GeminiEmulator, client: genai.Client, fault: Fault, text: str | None, reason: str | None
) -> None:
    model.fail("generateContent", fault)
    answer = await ask(client, response_schema=Questions)
    assert answer.text == text
    reasons = [candidate.finish_reason for candidate in answer.candidates or []]
    assert reasons == ([reason] if reason else [])
    if reason is None:
        assert answer.prompt_feedback
        assert answer.prompt_feedback.block_reason == "PROHIBITED_CONTENT"


@pytest.mark.parametrize(
    ("fault", "code", "status", "detail"),
    [
        (gemini.quota(34), 429, "RESOURCE_EXHAUSTED", "'retryDelay': '34s'"),
        (Fault.status(429, retry_after=5), 429, "RESOURCE_EXHAUSTED", "'retryDelay': '5s'"),
        (gemini.bad_key(), 400, "INVALID_ARGUMENT", "API_KEY_INVALID"),
        (gemini.bad_key(403), 403, "PERMISSION_DENIED", "leaked"),
        (Fault.status(503), 503, "UNAVAILABLE", "overloaded"),
    ],
)
async def test_gemini_refuses(
    model: GeminiEmulator, client: genai.Client, fault: Fault, code: int, status: str, detail: str
) -> None:
    model.fail("generateContent", fault)
    with pytest.raises(errors.APIError) as refusal:
        await ask(client)
    assert (refusal.value.code, refusal.value.status) == (code, status)
    assert detail in str(refusal.value.details)


async def test_wrong_keys_and_models_are_refused(model: GeminiEmulator) -> None:
    model.models = {"gemini-3.8-flash"}
    with gemini_client(model, key="wrong") as client:
        with pytest.raises(errors.ClientError, match="API key not valid"):
            await ask(client)
        await client.aio.aclose()
    with gemini_client(model) as client:
        with pytest.raises(errors.ClientError, match=r"models/gemini-1\.0 is not found"):
            await client.aio.models.get(model="gemini-1.0")
        await client.aio.aclose()
    model.assert_valid()


def request(**more: Any) -> dict[str, Any]:
    content = {"role": "user", "parts": [{"text": "Hi"}]}
    return {"contents": [content], "systemInstruction": {"parts": [{"text": "Be"}]}} | more


def config(**more: Any) -> dict[str, Any]:
    return request(generationConfig=more)


def schema(**more: Any) -> dict[str, Any]:
    return config(responseMimeType="application/json", responseSchema=more)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (None, "is not of type 'object'"),
        ({"contents": request()["contents"]}, "'systemInstruction' is a required property"),
        (request(contents=[]), "should be non-empty"),
        (request(contents=[{"role": "bot", "parts": [{"text": "Hi"}]}]), "'bot' is not one of"),
        (request(contents=[{"parts": [{"text": "Hi", "thought": 1}]}]), "'thought' was unexpected"),
        (request(mood="good"), "'mood' was unexpected"),
        (
            request(safetySettings=[{"category": "RUDE", "threshold": "OFF"}]),
            "'RUDE' is not one of",
        ),
        (config(temperature=3), "greater than the maximum"),
        (config(maxTokens=5), "'maxTokens' was unexpected"),
        (config(thinkingConfig={"thinkingLevel": "SOME"}), "'SOME' is not one of"),
        (config(responseSchema={"type": "STRING"}), "needs responseMimeType"),
        (
            config(
                responseMimeType="application/json",
                responseSchema={"type": "STRING"},
                responseJsonSchema={"type": "string"},
            ),
            "exclude each other",
        ),
        (
            config(responseMimeType="application/json", responseJsonSchema={"type": "text"}),
            "responseJsonSchema",
        ),
        (schema(type="object", properties={"a": {"type": "STRING"}}), "'object' is not one of"),
        (schema(type="OBJECT"), "'properties' is a required property"),
        (schema(type="ARRAY"), "'items' is a required property"),
        (schema(type="ARRAY", items={"type": "STRING", "const": 1}), "'const' was unexpected"),
        (schema(description="no type"), "is not valid under any of the given schemas"),
    ],
)
async def test_requests_that_google_refuses_are_violations(
    model: GeminiEmulator, body: Any, why: str
) -> None:
    path = "/v1beta/models/gemini-3.8-flash:generateContent"
    status, answer = await post(model, path, json=body, headers={"x-goog-api-key": gemini.API_KEY})
    assert (status, answer["error"]["status"]) == (400, "INVALID_ARGUMENT")
    assert any(why in violation for violation in model.violations)


async def test_the_key_in_the_url_and_the_old_version_are_violations(model: GeminiEmulator) -> None:
    path = "models/gemini-3.8-flash:generateContent"
    assert (await post(model, f"/v1beta/{path}?key=x", json=request()))[0] == 400
    assert (await post(model, f"/v1/{path}", json=request()))[0] == 404
    assert len(model.violations) == 2
    assert (await post(model, f"/v1beta/{path}", json=request()))[0] == 403
