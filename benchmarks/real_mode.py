"""Against the clock: how long after an answer the next question is there, with slow vendors.

`make real-mode` prints a table. Transcription and feedback take 5 s each, and each candidate sends
each answer as soon as its question is on the screen. The reference is what a candidate would wait
for if feedback came first.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.emulators.telegram_chat import Chat
from tests.journeys.world import World, card, open_world, voice_note

CROWDS = (1, 10)
VENDORS_TAKE = 5.0  # seconds, each of the two
QUESTIONS = 3


async def main() -> None:
    table = Table("chats at once", "next question: first", "last", "feedback first", "all feedback")
    for crowd in CROWDS:
        with tempfile.TemporaryDirectory() as folder:
            async with open_world(Path(folder)) as world:
                await world.program.start()
                await world.telegram.wait_for(lambda t: t.calls("getUpdates"), timeout=20)
                nexts, ends = await _interviews(world, crowd)
                reference = await _coached(world)
                await world.program.stop()
        row = (min(nexts), max(nexts), reference, max(ends))
        table.add_row(str(crowd), *(f"{seconds:.2f} s" for seconds in row))
    Console().print(table)


async def _interviews(world: World, crowd: int) -> tuple[list[float], list[float]]:
    """Seconds from each answer to the next question, and from the last answer to the summary."""
    chats = [world.telegram.private_chat(first_name=f"Ann {number}") for number in range(crowd)]
    for chat in chats:
        await chat.say(f"/interview Data Engineer at Acme, {QUESTIONS} questions, real")
    for chat in chats:
        await card(chat, "Begin when you are")
    world.assemblyai.seconds = world.gemini.seconds = VENDORS_TAKE
    taken = await asyncio.gather(*(_interview(chat) for chat in chats))
    world.assemblyai.seconds = world.gemini.seconds = 0
    return [seconds for nexts, _ in taken for seconds in nexts], [end for _, end in taken]


async def _interview(chat: Chat) -> tuple[list[float], float]:
    loop, note = asyncio.get_running_loop(), voice_note()
    await chat.press(await card(chat, "Begin when you are"), "Begin")
    nexts: list[float] = []
    sent = 0.0
    for number in range(1, QUESTIONS + 1):
        await card(chat, f"Question {number} of {QUESTIONS}")
        sent = loop.time()
        await chat.send_voice(note, duration=12)
        if number < QUESTIONS:
            await card(chat, f"Question {number + 1} of {QUESTIONS}")
            nexts.append(loop.time() - sent)
    await card(chat, "Done: Data Engineer at Acme", patience=60)
    return nexts, loop.time() - sent


async def _coached(world: World) -> float:
    """Seconds from an answer to its feedback, which coach mode shows before the next question."""
    chat = world.telegram.private_chat(first_name="Bob")
    await chat.say(f"/interview Data Engineer at Acme, {QUESTIONS} questions")
    await card(chat, f"Question 1 of {QUESTIONS}")
    world.assemblyai.seconds = world.gemini.seconds = VENDORS_TAKE
    loop = asyncio.get_running_loop()
    sent = loop.time()
    await chat.send_voice(voice_note(), duration=12)
    await card(chat, "Evidence 4/5")
    world.assemblyai.seconds = world.gemini.seconds = 0
    return loop.time() - sent


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
