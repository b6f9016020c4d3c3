"""The slash commands; each is acknowledged before anything else is done."""

from typing import TYPE_CHECKING, Any, Literal

import discord
import structlog
from discord import app_commands

from adapters.discord.address import PLATFORM, person_of
from adapters.discord.beginning import Papers, begin, practise
from adapters.discord.forms import SetupModal, for_role
from adapters.discord.inbound import read_attachment
from adapters.discord.problems import discord_problems
from adapters.discord.responses import say
from bot import wording
from bot.brief import NAME_LIMIT, ROLE_LIMIT, Brief, Kind, Mode, clean_line
from bot.events import StopRequested, TextSent
from bot.interview import Reason
from bot.questions import bank
from bot.step import Refused

if TYPE_CHECKING:
    from adapters.discord.client import Client

CHOICES_LIMIT = 25  # https://docs.discord.com/developers/interactions/application-commands
CHOICE_LIMIT = 100
CODE_LIMIT = 40  # more than a code has, for spaces and dashes in it do not matter

MODES = [app_commands.Choice(name=mode.capitalize(), value=mode.value) for mode in Mode]
KINDS = [app_commands.Choice(name=kind.capitalize(), value=kind.value) for kind in Kind]

log = structlog.get_logger()


def build_tree(client: "Client") -> "app_commands.CommandTree[Client]":
    tree = app_commands.CommandTree(
        client,
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        ),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
    )

    @tree.command(name="interview", description=wording.COMMANDS["interview"])
    @app_commands.describe(
        role="The role you are interviewing for",
        company="The company",
        kind="What kind of questions",
        questions="How many questions",
        mode="Coach: feedback after each answer. Real: against the clock, feedback at the end",
        follow_ups="Whether I ask further where an answer leaves something open",
        rate_first="Whether you rate each answer before you see its score",
        job_description="The job description, as a text, PDF or DOCX file",
        cv="Your CV, as a text, PDF or DOCX file",
    )
    @app_commands.choices(kind=KINDS, mode=MODES)
    async def interview(  # noqa: PLR0913 - Discord makes an option of each parameter
        interaction: discord.Interaction,
        *,
        role: app_commands.Range[str, 1, ROLE_LIMIT] | None = None,
        company: app_commands.Range[str, 1, NAME_LIMIT] | None = None,
        kind: app_commands.Choice[str] | None = None,
        questions: Literal[3, 5, 8] | None = None,
        mode: app_commands.Choice[str] | None = None,
        follow_ups: bool | None = None,
        rate_first: bool | None = None,
        job_description: discord.Attachment | None = None,
        cv: discord.Attachment | None = None,
    ) -> None:
        usual = Brief()
        brief = Brief(
            company=clean_line(company or "", NAME_LIMIT),
            kind=Kind(kind.value) if kind else usual.kind,
            count=questions or usual.count,
            mode=Mode(mode.value) if mode else usual.mode,
            follow_ups=usual.follow_ups if follow_ups is None else follow_ups,
            rate_first=usual.rate_first if rate_first is None else rate_first,
        )
        papers = Papers(job_description, cv)
        if role is None:
            await interaction.response.send_modal(SetupModal(client, brief, papers))
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        await begin(client, interaction, for_role(brief, role), papers)

    @interview.autocomplete("role")
    async def suggest(
        interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        past = await client.records.roles(person_of(interaction.user.id))
        return suggest_roles(current, past)

    @tree.command(name="practice", description=wording.COMMANDS["practice"])
    async def practice(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await practise(client, interaction)

    @tree.command(name="answer", description=wording.DISCORD_COMMANDS["answer"])
    @app_commands.describe(recording="A voice or audio file", text="Your answer in writing")
    async def answer(
        interaction: discord.Interaction,
        recording: discord.Attachment | None = None,
        text: str | None = None,
    ) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await _answer(client, interaction, recording, text)

    @tree.command(name="history", description=wording.COMMANDS["history"])
    async def history(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await client.records.list_sessions(interaction, 0)

    @tree.command(name="progress", description=wording.COMMANDS["progress"])
    async def progress(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await client.records.show_progress(interaction)

    @tree.command(name="link", description=wording.COMMANDS["link"])
    @app_commands.describe(code="The code that the other app gave you; without one, I give you one")
    async def link(
        interaction: discord.Interaction, code: app_commands.Range[str, 1, CODE_LIMIT] | None = None
    ) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await client.records.link(interaction, code)

    @tree.command(name="unlink", description=wording.COMMANDS["unlink"])
    async def unlink(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await client.records.unlink(interaction)

    @tree.command(name="cancel", description=wording.COMMANDS["cancel"])
    async def cancel(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        address = await client.running(interaction.user.id)
        sentence = wording.refusal(Reason.NO_INTERVIEW)
        if address is not None:
            stopped = StopRequested(at=client.clock.now())
            await client.engine.accept(address.conversation, stopped, str(interaction.id))
            sentence = wording.STOPPED
        await say(interaction, sentence or "")

    @tree.command(name="help", description=wording.COMMANDS["help"])
    async def show_help(interaction: discord.Interaction) -> None:
        reads = client.intents.message_content
        await interaction.response.send_message(wording.discord_help(reads=reads), ephemeral=True)

    @tree.error
    async def say_what_broke(
        interaction: discord.Interaction, error: app_commands.AppCommandError
    ) -> None:
        log.error("command_broke", platform=PLATFORM, exc_info=error)
        if interaction.response.is_done():
            await say(interaction, wording.UNEXPECTED)
        else:
            await interaction.response.send_message(wording.UNEXPECTED, ephemeral=True)

    return tree


async def sync_commands(tree: "app_commands.CommandTree[Client]") -> None:
    """Tell Discord the commands, where it has others."""
    with discord_problems():
        known = await tree.fetch_commands()
        ours = [_shape(command.to_dict(tree)) for command in tree.get_commands()]
        theirs = [_shape(command.to_dict()) for command in known]
        if sorted(ours, key=repr) != sorted(theirs, key=repr):
            await tree.sync()
            log.info("commands_synced", platform=PLATFORM)


def suggest_roles(current: str, past: list[str]) -> list[app_commands.Choice[str]]:
    """The person's own roles first, then the bank's; what was typed narrows them."""
    typed = clean_line(current, CHOICE_LIMIT).casefold()
    titles = past + [family.title for family in bank().families.values()]
    roles = dict.fromkeys(clean_line(title, CHOICE_LIMIT) for title in titles)
    fitting = [role for role in roles if role and typed in role.casefold()]
    return [app_commands.Choice(name=role, value=role) for role in fitting[:CHOICES_LIMIT]]


async def _answer(
    client: "Client",
    interaction: discord.Interaction,
    recording: discord.Attachment | None,
    text: str | None,
) -> None:
    at = client.clock.now()
    address = await client.running(interaction.user.id)
    if address is None:
        await say(interaction, wording.refusal(Reason.NO_INTERVIEW) or "")
        return
    if recording is not None:
        event = read_attachment(recording, None, at)
    elif text:
        event = TextSent(at=at, text=text)
    else:
        await say(interaction, wording.ANSWER_MISSING)
        return
    accepted = await client.engine.accept(address.conversation, event, str(interaction.id))
    sentence = wording.ANSWER_TAKEN
    if isinstance(accepted, Refused):
        sentence = wording.refusal(accepted.reason) or sentence
    await say(interaction, sentence)


def _shape(command: Any) -> tuple[object, ...]:
    """What of a command a person can see, as Discord tells it and as we would."""
    options = [
        (
            option["name"],
            option.get("description"),
            int(option["type"]),
            bool(option.get("required")),
            bool(option.get("autocomplete")),
            [choice["name"] for choice in option.get("choices") or []],
        )
        for option in command.get("options") or []
    ]
    return (command["name"], command.get("description"), options)
