"""Writes the example of an interview as a file: a made-up candidate, measured as any other.

`make example` writes docs/example-interview.html and docs/example-interview.md.
"""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from adapters.exports import FileExports
from bot.brief import Brief, Kind, Seniority
from bot.coaching import (
    Pause,
    Point,
    Review,
    Reviewer,
    Score,
    Sound,
    Star,
    Summary,
    Transcript,
    Unscorable,
    Word,
)
from bot.delivery import measure_delivery
from bot.history import AnswerRecord, Ending, SessionRecord
from bot.questions import Question, QuestionKind

FOLDER = Path(__file__).parents[1] / "docs"
BEGAN = datetime(2026, 11, 24, 18, 5, tzinfo=UTC).timestamp()
WORD_SECONDS = 0.36


def spoken(text: str) -> tuple[Sound, Transcript]:
    """As if `text` had been said evenly, with a pause of so many seconds at each number in it.

    A number is written in brackets ("the load [1.4] failed").
    """
    words: list[Word] = []
    pauses: list[Pause] = []
    now = 0.6
    for part in text.split():
        if part.startswith("["):
            length = float(part.strip("[]"))
            pauses.append(Pause(now, now + length))
            now += length
        else:
            words.append(Word(part, round(now, 2), round(now + WORD_SECONDS - 0.04, 2), 0.95))
            now += WORD_SECONDS
    silent = sum(pause.end - pause.start for pause in pauses)
    sound = Sound(now + 0.4, now - 0.6 - silent, 0.6, tuple(pauses), 0.0)
    said = " ".join(word.text for word in words)
    return sound, Transcript(said, tuple(words), confidence=0.95)


LATE_DATA = Question(
    "data-engineer/late-data",
    "Tell me about a time your pipeline gave late or wrong data to people who relied on it.",
    QuestionKind.BEHAVIOURAL,
)
THRESHOLD = Question(
    "follow-up/1",
    "You said the check stops the load. How did you choose the threshold at which it does?",
    QuestionKind.BEHAVIOURAL,
    follows=True,
)
LATE_EVENTS = Question(
    "data-engineer/late-events",
    "How would you build a daily total when some events arrive two days late?",
    QuestionKind.TECHNICAL,
)
TOMORROW = Question(
    "data-engineer/tomorrow",
    "An analyst needs a new data source by tomorrow, and doing it properly takes a week. "
    "What do you offer?",
    QuestionKind.SITUATIONAL,
)

FIRST_TAKE = spoken(
    "Um, so at my last job we had a nightly load, [1.8] and it was, uh, it was losing rows and "
    "the finance people noticed before we did. So we looked into it and we fixed it, and, um, we "
    "put in some checks so it would not happen again. [1.2] It was fine after that."
)
SECOND_TAKE = spoken(
    "In March our nightly load lost 40 percent of its rows, and finance found out before we did. "
    "I owned that pipeline, so first I told them which reports were wrong. [1.3] Then I compared "
    "the columns with the source, because they had changed before, and one had been renamed. Um, "
    "I reloaded the two days that were affected, and I added a check that stops the load when the "
    "row count drops by more than 10 percent. As a result it has caught three changes since, and "
    "none of them reached finance."
)
THRESHOLD_TAKE = spoken(
    "I looked at a year of daily counts, and, uh, normal days moved by four percent at most. "
    "[1.6] So ten percent was above the noise but well under the smallest real loss that we had "
    "seen."
)
EVENTS_HEARD = spoken(
    "I would store each event with its event time and its arrival time, and build the total by "
    "event time. Every night I would re compute the last three days, and merge by date, so "
    "running it twice changes nothing. I would mark a day as final when the window has closed, so "
    "that and a lists know which numbers can still move."
)
EVENTS_CORRECTED = (
    "I would store each event with its event time and its arrival time, and build the total by "
    "event time. Every night I would recompute the last three days, and merge by date, so "
    "running it twice changes nothing. I would mark a day as final when the window has closed, so "
    "that analysts know which numbers can still move."
)
SHORT = spoken("I would, um, ask why.")


def scores(content: int, structure: int, evidence: int, relevance: int) -> tuple[Score, ...]:
    return (
        Score("content", content),
        Score("structure", structure),
        Score("evidence", evidence),
        Score("relevance", relevance),
    )


RECORD = SessionRecord(
    session="example",
    person="example",
    conversation="example",
    brief=Brief(
        role="Data Engineer",
        company="Acme",
        seniority=Seniority.SENIOR,
        kind=Kind.MIXED,
        count=3,
        rate_first=True,
    ),
    started_at=BEGAN,
    ending=Ending.FINISHED,
    summary=Summary(
        Reviewer.COACH,
        "Your answers become convincing where you say what you did yourself and by how much it "
        "helped. The second take at the first question shows the difference: the same story, with "
        "figures and an ending.",
        (
            Point("Say “I” from the first sentence on, so that your part is clear.", "we fixed it"),
            Point(
                "Open with the outcome or the figure, not with the setting.",
                "so at my last job we had a nightly load",
            ),
            Point(
                "Take a situation question as an invitation to offer options, with their costs.",
                "I would, um, ask why",
            ),
        ),
    ),
    answers=(
        AnswerRecord(
            turn=0,
            take=1,
            question=LATE_DATA,
            answered_at=BEGAN + 95,
            notes=("example/1",),
            text=FIRST_TAKE[1].text,
            transcripts=(FIRST_TAKE[1],),
            delivery=measure_delivery((FIRST_TAKE,)),
            review=Review(
                Reviewer.COACH,
                scores(2, 2, 2, 4),
                Point(
                    "You admit plainly that others saw the fault first.",
                    "the finance people noticed before we did",
                ),
                Point("Say what the fault was and what you did about it.", "we fixed it"),
                Star(situation=True, task=False, action=True, result=False),
            ),
            unscored=None,
            rating=3,
        ),
        AnswerRecord(
            turn=0,
            take=2,
            question=LATE_DATA,
            answered_at=BEGAN + 240,
            notes=("example/2",),
            text=SECOND_TAKE[1].text,
            transcripts=(SECOND_TAKE[1],),
            delivery=measure_delivery((SECOND_TAKE,)),
            review=Review(
                Reviewer.COACH,
                scores(4, 5, 5, 5),
                Point(
                    "The result can be checked, and it is yours.",
                    "it has caught three changes since, and none of them reached finance",
                ),
                Point(
                    "Say in half a sentence why you chose a row count over comparing columns.",
                    "a check that stops the load when the row count drops",
                ),
                Star(situation=True, task=True, action=True, result=True),
                "In March our nightly load lost 40 percent of its rows, and finance found out "
                "before we did. I told them which reports were wrong, found the renamed column, "
                "reloaded the affected days, and added a check that stops the load when the row "
                "count drops by more than 10 percent. It has caught three changes since.",
            ),
            unscored=None,
            rating=4,
        ),
        AnswerRecord(
            turn=1,
            take=1,
            question=THRESHOLD,
            answered_at=BEGAN + 330,
            notes=("example/3",),
            text=THRESHOLD_TAKE[1].text,
            transcripts=(THRESHOLD_TAKE[1],),
            delivery=measure_delivery((THRESHOLD_TAKE,)),
            review=Review(
                Reviewer.COACH,
                scores(4, 4, 4, 5),
                Point("You derive the figure from data.", "I looked at a year of daily counts"),
                Point(
                    "Name the smallest loss, so that the margin can be judged.",
                    "well under the smallest real loss",
                ),
            ),
            unscored=None,
            rating=4,
        ),
        AnswerRecord(
            turn=2,
            take=1,
            question=LATE_EVENTS,
            answered_at=BEGAN + 470,
            notes=("example/4",),
            text=EVENTS_CORRECTED,
            transcripts=(EVENTS_HEARD[1],),
            delivery=measure_delivery((EVENTS_HEARD,)),
            review=Review(
                Reviewer.COACH,
                scores(5, 4, 3, 5),
                Point(
                    "You make the load safe to run again without being asked.",
                    "merge by date, so running it twice changes nothing",
                ),
                Point(
                    "Say where the three days come from, since the question says two.",
                    "recompute the last three days",
                ),
            ),
            unscored=None,
            number=2,
            corrected=True,
        ),
        AnswerRecord(
            turn=3,
            take=1,
            question=TOMORROW,
            answered_at=BEGAN + 540,
            notes=("example/5",),
            text=SHORT[1].text,
            transcripts=(SHORT[1],),
            delivery=measure_delivery((SHORT,)),
            review=None,
            unscored=Unscorable.TOO_SHORT,
            number=3,
        ),
    ),
)


async def main() -> None:
    for file in await FileExports().export(RECORD):
        ending = file.name.rpartition(".")[2]
        (FOLDER / f"example-interview.{ending}").write_bytes(file.data)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
