"""No answer, and no reply of a model, makes the program show what the answer does not bear out."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from benchmarks.battery.cases import Case, read_cases
from benchmarks.battery.replies import RECORDED, Reply, replies_for
from benchmarks.battery.running import Run, run_all
from benchmarks.battery.whole_way import Seen
from bot.coaching import Point

CASES = read_cases()
LEAST = {
    "excellent": 8,
    "vague": 6,
    "off topic": 5,
    "gibberish": 4,
    "injection": 6,
    "other language": 5,
    "too little": 4,
    "question back": 3,
    "figures and signs": 4,
    "very long": 2,
}
PERSONAL = re.compile(
    r"\b(accent|nervous|handsome|charming|personality|introvert|body language|pretty|shy)",
    re.IGNORECASE,
)
SHARES = 4


def a_share(case: Case) -> Iterable[Reply]:
    """The good reply and a quarter of the others, another quarter for each answer.

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
    found = Counter(case.group for case in CASES)
    assert {group: found[group] for group, least in LEAST.items() if found[group] < least} == {}
    assert len({case.id for case in CASES}) == len(CASES)
    assert len({case.role for case in CASES}) >= 10
    assert len({case.question.kind for case in CASES}) == 3
    assert sum(case.spoken is not None for case in CASES) >= 10


def test_every_answer_that_reaches_the_model_meets_hostile_replies() -> None:
    for case in CASES:
        names = [reply.name for reply in replies_for(case)]
        assert names[0] == RECORDED
        assert len(names) == len(set(names))
        assert len(names) >= 20 if case.reply else names == [RECORDED]


def test_every_hostile_reply_is_met_in_the_share(runs: list[Run]) -> None:
    everything = {reply.name for case in CASES for reply in replies_for(case)}
    assert {run.reply.name for run in runs} == everything


def test_nothing_shown_is_invented(runs: list[Run]) -> None:
    for run in runs:
        for point in run.seen.points:
            quote = plain(point.quote.removesuffix("…"))
            assert quote in plain(run.case.text), (run.case.id, run.reply.name)
        assert all(1 <= score.level <= 5 for score in run.seen.scores)
        for remark in (run.seen.strength, run.seen.fix, *run.seen.changes):
            # What is checked is what stands on the cards.
            assert remark is None or plain(remark.text)[:200] in plain(run.seen.cards)
        assert not PERSONAL.search(run.seen.told), (run.case.id, run.reply.name)


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


def test_what_is_invented_or_on_the_person_would_be_found(runs: list[Run]) -> None:
    invented = Point("Good.", "I led Globex for nineteen years")
    told = "You sound nervous, as Wozniak said."
    seen = Seen("unbacked", told, told, strength=invented)
    reply = Reply("spoilt", "", "", frozenset({"reviewed"}), shows=frozenset({"fix"}))
    spoilt = Run(runs[0].case, reply, seen)
    assert spoilt.unfounded == (invented,)
    assert list(spoilt.misses()) == [
        "unbacked and not reviewed",
        "no fix",
        "invented: Wozniak",
        "on the person: nervous",
    ]
