"""An interview begins: a place is opened for it, and it is asked for there."""

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord
import structlog

from adapters.discord.address import PLATFORM, Address, person_of
from adapters.discord.inbound import read_document
from adapters.discord.problems import discord_problems
from adapters.discord.responses import say
from bot import wording
from bot.brief import Brief
from bot.events import InterviewRequested
from bot.interview import Reason
from bot.problems import ProblemError

if TYPE_CHECKING:
    from adapters.discord.client import Client

THREAD_LIMIT = 100

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Papers:
    """Files that came with the command, to be read before the interview begins."""

    job_description: discord.Attachment | None = None
    cv: discord.Attachment | None = None


async def begin(
    client: "Client", interaction: discord.Interaction, brief: Brief | None, papers: Papers
) -> None:
    """Without a brief, no role could be read; and there is one interview at a time."""
    if brief is None:
        await say(interaction, wording.refusal(Reason.ROLE_UNCLEAR) or "")
        return
    running = await client.running(interaction.user.id)
    if running is not None:
        await say(interaction, f"{wording.RUNNING_THERE} <#{running.channel}>")
        return
    channel, sentence = await _open_place(client, interaction, brief.role)
    address = Address(channel, interaction.user.id)
    job, cv = papers.job_description, papers.cv
    requested = InterviewRequested(
        at=client.clock.now(),
        session=secrets.token_urlsafe(6),
        person=address.person,
        brief=brief,
        document=None if job is None else read_document(job),
        cv=None if cv is None else read_document(cv),
    )
    await client.engine.accept(address.conversation, requested, str(interaction.id))
    await say(interaction, f"{sentence} <#{channel}>")


async def practise(client: "Client", interaction: discord.Interaction) -> None:
    """Begin with one question on what needs it most."""
    brief = await client.archive.practice(person_of(interaction.user.id))
    if brief is None:
        await say(interaction, wording.NO_PRACTICE)
    else:
        await begin(client, interaction, brief, Papers())


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
