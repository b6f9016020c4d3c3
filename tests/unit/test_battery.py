"""No answer, and no reply of a model, makes the program show what the answer does not bear out."""

import asyncio
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from benchmarks.battery.cases import Case, read_cases
from benchmarks.battery.replies import Reply, replies_for
from benchmarks.battery.running import Run, run_all

CASES = read_cases()


SHARES = 8


def a_share(case: Case) -> Iterable[Reply]:
    """The good reply and an eighth of the others, another eighth for each answer.

    `make battery` runs them all.
    """
    place = CASES.index(case)
    replies = list(replies_for(case))
    return [reply for n, reply in enumerate(replies) if n == 0 or (n + place) % SHARES == 0]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Run]:
    return asyncio.run(run_all(CASES, tmp_path_factory.mktemp("battery"), a_share))


def plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()


def test_it_is_large_and_has_every_class() -> None:
    assert len(CASES) >= 44
    assert len({case.group for case in CASES}) >= 8


def test_nothing_shown_is_invented(runs: list[Run]) -> None:
    for run in runs:
        for point in run.seen.points:
            quote = plain(point.quote.removesuffix("…"))
            assert quote in plain(run.case.text), (run.case.id, run.reply.name)
        assert all(1 <= score.level <= 5 for score in run.seen.scores)


def test_every_answer_is_met_as_it_has_to_be(runs: list[Run]) -> None:
    misses = [(run.case.id, run.reply.name, miss) for run in runs for miss in run.misses()]
    assert misses == []


async def test_the_same_answer_and_reply_give_the_same_scores(tmp_path: Path) -> None:
    scored = [case for case in CASES if case.group == "excellent"][:2]
    (tmp_path / "again").mkdir()
    first = await run_all(scored, tmp_path, a_share)
    again = await run_all(scored, tmp_path / "again", a_share)
    assert [run.seen.scores for run in first] == [run.seen.scores for run in again]
    assert any(run.seen.scores for run in first)
