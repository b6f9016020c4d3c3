"""The coaching loop on Telegram, through the real program: what is asked, shown and sent."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.emulators.gemini import GeminiEmulator
from tests.emulators.server import Fault
from tests.emulators.telegram import TelegramEmulator
from tests.emulators.telegram_chat import Chat, Message, User
from tests.emulators.telegram_rules import pixels
from tests.journeys.world import SPEECH, World, card, interviewer, open_world, voice_note

PATIENCE = 20.0
CORRECTION = (
    "In my last job the nightly load failed because the source changed its columns, so I wrote a "
    "check, and the failures went from 12 a month to 1."
)
BETTER = "The nightly load kept failing, so I wrote a check for [how many] tables."
SLOW = "So, um, uh, you know, we, um, we fixed the load, and it was, uh, kind of fine in the end."
UNCLEAR = "Sew in my last chop the nightly lode kept failing because of it."
FOLLOW_UP = "What would you do differently next time?"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path) as opened:
        yield opened
        opened.assert_valid()


@pytest.fixture
async def ann(world: World) -> Chat:
    await world.program.start()
    return world.telegram.private_chat(first_name="Ann")


async def begin(chat: Chat, wish: str = "Data Engineer at Acme, 3 questions") -> Message:
    await chat.say(f"/interview {wish}")
    return await card(chat, "Question 1 of 3")


async def answer(chat: Chat, *wanted: str) -> Message:
    """The feedback to a voice note."""
    await chat.send_voice(voice_note(), duration=12)
    return await card(chat, SPEECH, "Evidence 4/5", *wanted)


async def finish(chat: Chat, wish: str = "Data Engineer at Acme, 3 questions") -> Message:
    """The summary of an interview with one spoken answer and one typed."""
    await begin(chat, wish)
    await chat.press(await answer(chat, "Question 1 of 3"), "Next question")
    await card(chat, "Question 2 of 3")
    await chat.say(CORRECTION)
    await chat.press(await card(chat, "Question 2 of 3", CORRECTION, "Evidence 4/5"), "Next")
    await chat.press(await card(chat, "Question 3 of 3"), "Skip question")
    return await card(chat, "Done: Data Engineer at Acme")


def questioned(gemini: GeminiEmulator) -> int:
    """How often the model was asked."""
    return len(gemini.calls("generateContent"))


def scoring(**scores: int) -> Any:
    """An interviewer whose scores change from one review to the next."""
    levels = {name: iter(range(level, 6)) for name, level in scores.items()}

    def reply(body: dict[str, Any]) -> dict[str, Any]:
        said = interviewer(body)
        if "scores" in said:
            said["scores"] |= {name: next(level) for name, level in levels.items()}
        return said

    return reply


def asking_more(body: dict[str, Any]) -> dict[str, Any]:
    """An interviewer who takes up every answer."""
    said = interviewer(body)
    return said | {"follow_up": FOLLOW_UP} if "follow_up" in said else said


# The loop at one question


async def test_a_second_take_is_compared_with_the_first(world: World, ann: Chat) -> None:
    world.gemini.reply = scoring(structure=2, content=4)
    world.assemblyai.will_hear(SLOW)
    await begin(ann)
    await ann.send_voice(voice_note(), duration=12)
    first = await card(ann, "Structure 2/5")
    assert "Against your last try" not in first.text
    await ann.press(first, "Try again")
    again = await card(ann, "Question 1 of 3 · take 2", "Answer with a voice note")
    second = await answer(ann, "· take 2", "Structure 3/5", "Against your last try")
    assert second.id != again.id
    moved = second.text.partition("Against your last try")[2]
    assert "Structure 2 → 3" in moved
    assert "Content 4 → 5" in moved
    assert "Fillers" in moved
    assert "Evidence" not in moved


async def test_what_was_misheard_is_put_right_and_scored_again(world: World, ann: Chat) -> None:
    await begin(ann)
    heard = await answer(ann)
    asked = questioned(world.gemini)
    await ann.press(heard, "I was misheard")
    correcting = await card(ann, SPEECH, "Type what you really said")
    assert correcting.id == heard.id
    assert correcting.buttons == [["Back", "Stop"]]
    await ann.press(correcting, "Back")
    assert (await answer_shown(ann, heard)).id == heard.id
    await ann.press(heard, "I was misheard")
    await card(ann, "Type what you really said")
    await ann.say(CORRECTION)
    judged = await card(ann, CORRECTION, "Evidence 4/5")
    assert SPEECH not in judged.text
    assert "take 2" not in judged.text
    assert questioned(world.gemini) == asked + 1
    sent = material(world.gemini.calls("generateContent")[-1].body)
    assert sent["answer"] == CORRECTION
    await ann.say("/history")
    listed = await card(ann, "Your interviews")
    await ann.press(listed, listed.buttons[0][0])
    page = await card(ann, "Data Engineer at Acme ·", CORRECTION)
    assert "As you put it right" in page.text


async def test_what_was_too_unclear_to_score_can_be_put_right(world: World, ann: Chat) -> None:
    world.assemblyai.will_hear(UNCLEAR, 0.4)
    await begin(ann)
    await ann.send_voice(voice_note(), duration=12)
    await ann.press(await card(ann, "too unclear"), "I was misheard")
    await card(ann, "Type what you really said", UNCLEAR)
    await ann.say(CORRECTION)
    judged = await card(ann, CORRECTION, "Evidence 4/5")
    assert UNCLEAR not in judged.text
    assert "words/min" in judged.text


async def answer_shown(chat: Chat, message: Message) -> Message:
    await chat.wait_for(lambda _: "Evidence 4/5" in message.text, timeout=PATIENCE)
    return message


def material(body: dict[str, Any]) -> dict[str, Any]:
    """What a request gives the model to judge."""
    found: dict[str, Any] = json.loads(body["contents"][0]["parts"][0]["text"])
    return found


async def test_an_answer_is_followed_up_once(world: World, ann: Chat) -> None:
    world.gemini.reply = asking_more
    await begin(ann)
    feedback = await answer(ann)
    assert feedback.buttons[0] == ["Follow-up question", "Try again"]
    await ann.press(feedback, "Follow-up question")
    await card(ann, "Question 1 of 3 · follow-up", FOLLOW_UP)
    await ann.say(CORRECTION)
    followed = await card(ann, "Question 1 of 3 · follow-up", CORRECTION, "Evidence 4/5")
    assert followed.buttons[0] == ["Next question", "Try again"]
    await ann.press(followed, "Next question")
    await card(ann, "Question 2 of 3", "part 2?")


async def test_panels_open_and_close_on_the_card(world: World, ann: Chat) -> None:
    await begin(ann)
    feedback = await answer(ann)
    assert feedback.buttons == [
        ["Next question", "Try again"],
        ["Model answer", "Delivery"],
        ["What the scores mean"],
        ["I was misheard", "Stop"],
    ]
    assert BETTER not in feedback.text
    for panel, shown in (
        ("Model answer", BETTER),
        ("Delivery", "comfortable: "),
        ("What the scores mean", "Content 4/5: Says what was done"),
    ):
        await ann.press(feedback, panel)
        assert (await card(ann, "Evidence 4/5", shown)).id == feedback.id
    await ann.press(feedback, "Hide what the scores mean")
    await ann.wait_for(lambda _: "Says what was done" not in feedback.text, timeout=PATIENCE)
    assert "Evidence 4/5" in feedback.text


async def test_a_rating_is_given_before_the_score_is_seen(world: World, ann: Chat) -> None:
    await begin(ann, "Data Engineer at Acme, 3 questions, rate first")
    await ann.send_voice(voice_note(), duration=12)
    asked = await card(ann, SPEECH, "how good was your answer, from 1 to 5?")
    assert asked.buttons == [["1", "2", "3", "4", "5"], ["Just show it", "Stop"]]
    assert all("/5" not in html for html in (asked.text, *asked.history))
    await ann.press(asked, "2")
    rated = await card(ann, SPEECH, "Evidence 4/5")
    assert rated.id == asked.id
    assert "You rated it 2/5; the mean score is" in rated.text
    await ann.press(rated, "Next question")
    await card(ann, "Question 2 of 3")
    await ann.say(CORRECTION)
    await ann.press(await card(ann, CORRECTION, "from 1 to 5?"), "Just show it")
    assert "You rated it" not in (await card(ann, CORRECTION, "Evidence 4/5")).text


async def test_a_rating_is_given_while_the_answer_is_still_judged(world: World, ann: Chat) -> None:
    await begin(ann, "Data Engineer at Acme, 3 questions, rate first")
    world.gemini.fail("generateContent", Fault.hang())
    await ann.send_voice(voice_note(), duration=12)
    thinking = await card(ann, SPEECH, "Thinking", "How good was it?")
    await ann.press(thinking, "4")
    await ann.wait_for(lambda _: thinking.buttons == [["Stop"]], timeout=PATIENCE)
    world.gemini.release()
    assert "You rated it 4/5" in (await answer_shown(ann, thinking)).text


# Against the clock


async def test_the_next_question_does_not_wait_for_what_was_said_before(
    world: World, ann: Chat
) -> None:
    await ann.say("/interview Data Engineer at Acme, 3 questions, real")
    ready = await card(ann, "30 seconds to prepare", "Press Begin")
    assert ready.buttons == [["Begin", "Stop"]]
    world.assemblyai.hold()
    world.gemini.fail("generateContent", Fault.hang(), times=9)
    await ann.press(ready, "Begin")
    first = await card(
        ann, "Question 1 of 3", "30 seconds to prepare", "Your time to answer begins"
    )
    (clock,) = [e for e in first.content["entities"] if e["type"] == "date_time"]
    assert clock["date_time_format"] == "r"
    await ann.send_voice(voice_note(), duration=12)
    await card(ann, "Question 2 of 3", "part 2?")
    assert all(job.status != "completed" for job in world.assemblyai.jobs.values())
    await ann.say(CORRECTION)
    await card(ann, "Question 3 of 3", "part 3?")
    last = await ann.send_voice(voice_note(), duration=12)
    waiting = await card(ann, "All questions are asked. Feedback: 0 of 3 ready")
    await ann.wait_for(lambda _: last.reactions == ["✍"], timeout=PATIENCE)
    assert "/5" not in ann.screen()

    world.assemblyai.release()
    world.gemini.release()
    summary = await card(ann, "Done: Data Engineer at Acme", "3 of 3 questions answered")
    assert summary.id == waiting.id
    await ann.press(summary, "Each answer")
    page = await card(ann, "Data Engineer at Acme ·", "part 1?", SPEECH, "Evidence 4/5")
    assert page.id != summary.id
    await ann.press(page, "2 ›")
    await card(ann, "part 2?", CORRECTION, "Evidence 4/5")


async def test_what_holds_up_the_end_is_said_and_can_be_left_out(world: World, ann: Chat) -> None:
    await ann.say("/interview Data Engineer at Acme, 3 questions, real")
    await ann.press(await card(ann, "Press Begin"), "Begin")
    await card(ann, "Question 1 of 3")
    world.gemini.fail("generateContent", Fault.status(503), times=99)
    await ann.say(CORRECTION)
    await ann.press(await card(ann, "Question 2 of 3"), "Skip question")
    await ann.press(await card(ann, "Question 3 of 3"), "Skip question")
    stuck = await ann.wait_for(
        lambda chat: chat.find("answers are worked through; a service"), timeout=2 * PATIENCE
    )
    assert stuck.buttons == [["Retry now", "Go on without it"], ["Stop"]]
    world.gemini.faults.clear()
    await ann.press(stuck, "Retry now")
    await card(ann, "Done: Data Engineer at Acme", "1 of 3 questions answered")


# What it costs


async def test_the_full_plan_asks_the_model_for_each_answer(world: World, ann: Chat) -> None:
    await begin(ann)
    for number in (1, 2, 3):
        await card(ann, f"Question {number} of 3", f"part {number}?")
        feedback = await answer(ann, f"Question {number} of 3")
        await ann.press(feedback, "Finish" if number == 3 else "Next question")
    await card(ann, "Done: Data Engineer at Acme", "Overall")
    assert questioned(world.gemini) == 1 + 3 + 1


async def test_the_economy_plan_asks_the_model_twice(world: World) -> None:
    world.program.set("GEMINI_PLAN", "economy")
    await world.program.start()
    ann = world.telegram.private_chat(first_name="Ann")
    await begin(ann)
    for number in (1, 2, 3):
        await card(ann, f"Question {number} of 3", f"part {number}?")
        await ann.send_voice(voice_note(), duration=12)
        place = f"Question {number} of 3"
        measured = await card(ann, place, SPEECH, "The feedback on your words comes at the end")
        assert "/5" not in measured.text
        await ann.press(measured, "Finish" if number == 3 else "Next question")
    summary = await card(ann, "Done: Data Engineer at Acme", "Overall", "Name the result first.")
    assert questioned(world.gemini) == 2
    await ann.press(summary, "Each answer")
    await card(ann, "Data Engineer at Acme ·", "part 1?", SPEECH, "Say why it mattered.")
    assert questioned(world.gemini) == 2


# What is kept


def photos(chat: Chat) -> list[Message]:
    return [message for message in chat.cards if "photo" in message.content]


def documents(chat: Chat) -> list[Message]:
    return [message for message in chat.cards if "document" in message.content]


def sent_in(telegram: TelegramEmulator, message: Message) -> bytes:
    """The picture or the file of a message."""
    content = message.content
    file = content["photo"][-1] if "photo" in content else content["document"]
    return telegram.files[file["file_id"]].data


async def test_an_interview_is_a_picture_and_two_files(world: World, ann: Chat) -> None:
    summary = await finish(ann)
    assert summary.buttons == [
        ["Each answer", "Picture"],
        ["Save as a file", "My progress"],
        ["Practise next"],
    ]
    await ann.press(summary, "Picture")
    (picture,) = await ann.wait_for(photos, timeout=PATIENCE)
    assert picture.text.startswith("Data Engineer at Acme · ")
    assert "Name the result first." in picture.text
    assert pixels(sent_in(world.telegram, picture))[0] == 1080
    await ann.press(summary, "Save as a file")
    await ann.wait_for(lambda chat: documents(chat)[1], timeout=PATIENCE)
    pages = documents(ann)
    names = [page.content["document"]["file_name"] for page in pages]
    assert [name.rpartition(".")[2] for name in names] == ["html", "md"]
    html, markdown = (sent_in(world.telegram, page).decode() for page in pages)
    assert html.lower().startswith("<!doctype html>")
    for text in (html, markdown):
        assert "Data Engineer at Acme" in text
        assert "12 a month to 1" in text
    assert {"upload_photo", "upload_document"} <= set(ann.actions)
    assert world.telegram.calls("sendDocument")[0].body["chat_id"] == ann.id


async def test_progress_is_a_picture_with_its_words_and_leads_to_practice(
    world: World, ann: Chat
) -> None:
    await ann.say("/progress")
    await card(ann, "Nothing to compare yet.")
    await ann.say("/practice")
    await card(ann, "I do not know yet what to practise")
    await finish(ann)
    await ann.say("/progress")
    (picture,) = await ann.wait_for(photos, timeout=PATIENCE)
    assert pixels(sent_in(world.telegram, picture))[0] == 1080
    assert picture.text.startswith("Your progress\nInterviews: 1 · answers: 2")
    practising = await ann.wait_for(
        lambda chat: [c for c in chat.cards if c.buttons == [["Practise next"]]][-1],
        timeout=PATIENCE,
    )
    await ann.press(practising, "Practise next")
    question = await card(ann, "Question 1 of 1", "To practise: Structure")
    assert "5/5: Opens with the point" in question.text
    wish = material(world.gemini.calls("generateContent")[-1].body)
    assert len(wish["kinds"]) == 1
    assert sum("part 1?" in question for question in wish["asked"]) == 1
    assert "part 4?" in question.text
    await ann.say("/practice")
    await card(ann, "An interview is going on already.")
    await ann.say("/cancel")
    await card(ann, "Stopped.")
    await ann.say("/start practice")
    await ann.wait_for(
        lambda chat: [c for c in chat.cards if "Question 1 of 1" in c.text][2], timeout=PATIENCE
    )


async def test_two_accounts_have_one_history_until_it_is_parted(world: World, ann: Chat) -> None:
    bob = world.telegram.private_chat(first_name="Bob")
    await finish(ann)
    await bob.say("/history")
    await card(bob, "No interviews yet.")
    await ann.say("/link")
    said = await card(ann, "Your code: ")
    code = said.text.split()[2]
    await bob.say("/link WRNG-WRNG")
    await card(bob, "That code is not valid")
    await ann.say(f"/link {code}")
    await card(ann, "That is your own code")
    await bob.say(f"/link {code.lower()}")
    await card(bob, "Done: both histories are one now.")
    await bob.say("/history")
    listed = await card(bob, "Your interviews")
    await bob.press(listed, listed.buttons[0][0])
    await card(bob, "Data Engineer at Acme ·", SPEECH)
    await bob.say("/progress")
    assert await bob.wait_for(photos, timeout=PATIENCE)
    await bob.say("/unlink")
    await card(bob, "Done: each app shows only its own history again.")
    await bob.say("/history")
    await bob.wait_for(
        lambda chat: [c for c in chat.cards if "No interviews yet." in c.text][1], timeout=PATIENCE
    )


async def test_in_a_group_what_is_somebodys_own_goes_to_their_private_chat(world: World) -> None:
    await world.program.start()
    ann = User(7_100, "Ann")
    group = world.telegram.group_chat(users=[ann, "Bob"])
    await group.say("/interview Data Engineer at Acme, 3 questions")
    question = await card(group, "Question 1 of 3")
    await group.send_voice(voice_note(), duration=12, reply_to=question)
    feedback = await card(group, SPEECH, "Evidence 4/5")
    await group.press(feedback, "Stop")
    await card(group, "Stopped. 1 answer kept")
    await group.say("/history")
    listed = await card(group, "Your interviews")
    await group.press(listed, listed.buttons[0][0])
    page = await card(group, "Data Engineer at Acme ·", SPEECH)

    await group.press(page, "Picture")
    invited = await card(group, "Open our private chat")
    assert invited.buttons == [["Our private chat"]]
    assert invited.keyboard[0][0]["url"] == "https://t.me/persona_bot?start=history"
    await group.say("/link")
    linked = await group.wait_for(
        lambda chat: [c for c in chat.cards if "Open our private chat" in c.text][1],
        timeout=PATIENCE,
    )
    assert linked.keyboard[0][0]["url"] == "https://t.me/persona_bot?start=link"
    assert "Your code" not in group.screen()

    private = world.telegram.private_chat(user_id=ann.id, first_name="Ann")
    await private.say("/start link")
    await card(private, "Your code: ")
    pressed = await group.press(page, "Picture")
    assert await private.wait_for(photos, timeout=PATIENCE)
    await group.wait_for(lambda _: pressed.answered, timeout=PATIENCE)
    assert pressed.text == "Sent to you in private."
    await group.press(page, "Save as a file")
    await private.wait_for(lambda chat: documents(chat)[1], timeout=PATIENCE)
    assert photos(group) == documents(group) == []
