"""Steps that journeys on Discord have in common."""

from typing import Any

from tests.emulators.discord_people import Interaction, Person
from tests.emulators.discord_places import Guild, Message, Place, Thread
from tests.journeys.world import PATIENCE, World

TYPED = "First I measured the load because it was slow, then I fixed it and it ran in 3 minutes."


async def ready(world: World) -> None:
    await world.discord.wait_for(lambda d: d.online, timeout=PATIENCE)
    await world.discord.wait_for(
        lambda d: d.calls("bulk_set_application_commands"), timeout=PATIENCE
    )


async def card(place: Place, *wanted: str) -> Message:
    """The newest message of the bot's in `place` that shows all of `wanted`."""

    def shown(place: Place) -> Message:
        found = [m for m in place.messages if m.from_bot and all(t in m.text for t in wanted)]
        return found[-1]

    return await place.wait_for(shown, timeout=PATIENCE)


async def told(interaction: Interaction, *wanted: str) -> Message:
    """What the person who began `interaction` alone is shown, with all of `wanted` in it."""

    def shown(interaction: Interaction) -> Message:
        return [m for m in interaction.messages if all(t in m.text for t in wanted)][-1]

    message = await interaction.wait_for(shown, timeout=PATIENCE)
    assert message.ephemeral
    return message


async def begun_in_server(world: World, **options: Any) -> tuple[Guild, Person, Thread]:
    """The first question stands in the thread of Ann's interview."""
    guild = world.discord.guild("Bootcamp", channels=["interviews"], members=["Ann"])
    ann = world.discord.person("Ann")
    await world.program.start()
    await ready(world)
    await ann.command(guild.channels[0], "interview", role="Data Engineer", **options)
    await world.discord.wait_for(lambda _: guild.threads, timeout=PATIENCE)
    thread = guild.threads[0]
    await card(thread, "Question 1 of")
    return guild, ann, thread
