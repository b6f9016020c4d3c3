"""What the model is told to reply with. Ranges and lengths are checked by us: one SDK refuses them.

The descriptions go to the model; every field is required, as a default breaks an SDK too.
"""

from pydantic import BaseModel, Field

from bot.questions import QuestionKind


class WrittenQuestion(BaseModel):
    text: str = Field(description="The question, as it is put to the candidate.")
    kind: QuestionKind
    looks_for: list[str] = Field(description="What a good answer shows: 2 or 3 short phrases.")


# In this order: what matters is read out of the material before the questions are written.
class QuestionsReply(BaseModel):
    skills: list[str] = Field(description="Up to 8 short phrases, or none.")
    themes: list[str] = Field(description="Up to 6 short phrases, or none.")
    questions: list[WrittenQuestion]


class GivenLevels(BaseModel):
    """From 1 to 5 each, by the anchors."""

    content: int
    structure: int
    evidence: int
    relevance: int


class MadePoint(BaseModel):
    text: str = Field(description="One sentence, or empty.")
    quote: str = Field(description="The candidate's exact words that it rests on, or empty.")


class FoundParts(BaseModel):
    situation: bool
    task: bool
    action: bool
    result: bool


# In this order: what is found in the answer is written before it is judged and scored.
class ReviewReply(BaseModel):
    star: FoundParts
    off_topic: MadePoint = Field(description="Why it is no answer to the question, or empty.")
    on_topic: bool
    strength: MadePoint
    fix: MadePoint
    follow_up: str = Field(description="One question on what is left open, or empty.")
    scores: GivenLevels
    better: str = Field(description="The same answer, told better.")


class SummaryReply(BaseModel):
    headline: str = Field(description="One or two sentences.")
    changes: list[MadePoint] = Field(description="Up to 3 things to do differently.")


class Numbered(BaseModel):
    number: int = Field(description="The answer's number.")


# The fields of the last base come first.
class NumberedReview(ReviewReply, Numbered):
    pass


class Reviews(BaseModel):
    reviews: list[NumberedReview] = Field(description="One for each answer, in their order.")


class ClosingReply(SummaryReply, Reviews):
    pass
