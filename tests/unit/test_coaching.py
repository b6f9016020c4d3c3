"""Measures agree with a count by hand, and nothing is claimed that was not found in the answer."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.coaching import (
    BETTER_LIMIT,
    FEWEST_WORDS,
    LEAST_CONFIDENCE,
    POINT_LIMIT,
    QUOTE_LIMIT,
    Checklist,
    Delivery,
    Pause,
    Point,
    Review,
    Reviewer,
    Score,
    Sound,
    Transcript,
    Unscorable,
    Word,
    check_words,
    count_words,
    is_silent,
    keep_what_is_found,
    measure_delivery,
    quotes,
    shorten,
    unscorable,
)
from tests.strategies import reviews, sounds, transcripts

ANSWER = "Um, I found the slow query; I’ve halved its time, from 1,200 ms to 600."


def sound(
    seconds: float = 10.0, *pauses: Pause, speaking: float = 8.0, clipped: float = 0
) -> Sound:
    return Sound(seconds, speaking, start_delay=0.5, pauses=pauses, clipped=clipped)


def said(text: str, *, every: float = 0.5, language: str = "en") -> Transcript:
    """From 2 s on: each word begins `every` seconds after the last and takes 0.25 s."""
    starts = [(word, 2.0 + n * every) for n, word in enumerate(text.split())]
    words = tuple(Word(word, start, start + 0.25, 0.9) for word, start in starts)
    return Transcript(text, words, confidence=0.9, language=language)


class TestCountWords:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", 0),
            (" … — ?! 👍 ", 0),
            ("I don’t know", 3),
            ("C++ and C#, 100% sure", 5),
            ("Ｆｕｌｌ width", 2),
            ("שלום עולם", 2),
            ("one\ntwo\n\nthree", 3),
            ("<b>bold</b>", 3),
        ],
    )
    def test_counts_as_a_person_would(self, text: str, words: int) -> None:
        assert count_words(text) == words

    @given(st.text(), st.text())
    def test_two_texts_have_the_words_of_both(self, one: str, other: str) -> None:
        assert count_words(f"{one} {other}") == count_words(one) + count_words(other)


class TestUnscorable:
    def test_eight_words_are_enough(self) -> None:
        assert FEWEST_WORDS == 8
        assert unscorable("a b c d e f g", []) is Unscorable.TOO_SHORT
        assert unscorable("a b c d e f g h", []) is None

    def test_one_unclear_recording_makes_the_answer_unclear(self) -> None:
        text = "a b c d e f g h"
        clear, unclear = Transcript(text, confidence=0.9), Transcript(text, confidence=0.49)
        assert LEAST_CONFIDENCE == 0.5
        assert unscorable(text, [clear, Transcript(text)]) is None
        assert unscorable(text, [clear, unclear]) is Unscorable.UNCLEAR
        assert unscorable(text, [Transcript(text, confidence=0.5)]) is None

    def test_no_words_come_before_unclear_and_unclear_before_too_short(self) -> None:
        unclear = [Transcript("", confidence=0.0)]
        assert unscorable("...", unclear) is Unscorable.NO_WORDS
        assert unscorable("a b", unclear) is Unscorable.UNCLEAR

    @pytest.mark.parametrize(("speaking", "silent"), [(0.0, True), (0.49, True), (0.5, False)])
    def test_half_a_second_of_speech_is_not_silence(self, speaking: float, silent: bool) -> None:  # noqa: FBT001 - a row of the table
        assert is_silent(sound(speaking=speaking)) is silent


class TestDelivery:
    def test_of_one_recording(self) -> None:
        # 13 words, from 2 s to 8.25 s: 124.8 a minute.
        spoken = said("Um I found the uh slow query and then I halved its time")
        heard = sound(10.0, Pause(2.0, 3.5), Pause(5.0, 7.25), speaking=8.0)
        assert measure_delivery(((heard, spoken),)) == Delivery(
            seconds=10.0,
            speaking=8.0,
            pauses=2,
            longest_pause=2.25,
            clipped=False,
            words_per_minute=124.8,
            fillers=2,
        )

    def test_of_several_recordings_is_of_their_sum(self) -> None:
        # 3 words in 1.25 s and 5 words in 3.75 s: 8 words in 5 s, or 96 a minute.
        first = (sound(4.0, speaking=3.0), said("er we won"))
        second = (
            sound(6.0, Pause(1, 3), speaking=2.5, clipped=0.002),
            said("a b c d e", every=0.875),
        )
        assert measure_delivery((first, second)) == Delivery(
            seconds=10.0,
            speaking=5.5,
            pauses=1,
            longest_pause=2.0,
            clipped=True,
            words_per_minute=96.0,
            fillers=1,
        )

    def test_without_a_recording_is_none(self) -> None:
        assert measure_delivery(()) is None

    def test_without_a_transcript_is_what_sound_alone_tells(self) -> None:
        delivery = measure_delivery(((sound(), None), (sound(), said("er we won"))))
        assert delivery is not None
        assert (delivery.seconds, delivery.speaking) == (20.0, 16.0)
        assert (delivery.words_per_minute, delivery.fillers) == (None, None)

    @pytest.mark.parametrize("text", ["", "Yes", "a b"])
    def test_a_second_of_words_has_no_pace(self, text: str) -> None:
        delivery = measure_delivery(((sound(), said(text)),))
        assert delivery is not None
        assert delivery.words_per_minute is None

    @pytest.mark.parametrize(
        ("text", "language", "fillers"),
        [
            ("Um, so, uh… I, er, mm-hmm, yes", "en", 5),
            ("UM. Uhm! hmm?", "en_us", 3),
            ("umbrella, error, ahead, Uma", "en", 0),
            ("Um acht Uhr, äh", "de", None),
            ("um", "", None),
        ],
    )
    def test_fillers_are_whole_english_words(
        self, text: str, language: str, fillers: int | None
    ) -> None:
        delivery = measure_delivery(((sound(), said(text, language=language)),))
        assert delivery is not None
        assert delivery.fillers == fillers

    def test_fillers_are_not_counted_where_the_transcriber_drops_them(self) -> None:
        smoothed = replace(said("so we won the case"), verbatim=False)
        delivery = measure_delivery(((sound(), said("um yes we did")), (sound(), smoothed)))
        assert delivery is not None
        assert delivery.fillers is None
        assert delivery.words_per_minute is not None

    def test_a_thousandth_at_full_scale_is_not_yet_clipping(self) -> None:
        for clipped, expected in ((0.001, False), (0.0011, True)):
            delivery = measure_delivery(((sound(clipped=clipped), None),))
            assert delivery is not None
            assert delivery.clipped is expected

    @given(st.lists(st.tuples(sounds, st.none() | transcripts()), min_size=1, max_size=4))
    def test_of_anything_is_total(self, spoken: list[tuple[Sound, Transcript | None]]) -> None:
        delivery = measure_delivery(tuple(spoken))
        assert delivery is not None
        assert delivery.seconds == sum(each.seconds for each, _ in spoken)
        if any(transcript is None for _, transcript in spoken):
            assert (delivery.words_per_minute, delivery.fillers) == (None, None)


class TestChecklist:
    def test_counts_by_hand(self) -> None:
        text = (
            "First, I looked at the problem because we had lost 20 customers. "
            "Then I’ve rewritten our mail, and as a result twenty came back to us. My idea!"
        )
        assert check_words(text) == Checklist(
            words=28,
            structure_cues=5,  # first, the problem, because, then, as a result
            numbers=2,  # 20 and twenty
            first_person=3,  # I, I've, My
            first_person_plural=3,  # we, our, us
        )

    @pytest.mark.parametrize(
        ("text", "numbers"),
        [("1,200.50", 1), ("3 of 4, half", 3), ("weight and often", 0), ("Ten, TWICE", 2)],
    )
    def test_counts_a_number_once(self, text: str, numbers: int) -> None:
        assert check_words(text).numbers == numbers

    @given(st.text())
    def test_of_anything_is_total(self, text: str) -> None:
        checklist = check_words(text)
        assert checklist.words == count_words(text)
        assert min(checklist.structure_cues, checklist.numbers, checklist.first_person) >= 0


class TestQuotes:
    @pytest.mark.parametrize(
        "quote",
        [
            "I found the slow query",
            "i FOUND   the\nslow query!",
            "“I’ve halved its time”",
            "I've halved its time…",
            "from 1,200 ms",
            ANSWER,
        ],
    )
    def test_stand_in_the_answer_whatever_their_dress(self, quote: str) -> None:
        assert quotes(quote, ANSWER)

    @pytest.mark.parametrize(
        "quote",
        [
            "",
            " … ",
            "I found a slow query",
            "found the query",
            "low query",
            "the slow quer",
            "query slow the",
            "from 1,200 ms to 601",
        ],
    )
    def test_that_do_not_are_not_found(self, quote: str) -> None:
        assert not quotes(quote, ANSWER)

    def test_nothing_is_not_found_in_nothing(self) -> None:
        assert not quotes("", "")
        assert not quotes("?!", "…")

    @given(st.lists(st.sampled_from(ANSWER.split()), min_size=1, max_size=6), st.integers(0, 9))
    def test_are_found_just_where_their_words_stand_in_a_row(
        self, words: list[str], start: int
    ) -> None:
        plain = [word.strip(",;.") for word in ANSWER.split()]
        wanted = [word.strip(",;.") for word in words]
        rows = [plain[n : n + len(wanted)] for n in range(len(plain))]
        assert quotes(" ".join(words), ANSWER) == (wanted in rows)
        assert quotes(" ".join(plain[start : start + 3]), ANSWER)


class TestKeepWhatIsFound:
    def test_leaves_out_points_without_a_real_quote_or_without_text(self) -> None:
        real, invented = "found the slow query", "led a team of ten"
        review = Review(
            Reviewer.COACH, strength=Point("Good.", real), fix=Point("Say more.", invented)
        )
        kept = keep_what_is_found(review, ANSWER)
        assert (kept.strength, kept.fix) == (Point("Good.", real), None)
        for empty in (Point(" ", real), Point("Good.", ""), Point("Good.", "?!")):
            assert keep_what_is_found(Review(Reviewer.COACH, fix=empty), ANSWER).fix is None

    @pytest.mark.parametrize(
        ("better", "kept"),
        [
            ("I halved the query from 1200 ms to 600 ms.", True),
            ("I made the query much faster.", True),
            ("I made the query faster by [how much].", True),
            ("I cut it by 50%, from 1,200 ms to 600.", False),
            ("I cut 600 ms in 2019.", False),
            ("From 1,200.5 ms.", False),
            ("I saved 60 and 12.", False),
        ],
    )
    def test_leaves_out_a_better_version_with_a_figure_of_its_own(
        self,
        better: str,
        kept: bool,  # noqa: FBT001 - a row of the table
    ) -> None:
        review = keep_what_is_found(Review(Reviewer.COACH, better=better), ANSWER)
        assert review.better == (better if kept else "")

    def test_keeps_one_level_from_one_to_five_for_each_dimension(self) -> None:
        given_scores = [("content", 3), ("evidence", 0), ("structure", 6), ("content", 4)]
        scores = tuple(Score(dimension, level) for dimension, level in given_scores)
        kept = keep_what_is_found(Review(Reviewer.COACH, scores=scores), ANSWER)
        assert kept.scores == (Score("content", 4),)
        ends = (Score("content", 1), Score("evidence", 5))
        assert keep_what_is_found(Review(Reviewer.COACH, scores=ends), "").scores == ends

    def test_bounds_what_a_coach_runs_on_about(self) -> None:
        answer = "word " * 5_000
        point = Point("Well " * 1_000, answer)
        kept = keep_what_is_found(
            Review(Reviewer.COACH, strength=point, fix=point, better=answer), answer
        )
        assert kept.strength is not None
        assert len(kept.strength.text) <= POINT_LIMIT
        assert len(kept.strength.quote) <= QUOTE_LIMIT
        assert kept.fix == kept.strength
        assert 0 < len(kept.better) <= BETTER_LIMIT

    @given(reviews(st.text(max_size=20)), st.text())
    def test_adds_nothing_and_changes_nothing_the_second_time(
        self, review: Review, text: str
    ) -> None:
        kept = keep_what_is_found(review, text)
        assert keep_what_is_found(kept, text) == kept
        assert set(kept.scores) <= set(review.scores)
        for point in (kept.strength, kept.fix):
            assert point is None or quotes(point.quote, text)
        assert kept.better in ("", review.better)


class TestShorten:
    def test_cuts_between_words_and_marks_it(self) -> None:
        assert shorten("the quick brown fox", 19) == "the quick brown fox"
        assert shorten("the quick brown fox", 18) == "the quick brown…"
        assert shorten("unbreakable", 5) == "unbr…"

    @given(st.text(), st.integers(1, 20))
    def test_keeps_within_any_limit(self, text: str, limit: int) -> None:
        short = shorten(text, limit)
        assert len(short) <= limit
        assert (short == text) == (len(text) <= limit)
        assume(len(text) > limit)
        assert short.endswith("…")
        assert short.removesuffix("…") in text


@pytest.mark.parametrize(
    ("text", "words"),
    [("% % % % % % % %", 0), ("1,200 rows", 2), ("我改进了查询", 6), ("‘quoted’ words", 2)],
)
def test_words_are_counted_in_every_script(text: str, words: int) -> None:
    assert count_words(text) == words


@pytest.mark.parametrize("quote", ["'the slow query'", "‘the slow query’", "“The slow query.”"])
def test_a_quote_is_found_whatever_marks_it_wears(quote: str) -> None:
    assert quotes(quote, ANSWER)


@pytest.mark.parametrize("better", ["I saved forty percent.", "It had 600M rows.", "Two million."])
def test_a_figure_in_words_is_a_figure(better: str) -> None:
    review = Review(Reviewer.COACH, better=better)
    assert keep_what_is_found(review, ANSWER).better == ""
