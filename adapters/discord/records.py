"""What is kept of a person, shown and handed to them when they ask for it."""

import discord

from adapters.discord import pages, responses
from adapters.discord.address import person_of
from adapters.discord.chat import DiscordChat
from bot import wording
from bot.archive import Archive
from bot.ports import File
from bot.problems import ProblemError, ProblemKind

RECORDING_BYTES = 20_000_000
OLD_SESSIONS = 10


class Records:
    """Each method answers an interaction that is acknowledged."""

    def __init__(self, archive: Archive, chat: DiscordChat) -> None:
        self._archive = archive
        self._chat = chat

    async def roles(self, person: str) -> list[str]:
        """The roles that the person has been interviewed for, the latest first."""
        lines = await self._archive.sessions(person, OLD_SESSIONS, 0)
        return [line.role for line in lines]

    async def list_sessions(self, interaction: discord.Interaction, offset: int) -> None:
        user = interaction.user.id
        lines = await self._archive.sessions(person_of(user), pages.PAGE + 1, offset)
        await responses.show(interaction, pages.session_list(user, lines, offset))

    async def open(self, interaction: discord.Interaction, session: str, answer: int) -> None:
        user = interaction.user.id
        record = await self._archive.session(person_of(user), session)
        if record is None:
            await responses.say(interaction, wording.SESSION_GONE)
        else:
            await responses.show(interaction, pages.session_page(user, record, answer))

    async def play(self, interaction: discord.Interaction, session: str, answer: int) -> None:
        record = await self._archive.session(person_of(interaction.user.id), session)
        notes = record.answers[answer].notes if record and answer < len(record.answers) else ()
        for number, note in enumerate(notes, start=1):
            try:
                data = await self._chat.fetch(note, RECORDING_BYTES)
            except ProblemError as error:
                if error.problem.kind is not ProblemKind.REJECTED:
                    raise
                await responses.say(interaction, wording.RECORDING_GONE)
            else:
                recording = File(f"answer-{number}.ogg", "audio/ogg", data)
                await responses.hand(interaction, (recording,))

    async def show_picture(self, interaction: discord.Interaction, session: str) -> None:
        picture = await self._archive.picture_of(person_of(interaction.user.id), session)
        if picture is None:
            await responses.say(interaction, wording.SESSION_GONE)
        else:
            await responses.hand(interaction, (picture,))

    async def save(self, interaction: discord.Interaction, session: str) -> None:
        files = await self._archive.files_of(person_of(interaction.user.id), session)
        if files:
            await responses.hand(interaction, files)
        else:
            await responses.say(interaction, wording.SESSION_GONE)

    async def show_progress(self, interaction: discord.Interaction) -> None:
        user = interaction.user.id
        progress = await self._archive.progress(person_of(user))
        picture = None
        if progress.answers:
            picture = await self._archive.picture_of_progress(progress)
        await responses.show(interaction, pages.progress_page(user, progress, picture))

    async def link(self, interaction: discord.Interaction, code: str | None) -> None:
        """Give a code, or join with the one that another app has given."""
        person = person_of(interaction.user.id)
        if code is None:
            issued = await self._archive.new_link_code(person)
            await responses.say(interaction, wording.link_code(issued))
        else:
            await responses.say(interaction, wording.joined(await self._archive.join(person, code)))

    async def unlink(self, interaction: discord.Interaction) -> None:
        parted = await self._archive.unlink(person_of(interaction.user.id))
        await responses.say(interaction, wording.unlinked(parted=parted))
