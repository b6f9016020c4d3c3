"""The coach on Gemini: nothing of a reply is believed before it fits, is known and is bounded."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from hashlib import sha256
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from adapters.gemini.ask import Ask, Prompt, UnusableReplyError, unusable
from adapters.gemini.prompts import questions_prompt, review_prompt, summary_prompt
from adapters.gemini.schemas import MadePoint, QuestionsReply, ReviewReply, SummaryReply
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
from bot.evidence import quotes
from bot.ports import Answer, Written
from bot.questions import Question, QuestionKind
from bot.templates import PHRASE_LIMIT
from bot.words import count_words

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

    async def review(self, brief: Brief, question: Question, text: str, delivery: str) -> Review:
        """Whether its quotes stand in `text` is not checked here."""
        prompt = review_prompt(brief, question, text, delivery)
        return await self._asked(prompt, lambda reply: _review(reply, question.kind))

    async def summarise(self, brief: Brief, answers: tuple[Answer, ...]) -> Summary:
        return await self._asked(summary_prompt(brief, answers), _summary)

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
        text = _BULLET.sub("", clean_line(written.text, 2 * QUESTION_LIMIT))
        if len(text) > QUESTION_LIMIT or count_words(text) < FEWEST_QUESTION_WORDS:
            continue
        looks_for = _lines(written.looks_for, PHRASE_LIMIT, LOOKS_FOR_LIMIT)
        question_id = _question_id(text)
        questions.setdefault(question_id, Question(question_id, text, written.kind, looks_for))
    if len(questions) < count:
        raise unusable(f"off schema, {len(questions)} of {count} questions")
    return tuple(sorted(questions.values(), key=lambda question: question.id in before))[:count]


def _focus(reply: QuestionsReply, brief: Brief) -> Focus:
    """Only phrases that stand in what the candidate has given."""

    def found(phrases: list[str], most: int) -> tuple[str, ...]:
        given = (brief.description, brief.cv)
        lines = _lines(phrases, PHRASE_LIMIT, most)
        return tuple(line for line in lines if any(quotes(line, text) for text in given))

    return Focus(found(reply.skills, SKILLS_LIMIT), found(reply.themes, THEMES_LIMIT))


def _review(reply: ReviewReply, kind: QuestionKind) -> Review:
    scores = tuple(
        Score(dimension, level)
        for dimension, level in reply.scores.model_dump().items()
        if level in LEVELS
    )
    star = Star(**reply.star.model_dump()) if kind is QuestionKind.BEHAVIOURAL else None
    return Review(
        Reviewer.COACH,
        scores,
        strength=_point(reply.strength),
        fix=_point(reply.fix),
        star=star,
        better=shorten(clean_text(reply.better, 2 * BETTER_LIMIT), BETTER_LIMIT),
    )


def _summary(reply: SummaryReply) -> Summary:
    headline = _line(reply.headline, SUMMARY_LIMIT)
    if not headline:
        raise unusable("off schema, no headline")
    changes = _lines(reply.changes, POINT_LIMIT, CHANGES_LIMIT)
    return Summary(Reviewer.COACH, headline, changes)


def _point(made: MadePoint) -> Point | None:
    text, quote = _line(made.text, POINT_LIMIT), _line(made.quote, QUOTE_LIMIT)
    return Point(text, quote) if text and quote else None


def _lines(texts: Iterable[str], limit: int, most: int) -> tuple[str, ...]:
    lines = (_BULLET.sub("", _line(text, limit)) for text in texts)
    return tuple(dict.fromkeys(line for line in lines if line))[:most]


def _line(text: str, limit: int) -> str:
    return shorten(clean_line(text, 2 * limit), limit)


def _question_id(text: str) -> str:
    """The same for texts that differ in case, spacing and punctuation only."""
    words = " ".join(re.findall(r"\w+", text.casefold()))
    return f"asked-{sha256(words.encode(errors='surrogatepass')).hexdigest()[:12]}"
