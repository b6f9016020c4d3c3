"""Whatever is drawn is a message that Discord takes, and it says what it is there to say."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord.commands import CHOICES_LIMIT, suggest_roles
from adapters.discord.render import (
    DESCRIPTION_LIMIT,
    LABEL_LIMIT,
    TITLE_LIMIT,
    TOTAL_LIMIT,
    VALUE_LIMIT,
    Card,
    render,
    session_page,
)
from bot.buttons import read_button
from bot.coaching import Point
from bot.history import record_of
from bot.interview import Interview
from bot.screens import FeedbackScreen, QuestionScreen
from tests.screens import ASKED, EXAMPLES, FEEDBACK, answered_interviews, awkward

FIELDS_LIMIT = 25
LONG = st.builds(lambda text, times: text * times, awkward, st.sampled_from([1, 7, 900]))


def fits(card: Card) -> None:
    embed = card.embed
    assert 1 <= len(embed.title or "") <= TITLE_LIMIT
    assert len(embed.description or "") <= DESCRIPTION_LIMIT
    assert len(embed) <= TOTAL_LIMIT
    assert len(embed.fields) <= FIELDS_LIMIT
    assert all(1 <= len(field.value or "") <= VALUE_LIMIT for field in embed.fields)
    assert str(embed.to_dict()).encode()
    for item in card.view.children if card.view else ():
        assert 1 <= len(getattr(item, "label", "")) <= LABEL_LIMIT
        assert read_button(getattr(item, "custom_id", "")) is not None


def test_every_kind_of_screen_fits() -> None:
    for screen in EXAMPLES:
        fits(render(screen, 7, now=0.0))


@settings(max_examples=60, deadline=None)
@given(LONG)
def test_any_text_fits_and_the_question_is_there(text: str) -> None:
    assert isinstance(ASKED, QuestionScreen)
    assert isinstance(FEEDBACK, FeedbackScreen)
    question = render(replace(ASKED, question=replace(ASKED.question, text=text)), 7, now=0.0)
    fits(question)
    point = Point(text, text)
    review = replace(FEEDBACK.review, strength=point, fix=point, better=text)
    fits(render(replace(FEEDBACK, text=text, review=review), 7, now=0.0))


@settings(max_examples=30, deadline=None)
@given(answered_interviews())
def test_any_past_answer_fits(interview: Interview) -> None:
    record = record_of(interview)
    assert record is not None
    for place in range(len(record.answers)):
        fits(session_page(7, record, place))


@settings(max_examples=60, deadline=None)
@given(awkward, st.lists(awkward, max_size=3))
def test_roles_are_suggested_whatever_is_typed(typed: str, past: list[str]) -> None:
    choices = suggest_roles(typed, past)
    assert len(choices) <= CHOICES_LIMIT
    assert all(1 <= len(choice.name) <= 100 for choice in choices)


def test_ones_own_roles_are_suggested_first() -> None:
    first, *_ = suggest_roles("data", ["Data Wizard"])
    assert first.name == "Data Wizard"
