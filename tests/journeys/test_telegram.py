"""Whole interviews on Telegram, through the real program and the vendors' real SDKs."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.emulators.server import Fault
from tests.journeys.world import SPEECH, World, card, open_world, voice_note


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path) as opened:
        yield opened
        opened.assert_valid()


async def test_an_interview_from_the_first_command_to_the_history(world: World) -> None:
    chat = world.telegram.private_chat(first_name="Ann")
    note = voice_note()
    await world.program.start()
    await world.telegram.wait_for(lambda t: t.calls("getUpdates"), timeout=20)

    await chat.say("/interview Data Engineer at Acme, 3 questions")
    question = await card(chat, "Question 1 of 3", "part 1?")

    for number in (1, 2, 3):
        await card(chat, f"Question {number} of 3", f"part {number}?")
        world.assemblyai.hold()
        sent = await chat.send_voice(note, duration=12)
        answer = await card(chat, f"Question {number} of 3", "Listening")
        assert answer is not question
        world.assemblyai.release()
        same = await card(chat, f"Question {number} of 3", SPEECH, "Evidence 4/5", "words/min")
        assert same.id == answer.id
        assert "1 filler" in same.text
        assert "Say why it mattered." in same.text
        assert sent.reactions == ["✍"]
        await chat.press(same, "Finish" if number == 3 else "Next question")

    summary = await card(chat, "Done: Data Engineer at Acme")
    assert "3 of 3 questions answered" in summary.text
    assert "Name the result first." in summary.text

    await chat.say("/history")
    listed = await card(chat, "Your interviews")
    await chat.press(listed, listed.buttons[0][0])
    opened = await card(chat, "Data Engineer at Acme ·", "part 1?", SPEECH)
    await chat.press(opened, "Hear your answer")
    await world.telegram.wait_for(lambda t: t.calls("sendVoice"))
    await chat.press(opened, "2 ›")
    await card(chat, "Data Engineer at Acme ·", "part 2?")

    jobs = list(world.assemblyai.jobs.values())
    await world.assemblyai.wait_for(lambda _: all(job.deleted for job in jobs), timeout=20)
    assert len(jobs) == 3
    assert await world.program.stop() == 0
    log = world.program.log.read_text()
    assert world.telegram.token not in log
    assert "nightly load" not in log


async def test_a_crash_while_transcribing_and_again_while_judging_loses_nothing(
    world: World,
) -> None:
    chat = world.telegram.private_chat(first_name="Ann")
    await world.program.start()
    await chat.say("/interview Data Engineer at Acme, 3 questions")
    await card(chat, "Question 1 of 3", "part 1?")

    world.assemblyai.hold()
    await chat.send_voice(voice_note(), duration=12)
    await world.assemblyai.wait_for(lambda a: len(a.calls("getTranscript")) >= 2, timeout=20)
    await world.program.kill()

    world.gemini.fail("generateContent", Fault.hang())
    judged = len(world.gemini.calls("generateContent"))
    await world.program.start()
    world.assemblyai.release()
    await world.gemini.wait_for(lambda g: len(g.calls("generateContent")) > judged, timeout=20)
    await card(chat, SPEECH, "Thinking")
    await world.program.kill()
    world.gemini.release()

    await world.program.start()
    finished = await card(chat, SPEECH, "Evidence 4/5", "Say why it mattered.")
    assert len([m for m in chat.cards if SPEECH in m.text]) == 1
    await chat.press(finished, "Stop")
    await card(chat, "Stopped. 1 answer kept")
    await chat.say("/history")
    listed = await card(chat, "Your interviews")
    assert "1 answered" in listed.buttons[0][0]
    assert len(world.assemblyai.calls("createTranscript")) == 1
