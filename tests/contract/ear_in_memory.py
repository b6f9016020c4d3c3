"""An Ear without a vendor: it hears the text that a recording's bytes spell."""

from collections import deque
from itertools import count

from bot.coaching import Transcript, Word
from bot.ports import Job
from bot.problems import Fault, Problem, ProblemError, rejected

SECONDS_PER_WORD = 0.4


class EarInMemory:
    """The next calls raise the `problems`, one each; `jobs` are what has not been forgotten."""

    def __init__(self) -> None:
        self.jobs: dict[str, Transcript] = {}
        self.problems: deque[Problem] = deque()
        self._numbers = count(1)

    async def start(self, data: bytes) -> Job:
        self._raise_next()
        job = Job(f"job-{next(self._numbers)}")
        self.jobs[job.id] = transcript_of(data.decode())
        return job

    async def finish(self, job: Job) -> Transcript:
        self._raise_next()
        if job.id not in self.jobs:
            raise rejected(Fault.GONE)
        return self.jobs[job.id]

    async def forget(self, job: Job) -> None:
        self._raise_next()
        self.jobs.pop(job.id, None)

    async def check(self) -> str:
        self._raise_next()
        return "an ear in memory"

    def _raise_next(self) -> None:
        if self.problems:
            raise ProblemError(self.problems.popleft())


def transcript_of(text: str) -> Transcript:
    words = tuple(
        Word(word, index * SECONDS_PER_WORD, (index + 1) * SECONDS_PER_WORD - 0.05, 0.9)
        for index, word in enumerate(text.split())
    )
    return Transcript(text, words, 0.9 if words else None)
