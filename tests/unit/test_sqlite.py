"""The database file: durable, private, one process's, at one version, and quick to read."""

import asyncio
import json
import sqlite3
import stat
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from bot.brief import Brief
from bot.coaching import (
    Delivery,
    Point,
    Review,
    Reviewer,
    Score,
    Summary,
    Transcript,
    Unscorable,
    Word,
)
from bot.events import VoiceNote
from bot.history import Asked, Ending, SessionRecord, record_of
from bot.interview import Asking, Heard, Interview, Note, Reviewed, Take, TypedText
from bot.linking import LINK_LASTS, Joined
from bot.ports import Outcome, Shown
from bot.progress import Practised
from bot.questions import Question, QuestionKind
from storage import history
from storage.connection import transaction
from storage.database import Migration, connect, migrate, migrations, version_of
from storage.errors import StorageError
from storage.progress import practised
from storage.sqlite import EVENT_MEMORY, SqliteInterviews
from tests.strategies import session_records

ROOT = Path(__file__).parents[2]
NAMED_INDEXES = {
    "interview_unfinished",
    "seen_age",
    "session_of_person",
    "asked_latest",
    "linked_party",
    "link_code_hash",
    "link_code_expiry",
    "wrong_try_of_person",
    "wrong_try_age",
}
PATIENCE = 30.0  # seconds until a test that hangs gives up


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "interviews.db"


@pytest.fixture
async def interviews(path: Path) -> AsyncIterator[SqliteInterviews]:
    opened = await SqliteInterviews.open(path)
    yield opened
    await opened.close()


def answered(key: str = "c", rev: int = 1, takes: int = 1, text: str = "I did it") -> Interview:
    words = tuple(Word(word, n * 0.5, n * 0.5 + 0.4, 0.9) for n, word in enumerate(text.split()))
    note = Note(VoiceNote("file", 2.0), Heard(Transcript(text, words, 0.9), sound=None))
    verdict = Reviewed(Review(Reviewer.COACH, (Score("clarity", 3), Score("structure", 4))))
    return Interview(
        key=key,
        rev=rev,
        person="p",
        session="s1",
        started_at=100.0,
        brief=Brief(role="Nurse"),
        phase=Asking(turn=0),
        questions=(Question("q", "Why?", QuestionKind.BEHAVIOURAL),),
        takes=tuple(Take(0, number, 101.0, (note,), verdict) for number in range(1, takes + 1)),
    )


def writing(interviews: SqliteInterviews) -> sqlite3.Connection:
    return interviews._writer._connection._conn


def reading(interviews: SqliteInterviews) -> sqlite3.Connection:
    return interviews._reader._conn


@contextmanager
def traced(connection: sqlite3.Connection) -> Iterator[list[str]]:
    """The statements that run, with their values."""
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    yield statements
    connection.set_trace_callback(None)


class Gate:
    """Holds the writer's thread where it passes, until it is opened."""

    def __init__(self) -> None:
        self._reached = threading.Event()
        self._open = threading.Event()

    def hold(self, _: Any = None) -> None:
        self._reached.set()
        assert self._open.wait(PATIENCE)

    async def reached(self) -> None:
        assert await asyncio.to_thread(self._reached.wait, PATIENCE)

    def open(self) -> None:
        self._open.set()


@contextmanager
def held_at(connection: sqlite3.Connection, statement: str) -> Iterator[Gate]:
    gate = Gate()
    connection.set_trace_callback(
        lambda traced: gate.hold() if traced.strip().startswith(statement) else None
    )
    yield gate
    gate.open()
    connection.set_trace_callback(None)


# Durability

SAVE_UNTIL_KILLED = """
import asyncio, sys
from dataclasses import replace
from pathlib import Path
from storage.sqlite import SqliteInterviews
from tests.unit.test_sqlite import answered

async def save(interviews, key):
    kept = await interviews.load(key)
    rev = kept.rev if kept else 0
    while True:
        rev += 1
        await interviews.save(answered(key, rev, takes=rev % 5 + 1), f"e{rev}")
        print("saved", key, rev, flush=True)

async def main():
    interviews = await SqliteInterviews.open(Path(sys.argv[1]))
    await asyncio.gather(*(save(interviews, f"c{n}") for n in range(20)))

asyncio.run(main())
"""


async def test_every_save_that_was_acknowledged_survives_a_kill(path: Path) -> None:
    for _ in range(2):
        acknowledged = await _save_until_killed(path, lines=400)
        assert len(acknowledged) == 20
        interviews = await SqliteInterviews.open(path)
        for key, rev in acknowledged.items():
            kept = await interviews.load(key)
            assert kept is not None
            assert kept.rev >= rev
            assert kept == answered(key, kept.rev, takes=kept.rev % 5 + 1)
            assert await interviews.had(key, f"e{rev}")
            assert not await interviews.had(key, f"e{kept.rev + 1}")
        await interviews.close()
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


async def _save_until_killed(path: Path, lines: int) -> dict[str, int]:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SAVE_UNTIL_KILLED, path, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    said = [await child.stdout.readline() for _ in range(lines)]
    assert all(said)
    with pytest.raises(StorageError, match="Another process"):
        await SqliteInterviews.open(path)
    child.kill()
    said.append(await child.stdout.read())
    await child.wait()
    whole = b"".join(said).decode().rpartition("\n")[0].splitlines()
    saved = [line.split()[1:] for line in whole if line.startswith("saved")]
    return {key: int(rev) for key, rev in saved}


async def test_what_is_committed_has_reached_the_disk(interviews: SqliteInterviews) -> None:
    settings = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
    for connection in (writing(interviews), reading(interviews)):
        for name, value in settings.items():
            assert connection.execute(f"PRAGMA {name}").fetchone()[0] == value


async def test_interviews_are_there_after_a_restart(path: Path) -> None:
    first = await SqliteInterviews.open(path)
    await first.save(answered(), "e1")
    await first.save_shown(Shown("c", "k", "1", "d"))
    await first.close()
    second = await SqliteInterviews.open(path)
    assert await second.load("c") == answered()
    assert await second.had("c", "e1")
    assert await second.shown("c") == Shown("c", "k", "1", "d")
    assert await second.session("p", "s1") == record_of(answered())
    await second.close()


# Group commit


async def test_saves_that_wait_together_are_committed_together(
    interviews: SqliteInterviews,
) -> None:
    several = [answered(f"c{n}") for n in range(500)]
    with traced(writing(interviews)) as statements:
        outcomes = await asyncio.gather(*(interviews.save(one, "e") for one in several))
    assert outcomes == [Outcome.SAVED] * 500
    assert statements.count("COMMIT") <= 2


async def test_nobody_is_answered_before_the_commit(interviews: SqliteInterviews) -> None:
    with held_at(writing(interviews), "COMMIT") as gate:
        save = asyncio.create_task(interviews.save(answered(), "e1"))
        await gate.reached()
        assert await interviews.load("c") is None
        assert not save.done()
        gate.open()
        assert await save is Outcome.SAVED
    assert await interviews.load("c") == answered()


async def test_a_save_that_fails_is_its_callers_alone(interviews: SqliteInterviews) -> None:
    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO shown VALUES ('lost', 'k', 'r', 'd')")
        connection.execute("INSERT INTO nowhere VALUES (1)")

    def break_down(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO shown VALUES ('lost', 'k', 'r', 'd')")
        raise LookupError("a bug")

    before, failed, broken, after = await asyncio.gather(
        interviews.save(answered("before"), "e"),
        interviews._writer.write(fail),
        interviews._writer.write(break_down),
        interviews.save(answered("after"), "e"),
        return_exceptions=True,
    )
    assert (before, after) == (Outcome.SAVED, Outcome.SAVED)
    assert isinstance(failed, StorageError)
    assert "no such table: nowhere" in str(failed)
    assert isinstance(broken, LookupError)
    assert await interviews.shown("lost") is None
    assert await interviews.load("before") is not None
    assert await interviews.load("after") is not None


def _roll_back(connection: sqlite3.Connection) -> None:
    """As SQLite does by itself after some errors of the disk."""
    connection.execute("ROLLBACK")
    raise sqlite3.OperationalError("disk I/O error")


def _spoil_the_commit(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA defer_foreign_keys = ON")
    row = ("nobody", "s", 0, 1, "en", 0)
    connection.execute(
        "INSERT INTO score (conversation, session, turn, take, dimension, level, position)"
        " VALUES (?, ?, ?, ?, ?, ?, 0)",
        row,
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [(_roll_back, "disk I/O error"), (_spoil_the_commit, "FOREIGN KEY constraint failed")],
)
async def test_when_the_commit_fails_all_callers_are_told(
    interviews: SqliteInterviews, change: Callable[[sqlite3.Connection], None], why: str
) -> None:
    results = await asyncio.gather(
        interviews.save(answered("before"), "e"),
        interviews._writer.write(change),
        interviews.save(answered("after"), "e"),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [StorageError] * 3
    assert all(why in str(result) for result in results)
    for key in ("before", "after"):
        assert await interviews.load(key) is None
        assert await interviews.save(answered(key), "e") is Outcome.SAVED


async def test_a_full_disk_refuses_until_there_is_room(interviews: SqliteInterviews) -> None:
    connection = writing(interviews)
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 1}")
    large = answered(text="word " * 5_000)
    with pytest.raises(StorageError, match=r"full.* Look at the room on its disk"):
        await interviews.save(large, "e1")
    assert await interviews.load("c") is None
    assert not await interviews.had("c", "e1")
    connection.execute(f"PRAGMA max_page_count = {pages + 1_000}")
    assert await interviews.save(large, "e1") is Outcome.SAVED


# Cancelling and closing


async def test_a_save_cancelled_while_it_waits_is_not_made(interviews: SqliteInterviews) -> None:
    with held_at(writing(interviews), "COMMIT") as gate:
        first = asyncio.create_task(interviews.save(answered("first"), "e"))
        await gate.reached()
        cancelled, other = (
            asyncio.create_task(interviews.save(answered(key), "e")) for key in ("gone", "other")
        )
        await asyncio.sleep(0)
        cancelled.cancel()
        gate.open()
        assert await first is Outcome.SAVED
        assert await other is Outcome.SAVED
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    assert await interviews.load("gone") is None
    assert not await interviews.had("gone", "e")
    assert await interviews.session("p", "s1") is not None
    assert await interviews.save(answered("gone"), "e") is Outcome.SAVED


@pytest.mark.parametrize(
    "statement", ["BEGIN", "SAVEPOINT", "INSERT INTO seen", "INSERT INTO score", "COMMIT"]
)
async def test_a_save_cancelled_while_it_is_made_is_whole(
    interviews: SqliteInterviews, statement: str
) -> None:
    with held_at(writing(interviews), statement) as gate:
        cancelled, other = (
            asyncio.create_task(interviews.save(answered(key), "e")) for key in ("c", "other")
        )
        await gate.reached()
        cancelled.cancel()
        gate.open()
        assert await other is Outcome.SAVED
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    assert await interviews.load("c") == answered()
    assert await interviews.had("c", "e")
    assert await interviews.load("other") == answered("other")
    assert await interviews.save(answered(rev=2), "e2") is Outcome.SAVED


async def test_closing_finishes_what_waits(path: Path) -> None:
    interviews = await SqliteInterviews.open(path)
    saves = [asyncio.create_task(interviews.save(answered(f"c{n}"), "e")) for n in range(50)]
    await asyncio.sleep(0)
    await interviews.close()
    assert await asyncio.gather(*saves) == [Outcome.SAVED] * 50
    assert [file.name for file in path.parent.glob("*-wal")] == []
    again = await SqliteInterviews.open(path)
    assert await again.load("c49") == answered("c49")
    await again.close()


async def test_after_closing_every_call_is_refused(path: Path) -> None:
    interviews = await SqliteInterviews.open(path)
    await interviews.close()
    await interviews.close()
    for call in (
        interviews.load("c"),
        interviews.save(answered(), None),
        interviews.had("c", "e"),
        interviews.unfinished(),
        interviews.shown("c"),
        interviews.save_shown(Shown("c", "k", "r", "d")),
        interviews.sessions("p", 1, 0),
        interviews.session("p", "s"),
        interviews.asked("p", 1),
        interviews.practised("p", 1),
        interviews.issue("p", "code", 1.0),
        interviews.join("p", "code", 1.0),
        interviews.unlink("p"),
        interviews.linked("p"),
    ):
        with pytest.raises(StorageError, match="is closed"):
            await call


# One process, private


async def test_a_second_process_is_told_to_go_elsewhere(
    interviews: SqliteInterviews, path: Path
) -> None:
    with pytest.raises(StorageError, match=r"Another process uses .*interviews\.db\. Stop"):
        await SqliteInterviews.open(path)
    link = path.with_name("link.db")
    link.symlink_to(path)
    with pytest.raises(StorageError, match="Another process"):
        await SqliteInterviews.open(link)
    assert await interviews.save(answered(), None) is Outcome.SAVED


async def test_nobody_else_may_read_the_files(interviews: SqliteInterviews, path: Path) -> None:
    await interviews.save(answered(), None)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes == {
        "interviews.db": 0o600,
        "interviews.db-shm": 0o600,
        "interviews.db-wal": 0o600,
        "interviews.db.lock": 0o600,
    }
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


# What is not ours to open


def _text(path: Path) -> None:
    path.write_text("To whom it may concern. " * 100)


def _another_programs(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")


def _newer(path: Path) -> None:
    with closing(connect(path)) as connection:
        migrate(connection, migrations())
        connection.execute(f"PRAGMA user_version = {len(migrations()) + 1}")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (_text, "cannot be opened: file is not a database. Check"),
        (_another_programs, "another program's database. Choose"),
        (_newer, "at version 6, .* up to 5. Run the newer program"),
    ],
)
def test_a_file_that_is_not_ours_is_refused_and_left_alone(
    path: Path, make: Callable[[Path], None], sentence: str
) -> None:
    path.parent.mkdir()
    make(path)
    before = path.read_bytes()
    with pytest.raises(StorageError, match=sentence):
        asyncio.run(_open_and_close(path))
    assert path.read_bytes() == before
    path.unlink()
    asyncio.run(_open_and_close(path))


async def _open_and_close(path: Path) -> None:
    interviews = await SqliteInterviews.open(path)
    await interviews.close()


async def test_what_cannot_be_opened_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"cannot be opened: .*directory"):
        await SqliteInterviews.open(tmp_path)
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(StorageError, match=r"cannot be opened: .*(exists|directory)"):
        await SqliteInterviews.open(file / "interviews.db")


async def test_what_cannot_be_understood_is_refused(interviews: SqliteInterviews) -> None:
    await interviews.save(answered(), None)
    writing(interviews).execute("UPDATE interview SET value = '{}'")
    writing(interviews).execute("UPDATE session SET ending = 'eaten'")
    with pytest.raises(StorageError, match=r"interview of c is kept in words .* Run the program"):
        await interviews.load("c")
    with pytest.raises(StorageError, match="session s1 is kept in words"):
        await interviews.session("p", "s1")
    assert await interviews.unfinished() == ("c",)


# Migrations


def test_migrations_are_numbered_from_one_and_named() -> None:
    names = [(step.number, step.name.removesuffix(".sql")) for step in migrations()]
    assert names == [
        (1, "0001_interviews"),
        (2, "0002_history"),
        (3, "0003_coaching"),
        (4, "0004_asked"),
        (5, "0005_links"),
    ]


def test_an_empty_file_is_brought_to_the_latest_version(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "i.db")) as connection:
        migrate(connection, migrations())
        assert version_of(connection) == len(migrations())
        migrate(connection, migrations())


async def test_a_database_of_the_version_before_keeps_what_it_has(path: Path) -> None:
    path.parent.mkdir()
    with closing(connect(path)) as connection:
        migrate(connection, migrations()[:-1])
        connection.execute("INSERT INTO shown VALUES ('c', 'k', 'r', 'd')")
    interviews = await SqliteInterviews.open(path)
    assert version_of(reading(interviews)) == len(migrations())
    assert await interviews.shown("c") == Shown("c", "k", "r", "d")
    assert await interviews.save(answered(), None) is Outcome.SAVED
    await interviews.close()


# As the program of version 2 wrote it: one interview that goes on, and one that has ended.
SECOND_VALUE = {
    "key": "c",
    "rev": 4,
    "person": "p",
    "session": "s1",
    "started_at": 100.0,
    "brief": {"role": "Nurse", "count": 3, "skills": []},
    "phase": {"type": "Asking", "turn": 1, "asked": 0},
    "questions": [
        {"id": "q1", "text": "Why?", "kind": "behavioural", "looks_for": ["reasons"]},
        {"id": "q2", "text": "How?", "kind": "technical", "looks_for": []},
    ],
    "takes": [
        {
            "turn": 0,
            "number": 1,
            "answered_at": 101.0,
            "notes": [
                {
                    "source": {"type": "TypedText", "text": "Because."},
                    "hearing": {
                        "type": "Heard",
                        "transcript": {"text": "Because.", "words": [], "confidence": None},
                        "sound": None,
                    },
                }
            ],
            "verdict": {
                "type": "Reviewed",
                "review": {"by": "measures", "scores": [], "better": ""},
                "stand_in": None,
            },
        }
    ],
}
SECOND_ROWS = """
    INSERT INTO session VALUES
        ('c', 's1', 'p', 100.0, 'open', 'Nurse', '', NULL, 'mixed', 3, '', '[]', NULL),
        ('c', 's0', 'p', 50.0, 'finished', 'Nurse', 'Mercy', 'senior', 'technical', 5, 'Nights',
         '["triage"]', '{"by":"coach","headline":"Good.","changes":["Pause.","Be brief."]}');
    INSERT INTO answer VALUES
        ('c', 's1', 0, 1, 'q1', 'Why?', 'behavioural', '["reasons"]', 101.0, '[]', 'Because.',
         NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, x'00'),
        ('c', 's0', 1, 2, 'q1', 'Why so?', 'technical', '[]', 51.0, '["file"]', 'I did it',
         9.5, 8.0, 1, 1.5, 0, 120.0, 2, NULL, x'00'),
        ('c', 's0', 3, 1, 'q3', 'Who?', 'technical', '[]', 52.0, '["file"]', 'Me', 1.5, 1.0, 0,
         0.0, 1, NULL, NULL, 'unscorable:too_short', x'00');
    INSERT INTO transcript VALUES ('c', 's1', 0, 1, 0, 'Because.', 'en', NULL, 1, '[]');
    INSERT INTO review VALUES
        ('c', 's1', 0, 1, 'measures', NULL, NULL, NULL, ''),
        ('c', 's0', 1, 2, 'coach', '{"text":"Clear.","quote":"did"}', NULL, NULL, 'I did');
    INSERT INTO score VALUES ('c', 's0', 1, 2, 0, 'content', 4);
"""
SECOND_DELIVERY = Delivery(9.5, 8.0, 1, 1.5, clipped=False, words_per_minute=120.0, fillers=2)


@pytest.fixture
async def upgraded(path: Path) -> AsyncIterator[SqliteInterviews]:
    path.parent.mkdir()
    with closing(connect(path)) as connection:
        migrate(connection, migrations()[:2])
        connection.executescript(SECOND_ROWS)
        value = json.dumps(SECOND_VALUE)
        connection.execute("INSERT INTO interview VALUES ('c', 4, 1, NULL, ?)", (value,))
    opened = await SqliteInterviews.open(path)
    yield opened
    await opened.close()


async def test_a_session_of_version_2_is_read_with_what_it_did_not_have(
    upgraded: SqliteInterviews,
) -> None:
    record = await upgraded.session("p", "s0")
    assert record is not None
    assert record.brief.company == "Mercy"
    assert not record.brief.follow_ups
    assert record.ending is Ending.FINISHED
    changes = (Point("Pause.", ""), Point("Be brief.", ""))
    assert record.summary == Summary(Reviewer.COACH, "Good.", changes)
    assert [answer.number for answer in record.answers] == [2, 4]
    assert record.answers[0].delivery == SECOND_DELIVERY
    assert record.answers[0].review == Review(
        Reviewer.COACH, (Score("content", 4),), Point("Clear.", "did"), better="I did"
    )


async def test_what_was_answered_in_version_2_counts_as_asked_and_practised(
    upgraded: SqliteInterviews,
) -> None:
    assert await upgraded.asked("p", 10) == (Asked("q3", "Who?"), Asked("q1", "Why?"))
    assert await upgraded.practised("p", 10) == (
        Practised("s0", 51.0, "Why so?", 2, (Score("content", 4),), SECOND_DELIVERY),
        Practised("s1", 101.0, "Why?", 1, (), None),
    )


async def test_an_interview_of_version_2_goes_on(upgraded: SqliteInterviews) -> None:
    interview = await upgraded.load("c")
    assert interview is not None
    without = replace(interview, brief=replace(interview.brief, follow_ups=False))
    assert await upgraded.session("p", "s1") == record_of(without)
    following = replace(interview, rev=5)
    assert await upgraded.save(following, "e") is Outcome.SAVED
    assert await upgraded.session("p", "s1") == record_of(following)
    asked = (Asked("q3", "Who?"), Asked("q1", "Why?"), Asked("q2", "How?"))
    assert await upgraded.asked("p", 10) == asked


def test_a_migration_that_fails_leaves_the_version_before(tmp_path: Path) -> None:
    bad = Migration(6, "0006_bad.sql", "DROP TABLE shown;\nCREATE TABLE session (x);")
    with closing(connect(tmp_path / "i.db")) as connection:
        with pytest.raises(StorageError, match=r"stays at version 5, because 0006_bad\.sql failed"):
            migrate(connection, [*migrations(), bad])
        assert version_of(connection) == 5
        assert connection.execute("SELECT count(*) FROM shown").fetchone()[0] == 0


# What is written and how it is found


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(tmp_path / "i.db")) as opened:
        migrate(opened, migrations())
        yield opened


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(session_records())
def test_any_record_is_read_as_it_was_kept(
    connection: sqlite3.Connection, record: SessionRecord
) -> None:
    connection.execute("DELETE FROM session")
    for written in (record, replace(record, answers=record.answers[1:]), record):
        with transaction(connection):
            history.keep(connection, written)
        read = history.read(connection, written.person, written.session)
        assert read == written
        assert repr(read) == repr(written)  # enums and booleans equal texts and numbers


async def test_of_a_code_only_the_hash_is_kept(interviews: SqliteInterviews) -> None:
    await interviews.issue("p", "ACDE-FHJK", 100.0)
    await interviews.join("q", "NMPQ-RTWX", 100.0)
    kept = "\n".join(writing(interviews).iterdump())
    assert sha256(b"ACDE-FHJK").hexdigest().upper() in kept
    assert [code for code in ("ACDE", "FHJK", "NMPQ", "RTWX") if code in kept] == []


async def test_old_codes_and_tries_are_forgotten(interviews: SqliteInterviews) -> None:
    for n in range(5):
        await interviews.issue(f"p{n}", f"code-{n}", 100.0 + n)
        await interviews.join(f"q{n}", "guess", 100.0 + n)
    await interviews.join("q", "guess", 103.0 + LINK_LASTS)
    codes = writing(interviews).execute("SELECT person FROM link_code").fetchall()
    tries = writing(interviews).execute("SELECT person FROM wrong_try ORDER BY tried_at").fetchall()
    assert [person for (person,) in codes] == ["p4"]
    assert [person for (person,) in tries] == ["q4", "q"]


async def test_a_group_of_one_leaves_nothing(interviews: SqliteInterviews) -> None:
    await _use_links(interviews)
    assert await interviews.unlink("q")
    assert writing(interviews).execute("SELECT * FROM linked").fetchall() == []


def test_a_take_that_was_refused_a_score_is_not_practised(connection: sqlite3.Connection) -> None:
    record = record_of(answered(takes=2))
    assert record is not None
    first, second = record.answers
    refused = replace(second, unscored=Unscorable.UNBACKED)
    with transaction(connection):
        history.keep(connection, replace(record, answers=(first, refused)))
    assert [take.take for take in practised(connection, ("p",), 10)] == [1]


async def test_links_are_there_after_a_restart(path: Path) -> None:
    first = await SqliteInterviews.open(path)
    await first.issue("p", "code", 100.0)
    await first.join("q", "code", 101.0)
    await first.issue("q", "other", 101.0)
    await first.close()
    second = await SqliteInterviews.open(path)
    assert await second.linked("q") == ("q", "p")
    assert await second.join("r", "other", 102.0) is Joined.LINKED
    await second.close()


async def test_only_what_changed_is_written(interviews: SqliteInterviews) -> None:
    await interviews.save(answered(takes=2), None)
    third = answered(rev=3, takes=3)
    with traced(writing(interviews)) as statements:
        await interviews.save(answered(rev=2, takes=2), None)
        unchanged = _writes(statements)
        statements.clear()
        await interviews.save(third, None)
        added = _writes(statements)
        statements.clear()
        first, *others = third.takes
        corrected = replace(first, notes=(Note(TypedText("No"), Heard(Transcript("No"), None)),))
        await interviews.save(replace(third, rev=4, takes=(corrected, *others)), None)
        replaced = _writes(statements)
    rows = ["INSERT INTO answer", "INSERT INTO transcript", "INSERT INTO review"]
    scores = ["INSERT INTO score"] * 2
    assert unchanged == ["INSERT INTO interview"]
    assert added == ["INSERT INTO interview", *rows, *scores]
    assert replaced == ["INSERT INTO interview", "DELETE FROM answer", *rows, *scores]


def _writes(statements: list[str]) -> list[str]:
    each_once = dict.fromkeys(statements)  # a cascade shows its statement again
    heads = [" ".join(statement.split()[:3]) for statement in each_once]
    return [head for head in heads if head.startswith(("INSERT", "UPDATE", "DELETE"))]


async def test_old_events_are_forgotten(interviews: SqliteInterviews) -> None:
    revs = range(1, EVENT_MEMORY + 2)
    saves = (interviews.save(Interview(key="c", rev=rev), f"e{rev}") for rev in revs)
    assert set(await asyncio.gather(*saves)) == {Outcome.SAVED}
    assert not await interviews.had("c", "e1")
    assert await interviews.had("c", "e2")


async def test_every_row_is_found_by_an_index(interviews: SqliteInterviews) -> None:
    with traced(writing(interviews)) as written, traced(reading(interviews)) as read:
        for rev in (1, 2):
            await interviews.save(answered(rev=rev, takes=3 - rev), f"e{rev}")
        await interviews.load("c")
        await interviews.had("c", "e1")
        await interviews.unfinished()
        await interviews.shown("c")
        await _use_history(interviews)
        await _use_links(interviews)
    steps = _plan_of(interviews, (*written, *read))
    assert _scanned(interviews, steps) == set()
    by_name = {index for index in NAMED_INDEXES if any(index in step for step in steps)}
    assert by_name == NAMED_INDEXES


async def test_the_history_of_linked_persons_is_found_by_indexes(
    interviews: SqliteInterviews,
) -> None:
    await _use_links(interviews)
    with traced(reading(interviews)) as read:
        await _use_history(interviews)
    assert any("IN ('p', 'q')" in query for query in read)
    assert _scanned(interviews, _plan_of(interviews, read)) == set()


async def test_what_is_saved_and_listed_is_not_sorted(interviews: SqliteInterviews) -> None:
    with traced(writing(interviews)) as written, traced(reading(interviews)) as read:
        for rev in (1, 2):
            await interviews.save(answered(rev=rev, takes=3 - rev), f"e{rev}")
        await interviews.unfinished()
        await interviews.sessions("p", 10, 0)
        await interviews.session("p", "s1")
    steps = _plan_of(interviews, (*written, *read))
    assert [step for step in steps if "ORDER BY" in step] == []


async def _use_history(interviews: SqliteInterviews) -> None:
    await interviews.sessions("p", 10, 0)
    await interviews.session("p", "s1")
    await interviews.asked("p", 10)
    await interviews.practised("p", 10)


async def _use_links(interviews: SqliteInterviews) -> None:
    await interviews.unlink("p")
    await interviews.issue("p", "code", 1.0)
    assert await interviews.join("q", "guess", 1.0) is Joined.UNKNOWN
    assert await interviews.join("q", "code", 1.0) is Joined.LINKED


def _plan_of(interviews: SqliteInterviews, statements: Iterable[str]) -> list[str]:
    """The steps in which SQLite does the queries among `statements`."""
    queries = [s for s in set(statements) if s.split()[0] in ("SELECT", "DELETE", "WITH")]
    return [
        step["detail"]
        for query in queries
        for step in reading(interviews).execute(f"EXPLAIN QUERY PLAN {query}")
    ]


def _scanned(interviews: SqliteInterviews, steps: list[str]) -> set[str]:
    """The tables, by their names or those that queries give them, that are read end to end."""
    tables = "SELECT name FROM sqlite_schema WHERE type = 'table'"
    names = {name for (name,) in reading(interviews).execute(tables)} | {"mine", "other"}
    return names & {step.split()[1] for step in steps if step.startswith("SCAN")}


async def test_people_can_ask_questions_in_sql(interviews: SqliteInterviews, path: Path) -> None:
    await interviews.save(answered(takes=2), None)
    with closing(sqlite3.connect(path)) as connection:
        trend = connection.execute(
            "SELECT role, dimension, avg(level), count(*) FROM session"
            " JOIN score USING (conversation, session)"
            " WHERE person = 'p' GROUP BY dimension ORDER BY dimension"
        ).fetchall()
    assert trend == [("Nurse", "clarity", 3.0, 2), ("Nurse", "structure", 4.0, 2)]
