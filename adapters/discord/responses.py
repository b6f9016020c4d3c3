"""What an interaction is answered with once it is acknowledged; only who began it sees it."""

import io

import discord

from adapters.discord.problems import discord_problems
from adapters.discord.sheet import Card
from bot.ports import File


async def say(interaction: discord.Interaction, sentence: str) -> None:
    """In place of "is thinking", or below the card that was pressed."""
    with discord_problems():
        if interaction.message is None:
            await interaction.edit_original_response(content=sentence)
        else:
            await interaction.followup.send(sentence, ephemeral=True)


async def show(interaction: discord.Interaction, card: Card) -> None:
    """The same; a card that only this person sees is turned over, and no new one put below."""
    pressed = interaction.message
    with discord_problems():
        if pressed is None or pressed.flags.ephemeral:
            await interaction.edit_original_response(
                embed=card.embed, view=card.view, attachments=attached(card.files)
            )
        else:
            await interaction.followup.send(
                embed=card.embed,
                view=card.view or discord.utils.MISSING,
                files=attached(card.files),
                ephemeral=True,
            )


async def hand(interaction: discord.Interaction, files: tuple[File, ...]) -> None:
    with discord_problems():
        await interaction.followup.send(files=attached(files), ephemeral=True)


def attached(files: tuple[File, ...]) -> list[discord.File]:
    return [discord.File(io.BytesIO(file.data), filename=file.name) for file in files]
