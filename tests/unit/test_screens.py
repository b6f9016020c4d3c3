"""What is in front of the person follows from the interview alone, and offers what can be done."""

from dataclasses import replace

import pytest

from bot.brief import QUESTION_COUNTS, Brief, Detail, Kind, Seniority
from bot.coaching import (
    Pause,
    Review,
    Reviewer,
    Score,
    Sound,
    Summary,
    Transcript,
    Unscorable,
    Word,
)
from bot.delivery import Measure
from bot.events import Control, Document, Move, VoiceNote
from bot.interview import (
    Asking,
    Finished,
    Gathering,
    Heard,
    Hearing,
    HearingStuck,
    Idle,
    Interview,
    Note,
    Phase,
    Preparing,
    Queued,
    Recorded,
    Reviewed,
    Reviewing,
    ReviewStuck,
    SettingUp,
    Stopped,
    Summing,
    Take,
    TypedText,
    Unheard,
    Unscored,
    Verdict,
)
from bot.problems import Fault, Problem, ProblemKind
from bot.questions import Question, QuestionKind, bank, popular_roles
from bot.scoresheet import Average, average_scores
from bot.screens import (
    FeedbackScreen,
    ListeningScreen,
    Place,
    PreparingScreen,
    QuestionScreen,
    SetupScreen,
    StoppedScreen,
    StuckScreen,
    SummaryScreen,
    SummingScreen,
    ThinkingScreen,
    UnscoredScreen,
    screen_for,
)
from bot.words import check_words
from tests.screens import awaits_answer

QUESTIONS = tuple(Question(id=n, text="Why?", kind=QuestionKind.BEHAVIOURAL) for n in "123")
BRIEF = Brief(role="Editor", company="The Times", count=3)
HERE = Interview(key="chat:1", session="s", brief=BRIEF, questions=QUESTIONS)
TEXT = "First I found it and then we halved it"
DOWN = Problem(ProblemKind.DOWN)
STOP = Control("s", Move.STOP)
COACHED = Reviewed(Review(Reviewer.COACH))


def sound(seconds: float = 5.0, speaking: float = 4.0) -> Sound:
    return Sound(seconds, speaking, start_delay=0.2, pauses=(Pause(1.0, 2.0),), clipped=0.0)


def transcript(*words: str, seconds: float = 4.0) -> Transcript:
    """The first word begins at 0 s and the last one ends at `seconds`."""
    every = seconds / len(words)
    timed = tuple(Word(w, n * every, (n + 1) * every, 0.9) for n, w in enumerate(words))
    return Transcript(" ".join(words), timed, confidence=0.9)


def take(
    verdict: Verdict,
    *hearings: Hearing,
    turn: int = 0,
    number: int = 1,
) -> Take:
    """Of spoken notes, or of one typed text where there are none."""
    spoken = tuple(Note(VoiceNote(f"note{n}"), hearing) for n, hearing in enumerate(hearings))
    typed = Note(TypedText(TEXT), Heard(Transcript(TEXT), sound=None))
    return Take(turn, number, answered_at=9.0, notes=spoken or (typed,), verdict=verdict)


def asking(*takes: Take, turn: int = 0, asked: int = 0) -> Interview:
    return replace(HERE, phase=Asking(turn, asked), takes=takes)


def controls(*moves: Move, turn: int = 0) -> tuple[Control, ...]:
    """These, for the question of `turn`, and stop."""
    return (*(Control("s", move, str(turn)) for move in moves), STOP)


def test_nothing_is_shown_before_anything_has_begun() -> None:
    assert screen_for(Interview(key="chat:1")) is None


class TestSetup:
    @pytest.mark.parametrize(
        ("detail", "values"),
        [
            (Detail.ROLE, popular_roles()),
            (Detail.COMPANY, ()),
            (Detail.SENIORITY, tuple(Seniority)),
            (Detail.KIND, tuple(Kind)),
            (Detail.COUNT, tuple(map(str, QUESTION_COUNTS))),
            (Detail.DESCRIPTION, ()),
            (Detail.SKILLS, ()),
        ],
    )
    def test_offers_what_can_be_chosen_and_the_ways_on(
        self, detail: Detail, values: tuple[str, ...]
    ) -> None:
        chosen = tuple(Control("s", Move.CHOOSE, f"{detail}={value}") for value in values)
        ways = (Control("s", Move.SKIP, detail), Control("s", Move.BACK, detail))
        assert screen_for(replace(HERE, phase=SettingUp(detail, card=4))) == SetupScreen(
            key="s:setup4",
            detail=detail,
            brief=BRIEF,
            reading=None,
            fault=None,
            controls=(
                *chosen,
                *(() if detail is Detail.ROLE else ways),
                Control("s", Move.START),
                STOP,
            ),
        )

    def test_while_a_document_is_read_offers_only_to_stop(self) -> None:
        document = Document("file:1", "job.pdf")
        screen = screen_for(replace(HERE, phase=SettingUp(Detail.DESCRIPTION, 1, document, 3)))
        assert isinstance(screen, SetupScreen)
        assert (screen.reading, screen.controls) == (document, (STOP,))

    def test_shows_why_a_document_could_not_be_read(self) -> None:
        phase = SettingUp(Detail.DESCRIPTION, fault=Fault.PROTECTED)
        screen = screen_for(replace(HERE, phase=phase))
        assert isinstance(screen, SetupScreen)
        assert screen.fault is Fault.PROTECTED


class TestQuestion:
    def test_takes_the_place_of_the_preparing_card(self) -> None:
        preparing = screen_for(replace(HERE, phase=Preparing(1)))
        question = screen_for(asking())
        assert isinstance(preparing, PreparingScreen)
        assert isinstance(question, QuestionScreen)
        assert preparing == PreparingScreen(question.key, BRIEF, (STOP,))

    def test_can_be_passed_over(self) -> None:
        assert screen_for(asking(take(COACHED), turn=1)) == QuestionScreen(
            key="s:q1.0",
            place=Place(number=2, of=3, take=1),
            brief=BRIEF,
            question=QUESTIONS[1],
            builtin=False,
            stand_in=None,
            focus=None,
            stage=None,
            ends=None,
            controls=controls(Move.PASS, turn=1),
        )

    def test_put_again_is_on_a_card_of_its_own(self) -> None:
        screen = screen_for(asking(take(COACHED), take(COACHED, number=2), asked=2))
        assert isinstance(screen, QuestionScreen)
        assert (screen.key, screen.place) == ("s:q0.2", Place(number=1, of=3, take=3))

    def test_from_the_bank_is_named_as_such_and_why(self) -> None:
        ours = bank().families["general"].questions[:3]
        screen = screen_for(replace(asking(), questions=ours, stand_in=DOWN))
        assert isinstance(screen, QuestionScreen)
        assert (screen.builtin, screen.stand_in) == (True, DOWN)


class TestTake:
    def test_has_one_card_from_its_first_note_to_its_feedback(self) -> None:
        stuck = ReviewStuck(DOWN, Reviewing(2), until=9.0)
        verdicts = (Gathering(), Reviewing(2), stuck, Unscored(Fault.SILENT), COACHED)
        screens = [screen_for(asking(take(verdict))) for verdict in verdicts]
        assert {screen.key for screen in screens if screen} == {"s:q0t1"}
        assert [type(screen) for screen in screens] == [
            ListeningScreen,
            ThinkingScreen,
            StuckScreen,
            UnscoredScreen,
            FeedbackScreen,
        ]

    def test_of_another_try_has_another_card(self) -> None:
        screen = screen_for(asking(take(COACHED), take(Gathering(), Recorded(3), number=2)))
        place = Place(number=1, of=3, take=2)
        assert screen == ListeningScreen("s:q0t2", place, notes=1, rating=None, controls=(STOP,))

    def test_before_the_question_was_put_again_is_out_of_sight(self) -> None:
        assert isinstance(screen_for(asking(take(COACHED), asked=1)), QuestionScreen)

    def test_being_judged_shows_what_was_heard(self) -> None:
        heard = Heard(transcript("one", "two"), sound())
        screen = screen_for(asking(take(Reviewing(2), heard, heard)))
        assert isinstance(screen, ThinkingScreen)
        assert (screen.text, screen.spoken, screen.controls) == ("one two\none two", True, (STOP,))
        assert screen.delivery is not None
        assert (screen.delivery.seconds, screen.delivery.pauses) == (10.0, 2)

    def test_not_scored_says_why_and_can_be_left_or_tried_again(self) -> None:
        screen = screen_for(asking(take(Unscored(Unscorable.TOO_SHORT))))
        place = Place(1, 3, 1)
        ways = controls(Move.NEXT, Move.AGAIN)
        assert screen == UnscoredScreen(
            "s:q0t1", place, TEXT, Unscorable.TOO_SHORT, "", last=False, controls=ways
        )


class TestStuck:
    RECORDED = HearingStuck(DOWN, Recorded(1), until=700.0)
    QUEUED = HearingStuck(Problem(ProblemKind.BUSY), Queued(2, "job", sound()), until=500.0)
    GIVEN_UP = HearingStuck(DOWN, Recorded(3), until=None)

    def test_says_when_the_first_of_its_notes_is_tried_again(self) -> None:
        heard = Heard(transcript("one", "two"), sound())
        stuck = take(Gathering(), heard, self.RECORDED, self.QUEUED, self.GIVEN_UP)
        assert screen_for(asking(stuck)) == StuckScreen(
            key="s:q0t1",
            place=Place(1, 3, 1),
            text="one two",
            heard=False,
            problem=DOWN,
            until=500.0,
            controls=controls(Move.RETRY, Move.PASS),
        )

    def test_for_good_says_no_time(self) -> None:
        screen = screen_for(asking(take(Gathering(), self.GIVEN_UP)))
        assert isinstance(screen, StuckScreen)
        assert screen.until is None

    def test_in_review_shows_the_answer_as_heard(self) -> None:
        verdict = ReviewStuck(DOWN, Reviewing(2), until=9.0)
        screen = screen_for(asking(take(verdict)))
        assert isinstance(screen, StuckScreen)
        assert (screen.heard, screen.text, screen.until) == (True, TEXT, 9.0)


class TestFeedback:
    def test_of_a_coach_has_no_checklist(self) -> None:
        screen = screen_for(asking(take(COACHED)))
        assert screen == FeedbackScreen(
            key="s:q0t1",
            place=Place(1, 3, 1),
            text=TEXT,
            spoken=False,
            delivery=None,
            review=COACHED.review,
            checklist=None,
            left_out=None,
            stand_in=None,
            deferred=False,
            rating=None,
            comparison=None,
            opened=None,
            follow_up=False,
            last=False,
            controls=controls(Move.NEXT, Move.AGAIN),
        )

    def test_of_measures_has_one_where_there_are_words(self) -> None:
        measured = Reviewed(Review(Reviewer.MEASURES), stand_in=DOWN)
        typed = screen_for(asking(take(measured)))
        assert isinstance(typed, FeedbackScreen)
        assert (typed.checklist, typed.stand_in) == (check_words(TEXT), DOWN)
        wordless = screen_for(asking(take(measured, Heard(None, sound()))))
        assert isinstance(wordless, FeedbackScreen)
        assert (wordless.checklist, wordless.text, wordless.spoken) == (None, "", True)


def pace_of(screen: SummaryScreen) -> float | None:
    return next(r.value for r in screen.sheet.readings if r.measure is Measure.PACE)


class TestSummary:
    def test_counts_the_last_scored_take_of_each_question(self) -> None:
        # By hand: 8 words in 4 s are 120 a minute, 4 in 4 s are 60; 90 on average. 9 are typed.
        first = transcript(*"abcdefgh")
        second = transcript(*"abcd")
        scores = Review(Reviewer.COACH, scores=(Score("content", 2), Score("structure", 5)))
        others = Review(Reviewer.COACH, scores=(Score("content", 5),))
        interview = replace(
            HERE,
            phase=Finished(99.0, Summary(Reviewer.COACH, headline="Well done.")),
            takes=(
                take(Reviewed(others), Heard(first, sound()), number=1),
                take(Reviewed(scores), Heard(first, sound(6.0, 5.0)), number=2),
                take(Unscored(Unscorable.UNCLEAR), Heard(second, sound()), number=3),
                take(Unscored(Fault.SILENT), Unheard(Fault.SILENT), turn=1),
                take(Reviewed(others), Heard(second, sound()), turn=2),
                take(COACHED, turn=2, number=2),
            ),
        )
        typed_last = screen_for(interview)
        assert isinstance(typed_last, SummaryScreen)
        assert (typed_last.key, typed_last.session, typed_last.controls) == ("s:summary", "s", ())
        assert typed_last.summary == Summary(Reviewer.COACH, headline="Well done.")
        assert (typed_last.words, typed_last.speaking) == (8 + 9, 5.0)
        sheet = typed_last.sheet
        assert (sheet.questions, sheet.answered) == (BRIEF.count, 2)
        assert sheet.averages == (Average("content", 2.0, 1), Average("structure", 5.0, 1))
        assert pace_of(typed_last) == 120.0
        spoken_last = screen_for(replace(interview, takes=interview.takes[:-1]))
        assert isinstance(spoken_last, SummaryScreen)
        assert spoken_last.sheet.averages == (
            Average("content", 3.5, 2),
            Average("structure", 5.0, 1),
        )
        assert (spoken_last.words, spoken_last.speaking) == (12, 9.0)
        assert pace_of(spoken_last) == 90.0

    def test_without_any_answer_is_of_nothing(self) -> None:
        screen = screen_for(replace(HERE, phase=Finished(99.0, Summary(Reviewer.MEASURES))))
        assert isinstance(screen, SummaryScreen)
        assert (screen.sheet.answered, screen.words, screen.sheet.averages) == (0, 0, ())
        assert pace_of(screen) is None

    def test_without_the_coach_can_be_retried(self) -> None:
        phase = Finished(99.0, Summary(Reviewer.MEASURES), stand_in=DOWN)
        screen = screen_for(replace(HERE, phase=phase))
        assert isinstance(screen, SummaryScreen)
        assert (screen.stand_in, screen.controls) == (DOWN, (Control("s", Move.RETRY),))

    def test_takes_the_place_of_its_waiting_card(self) -> None:
        assert screen_for(replace(HERE, phase=Summing(9))) == SummingScreen("s:summary", (STOP,))


def test_a_stop_says_how_many_answers_are_kept() -> None:
    takes = (take(COACHED), take(Gathering(), Recorded(1), turn=1))
    stopped = replace(HERE, phase=Stopped(99.0), takes=takes)
    assert screen_for(stopped) == StoppedScreen("s:stopped", answered=2)


def test_averages_come_in_the_order_of_the_dimensions() -> None:
    scores = [Score("b", 1), Score("a", 2), Score("b", 4), Score("b", 5)]
    assert average_scores(scores) == (Average("b", 10 / 3, 3), Average("a", 2.0, 1))
    assert average_scores([]) == ()


@pytest.mark.parametrize(
    ("phase", "takes", "awaits"),
    [
        (SettingUp(), (), True),
        (Preparing(1), (), False),
        (Asking(0), (), True),
        (Asking(0), (take(Gathering(), Recorded(1)),), False),
        (Asking(0), (take(Gathering(), TestStuck.RECORDED),), True),
        (Asking(0), (take(Reviewing(1)),), False),
        (Asking(0), (take(Unscored(Fault.SILENT)),), True),
        (Asking(0), (take(COACHED),), True),
        (Summing(1), (), False),
        (Finished(9.0, Summary(Reviewer.COACH)), (), False),
        (Stopped(9.0), (), False),
    ],
)
def test_an_answer_is_awaited_where_one_can_be_given(
    phase: Phase,
    takes: tuple[Take, ...],
    awaits: bool,  # noqa: FBT001 - a row of the table
) -> None:
    assert not isinstance(phase, Idle)
    screen = screen_for(replace(HERE, phase=phase, takes=takes))
    assert screen is not None
    assert awaits_answer(screen) == awaits
