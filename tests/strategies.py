"""Interviews of every shape; `texts` draws what people, coaches and transcribers say.

Numbers are finite, and times of words are in whole milliseconds, as those of transcribers are.
"""

from dataclasses import replace
from functools import cache

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from bot.brief import Brief, Detail, Focus, Kind, Mode, Seniority
from bot.coaching import (
    Delivery,
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
    Word,
)
from bot.events import Document, VoiceNote
from bot.history import AnswerRecord, Ending, SessionRecord
from bot.interview import (
    Asking,
    Deferred,
    Finished,
    Gathering,
    Heard,
    Hearing,
    HearingStuck,
    Idle,
    Interview,
    Judging,
    Note,
    Panel,
    Phase,
    Preparing,
    Queued,
    Ready,
    Recorded,
    Reviewed,
    Reviewing,
    ReviewStuck,
    SettingUp,
    Stage,
    Stopped,
    Summing,
    Take,
    TypedText,
    Unheard,
    Unscored,
    Verdict,
    WrappingUp,
)
from bot.problems import Fault, Problem, ProblemKind
from bot.questions import Question, QuestionKind

Texts = SearchStrategy[str]

TEXTS = st.text(max_size=12)
IDS = st.text("abcdef0123456789:", min_size=1, max_size=8)
TICKETS = st.integers(0, 10_000)
AMOUNTS = st.floats(0, 1e6)
TIMES = st.floats(0, 4e9)
MILLISECONDS = st.integers(0, 600_000).map(lambda ms: ms / 1000)
SHARES = st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)

problems = st.builds(
    Problem,
    kind=st.sampled_from(ProblemKind),
    fault=st.none() | st.sampled_from(Fault),
    retry_after=st.none() | AMOUNTS,
    detail=TEXTS,
)
sounds = st.builds(
    Sound,
    seconds=AMOUNTS,
    speaking=AMOUNTS,
    start_delay=AMOUNTS,
    pauses=st.lists(st.builds(Pause, AMOUNTS, AMOUNTS), max_size=2).map(tuple),
    clipped=SHARES,
)
recordings = st.builds(Recorded, ticket=TICKETS, attempt=st.integers(0, 9))
jobs = st.builds(Queued, ticket=TICKETS, job=IDS, sound=sounds, attempt=st.integers(0, 9))
whys = st.sampled_from(Unscorable) | st.sampled_from(Fault)


def some(strategy: SearchStrategy[str], most: int = 2) -> SearchStrategy[tuple[str, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


@cache
def briefs(texts: Texts = TEXTS) -> SearchStrategy[Brief]:
    return st.builds(
        Brief,
        role=texts,
        company=texts,
        seniority=st.none() | st.sampled_from(Seniority),
        kind=st.sampled_from(Kind),
        count=st.integers(1, 8),
        description=texts,
        skills=some(texts),
        mode=st.sampled_from(Mode),
        follow_ups=st.booleans(),
        rate_first=st.booleans(),
        cv=texts,
        practise=texts,
    )


@cache
def focuses(texts: Texts = TEXTS) -> SearchStrategy[Focus]:
    return st.builds(Focus, skills=some(texts), themes=some(texts))


@cache
def questions(texts: Texts = TEXTS) -> SearchStrategy[Question]:
    kinds = st.sampled_from(QuestionKind)
    return st.builds(
        Question,
        id=IDS,
        text=texts,
        kind=kinds,
        looks_for=some(texts),
        follows=st.booleans(),
    )


@cache
def transcripts(texts: Texts = TEXTS) -> SearchStrategy[Transcript]:
    words = st.builds(Word, texts, start=MILLISECONDS, end=MILLISECONDS, confidence=SHARES)
    return st.builds(
        Transcript,
        text=texts,
        words=st.lists(words, max_size=3).map(tuple),
        confidence=st.none() | AMOUNTS,
        language=st.sampled_from(["en", "de", ""]),
        verbatim=st.booleans(),
    )


@cache
def points(texts: Texts = TEXTS) -> SearchStrategy[Point]:
    return st.builds(Point, texts, texts)


@cache
def reviews(texts: Texts = TEXTS) -> SearchStrategy[Review]:
    stars = st.builds(Star, *[st.booleans()] * 4)
    return st.builds(
        Review,
        by=st.sampled_from(Reviewer),
        scores=st.lists(st.builds(Score, texts, st.integers(1, 5)), max_size=3).map(tuple),
        strength=st.none() | points(texts),
        fix=st.none() | points(texts),
        star=st.none() | stars,
        better=texts,
        off_topic=st.none() | points(texts),
        follow_up=texts,
    )


@cache
def hearings(texts: Texts = TEXTS) -> SearchStrategy[Hearing]:
    return st.one_of(
        recordings,
        jobs,
        st.builds(Heard, st.none() | transcripts(texts), st.none() | sounds),
        st.builds(Unheard, st.sampled_from(Fault)),
        st.builds(HearingStuck, problems, before=recordings | jobs, until=st.none() | TIMES),
    )


@cache
def verdicts(texts: Texts = TEXTS) -> SearchStrategy[Verdict]:
    reviewing = st.builds(Reviewing, ticket=TICKETS, attempt=st.integers(0, 9))
    return st.one_of(
        st.builds(Gathering),
        reviewing,
        st.builds(Deferred),
        st.builds(Reviewed, reviews(texts), stand_in=st.none() | problems),
        st.builds(Unscored, whys, quote=texts),
        st.builds(ReviewStuck, problems, before=reviewing, until=st.none() | TIMES),
    )


@cache
def notes(texts: Texts = TEXTS) -> SearchStrategy[Note]:
    voices = st.builds(VoiceNote, ref=IDS, seconds=st.none() | AMOUNTS)
    return st.builds(Note, voices | st.builds(TypedText, texts), hearings(texts))


@cache
def askings() -> SearchStrategy[Asking]:
    return st.builds(
        Asking,
        turn=st.integers(0, 2),
        asked=st.integers(0, 3),
        since=TIMES,
        stage=st.none() | st.sampled_from(Stage),
        ticket=TICKETS,
        opened=st.none() | st.sampled_from(Panel),
        correcting=st.booleans(),
        card=st.integers(0, 3),
    )


@cache
def phases(texts: Texts = TEXTS) -> SearchStrategy[Phase]:
    return st.one_of(
        st.builds(Idle),
        st.builds(
            SettingUp,
            detail=st.sampled_from(Detail),
            card=st.integers(0, 9),
            reading=st.none() | st.builds(Document, IDS, texts),
            reading_ticket=TICKETS,
            fault=st.none() | st.sampled_from(Fault),
            cv=st.none() | st.builds(Document, IDS, texts),
            starts=st.booleans(),
        ),
        st.builds(Preparing, TICKETS, stand_in=st.none() | problems),
        st.builds(Ready),
        askings(),
        st.builds(WrappingUp),
        st.builds(Judging, TICKETS),
        st.builds(Summing, TICKETS),
        st.builds(Finished, TIMES, summaries(texts), stand_in=st.none() | problems),
        st.builds(Stopped, TIMES),
    )


@cache
def summaries(texts: Texts = TEXTS) -> SearchStrategy[Summary]:
    return st.builds(
        Summary,
        by=st.sampled_from(Reviewer),
        headline=texts,
        changes=st.lists(points(texts), max_size=3).map(tuple),
    )


@cache
def takes(texts: Texts = TEXTS) -> SearchStrategy[tuple[Take, ...]]:
    """Of two questions, in the order in which they are made."""
    said = st.lists(notes(texts), min_size=1, max_size=2).map(tuple)
    places = st.lists(st.integers(1, 2), max_size=2).map(
        lambda counts: [(t, n + 1) for t, count in enumerate(counts) for n in range(count)]
    )
    return places.flatmap(
        lambda each: st.tuples(
            *(
                st.builds(
                    Take,
                    st.just(t),
                    st.just(n),
                    TIMES,
                    said,
                    verdicts(texts),
                    rating=st.none() | st.integers(0, 5),
                    correction=st.none() | texts,
                    late=AMOUNTS,
                )
                for t, n in each
            )
        )
    )


@cache
def interviews(texts: Texts = TEXTS) -> SearchStrategy[Interview]:
    return st.builds(
        Interview,
        key=IDS,
        rev=st.integers(0, 10_000),
        person=IDS,
        session=IDS,
        started_at=TIMES,
        ticket=TICKETS,
        brief=briefs(texts),
        phase=phases(texts),
        questions=st.tuples(questions(texts), questions(texts)),
        focus=focuses(texts),
        plan=st.sampled_from(Plan),
        stand_in=st.none() | problems,
        takes=takes(texts),
        copies=some(IDS),
    ).map(_of_a_question)


def _of_a_question(interview: Interview) -> Interview:
    """Asking of a question that there is."""
    phase = interview.phase
    if isinstance(phase, Asking):
        phase = replace(phase, turn=phase.turn % len(interview.questions))
    return replace(interview, phase=phase)


COUNTS = st.integers(0, 10_000)

deliveries = st.builds(
    Delivery,
    seconds=AMOUNTS,
    speaking=AMOUNTS,
    pauses=COUNTS,
    longest_pause=AMOUNTS,
    clipped=st.booleans(),
    words_per_minute=st.none() | AMOUNTS,
    fillers=st.none() | COUNTS,
    start_delay=AMOUNTS,
    articulation_rate=st.none() | AMOUNTS,
    phrase_fillers=st.none() | COUNTS,
    repetitions=st.none() | COUNTS,
    hedges=st.none() | COUNTS,
)


@cache
def answer_records() -> SearchStrategy[AnswerRecord]:
    return st.builds(
        AnswerRecord,
        turn=st.just(0),
        take=st.just(1),
        question=questions(),
        answered_at=TIMES,
        notes=some(IDS),
        text=TEXTS,
        transcripts=st.lists(transcripts(), max_size=2).map(tuple),
        delivery=st.none() | deliveries,
        review=st.none() | reviews(),
        unscored=st.none() | whys,
        number=st.integers(1, 9),
        corrected=st.booleans(),
        rating=st.none() | st.integers(1, 5),
        late=AMOUNTS,
        unscored_quote=TEXTS,
    )


@cache
def session_records() -> SearchStrategy[SessionRecord]:
    """One take at each of up to three questions."""
    answers = st.lists(answer_records(), max_size=3).map(
        lambda drawn: tuple(replace(answer, turn=turn) for turn, answer in enumerate(drawn))
    )
    return st.builds(
        SessionRecord,
        session=IDS,
        person=IDS,
        conversation=IDS,
        brief=briefs(),
        started_at=TIMES,
        ending=st.sampled_from(Ending),
        summary=st.none() | summaries(),
        answers=answers,
        focus=st.none() | focuses(),
    )
