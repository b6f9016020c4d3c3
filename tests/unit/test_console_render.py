"""Whatever is drawn can be printed, somebody's words as they are, and says what to type."""

import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console, RenderableType

from adapters.console.history import progress_page, session_list, session_page
from adapters.console.render import activity_of, prompt, render
from bot.brief import Brief, Focus, Mode
from bot.coaching import Point, Reviewer, Score, Summary, Transcript, Unscorable
from bot.events import VoiceNote
from bot.history import Ending, SessionLine, record_of
from bot.interview import (
    Asking,
    Deferred,
    Finished,
    Heard,
    HearingStuck,
    Interview,
    Note,
    Panel,
    Recorded,
    Reviewed,
    Reviewing,
    Stage,
    Unscored,
    WrappingUp,
)
from bot.progress import Practised, progress_of
from bot.questions import Question, QuestionKind
from bot.screens import FeedbackScreen, QuestionScreen, Screen, screen_for
from bot.wording import NO_HISTORY
from tests import screens, strategies
from tests.screens import (
    ASKED,
    CORRECTING,
    DOWN,
    EXAMPLES,
    FEEDBACK,
    INTERVIEW,
    LISTENING,
    MEASURED,
    PREPARING,
    RATING,
    READY,
    REVIEW,
    SETUP,
    SETUP_COUNT,
    SETUP_KIND,
    SETUP_READING,
    SOUND,
    STOPPED,
    STUCK,
    SUMMARY,
    SUMMING,
    THINKING,
    UNSCORED,
    WRAPPING_UP,
    answered,
    awkward,
    for_long_texts,
    in_phase,
    judged,
    wild,
)

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

NOW = 100.0
WIDTHS = st.sampled_from([1, 20, 80, 200])


def printed(drawing: RenderableType | None, width: int = 100, *, colours: bool = False) -> str:
    """What stands in the terminal, without the spaces that fill its lines."""
    out = io.StringIO()
    if drawing is not None:
        Console(file=out, width=width, force_terminal=colours, highlight=False).print(drawing)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def drawn(screen: Screen, above: Screen | None = None) -> str:
    return printed(render(screen, NOW, above))


# Any text


@settings(max_examples=200, deadline=None)
@given(
    screen=screens.screens(awkward),
    above=st.none() | screens.screens(awkward),
    width=WIDTHS,
    colours=st.booleans(),
    now=strategies.TIMES,
)
def test_any_screen_can_be_printed_below_any_other(
    screen: Screen, above: Screen | None, width: int, *, colours: bool, now: float
) -> None:
    printed(render(screen, now, above), width, colours=colours)
    printed(render(screen, now, screen), width, colours=colours)
    assert prompt(screen, now).endswith("› ")


@for_long_texts
@given(screens.screens(wild))
def test_a_screen_of_any_length_can_be_printed(screen: Screen) -> None:
    printed(render(screen, NOW))


@settings(deadline=None)
@given(screens.answered_interviews(awkward), WIDTHS)
def test_any_past_interview_can_be_printed(interview: Interview, width: int) -> None:
    record = record_of(interview)
    assert record is not None
    printed(session_page(record, 1), width)


lines = st.builds(
    SessionLine,
    session=screens.sessions,
    role=awkward,
    company=awkward,
    started_at=strategies.TIMES,
    ending=st.sampled_from(Ending),
    answered=st.integers(0, 8),
)


@settings(deadline=None)
@given(st.lists(lines, max_size=5), WIDTHS)
def test_any_list_of_interviews_can_be_printed(listed: list[SessionLine], width: int) -> None:
    printed(session_list(listed), width)


MARKUP = "[bold]Ünlucky[/bold] [/] [red :smile: [link=https://x.example]so[/link] \\[x] <b>&amp;"


def heard(text: str) -> Note:
    return Note(VoiceNote("file"), Heard(Transcript(text), SOUND))


QUESTION = Question("llm/1", MARKUP, QuestionKind.BEHAVIOURAL)
assert isinstance(ASKED, QuestionScreen)
POINT = Point(MARKUP, MARKUP)
WITH_MARKUP: dict[str, Screen] = {
    "question": replace(ASKED, question=QUESTION),
    "thinking": answered(Reviewing(ticket=3), heard(MARKUP)),
    "unscored": answered(Unscored(Unscorable.OFF_TOPIC, MARKUP), heard(MARKUP)),
    "feedback": answered(Reviewed(replace(REVIEW, strength=POINT, fix=POINT))),
    "panel": in_phase(
        Asking(turn=0, opened=Panel.MODEL),
        [judged(Reviewed(replace(REVIEW, strength=None, fix=None, better=MARKUP)))],
    ),
    "summary": in_phase(
        Finished(9.0, Summary(REVIEW.by, MARKUP, (POINT,))),
        [judged(Reviewed(REVIEW))],
        brief=Brief(role=MARKUP, company=MARKUP),
    ),
}
TIMES_SHOWN = {"question": 1, "thinking": 1, "unscored": 2, "feedback": 4, "panel": 1, "summary": 5}


@pytest.mark.parametrize("name", WITH_MARKUP)
@pytest.mark.parametrize("colours", [False, True])
def test_markup_in_words_is_printed_as_it_is(name: str, *, colours: bool) -> None:
    text = printed(render(WITH_MARKUP[name], NOW), 10_000, colours=colours)
    assert text.count(MARKUP) == TIMES_SHOWN[name]


def test_markup_in_questions_and_in_the_past_is_printed_as_it_is() -> None:
    interview = replace(
        INTERVIEW,
        brief=Brief(role=MARKUP, company=MARKUP),
        questions=(QUESTION,),
        takes=(judged(Reviewed(replace(REVIEW, fix=POINT)), heard(MARKUP)),),
    )
    record = record_of(interview)
    assert record is not None
    assert printed(session_page(record, 1), 10_000).count(MARKUP) == 6
    line = SessionLine("s1", MARKUP, "", 0.0, Ending.OPEN, 1)
    assert MARKUP in printed(session_list([line]), 10_000)


# The screens, to be read


def test_the_set_up_numbers_its_choices() -> None:
    assert drawn(SETUP).splitlines()[:4] == [
        "Which role are you interviewing for? Type it, or pick one.",
        "  1  Software Engineer",
        "  2  Data Analyst",
        "  3  Product Manager",
    ]
    assert drawn(SETUP_KIND) == (
        "Data Engineer at Acme · Level: senior · 3 questions, mixed\n"
        "What kind of questions?\n"
        "  1  Behavioural\n"
        "  2  Technical\n"
        "  3  Mixed\n"
        "Enter (skip)  /back  /start  /stop (cancel)"
    )
    assert "\n  3 / 5 / 8\n" in drawn(SETUP_COUNT)


def test_a_question() -> None:
    assert drawn(ASKED).splitlines()[1:] == [
        "╭─ Question 1 of 3 " + "─" * 80 + "╮",
        "│" + " " * 98 + "│",
        "│  Tell me about a pipeline that broke." + " " * 60 + "│",
        "│" + " " * 98 + "│",
        "╰" + "─" * 98 + "╯",
        "Type your answer, or the path of an audio file.",
        "/skip  /stop",
    ]


def test_what_cannot_be_done() -> None:
    assert drawn(STUCK).splitlines()[-3:] == [
        (
            "I cannot score your answer just now: the service is not answering. "
            "Your answer is kept. I try again"
        ),
        "by myself in about 1 minute.",
        "/retry  /skip (go on without it)  /stop",
    ]
    assert drawn(UNSCORED).splitlines()[-2:] == [
        "Not scored: under 8 words is too little to judge. Say a bit more.",
        "/next  /again  /misheard  /stop",
    ]


SAID = (
    "Your answer\n"
    "  Um, the nightly load kept failing, so I added a check of the columns & failures fell "
    "by 90%.\n"
)
JUDGEMENT = (
    "Content 4/5 · Structure 3/5\n"
    "✓ Situation ✗ Task ✓ Action ✓ Result\n"
    "Strength: You name the result.\n"
    "  “failures fell by 90%”\n"
    "One thing to change: Say why it failed.\n"
    "  “kept failing”\n"
    "0:32 · 1 filler · 1 pause of 1 s or more, longest 2.5 s\n"
)
HINTS = "Enter (next question)  /again  /misheard  /model  /delivery  /scores  /stop"


def test_what_was_said_and_what_it_is_worth() -> None:
    assert drawn(THINKING) + "\n" == SAID
    assert drawn(FEEDBACK) == f"Question 1 of 3\n{SAID}{JUDGEMENT}{HINTS}"


def test_what_can_be_read_above_is_not_said_again() -> None:
    assert drawn(FEEDBACK, THINKING) == f"Question 1 of 3\n{JUDGEMENT}{HINTS}"
    assert drawn(THINKING, LISTENING) + "\n" == SAID
    assert drawn(THINKING, THINKING) == ""
    assert drawn(RATING, THINKING).startswith("Your feedback is ready. First:")
    another = replace(THINKING, key="of another take")
    assert drawn(FEEDBACK, another) == drawn(FEEDBACK)


def test_what_was_typed_stands_above_unless_the_terminal_is_new() -> None:
    assert isinstance(FEEDBACK, FeedbackScreen)
    typed = replace(FEEDBACK, spoken=False)
    assert SAID in drawn(typed)
    assert SAID not in drawn(typed, ASKED)


def feedback(*, opened: Panel | None = None, rating: int | None = None) -> Screen:
    take = replace(judged(Reviewed(REVIEW)), rating=rating)
    return in_phase(Asking(turn=0, opened=opened), [take])


def test_a_panel_that_is_opened_follows_the_feedback() -> None:
    assert drawn(feedback(opened=Panel.MODEL), FEEDBACK) == (
        "Model answer\n"
        "  The nightly load failed on changed columns; my check cut failures by 90%.\n"
        "  Only your own facts; [brackets] are yours to fill.\n"
        f"{HINTS}"
    )
    assert drawn(feedback(opened=Panel.SCORES), feedback(opened=Panel.MODEL)) == (
        "What the scores mean\n"
        "  Content 4/5: Says what was done or would be done, with reasons for the main steps.\n"
        "  Structure 3/5: Can be followed, with detours or without an ending.\n"
        f"{HINTS}"
    )
    measures = drawn(feedback(opened=Panel.MEASURES), FEEDBACK)
    assert measures.startswith("Delivery\n  Pace: not measured\n")
    assert "  Longest pause: 2.5 s (comfortable: up to 3)\n" in measures
    assert drawn(FEEDBACK, feedback(opened=Panel.MODEL)) == HINTS


def test_a_panel_is_open_below_the_feedback_of_a_new_terminal() -> None:
    text = drawn(feedback(opened=Panel.MODEL))
    assert text.startswith(f"Question 1 of 3\n{SAID}{JUDGEMENT}Model answer\n")


def test_the_persons_own_rating_is_asked_first_and_shown_beside_the_score() -> None:
    assert drawn(RATING) == (
        f"{SAID}"
        "Your feedback is ready. First: how good was your answer, from 1 to 5?\n"
        "1–5  /skip (just show it)  /stop"
    )
    assert "\nYou rated it 5/5; the mean score is 3.5.\n" in drawn(feedback(rating=5))
    assert "You rated it" not in drawn(feedback(rating=0))


def test_what_is_judged_at_the_end_can_be_rated_meanwhile() -> None:
    brief = replace(INTERVIEW.brief, rate_first=True)
    deferred = in_phase(Asking(turn=0), [judged(Deferred())], brief)
    hints = "Enter (next question)  /again  /misheard  /delivery  /stop"
    text = drawn(deferred)
    assert "\nMeasured for now. The feedback on your words comes at the end, all at once.\n" in text
    assert text.endswith(f"\nHow good was it? 1 is weak, 5 is strong.\n1–5  {hints}")
    rated = in_phase(Asking(turn=0), [replace(judged(Deferred()), rating=2)], brief)
    assert drawn(rated, deferred) == f"You rated it 2/5.\n{hints}"


def test_a_correction_shows_what_was_heard() -> None:
    assert drawn(CORRECTING, FEEDBACK) == (
        f"{SAID}"
        "Type what you really said, whole. It is judged instead of what was heard.\n"
        "/back  /stop"
    )
    assert drawn(FEEDBACK, CORRECTING) == f"Question 1 of 3\n{JUDGEMENT}{HINTS}"
    corrected = replace(judged(Reviewing(ticket=4)), correction="I added a check.")
    assert drawn(in_phase(Asking(turn=0), [corrected]), CORRECTING) == ""


def test_another_take_is_set_against_the_last_one() -> None:
    better = replace(REVIEW, scores=(Score("content", 5), Score("structure", 3)))
    takes = [judged(Reviewed(REVIEW)), replace(judged(Reviewed(better)), number=2)]
    text = drawn(in_phase(Asking(turn=0, asked=1), takes))
    assert text.startswith("Question 1 of 3 · take 2\n")
    assert "\nAgainst your last try\n  · Content 4 → 5\n" in text


def test_what_is_off_topic_shows_the_words_that_show_it() -> None:
    text = drawn(answered(Unscored(Unscorable.OFF_TOPIC, "the nightly load kept failing")))
    assert text.splitlines()[-3:-1] == [
        "Not scored: this does not answer the question.",
        "  “the nightly load kept failing”",
    ]


# The clock

REAL = replace(INTERVIEW.brief, mode=Mode.REAL)


def at(stage: Stage) -> Screen:
    return in_phase(Asking(turn=0, since=50.0, stage=stage), brief=REAL)


def test_against_the_clock_the_person_begins() -> None:
    assert drawn(READY).splitlines() == [
        "",
        "  · 3 questions, one try at each, as in a recorded interview.",
        "  · You have 30 seconds to prepare and 2:00 to answer.",
        "  · The next question comes at once, and all the feedback at the end.",
        "  · Press Begin when you are somewhere quiet.",
        "Enter (begin)  /stop",
    ]


def test_the_clock_stands_below_the_question_and_before_what_is_typed() -> None:
    preparing, answering, over = map(at, (Stage.PREPARING, Stage.ANSWERING, Stage.OVER))
    assert "\n30 seconds to prepare, then 2:00 to answer. You may start early.\n" in drawn(
        preparing
    )
    assert drawn(answering, preparing) == "Answer now: 2:00, one try."
    assert drawn(over, answering).startswith("The time is over.")
    assert "pipeline that broke" in drawn(answering)
    assert prompt(preparing, 62.4) == "0:17 › "
    assert prompt(answering, 80.0) == "2:00 › "
    assert prompt(over, 207.0) == "+0:07 › "
    assert prompt(ASKED, 80.0) == prompt(FEEDBACK, 80.0) == prompt(None, 80.0) == "› "


def test_what_holds_the_end_up_can_be_retried_or_left_out() -> None:
    stuck = HearingStuck(DOWN, Recorded(ticket=2), until=NOW + 300)
    take = judged(Reviewing(ticket=3), Note(VoiceNote("file"), stuck))
    text = " ".join(drawn(in_phase(WrappingUp(), [take])).split())
    assert text.startswith("0 of 1 answers are worked through;")
    assert text.endswith("/retry /skip (go on without it) /stop")
    assert activity_of(WRAPPING_UP, NOW) == "All questions are asked. Feedback: 0 of 1 ready…"


def test_the_first_question_tells_what_it_is_about_and_what_it_trains() -> None:
    focus = Focus(skills=("SQL",), themes=("night loads",))
    brief = replace(INTERVIEW.brief, practise="structure")
    asked = screen_for(replace(INTERVIEW, phase=Asking(turn=0), brief=brief, focus=focus))
    assert asked is not None
    text = drawn(asked)
    assert "\nFrom your material: SQL, night loads\nTo practise: Structure\n5/5: Opens" in text


def test_what_nobody_judged_says_so_and_has_no_score() -> None:
    said = drawn(MEASURED)
    assert "\nMeasured only, not scored: the AI interviewer is not answering\n" in said
    assert "/5" not in said


AFTERWARDS = "/history 1 (each answer)  /save  /picture  /progress  /practice  Enter (leave)"


def test_the_end() -> None:
    text = [line.strip("│ ") for line in drawn(SUMMARY).splitlines()]
    assert text[1].startswith("╭─ Done: Data Engineer at Acme ─")
    assert text[3:-3] == [
        "1 of 3 questions answered",
        "18 words in all",
        "0:28 of speech",
        "Overall 3.6/5, by what counts most in this role",
        "Concrete results.",
        "Average scores",
        "Content 4.0/5 · Structure 3.0/5",
        "What to change next time",
        "1. Name the cause.",
        "“kept failing”",
        "2. Slow down.",
    ]
    assert text[-1] == AFTERWARDS
    assert drawn(STOPPED) == (
        f"Stopped. 1 answer kept in /history. /interview starts a new one.\n{AFTERWARDS}"
    )


def test_where_nothing_was_answered_there_is_nothing_to_ask_for() -> None:
    nothing = in_phase(Finished(9.0, Summary(Reviewer.MEASURES), stand_in=DOWN))
    assert drawn(nothing).splitlines()[-1] == "/retry  Enter (leave)"


def test_past_interviews() -> None:
    listed = [
        SessionLine(f"s{n}", "Nurse", "Mercy", 86_400.0 * n, Ending.STOPPED, 2) for n in (1, 0)
    ]
    assert printed(session_list(listed)) == (
        "Your interviews\n"
        "  1  2 Jan 1970 · Nurse at Mercy · 2 answered · stopped\n"
        "  2  1 Jan 1970 · Nurse at Mercy · 2 answered · stopped\n"
        "/history 1 opens the latest, /save 1 keeps it as a file"
    )
    assert printed(session_list([])) == NO_HISTORY


def test_a_past_interview() -> None:
    take = replace(judged(Reviewed(REVIEW)), correction="I added a check.", rating=2)
    refused = replace(judged(Unscored(Unscorable.OFF_TOPIC, "kept failing")), number=2)
    follow_up = replace(QUESTION, text="Why did it fail?", follows=True)
    questions = (INTERVIEW.questions[0], follow_up, *INTERVIEW.questions[1:])
    asked = replace(judged(Reviewed(REVIEW)), turn=1)
    record = record_of(replace(INTERVIEW, questions=questions, takes=(take, refused, asked)))
    assert record is not None
    said = printed(session_page(record, 4))
    assert said.startswith(
        "Data Engineer at Acme · 1 Jan 1970\n"
        "\n"
        "Question 1 of 3\n"
        "Tell me about a pipeline that broke.\n"
        "Your answer\n"
        "  I added a check.\n"
        "As you put it right\n"
        "You rated it 2/5; the mean score is 3.5.\n"
        f"{JUDGEMENT}"
        "Your answer, tightened\n"
    )
    assert "\n\nQuestion 1 of 3 · take 2\nTell me about a pipeline that broke.\n" in said
    assert "\nNot scored: this does not answer the question.\n  “kept failing”\n" in said
    assert "\n\nQuestion 1 of 3 · follow-up\nWhy did it fail?\n" in said
    assert said.endswith("\n/save 4 keeps it as a file, /picture 4 as a picture")


def test_progress_in_words() -> None:
    practised = [
        Practised(f"s{n}", 86_400.0 * n, "Why?", 1, (Score("structure", 2 + n),), None)
        for n in range(2)
    ]
    text = printed(progress_page(progress_of(tuple(practised), now=90_000.0)))
    assert "Structure: 2.0 → 3.0, better" in text
    assert text.splitlines()[-1] == "/practice asks one question on it"
    assert "/practice" not in printed(progress_page(progress_of((), now=0.0)))


# Who is awaited


def test_work_is_named_where_nobody_is_awaited() -> None:
    doing = {activity_of(screen, NOW) for screen in EXAMPLES}
    assert doing == {
        None,
        "Listening…",
        "Thinking about your answer…",
        "Preparing your questions…",
        "Looking over the whole interview…",
        "All questions are asked. Feedback: 0 of 1 ready…",
    }
    for screen in (PREPARING, LISTENING, THINKING, SUMMING, SETUP_READING):
        assert activity_of(screen, NOW)
    assert activity_of(SETUP_READING, NOW) == "Reading your document…"


@given(screens.screens())
def test_a_person_who_is_awaited_is_shown_something(screen: Screen) -> None:
    assert activity_of(screen, NOW) or printed(render(screen, NOW)).strip()
