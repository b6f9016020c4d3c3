"""There is a sentence for everything that can happen: short, whole, and about this program."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import wording
from bot.brief import DESCRIPTION_LIMIT, Brief, Detail, Kind, Seniority
from bot.coaching import (
    Checklist,
    Delivery,
    Point,
    Review,
    Reviewer,
    Star,
    Summary,
    Unscorable,
)
from bot.delivery import Measure, Reading
from bot.events import Control, Document, Move
from bot.history import Ending, SessionLine
from bot.interview import Panel, Reason, Stage
from bot.linking import Joined
from bot.problems import Fault, Problem, ProblemKind
from bot.questions import Question, QuestionKind
from bot.scoresheet import ScoreSheet
from bot.screens import (
    FeedbackScreen,
    Place,
    QuestionScreen,
    ReadyScreen,
    Screen,
    SetupScreen,
    StoppedScreen,
    StuckScreen,
    SummaryScreen,
    UnscoredScreen,
    WrappingUpScreen,
)
from bot.words import check_words
from tests.strategies import briefs

LONGEST = 220
PLACE = Place(number=1, of=3, take=1)
BRIEF = Brief(role="Editor", company="The Times", count=3)
DELIVERY = Delivery(
    seconds=125.9,
    speaking=100.0,
    pauses=2,
    longest_pause=2.25,
    clipped=True,
    words_per_minute=123.8,
    fillers=1,
)
SETUP = SetupScreen("s", Detail.ROLE, BRIEF, reading=None, fault=None, controls=())
QUESTION = QuestionScreen(
    "s",
    PLACE,
    BRIEF,
    Question("1", "Why?", QuestionKind.TECHNICAL),
    True,
    None,
    None,
    None,
    None,
    (),
)
STUCK = StuckScreen(
    "s", PLACE, "", heard=False, problem=Problem(ProblemKind.DOWN), until=None, controls=()
)
UNSCORED = UnscoredScreen("s", PLACE, "", Fault.SILENT, "", last=False, controls=())
FEEDBACK = FeedbackScreen(
    key="s",
    place=PLACE,
    text="I did it",
    spoken=True,
    delivery=DELIVERY,
    review=Review(Reviewer.MEASURES),
    checklist=None,
    left_out=None,
    stand_in=None,
    deferred=False,
    rating=None,
    comparison=None,
    opened=None,
    follow_up=False,
    last=False,
    controls=(),
)
SHEET = ScoreSheet(
    title="Nurse",
    started_at=0.0,
    questions=3,
    answered=2,
    overall=None,
    averages=(),
    readings=(Reading(Measure.PACE, 118.4, 120.0, 190.0),),
    changes=(),
)
SUMMARY = SummaryScreen(
    key="s",
    session="s",
    brief=BRIEF,
    summary=Summary(Reviewer.MEASURES),
    sheet=SHEET,
    stand_in=None,
    takes=2,
    words=120,
    speaking=61.0,
    controls=(),
)
SCREENS: tuple[Screen, ...] = (
    SETUP,
    QUESTION,
    STUCK,
    UNSCORED,
    FEEDBACK,
    SUMMARY,
    StoppedScreen("s", 0),
)
LEFT_OVER = re.compile(
    r"Traceback|Exception|Error\b|None|<class|object at 0x|[{}<>_]|\b(?:Fault|Reason|Kind)\b"
)


def texts() -> Iterator[tuple[str, str]]:
    """Everything that can be said, and what it is said of."""
    constants = ((name, getattr(wording, name)) for name in dir(wording) if name.isupper())
    yield from ((name, text) for name, text in constants if isinstance(text, str))
    yield from wording.COMMANDS.items()
    for reason in set(Reason) - {Reason.STALE}:
        yield f"refusal {reason}", wording.refusal(reason) or ""
    for why in (*Unscorable, *Fault):
        yield f"unscored {why}", wording.unscored(why)
    for fault in Fault:
        yield f"document {fault}", wording.document_fault(fault)
    for detail in Detail:
        yield f"ask {detail}", wording.ask_detail(replace(SETUP, detail=detail))
    for kind, heard, until in product(ProblemKind, (True, False), (None, 0.0, 60.0, 3_600.0)):
        screen = replace(STUCK, heard=heard, problem=Problem(kind, Fault.GONE), until=until)
        yield f"stuck {kind} {heard} {until}", wording.stuck(screen, now=0.0)
    for stand_in in (None, *map(Problem, ProblemKind)):
        sources = (
            wording.question_source(replace(QUESTION, stand_in=stand_in)),
            wording.feedback_source(replace(FEEDBACK, stand_in=stand_in)),
            wording.feedback_source(replace(FEEDBACK, stand_in=stand_in, text="")),
            wording.summary_source(replace(SUMMARY, stand_in=stand_in)),
        )
        for source in sources:
            yield f"source {stand_in}", source or ""
    for move, where in product(Move, SCREENS):
        value = Panel.MODEL if move is Move.OPEN else "editor"
        control = Control("s", move, f"role={value}")
        yield f"label {move} on {type(where).__name__}", wording.label(control, where)
    for number in (0, 1, 2):
        yield f"stopped {number}", wording.stopped(number)
        for line in wording.checklist_lines(Checklist(number, number, number, number, 2)):
            yield f"checklist {number}", line
    for ending in Ending:
        line = wording.session_line(SessionLine("s", "Editor", "", 0.0, ending, 2))
        yield f"session {ending}", line
    yield from (("brief", line) for line in wording.brief_lines(BRIEF))
    yield from (("summary", line) for line in wording.summary_lines(SUMMARY))
    yield "delivery", wording.delivery_line(DELIVERY)
    for stage in Stage:
        ticking = replace(QUESTION, stage=stage)
        yield f"clock {stage}", wording.clock_line(ticking) or ""
    ready = ReadyScreen("s", BRIEF, questions=3, controls=())
    yield from (("ready", line) for line in wording.ready_lines(ready))
    for panel in Panel:
        opened = replace(FEEDBACK, opened=panel)
        yield from ((f"panel {panel}", line) for line in wording.panel_lines(opened) if line)
    waiting = WrappingUpScreen("s", answers=3, done=1, problem=None, until=None, controls=())
    yield "wrapping up", wording.wrapping_up(waiting, now=0.0)
    held_up = replace(waiting, problem=Problem(ProblemKind.DOWN), until=60.0)
    yield "held up", wording.wrapping_up(held_up, now=0.0)
    for outcome in Joined:
        yield f"joined {outcome}", wording.joined(outcome)
    for parted in (True, False):
        yield f"unlinked {parted}", wording.unlinked(parted=parted)
    yield "link code", wording.link_code("ABCD-EFGH")
    yield "heading", wording.heading(PLACE)
    yield "summary heading", wording.summary_heading(SUMMARY)
    yield "summary next", wording.summary_next()
    yield "star", wording.star_line(Star(situation=True, task=False, action=True, result=False))
    yield "no points", wording.no_points(Review(Reviewer.COACH)) or ""


def test_every_text_is_made_of_short_whole_sentences() -> None:
    for of, text in texts():
        assert text == text.strip() != "", of
        assert "  " not in text, of
        assert not LEFT_OVER.search(text), of
        for sentence in re.split(r"(?<=[.?!])\s+|\n+", text):
            assert len(sentence) <= LONGEST, of


def test_every_command_that_is_spoken_of_exists() -> None:
    spoken_of = {name for _, text in texts() for name in re.findall(r"(?<!\w)/([a-z]+)", text)}
    assert {"interview", "history", "cancel"} <= spoken_of <= set(wording.DISCORD_COMMANDS)


class TestSetup:
    def test_the_description_says_what_there_is_already(self) -> None:
        screen = replace(SETUP, detail=Detail.DESCRIPTION)
        document = Document("file:1", "job.pdf")
        assert wording.ask_detail(screen).startswith("Paste")
        assert wording.ask_detail(replace(screen, reading=document)).startswith("Reading")
        some = replace(screen, brief=replace(BRIEF, description="x" * 1_234))
        assert wording.ask_detail(some).startswith("Got 1,234 characters")
        full = replace(screen, brief=replace(BRIEF, description="x" * DESCRIPTION_LIMIT))
        assert wording.ask_detail(full).startswith("I kept the first 20,000 characters")

    @pytest.mark.parametrize(
        ("brief", "lines"),
        [
            (Brief(), ("5 questions, mixed",)),
            (Brief(role="Editor"), ("Editor", "5 questions, mixed")),
            (
                Brief(
                    role="Editor",
                    company="The Times",
                    seniority=Seniority.LEAD,
                    kind=Kind.TECHNICAL,
                    count=3,
                    description="x" * 1_500,
                    skills=("tact", "grammar"),
                ),
                (
                    "Editor at The Times",
                    "Level: lead",
                    "3 questions, technical",
                    "Job description: 1,500 characters",
                    "Skills: tact, grammar",
                ),
            ),
            (
                Brief(role="Lead Editor", seniority=Seniority.LEAD),
                ("Lead Editor", "5 questions, mixed"),
            ),
        ],
    )
    def test_a_brief_is_told_in_short_lines(self, brief: Brief, lines: tuple[str, ...]) -> None:
        assert wording.brief_lines(brief) == lines

    @given(briefs(st.text()))
    def test_the_words_of_a_brief_are_told_as_they_are(self, brief: Brief) -> None:
        told = "\n".join(wording.brief_lines(brief))
        assert brief.role in told
        assert not brief.role or brief.company in told
        assert all(skill in told for skill in brief.skills)


class TestLabels:
    def test_a_choice_is_its_value(self) -> None:
        for value, expected in (("mid-level", "Mid-level"), ("3", "3"), ("Data = Analyst", None)):
            control = Control("s", Move.CHOOSE, f"role={value}")
            assert wording.label(control, SETUP) == (expected or value)

    def test_a_description_is_gone_on_from_and_the_lack_of_one_is_skipped(self) -> None:
        control = Control("s", Move.SKIP, Detail.DESCRIPTION)
        asked = replace(SETUP, detail=Detail.DESCRIPTION)
        described = replace(asked, brief=replace(BRIEF, description="We sell shoes."))
        assert wording.label(control, asked) == "Skip"
        assert wording.label(control, described) == "Go on"
        skills = replace(described, detail=Detail.SKILLS)
        assert wording.label(replace(control, argument=Detail.SKILLS), skills) == "Skip"

    def test_after_the_last_question_next_is_finish(self) -> None:
        control = Control("s", Move.NEXT, "0")
        for screen in (FEEDBACK, UNSCORED):
            assert wording.label(control, screen) == "Next question"
            assert wording.label(control, replace(screen, last=True)) == "Finish"
        assert wording.label(control, replace(FEEDBACK, follow_up=True)) == "Follow-up question"

    def test_of_one_screen_differ(self) -> None:
        for moves, screen in (
            ((Move.PASS, Move.STOP), QUESTION),
            ((Move.RETRY, Move.PASS, Move.STOP), STUCK),
            ((Move.NEXT, Move.AGAIN, Move.STOP), FEEDBACK),
            ((Move.SKIP, Move.BACK, Move.START, Move.STOP), SETUP),
        ):
            labels = {wording.label(Control("s", move, "0"), screen) for move in moves}
            assert len(labels) == len(moves)


class TestHonesty:
    def test_who_asked_and_who_judged_is_said_only_where_it_was_not_the_coach(self) -> None:
        coached = Review(Reviewer.COACH)
        assert wording.question_source(replace(QUESTION, builtin=False)) is None
        assert wording.feedback_source(replace(FEEDBACK, review=coached)) is None
        assert wording.summary_source(replace(SUMMARY, summary=Summary(Reviewer.COACH))) is None

    @pytest.mark.parametrize("kind", ProblemKind)
    def test_why_the_coach_is_missing_is_said_alike_everywhere(self, kind: ProblemKind) -> None:
        problem = Problem(kind)
        texts = (
            wording.question_source(replace(QUESTION, stand_in=problem)),
            wording.feedback_source(replace(FEEDBACK, stand_in=problem)),
            wording.summary_source(replace(SUMMARY, stand_in=problem)),
        )
        whys = {text.partition(": ")[2] for text in texts if text is not None}
        assert len(whys) == 1
        assert whys != {""}

    def test_an_operators_fault_is_told_apart_from_a_used_up_allowance(self) -> None:
        told = {
            kind: wording.stuck(replace(STUCK, problem=Problem(kind)), now=0.0)
            for kind in ProblemKind
        }
        assert "operator" in told[ProblemKind.MISCONFIGURED]
        assert "allowance" in told[ProblemKind.QUOTA]
        assert "operator" not in told[ProblemKind.DOWN] + told[ProblemKind.QUOTA]

    def test_the_operators_log_is_not_shown(self) -> None:
        problem = Problem(ProblemKind.DOWN, detail="KeyError: api.example.org")
        screen = replace(STUCK, problem=problem)
        assert "example" not in wording.stuck(screen, now=0.0)
        assert "example" not in str(wording.feedback_source(replace(FEEDBACK, stand_in=problem)))

    def test_that_no_remark_held_is_said_of_a_coach_alone(self) -> None:
        point = Point("Good.", "I did it")
        assert wording.no_points(Review(Reviewer.COACH)) is not None
        assert wording.no_points(Review(Reviewer.COACH, fix=point)) is None
        assert wording.no_points(Review(Reviewer.COACH, strength=point)) is None
        assert wording.no_points(Review(Reviewer.MEASURES)) is None

    def test_what_is_late_is_nobodys_to_hear_about(self) -> None:
        assert [reason for reason in Reason if wording.refusal(reason) is None] == [Reason.STALE]


class TestStuck:
    @pytest.mark.parametrize(
        ("seconds", "said"),
        [
            (-5.0, "in less than a minute"),
            (0.0, "in less than a minute"),
            (49.0, "in less than a minute"),
            (50.0, "in about 1 minute."),
            (100.0, "in about 2 minutes."),
            (900.0, "in about 15 minutes."),
        ],
    )
    def test_says_when_it_is_tried_again(self, seconds: float, said: str) -> None:
        text = wording.stuck(replace(STUCK, until=1_000.0 + seconds), now=1_000.0)
        assert said in text

    @pytest.mark.parametrize("kind", [k for k in ProblemKind if k is not ProblemKind.REJECTED])
    @pytest.mark.parametrize(("heard", "kept"), [(True, "answer is kept"), (False, "note is kept")])
    def test_says_what_is_kept_and_what_can_be_done(
        self,
        kind: ProblemKind,
        heard: bool,  # noqa: FBT001 - a row of the table
        kept: str,
    ) -> None:
        text = wording.stuck(replace(STUCK, heard=heard, problem=Problem(kind)), now=0.0)
        assert kept in text
        assert "Retry" in text
        assert ("type your answer" in text) != heard


class TestNumbers:
    def test_delivery_is_one_line(self) -> None:
        assert wording.delivery_line(DELIVERY) == (
            "2:05 · 124 words/min · 1 filler · 2 pauses of 1 s or more, longest 2.2 s"
            " · recorded too loud"
        )

    def test_what_was_not_measured_is_left_out(self) -> None:
        delivery = Delivery(9.0, 8.0, 0, 0.0, False, None, None)
        assert wording.delivery_line(delivery) == "0:09 · no long pauses"

    def test_the_checklist_asks_back(self) -> None:
        assert wording.checklist_lines(check_words("We did our best")) == (
            "4 words: short for an interview answer",
            "0 structure cues (first, because, as a result …)",
            "0 numbers: can you add one?",
            "“I” or “my” 0×, “we” or “our” 2×: what did you do yourself?",
        )
        long = wording.checklist_lines(Checklist(331, 1, 1, 2, 2))
        assert long == (
            "331 words: over two minutes when spoken",
            "1 structure cue (first, because, as a result …)",
            "1 number",
            "“I” or “my” 2×, “we” or “our” 2×",
        )
        assert wording.checklist_lines(Checklist(60, 1, 1, 2, 2))[0] == "60 words"
        assert wording.checklist_lines(Checklist(330, 1, 1, 2, 2))[0] == "330 words"

    def test_the_summary_leaves_out_what_nobody_did(self) -> None:
        assert wording.summary_lines(SUMMARY) == (
            "2 of 3 questions answered",
            "120 words in all",
            "1:01 of speech",
            "118 words/min on average",
        )
        sheet = replace(SHEET, answered=0, readings=())
        nothing = replace(SUMMARY, sheet=sheet, words=0, speaking=0.0)
        assert wording.summary_lines(nothing) == ("0 of 3 questions answered",)

    def test_a_session_is_one_line(self) -> None:
        line = SessionLine("s", "Editor", "The Times", 1_700_000_000.0, Ending.STOPPED, 2)
        assert (
            wording.session_line(line) == "14 Nov 2023 · Editor at The Times · 2 answered · stopped"
        )
        ended = replace(line, company="", ending=Ending.FINISHED, started_at=0.0)
        assert wording.session_line(ended) == "1 Jan 1970 · Editor · 2 answered"

    @pytest.mark.parametrize(
        ("answered", "said"), [(0, "Stopped. /"), (1, "1 answer kept"), (2, "2 answers kept")]
    )
    def test_a_stop_counts_what_is_kept(self, answered: int, said: str) -> None:
        assert said in wording.stopped(answered)

    def test_a_heading_counts_from_the_second_take(self) -> None:
        assert wording.heading(PLACE) == "Question 1 of 3"
        assert wording.heading(replace(PLACE, take=2)) == "Question 1 of 3 · take 2"

    def test_star_says_what_is_there_and_what_is_not(self) -> None:
        star = Star(situation=True, task=False, action=True, result=False)
        assert wording.star_line(star) == "✓ Situation ✗ Task ✓ Action ✗ Result"
