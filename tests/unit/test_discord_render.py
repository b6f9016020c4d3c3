"""Whatever is drawn is a message that Discord takes, and it says what it is there to say."""

from dataclasses import replace

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord.commands import CHOICES_LIMIT, suggest_roles
from adapters.discord.forms import MODAL_TEXT_LIMIT, correction_form, read_form
from adapters.discord.pages import PAGE, progress_page, session_list, session_page
from adapters.discord.render import render
from adapters.discord.sheet import (
    DESCRIPTION_LIMIT,
    FIELDS_LIMIT,
    LABEL_LIMIT,
    ROW,
    ROWS,
    TITLE_LIMIT,
    TOTAL_LIMIT,
    VALUE_LIMIT,
    Card,
)
from bot.answering import ANSWER_LIMIT
from bot.brief import Focus
from bot.buttons import (
    LIMIT,
    Practise,
    Press,
    ReadAnswers,
    SaveSession,
    ShowPicture,
    ShowProgress,
    read_button,
)
from bot.coaching import Delivery, Point, Score, Unscorable
from bot.events import Control, Move
from bot.history import Ending, SessionLine, record_of
from bot.interview import Asking, Gathering, Interview, Panel, Reviewed, Stage, Unscored
from bot.ports import File
from bot.progress import Practised, progress_of
from bot.screens import (
    FeedbackScreen,
    ListeningScreen,
    QuestionScreen,
    Screen,
    SetupScreen,
    SummaryScreen,
    UnscoredScreen,
    WrappingUpScreen,
)
from tests.screens import (
    ASKED,
    CORRECTING,
    DOWN,
    EXAMPLES,
    FEEDBACK,
    INTERVIEW,
    RATING,
    READY,
    REVIEW,
    SETUP,
    SUMMARY,
    WRAPPING_UP,
    answered,
    answered_interviews,
    awkward,
    in_phase,
    judged,
    screens,
)

LONG = st.builds(lambda text, times: text * times, awkward, st.sampled_from([1, 7, 900]))
DELIVERY = Delivery(32.0, 28.0, 1, 2.5, clipped=False, words_per_minute=140.0, fillers=1)


def fits(card: Card) -> None:
    embed = card.embed
    assert 1 <= len(embed.title or "") <= TITLE_LIMIT
    assert len(embed.description or "") <= DESCRIPTION_LIMIT
    assert len(embed) <= TOTAL_LIMIT
    assert len(embed.fields) <= FIELDS_LIMIT
    assert all(1 <= len((field.value or "").strip()) <= VALUE_LIMIT for field in embed.fields)
    assert all(1 <= len((field.name or "").strip()) <= TITLE_LIMIT for field in embed.fields)
    assert str(embed.to_dict()).encode()
    rows = rows_of(card)
    assert len(rows) <= ROWS
    assert all(1 <= len(row) <= ROW for row in rows)
    for item in card.view.children if card.view else ():
        assert 1 <= len(getattr(item, "label", "")) <= LABEL_LIMIT
        assert read_button(getattr(item, "custom_id", "")) is not None


def rows_of(card: Card) -> list[list[str]]:
    """The labels of the buttons, row by row."""
    shown = card.view.to_components() if card.view else []
    return [[button["label"] for button in row["components"]] for row in shown]


def does(card: Card) -> list[object]:
    """What the buttons do."""
    items = card.view.children if card.view else ()
    read = [read_button(getattr(item, "custom_id", "")) for item in items]
    return [button for _, button in filter(None, read)]


def text_of(card: Card) -> str:
    embed = card.embed
    fields = [f"{field.name}\n{field.value}" for field in embed.fields]
    return "\n".join([embed.title or "", embed.description or "", *fields, embed.footer.text or ""])


def shown(screen: Screen) -> Card:
    card = render(screen, 7, now=100.0)
    fits(card)
    return card


def test_every_kind_of_screen_fits() -> None:
    for screen in EXAMPLES:
        shown(screen)


@settings(max_examples=60, deadline=None)
@given(screens())
def test_any_screen_fits(screen: Screen) -> None:
    shown(screen)


@settings(max_examples=60, deadline=None)
@given(LONG, st.sampled_from(Panel))
def test_any_text_fits_and_the_question_is_there(text: str, opened: Panel) -> None:
    assert isinstance(ASKED, QuestionScreen)
    assert isinstance(FEEDBACK, FeedbackScreen)
    shown(replace(ASKED, question=replace(ASKED.question, text=text)))
    point = Point(text, text)
    review = replace(FEEDBACK.review, strength=point, fix=point, better=text)
    shown(replace(FEEDBACK, text=text, review=review, opened=opened))


@settings(max_examples=30, deadline=None)
@given(answered_interviews())
def test_any_past_answer_fits(interview: Interview) -> None:
    record = record_of(interview)
    assert record is not None
    for place in range(len(record.answers)):
        fits(session_page(7, record, place))


class TestQuestion:
    def test_names_what_it_was_written_towards(self) -> None:
        assert isinstance(ASKED, QuestionScreen)
        card = shown(replace(ASKED, focus=Focus(("Airflow",), ("late_data",))))
        assert r"From your material: Airflow, late\_data" in text_of(card)

    def test_shows_a_clock_that_runs_on_the_persons_own_screen(self) -> None:
        assert isinstance(ASKED, QuestionScreen)
        card = shown(replace(ASKED, stage=Stage.ANSWERING, ends=1_700_000_120.0))
        assert "Answer now: 2:00, one try. ⏳ <t:1700000120:R>" in text_of(card)
        assert "<t:" not in text_of(shown(ASKED))

    def test_says_what_is_practised_and_what_the_best_answer_has(self) -> None:
        assert isinstance(ASKED, QuestionScreen)
        card = shown(replace(ASKED, brief=replace(ASKED.brief, practise="evidence")))
        assert "🎯 To practise: Evidence" in text_of(card)
        assert "5/5: Gives specific details, a measurable result" in text_of(card)


class TestFeedback:
    def test_is_what_matters_with_the_rest_behind_buttons(self) -> None:
        card = shown(FEEDBACK)
        assert "Content 4/5 · Structure 3/5" in text_of(card)
        assert "You name the result.\n> failures fell by 90%" in text_of(card)
        assert "Say why it failed.\n> kept failing" in text_of(card)
        assert "What the scores mean" not in text_of(card)
        assert REVIEW.better not in text_of(card)
        moving, opening = rows_of(card)
        assert moving == ["Next question", "Try again", "I was misheard", "Stop"]
        assert opening == ["Model answer", "Delivery", "What the scores mean"]

    def test_shows_the_panel_that_is_open(self) -> None:
        assert isinstance(FEEDBACK, FeedbackScreen)
        model = shown(replace(FEEDBACK, opened=Panel.MODEL))
        assert f"Model answer\n{REVIEW.better}\n" in text_of(model)
        scores = shown(replace(FEEDBACK, opened=Panel.SCORES))
        assert "Structure 3/5: Can be followed, with detours" in text_of(scores)

    def test_a_model_answer_that_is_too_long_for_a_field_is_whole(self) -> None:
        assert isinstance(FEEDBACK, FeedbackScreen)
        better = " ".join(f"word{number}" for number in range(170))
        review = replace(FEEDBACK.review, better=better)
        card = shown(replace(FEEDBACK, review=review, opened=Panel.MODEL))
        words = " ".join(field.value or "" for field in card.embed.fields).split()
        assert [word for word in words if word.startswith("word")] == better.split()

    def test_sets_the_persons_rating_against_the_score(self) -> None:
        assert isinstance(FEEDBACK, FeedbackScreen)
        card = shown(replace(FEEDBACK, rating=5))
        assert "You rated it 5/5; the mean score is 3.5." in text_of(card)

    def test_of_a_second_take_says_what_moved(self) -> None:
        better = replace(REVIEW, scores=(Score("content", 5), Score("structure", 3)))
        second = replace(judged(Reviewed(better)), number=2)
        card = shown(in_phase(Asking(turn=0), [judged(Reviewed(REVIEW)), second]))
        assert "Against your last try\nContent 4 → 5" in text_of(card)

    def test_an_answer_too_long_for_the_card_is_a_file_beside_it(self) -> None:
        assert isinstance(FEEDBACK, FeedbackScreen)
        said = "Well. " * 400
        (file,) = shown(replace(FEEDBACK, text=said)).files
        assert (file.name, file.data.decode()) == ("answer.txt", said)
        assert shown(FEEDBACK).files == ()


@pytest.mark.parametrize(
    ("screen", "asked"),
    [
        (
            in_phase(
                Asking(turn=0),
                [judged(Gathering())],
                brief=replace(INTERVIEW.brief, rate_first=True),
            ),
            "How good was it? 1 is weak, 5 is strong.",
        ),
        (RATING, "First: how good was your answer, from 1 to 5?"),
    ],
)
def test_an_answer_is_rated_by_five_buttons_in_a_row(screen: Screen, asked: str) -> None:
    card = shown(screen)
    assert asked in text_of(card)
    assert rows_of(card)[0] == ["1", "2", "3", "4", "5"]


def test_an_answer_that_is_rated_is_not_asked_about_again() -> None:
    rated = replace(judged(Gathering()), rating=3)
    brief = replace(INTERVIEW.brief, rate_first=True)
    screen = in_phase(Asking(turn=0), [rated], brief=brief)
    assert isinstance(screen, ListeningScreen)
    assert "How good was it?" not in text_of(shown(screen))
    assert rows_of(shown(screen)) == [["Stop"]]


def test_a_correction_says_how_it_is_sent_in_a_server() -> None:
    card = shown(CORRECTING)
    assert "in a server, with /answer" in text_of(card)
    assert "the nightly load kept failing" in text_of(card)
    assert rows_of(card) == [["Back", "Stop"]]


def test_what_is_not_scored_quotes_the_words_it_rests_on() -> None:
    screen = answered(Unscored(Unscorable.OFF_TOPIC, "I like *football*"))
    assert isinstance(screen, UnscoredScreen)
    card = shown(screen)
    assert "does not answer the question" in text_of(card)
    assert r"> I like \*football\*" in text_of(card)


def test_against_the_clock_the_person_begins() -> None:
    card = shown(READY)
    assert "30 seconds to prepare and 2:00 to answer" in text_of(card)
    assert rows_of(card) == [["Begin", "Stop"]]


def test_at_the_end_it_is_told_how_many_answers_are_worked_through() -> None:
    assert "Feedback: 0 of 1 ready" in text_of(shown(WRAPPING_UP))
    assert isinstance(WRAPPING_UP, WrappingUpScreen)
    stuck = shown(replace(WRAPPING_UP, problem=DOWN, until=160.0))
    assert "Your recordings are kept." in text_of(stuck)


def test_many_choices_are_on_even_rows() -> None:
    assert isinstance(SETUP, SetupScreen)
    choosing, more, moving = rows_of(shown(SETUP))
    assert (len(choosing), len(more)) == (3, 3)
    assert moving == ["Start now", "Cancel"]


class TestSummary:
    def test_is_one_page_with_buttons_to_all_that_is_kept(self) -> None:
        card = shown(SUMMARY)
        assert "Overall 3." in text_of(card)
        assert "1. Name the cause.\n> kept failing\n2. Slow down." in text_of(card)
        session = INTERVIEW.session
        assert does(card) == [
            ReadAnswers(session),
            ShowPicture(session),
            SaveSession(session),
            ShowProgress(),
            Practise(),
        ]
        assert rows_of(card) == [
            ["Each answer", "Picture", "Save as a file"],
            ["My progress", "Practise next"],
        ]

    def test_of_nothing_answered_has_no_buttons(self) -> None:
        assert isinstance(SUMMARY, SummaryScreen)
        assert rows_of(shown(replace(SUMMARY, takes=0))) == []


class TestHistory:
    def test_an_answer_tells_what_the_person_made_of_it(self) -> None:
        take = replace(judged(Reviewed(REVIEW)), rating=2, correction="What I *said* in truth.")
        record = record_of(replace(INTERVIEW, takes=(take,)))
        assert record is not None
        card = session_page(7, record, 0)
        fits(card)
        assert r"> What I \*said\* in truth." in text_of(card)
        assert "As you put it right" in text_of(card)
        assert "You rated it 2/5" in text_of(card)
        assert f"||{REVIEW.better}||" in text_of(card)
        assert ["Picture", "Save as a file"] in rows_of(card)

    def test_a_follow_up_has_the_number_of_its_question(self) -> None:
        follow_up = replace(INTERVIEW.questions[0], follows=True)
        questions = (INTERVIEW.questions[0], follow_up, *INTERVIEW.questions[1:])
        second = replace(judged(Unscored(Unscorable.ECHO, "the question")), turn=1)
        takes = (judged(Reviewed(REVIEW)), second)
        record = record_of(replace(INTERVIEW, questions=questions, takes=takes))
        assert record is not None
        card = session_page(7, record, 1)
        assert "Question 1 of 3 · follow-up" in text_of(card)
        assert "> the question" in text_of(card)

    def test_a_full_list_leads_to_the_next_and_to_progress(self) -> None:
        line = SessionLine("sEssi0n_", "Pilot", "", 9.0, Ending.FINISHED, 2)
        card = session_list(7, (line,) * (PAGE + 1), PAGE)
        fits(card)
        assert rows_of(card)[-1] == ["‹ Newer", "Older ›", "My progress"]


class TestProgress:
    def test_is_a_picture_with_the_same_in_words(self) -> None:
        take = Practised("s", 9.0, "Why?", 1, (Score("content", 2),), DELIVERY, None)
        picture = File("progress.png", "image/png", b"PNG")
        card = progress_page(7, progress_of((take,), 10.0), picture)
        fits(card)
        assert card.embed.image.url == "attachment://progress.png"
        assert card.files == (picture,)
        assert "Content: 2.0 of 5" in text_of(card)
        assert does(card) == [Practise()]

    def test_of_nothing_says_so(self) -> None:
        card = progress_page(7, progress_of((), 10.0), None)
        assert "Nothing to compare yet" in text_of(card)
        assert card.embed.image.url is None


MISHEARD = Control("sEssi0n_", Move.MISHEARD, "0")


def fields_of(form: discord.ui.Modal) -> list[discord.ui.TextInput[discord.ui.Modal]]:
    return [item for item in form.children if isinstance(item, discord.ui.TextInput)]


class TestCorrection:
    @given(st.text(min_size=1, max_size=ANSWER_LIMIT) | LONG.map(lambda text: text[:ANSWER_LIMIT]))
    @settings(max_examples=60, deadline=None)
    def test_any_answer_fits_the_form_and_comes_back_whole(self, heard: str) -> None:
        form = correction_form(7, MISHEARD, heard)
        fields = fields_of(form)
        assert len(fields) <= ROWS
        assert all(1 <= len(f.default or "") <= MODAL_TEXT_LIMIT for f in fields if f.default)
        rows = [{"type": 1, "components": [{"type": 4, "value": f.default}]} for f in fields]
        sent = read_form({"components": rows})
        known = heard.encode("utf-8", "replace").decode().replace("\0", "")
        assert "".join(sent.split()) == "".join(known.split())

    async def test_the_form_is_known_by_its_id_alone(self) -> None:
        form = correction_form(7, MISHEARD, "What was heard.")
        assert read_button(form.custom_id) == (7, Press(MISHEARD))
        assert form.is_finished()

    def test_a_form_is_read_whichever_way_its_fields_are_put(self) -> None:
        labelled = {"type": 18, "component": {"type": 4, "value": "one"}}
        row = {"type": 1, "components": [{"type": 4, "value": "two"}]}
        assert read_form({"components": [labelled, row]}) == "one two"


def test_ids_of_buttons_and_forms_are_within_what_discord_takes() -> None:
    assert LIMIT <= 100


@settings(max_examples=60, deadline=None)
@given(awkward, st.lists(awkward, max_size=3))
def test_roles_are_suggested_whatever_is_typed(typed: str, past: list[str]) -> None:
    choices = suggest_roles(typed, past)
    assert len(choices) <= CHOICES_LIMIT
    assert all(1 <= len(choice.name) <= 100 for choice in choices)


def test_ones_own_roles_are_suggested_first() -> None:
    first, *_ = suggest_roles("data", ["Data Wizard"])
    assert first.name == "Data Wizard"
