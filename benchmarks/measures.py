"""How far the measures are from the truth, on recordings of which it is known.

`make measures` prints a row per recording and measure, and ends with 1 if an error is over its
bound. The sound goes the way of every voice note: the bytes of the file through `LocalSounds`. The
words and their times are the truth's, for what a transcriber mishears is not ours to measure; so
counts and pace show whether the rules do what they say, and the rest how well sound is heard. The
voices are a synthesiser's, and people are harder (`tests/data/make_speech.py` says how the truth
is known).
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from adapters.audio import LocalSounds
from bot.coaching import Delivery, Transcript, Word
from bot.delivery import Measure, measure_delivery, readings

SPEECH = Path(__file__).parents[1] / "tests" / "data" / "speech"

FILLERS = {"um", "uh", "er"}  # those in the scripts

# How far off a measure may be; times in seconds. What is counted by rule must be as counted by
# hand. Speech is the least exact: it is heard a little before and after itself, most under noise.
BOUNDS = {
    "seconds": 0.05,
    "speaking": 0.6,
    "start delay": 0.1,
    "pauses": 0,
    "longest pause": 0.1,
    "speaking share": 0.04,
    "words/min": 0.1,
    "syllables/s": 0.2,
    "fillers": 0,
    "phrase fillers": 0,
    "repetitions": 0,
    "hedges": 0,
    "clipped": 0,
}


@dataclass(frozen=True, slots=True)
class Row:
    recording: str
    measure: str
    measured: float
    true: float

    @property
    def error(self) -> float:
        return abs(self.measured - self.true)

    @property
    def is_within(self) -> bool:
        return self.error <= BOUNDS[self.measure]


async def compare() -> list[Row]:
    """Each recording's measures beside the truth."""
    sounds = LocalSounds()
    rows: list[Row] = []
    for truth in json.loads((SPEECH / "truth.json").read_text("utf-8")):
        sound = await sounds.listen((SPEECH / f"{truth['name']}.ogg").read_bytes())
        words = tuple(Word(text, start, end, 1.0) for text, start, end in truth["words"])
        delivery = measure_delivery(((sound, Transcript(truth["script"], words)),))
        if delivery is None:
            raise ValueError(f"{truth['name']} was not measured")
        true, measured = _true(truth), _measured(delivery)
        rows += [Row(truth["name"], name, measured[name], true[name]) for name in BOUNDS]
    return rows


def _measured(delivery: Delivery) -> dict[str, float]:
    share = {reading.measure: reading.value for reading in readings(delivery)}
    counts = {
        "seconds": delivery.seconds,
        "speaking": delivery.speaking,
        "start delay": delivery.start_delay,
        "pauses": delivery.pauses,
        "longest pause": delivery.longest_pause,
        "speaking share": share[Measure.SPEAKING_SHARE],
        "words/min": delivery.words_per_minute,
        "syllables/s": delivery.articulation_rate,
        "fillers": delivery.fillers,
        "phrase fillers": delivery.phrase_fillers,
        "repetitions": delivery.repetitions,
        "hedges": delivery.hedges,
        "clipped": delivery.clipped,
    }
    return {name: float("nan") if value is None else value for name, value in counts.items()}


def _true(truth: dict[str, Any]) -> dict[str, float]:
    pauses = [end - start for start, end in truth["pauses"]]
    words = truth["words"]
    span = words[-1][2] - words[0][1]
    fillers = sum(end - start for text, start, end in words if text.lower().strip(",.") in FILLERS)
    return {
        "seconds": truth["seconds"],
        "speaking": truth["speaking"],
        "start delay": truth["start_delay"],
        "pauses": len(pauses),
        "longest pause": max(pauses, default=0.0),
        "speaking share": truth["speaking"] / (truth["seconds"] - truth["start_delay"]),
        "words/min": 60 * len(words) / span,
        "syllables/s": truth["syllables"] / (span - sum(pauses) - fillers),
        "fillers": truth["fillers"],
        "phrase fillers": truth["phrase_fillers"],
        "repetitions": truth["repetitions"],
        "hedges": truth["hedges"],
        "clipped": truth["clipped"],
    }


def _lines(rows: list[Row]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        numbers = (f"{number:g}" for number in (round(row.measured, 3), round(row.true, 3)))
        error = f"{row.error:.3f}" if row.is_within else f"[bold red]{row.error:.3f}[/]"
        yield row.recording, row.measure, *numbers, error, f"{BOUNDS[row.measure]:g}"


def main() -> int:
    rows = asyncio.run(compare())
    table = Table("recording", "measure", "measured", "true", "error", "bound")
    for line in _lines(rows):
        table.add_row(*line)
    Console().print(table)
    over = [row for row in rows if not row.is_within]
    Console().print(f"{len(rows) - len(over)} of {len(rows)} within their bounds")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
