"""What an update means, for every kind that Telegram delivers; nothing can break the reading."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Update

from adapters.telegram.address import Address, read_address
from adapters.telegram.inbound import (
    Foreign,
    Happening,
    Help,
    Link,
    Meaning,
    NotYours,
    Received,
    Unlink,
    Unusable,
    Welcome,
    read_update,
)
from bot.brief import Brief, Kind, Mode, Seniority
from bot.buttons import (
    Begin,
    Button,
    HearAnswer,
    ListSessions,
    OpenSession,
    Practise,
    Press,
    ReadAnswers,
    SaveSession,
    ShowPicture,
    ShowProgress,
    write_button,
)
from bot.events import (
    Control,
    ControlPressed,
    Document,
    DocumentSent,
    Event,
    InterviewRequested,
    Move,
    StopRequested,
    TextSent,
    VoiceNote,
    VoiceSent,
)
from tests.screens import awkward, characters

Json = dict[str, Any]

BOT = {"id": 123_456, "is_bot": True, "first_name": "PersonaAI", "username": "persona_bot"}
ANN = {"id": 7, "is_bot": False, "first_name": "Ann"}
BOB = {"id": 8, "is_bot": False, "first_name": "Bob"}
ANONYMOUS_ADMIN = {"id": 1_087_968_824, "is_bot": True, "first_name": "Group"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Ann"}
GROUP = {"id": -1_001, "type": "supergroup", "title": "Club", "is_forum": True}
CHANNEL = {"id": -1_002, "type": "channel", "title": "News"}
IN_PRIVATE = Address(7, 7)
IN_GROUP = Address(-1_001, 7)
STOP = Press(Control("s1", Move.STOP))


def read(**update: Any) -> Received | None:
    parsed = Update.de_json({"update_id": 1, **update}, None)
    return read_update(parsed, bot_id=123_456, bot_name="Persona_Bot", at=5.0, session="new")


def message(**fields: Any) -> Json:
    return {"message_id": 40, "date": 1, "chat": PRIVATE, "from": ANN, **fields}


def in_group(**fields: Any) -> Json:
    return message(**{"chat": GROUP, **fields})


def said(text: str, **fields: Any) -> Json:
    """A text with the entities that Telegram finds in it."""
    command = text.split(maxsplit=1)[0] if text.startswith("/") else ""
    entities = [{"type": "bot_command", "offset": 0, "length": len(command)}] if command else []
    return {"text": text, "entities": entities, **fields}


def card(owner: int = 7, *, sender: Json = BOT, button: Button = STOP, **fields: Any) -> Json:
    """A message of the bot's, with a button for its owner."""
    data = {"text": "Stop", "callback_data": write_button(owner, button)}
    keyboard = {"inline_keyboard": [[data]]}
    return in_group(message_id=30, text="?", reply_markup=keyboard, **{"from": sender, **fields})


def tap(data: str | None, **fields: Any) -> Json:
    shown = {**message(), "from": BOT, "text": "?"}
    query: Json = {"id": "q9", "from": ANN, "message": shown, "chat_instance": "1", **fields}
    return query if data is None else {**query, "data": data}


def meaning(**fields: Any) -> Meaning | None:
    """What a message in private means."""
    received = read(message=message(**fields))
    if received is None:
        return None
    assert (received.address, received.message, received.query) == (IN_PRIVATE, 40, None)
    return received.meaning


def happened(event: Event, *, answers: bool = False) -> Happening:
    return Happening(event, answers)


def requested(brief: Brief | None) -> Happening:
    return happened(InterviewRequested(at=5.0, session="new", person="telegram:7", brief=brief))


# Commands


DATA_ENGINEER = Brief("Data Engineer", "Acme", kind=Kind.TECHNICAL, count=3)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("/start", Welcome()),
        ("/START", Welcome()),
        ("/start@persona_bot", Welcome()),
        ("/help", Help()),
        ("/nonsense", Help()),
        ("/history", ListSessions(0)),
        ("/history@PERSONA_BOT", ListSessions(0)),
        ("/practice", Practise()),
        ("/practise", Practise()),
        ("/progress", ShowProgress()),
        ("/link", Link("")),
        ("/link 3479-ACDE", Link("3479-ACDE")),
        ("/LINK@persona_bot  3479 acde ", Link("3479 acde")),
        ("/link\n3479-ACDE.", Link("3479-ACDE")),
        ("/unlink", Unlink()),
        ("/cancel", happened(StopRequested(at=5.0))),
        ("/stop please", happened(StopRequested(at=5.0))),
        ("/interview", requested(None)),
        ("/interview   ", requested(None)),
        ("/interview 42", requested(None)),
        ("/interview Data Engineer at Acme, 3 questions, technical", requested(DATA_ENGINEER)),
        ("/interview\nData Engineer at Acme, 3 questions, technical", requested(DATA_ENGINEER)),
        ("/interview\nData Engineer\nat Acme, 3, technical", requested(DATA_ENGINEER)),
        (
            "/interview@persona_bot Senior Nurse",
            requested(Brief("Senior Nurse", seniority=Seniority.SENIOR)),
        ),
        ("/start interview", requested(None)),
        ("/start Data_Engineer_at_Acme", requested(Brief("Data Engineer", "Acme"))),
        ("/start 42", requested(None)),
        ("/start practice", Practise()),
        ("/start progress", ShowProgress()),
        ("/start history", ListSessions(0)),
        ("/start link", Link("")),
        ("/start help", Help()),
        ("/start practice_nurse", requested(Brief("practice nurse"))),
        ("/interview practice", requested(Brief("practice"))),
        (
            "/interview Nurse, real, rate first, no follow-ups",
            requested(Brief("Nurse", mode=Mode.REAL, rate_first=True, follow_ups=False)),
        ),
    ],
)
def test_commands(text: str, meant: Meaning) -> None:
    assert meaning(**said(text)) == meant


@pytest.mark.parametrize("text", ["not a /start", "start", "http://x/start"])
def test_what_only_resembles_a_command_is_an_answer(text: str) -> None:
    entities = [{"type": "bot_command", "offset": text.find("/"), "length": 6}]
    answer = happened(TextSent(at=5.0, text=text), answers=True)
    assert meaning(text=text, entities=entities) == answer
    assert meaning(text=text, entities=[{"type": "bold", "offset": 0, "length": 4}]) == answer


def test_a_slash_without_a_command_is_an_answer() -> None:
    assert meaning(text="/ means root") == happened(
        TextSent(at=5.0, text="/ means root"), answers=True
    )


def test_in_a_group_other_bots_keep_their_commands_and_their_mistakes() -> None:
    assert read(message=in_group(**said("/start@other_bot"))) is None
    assert read(message=in_group(**said("/nonsense"))) is None
    for text in ("/start", "/start@persona_bot"):
        received = read(message=in_group(**said(text)))
        assert received == Received(IN_GROUP, Welcome(), 40)


# What is sent


def sound(**more: Any) -> Json:
    return {"file_id": "f", "file_unique_id": "u", "duration": 5, **more}


def file(**more: Any) -> Json:
    return {"file_id": "f", "file_unique_id": "u", **more}


HEARD = happened(VoiceSent(at=5.0, note=VoiceNote("f", 5.0)), answers=True)
HEARD_SO_FAR = happened(VoiceSent(at=5.0, note=VoiceNote("f")), answers=True)


DICE = {"emoji": "🎲", "value": 6}
FORWARDED = {"type": "hidden_user", "date": 1, "sender_user_name": "Bo"}


def document(name: str) -> Happening:
    return happened(DocumentSent(at=5.0, document=Document("f", name)))


@pytest.mark.parametrize(
    ("fields", "meant"),
    [
        ({"text": "I did."}, happened(TextSent(at=5.0, text="I did."), answers=True)),
        ({"voice": sound()}, HEARD),
        ({"voice": sound(), "caption": "/cancel"}, HEARD),
        ({"voice": sound(), "forward_origin": FORWARDED}, HEARD),
        ({"audio": sound(mime_type="audio/mpeg")}, HEARD),
        ({"video_note": sound(length=240)}, HEARD),
        ({"video": sound(width=1, height=1)}, HEARD),
        ({"document": file(mime_type="audio/mp4")}, HEARD_SO_FAR),
        ({"document": file(mime_type="video/mp4")}, HEARD_SO_FAR),
        ({"document": file(mime_type="application/ogg")}, HEARD_SO_FAR),
        ({"document": file(mime_type="application/pdf", file_name="j.pdf")}, document("j.pdf")),
        ({"document": file(file_name="job.txt"), "caption": "my job"}, document("job.txt")),
        ({"document": file()}, document("")),
        ({"animation": sound(width=1, height=1), "document": file()}, document("")),
        (
            {"sticker": file(type="regular", width=1, height=1, is_animated=0, is_video=0)},
            Unusable(),
        ),
        ({"photo": [file(width=1, height=1)], "caption": "me"}, Unusable()),
        ({"location": {"latitude": 1.0, "longitude": 1.0}}, Unusable()),
        ({"dice": DICE}, Unusable()),
        ({"contact": {"phone_number": "1", "first_name": "Bo"}}, Unusable()),
        ({"text": ""}, Unusable()),
        ({}, Unusable()),
    ],
)
def test_what_is_sent(fields: Json, meant: Meaning) -> None:
    assert meaning(**fields) == meant


@pytest.mark.parametrize(
    "update",
    [
        {"edited_message": message(text="I did not.")},
        {"channel_post": {**message(chat=CHANNEL, text="News"), "from": None}},
        {"message": {**message(chat=CHANNEL, text="News"), "from": None}},
        {"message": in_group(**{"from": ANONYMOUS_ADMIN, "sender_chat": GROUP}, **said("/start"))},
        {"message": {**message(text="I am a bot"), "from": {**ANN, "is_bot": True}}},
        {"message_reaction_count": {"chat": GROUP, "message_id": 1, "date": 1, "reactions": []}},
        {"my_future_update": {"id": 1}},
        {},
    ],
)
def test_what_is_not_for_us(update: Json) -> None:
    update = {
        kind: {name: value for name, value in content.items() if value is not None}
        for kind, content in update.items()
    }
    assert read(**update) is None


# Groups


def test_in_a_group_only_replies_to_us_count() -> None:
    others = card(sender=BOB)
    other_bot = card(sender={**BOT, "id": 9})
    for fields in ({}, {"reply_to_message": others}, {"reply_to_message": other_bot}):
        assert read(message=in_group(voice=sound(), **fields)) is None
    assert read(message=in_group(voice=sound(), reply_to_message=card())) == Received(
        IN_GROUP, HEARD, 40
    )


def test_a_reply_to_a_card_without_buttons_is_to_us() -> None:
    replied = in_group(message_id=30, text="?", **{"from": BOT})
    received = read(message=in_group(text="Nurse", reply_to_message=replied))
    assert received is not None
    assert received.meaning == happened(TextSent(at=5.0, text="Nurse"), answers=True)


@pytest.mark.parametrize("fields", [{"voice": sound()}, {"text": "Nurse"}, {"dice": DICE}])
def test_a_note_on_somebody_elses_card_is_not_used(fields: Json) -> None:
    received = read(message=in_group(reply_to_message=card(owner=8), **fields))
    assert received == Received(IN_GROUP, NotYours(), 40)


def test_the_owner_is_read_past_the_buttons_that_name_none() -> None:
    shown = card(owner=8)
    link = {"text": "Privately", "url": "https://t.me/persona_bot"}
    foreign = {"text": "?", "callback_data": "foreign"}
    shown["reply_markup"]["inline_keyboard"].insert(0, [link, foreign])
    received = read(message=in_group(text="Nurse", reply_to_message=shown))
    assert received is not None
    assert received.meaning == NotYours()


def test_a_topic_is_a_conversation_of_its_own() -> None:
    topic: Json = {"message_thread_id": 77, "is_topic_message": True}
    address = Address(-1_001, 7, 77)
    command = read(message=in_group(**said("/interview"), **topic))
    reply = read(message=in_group(text="Nurse", reply_to_message=card(**topic), **topic))
    shown = in_group(text="?", **{"from": BOT}, **topic)
    tapped = read(callback_query=tap(write_button(7, STOP), message=shown))
    assert command is not None
    assert reply is not None
    assert tapped is not None
    assert command.address == reply.address == tapped.address == address
    assert read_address(address.conversation) == address


def test_a_thread_of_replies_is_no_topic() -> None:
    received = read(message=in_group(**said("/start"), message_thread_id=30))
    assert received is not None
    assert received.address == IN_GROUP


# Taps


@pytest.mark.parametrize(
    ("button", "meant"),
    [
        (STOP, happened(ControlPressed(at=5.0, control=STOP.control))),
        (
            Press(Control("s1", Move.CHOOSE, "role=Data Analyst")),
            happened(
                ControlPressed(at=5.0, control=Control("s1", Move.CHOOSE, "role=Data Analyst"))
            ),
        ),
        (Begin(), requested(None)),
        (ListSessions(8), ListSessions(8)),
        (OpenSession("s1", 2), OpenSession("s1", 2)),
        (HearAnswer("s1", 2), HearAnswer("s1", 2)),
        (ReadAnswers("s1"), ReadAnswers("s1")),
        (ShowPicture("s1"), ShowPicture("s1")),
        (SaveSession("s1"), SaveSession("s1")),
        (ShowProgress(), ShowProgress()),
        (Practise(), Practise()),
        (
            Press(Control("s1", Move.RATE, "0=4")),
            happened(ControlPressed(at=5.0, control=Control("s1", Move.RATE, "0=4"))),
        ),
    ],
)
def test_taps(button: Button, meant: Meaning) -> None:
    received = read(callback_query=tap(write_button(7, button)))
    assert received == Received(IN_PRIVATE, meant, 40, "q9")
    theirs = read(callback_query=tap(write_button(8, button)))
    assert theirs == Received(IN_PRIVATE, NotYours(), 40, "q9")


def test_a_tap_on_a_message_that_telegram_no_longer_shows_us() -> None:
    inaccessible = {"message_id": 3, "date": 0, "chat": GROUP}
    received = read(callback_query=tap(write_button(7, STOP), message=inaccessible))
    assert received == Received(
        IN_GROUP, happened(ControlPressed(at=5.0, control=STOP.control)), 3, "q9"
    )


@pytest.mark.parametrize("data", [None, "", ":", "next:1", "Z:7:s1:", "S:x:s1:", "\0", "l:7:-1"])
def test_taps_with_data_from_elsewhere_are_answered_and_mean_nothing(data: str | None) -> None:
    received = read(callback_query=tap(data))
    assert received is not None
    assert (received.meaning, received.query) == (Foreign(), "q9")


@pytest.mark.parametrize(
    "text", ["/interview\tNurse", "/interview\u00a0Nurse", "/interview, Nurse"]
)
def test_a_command_ends_where_telegram_says(text: str) -> None:
    entities = [{"type": "bot_command", "offset": 0, "length": len("/interview")}]
    meant = meaning(text=text, entities=entities)
    assert isinstance(meant, Happening)
    assert isinstance(meant.event, InterviewRequested)
    assert meant.event.brief is not None


def test_taps_on_nothing_mean_nothing() -> None:
    inline = tap(write_button(7, STOP), inline_message_id="i")
    del inline["message"]
    assert read(callback_query=inline) is None


# Anything


ids = st.integers(-(2**52), 2**52)
users = st.sampled_from([ANN, BOB, BOT, ANONYMOUS_ADMIN]) | st.fixed_dictionaries(
    {"id": ids, "is_bot": st.booleans(), "first_name": awkward}
)
chats = st.sampled_from([PRIVATE, GROUP, CHANNEL]) | st.fixed_dictionaries(
    {"id": ids, "type": awkward}
)
texts = (
    awkward
    | st.sampled_from(
        ["/start", "/interview", "/history@persona_bot", "/@", "/start@", "//", "/unlink"]
    )
    | st.builds("{} {}".format, st.sampled_from(["/start", "/interview", "/link", "/@"]), awkward)
)
entities = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["bot_command", "bold", "mention"]) | awkward,
        "offset": st.just(0) | st.integers(-5, 5_000),
        "length": st.integers(-5, 5_000),
    }
)
files = st.fixed_dictionaries(
    {
        "file_id": awkward,
        "file_unique_id": awkward,
        "duration": st.integers(-(10**9), 10**9),
        "length": st.integers(),
        "width": st.integers(),
        "height": st.integers(),
    },
    optional={"mime_type": awkward, "file_name": awkward, "file_size": st.integers()},
)
written = st.builds(
    write_button,
    st.integers(0, 10),
    st.builds(ListSessions, st.integers()) | st.just(STOP) | st.builds(OpenSession, awkward, ids),
)
keyboards = st.fixed_dictionaries(
    {
        "inline_keyboard": st.lists(
            st.lists(
                st.fixed_dictionaries(
                    {"text": awkward},
                    optional={"callback_data": written | st.text(characters), "url": awkward},
                ),
                max_size=2,
            ),
            max_size=2,
        )
    }
)


def messages(**more: st.SearchStrategy[Any]) -> st.SearchStrategy[Json]:
    named = dict.fromkeys(("voice", "audio", "video_note", "video", "document"), files)
    return st.fixed_dictionaries(
        {"message_id": st.integers(), "date": st.integers(0, 2**31), "chat": chats},
        optional={
            "from": users,
            "text": texts,
            "entities": st.lists(entities, max_size=2),
            "caption": texts,
            "caption_entities": st.lists(entities, max_size=1),
            "is_topic_message": st.booleans(),
            "message_thread_id": st.integers(),
            "reply_markup": keyboards,
            "a_field_to_come": awkward,
            **named,
            **more,
        },
    )


taps = st.fixed_dictionaries(
    {"id": awkward, "from": users, "chat_instance": awkward},
    optional={
        "message": messages()
        | st.fixed_dictionaries({"message_id": st.integers(), "date": st.just(0), "chat": chats}),
        "inline_message_id": awkward,
        "data": written | st.text(characters, max_size=80),
        "game_short_name": awkward,
    },
)
updates = st.fixed_dictionaries(
    {},
    optional={
        "message": messages(reply_to_message=messages()),
        "edited_message": messages(),
        "channel_post": messages(),
        "callback_query": taps,
    },
)


@settings(max_examples=200, deadline=None)
@given(updates)
def test_any_update_is_read(update: Json) -> None:
    received = read(**update)
    if received is not None:
        assert read_address(received.address.conversation) == received.address
