"""The slash commands and the set-up's modal; each is acknowledged before anything else is done."""

import secrets
from typing import TYPE_CHECKING, Any, Literal

import discord
import structlog
from discord import app_commands

from adapters.discord.address import PLATFORM, Address, person_of
from adapters.discord.inbound import read_attachment
from adapters.discord.problems import discord_problems
from bot import wording
from bot.brief import (
    DESCRIPTION_LIMIT,
    NAME_LIMIT,
    QUESTION_COUNTS,
    ROLE_LIMIT,
    Brief,
    Kind,
    clean_line,
    clean_role,
    clean_skills,
    clean_text,
    seniority_of,
)
from bot.events import DocumentSent, InterviewRequested, StopRequested, TextSent
from bot.interview import Reason
from bot.problems import ProblemError
from bot.questions import bank
from bot.step import Refused

if TYPE_CHECKING:
    from adapters.discord.client import Client

CHOICES_LIMIT = 25  # https://docs.discord.com/developers/interactions/application-commands
CHOICE_LIMIT = 100
MODAL_TEXT_LIMIT = 4_000
THREAD_LIMIT = 100
OLD_SESSIONS = 10

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
        job_description="The job description, as a text, PDF or DOCX file",
    )
    @app_commands.choices(kind=KINDS)
    async def interview(
        interaction: discord.Interaction,
        role: app_commands.Range[str, 1, ROLE_LIMIT] | None = None,
        company: app_commands.Range[str, 1, NAME_LIMIT] | None = None,
        kind: app_commands.Choice[str] | None = None,
        questions: Literal[3, 5, 8] | None = None,
        job_description: discord.Attachment | None = None,
    ) -> None:
        if role is None:
            await interaction.response.send_modal(SetupModal(client))
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        brief = _brief(
            role,
            company=company or "",
            kind=Kind(kind.value) if kind else Kind.MIXED,
            count=questions or Brief().count,
        )
        await begin(client, interaction, brief, job_description)

    @interview.autocomplete("role")
    async def suggest(
        interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        person = person_of(interaction.user.id)
        lines = await client.interviews.sessions(person, OLD_SESSIONS, 0)
        return suggest_roles(current, [line.role for line in lines])

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
        await client.show_sessions(interaction, 0)

    @tree.command(name="cancel", description=wording.COMMANDS["cancel"])
    async def cancel(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        address = await client.running(interaction.user.id)
        sentence = wording.refusal(Reason.NO_INTERVIEW)
        if address is not None:
            stopped = StopRequested(at=client.clock.now())
            await client.engine.accept(address.conversation, stopped, str(interaction.id))
            sentence = wording.STOPPED
        await _say(interaction, sentence or "")

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
            await _say(interaction, wording.UNEXPECTED)
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


class SetupModal(discord.ui.Modal):
    """Only the role is required."""

    def __init__(self, client: "Client") -> None:
        super().__init__(title=wording.MODAL_TITLE, custom_id="setup")
        self._client = client
        self.role: discord.ui.TextInput[SetupModal] = discord.ui.TextInput(
            label="Role", custom_id="role", max_length=ROLE_LIMIT
        )
        self.company: discord.ui.TextInput[SetupModal] = discord.ui.TextInput(
            label="Company", custom_id="company", required=False, max_length=NAME_LIMIT
        )
        self.count: discord.ui.TextInput[SetupModal] = discord.ui.TextInput(
            label="Questions: 3, 5 or 8", custom_id="questions", required=False, max_length=2
        )
        self.skills: discord.ui.TextInput[SetupModal] = discord.ui.TextInput(
            label="Skills, with commas between", custom_id="skills", required=False, max_length=400
        )
        self.description: discord.ui.TextInput[SetupModal] = discord.ui.TextInput(
            label="Job description",
            custom_id="description",
            style=discord.TextStyle.paragraph,
            required=False,
            max_length=MODAL_TEXT_LIMIT,
        )
        for item in (self.role, self.company, self.count, self.skills, self.description):
            self.add_item(item)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        count = self.count.value.strip()
        offered = {str(number): number for number in QUESTION_COUNTS}
        brief = _brief(
            self.role.value,
            company=self.company.value,
            count=offered.get(count, Brief().count),
            skills=self.skills.value,
            description=self.description.value,
        )
        await begin(self._client, interaction, brief, None)


async def begin(
    client: "Client",
    interaction: discord.Interaction,
    brief: Brief | None,
    job_description: discord.Attachment | None,
) -> None:
    """Open the place for the interview, and have it begin there."""
    if brief is None:
        await _say(interaction, wording.refusal(Reason.ROLE_UNCLEAR) or "")
        return
    running = await client.running(interaction.user.id)
    if running is not None:
        await _say(interaction, f"{wording.RUNNING_THERE} <#{running.channel}>")
        return
    channel, sentence = await _open_place(client, interaction, brief.role)
    address = Address(channel, interaction.user.id)
    document = None
    if job_description is not None:
        sent = read_attachment(job_description, None, client.clock.now())
        document = sent.document if isinstance(sent, DocumentSent) else None
    requested = InterviewRequested(
        at=client.clock.now(),
        session=secrets.token_urlsafe(6),
        person=address.person,
        brief=brief,
        document=document,
    )
    await client.engine.accept(address.conversation, requested, str(interaction.id))
    await _say(interaction, f"{sentence} <#{channel}>")


async def _open_place(
    client: "Client", interaction: discord.Interaction, role: str
) -> tuple[int, str]:
    """A private thread of the channel, or where that is not allowed the direct messages."""
    channel = interaction.channel
    if isinstance(channel, discord.Thread):
        channel = channel.parent
    if isinstance(channel, discord.TextChannel):
        name = f"Interview · {role}"[:THREAD_LIMIT]
        try:
            with discord_problems():
                thread = await channel.create_thread(
                    name=name, type=discord.ChannelType.private_thread, invitable=False
                )
                await thread.add_user(interaction.user)
        except ProblemError as error:
            log.warning("no_thread", platform=PLATFORM, detail=error.problem.detail)
        else:
            return thread.id, wording.BEGUN_HERE
    with discord_problems():
        dm = await client.create_dm(interaction.user)
    here = interaction.channel_id == dm.id
    return dm.id, wording.BEGUN_HERE if here else wording.BEGUN_IN_PRIVATE


async def _answer(
    client: "Client",
    interaction: discord.Interaction,
    recording: discord.Attachment | None,
    text: str | None,
) -> None:
    at = client.clock.now()
    address = await client.running(interaction.user.id)
    if address is None:
        await _say(interaction, wording.refusal(Reason.NO_INTERVIEW) or "")
        return
    if recording is not None:
        event = read_attachment(recording, None, at)
    elif text:
        event = TextSent(at=at, text=text)
    else:
        await _say(interaction, wording.ANSWER_MISSING)
        return
    accepted = await client.engine.accept(address.conversation, event, str(interaction.id))
    sentence = wording.ANSWER_TAKEN
    if isinstance(accepted, Refused):
        sentence = wording.refusal(accepted.reason) or sentence
    await _say(interaction, sentence)


async def _say(interaction: discord.Interaction, sentence: str) -> None:
    with discord_problems():
        await interaction.edit_original_response(content=sentence)


def _brief(
    role: str,
    *,
    company: str = "",
    kind: Kind = Kind.MIXED,
    count: int,
    skills: str = "",
    description: str = "",
) -> Brief | None:
    cleaned = clean_role(role)
    if cleaned is None:
        return None
    return Brief(
        role=cleaned,
        company=clean_line(company, NAME_LIMIT),
        seniority=seniority_of(cleaned),
        kind=kind,
        count=count,
        description=clean_text(description, DESCRIPTION_LIMIT),
        skills=clean_skills(skills),
    )


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
