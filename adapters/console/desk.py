"""What somebody asks for beside the interview: past ones, progress, files, and one history."""

import asyncio
from pathlib import Path

from rich.console import Console
from rich.text import Text

from adapters.console import history
from adapters.console.files import keep
from adapters.console.inbound import (
    PERSON,
    Help,
    History,
    Link,
    Picture,
    Request,
    Save,
    ShowProgress,
    Unlink,
)
from bot import wording
from bot.archive import Archive
from bot.brief import Brief
from bot.ports import File

HISTORY_LIMIT = 20
HELP = (
    "Type your answer and press Enter, or type the path of an audio file.\n"
    "Words after a slash press a control: /skip, /next, /again, /misheard, /retry, /stop;\n"
    "/model, /delivery and /scores open more of the feedback, 1 to 5 rates your answer.\n"
    "/interview Data Engineer at Acme, 3 questions — start at once\n"
    "/interview Nurse, real — against the clock, all feedback at the end\n"
    "/practice — one question on what needs it most\n"
    "/progress — how you are getting better\n"
    "/history — past interviews; /history 1 opens the latest\n"
    "/save, /picture — the latest interview as files, as a picture; /save 2 the one before\n"
    "/link — join your history here with that of another app; /unlink parts them\n"
    "/cancel — stop the interview; /quit — leave, and go on later"
)


class Desk:
    """`folder` is where files for the person are put."""

    def __init__(self, archive: Archive, console: Console, folder: Path) -> None:
        self._archive = archive
        self._console = console
        self._folder = folder

    async def answer(self, request: Request) -> None:
        match request:
            case Help():
                self._say(HELP)
            case History(number=number):
                await self._show_history(number)
            case Save(number=number):
                session = await self._session(number)
                files = await self._archive.files_of(PERSON, session) if session else ()
                await self._hand_over(*files)
            case Picture(number=number):
                session = await self._session(number)
                picture = await self._archive.picture_of(PERSON, session) if session else None
                if picture is not None:
                    await self._hand_over(picture)
            case ShowProgress():
                await self._show_progress()
            case Link(code=""):
                self._say(wording.link_code(await self._archive.new_link_code(PERSON)))
            case Link(code=code):
                self._say(wording.joined(await self._archive.join(PERSON, code)))
            case Unlink():
                self._say(wording.unlinked(parted=await self._archive.unlink(PERSON)))

    async def practice(self) -> Brief | None:
        """What to practise next; None, and said, where that is not known."""
        brief = await self._archive.practice(PERSON)
        if brief is None:
            self._say(wording.NO_PRACTICE)
        return brief

    async def _show_history(self, number: int | None) -> None:
        if number is None:
            lines = await self._archive.sessions(PERSON, HISTORY_LIMIT, 0)
            self._console.print(history.session_list(lines))
            return
        session = await self._session(number)
        record = await self._archive.session(PERSON, session) if session else None
        if record is not None:
            self._console.print(history.session_page(record, max(number, 1)))

    async def _show_progress(self) -> None:
        progress = await self._archive.progress(PERSON)
        if not progress.answers:
            self._say(wording.NO_PROGRESS)
            return
        self._console.print(history.progress_page(progress))
        await self._hand_over(await self._archive.picture_of_progress(progress))

    async def _session(self, number: int) -> str | None:
        """The id of the interview of that number, from the latest; None, and said, without."""
        lines = await self._archive.sessions(PERSON, 1, max(number - 1, 0))
        if not lines:
            self._say(wording.NO_HISTORY if number <= 1 else "There is no such one.")
            return None
        return lines[0].session

    async def _hand_over(self, *files: File) -> None:
        try:
            for file in files:
                path = await asyncio.to_thread(keep, self._folder, file)
                # Whole, to be copied: no line breaks in it.
                self._console.print(Text(str(path)), soft_wrap=True)
        except OSError as error:
            self._say(f"I could not write to {self._folder}: {error.strerror}.")

    def _say(self, sentence: str) -> None:
        self._console.print(Text(sentence))
