"""How long a question and an answer's feedback take, beside a script that does nothing else.

`make bench` prints a table. Both sides talk to the same loopback vendors, which answer at once, so
that what is left is our own time; emulators and benchmark share the machine with the program.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import Awaitable
from pathlib import Path

import aiohttp
from rich.console import Console
from rich.table import Table

from tests.emulators.telegram_chat import Chat
from tests.journeys.world import SPEECH, World, card, open_world, voice_note

CROWDS = (1, 20, 100)


async def main() -> None:
    table = Table("chats at once", "all asked", "program: first", "last", "script: first", "last")
    note = voice_note()
    for crowd in CROWDS:
        with tempfile.TemporaryDirectory() as folder:
            async with open_world(Path(folder)) as world:
                asked, ours = await _program(world, crowd, note)
                theirs = await _script(world, crowd, note)
        row = (asked, min(ours), max(ours), min(theirs), max(theirs))
        table.add_row(str(crowd), *(f"{1000 * seconds:.0f} ms" for seconds in row))
    Console().print(table)


async def _program(world: World, crowd: int, note: bytes) -> tuple[float, list[float]]:
    """Seconds from `/interview` to the last first question, and from each note to its feedback."""
    await world.program.start()
    await world.telegram.wait_for(lambda t: t.calls("getUpdates"), timeout=20)
    loop = asyncio.get_running_loop()
    began = loop.time()
    chats = [world.telegram.private_chat(first_name=f"Ann {number}") for number in range(crowd)]
    for chat in chats:
        await chat.say("/interview Data Engineer at Acme, 3 questions")
    for chat in chats:
        await card(chat, "Question 1 of 3", "part 1?")
    asked = loop.time() - began

    async def answer(chat: Chat) -> None:
        await chat.send_voice(note, duration=12)
        await card(chat, SPEECH, "Evidence 4/5")

    taken = await _timed([answer(chat) for chat in chats])
    await world.program.stop()
    return asked, taken


async def _script(world: World, crowd: int, note: bytes) -> list[float]:
    """Fetch, upload, request, ask, send: a straight line per chat, on one aiohttp session."""
    chats = [world.telegram.private_chat(first_name=f"Bob {number}") for number in range(crowd)]
    files = [
        (await chat.send_voice(note, duration=12)).content["voice"]["file_id"] for chat in chats
    ]
    request = world.gemini.calls("generateContent")[-1]
    ear = {"Authorization": world.assemblyai.api_key}
    bot, vendor = f"{world.telegram.base_url}{world.telegram.token}", world.assemblyai.url

    async def line(http: aiohttp.ClientSession, chat: Chat, file: str) -> None:
        async def call(method: str, url: str, **more: object) -> dict[str, object]:
            async with http.request(method, url, **more) as reply:  # type: ignore[arg-type]
                return dict(await reply.json(content_type=None))

        found = await call("POST", f"{bot}/getFile", json={"file_id": file})
        path = json.loads(json.dumps(found))["result"]["file_path"]
        where = f"{world.telegram.base_file_url}{world.telegram.token}/{path}"
        async with http.get(where) as reply:
            data = await reply.read()
        up = await call("POST", f"{vendor}/v2/upload", data=data, headers=ear)
        wanted = {"audio_url": up["upload_url"], "speech_models": ["universal-2"]}
        job = await call("POST", f"{vendor}/v2/transcript", json=wanted, headers=ear)
        await call("GET", f"{vendor}/v2/transcript/{job['id']}", headers=ear)
        key = {"x-goog-api-key": world.gemini.api_key}
        await call("POST", f"{world.gemini.url}{request.path}", json=request.body, headers=key)
        await call("POST", f"{bot}/sendMessage", json={"chat_id": chat.id, "text": SPEECH})

    async with aiohttp.ClientSession() as http:
        return await _timed([line(http, *pair) for pair in zip(chats, files, strict=True)])


async def _timed(works: list[Awaitable[None]]) -> list[float]:
    loop = asyncio.get_running_loop()
    began = loop.time()

    async def timed(work: Awaitable[None]) -> float:
        await work
        return loop.time() - began

    return await asyncio.gather(*(timed(work) for work in works))


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
