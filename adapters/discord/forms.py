"""The modals: an interview's set-up, and what was really said instead of what was heard."""

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord

from adapters.discord.beginning import Papers, begin
from adapters.discord.sheet import encodable
from bot import wording
from bot.brief import (
    DESCRIPTION_LIMIT,
    NAME_LIMIT,
    QUESTION_COUNTS,
    ROLE_LIMIT,
    Brief,
    clean_line,
    clean_role,
    clean_skills,
    clean_text,
    seniority_of,
)
from bot.buttons import Press, write_button
from bot.events import Control

if TYPE_CHECKING:
    from adapters.discord.client import Client

MODAL_TEXT_LIMIT = 4_000  # https://docs.discord.com/developers/components/reference#text-input
PIECE = 3_500  # characters of an answer in a field, which leaves room to add some


class SetupModal(discord.ui.Modal):
    """Only the role is required; `brief` is what the command's options say already."""

    def __init__(self, client: "Client", brief: Brief, papers: Papers) -> None:
        super().__init__(title=wording.MODAL_TITLE, custom_id="setup")
        self._client = client
        self._brief = brief
        self._papers = papers
        self.role: discord.ui.TextInput[SetupModal] = discord.ui.TextInput(
            label="Role", custom_id="role", max_length=ROLE_LIMIT
        )
        self.company: discord.ui.TextInput[SetupModal] = discord.ui.TextInput(
            label="Company",
            custom_id="company",
            default=brief.company or None,
            required=False,
            max_length=NAME_LIMIT,
        )
        self.count: discord.ui.TextInput[SetupModal] = discord.ui.TextInput(
            label="Questions: 3, 5 or 8",
            custom_id="questions",
            default=str(brief.count),
            required=False,
            max_length=2,
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
        offered = {str(number): number for number in QUESTION_COUNTS}
        filled = replace(
            self._brief,
            company=clean_line(self.company.value, NAME_LIMIT),
            count=offered.get(self.count.value.strip(), Brief().count),
            skills=clean_skills(self.skills.value),
            description=clean_text(self.description.value, DESCRIPTION_LIMIT),
        )
        await begin(self._client, interaction, for_role(filled, self.role.value), self._papers)


def for_role(brief: Brief, role: str) -> Brief | None:
    """None where no role can be read from what was typed."""
    cleaned = clean_role(role)
    if cleaned is None:
        return None
    return replace(brief, role=cleaned, seniority=seniority_of(cleaned))


def correction_form(owner: int, control: Control, heard: str) -> discord.ui.Modal:
    """Its id is the button's that opened it, so that it can be submitted after a restart too."""
    form = discord.ui.Modal(title=wording.CORRECTION, custom_id=write_button(owner, Press(control)))
    for number, piece in enumerate(_pieces(heard)):
        field: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
            label=wording.CORRECTION if number == 0 else wording.GOES_ON,
            custom_id=f"said{number}",
            style=discord.TextStyle.paragraph,
            default=piece,
            required=number == 0,
            max_length=MODAL_TEXT_LIMIT,
        )
        form.add_item(field)
    form.stop()  # its submission comes to the client's own listener
    return form


def read_form(submitted: Mapping[str, Any]) -> str:
    """What stands in the fields of a form, one after the other."""
    return " ".join(_values(submitted.get("components", ())))


def _values(components: Any) -> Iterator[str]:
    for component in components:
        inner = component.get("component")
        yield from _values(component.get("components", () if inner is None else (inner,)))
        if "value" in component:
            yield str(component["value"])


def _pieces(text: str) -> list[str]:
    return textwrap.wrap(
        encodable(text),
        PIECE,
        expand_tabs=False,
        replace_whitespace=False,
        break_on_hyphens=False,
    )
