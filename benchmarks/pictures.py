"""Writes the examples of the pictures: a made-up candidate over five weeks.

`make pictures` writes docs/summary.png and docs/progress.png.
"""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from adapters.pictures import PngPictures
from bot.coaching import Delivery, Point, Score
from bot.delivery import mean_readings
from bot.progress import DAY, Practised, progress_of
from bot.scoresheet import Average, ScoreSheet

FOLDER = Path(__file__).parents[1] / "docs"
BEGAN = datetime(2026, 10, 20, 18, 5, tzinfo=UTC).timestamp()
QUESTIONS = (
    "Tell me about a time your pipeline gave late or wrong data to people who relied on it.",
    "How would you build a daily total when some events arrive two days late?",
)
DAYS = (0, 2, 9, 16, 23, 33, 34, 35)  # after the first interview
# Of each interview: content, structure, evidence, relevance, delivery; words and fillers a minute;
# the longest pause in seconds; the own rating.
INTERVIEWS = (
    ((3, 2, 2, 4, 3), (203, 11), 4.2, 4),
    ((3, 2, 2, 4, 3), (198, 9), 3.8, 4),
    ((3, 3, 2, 4, 4), (192, 9), 3.1, 4),
    ((4, 3, 3, 4, 4), (181, 7), 3.4, 3),
    ((3, 3, 3, 5, 4), (176, 8), 2.6, 3),
    ((4, 4, 3, 4, 5), (171, 5), 2.2, 4),
    ((4, 4, 4, 5, 4), (168, 6), 2.4, 4),
    ((4, 5, 4, 5, 5), (164, 4), 1.9, 4),
)
DIMENSIONS = ("content", "structure", "evidence", "relevance", "delivery")


def delivered(pace: float, fillers: int, longest: float) -> Delivery:
    return Delivery(
        seconds=74.0,
        speaking=60.0,
        pauses=round(2 * longest),
        longest_pause=longest,
        clipped=False,
        words_per_minute=pace,
        fillers=fillers,
        start_delay=1.2,
        articulation_rate=pace / 38,
        phrase_fillers=0,
        repetitions=fillers // 3,
        hedges=fillers // 2,
    )


PRACTISED = tuple(
    Practised(
        session=f"interview/{number}",
        answered_at=BEGAN + days * DAY + 300 * place,
        question=question,
        take=1,
        scores=tuple(
            Score(dimension, max(level - place, 1))
            for dimension, level in zip(DIMENSIONS, levels, strict=True)
        ),
        delivery=delivered(pace, fillers + place, longest),
        rating=rating,
    )
    for number, (days, (levels, (pace, fillers), longest, rating)) in enumerate(
        zip(DAYS, INTERVIEWS, strict=True)
    )
    for place, question in enumerate(QUESTIONS)
)
SHEET = ScoreSheet(
    title="Senior Data Engineer at Acme",
    started_at=BEGAN + DAYS[3] * DAY,
    questions=5,
    answered=4,
    overall=3.4,
    averages=(
        Average("content", 3.5, 4),
        Average("structure", 3.0, 4),
        Average("evidence", 2.5, 4),
        Average("relevance", 4.25, 4),
        Average("delivery", 4.0, 4),
    ),
    readings=mean_readings((delivered(181, 7, 3.4), delivered(172, 9, 2.8))),
    changes=(
        Point("Say “I” from the first sentence on, so that your part is clear.", "we fixed it"),
        Point("Open with the outcome or the figure, not with the setting.", "so at my last job"),
        Point(
            "Take a situation question as an invitation to offer options, with their costs.",
            "I would ask why",
        ),
    ),
    rating=3.75,
)


async def main() -> None:
    pictures = PngPictures()
    (FOLDER / "summary.png").write_bytes(await pictures.of_summary(SHEET))
    progress = progress_of(PRACTISED, PRACTISED[-1].answered_at)
    (FOLDER / "progress.png").write_bytes(await pictures.of_progress(progress))


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
