"""Whatever is drawn can be printed, somebody's words as they are, and says what to type."""

import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console, RenderableType

from adapters.console.history import session_list, session_page
from adapters.console.render import activity_of, render
from bot.brief import Brief
from bot.coaching import Point, Summary, Transcript, Unscorable
from bot.events import VoiceNote
from bot.history import Ending, SessionLine, record_of
from bot.interview import Finished, Heard, Interview, Note, Reviewed, Reviewing, Unscored
from bot.questions import Question, QuestionKind
from bot.screens import QuestionScreen, Screen
from bot.wording import NO_HISTORY
from tests import screens, strategies
from tests.screens import (
    ASKED,
    EXAMPLES,
    FEEDBACK,
    INTERVIEW,
    LISTENING,
    MEASURED,
    PREPARING,
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


def drawn(screen: Screen) -> str:
    return printed(render(screen, NOW))


# Any text


@settings(max_examples=200, deadline=None)
@given(screen=screens.screens(awkward), width=WIDTHS, colours=st.booleans(), now=strategies.TIMES)
def test_any_screen_can_be_printed(
    screen: Screen, width: int, *, colours: bool, now: float
) -> None:
    printed(render(screen, now), width, colours=colours)


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
    "unscored": answered(Unscored(Unscorable.UNCLEAR), heard(MARKUP)),
    "feedback": answered(Reviewed(replace(REVIEW, strength=POINT, fix=POINT, better=MARKUP))),
    "summary": in_phase(
        Finished(9.0, Summary(REVIEW.by, MARKUP, (POINT,))),
        [judged(Reviewed(REVIEW))],
        brief=Brief(role=MARKUP, company=MARKUP),
    ),
}
TIMES_SHOWN = {"question": 1, "thinking": 1, "unscored": 1, "feedback": 4, "summary": 5}


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


def test_what_was_said_and_what_it_is_worth() -> None:
    assert drawn(THINKING) == (
        "Your answer\n"
        "  Um, the nightly load kept failing, so I added a check of the columns & failures fell "
        "by 90%."
    )
    assert drawn(FEEDBACK) == (
        "Question 1 of 3\n"
        "Your answer\n"
        "  Um, the nightly load kept failing, so I added a check of the columns & failures fell "
        "by 90%.\n"
        "Content 4/5 · Structure 3/5\n"
        "✓ Situation ✗ Task ✓ Action ✓ Result\n"
        "Strength: You name the result.\n"
        "  “failures fell by 90%”\n"
        "One thing to change: Say why it failed.\n"
        "  “kept failing”\n"
        "0:32 · 1 filler · 1 pause of 1 s or more, longest 2.5 s\n"
        "Enter (next question)  /again  /misheard  /model  /delivery  /scores  /stop"
    )


def test_what_nobody_judged_says_so_and_has_no_score() -> None:
    said = drawn(MEASURED)
    assert "\nMeasured only, not scored: the AI interviewer is not answering\n" in said
    assert "/5" not in said


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
    assert drawn(STOPPED) == (
        "Stopped. 1 answer kept in /history. /interview starts a new one.\n"
        "/history 1 (each answer)  /save  /picture  /progress  /practice  Enter (leave)"
    )


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
    take = judged(Reviewed(REVIEW))
    record = record_of(replace(INTERVIEW, takes=(take, replace(take, number=2))))
    assert record is not None
    said = printed(session_page(record, 1))
    assert said.startswith(
        "Data Engineer at Acme · 1 Jan 1970\n"
        "\n"
        "Question 1 of 3\n"
        "Tell me about a pipeline that broke.\n"
        "Your answer\n"
        "  Um, the nightly load kept failing"
    )
    assert "\n\nQuestion 1 of 3 · take 2\nTell me about a pipeline that broke.\n" in said


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
