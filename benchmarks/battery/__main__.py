"""`make battery`: what candidates would see of each answer and reply, and what is wrong with it."""

import argparse
import asyncio
import logging
import sys
import tempfile
from collections import Counter
from pathlib import Path

import structlog
from rich.console import Console
from rich.table import Table
from rich.text import Text

from benchmarks.battery.cases import read_cases
from benchmarks.battery.running import Run, run_all
from bot.coaching import Point


def main() -> int:
    """1 where anything that is shown is not as it has to be."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.battery", description=__doc__)
    parser.add_argument("--markdown", type=Path, help="write the table per class to this file")
    wanted = parser.parse_args()
    quiet = structlog.make_filtering_bound_logger(logging.CRITICAL)  # the table is what is read
    structlog.configure(wrapper_class=quiet)
    with tempfile.TemporaryDirectory() as folder:
        runs = asyncio.run(run_all(read_cases(), Path(folder)))
    console = Console(width=200)
    console.print(_table(runs))
    for run in runs:
        for miss in run.misses():
            told = f"NOT AS EXPECTED: {run.case.id} / {run.reply.name}: {miss}"
            console.print(told, markup=False)
    for line in _counts(runs):
        console.print(line)
    if wanted.markdown is not None:
        wanted.markdown.write_text(_markdown(runs), "utf-8")
    return 1 if any(run.unfounded or any(run.misses()) for run in runs) else 0


def _table(runs: list[Run]) -> Table:
    table = Table("answer", "class", "reply", "seen", "strength", "fix", "dropped")
    for run in runs:
        seen = run.seen
        levels = " ".join(str(score.level) for score in seen.scores)
        table.add_row(
            run.case.id,
            run.case.group,
            run.reply.name,
            f"{seen.outcome} {levels}".strip(),
            _quote(seen.strength),
            _quote(seen.fix),
            str(run.dropped or ""),
        )
    return table


def _quote(point: Point | None) -> Text:
    """As it is: a candidate's brackets and colons are no markup."""
    return Text("" if point is None else f"“{point.quote[:40]}”")


def _counts(runs: list[Run]) -> tuple[str, ...]:
    shown = sum(len(run.seen.points) for run in runs)
    refused = Counter(run.seen.outcome for run in runs if not run.seen.scores)
    return (
        f"{len({run.case.id for run in runs})} answers, {len(runs)} runs",
        f"{shown} points shown, {sum(len(run.unfounded) for run in runs)} not in the answer",
        f"{sum(run.dropped for run in runs)} points of the replies dropped",
        "not scored: " + ", ".join(f"{why} {count}" for why, count in refused.most_common()),
        f"{sum(len(list(run.misses())) for run in runs)} not as expected",
    )


def _markdown(runs: list[Run]) -> str:
    lines = [
        "# The battery",
        "",
        "What `make battery` printed: answers of each class, each with a good reply of the model",
        "and hostile ones (invented quotes, scores out of range, flattery, off schema, remarks on",
        "the person, orders obeyed), run through the whole program. The replies were written for",
        "the battery; no model was asked.",
        "",
        "| class | answers | runs | scored | not scored | points shown | of them invented |",
        "|---|---|---|---|---|---|---|",
    ]
    for group in dict.fromkeys(run.case.group for run in runs):
        ours = [run for run in runs if run.case.group == group]
        scored = sum(bool(run.seen.scores) for run in ours)
        points = sum(len(run.seen.points) for run in ours)
        invented = sum(len(run.unfounded) for run in ours)
        answers = len({run.case.id for run in ours})
        lines.append(
            f"| {group} | {answers} | {len(ours)} | {scored} | {len(ours) - scored} "
            f"| {points} | {invented} |"
        )
    return "\n".join([*lines, "", *(f"- {line}" for line in _counts(runs)), ""])


if __name__ == "__main__":
    sys.exit(main())
