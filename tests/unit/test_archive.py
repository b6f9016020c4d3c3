"""What a person asks of all that is kept is of their own sessions, as whichever of the linked."""

from dataclasses import replace

import pytest

from bot.archive import PNG, Archive
from bot.brief import Brief, Mode
from bot.coaching import Point, Review, Reviewer, Score
from bot.history import SessionRecord, record_of
from bot.interview import Finished, Interview, Reviewed, Take
from bot.linking import LINK_LASTS, Joined
from bot.ports import File
from bot.progress import Progress
from bot.scoresheet import ScoreSheet, sheet_of
from tests.answers import ASKED, WELL_DONE, after, typed
from tests.contract.interviews_in_memory import InterviewsInMemory
from tests.engine_parts import HandClock

ME, YOU = "example:me", "other:you"
BRIEF = Brief(role="Nurse", company="Mercy", count=5, mode=Mode.REAL, skills=("triage",))


class PlainExports:
    """A file of the session's name."""

    async def export(self, record: SessionRecord) -> tuple[File, ...]:
        return (File(f"{record.session}.txt", "text/plain", record.brief.role.encode()),)


class PlainPictures:
    """The title, or the number of sessions, instead of a picture."""

    async def of_summary(self, sheet: ScoreSheet) -> bytes:
        return sheet.title.encode()

    async def of_progress(self, progress: Progress) -> bytes:
        return str(progress.sessions).encode()


class Kept:
    def __init__(self) -> None:
        self.interviews = InterviewsInMemory()
        self.clock = HandClock()
        self.archive = Archive(
            history=self.interviews,
            links=self.interviews,
            exports=PlainExports(),
            pictures=PlainPictures(),
            clock=self.clock,
        )

    async def save(self, session: str, person: str = ME, **levels: int) -> Interview:
        """A finished interview with one answer, judged at these levels."""
        scores = tuple(Score(dimension, level) for dimension, level in levels.items())
        point = Point("Concrete.", "found the slow query")
        verdict = Reviewed(Review(Reviewer.COACH, scores=scores, strength=point))
        answered = after(ASKED, typed()).takes[0]
        interview = replace(
            ASKED,
            key=f"{person}:{session}",
            rev=1,
            person=person,
            session=session,
            started_at=self.clock.now(),
            brief=BRIEF,
            phase=Finished(9.0, WELL_DONE),
            takes=(self.at_once(replace(answered, verdict=verdict)),),
        )
        await self.interviews.save(interview, None)
        self.clock.move(60)
        return interview

    def at_once(self, take: Take) -> Take:
        return replace(take, answered_at=self.clock.now())


@pytest.fixture
def kept() -> Kept:
    return Kept()


class TestPractice:
    async def test_is_one_question_on_the_weakest_for_the_job_of_the_last_session(
        self, kept: Kept
    ) -> None:
        await kept.save("s1", content=4, structure=2, evidence=3)
        brief = await kept.archive.practice(ME)
        assert brief == replace(BRIEF, count=1, practise="structure", mode=Mode.COACH)

    async def test_follows_what_needs_it_now(self, kept: Kept) -> None:
        await kept.save("s1", content=4, structure=2)
        await kept.save("s2", content=1, structure=5)
        brief = await kept.archive.practice(ME)
        assert brief is not None
        assert brief.practise == "content"

    async def test_needs_a_session_with_scores(self, kept: Kept) -> None:
        assert await kept.archive.practice(ME) is None
        await kept.save("s1")
        assert await kept.archive.practice(ME) is None
        await kept.save("s2", YOU, content=2)
        assert await kept.archive.practice(ME) is None


class TestFilesAndPictures:
    async def test_are_of_ones_own_sessions(self, kept: Kept) -> None:
        interview = await kept.save("s1", content=4)
        assert await kept.archive.files_of(ME, "s1") == (File("s1.txt", "text/plain", b"Nurse"),)
        record = record_of(interview)
        assert record is not None
        title = sheet_of(record).title.encode()
        assert await kept.archive.picture_of(ME, "s1") == File("interview.png", PNG, title)
        assert await kept.archive.session(ME, "s1") == record

    async def test_of_somebody_else_are_not_given(self, kept: Kept) -> None:
        await kept.save("s1", content=4)
        for person in (YOU, "", "example"):
            assert await kept.archive.files_of(person, "s1") == ()
            assert await kept.archive.picture_of(person, "s1") is None
            assert await kept.archive.session(person, "s1") is None
            assert await kept.archive.sessions(person, 10, 0) == ()
        assert await kept.archive.files_of(ME, "s2") == ()

    async def test_progress_is_of_everything_practised(self, kept: Kept) -> None:
        await kept.save("s1", content=2)
        await kept.save("s2", content=4)
        await kept.save("s3", YOU, content=1)
        progress = await kept.archive.progress(ME)
        assert (progress.sessions, progress.answers) == (2, 2)
        picture = await kept.archive.picture_of_progress(progress)
        assert picture == File("progress.png", PNG, b"2")


class TestLinks:
    async def test_whoever_has_the_code_sees_what_the_other_practised(self, kept: Kept) -> None:
        await kept.save("s1", content=4)
        await kept.save("s2", YOU, content=2)
        code = await kept.archive.new_link_code(ME)
        assert await kept.archive.join(YOU, f" {code.lower().replace('-', ' ')} ") is Joined.LINKED
        for person in (ME, YOU):
            lines = await kept.archive.sessions(person, 10, 0)
            assert [line.session for line in lines] == ["s2", "s1"]
            assert await kept.archive.files_of(person, "s1") != ()
            assert (await kept.archive.progress(person)).sessions == 2
        assert await kept.archive.practice(YOU) is not None

    async def test_parted_each_sees_their_own_again(self, kept: Kept) -> None:
        await kept.save("s1", content=4)
        await kept.archive.join(YOU, await kept.archive.new_link_code(ME))
        assert await kept.archive.unlink(YOU)
        assert not await kept.archive.unlink(YOU)
        assert await kept.archive.files_of(YOU, "s1") == ()
        assert await kept.archive.files_of(ME, "s1") != ()

    async def test_a_code_is_of_no_use_when_it_is_old(self, kept: Kept) -> None:
        code = await kept.archive.new_link_code(ME)
        kept.clock.move(LINK_LASTS)
        assert await kept.archive.join(YOU, code) is Joined.UNKNOWN

    @pytest.mark.parametrize("typed_code", ["", "hello", "0000-0000", "A" * 500, "\u202e\x00"])
    async def test_what_can_be_no_code_is_not_even_tried(self, kept: Kept, typed_code: str) -> None:
        for _ in range(10):
            assert await kept.archive.join(YOU, typed_code) is Joined.UNKNOWN
        code = await kept.archive.new_link_code(ME)
        assert await kept.archive.join(YOU, code) is Joined.LINKED

    async def test_codes_differ(self, kept: Kept) -> None:
        assert len({await kept.archive.new_link_code(ME) for _ in range(20)}) == 20
