"""A press on one of our buttons, or a form that one has opened, taken in.

All that it means stands in its id, so that it works after a restart too.
"""

import secrets
from typing import TYPE_CHECKING, Any

import discord

from adapters.discord.address import Address
from adapters.discord.beginning import practise
from adapters.discord.forms import correction_form, read_form
from adapters.discord.responses import say
from bot import wording
from bot.answering import ANSWER_LIMIT
from bot.buttons import (
    Begin,
    Button,
    HearAnswer,
    ListSessions,
    OpenSession,
    Practise,
    Press,
    ReadAnswers,
    SaveSession,
    ShowPicture,
    ShowProgress,
    read_button,
)
from bot.events import Control, ControlPressed, Event, InterviewRequested, Move, TextSent
from bot.screens import CorrectingScreen, screen_for
from bot.step import Moved, Refused, step

if TYPE_CHECKING:
    from adapters.discord.client import Client


async def take_press(client: "Client", interaction: discord.Interaction) -> None:
    data: dict[str, Any] = {**(interaction.data or {})}
    read = read_button(str(data.get("custom_id", "")))
    if read is None or interaction.channel_id is None:
        return
    owner, button = read
    if owner != interaction.user.id:
        await interaction.response.send_message(wording.NOT_YOURS, ephemeral=True)
        return
    address = Address(interaction.channel_id, owner)
    if interaction.type is discord.InteractionType.modal_submit:
        await interaction.response.defer()
        if isinstance(button, Press):
            await _correct(client, interaction, address, button.control, read_form(data))
        return
    if isinstance(button, Press) and button.control.move is Move.MISHEARD:
        heard = await _heard(client, address, button.control)
        if heard is not None:
            form = correction_form(owner, button.control, heard)
            await interaction.response.send_modal(form)
            return
    await interaction.response.defer()
    await _do(client, interaction, address, button)


async def _do(
    client: "Client", interaction: discord.Interaction, address: Address, button: Button
) -> None:
    at, records = client.clock.now(), client.records
    match button:
        case Press(control=control):
            await _accept(client, interaction, address, ControlPressed(at=at, control=control))
        case Begin():
            session = secrets.token_urlsafe(6)
            begun = InterviewRequested(at=at, session=session, person=address.person)
            await _accept(client, interaction, address, begun)
        case ListSessions(offset=offset):
            await records.list_sessions(interaction, offset)
        case OpenSession(session=session, answer=answer):
            await records.open(interaction, session, answer)
        case ReadAnswers(session=session):
            await records.open(interaction, session, 0)
        case HearAnswer(session=session, answer=answer):
            await records.play(interaction, session, answer)
        case ShowPicture(session=session):
            await records.show_picture(interaction, session)
        case SaveSession(session=session):
            await records.save(interaction, session)
        case ShowProgress():
            await records.show_progress(interaction)
        case Practise():
            await practise(client, interaction)


async def _heard(client: "Client", address: Address, control: Control) -> str | None:
    """What there is to put right, where the press would ask for it and a form can hold it.

    A form is opened instead of acknowledging the press, so no request may come before it.
    """
    interview = await client.interviews.load(address.conversation)
    if interview is None:
        return None
    stepped = step(interview, ControlPressed(at=client.clock.now(), control=control))
    screen = screen_for(stepped.interview) if isinstance(stepped, Moved) else None
    if isinstance(screen, CorrectingScreen) and len(screen.text) <= ANSWER_LIMIT:
        return screen.text
    return None


async def _correct(
    client: "Client",
    interaction: discord.Interaction,
    address: Address,
    control: Control,
    said: str,
) -> None:
    """The press that the form took the place of, and then what was typed."""
    pressed = ControlPressed(at=client.clock.now(), control=control)
    if await _accept(client, interaction, address, pressed):
        typed = TextSent(at=client.clock.now(), text=said)
        await client.engine.accept(address.conversation, typed, f"{interaction.id}:said")


async def _accept(
    client: "Client", interaction: discord.Interaction, address: Address, event: Event
) -> bool:
    """Whether something came of it; where not, the person is told why."""
    accepted = await client.engine.accept(address.conversation, event, str(interaction.id))
    sentence = wording.refusal(accepted.reason) if isinstance(accepted, Refused) else None
    if sentence is not None:
        await say(interaction, sentence)
    return isinstance(accepted, Moved)
