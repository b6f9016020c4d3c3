"""Screens of every kind, made by screen_for(), so that their keys and controls are real ones."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import get_args

from hypothesis import Phase as Run
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from bot.brief import Brief, Detail, Seniority
from bot.coaching import (
    Pause,
    Plan,
    Point,
    Review,
    Reviewer,
    Score,
    Sound,
    Star,
    Summary,
    Transcript,
    Unscorable,
)
from bot.events import Control, Document, VoiceNote
from bot.interview import (
    Asking,
    Finished,
    Gathering,
    Heard,
    Interview,
    Judging,
    Note,
    Phase,
    Preparing,
    Ready,
    Recorded,
    Reviewed,
    Reviewing,
    ReviewStuck,
    SettingUp,
    Stopped,
    Summing,
    Take,
    Unscored,
    Verdict,
    WrappingUp,
)
from bot.problems import Fault, Problem, ProblemKind
from bot.questions import Question, QuestionKind, rubric
from bot.screens import (
    CorrectingScreen,
    FeedbackScreen,
    QuestionScreen,
    RatingScreen,
    Screen,
    SetupScreen,
    StoppedScreen,
    StuckScreen,
    UnscoredScreen,
    screen_for,
)
from tests import strategies

KINDS: tuple[type[Screen], ...] = get_args(Screen)
DIMENSIONS = tuple(dimension.id for dimension in rubric())

# Texts as they may come

AWKWARD = (
    "",
    " \n\t ",
    "<b>bold</b> &amp; <script>",
    "[bold]markup[/bold] [/] [red",
    "שלום, אני \u202eמהנדס\u202c",
    "👩‍👩‍👧‍👦 🇩🇪 👍🏽",
    "e\u0301\u0327 a\u200db",
    "\ud83d half a character \udc00",
    "\0\x07\x1b[31mred\x1b[0m\r",
    "“quoted” «так» 「はい」",
)
characters = st.characters(exclude_categories=())
awkward = st.sampled_from(AWKWARD) | st.text(characters, max_size=40)
# A piece again and again is as long as a drawn text can hardly be.
long_texts = st.builds(
    lambda piece, length: (piece * length)[:length],
    st.sampled_from([text for text in AWKWARD if text]) | st.text(characters, min_size=1),
    st.integers(1, 100_000) | st.just(100_000),
)
wild = awkward | long_texts
# Such texts are not worth the minutes that it takes to shrink them.
for_long_texts = settings(
    max_examples=40, deadline=None, phases=[Run.explicit, Run.reuse, Run.generate]
)


# Screens of any content

# As secrets.token_urlsafe(6) makes them.
sessions = st.text("ABCXYZabcxyz0189-_", min_size=8, max_size=8)


@cache
def screens(texts: strategies.Texts = awkward) -> SearchStrategy[Screen]:
    asking = strategies.askings().map(lambda put: replace(put, turn=0, asked=0))
    unanswered = _interviews(texts, _phases(texts) | asking, st.just(()))
    answered = answered_interviews(texts)
    at_a_take = st.builds(replace, answered, phase=asking)
    return st.one_of(unanswered, answered, at_a_take, at_a_take).map(_screen)


@cache
def answered_interviews(texts: strategies.Texts = awkward) -> SearchStrategy[Interview]:
    """One take at the first question of two; by now, the interview may be anywhere."""
    said = st.lists(strategies.notes(texts), min_size=1, max_size=3).map(tuple)
    verdicts = strategies.verdicts(texts).map(
        lambda v: replace(v, review=of_rubric(v.review)) if isinstance(v, Reviewed) else v
    )
    takes = st.builds(
        Take,
        st.just(0),
        st.integers(1, 3),
        strategies.TIMES,
        said,
        verdicts,
        rating=st.none() | st.integers(0, 5),
        correction=st.none() | texts,
    )
    return _interviews(texts, _phases(texts), takes.map(lambda take: (take,)))


def of_rubric(review: Review) -> Review:
    """The same with scores in dimensions that there are."""
    scores = zip(review.scores, DIMENSIONS, strict=False)
    return replace(review, scores=tuple(Score(d, score.level) for score, d in scores))


def controls_of(screen: Screen) -> tuple[Control, ...]:
    return () if isinstance(screen, StoppedScreen) else screen.controls


def _phases(texts: strategies.Texts) -> SearchStrategy[Phase]:
    """All but the one that asks."""
    return st.one_of(
        st.builds(
            SettingUp,
            detail=st.sampled_from(Detail),
            card=st.integers(0, 9),
            reading=st.none() | st.builds(Document, strategies.IDS, texts),
            fault=st.none() | st.sampled_from(Fault),
        ),
        st.builds(Preparing, strategies.TICKETS),
        st.builds(Ready),
        st.builds(WrappingUp),
        st.builds(Judging, strategies.TICKETS),
        st.builds(Summing, strategies.TICKETS),
        st.builds(
            Finished,
            strategies.TIMES,
            strategies.summaries(texts),
            stand_in=st.none() | strategies.problems,
        ),
        st.builds(Stopped, strategies.TIMES),
    )


def _interviews(
    texts: strategies.Texts,
    phases: SearchStrategy[Phase],
    takes: SearchStrategy[tuple[Take, ...]],
) -> SearchStrategy[Interview]:
    return st.builds(
        Interview,
        key=st.just("telegram:7:7:0"),
        person=st.just("telegram:7"),
        session=sessions,
        started_at=strategies.TIMES,
        brief=strategies.briefs(texts),
        phase=phases,
        questions=st.tuples(
            strategies.questions(texts).map(lambda first: replace(first, follows=False)),
            strategies.questions(texts),
        ),
        focus=strategies.focuses(texts),
        plan=st.sampled_from(Plan),
        stand_in=st.none() | strategies.problems,
        takes=takes,
    )


def _screen(interview: Interview) -> Screen:
    screen = screen_for(interview)
    assert screen is not None
    return screen


# One of each kind, to be read

QUESTION = Question("llm/1", "Tell me about a pipeline that broke.", QuestionKind.BEHAVIOURAL)
ANSWER = (
    "Um, the nightly load kept failing, so I added a check of the columns & failures fell by 90%."
)
SOUND = Sound(seconds=32.0, speaking=28.0, start_delay=0.4, pauses=(Pause(8.0, 10.5),), clipped=0.0)
HEARD = Heard(Transcript(ANSWER, confidence=0.9), SOUND)
DOWN = Problem(ProblemKind.DOWN, detail="HTTP 503")
REVIEW = Review(
    Reviewer.COACH,
    scores=(Score("content", 4), Score("structure", 3)),
    strength=Point("You name the result.", "failures fell by 90%"),
    fix=Point("Say why it failed.", "kept failing"),
    star=Star(situation=True, task=False, action=True, result=True),
    better="The nightly load failed on changed columns; my check cut failures by 90%.",
)
INTERVIEW = Interview(
    key="telegram:7:7:0",
    rev=1,
    person="telegram:7",
    session="sEssi0n_",
    brief=Brief(role="Data Engineer", company="Acme", seniority=Seniority.SENIOR, count=3),
    questions=(QUESTION,) * 3,
)


def in_phase(phase: Phase, takes: Iterable[Take] = (), brief: Brief = INTERVIEW.brief) -> Screen:
    return _screen(replace(INTERVIEW, phase=phase, takes=tuple(takes), brief=brief))


def judged(verdict: Verdict, *notes: Note) -> Take:
    """The first take at the first question; a recording that was heard, unless told otherwise."""
    return Take(0, 1, 1.0, notes or (Note(VoiceNote("file", 32.0), HEARD),), verdict)


def answered(verdict: Verdict, *notes: Note) -> Screen:
    return in_phase(Asking(turn=0), [judged(verdict, *notes)])


SETUP = in_phase(SettingUp(), brief=Brief())
SETUP_KIND = in_phase(SettingUp(Detail.KIND))
SETUP_COUNT = in_phase(SettingUp(Detail.COUNT))
SETUP_READING = in_phase(SettingUp(Detail.DESCRIPTION, reading=Document("file", "job.pdf")))
PREPARING = in_phase(Preparing(ticket=1))
ASKED = in_phase(Asking(turn=0))
LISTENING = answered(Gathering(), Note(VoiceNote("file"), Recorded(ticket=2)))
THINKING = answered(Reviewing(ticket=3))
STUCK = answered(ReviewStuck(DOWN, Reviewing(ticket=3), until=160.0))
UNSCORED = answered(Unscored(Unscorable.TOO_SHORT))
FEEDBACK = answered(Reviewed(REVIEW))
MEASURED = answered(Reviewed(Review(Reviewer.MEASURES), stand_in=DOWN))
READY = in_phase(Ready())
RATING = in_phase(
    Asking(turn=0), [judged(Reviewed(REVIEW))], brief=replace(INTERVIEW.brief, rate_first=True)
)
CORRECTING = in_phase(Asking(turn=0, correcting=True), [judged(Reviewed(REVIEW))])
WRAPPING_UP = in_phase(WrappingUp(), [judged(Reviewing(ticket=3))])
SUMMING = in_phase(Summing(ticket=4))
SUMMARY = in_phase(
    Finished(
        at=9.0,
        summary=Summary(
            Reviewer.COACH,
            "Concrete results.",
            (Point("Name the cause.", "kept failing"), Point("Slow down.", "")),
        ),
    ),
    [judged(Reviewed(REVIEW))],
)
STOPPED = in_phase(Stopped(at=9.0), [judged(Reviewed(REVIEW))])
EXAMPLES = (
    SETUP,
    PREPARING,
    READY,
    ASKED,
    LISTENING,
    THINKING,
    RATING,
    CORRECTING,
    STUCK,
    UNSCORED,
    FEEDBACK,
    WRAPPING_UP,
    SUMMING,
    SUMMARY,
    STOPPED,
)
assert {type(example) for example in EXAMPLES} == set(KINDS)


def awaits_answer(screen: Screen) -> bool:
    """Whether the person may send words or a recording now."""
    return isinstance(
        screen,
        (
            SetupScreen,
            QuestionScreen,
            RatingScreen,
            CorrectingScreen,
            StuckScreen,
            UnscoredScreen,
            FeedbackScreen,
        ),
    )
