"""Measures are as near to the truth as is promised, on recordings of which it is known."""

from collections import Counter

import pytest

from benchmarks import measures


async def test_every_error_is_within_its_bound() -> None:
    rows = await measures.compare()
    assert [row for row in rows if not row.is_within] == []
    recordings = Counter(row.recording for row in rows)
    assert len(recordings) >= 10
    assert set(recordings.values()) == {len(measures.BOUNDS)}


async def test_the_recordings_have_something_to_measure() -> None:
    rows = await measures.compare()
    for name in set(measures.BOUNDS) - {"seconds", "words/min"}:
        assert len({row.true for row in rows if row.measure == name}) > 1, name


def test_an_error_over_its_bound_ends_with_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert measures.main() == 0
    monkeypatch.setitem(measures.BOUNDS, "start delay", 0.0)
    assert measures.main() == 1
    assert "start delay" in capsys.readouterr().out
