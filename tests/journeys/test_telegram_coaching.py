"""The coaching loop on Telegram, through the real program and the vendors' real SDKs."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.emulators.telegram_chat import Chat, Message
from tests.journeys.world import SPEECH, World, card, interviewer, open_world, voice_note

SLOW = "So, um, uh, you know, we, um, we fixed the load, and it was, uh, kind of fine in the end."
FOLLOW_UP = "How did you know which columns had changed?"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path) as opened:
        yield opened
        opened.assert_valid()


async def begin(world: World, line: str, first_name: str = "Ann") -> Chat:
    chat = world.telegram.private_chat(first_name=first_name)
    await world.program.start()
    await chat.say(f"/interview {line}")
    return chat


async def finish(chat: Chat, questions: int = 3) -> Message:
    """Answer every question in writing, and go through to the summary."""
    for number in range(1, questions + 1):
        await card(chat, f"Question {number} of {questions}", "Answer with a voice note")
        await chat.say(SPEECH)
        judged = await card(chat, f"Question {number} of {questions}", "Evidence 4/5")
        await chat.press(judged, "Finish" if number == questions else "Next question")
    return await card(chat, "Done:")


async def test_a_second_try_is_set_against_the_first(world: World) -> None:
    replies = iter((2, 4))

    def judge(body: dict[str, Any]) -> dict[str, Any]:
        reply = interviewer(body)
        if "scores" in reply:
            reply["scores"]["evidence"] = next(replies)
        return reply

    world.gemini.reply = judge
    world.assemblyai.will_hear(SLOW)
    chat = await begin(world, "Data Engineer at Acme, 3 questions")
    await card(chat, "part 1?")
    await chat.send_voice(voice_note(), duration=12)
    first = await card(chat, "Evidence 2/5")
    await chat.press(first, "Try again")
    await card(chat, "Question 1 of 3 · take 2", "part 1?")
    await chat.send_voice(voice_note(), duration=12)
    second = await card(chat, "Question 1 of 3 · take 2", "Evidence 4/5", "Against your last try")
    assert "Evidence 2 → 4" in second.text
    assert "Fillers" in second.text.partition("Against your last try")[2]


async def test_what_was_misheard_is_put_right_and_judged_anew(world: World) -> None:
    world.assemblyai.will_hear(
        "Sew in my last chop the nightly lode kept failing because of it.", 0.4
    )
    chat = await begin(world, "Data Engineer at Acme, 3 questions")
    await card(chat, "part 1?")
    await chat.send_voice(voice_note(), duration=12)
    refused = await card(chat, "too unclear")
    await chat.press(refused, "I was misheard")
    asked = await card(chat, "Type what you really said", "nightly lode")
    assert asked.id == refused.id
    await chat.press(asked, "Back")
    again = await card(chat, "too unclear")
    await chat.press(again, "I was misheard")
    await card(chat, "Type what you really said")
    await chat.say(SPEECH)
    judged = await card(chat, "Evidence 4/5", SPEECH)
    assert "nightly lode" not in judged.text
    assert "words/min" in judged.text


async def test_what_was_left_open_is_asked_once(world: World) -> None:
    def judge(body: dict[str, Any]) -> dict[str, Any]:
        reply = interviewer(body)
        return reply | {"follow_up": FOLLOW_UP} if "scores" in reply else reply

    world.gemini.reply = judge
    chat = await begin(world, "Data Engineer at Acme, 3 questions")
    await card(chat, "part 1?")
    await chat.say(SPEECH)
    await chat.press(await card(chat, "Evidence 4/5"), "Follow-up question")
    await card(chat, "Question 1 of 3 · follow-up", FOLLOW_UP)
    await chat.say(f"{SPEECH} I compared them one by one.")
    judged = await card(chat, "Question 1 of 3 · follow-up", "Evidence 4/5")
    await chat.press(judged, "Next question")
    await card(chat, "Question 2 of 3", "part 2?")


async def test_ones_own_rating_comes_before_the_score(world: World) -> None:
    chat = await begin(world, "Data Engineer at Acme, 3 questions, rate first")
    await card(chat, "part 1?")
    await chat.say(SPEECH)
    waiting = await card(chat, "Your feedback is ready", "from 1 to 5")
    assert "Evidence" not in waiting.text
    await chat.press(waiting, "2")
    judged = await card(chat, "Evidence 4/5", "You rated it 2/5; the mean score is 4.0.")
    assert judged.id == waiting.id
    await chat.press(judged, "Next question")
    await card(chat, "part 2?")
    await chat.say(SPEECH)
    await chat.press(await card(chat, "Your feedback is ready"), "Just show it")
    unrated = await card(chat, "Question 2 of 3", "Evidence 4/5")
    assert "You rated it" not in unrated.text


async def test_panels_open_and_close_on_the_card(world: World) -> None:
    chat = await begin(world, "Data Engineer at Acme, 3 questions")
    await card(chat, "part 1?")
    await chat.send_voice(voice_note(), duration=12)
    judged = await card(chat, "Evidence 4/5")
    await chat.press(judged, "Delivery")
    opened = await card(chat, "Pace:", "comfortable")
    assert opened.id == judged.id
    await chat.press(opened, "Model answer")
    await card(chat, "[how many] tables", "Only your own facts")
    await chat.press(judged, "What the scores mean")
    await card(chat, "Evidence 4/5: ")
    await chat.press(judged, "Hide what the scores mean")

    def closed(chat: Chat) -> Message:
        return [m for m in chat.cards if m.id == judged.id and "Evidence 4/5: " not in m.text][-1]

    assert "What the scores mean" in str((await chat.wait_for(closed)).buttons)


async def test_against_the_clock_nothing_waits_for_feedback(world: World) -> None:
    chat = await begin(world, "Data Engineer at Acme, 3 questions, real")
    await chat.press(await card(chat, "30 seconds to prepare", "Begin when you are"), "Begin")
    world.assemblyai.hold()
    for number in (1, 2, 3):
        await card(chat, f"Question {number} of 3", "30 seconds to prepare", f"part {number}?")
        await chat.send_voice(voice_note(), duration=12)
    # Not one of the answers has been heard yet.
    waiting = await card(chat, "All questions are asked", "0 of 3 ready")
    assert len(world.gemini.calls("generateContent")) == 1
    world.assemblyai.release()
    summary = await card(chat, "Done: Data Engineer at Acme", "3 of 3 questions answered")
    assert summary.id == waiting.id
    assert not any("Say why it mattered." in m.text for m in chat.cards if m is not summary)
    await chat.press(summary, "Each answer")
    first = await card(chat, "Data Engineer at Acme ·", "part 1?", "Say why it mattered.")
    assert first.id != summary.id
    await chat.press(first, "2 ›")
    await card(chat, "Data Engineer at Acme ·", "part 2?", "Say why it mattered.")


async def test_an_interview_in_full_asks_once_per_answer(world: World) -> None:
    chat = await begin(world, "Data Engineer at Acme, 3 questions")
    await finish(chat)
    assert len(world.gemini.calls("generateContent")) == 1 + 3 + 1


async def test_an_economical_interview_asks_twice(world: World) -> None:
    world.program.set("GEMINI_PLAN", "economy")
    chat = await begin(world, "Data Engineer at Acme, 3 questions")
    for number in (1, 2, 3):
        await card(chat, f"Question {number} of 3", "Answer with a voice note")
        await chat.say(SPEECH)
        measured = await card(chat, f"Question {number} of 3", "Measured for now")
        assert "Evidence" not in measured.text
        await chat.press(measured, "Finish" if number == 3 else "Next question")
    summary = await card(chat, "Done:", "Evidence 4.0/5", "Name the result first.")
    assert len(world.gemini.calls("generateContent")) == 2
    await chat.press(summary, "Each answer")
    await card(chat, "part 1?", "Say why it mattered.", "Evidence 4/5")


async def test_progress_practice_and_a_question_that_was_had_before(world: World) -> None:
    chat = await begin(world, "Data Engineer at Acme, 3 questions")
    summary = await finish(chat)
    assert "Overall" in summary.text
    await chat.press(summary, "My progress")
    told = await card(chat, "Practise next: Structure")
    await world.telegram.wait_for(lambda t: t.calls("sendPhoto"))
    await chat.press(told, "Practise next")
    practice = await card(chat, "Question 1 of 1", "To practise: Structure", "part 4?")
    asked = world.gemini.calls("generateContent")[-1]
    material = json.loads(asked.body["contents"][0]["parts"][0]["text"])
    assert any("part 1?" in question for question in material["asked"])
    assert "part 1?" not in practice.text
    await chat.say("/cancel")
    await card(chat, "Stopped")
    await chat.say("/progress")
    await world.telegram.wait_for(lambda t: len(t.calls("sendPhoto")) == 2)


async def test_an_interview_is_seen_at_a_glance_and_taken_home(world: World) -> None:
    chat = await begin(world, "Data Engineer at Acme, 3 questions")
    summary = await finish(chat)
    await chat.press(summary, "Picture")
    await world.telegram.wait_for(lambda t: t.calls("sendPhoto"))
    await chat.press(summary, "Save as a file")
    await world.telegram.wait_for(lambda t: len(t.calls("sendDocument")) == 2)
    names = [call.body["document"].name for call in world.telegram.calls("sendDocument")]
    assert [Path(name).suffix for name in names] == [".html", ".md"]


async def test_two_histories_become_one_by_a_code(world: World) -> None:
    ann = await begin(world, "Data Engineer at Acme, 3 questions")
    await finish(ann)
    await ann.say("/link")
    told = await card(ann, "Your code:")
    code = told.text.partition("Your code: ")[2].split()[0]
    other = world.telegram.private_chat(first_name="Ann at work")
    await other.say("/history")
    await card(other, "No interviews yet")
    await other.say("/link 2222-2222")
    await card(other, "not valid")
    await other.say(f"/link {code.lower()}")
    await card(other, "both histories are one now")
    await other.say("/history")
    listed = await card(other, "Your interviews")
    assert "Data Engineer at Acme" in listed.buttons[0][0]
    await other.say("/unlink")
    await card(other, "only its own history")
    await other.say("/history")
    assert "No interviews yet" in (await card(other, "No interviews yet")).text
