"""The answers of the battery, as they are written down in tests/data/battery."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.coaching import Sound, Transcript, Word
from bot.questions import Question, QuestionKind

FOLDER = Path(__file__).parents[2] / "tests" / "data" / "battery"
GAP = 0.05  # seconds between two words
START = 0.4  # seconds before the first


@dataclass(frozen=True, slots=True)
class Spoken:
    """How an answer is heard; `speaking` in seconds, None where the words say it."""

    words_per_minute: float
    confidence: float
    language: str = "en"
    speaking: float | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """An answer, what is expected to become of it, and a good model's reply to it.

    `reply` is empty where no model should be asked. Without `spoken`, the answer is typed.
    """

    group: str
    id: str
    role: str
    company: str
    question: Question
    text: str
    spoken: Spoken | None
    expects: str
    reply: str

    def transcript(self) -> Transcript:
        """What a transcriber would give, word by word, at the pace of `spoken`."""
        if self.spoken is None:
            return Transcript(self.text)
        step = 60 / self.spoken.words_per_minute
        sure = self.spoken.confidence
        words = tuple(
            Word(word, START + n * step, START + (n + 1) * step - GAP, sure)
            for n, word in enumerate(self.text.split())
        )
        return Transcript(self.text, words, sure if words else None, self.spoken.language)

    def sound(self) -> Sound:
        words = self.transcript().words
        end = words[-1].end if words else 5.0
        told = self.spoken.speaking if self.spoken is not None else None
        speaking = end - START if told is None else told
        return Sound(end + START, speaking, START, pauses=(), clipped=0.0)


def read_cases(folder: Path = FOLDER) -> tuple[Case, ...]:
    """Every answer; their groups are the names of the files."""
    return tuple(case for file in sorted(folder.glob("*.toml")) for case in _read(file))


def _read(file: Path) -> Iterator[Case]:
    group = file.stem.replace("-", " ")
    for written in tomllib.loads(file.read_text("utf-8"))["answers"]:
        kind = QuestionKind(written["kind"])
        spoken = written.get("spoken")
        yield Case(
            group=group,
            id=written["id"],
            role=written["role"],
            company=written.get("company", ""),
            question=Question(written["id"], written["question"], kind, ("one true example",)),
            text=written["text"] * written.get("repeated", 1),
            spoken=None if spoken is None else Spoken(**spoken),
            expects=written["expects"],
            reply=written.get("reply", ""),
        )
