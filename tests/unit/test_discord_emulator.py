"""The loopback Discord tells right from wrong: discord.py passes, every check can fail."""

import asyncio
import base64
import json
import os
import sys
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import aiohttp
import pytest
import yarl

from tests.emulators import discord_rest as rest
from tests.emulators import discord_rules as rules
from tests.emulators.discord import (
    DM,
    EVERYWHERE,
    Channel,
    DiscordEmulator,
    Guild,
    Intent,
    Person,
    Place,
)
from tests.emulators.server import Fault, Upload

with warnings.catch_warnings():
    # It imports audioop, of which Python 3.11 and 3.12 say that it will go.
    warnings.simplefilter("ignore", DeprecationWarning)
    import discord
    from discord import app_commands, ui

needs_description = pytest.mark.skipif(
    rules.published() is None, reason="the published description is not at hand"
)
INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, dm_reactions=True)
OGG = b"OggS, made up"


# A bot on the real client


class Question(ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @ui.button(label="Next", emoji="▶", custom_id="next")
    async def next(self, interaction: discord.Interaction, _: Any) -> None:
        await interaction.response.edit_message(content="Question 2", view=None)

    @ui.button(label="Stop", custom_id="stop")
    async def stop_it(self, interaction: discord.Interaction, _: Any) -> None:
        await interaction.response.send_message("Stopped", ephemeral=True)

    @ui.button(label="Skip", custom_id="skip", disabled=True)
    async def skip(self, interaction: discord.Interaction, _: Any) -> None:
        raise AssertionError("nobody can press it")

    @ui.select(
        custom_id="mode",
        placeholder="Mode",
        options=[
            discord.SelectOption(label="Coach", value="c"),
            discord.SelectOption(label="Real", value="r"),
        ],
    )
    async def mode(self, interaction: discord.Interaction, select: Any) -> None:
        await interaction.response.defer()
        await interaction.followup.send(f"mode {select.values[0]}")


class SetUp(ui.Modal, title="Set up"):
    def __init__(self) -> None:
        super().__init__()
        levels = [discord.SelectOption(label=name) for name in ("Junior", "Senior")]
        self.role: ui.TextInput[Any] = ui.TextInput(custom_id="role")
        self.level: ui.Select[Any] = ui.Select(custom_id="level", options=levels)
        self.cv: ui.FileUpload[Any] = ui.FileUpload(custom_id="cv", required=False)
        self.add_item(ui.Label(text="Role", component=self.role))
        self.add_item(ui.Label(text="Level", component=self.level))
        self.add_item(ui.Label(text="CV", component=self.cv))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        read = await self.cv.values[0].read() if self.cv.values else b""
        text = f"{self.role.value}, {self.level.values[0]}, {read.decode()}"
        await interaction.response.send_message(text, ephemeral=True)


class Interviewer(discord.Client):
    """Its messages land in `heard`."""

    def __init__(self, intents: discord.Intents = INTENTS) -> None:
        super().__init__(intents=intents, guild_ready_timeout=0.01)
        self.tree = app_commands.CommandTree(self)
        self.heard: list[discord.Message] = []
        self.resumed = 0
        self.add_view(Question())
        self.tree.add_command(interview)
        self.tree.add_command(set_up)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """The real one waits five seconds before it identifies anew."""

    async def on_message(self, message: discord.Message) -> None:
        if message.author != self.user:
            self.heard.append(message)

    async def on_resumed(self) -> None:
        self.resumed += 1


@app_commands.command(description="Start a mock interview")
@app_commands.describe(role="For which job", count="How many questions", cv="Your CV")
async def interview(
    interaction: discord.Interaction,
    role: str,
    count: app_commands.Range[int, 1, 5] = 3,
    cv: discord.Attachment | None = None,
) -> None:
    await interaction.response.defer(thinking=True, ephemeral=True)
    read = await cv.read() if cv else b""
    embed = discord.Embed(title="Question 1", description=f"{role} {count} {read.decode()}")
    embed.add_field(name="Time", value="2 minutes")
    await interaction.followup.send(embed=embed, view=Question())
    if isinstance(interaction.channel, discord.TextChannel):
        await interaction.channel.send("It has begun", view=Question())


@interview.autocomplete("role")
async def roles(_: discord.Interaction, text: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=f"{text} Engineer", value=f"{text}-engineer")]


@app_commands.command(name="setup", description="Choose what to be asked")
async def set_up(interaction: discord.Interaction) -> None:
    await interaction.response.send_modal(SetUp())


@asynccontextmanager
async def running(
    e: DiscordEmulator, intents: discord.Intents = INTENTS
) -> AsyncIterator[Interviewer]:
    client = Interviewer(intents)
    task = asyncio.create_task(client.start(e.token))
    try:
        await e.wait_for(lambda e: e.online)
        await client.wait_until_ready()
        yield client
    finally:
        await client.close()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def e(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordEmulator]:
    async with DiscordEmulator() as emulator:
        monkeypatch.setattr(discord.http.Route, "BASE", emulator.api_url)
        gateway = yarl.URL(emulator.gateway_url)
        monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", gateway)
        yield emulator


@pytest.fixture
def guild(e: DiscordEmulator) -> Guild:
    return e.guild("Bootcamp", channels=["interviews"], members=["Ann", "Bob"])


@pytest.fixture
def room(guild: Guild) -> Channel:
    return guild.channel("interviews")


@pytest.fixture
def ann(e: DiscordEmulator) -> Person:
    return e.person("Ann")


@pytest.fixture
def dm(e: DiscordEmulator, guild: Guild) -> DM:
    return e.dm("Ann")


@pytest.fixture
async def bot(e: DiscordEmulator, guild: Guild) -> AsyncIterator[Interviewer]:
    """What it asks for must be allowed, and what it is told must be as described."""
    async with running(e) as client:
        yield client
    e.assert_valid()
    assert misfits(e) == []


def misfits(e: DiscordEmulator) -> list[str]:
    description = rules.published()
    return [
        problem
        for request in e.requests
        if description and request.operation in rest.ROUTES and (request.status or 500) < 300
        for problem in description.check_answer(
            request.operation, request.status or 0, request.answer
        )
    ]


async def heard(bot: Interviewer, count: int = 1) -> discord.Message:
    await until(lambda: len(bot.heard) >= count)
    return bot.heard[-1]


async def until(predicate: Callable[[], Any]) -> None:
    """The emulator wakes no one who waits for the client."""
    async with asyncio.timeout(5):
        while not predicate():  # noqa: ASYNC110 - its cache changes without a word
            await asyncio.sleep(0.005)


async def call(
    e: DiscordEmulator, method: str, path: str, body: Any = None, **more: Any
) -> tuple[int, Any]:
    headers = {"Authorization": f"Bot {e.token}"} | more.pop("headers", {})
    content = {} if body is None else {"json": body}
    async with (
        aiohttp.ClientSession() as http,
        http.request(method, e.api_url + path, headers=headers, **content, **more) as answer,
    ):
        text = await answer.text()
        return answer.status, json.loads(text) if text else None


# Logging in


async def test_discord_py_logs_in_and_registers_its_commands(
    e: DiscordEmulator, bot: Interviewer, guild: Guild
) -> None:
    assert bot.user is not None
    assert (bot.user.id, bot.application_id) == (e.bot.id, e.application_id)
    assert [command["name"] for command in e.commands] == ["interview", "setup"]
    server = bot.get_guild(guild.id)
    assert server is not None
    assert [channel.name for channel in server.text_channels] == ["interviews"]
    assert server.me.guild_permissions.create_private_threads
    synced = await bot.tree.sync(guild=server)
    assert synced == []
    identify = e.calls("IDENTIFY")[0].body
    assert identify["intents"] == INTENTS.value


async def test_a_wrong_token_is_refused_as_discord_refuses_it(e: DiscordEmulator) -> None:
    client = Interviewer()
    with pytest.raises(discord.LoginFailure):
        await client.start("wrong")
    await client.close()
    e.assert_valid()


@pytest.mark.parametrize("name", ["message_content", "members"])
async def test_an_intent_that_was_not_granted_ends_the_connection(
    e: DiscordEmulator, name: str
) -> None:
    intents = discord.Intents(**{name: True})
    client = Interviewer(intents)
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await client.start(e.token)
    await client.close()


async def test_a_bot_may_run_in_a_process_of_its_own(e: DiscordEmulator, room: Channel) -> None:
    script = """
import discord, os, yarl
discord.http.Route.BASE = os.environ["API"]
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["GATEWAY"])
client = discord.Client(intents=discord.Intents(guilds=True, guild_messages=True))
@client.event
async def on_message(message):
    if message.author != client.user:
        await message.reply("heard")
client.run(os.environ["TOKEN"], log_handler=None)
"""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-Wignore",
        "-c",
        script,
        env=os.environ | {"API": e.api_url, "GATEWAY": e.gateway_url, "TOKEN": e.token},
    )
    try:
        await e.wait_for(lambda e: e.online)
        question = await e.person("Bob").say(room, "hello")
        answer = await room.wait_for(lambda room: room.cards[0])
    finally:
        process.kill()
        await process.wait()
    assert (answer.content, answer.reply_to) == ("heard", question)
    await e.wait_for(lambda e: not e.online)


# Commands, buttons, modals


async def test_a_command_is_deferred_and_answered(
    e: DiscordEmulator, bot: Interviewer, room: Channel, ann: Person
) -> None:
    started = await ann.command(room, "interview", role="SRE", count=2, cv=b"ten years")
    await started.wait_for(lambda i: not i.messages[0].loading)
    card = started.messages[0]
    assert started.deferred
    assert started.acknowledged_after is not None
    assert started.acknowledged_after < 3
    assert card.ephemeral, "the first follow-up is seen by those who saw the thought"
    assert card.text == "Question 1\nSRE 2 ten years\nTime: 2 minutes"
    assert card.buttons == [["Next", "Stop", "Skip"]]
    assert card.menus == [["Coach", "Real"]]
    said = await room.wait_for(lambda room: room.find("It has begun"))
    assert room.messages == [said]
    assert "PersonaAI (only Ann sees this): Question 1" in room.screen()
    assert "[Next] [Stop] [Skip (off)]" in room.screen()


async def test_buttons_and_menus_are_used(
    e: DiscordEmulator, bot: Interviewer, room: Channel, ann: Person
) -> None:
    await ann.command(room, "interview", role="SRE")
    card = await room.wait_for(lambda room: room.find("It has begun"))

    stopped = await ann.press(card, "Stop")
    reply = await stopped.wait_for(lambda i: i.messages[0])
    assert (reply.content, reply.ephemeral) == ("Stopped", True)

    await ann.choose(card, "Real", menu="Mode")
    await room.wait_for(lambda room: room.find("mode r"))

    with pytest.raises(AssertionError, match="'Skip' is disabled"):
        await ann.press(card, "Skip")
    with pytest.raises(AssertionError, match=r"0 buttons are 'Retry': \['Next', 'Stop', 'Skip'\]"):
        await ann.press(card, "Retry")
    with pytest.raises(AssertionError, match="only Ann sees this message"):
        await e.person("Bob").press(reply, "Anything")

    await ann.press(card, "Next")
    await room.wait_for(lambda _: card.content == "Question 2")
    assert (card.edits, card.buttons, card.history) == (1, [], ["It has begun"])
    await e.delete(card)
    with pytest.raises(AssertionError, match="deleted"):
        await ann.press(card, "Next")


async def test_a_modal_is_filled_in(bot: Interviewer, dm: DM, ann: Person) -> None:
    asked = await ann.command(dm, "setup")
    cv = Upload("cv.txt", "text/plain", b"ten years")
    sent = await asked.submit({"Role": "SRE", "level": "Senior", "CV": cv})
    reply = await sent.wait_for(lambda i: i.messages[0])
    assert reply.content == "SRE, Senior, ten years"
    assert (asked.modal or {})["title"] == "Set up"
    with pytest.raises(AssertionError, match="no field 'Name'"):
        await asked.submit({"Name": "Ann"})
    with pytest.raises(AssertionError, match="'Role' must be filled in"):
        await asked.submit({"Level": "Senior"})
    with pytest.raises(AssertionError, match="no 'Chief' among"):
        await asked.submit({"Role": "SRE", "Level": "Chief"})


async def test_autocomplete_offers_choices(bot: Interviewer, dm: DM, ann: Person) -> None:
    offered = await ann.autocomplete(dm, "interview", option="role", text="Data")
    assert offered == [{"name": "Data Engineer", "value": "Data-engineer"}]
    with pytest.raises(AssertionError, match="does not complete 'count'"):
        await ann.autocomplete(dm, "interview", option="count", text="1")


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({}, "needs 'role'"),
        ({"role": "SRE", "level": "high"}, "has no 'level'"),
        ({"role": 3}, "'role' is not given as"),
        ({"role": "SRE", "count": 6}, "'count' is not within 1-5"),
        ({"role": "SRE", "count": True}, "'count' is not given as"),
    ],
)
async def test_a_command_is_filled_in_as_it_was_registered(
    bot: Interviewer, room: Channel, ann: Person, options: dict[str, Any], problem: str
) -> None:
    with pytest.raises(AssertionError, match=problem):
        await ann.command(room, "interview", **options)
    with pytest.raises(AssertionError, match="no command /resume"):
        await ann.command(room, "resume")


async def test_what_comes_too_late_is_an_unknown_interaction(
    e: DiscordEmulator, bot: Interviewer, dm: DM, ann: Person, caplog: pytest.LogCaptureFixture
) -> None:
    e.acknowledge_within = 0
    missed = await ann.command(dm, "setup")
    await e.wait_for(lambda e: e.late)
    assert e.late == e.unanswered == [missed]
    assert not missed.acknowledged
    assert e.requests[-1].status == 404
    assert e.requests[-1].answer == {"message": "Unknown interaction", "code": 10062}


async def test_an_interaction_is_answered_once_and_its_token_ends(
    e: DiscordEmulator, bot: Interviewer, room: Channel, ann: Person
) -> None:
    done = await ann.command(room, "interview", role="SRE")
    await room.wait_for(lambda room: room.find("It has begun"))
    path = f"/interactions/{done.id}/{done.token}/callback"
    assert await call(e, "POST", path, {"type": 5}) == (
        400,
        {"message": "Interaction has already been acknowledged.", "code": 40060},
    )
    webhook = f"/webhooks/{e.application_id}/{done.token}"
    status, more = await call(e, "POST", webhook, {"content": "More", "flags": 64})
    assert (status, more["flags"]) == (200, 64)
    status, _ = await call(e, "PATCH", f"{webhook}/messages/{more['id']}", {"content": "Most"})
    assert (status, done.messages[-1].content) == (200, "Most")
    status, original = await call(e, "GET", f"{webhook}/messages/@original")
    assert original["interaction_metadata"]["id"] == str(done.id)
    assert (await call(e, "DELETE", f"{webhook}/messages/@original"))[0] == 204
    assert (await call(e, "GET", f"{webhook}/messages/@original"))[1]["code"] == 10008
    e.token_lifetime = 0
    assert (await call(e, "POST", webhook, {"content": "Late"}))[1]["code"] == 50027


async def test_an_interaction_takes_the_answers_of_its_kind(
    e: DiscordEmulator, room: Channel, ann: Person
) -> None:
    e.commands = [{"id": "1", "name": "setup", "type": 1, "description": "x"}]
    started = await ann.command(room, "setup")
    assert (await call(e, "POST", f"/webhooks/{e.application_id}/{started.token}", _hello()))[1][
        "code"
    ] == 10015
    path = f"/interactions/{started.id}/{started.token}/callback"
    status, answer = await call(e, "POST", path, {"type": 6})
    assert (status, answer["code"]) == (400, 50035)
    assert e.violations == [
        "create_interaction_response: COMMAND cannot be answered by DEFERRED_UPDATE"
    ]


def _hello() -> dict[str, Any]:
    return {"content": "Hello"}


# Messages and files


async def test_a_voice_message_is_read_and_its_link_expires(
    e: DiscordEmulator, bot: Interviewer, dm: DM, ann: Person
) -> None:
    await ann.send_voice(dm, OGG, seconds=12.0)
    message = await heard(bot)
    note = message.attachments[0]
    assert message.flags.voice
    assert (note.duration, note.content_type) == (12.0, "audio/ogg")
    assert await note.read() == OGG
    assert dm.screen() == "--- @Ann ---\nAnn: <voice message 0:12>"

    e.expire_attachments()
    with pytest.raises(discord.NotFound):
        await note.read()
    again = await message.channel.fetch_message(message.id)
    assert await again.attachments[0].read() == OGG


def voice_form(**about: Any) -> list[dict[str, Any]]:
    described = {"id": "0", "filename": "question.ogg"} | about
    payload = json.dumps({"flags": 8192, "attachments": [described]})
    return [
        {"name": "payload_json", "value": payload},
        {"name": "files[0]", "value": OGG, "filename": "q.ogg", "content_type": "audio/ogg"},
    ]


async def test_a_bot_sends_a_voice_message_by_a_form_of_its_own(
    bot: Interviewer, guild: Guild, room: Channel, dm: DM
) -> None:
    form = voice_form(duration_secs=2.5, waveform=base64.b64encode(bytes(25)).decode())

    async def send(place: Place) -> None:
        path = "/channels/{channel_id}/messages"
        route = discord.http.Route("POST", path, channel_id=place.id)
        await bot.http.request(route, form=form)

    for place in (dm, room):
        await send(place)
        assert (place.last.is_voice, place.last.attachments[0].seconds) == (True, 2.5)
        assert place.last.attachments[0].name == "question.ogg"
    guild.deny("SEND_VOICE_MESSAGES")
    with pytest.raises(discord.Forbidden) as refused:
        await send(room)
    assert refused.value.code == 50173
    with pytest.raises(discord.HTTPException) as refused_edit:
        await bot.http.edit_message(dm.id, dm.last.id, params=_params(content="x"))
    assert refused_edit.value.code == 50162


def _params(**given: Any) -> Any:
    return discord.http.handle_message_parameters(**given)


async def test_files_go_both_ways(
    e: DiscordEmulator, bot: Interviewer, dm: DM, ann: Person
) -> None:
    await ann.send_file(dm, "cv.pdf", b"%PDF", "application/pdf")
    message = await heard(bot)
    assert (message.attachments[0].filename, message.attachments[0].size) == ("cv.pdf", 4)
    sent = await message.channel.send(
        "Yours", file=discord.File(BytesIO(b"x"), "chart.png", description="Progress")
    )
    assert await sent.attachments[0].read() == b"x"
    assert dm.last.attachments[0].mime == "image/png"
    await sent.edit(attachments=[discord.File(BytesIO(b"y"), "new.png")])
    assert [file.name for file in dm.last.attachments] == ["new.png"]
    e.largest_upload = 3
    with pytest.raises(discord.HTTPException) as refused:
        await message.channel.send(file=discord.File(BytesIO(b"four"), "big.bin"))
    assert (refused.value.status, refused.value.code) == (413, 40005)


async def test_an_embed_shows_a_file_of_its_message(
    e: DiscordEmulator, bot: Interviewer, dm: DM, ann: Person
) -> None:
    await ann.say(dm, "hello")
    message = await heard(bot)
    embed = discord.Embed(title="Progress").set_image(url="attachment://progress.png")
    file = discord.File(BytesIO(b"PNG"), "progress.png")
    await message.channel.send(embed=embed, file=file)
    assert dm.last.embeds[0]["image"]["url"] == dm.last.attachments[0].url


async def test_the_content_of_guild_messages_is_for_those_who_may_read_it(
    e: DiscordEmulator, bot: Interviewer, room: Channel, dm: DM, ann: Person
) -> None:
    async def told(count: int) -> tuple[str, int]:
        message = await heard(bot, count)
        return message.content, len(message.attachments)

    await ann.say(room, "secret")
    assert await told(1) == ("", 0)
    await ann.send_file(room, "cv.txt", b"x")
    assert await told(2) == ("", 0)
    await ann.say(room, f"{e.bot.mention} hello")
    assert await told(3) == (f"{e.bot.mention} hello", 0)
    await ann.say(dm, "private")
    assert await told(4) == ("private", 0)
    channel = bot.get_channel(room.id)
    assert isinstance(channel, discord.TextChannel)
    mine = await channel.send("mine")
    await ann.say(room, "a reply", reply_to=room.last)
    assert await told(5) == ("a reply", 0)
    history = [message.content async for message in channel.history(limit=None)]
    assert history == ["a reply", "mine", f"{e.bot.mention} hello", "", ""]
    assert (await channel.fetch_message(mine.id)).content == "mine"


async def test_granted_content_is_told(
    e: DiscordEmulator, guild: Guild, room: Channel, ann: Person
) -> None:
    e.granted = Intent.MESSAGE_CONTENT
    async with running(e, discord.Intents(2**15 | INTENTS.value)) as bot:
        await ann.say(room, "secret")
        assert (await heard(bot)).content == "secret"


async def test_only_the_events_that_were_asked_for_are_told(
    e: DiscordEmulator, guild: Guild, room: Channel, dm: DM, ann: Person
) -> None:
    async with running(e, discord.Intents(dm_messages=True)) as bot:
        assert bot.guilds[0].unavailable
        await ann.say(room, f"{e.bot.mention} hello")
        await ann.say(dm, "private")
        await heard(bot)
        assert [message.content for message in bot.heard] == ["private"]


async def test_history_is_read_from_a_message_on(bot: Interviewer, dm: DM, ann: Person) -> None:
    said = [await ann.say(dm, f"note {number}") for number in range(120)]
    channel = await bot.fetch_channel(dm.id)
    assert isinstance(channel, discord.DMChannel)

    async def contents(**where: Any) -> list[str]:
        return [message.content async for message in channel.history(limit=None, **where)]

    everything = [f"note {number}" for number in range(120)]
    assert await contents(after=discord.Object(said[2].id)) == everything[3:]
    assert await contents(before=discord.Object(said[2].id)) == ["note 1", "note 0"]
    assert await contents() == everything[::-1]


async def test_messages_are_edited_reacted_to_and_deleted(
    e: DiscordEmulator, bot: Interviewer, dm: DM, ann: Person
) -> None:
    heard_note = await ann.say(dm, "note")
    message = await heard(bot)
    await message.add_reaction("👀")
    assert heard_note.reactions == {"👀": [e.bot]}
    await message.remove_reaction("👀", discord.Object(e.bot.id))
    assert heard_note.reactions == {}
    async with message.channel.typing():
        assert dm.typing == 1
    sent = await message.channel.send("one", nonce="n1")
    assert (await message.channel.send("one", nonce="n1")).id == sent.id
    await sent.edit(content="two")
    assert (dm.last.content, dm.last.history, dm.last.edits) == ("two", ["one"], 1)
    with pytest.raises(discord.Forbidden) as refused:
        await bot.http.edit_message(dm.id, message.id, params=_params(content="x"))
    assert refused.value.code == 50005
    await sent.delete()
    assert [shown.content for shown in dm.messages] == ["note"]
    with pytest.raises(discord.NotFound):
        await message.channel.fetch_message(sent.id)


async def test_a_person_may_refuse_messages(
    e: DiscordEmulator, bot: Interviewer, guild: Guild, ann: Person
) -> None:
    user = await bot.fetch_user(ann.id)
    await user.send("Hello")
    assert e.dm("Ann").last.content == "Hello"
    ann.accepts_dms = False
    with pytest.raises(discord.Forbidden) as refused:
        await user.send("Hello?")
    assert refused.value.code == 50007


# Guilds and threads


async def test_permissions_are_told_and_enforced(
    e: DiscordEmulator, bot: Interviewer, guild: Guild, room: Channel
) -> None:
    channel = bot.get_channel(room.id)
    assert isinstance(channel, discord.TextChannel)

    async def refused(name: str, attempt: Callable[[], Any]) -> int:
        guild.deny(name)
        with pytest.raises(discord.Forbidden) as error:
            await attempt()
        guild.allow(name)
        return error.value.code

    private = discord.ChannelType.private_thread
    thread = await channel.create_thread(name="Ann's", type=private)
    embed = discord.Embed(title="x")
    assert await refused("SEND_MESSAGES", lambda: channel.send("x")) == 50013
    assert await refused("EMBED_LINKS", lambda: channel.send(embed=embed)) == 50013
    assert await refused("ATTACH_FILES", lambda: channel.send(file=_file())) == 50013
    assert await refused("SEND_MESSAGES_IN_THREADS", lambda: thread.send("x")) == 50013
    assert await refused("MANAGE_THREADS", thread.delete) == 50013
    assert await refused("VIEW_CHANNEL", lambda: bot.fetch_channel(room.id)) == 50001
    assert (
        await refused(
            "CREATE_PRIVATE_THREADS", lambda: channel.create_thread(name="x", type=private)
        )
        == 50013
    )
    guild.deny("SEND_MESSAGES")
    await until(lambda: not channel.permissions_for(channel.guild.me).send_messages)


def _file() -> discord.File:
    return discord.File(BytesIO(b"x"), "x.txt")


async def test_a_private_thread_is_for_those_who_were_added(
    e: DiscordEmulator, bot: Interviewer, guild: Guild, room: Channel, ann: Person
) -> None:
    channel = bot.get_channel(room.id)
    assert isinstance(channel, discord.TextChannel)
    opened = await channel.create_thread(
        name="Ann's interview", type=discord.ChannelType.private_thread, invitable=False
    )
    thread = guild.threads[0]
    with pytest.raises(AssertionError, match="Ann does not see #Ann's interview"):
        await ann.say(thread, "hello")
    await opened.add_user(discord.Object(ann.id))
    assert [member.id for member in await opened.fetch_members()] == [e.bot.id, ann.id]
    await ann.send_voice(thread, OGG)
    assert (await heard(bot)).channel.id == thread.id

    sent = await opened.send("Feedback")
    await opened.edit(archived=True)
    with pytest.raises(discord.HTTPException) as refused:
        await sent.edit(content="Better feedback")
    assert refused.value.code == 50083
    await opened.send("More")
    assert not thread.archived
    await opened.edit(archived=True, locked=True)
    with pytest.raises(discord.HTTPException) as refused:
        await opened.send("Even more")
    assert refused.value.code == 50083
    with pytest.raises(AssertionError, match="locked"):
        await ann.say(thread, "hello")
    await opened.delete()
    assert guild.threads == []
    with pytest.raises(discord.NotFound):
        await bot.fetch_channel(thread.id)


async def test_people_come_and_go(
    e: DiscordEmulator, guild: Guild, room: Channel, ann: Person
) -> None:
    e.granted = Intent.GUILD_MEMBERS
    async with running(e, discord.Intents(guilds=True, members=True)) as bot:
        server = bot.guilds[0]
        assert {member.name for member in server.members} == {"personaai", "ann", "bob"}
        await ann.leave(guild)
        await until(lambda: server.get_member(ann.id) is None)
        e.guild("Another")
        await until(lambda: len(bot.guilds) == 2)
    with pytest.raises(AssertionError, match="Ann does not see #interviews"):
        await ann.say(room, "hello")


async def test_people_edit_and_react(bot: Interviewer, dm: DM, ann: Person) -> None:
    note = await ann.say(dm, "nite")
    seen = await heard(bot)
    await ann.edit(note, "note")
    await ann.react(note, "👍")
    await until(lambda: bot.cached_messages and bot.cached_messages[0].content == "note")
    await until(lambda: seen.reactions)
    assert (note.edits, note.history, seen.reactions[0].emoji) == (1, ["nite"], "👍")


async def test_members_are_found_by_the_start_of_their_names(
    bot: Interviewer, guild: Guild, ann: Person
) -> None:
    server = bot.get_guild(guild.id)
    assert server is not None
    assert [member.name for member in await server.query_members("An")] == ["ann"]
    assert [m.id for m in await server.query_members(user_ids=[ann.id])] == [ann.id]


async def test_a_subcommand_is_run_in_the_place_it_is_offered_in(
    e: DiscordEmulator, room: Channel, dm: DM, ann: Person
) -> None:
    scope = option(name="scope", type=2, options=[option(name="mine", type=1, options=[option()])])
    body = [{"name": "stats", "description": "Progress", "contexts": [0], "options": [scope]}]
    path = f"/applications/{e.application_id}/guilds/{room.guild.id}/commands"
    assert (await call(e, "PUT", path, body))[0] == 200
    run = await ann.command(room, "stats scope mine", role="SRE")
    (group,) = run.data["options"]
    assert (group["name"], group["options"][0]["name"]) == ("scope", "mine")
    assert group["options"][0]["options"] == [{"type": 3, "name": "role", "value": "SRE"}]
    assert run.data["guild_id"] == str(room.guild.id)
    with pytest.raises(AssertionError, match="needs a subcommand"):
        await ann.command(room, "stats scope")
    with pytest.raises(AssertionError, match="no command /stats"):
        await ann.command(dm, "stats scope mine")
    e.commands = e.guild_commands.pop(room.guild.id)
    with pytest.raises(AssertionError, match="/stats is not offered in @Ann"):
        await ann.command(dm, "stats scope mine")


async def test_what_can_be_read_is_as_described(
    e: DiscordEmulator, guild: Guild, room: Channel, dm: DM, ann: Person
) -> None:
    await ann.react(await ann.say(dm, "hello"), "👍")
    await ann.send_voice(dm, OGG)
    await ann.say(dm, "a reply", reply_to=dm.last)
    private = {"name": "Ann's", "type": 12}
    _, thread = await call(e, "POST", f"/channels/{room.id}/threads", private)
    members = f"/channels/{thread['id']}/thread-members"
    commands = f"/applications/{e.application_id}/guilds/{guild.id}/commands"
    _, (registered,) = await call(e, "PUT", commands, command())
    for method, path in [
        ("GET", "/gateway"),
        ("GET", "/gateway/bot"),
        ("GET", "/applications/@me"),
        ("GET", f"/users/{ann.id}"),
        ("GET", f"/guilds/{guild.id}"),
        ("GET", f"/guilds/{guild.id}/channels"),
        ("GET", f"/guilds/{guild.id}/members/{ann.id}"),
        ("GET", f"/guilds/{guild.id}/threads/active"),
        ("GET", f"/channels/{room.id}"),
        ("GET", f"/channels/{thread['id']}"),
        ("GET", f"/channels/{dm.id}/messages"),
        ("PUT", f"{members}/{ann.id}"),
        ("GET", members),
        ("DELETE", f"{members}/{ann.id}"),
        ("DELETE", f"{members}/@me"),
        ("PUT", f"{members}/@me"),
        ("GET", commands),
        ("GET", f"{commands}/{registered['id']}"),
        ("GET", f"/applications/{e.application_id}/commands"),
        ("DELETE", f"/channels/{dm.id}"),
    ]:
        status, answer = await call(e, method, path)
        assert status in {200, 204}, (path, answer)
    assert misfits(e) == []
    e.assert_valid()


# The connection


async def test_what_was_missed_is_replayed_after_a_drop(
    e: DiscordEmulator, bot: Interviewer, dm: DM, ann: Person
) -> None:
    await e.drop()
    await ann.say(dm, "meanwhile")
    missed = await ann.command(dm, "setup")
    await e.wait_for(lambda e: not e.online)
    assert (await heard(bot)).content == "meanwhile"
    await missed.wait_for(lambda i: i.modal)
    assert [r.operation for r in e.calls("*E*") if r.method == "GATEWAY"] == ["IDENTIFY", "RESUME"]
    await until(lambda: bot.resumed == 1)


async def test_a_reconnect_on_command_resumes(e: DiscordEmulator, bot: Interviewer) -> None:
    await e.reconnect()
    await until(lambda: bot.resumed == 1)
    await e.invalidate_session(resumable=True)
    await until(lambda: bot.resumed == 2)
    assert len(e.calls("IDENTIFY")) == 1


async def test_an_invalid_session_makes_the_bot_identify_anew(
    e: DiscordEmulator, bot: Interviewer, dm: DM, ann: Person
) -> None:
    await e.invalidate_session()
    await e.wait_for(lambda e: len(e.calls("IDENTIFY")) == 2 and e.online)
    await ann.say(dm, "hello")
    assert (await heard(bot)).content == "hello"


async def test_a_session_that_is_unknown_is_not_resumed(
    e: DiscordEmulator, bot: Interviewer
) -> None:
    e.gateway.sessions.clear()
    await e.drop()
    await e.wait_for(lambda e: len(e.calls("IDENTIFY")) == 2 and e.online)
    assert len(e.calls("RESUME")) == 1


IDENTIFY = {
    "token": "?",
    "intents": 0,
    "properties": {"os": "linux", "browser": "x", "device": "x"},
}
CLOSED_FOR = [
    ([{"op": 3, "d": {}}], 4003, True),
    ([{"op": 99, "d": {}}], 4001, True),
    ([{"d": {}}], 4002, True),
    ([{"op": 2, "d": {"token": "?"}}], 4002, True),
    ([{"op": 2, "d": IDENTIFY | {"token": "wrong"}}], 4004, False),
    ([{"op": 2, "d": IDENTIFY | {"intents": 2**26}}], 4013, True),
    ([{"op": 2, "d": IDENTIFY | {"intents": 2**15}}], 4014, False),
    ([{"op": 2, "d": IDENTIFY}, {"op": 2, "d": IDENTIFY}], 4005, True),
]


@pytest.mark.parametrize(("commands", "code", "is_violation"), CLOSED_FOR)
async def test_the_gateway_closes_on_what_it_does_not_allow(
    e: DiscordEmulator, commands: list[dict[str, Any]], code: int, *, is_violation: bool
) -> None:
    text = json.dumps(commands).replace('"?"', json.dumps(e.token))
    async with aiohttp.ClientSession() as http, http.ws_connect(e.gateway_url) as socket:
        assert (await socket.receive_json())["op"] == 10
        await socket.send_json({"op": 1, "d": None})
        assert (await socket.receive_json())["op"] == 11
        for command in json.loads(text):
            await socket.send_json(command)
        while not socket.closed:
            await socket.receive()
        assert socket.close_code == code
    assert bool(e.violations) == is_violation


async def test_a_resume_from_a_number_that_never_was_is_refused(
    e: DiscordEmulator, bot: Interviewer
) -> None:
    session = e.gateway.sessions[0]
    async with aiohttp.ClientSession() as http, http.ws_connect(e.gateway_url) as socket:
        resume = {"token": e.token, "session_id": session.id, "seq": 999}
        await socket.send_json({"op": 6, "d": resume})
        while not socket.closed:
            await socket.receive()
        assert socket.close_code == 4007
    assert e.violations.pop() == "gateway: closed with INVALID_SEQ"


# Faults


async def test_a_rate_limit_is_waited_out(
    e: DiscordEmulator, bot: Interviewer, dm: DM, ann: Person
) -> None:
    user = await bot.fetch_user(ann.id)
    e.fail("create_message", Fault.status(429, retry_after=1))
    e.fail("create_message", Fault.status(429, EVERYWHERE, retry_after=0))
    before = asyncio.get_running_loop().time()
    await user.send("Hello")
    assert asyncio.get_running_loop().time() - before >= 1
    calls = e.calls("create_message")
    assert [request.status for request in calls] == [429, 429, 200]
    assert [request.answer.get("global") for request in calls] == [False, True, None]
    headers = calls[0].response.headers if calls[0].response else {}
    assert headers["Retry-After"] == "1"
    assert headers["X-RateLimit-Remaining"] == "0"
    assert headers["Via"]


async def test_a_scripted_refusal_has_the_code_of_its_message(
    e: DiscordEmulator, bot: Interviewer, ann: Person
) -> None:
    user = await bot.fetch_user(ann.id)
    e.fail("create_message", Fault.status(403, "Cannot send messages to this user"))
    with pytest.raises(discord.Forbidden) as refused:
        await user.send("Hello")
    assert refused.value.code == 50007
    e.fail("create_message", Fault.status(503))
    with pytest.raises(discord.DiscordServerError):
        await user.send("Hello")
    e.fail("create_message", Fault.reset(done=True))
    with pytest.raises(aiohttp.ClientError):
        await user.send("Hello")
    assert len(e.dm("Ann").messages) == 1


async def test_a_gateway_may_be_out_of_reach(e: DiscordEmulator) -> None:
    e.fail("gateway", Fault.status(503))
    client = Interviewer()
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await client.start(e.token, reconnect=False)
    await client.close()


# What is refused


def message(**fields: Any) -> dict[str, Any]:
    return {"content": "Hello", **fields}


def row(*components: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(components)}


def modal(*components: dict[str, Any], **fields: Any) -> dict[str, Any]:
    data = {"custom_id": "m", "title": "Set up", "components": list(components), **fields}
    return {"type": 9, "data": data}


def command(**fields: Any) -> list[dict[str, Any]]:
    return [{"name": "interview", "description": "Start", **fields}]


def option(**fields: Any) -> dict[str, Any]:
    return {"type": 3, "name": "role", "description": "The job", **fields}


BUTTON = {"type": 2, "style": 1, "label": "Next", "custom_id": "n"}
MENU = {"type": 3, "custom_id": "m", "options": [{"label": "A", "value": "a"}]}
FIELD = {"type": 4, "custom_id": "f", "style": 1, "label": "Role"}
EMBED = {"title": "Question"}
LONG = [EMBED | {"description": "x" * 4000}] * 2
CHOICES = [{"name": str(number), "value": str(number)} for number in range(26)]

WRONG_BY_DESCRIPTION = [
    ("create_message", message(content=5), "content: 5 is not of type"),
    ("create_message", message(contents="x"), "'contents' was unexpected"),
    ("create_message", message(embeds=[{"colour": 1}]), "'colour' was unexpected"),
    ("create_message", message(embeds=[{"color": -1}]), "less than the minimum"),
    ("create_message", message(tts="no"), "tts: 'no' is not of type"),
    ("create_message", message(nonce="x" * 26), "nonce"),
    (
        "create_message",
        message(components=[row({"type": 2, "label": "x", "custom_id": "a"})]),
        "components.0.components.0.style: This field is required",
    ),
    ("create_message", message(components=[row(BUTTON | {"style": 9})]), "style"),
    ("create_message", message(components=[row(MENU | {"options": []})]), "options"),
    ("update_message", message(nonce="1"), "'nonce' was unexpected"),
    ("update_message", message(tts=True), "tts"),
    ("create_dm", {"recipient": "1"}, "'recipient' was unexpected"),
    ("create_dm", {"recipient_id": "Ann"}, "recipient_id"),
    ("create_thread", {"type": 12}, "name: This field is required"),
    ("create_thread", {"name": "x", "auto_archive_duration": 5}, "auto_archive_duration"),
    ("update_channel", {"archive": True}, "'archive' was unexpected"),
    ("create_interaction_response", {"type": 3}, "type"),
    ("create_interaction_response", {"type": 4, "data": {"nonce": 1}}, "'nonce' was unexpected"),
    ("execute_webhook", message(avatar="x"), "'avatar' was unexpected"),
    (
        "bulk_set_application_commands",
        command(options=[{"type": 3, "name": "role"}]),
        "0.options.0.description: This field is required",
    ),
    ("bulk_set_application_commands", {"name": "interview"}, "is not of type 'array'"),
    ("trigger_typing_indicator", {}, "This request has no body"),
]
WRONG_BY_PROSE = [
    ("create_message", {}, "Cannot send an empty message"),
    ("create_message", message(content=" \n"), "Cannot send an empty message"),
    ("create_message", message(content="x" * 2001), "content: Must be 2000 or fewer"),
    ("update_message", message(content="x" * 2001), "content: Must be 2000 or fewer"),
    ("execute_webhook", message(content="x" * 2001), "content: Must be 2000 or fewer"),
    ("create_message", message(embeds=[EMBED] * 11), "embeds: Must be 10 or fewer"),
    ("create_message", message(embeds=[{"title": "x" * 257}]), "title: Must be 256 or fewer"),
    ("create_message", message(embeds=[{"description": "x" * 4097}]), "4096 or fewer"),
    ("create_message", message(embeds=[{"footer": {"text": "x" * 2049}}]), "2048 or fewer"),
    ("create_message", message(embeds=[{"author": {"name": "x" * 257}}]), "256 or fewer"),
    (
        "create_message",
        message(embeds=[{"fields": [{"name": "n", "value": "v"}] * 26}]),
        "fields: Must be 25 or fewer",
    ),
    (
        "create_message",
        message(embeds=[{"fields": [{"name": "x" * 257, "value": "v"}]}]),
        "embeds.0.fields.0.name: Must be 256 or fewer",
    ),
    (
        "create_message",
        message(embeds=[{"fields": [{"name": "n", "value": "x" * 1025}]}]),
        "embeds.0.fields.0.value: Must be 1024 or fewer",
    ),
    (
        "create_message",
        message(embeds=[{"fields": [{"name": " ", "value": "v"}]}]),
        "embeds.0.fields.0.name: This field is required",
    ),
    ("create_message", message(embeds=LONG), "exceeds maximum size of 6000"),
    ("create_message", message(components=[row(BUTTON)] * 6), "components: Must be 5 or fewer"),
    ("create_message", message(components=[row(*[BUTTON] * 6)]), "Must be between 1 and 5"),
    ("create_message", message(components=[row()]), "Must be between 1 and 5"),
    ("create_message", message(components=[row(BUTTON, BUTTON)]), "'n' cannot be duplicated"),
    ("create_message", message(components=[row(BUTTON, MENU)]), "maximum width"),
    ("create_message", message(components=[BUTTON]), "Only an action row"),
    ("create_message", message(components=[row(FIELD)]), "in modals only"),
    ("create_message", message(components=[row(BUTTON | {"label": "x" * 81})]), "80 or fewer"),
    ("create_message", message(components=[row(BUTTON | {"label": ""})]), "a label or an emoji"),
    ("create_message", message(components=[row(BUTTON | {"custom_id": ""})]), "between 1 and 100"),
    ("create_message", message(components=[row(BUTTON | {"custom_id": "x" * 101})]), "1 and 100"),
    ("create_message", message(components=[row(BUTTON | {"style": 5})]), "has url and nothing"),
    (
        "create_message",
        message(components=[row(MENU | {"options": MENU["options"] * 26})]),  # type: ignore[operator]
        "options: Must be between 1 and 25",
    ),
    (
        "create_message",
        message(components=[row(MENU | {"options": MENU["options"] * 2})]),  # type: ignore[operator]
        "'a' cannot be duplicated",
    ),
    (
        "create_message",
        message(components=[row(MENU | {"options": [{"label": "x" * 101, "value": "a"}]})]),
        "label: Must be between 1 and 100",
    ),
    ("create_message", message(components=[row(MENU | {"placeholder": "x" * 151})]), "150 or"),
    (
        "create_message",
        message(components=[row(MENU | {"max_values": 2})]),
        "More than the options",
    ),
    ("create_message", message(flags=32768), "cannot be used with MessageFlags.IS_COMPONENTS_V2"),
    ("create_message", message(attachments=[{"id": "0"}]), "There is no files[0]"),
    (
        "create_message",
        message(embeds=[{"image": {"url": "attachment://a.png"}}]),
        "There is no file 'a.png'",
    ),
    ("create_message", message(flags=8192), "do not support additional content"),
    ("create_message", {"flags": 8192}, "must have a single audio attachment"),
    ("create_thread", {"name": ""}, "name: Must be between 1 and 100"),
    ("update_channel", {"name": "x" * 101}, "name: Must be between 1 and 100"),
    ("create_interaction_response", modal(row(FIELD), title="x" * 46), "between 1 and 45"),
    ("create_interaction_response", modal(row(FIELD | {"label": "x" * 46})), "between 1 and 45"),
    (
        "create_interaction_response",
        modal(*[row(FIELD)] * 6),
        "components: Must be between 1 and 5",
    ),
    ("create_interaction_response", modal(row(FIELD), row(FIELD)), "'f' cannot be duplicated"),
    ("create_interaction_response", modal(row(FIELD | {"placeholder": "x" * 101})), "100 or fewer"),
    (
        "create_interaction_response",
        modal({"type": 18, "label": "x" * 46, "component": FIELD}),
        "data.components.0.label: Must be between 1 and 45",
    ),
    (
        "create_interaction_response",
        {"type": 4, "data": message(content="x" * 2001)},
        "data.content: Must be 2000 or fewer",
    ),
    ("create_interaction_response", {"type": 8, "data": {"choices": CHOICES}}, "25 or fewer"),
    (
        "create_interaction_response",
        {"type": 8, "data": {"choices": [{"name": "x" * 101, "value": "x"}]}},
        "data.choices.0.name: Must be between 1 and 100",
    ),
    ("bulk_set_application_commands", command(name="Mock interview"), "name is invalid"),
    ("bulk_set_application_commands", command(description=""), "Must be between 1 and 100"),
    ("bulk_set_application_commands", command(description="x" * 101), "Must be between 1 and 100"),
    ("bulk_set_application_commands", command(options=[option()] * 2), "'role' cannot be dupl"),
    ("bulk_set_application_commands", command(options=[option(choices=CHOICES)]), "25 or fewer"),
    ("bulk_set_application_commands", command(options=[option(description="")]), "1 and 100"),
    (
        "bulk_set_application_commands",
        command(options=[option(name="a"), option(name="b", required=True)]),
        "before non-required",
    ),
    (
        "bulk_set_application_commands",
        command(options=[option(choices=CHOICES[:1], autocomplete=True)]),
        "cannot be used together",
    ),
]


@needs_description
@pytest.mark.parametrize(("operation", "body", "problem"), WRONG_BY_DESCRIPTION)
def test_the_description_refuses(operation: str, body: Any, problem: str) -> None:
    description = rules.published()
    assert description is not None
    assert problem in "\n".join(map(str, description.check(operation, {}, body)))


@pytest.mark.parametrize(("operation", "body", "problem"), WRONG_BY_PROSE)
def test_the_prose_refuses(operation: str, body: Any, problem: str) -> None:
    assert problem in "\n".join(map(str, rules.check(operation, body)))


@needs_description
def test_each_relaxation_is_needed_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    needed = [
        ("create_dm", {"recipient_id": 1}),
        ("bulk_set_application_commands", command(nsfw=False)),
        ("update_message", message(tts=False)),
        ("update_webhook_message", message(tts=False)),
        ("create_interaction_response", {"type": 7, "data": message(tts=False)}),
        ("create_message", message(embeds=[EMBED | {"flags": 0}])),
    ]
    relaxed = rules.published()
    assert relaxed is not None
    assert [list(relaxed.check(operation, {}, body)) for operation, body in needed] == [[]] * 6
    monkeypatch.setattr(rules, "RELAXATIONS", [])
    strict = rules.published.__wrapped__()
    assert strict is not None
    assert all(list(strict.check(operation, {}, body)) for operation, body in needed)


@needs_description
def test_every_operation_is_one_that_is_described() -> None:
    description = rules.published()
    assert description is not None
    for name, route in rest.ROUTES.items():
        assert description.operations[name] == (route.method, route.path)


@needs_description
def test_an_answer_that_is_not_as_described_is_seen() -> None:
    description = rules.published()
    assert description is not None
    url = {"url": "ws://127.0.0.1"}
    assert description.check_answer("get_gateway", 200, url) == []
    assert description.check_answer("get_gateway", 200, {}) == [
        "get_gateway: url: This field is required"
    ]
    assert description.check_answer("get_gateway", 200, url | {"port": 1})
    assert description.check_answer("get_gateway", 204, None) == ["get_gateway never answers 204"]
    assert description.check_answer("delete_message", 204, {}) == [
        "delete_message answers nothing with 204"
    ]


@pytest.mark.parametrize(
    ("body", "code", "violation"),
    [
        (message(content="x" * 2001), 50035, "create_message: content: "),
        ({}, 50006, "create_message: Cannot send an empty message"),
        ({"flags": 8192}, 50160, "create_message: Voice messages must have a single audio"),
    ],
)
async def test_a_wrong_form_is_answered_and_kept(
    e: DiscordEmulator, room: Channel, body: Any, code: int, violation: str
) -> None:
    status, answer = await call(e, "POST", f"/channels/{room.id}/messages", body)
    assert (status, answer["code"]) == (400, code)
    assert e.violations[0].startswith(violation)
    assert room.messages == []
    with pytest.raises(AssertionError, match="requests that the vendor refuses"):
        e.assert_valid()
    if code == 50035:
        assert answer["message"] == "Invalid Form Body"
        assert answer["errors"]["content"]["_errors"][0]["code"] == "BASE_TYPE_BAD_LENGTH"


@pytest.mark.parametrize(
    ("about", "problem"),
    [({}, "supporting metadata"), ({"duration_secs": 1, "waveform": "?"}, "supporting metadata")],
)
async def test_a_voice_message_says_how_long_it_is_and_how_it_looks(
    e: DiscordEmulator, room: Channel, about: dict[str, Any], problem: str
) -> None:
    form = aiohttp.FormData(quote_fields=False)
    for part in voice_form(**about):
        form.add_field(**part)
    status, answer = await call(e, "POST", f"/channels/{room.id}/messages", data=form)
    assert (status, answer["code"]) == (400, 50161)
    assert problem in e.violations[0]


REFUSED = [
    ("GET", "/users/@you", None, 404, 0),
    ("GET", "/channels/1", None, 404, 10003),
    ("GET", "/guilds/1", None, 404, 10004),
    ("GET", "/users/1", None, 404, 10013),
    ("GET", "/channels/{room}/messages/1", None, 404, 10008),
    ("PUT", "/channels/{room}/messages/{said}/reactions/ok/@me", None, 400, 10014),
    ("PATCH", "/channels/{room}/messages/{said}", {"content": "x"}, 403, 50005),
    ("PUT", "/channels/{room}/thread-members/{ann}", None, 400, 50024),
    ("DELETE", "/channels/{room}", None, 403, 50013),
    ("DELETE", "/channels/{dm}/messages/{private}", None, 403, 50003),
    ("POST", "/channels/{dm}/threads", {"name": "x"}, 400, 50024),
    ("POST", "/users/@me/channels", {"recipient_id": "1"}, 400, 50007),
    ("POST", "/interactions/1/nothing/callback", {"type": 5}, 404, 10062),
    ("POST", "/webhooks/{app}/nothing", {"content": "x"}, 404, 10015),
    ("GET", "/applications/1/commands", None, 403, 50001),
    ("GET", "/applications/{app}/commands/1", None, 404, 10063),
    ("GET", "/channels/{room}/messages?limit=101", None, 400, 50035),
    ("GET", "/channels/{room}/messages?last=1", None, 400, 50035),
]


@pytest.fixture
async def ids(e: DiscordEmulator, room: Channel, dm: DM, ann: Person) -> dict[str, int]:
    said, private = await ann.say(room, "hello"), await ann.say(dm, "hello")
    places = {"room": room.id, "dm": dm.id}
    messages = {"said": said.id, "private": private.id}
    return places | messages | {"ann": ann.id, "app": e.application_id}


@pytest.mark.parametrize(("method", "path", "body", "status", "code"), REFUSED)
async def test_the_api_refuses(
    e: DiscordEmulator,
    ids: dict[str, int],
    method: str,
    path: str,
    body: Any,
    status: int,
    code: int,
) -> None:
    if "?" in path and rules.published() is None:
        pytest.skip("the published description is not at hand")
    answered, answer = await call(e, method, path.format(**ids), body)
    assert (answered, answer["code"]) == (status, code)


@pytest.mark.parametrize("header", ["", "Bearer x", "Bot wrong"])
async def test_a_request_needs_the_bots_token(e: DiscordEmulator, header: str) -> None:
    status, answer = await call(e, "GET", "/users/@me", headers={"Authorization": header})
    assert (status, answer) == (401, {"message": "401: Unauthorized", "code": 0})
    assert bool(e.violations) == (header != "Bot wrong")


async def test_a_body_must_be_json(e: DiscordEmulator, room: Channel) -> None:
    status, answer = await call(e, "POST", f"/channels/{room.id}/messages", data=b"{")
    assert (status, answer["code"]) == (400, 50109)
    assert e.violations


async def test_the_answer_of_a_failing_wait_is_the_screen(room: Channel, ann: Person) -> None:
    await ann.say(room, "hello")
    with pytest.raises(AssertionError, match=r"#interviews \(Bootcamp\) ---\nAnn: hello"):
        await room.wait_for(lambda room: room.find("an answer"), timeout=0.01)
