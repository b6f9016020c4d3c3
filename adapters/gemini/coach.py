"""The coach on Gemini: nothing of a reply is believed before it fits, is known and is bounded."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from hashlib import sha256
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from adapters.gemini.ask import Ask, Prompt, UnusableReplyError, unusable
from adapters.gemini.prompts import (
    closing_prompt,
    questions_prompt,
    review_prompt,
    summary_prompt,
)
from adapters.gemini.schemas import (
    ClosingReply,
    MadePoint,
    QuestionsReply,
    ReviewReply,
    SummaryReply,
)
from bot.brief import Brief, Focus, clean_line, clean_text
from bot.coaching import (
    BETTER_LIMIT,
    CHANGES_LIMIT,
    LEVELS,
    POINT_LIMIT,
    QUOTE_LIMIT,
    SUMMARY_LIMIT,
    Point,
    Review,
    Reviewer,
    Score,
    Star,
    Summary,
    shorten,
)
from bot.ports import Answer, Closing, Written
from bot.questions import Question, QuestionKind
from bot.templates import PHRASE_LIMIT
from bot.words import count_words, words_of

S = TypeVar("S", bound=BaseModel)
T = TypeVar("T")

QUESTION_LIMIT = 400
FEWEST_QUESTION_WORDS = 3
LOOKS_FOR_LIMIT = 3
SKILLS_LIMIT = 8
THEMES_LIMIT = 6
REPLY_LIMIT = 100_000  # characters; a whole reply is a few thousand

_BULLET = re.compile(r"^(?:\(?\d{1,2}[.):]|[-–—•*]|Q\d{0,2}[.:])\s+")


class GeminiCoach:
    """A Coach; a reply that cannot be used is asked for once more, then it is a problem."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def write_questions(
        self, brief: Brief, session: str, asked: tuple[str, ...] = ()
    ) -> Written:
        """Exactly `brief.count` questions, no two alike.

        A reply that has to repeat what was `asked` is used only where a second one is no better.
        """
        prompt = questions_prompt(brief, session, asked)
        before = frozenset(map(_question_id, asked))
        repeating: list[Written] = []

        def read(reply: QuestionsReply) -> Written:
            written = Written(_questions(reply, brief.count, before), _focus(reply, brief))
            repeated = sum(question.id in before for question in written.questions)
            if repeated:
                repeating.append(written)
                raise unusable(f"{repeated} of {brief.count} questions asked before")
            return written

        try:
            return await self._asked(prompt, read)
        except UnusableReplyError:
            if not repeating:
                raise
            return repeating[-1]

    async def review(self, brief: Brief, focus: Focus, answer: Answer) -> Review:
        """Whether its quotes stand in the answer is not checked here, nor in what follows."""
        prompt = review_prompt(brief, focus, answer)
        return await self._asked(prompt, lambda reply: _review(reply, answer.question))

    async def summarise(self, brief: Brief, focus: Focus, answers: tuple[Answer, ...]) -> Summary:
        return await self._asked(summary_prompt(brief, focus, answers), _summary)

    async def review_all(self, brief: Brief, focus: Focus, answers: tuple[Answer, ...]) -> Closing:
        """A reply without exactly one review for each answer is of no use."""
        prompt = closing_prompt(brief, focus, answers)
        return await self._asked(prompt, lambda reply: _closing(reply, answers))

    async def check(self) -> str:
        return await self._ask.check()

    async def _asked(self, prompt: Prompt[S], read: Callable[[S], T]) -> T:
        try:
            return read(_parsed(await self._ask(prompt), prompt.schema))
        except UnusableReplyError:
            again = replace(prompt, seed=prompt.seed + 1)
            return read(_parsed(await self._ask(again), prompt.schema))


def _parsed(text: str, schema: type[S]) -> S:
    if len(text) > REPLY_LIMIT:
        raise unusable("off schema, too long")
    try:
        return schema.model_validate_json(text)
    except ValidationError:
        # Its message quotes the reply, and the reply may quote the candidate.
        raise unusable("off schema") from None


def _questions(reply: QuestionsReply, count: int, before: frozenset[str]) -> tuple[Question, ...]:
    """`count` questions, those whose ids are in `before` only where the others are too few."""
    questions: dict[str, Question] = {}
    for written in reply.questions:
        text = _question_text(written.text)
        if not text:
            continue
        looks_for = _lines(written.looks_for, PHRASE_LIMIT, LOOKS_FOR_LIMIT)
        question_id = _question_id(text)
        questions.setdefault(question_id, Question(question_id, text, written.kind, looks_for))
    if len(questions) < count:
        raise unusable(f"off schema, {len(questions)} of {count} questions")
    return tuple(sorted(questions.values(), key=lambda question: question.id in before))[:count]


def _focus(reply: QuestionsReply, brief: Brief) -> Focus:
    """Only phrases that stand in what the candidate has given."""

    given = (_in_words(brief.description), _in_words(brief.cv))

    def found(phrases: list[str], most: int) -> tuple[str, ...]:
        lines = _lines(phrases, PHRASE_LIMIT, most)
        return tuple(
            line
            for line, words in zip(lines, map(_in_words, lines), strict=True)
            if words.strip() and any(words in text for text in given)
        )

    return Focus(found(reply.skills, SKILLS_LIMIT), found(reply.themes, THEMES_LIMIT))


def _review(reply: ReviewReply, question: Question) -> Review:
    scores = tuple(
        Score(dimension, level)
        for dimension, level in reply.scores.model_dump().items()
        if level in LEVELS
    )
    behavioural = question.kind is QuestionKind.BEHAVIOURAL
    return Review(
        Reviewer.COACH,
        scores,
        strength=_point(reply.strength),
        fix=_point(reply.fix),
        star=Star(**reply.star.model_dump()) if behavioural else None,
        better=shorten(clean_text(reply.better, 2 * BETTER_LIMIT), BETTER_LIMIT),
        off_topic=None if reply.on_topic else _point(reply.off_topic),
        follow_up=_follow_up(reply.follow_up, question),
    )


def _summary(reply: SummaryReply) -> Summary:
    headline = _line(reply.headline, SUMMARY_LIMIT)
    if not headline:
        raise unusable("off schema, no headline")
    changes: dict[str, Point] = {}
    for point in filter(None, map(_point, reply.changes)):
        changes.setdefault(point.text, point)
    return Summary(Reviewer.COACH, headline, tuple(changes.values())[:CHANGES_LIMIT])


def _closing(reply: ClosingReply, answers: tuple[Answer, ...]) -> Closing:
    made = sorted(reply.reviews, key=lambda review: review.number)
    if [review.number for review in made] != list(range(1, len(answers) + 1)):
        raise unusable(f"off schema, not one review for each of {len(answers)} answers")
    reviews = (
        _review(review, answer.question) for review, answer in zip(made, answers, strict=True)
    )
    return Closing(tuple(reviews), _summary(reply))


def _point(made: MadePoint) -> Point | None:
    text, quote = _BULLET.sub("", _line(made.text, POINT_LIMIT)), _line(made.quote, QUOTE_LIMIT)
    return Point(text, quote) if text and quote else None


def _lines(texts: Iterable[str], limit: int, most: int) -> tuple[str, ...]:
    lines = (_BULLET.sub("", _line(text, limit)) for text in texts)
    return tuple(dict.fromkeys(line for line in lines if line))[:most]


def _question_text(text: str) -> str:
    """What can be asked, on one line without a number; empty where it is too long or too short."""
    line = _BULLET.sub("", clean_line(text, 2 * QUESTION_LIMIT))
    fits = len(line) <= QUESTION_LIMIT and count_words(line) >= FEWEST_QUESTION_WORDS
    return line if fits else ""


def _follow_up(text: str, question: Question) -> str:
    """At most one for a question of the interview, and only what does ask."""
    asked = _question_text(text)
    return asked if asked.endswith("?") and not question.follows else ""


def _in_words(text: str) -> str:
    """Its words with a space around each, to be looked for in another text's."""
    return f" {' '.join(filter(None, words_of(text)))} "


def _line(text: str, limit: int) -> str:
    return shorten(clean_line(text, 2 * limit), limit)


def _question_id(text: str) -> str:
    """The same for texts that differ in case, spacing and punctuation only."""
    words = " ".join(re.findall(r"\w+", text.casefold()))
    return f"asked-{sha256(words.encode(errors='surrogatepass')).hexdigest()[:12]}"
