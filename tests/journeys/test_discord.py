"""Whole interviews on Discord, through the real program and discord.py."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.emulators.discord_gateway import Intent
from tests.emulators.server import Fault, Upload
from tests.journeys.on_discord import TYPED, begun_in_server, card, ready
from tests.journeys.world import PATIENCE, World, open_world, voice_note
from tests.journeys.world import card as telegram_card


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path, platforms=("discord",)) as opened:
        yield opened
        opened.assert_valid()
        assert opened.discord.late == []


async def test_an_interview_from_the_modal_to_the_history(world: World) -> None:
    guild = world.discord.guild("Bootcamp", channels=["interviews"], members=["Ann", "Bob"])
    channel, ann = guild.channels[0], world.discord.person("Ann")
    await world.program.start()
    await ready(world)

    asked = await ann.command(channel, "interview")
    await asked.wait_for(lambda i: i.modal)
    filled = await asked.submit({"role": "Data Engineer", "company": "Acme", "questions": "3"})
    await filled.wait_for(lambda i: i.messages and "ready" in i.messages[-1].text)
    (thread,) = guild.threads

    for number in (1, 2, 3):
        await card(thread, f"Question {number} of 3", f"part {number}?")
        world.assemblyai.hold()
        sent = await ann.command(
            thread, "answer", recording=Upload("a.ogg", "audio/ogg", voice_note())
        )
        answer = await card(thread, f"Question {number} of 3", "Listening")
        world.assemblyai.release()
        same = await card(thread, f"Question {number} of 3", "nightly load", "Evidence 4/5")
        assert same.id == answer.id
        assert "172 words/min" in same.text
        await sent.wait_for(lambda i: i.messages and "Got it." in i.messages[-1].text)
        await ann.press(same, "Finish" if number == 3 else "Next question")

    summary = await card(thread, "Done: Data Engineer at Acme", "3 of 3 questions answered")
    assert "Name the result first." in summary.text

    opened = await ann.command(channel, "history")
    await opened.wait_for(lambda i: i.messages and "Data Engineer at Acme" in i.messages[-1].text)
    page = await ann.press(opened.messages[-1], "1")
    await page.wait_for(lambda i: i.acknowledged)
    await opened.wait_for(lambda i: "part 1?" in i.messages[-1].text)
    hearing = await ann.press(opened.messages[-1], "Hear your answer")
    await hearing.wait_for(lambda i: i.messages and i.messages[-1].attachments)
    assert hearing.messages[-1].attachments[0].data.startswith(b"OggS")
    assert hearing.messages[-1].ephemeral
    assert await world.program.stop() == 0


async def test_a_voice_message_sent_while_the_bot_is_down_is_found_once(world: World) -> None:
    dm, ann = world.discord.dm("Ann"), world.discord.person("Ann")
    await world.program.start()
    await ready(world)
    await ann.command(dm, "interview", role="Data Engineer", questions=3)
    question = await card(dm, "Question 1 of 3", "part 1?")
    world.assemblyai.hold()
    await ann.send_voice(dm, voice_note(), seconds=12.0)
    await world.assemblyai.wait_for(lambda a: len(a.calls("getTranscript")) >= 2, timeout=PATIENCE)
    await world.program.kill()
    await ann.send_voice(dm, voice_note(), seconds=12.0)
    world.assemblyai.release()

    await world.program.start()
    finished = await card(dm, "Question 1 of 3", "nightly load", "Evidence 4/5")
    await world.assemblyai.wait_for(
        lambda a: len(a.calls("createTranscript")) == 2, timeout=PATIENCE
    )
    await ann.press(finished, "Next question")
    await card(dm, "Question 2 of 3")
    assert finished.id != question.id
    assert len(world.assemblyai.jobs) == 2


async def test_a_button_from_before_a_restart_works(world: World) -> None:
    dm, ann = world.discord.dm("Ann"), world.discord.person("Ann")
    await world.program.start()
    await ready(world)
    await ann.command(dm, "interview", role="Data Engineer", questions=3)
    await card(dm, "Question 1 of 3", "part 1?")
    await ann.say(dm, TYPED)
    feedback = await card(dm, "Question 1 of 3", "Evidence 4/5")
    await world.program.stop()

    await world.program.start()
    await world.discord.wait_for(lambda d: d.online, timeout=PATIENCE)
    await ann.press(feedback, "Next question")
    await card(dm, "Question 2 of 3")
    assert len(world.discord.calls("bulk_set_application_commands")) == 1


async def test_nobody_else_takes_part(world: World) -> None:
    guild = world.discord.guild("Bootcamp", channels=["interviews"], members=["Ann", "Bob"])
    channel = guild.channels[0]
    ann, bob = world.discord.person("Ann"), world.discord.person("Bob")
    await world.program.start()
    await ready(world)
    await ann.command(channel, "interview", role="Data Engineer")
    await world.discord.wait_for(lambda _: guild.threads, timeout=PATIENCE)
    thread = guild.threads[0]
    question = await card(thread, "Question 1 of 5")
    thread.people[bob.id] = bob
    press = await bob.press(question, "Skip question")
    await press.wait_for(lambda i: i.messages)
    assert "belongs to somebody else" in press.messages[-1].text
    assert press.messages[-1].ephemeral


async def test_without_leave_to_open_threads_it_runs_in_direct_messages(world: World) -> None:
    guild = world.discord.guild("Bootcamp", channels=["interviews"], members=["Ann"])
    ann = world.discord.person("Ann")
    guild.deny("CREATE_PRIVATE_THREADS")
    await world.program.start()
    await ready(world)
    told = await ann.command(guild.channels[0], "interview", role="Data Engineer")
    await told.wait_for(lambda i: i.messages and "direct messages" in i.messages[-1].text)
    await card(world.discord.dm("Ann"), "Question 1 of 5")


async def test_with_message_content_voice_messages_in_the_thread_are_answers(
    tmp_path: Path,
) -> None:
    async with open_world(tmp_path, platforms=("discord",)) as world:
        world.program.set("DISCORD_MESSAGE_CONTENT", "true")
        world.discord.granted = Intent.MESSAGE_CONTENT
        _, ann, thread = await begun_in_server(world)
        sent = await ann.send_voice(thread, voice_note(), seconds=12.0)
        world.discord.expire_attachments()
        await card(thread, "nightly load", "Evidence 4/5")
        await thread.wait_for(lambda _: sent.reactions)
        world.assert_valid()


async def test_an_intent_that_is_not_granted_is_told_and_done_without(tmp_path: Path) -> None:
    async with open_world(tmp_path, platforms=("discord",)) as world:
        world.program.set("DISCORD_MESSAGE_CONTENT", "true")
        _, ann, thread = await begun_in_server(world)
        await ann.say(thread, TYPED)
        await card(thread, "I cannot read messages in servers")
        assert "Privileged Gateway Intents" in world.program.log.read_text()


async def test_a_thread_that_is_deleted_keeps_the_answers(world: World) -> None:
    guild, ann, thread = await begun_in_server(world)
    await ann.command(thread, "answer", text=TYPED)
    await card(thread, "Question 1 of 5", "Evidence 4/5")
    world.discord.remove_thread(thread)
    await card(world.discord.dm("Ann"), "The thread of your interview is gone")
    opened = await ann.command(guild.channels[0], "history")
    await opened.wait_for(lambda i: i.messages and "1 answered" in i.messages[-1].text)


async def test_both_platforms_at_once_keep_apart(tmp_path: Path) -> None:
    async with open_world(tmp_path, platforms=("telegram", "discord")) as world:
        await world.program.start()
        await ready(world)
        await world.telegram.wait_for(lambda t: t.calls("getUpdates"), timeout=PATIENCE)
        note = voice_note()
        chats = [world.telegram.private_chat(first_name=f"Tea {n}") for n in range(10)]
        people = [world.discord.person(f"Dan {n}") for n in range(10)]
        places = [world.discord.dm(f"Dan {n}") for n in range(10)]
        for chat in chats:
            await chat.say("/interview Nurse, 3 questions")
        for person, place in zip(people, places, strict=True):
            await person.command(place, "interview", role="Pilot", questions=3)
        for chat in chats:
            await telegram_card(chat, "Question 1 of 3", "Nurse")
            await chat.send_voice(note, duration=12)
        for person, place in zip(people, places, strict=True):
            await card(place, "Question 1 of 3", "Pilot")
            await person.send_voice(place, note, seconds=12.0)
        for chat in chats:
            await telegram_card(chat, "nightly load", "Evidence 4/5")
            await chat.say("/history")
            listed = await telegram_card(chat, "Your interviews")
            assert len(listed.buttons) == 1
            assert "Nurse · 1 answered" in listed.buttons[0][0]
        for person, place in zip(people, places, strict=True):
            await card(place, "nightly load", "Evidence 4/5")
            opened = await person.command(place, "history")
            await opened.wait_for(lambda i: i.messages and "answered" in i.messages[-1].text)
            assert "Pilot · 1 answered" in opened.messages[-1].text
            assert "Nurse" not in opened.messages[-1].text
        world.assert_valid()
        assert world.discord.late == []


@pytest.mark.parametrize("wrong", ["telegram", "discord"])
async def test_a_wrong_token_takes_the_other_platform_not_down(tmp_path: Path, wrong: str) -> None:
    async with open_world(tmp_path, platforms=("telegram", "discord")) as world:
        token = {"telegram": "1:other", "discord": "other"}[wrong]
        world.program.set(f"{wrong.upper()}_TOKEN", token)
        await world.program.start()
        if wrong == "telegram":
            await ready(world)
            dm = world.discord.dm("Ann")
            await world.discord.person("Ann").command(dm, "interview", role="Pilot")
            await card(dm, "Question 1 of 5")
        else:
            chat = world.telegram.private_chat(first_name="Ann")
            await chat.say("/interview Pilot")
            await telegram_card(chat, "Question 1 of 5")
        log = world.program.log.read_text()
        assert f'"platform": "{wrong}", "problem": "misconfigured"' in log


async def test_a_bot_that_may_no_longer_write_says_so_in_private(world: World) -> None:
    guild, ann, thread = await begun_in_server(world)
    guild.deny("SEND_MESSAGES_IN_THREADS")
    told = await ann.command(thread, "answer", text=TYPED)
    await told.wait_for(lambda i: i.messages and "Got it." in i.messages[-1].text)
    await card(world.discord.dm("Ann"), "I can no longer write where your interview was")


async def test_a_long_answer_is_whole_in_a_file(world: World) -> None:
    dm, ann = world.discord.dm("Ann"), world.discord.person("Ann")
    await world.program.start()
    await ready(world)
    await ann.command(dm, "interview", role="Data Engineer", questions=3)
    await card(dm, "Question 1 of 3")
    await ann.say(dm, " ".join(f"{TYPED} {number}" for number in range(20)))
    await ann.say(dm, "And it ended well.")
    feedback = await card(dm, "Question 1 of 3", "Evidence 4/5")
    await dm.wait_for(lambda _: feedback.attachments)
    assert feedback.attachments[0].data.decode().startswith(TYPED)


async def test_what_is_no_recording_is_told_and_the_question_stays_open(world: World) -> None:
    dm, ann = world.discord.dm("Ann"), world.discord.person("Ann")
    await world.program.start()
    await ready(world)
    await ann.command(dm, "interview", role="Data Engineer", questions=3)
    await card(dm, "Question 1 of 3")
    await ann.send_file(dm, "voice.ogg", b"#EXTM3U\nhttp://127.0.0.1:9/\n", "audio/ogg")
    await card(dm, "not a recording I can play")
    await ann.send_file(dm, "big.ogg", b"OggS" + bytes(20_000_001), "audio/ogg")
    await card(dm, "over 20 MB")
    await ann.send_file(dm, "job.zip", b"PK", "application/zip")
    await card(dm, "That file is not a recording")
    await ann.say(dm, TYPED)
    await card(dm, "Question 1 of 3", "Evidence 4/5")


async def test_a_job_description_comes_with_the_command(world: World) -> None:
    dm, ann = world.discord.dm("Ann"), world.discord.person("Ann")
    await world.program.start()
    await ready(world)
    roles = await ann.autocomplete(dm, "interview", option="role", text="data e")
    assert "Data Engineer" in {role["name"] for role in roles}
    wanted = Upload("job.txt", "text/plain", b"We look for somebody who knows Airflow.")
    await ann.command(dm, "interview", role="Data Engineer", job_description=wanted)
    await card(dm, "Question 1 of 5", "part 1?")
    assert "knows Airflow" in str(world.gemini.calls("generateContent")[0].body["contents"])


async def test_a_discord_that_is_not_reached_at_the_start_is_waited_for(world: World) -> None:
    world.discord.fail("get_my_user", Fault.reset())
    await world.program.start()
    await ready(world)
    await world.discord.person("Ann").command(world.discord.dm("Ann"), "interview", role="Pilot")
    await card(world.discord.dm("Ann"), "Question 1 of 5")
