"""What coaching adds to an interview on Discord, through the real program and discord.py."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.emulators.discord_people import Person
from tests.emulators.discord_places import DM, Message, Place
from tests.emulators.server import Fault, Upload
from tests.journeys.on_discord import TYPED, begun_in_server, card, ready, told
from tests.journeys.world import PATIENCE, SPEECH, World, interviewer, open_world, voice_note
from tests.journeys.world import card as telegram_card

PNG = b"\x89PNG\r\n\x1a\n"
SAID = (
    "In my last job the mighty load failed on Mondays, so I compared its columns with the source "
    "and as a result it has not failed for a year."
)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path, platforms=("discord",)) as opened:
        yield opened
        opened.assert_valid()
        assert opened.discord.late == []


async def asked_in_private(world: World, **options: Any) -> tuple[DM, Person]:
    """The first question stands in Ann's direct messages."""
    dm, ann = world.discord.dm("Ann"), world.discord.person("Ann")
    await world.program.start()
    await ready(world)
    await ann.command(dm, "interview", role="Data Engineer", questions=3, **options)
    await card(dm, "Data Engineer" if options.get("mode") == "real" else "Question 1 of 3")
    return dm, ann


async def answered(person: Person, place: Place, number: int) -> Message:
    """The feedback on a typed answer to that question."""
    await card(place, f"Question {number} of", f"part {number}?")
    await person.say(place, TYPED)
    return await card(place, f"Question {number} of", "Evidence 4/5")


async def finished(world: World) -> tuple[DM, Person, Message]:
    """The summary of three answers stands in Ann's direct messages."""
    dm, ann = await asked_in_private(world)
    for number in (1, 2, 3):
        feedback = await answered(ann, dm, number)
        await ann.press(feedback, "Finish" if number == 3 else "Next question")
    return dm, ann, await card(dm, "Done: Data Engineer", "3 of 3 questions answered")


async def test_a_second_take_is_compared_with_the_first(world: World) -> None:
    def improving(body: dict[str, Any]) -> dict[str, Any]:
        reply = interviewer(body)
        if SAID in str(body["contents"]) and "scores" in reply:
            reply["scores"]["structure"] = 5
        return reply

    world.gemini.reply = improving
    dm, ann = await asked_in_private(world)
    first = await answered(ann, dm, 1)
    assert "Against your last try" not in first.text
    await ann.press(first, "Try again")
    await card(dm, "Question 1 of 3 · take 2", "part 1?")
    await ann.say(dm, SAID)
    second = await card(dm, "take 2", "Against your last try", "Structure 3 → 5")

    await ann.press(second, "Model answer")
    await dm.wait_for(lambda _: "so I wrote a check for" in second.text, timeout=PATIENCE)
    await ann.press(second, "Hide model answer")
    await dm.wait_for(lambda _: "so I wrote a check for" not in second.text, timeout=PATIENCE)


async def test_what_was_misheard_is_put_right_in_a_form(world: World) -> None:
    _, ann, thread = await begun_in_server(world, questions=3)
    note = Upload("a.ogg", "audio/ogg", voice_note())
    await ann.command(thread, "answer", recording=note)
    feedback = await card(thread, "nightly load", "Evidence 4/5")

    pressed = await ann.press(feedback, "I was misheard")
    form = await pressed.wait_for(lambda i: i.modal or {}, timeout=PATIENCE)
    assert SPEECH in str(form["components"])
    await world.program.kill()
    await world.program.start()
    await world.discord.wait_for(lambda d: d.online, timeout=PATIENCE)
    await pressed.submit({"What you really said": SAID})

    corrected = await card(thread, "the mighty load failed", "Evidence 4/5")
    assert corrected.id != feedback.id
    assert "Delivery" in corrected.text
    assert SAID in str(world.gemini.calls("generateContent")[-1].body["contents"])
    assert len(world.assemblyai.calls("createTranscript")) == 1

    opened = await ann.command(thread.parent, "history")
    await ann.press(await told(opened, "Data Engineer"), "1")
    await told(opened, "the mighty load failed", "As you put it right")


async def test_a_form_that_comes_too_late_changes_nothing(world: World) -> None:
    _, ann, thread = await begun_in_server(world, questions=3)
    note = Upload("a.ogg", "audio/ogg", voice_note())
    await ann.command(thread, "answer", recording=note)
    feedback = await card(thread, "nightly load", "Evidence 4/5")
    pressed = await ann.press(feedback, "I was misheard")
    await pressed.wait_for(lambda i: i.modal, timeout=PATIENCE)
    await ann.press(feedback, "Next question")
    await card(thread, "Question 2 of 3")
    submitted = await pressed.submit({"What you really said": SAID})
    await told(submitted, "That button is from an earlier step.")
    assert not [m for m in thread.messages if "mighty load" in m.text]


async def test_what_is_too_long_for_a_form_is_put_right_by_the_command(world: World) -> None:
    world.assemblyai.speech = lambda _: f"{SPEECH} " * 50
    _, ann, thread = await begun_in_server(world, questions=3)
    note = Upload("a.ogg", "audio/ogg", voice_note())
    await ann.command(thread, "answer", recording=note)
    feedback = await card(thread, "nightly load", "Evidence 4/5")
    await ann.press(feedback, "I was misheard")
    await card(thread, "in a server, with /answer")
    await ann.command(thread, "answer", text=SAID)
    await card(thread, "the mighty load failed", "Evidence 4/5")


async def test_what_an_answer_leaves_open_is_asked_further(world: World) -> None:
    def curious(body: dict[str, Any]) -> dict[str, Any]:
        reply = interviewer(body)
        if "follow_up" in reply:
            reply["follow_up"] = "How did you know that the load was slow?"
        return reply

    world.gemini.reply = curious
    dm, ann = await asked_in_private(world)
    await ann.press(await answered(ann, dm, 1), "Follow-up question")
    await card(dm, "Question 1 of 3 · follow-up", "How did you know that the load was slow?")
    await ann.say(dm, SAID)
    feedback = await card(dm, "Question 1 of 3 · follow-up", "the mighty load", "Evidence 4/5")
    await ann.press(feedback, "Next question")
    await card(dm, "Question 2 of 3", "part 2?")


async def test_follow_ups_can_be_left_out(world: World) -> None:
    def curious(body: dict[str, Any]) -> dict[str, Any]:
        reply = interviewer(body)
        return reply | {"follow_up": "How did you know?"} if "follow_up" in reply else reply

    world.gemini.reply = curious
    dm, ann = await asked_in_private(world, follow_ups=False)
    await ann.press(await answered(ann, dm, 1), "Next question")
    await card(dm, "Question 2 of 3", "part 2?")


async def test_a_person_rates_an_answer_before_they_see_its_score(world: World) -> None:
    dm, ann = await asked_in_private(world, rate_first=True)
    world.gemini.fail("generateContent", Fault.hang())
    await ann.say(dm, TYPED)
    thinking = await card(dm, "Thinking about your answer", "How good was it?")
    assert thinking.buttons[0] == ["1", "2", "3", "4", "5"]
    await ann.press(thinking, "2")
    await dm.wait_for(lambda _: "How good was it?" not in thinking.text, timeout=PATIENCE)
    world.gemini.release()
    feedback = await card(dm, "You rated it 2/5; the mean score is 4.0.", "Evidence 4/5")

    await ann.press(feedback, "Next question")
    await card(dm, "Question 2 of 3")
    await ann.say(dm, TYPED)
    unrated = await card(dm, "Question 2 of 3", "Your feedback is ready.")
    assert "Evidence" not in unrated.text
    await ann.press(unrated, "Just show it")
    assert "You rated it" not in (await card(dm, "Question 2 of 3", "Evidence 4/5")).text


async def test_against_the_clock_all_feedback_comes_at_the_end(world: World) -> None:
    dm, ann = await asked_in_private(world, mode="real")
    await ann.press(await card(dm, "Press Begin when you are somewhere quiet."), "Begin")
    world.assemblyai.hold()
    for number in (1, 2, 3):
        question = await card(dm, f"Question {number} of 3", f"part {number}?", "You may start")
        assert "<t:" in question.text
        await ann.send_voice(dm, voice_note(), seconds=12.0)
    await card(dm, "All questions are asked. Feedback: 0 of 3 ready…")
    assert not [m for m in dm.messages if "Evidence" in m.text]

    world.assemblyai.release()
    summary = await card(dm, "Done: Data Engineer", "3 of 3 questions answered")
    opened = await ann.press(summary, "Each answer")
    page = await told(opened, "Question 1 of 3", "part 1?", "nightly load", "Evidence 4/5")
    await ann.press(page, "2 ›")
    await opened.wait_for(lambda _: "part 2?" in page.text, timeout=PATIENCE)
    assert "Done: Data Engineer" in summary.text


@pytest.mark.parametrize(("plan", "requests"), [("economy", 2), ("full", 5)])
async def test_each_plan_asks_the_model_as_often_as_it_says(
    world: World, plan: str, requests: int
) -> None:
    world.program.set("GEMINI_PLAN", plan)
    dm, ann = await asked_in_private(world)
    for number in (1, 2, 3):
        await card(dm, f"Question {number} of 3", f"part {number}?")
        await ann.say(dm, TYPED)
        wanted = "Measured for now." if plan == "economy" else "Evidence 4/5"
        feedback = await card(dm, f"Question {number} of 3", wanted)
        await ann.press(feedback, "Finish" if number == 3 else "Next question")
    summary = await card(dm, "Done: Data Engineer", "Evidence 4.0/5", "Name the result first.")
    opened = await ann.press(summary, "Each answer")
    await told(opened, "part 1?", "Evidence 4/5", "You name a real event.")
    assert len(world.gemini.calls("generateContent")) == requests


async def test_progress_is_a_picture_that_leads_to_practice(world: World) -> None:
    dm, ann = world.discord.dm("Ann"), world.discord.person("Ann")
    await world.program.start()
    await ready(world)
    await told(await ann.command(dm, "progress"), "Nothing to compare yet")
    await told(await ann.command(dm, "practice"), "I do not know yet what to practise")
    await ann.command(dm, "interview", role="Data Engineer", questions=3)
    await ann.press(await answered(ann, dm, 1), "Next question")
    await card(dm, "Question 2 of 3")
    busy = await ann.command(dm, "practice")
    await told(busy, "You have an interview going on already.")
    await told(await ann.command(dm, "cancel"), "Stopped")

    page = await told(await ann.command(dm, "progress"), "Your progress", "Structure: 3.0 of 5")
    (picture,) = page.attachments
    assert picture.data.startswith(PNG)
    assert page.embeds[0]["image"]["url"] == picture.url
    began = await ann.press(page, "Practise next")
    await told(began, "Your interview is ready.")
    question = await card(dm, "Question 1 of 1", "To practise: Structure")
    assert "5/5: Opens with the point" in question.text
    await told(await ann.command(dm, "cancel"), "Stopped")
    await ann.command(dm, "practice")
    await dm.wait_for(lambda _: dm.find("Question 1 of 1").id != question.id, timeout=PATIENCE)


async def test_an_interview_is_kept_as_files_and_as_a_picture(world: World) -> None:
    _, ann, summary = await finished(world)
    saved = await ann.press(summary, "Save as a file")
    files = (await told(saved)).attachments
    assert [file.name.rpartition(".")[2] for file in files] == ["html", "md"]
    assert all("First I measured the load" in file.data.decode() for file in files)
    drawn = await ann.press(summary, "Picture")
    (picture,) = (await told(drawn)).attachments
    assert picture.data.startswith(PNG)
    await told(await ann.press(summary, "My progress"), "Your progress")
    assert "Done: Data Engineer" in summary.text


async def test_two_people_who_are_one_join_their_histories_by_a_code(world: World) -> None:
    guild = world.discord.guild("Bootcamp", channels=["interviews"], members=["Ann", "Anna"])
    channel = guild.channels[0]
    dm, ann = await asked_in_private(world)
    anna = world.discord.person("Anna")
    await answered(ann, dm, 1)
    issued = await told(await ann.command(channel, "link"), "Your code: ")
    code = issued.text.split("Your code: ")[1].split()[0]
    await told(await anna.command(channel, "link", code="AAAA-AAAA"), "That code is not valid")
    await told(await ann.command(channel, "link", code=code), "That is your own code")
    await told(await anna.command(channel, "link", code=code.lower()), "histories are one now")
    await told(await anna.command(channel, "history"), "Data Engineer · 1 answered")
    await told(await anna.command(channel, "unlink"), "only its own history again")
    await told(await anna.command(channel, "history"), "No interviews yet.")
    assert not [m for m in channel.messages if m.from_bot]


async def test_telegram_joins_the_history_that_discord_gave_a_code_for(tmp_path: Path) -> None:
    async with open_world(tmp_path, platforms=("telegram", "discord")) as world:
        dm, ann = await asked_in_private(world)
        await answered(ann, dm, 1)
        issued = await told(await ann.command(dm, "link"), "Your code: ")
        code = issued.text.split("Your code: ")[1].split()[0]
        chat = world.telegram.private_chat(first_name="Ann")
        await chat.say(f"/link {code}")
        await telegram_card(chat, "both histories are one now")
        await chat.say("/history")
        listed = await telegram_card(chat, "Your interviews")
        assert "Data Engineer · 1 answered" in listed.buttons[0][0]
        world.assert_valid()


async def test_a_cv_comes_with_the_command_beside_the_job_description(world: World) -> None:
    job = Upload("job.txt", "text/plain", b"We look for somebody who knows Airflow.")
    cv = Upload("cv.txt", "text/plain", b"I have run pipelines at Hooli for six years.")
    await asked_in_private(world, job_description=job, cv=cv)
    written = str(world.gemini.calls("generateContent")[0].body["contents"])
    assert "knows Airflow" in written
    assert "pipelines at Hooli" in written


async def test_what_the_command_said_is_in_the_form_already(world: World) -> None:
    dm, ann = world.discord.dm("Ann"), world.discord.person("Ann")
    await world.program.start()
    await ready(world)
    asked = await ann.command(dm, "interview", company="Acme", questions=3, mode="real")
    await asked.submit({"role": "Data Engineer"})
    await card(dm, "Data Engineer at Acme", "3 questions, one try at each")
