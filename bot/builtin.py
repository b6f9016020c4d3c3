"""What works without any key: questions from the bank, and measures instead of judgements."""

from bot.brief import Brief, Focus
from bot.coaching import Review, Reviewer, Summary, Transcript
from bot.ports import Answer, Closing, Job, Written
from bot.problems import Fault, rejected
from bot.questions import choose


class BuiltInCoach:
    """The coach of an installation without a key."""

    async def write_questions(
        self, brief: Brief, session: str, asked: tuple[str, ...] = ()
    ) -> Written:
        return Written(choose(brief, session, asked), Focus())

    async def review(self, brief: Brief, focus: Focus, answer: Answer) -> Review:
        return Review(Reviewer.MEASURES)

    async def summarise(self, brief: Brief, focus: Focus, answers: tuple[Answer, ...]) -> Summary:
        return Summary(Reviewer.MEASURES)

    async def review_all(self, brief: Brief, focus: Focus, answers: tuple[Answer, ...]) -> Closing:
        reviews = tuple(Review(Reviewer.MEASURES) for _ in answers)
        return Closing(reviews, Summary(Reviewer.MEASURES))

    async def check(self) -> str:
        return "built-in questions; answers are measured, not scored (no GEMINI_API_KEY)"


class NoEar:
    """The ear of an installation without a transcriber: recordings are measured only."""

    async def start(self, data: bytes) -> Job | Transcript | None:
        return None

    async def finish(self, job: Job) -> Transcript:
        raise rejected(Fault.GONE, detail="no transcriber is set up any more")

    async def forget(self, job: Job) -> None:
        raise rejected(Fault.GONE, detail="no transcriber is set up any more")

    async def check(self) -> str:
        return "not set up: voice notes are measured, not transcribed (no ASSEMBLYAI_API_KEY)"
