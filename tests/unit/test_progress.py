"""Progress is told of what was practised, and claims no change that nobody would notice."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching import Delivery, Score
from bot.delivery import Measure
from bot.progress import (
    DAY,
    LEAST_CHANGE,
    POINTS_LIMIT,
    QUESTIONS_LIMIT,
    Direction,
    LevelChange,
    MeasureTrend,
    Practised,
    Progress,
    Streak,
    compare,
    distance,
    progress_of,
)
from bot.questions import DIMENSIONS
from tests import strategies

NOON = 20_000.5 * DAY
CALM = Delivery(
    seconds=60,
    speaking=60,
    pauses=0,
    longest_pause=0.0,
    clipped=False,
    words_per_minute=150,
    fillers=2,
    start_delay=0.5,
    articulation_rate=4.5,
    phrase_fillers=0,
    repetitions=0,
    hedges=0,
)


def take(
    session: str,
    at: float = NOON,
    question: str = "Why?",
    number: int = 1,
    rating: int | None = None,
    delivery: Delivery | None = None,
    **levels: int,
) -> Practised:
    scores = tuple(Score(dimension, level) for dimension, level in levels.items())
    return Practised(session, at, question, number, scores, delivery, rating)


def content_of(progress: Progress) -> tuple[float, ...]:
    return next(found.trend.points for found in progress.levels if found.dimension == "content")


def measure_of(progress: Progress, measure: Measure) -> MeasureTrend:
    return next(found for found in progress.measures if found.measure is measure)


def fillers(*per_minute: int) -> MeasureTrend:
    takes = [
        take(f"s{n}", NOON + n, delivery=replace(CALM, fillers=count))
        for n, count in enumerate(per_minute)
    ]
    return measure_of(progress_of(tuple(takes), NOON), Measure.FILLERS)


def test_nothing_practised_is_no_progress() -> None:
    progress = progress_of((), NOON)
    assert (progress.sessions, progress.answers, progress.streak) == (0, 0, Streak(0, 0))
    assert not any((progress.levels, progress.measures, progress.questions))
    assert progress.self_rating is None
    assert progress.practise_next.dimension is None
    assert progress.practise_next.reading is None


def test_a_session_counts_as_the_mean_over_its_questions_latest_takes() -> None:
    takes = (
        take("s", NOON, "Why?", 1, content=1),
        take("s", NOON + 1, "How?", 1, content=2),
        take("s", NOON + 2, "Why?", 2, content=5),
    )
    assert content_of(progress_of(takes, NOON)) == (3.5,)
    assert content_of(progress_of(takes[::-1], NOON)) == (3.5,)


def test_sessions_are_in_the_order_in_which_they_began() -> None:
    takes = (
        take("early", NOON, "Why?", content=1),
        take("late", NOON + 1, content=4),
        take("early", NOON + 2, "How?", content=2),
    )
    assert content_of(progress_of(takes, NOON)) == (1.5, 4)


def test_only_the_last_sessions_are_shown() -> None:
    takes = tuple(take(f"s{n}", NOON + n, content=1 + n % 5, rating=3) for n in range(30))
    progress = progress_of(takes, NOON)
    assert len(content_of(progress)) == POINTS_LIMIT
    assert content_of(progress)[-1] == 1 + 29 % 5
    assert progress.self_rating is not None
    assert len(progress.self_rating.points) == POINTS_LIMIT
    assert progress.sessions == progress.answers == 30


@pytest.mark.parametrize(
    ("first", "latest", "direction"),
    [(2, 4, Direction.BETTER), (4, 3, Direction.WORSE), (3, 3, Direction.SAME)],
)
def test_levels_go_up_or_down(first: int, latest: int, direction: Direction) -> None:
    progress = progress_of((take("a", evidence=first), take("b", NOON + 1, evidence=latest)), NOON)
    trend = progress.levels[0].trend
    assert (trend.first, trend.latest, trend.best) == (first, latest, max(first, latest))
    assert trend.direction is direction


def test_a_small_step_between_means_is_no_change() -> None:
    takes = [take("a", NOON + n, f"Q{n}", content=3) for n in range(3)]
    takes += [take("b", NOON + 9 + n, f"Q{n}", content=4 if n == 0 else 3) for n in range(3)]
    assert progress_of(tuple(takes), NOON).levels[0].trend.direction is Direction.SAME


def test_one_session_has_no_direction() -> None:
    progress = progress_of((take("a", content=2, rating=3, delivery=CALM),), NOON)
    assert {found.trend.direction for found in progress.levels} == {None}
    assert {found.direction for found in progress.measures} == {None}
    assert progress.self_rating is not None
    assert progress.self_rating.direction is None


def test_dimensions_are_in_the_order_of_the_rubric_and_delivery_is_last() -> None:
    scores = tuple(Score(dimension, 3) for dimension in ("charm", *reversed(DIMENSIONS)))
    scored = replace(take("a"), scores=scores)
    found = [found.dimension for found in progress_of((scored,), NOON).levels]
    assert found == ["content", "structure", "evidence", "relevance", "delivery"]


@pytest.mark.parametrize(
    ("counts", "direction"),
    [
        ((9, 4), Direction.BETTER),
        ((9, 7), Direction.BETTER),
        ((4, 9), Direction.WORSE),
        ((9, 9), Direction.SAME),
        ((1, 4), Direction.SAME),  # both comfortable
    ],
)
def test_a_measure_is_better_nearer_to_its_range(
    counts: tuple[int, ...], direction: Direction
) -> None:
    assert fillers(*counts).direction is direction


def test_the_best_of_a_measure_is_nearest_to_its_range_and_latest() -> None:
    assert fillers(9, 2, 4, 7).best.value == 4
    assert fillers(9, 8, 12).best.value == 8


def test_what_was_not_measured_has_no_trend() -> None:
    silent = replace(CALM, fillers=None, words_per_minute=None)
    takes = (take("a", delivery=silent), take("b", NOON + 1, delivery=CALM), take("c", NOON + 2))
    progress = progress_of(takes, NOON)
    assert [reading.value for reading in measure_of(progress, Measure.PACE).points] == [150]
    unmeasured = progress_of(takes[:1], NOON).measures
    assert Measure.PACE not in {found.measure for found in unmeasured}


def test_each_question_has_its_best_and_its_latest_take() -> None:
    takes = (
        take("a", NOON, "Why?", content=4, structure=5),
        take("a", NOON + 1, "How?", content=1),
        take("a", NOON + 2, "Who?", delivery=CALM),
        take("b", NOON + 3, "Why?", content=2, structure=3),
    )
    why, how = progress_of(takes, NOON).questions
    assert (why.question, why.takes, why.latest, why.best) == ("Why?", 2, 2.5, 4.5)
    assert (how.question, how.takes, how.latest, how.best) == ("How?", 1, 1, 1)


def test_only_the_questions_answered_last_are_kept() -> None:
    takes = tuple(take("a", NOON + n, f"Q{n}", content=3) for n in range(20))
    questions = progress_of(takes, NOON).questions
    assert [found.question for found in questions] == [
        f"Q{n}" for n in range(19, 19 - QUESTIONS_LIMIT, -1)
    ]


@pytest.mark.parametrize(
    ("days_ago", "streak"),
    [
        ([0], Streak(1, 1)),
        ([1], Streak(1, 1)),
        ([2], Streak(0, 1)),
        ([0, 1, 2, 5, 6, 7, 8], Streak(3, 4)),
        ([1, 2], Streak(2, 2)),
        ([0, 2, 3], Streak(1, 2)),
        ([0, 0, 0], Streak(1, 1)),
    ],
)
def test_a_streak_is_of_days_up_to_today_or_yesterday(days_ago: list[int], streak: Streak) -> None:
    takes = tuple(take(f"s{n}", NOON - ago * DAY) for n, ago in enumerate(days_ago))
    assert progress_of(takes, NOON).streak == streak


def test_own_ratings_are_set_against_the_levels_of_the_same_take() -> None:
    takes = (
        take("a", NOON, content=2, structure=2, rating=5),
        take("a", NOON + 1, number=2, content=4, structure=4, rating=5),
        take("b", NOON + 2, content=3, rating=2),
        take("b", NOON + 3, "How?", rating=5),
        take("c", NOON + 4, content=3),
    )
    found = progress_of(takes, NOON).self_rating
    assert found is not None
    assert found.points == (2, -1)
    assert (found.best, found.direction) == (-1, Direction.BETTER)


def test_the_weakest_of_the_last_sessions_is_practised_next() -> None:
    takes = (
        take("a", NOON, content=1, evidence=5),
        take("b", NOON + 1, content=5, evidence=2),
        take("c", NOON + 2, content=5, evidence=3),
        take("d", NOON + 3, content=5, evidence=4),
        take("e", NOON + 4, delivery=CALM),
    )
    chosen = progress_of(takes, NOON).practise_next
    assert (chosen.dimension, chosen.level, chosen.reading) == ("evidence", 3, None)


def test_of_equally_weak_dimensions_the_first_of_the_rubric_is_practised() -> None:
    tied = take("a", delivery=None, relevance=2, structure=2, content=4)
    assert progress_of((tied,), NOON).practise_next.dimension == "structure"


def test_the_measure_farthest_outside_is_practised_in_changes_that_count() -> None:
    # 20 words a minute are two changes, 4 fillers a minute are four.
    spoken = replace(CALM, words_per_minute=210, fillers=9)
    chosen = progress_of((take("a", delivery=spoken),), NOON).practise_next.reading
    assert chosen is not None
    assert chosen.measure is Measure.FILLERS


def test_two_takes_are_compared_in_what_moved() -> None:
    before = (Score("evidence", 2), Score("content", 3), Score("relevance", 4))
    after = (Score("evidence", 4), Score("content", 3), Score("delivery", 4))
    rushed = replace(CALM, words_per_minute=205, fillers=9)
    better = replace(CALM, words_per_minute=196, fillers=4)
    found = compare((before, rushed), (after, better))
    assert found.levels == (LevelChange("evidence", 2, 4),)
    (moved,) = found.measures
    assert (moved.before.measure, moved.before.value, moved.after.value) == (
        Measure.FILLERS,
        9,
        4,
    )
    assert moved.direction is Direction.BETTER
    (back,) = compare(((), better), ((), rushed)).measures
    assert back.direction is Direction.WORSE


def test_without_a_recording_no_measure_moves() -> None:
    assert compare(((), None), ((), CALM)).measures == ()
    assert compare(((), replace(CALM, fillers=None)), ((), CALM)).measures == ()


@given(delivery=strategies.deliveries)
def test_a_take_does_not_differ_from_itself(delivery: Delivery) -> None:
    scores = (Score("content", 3),)
    found = compare((scores, delivery), (scores, delivery))
    assert not found.levels
    assert not found.measures


@pytest.mark.parametrize("measure", Measure)
def test_each_measure_has_a_least_change(measure: Measure) -> None:
    assert LEAST_CHANGE[measure] > 0


@given(
    st.lists(
        st.builds(
            Practised,
            session=st.sampled_from("abc"),
            answered_at=strategies.TIMES,
            question=strategies.TEXTS,
            take=st.integers(1, 3),
            scores=st.lists(
                st.builds(Score, st.sampled_from([*DIMENSIONS, "charm"]), st.integers(1, 5)),
                max_size=4,
            ).map(tuple),
            delivery=st.none() | strategies.deliveries,
            rating=st.none() | st.integers(1, 5),
        ),
        max_size=12,
    ).map(tuple),
    strategies.TIMES,
)
def test_whatever_was_practised_has_progress_within_bounds(
    practised: tuple[Practised, ...], now: float
) -> None:
    progress = progress_of(practised, now)
    assert all(1 <= point <= 5 for found in progress.levels for point in found.trend.points)
    for found in progress.measures:
        assert all(distance(found.best) <= distance(point) for point in found.points)
    assert 0 <= progress.streak.current <= progress.streak.longest <= len(practised)
    nearest = progress.practise_next.reading
    assert nearest is None or distance(nearest) > 0
