"""Measures agree with a count by hand; what was not measured stays so."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching import Delivery, Pause, Sound, Transcript, Word
from bot.delivery import (
    Mark,
    Marked,
    Measure,
    Position,
    delivery_level,
    mark,
    mean_readings,
    measure_delivery,
    readings,
)
from tests.strategies import sounds, transcripts

# A minute of speech that nothing can be said against.
EVEN = Delivery(
    seconds=75.0,
    speaking=60.0,
    pauses=2,
    longest_pause=1.5,
    clipped=False,
    words_per_minute=150.0,
    fillers=1,
    start_delay=1.0,
    articulation_rate=4.5,
    phrase_fillers=1,
    repetitions=1,
    hedges=2,
)


def sound(
    seconds: float = 10.0, *pauses: Pause, speaking: float = 8.0, clipped: float = 0
) -> Sound:
    return Sound(seconds, speaking, start_delay=0.5, pauses=pauses, clipped=clipped)


def said(text: str, *, every: float = 0.5, language: str = "en") -> Transcript:
    """From 2 s on: each word begins `every` seconds after the last and takes 0.25 s."""
    starts = [(word, 2.0 + n * every) for n, word in enumerate(text.split())]
    words = tuple(Word(word, start, start + 0.25, 0.9) for word, start in starts)
    return Transcript(text, words, confidence=0.9, language=language)


def measured(*spoken: tuple[Sound, Transcript | None]) -> Delivery:
    delivery = measure_delivery(spoken)
    assert delivery is not None
    return delivery


def values(delivery: Delivery) -> dict[Measure, float | None]:
    return {reading.measure: reading.value for reading in readings(delivery)}


class TestMeasureDelivery:
    def test_of_one_recording(self) -> None:
        # 13 words, from 2 s to 8.25 s: 124.8 a minute. Without the two fillers, which take 0.25 s
        # each, 12 syllables in 5.75 s.
        spoken = said("Um I found the uh slow query and then I halved its time")
        heard = sound(10.0, Pause(2.0, 3.5), Pause(5.0, 7.25), speaking=8.0)
        assert measured((heard, spoken)) == Delivery(
            seconds=10.0,
            speaking=8.0,
            pauses=2,
            longest_pause=2.25,
            clipped=False,
            words_per_minute=124.8,
            fillers=2,
            start_delay=0.5,
            articulation_rate=12 / 5.75,
            phrase_fillers=0,
            repetitions=0,
            hedges=0,
        )

    def test_of_several_recordings_is_of_their_sum(self) -> None:
        # 3 words in 1.25 s and 5 words in 3.75 s: 8 words in 5 s, or 96 a minute.
        first = (sound(4.0, speaking=3.0), said("er we won"))
        second = (
            sound(6.0, Pause(1, 3), speaking=2.5, clipped=0.002),
            said("we we maybe basically won", every=0.875),
        )
        assert measured(first, second) == Delivery(
            seconds=10.0,
            speaking=5.5,
            pauses=1,
            longest_pause=2.0,
            clipped=True,
            words_per_minute=96.0,
            fillers=1,
            start_delay=0.5,
            articulation_rate=11 / 4.75,
            phrase_fillers=1,
            repetitions=1,
            hedges=1,
        )

    def test_without_a_recording_is_none(self) -> None:
        assert measure_delivery(()) is None

    def test_without_a_transcript_is_what_sound_alone_tells(self) -> None:
        delivery = measured((sound(), None), (sound(), said("er we won")))
        assert (delivery.seconds, delivery.speaking, delivery.start_delay) == (20.0, 16.0, 0.5)
        assert (delivery.words_per_minute, delivery.articulation_rate) == (None, None)
        assert (delivery.fillers, delivery.phrase_fillers) == (None, None)
        assert (delivery.repetitions, delivery.hedges) == (None, None)

    @pytest.mark.parametrize("text", ["", "Yes", "a b"])
    def test_a_second_of_words_has_no_pace(self, text: str) -> None:
        delivery = measured((sound(), said(text)))
        assert (delivery.words_per_minute, delivery.articulation_rate) == (None, None)

    def test_a_gap_of_a_second_is_left_out_of_the_articulation(self) -> None:
        # Two runs of 3 words, 1.25 s each, a gap of 1.0 or of 0.9 s between them.
        for gap, seconds in ((1.0, 2.5), (0.875, 3.375)):
            first = said("we found it").words
            later = tuple(
                replace(word, start=word.start + 1.25 + gap, end=word.end + 1.25 + gap)
                for word in first
            )
            transcript = Transcript("we found it we found it", first + later)
            assert measured((sound(), transcript)).articulation_rate == 6 / seconds

    @pytest.mark.parametrize(
        ("language", "counted"), [("en", 5), ("en_us", 5), ("de", None), ("", None)]
    )
    def test_what_is_counted_by_rules_of_english_is_counted_in_english(
        self, language: str, counted: int | None
    ) -> None:
        text = "Um, so, uh… I, er, mm-hmm, yes"
        delivery = measured((sound(), said(text, language=language)))
        assert delivery.fillers == counted
        others = (delivery.phrase_fillers, delivery.repetitions, delivery.hedges)
        assert others == ((0, 0, 0) if counted else (None, None, None))
        assert (delivery.articulation_rate is None) == (counted is None)
        assert delivery.words_per_minute is not None

    def test_nothing_is_counted_where_the_transcriber_drops_fillers(self) -> None:
        smoothed = replace(said("so we won the case"), verbatim=False)
        delivery = measured((sound(), said("um yes we did")), (sound(), smoothed))
        assert (delivery.fillers, delivery.phrase_fillers) == (None, None)
        assert (delivery.repetitions, delivery.hedges) == (None, None)
        assert delivery.words_per_minute is not None
        assert delivery.articulation_rate is not None

    def test_a_thousandth_at_full_scale_is_not_yet_clipping(self) -> None:
        for clipped, expected in ((0.001, False), (0.0011, True)):
            assert measured((sound(clipped=clipped), None)).clipped is expected

    @given(st.lists(st.tuples(sounds, st.none() | transcripts()), min_size=1, max_size=4))
    def test_of_anything_is_total(self, spoken: list[tuple[Sound, Transcript | None]]) -> None:
        delivery = measured(*spoken)
        assert delivery.seconds == sum(each.seconds for each, _ in spoken)
        if any(transcript is None for _, transcript in spoken):
            assert (delivery.words_per_minute, delivery.fillers) == (None, None)
        assert tuple(values(delivery)) == tuple(Measure)
        assert delivery_level(delivery) in (None, 1, 2, 3, 4, 5)


class TestReadings:
    def test_are_one_for_each_measure_in_order(self) -> None:
        assert values(replace(EVEN, speaking=40.0, seconds=51.0)) == {
            Measure.PACE: 150.0,
            Measure.ARTICULATION: 4.5,
            Measure.FILLERS: 3.0,
            Measure.START_DELAY: 1.0,
            Measure.PAUSES: 3.0,
            Measure.LONGEST_PAUSE: 1.5,
            Measure.SPEAKING_SHARE: 0.8,
            Measure.REPETITIONS: 1.5,
            Measure.HEDGES: 3.0,
        }

    def test_of_less_than_ten_seconds_of_speech_have_no_rates(self) -> None:
        rates = (Measure.FILLERS, Measure.PAUSES, Measure.REPETITIONS, Measure.HEDGES)
        for speaking, without in ((9.99, True), (10.0, False)):
            found = values(replace(EVEN, speaking=speaking))
            assert [found[rate] is None for rate in rates] == [without] * 4
            assert (found[Measure.SPEAKING_SHARE] is None) == without
            assert found[Measure.PACE] == 150.0

    def test_have_a_range_that_an_even_delivery_keeps(self) -> None:
        assert {reading.position for reading in readings(EVEN)} == {Position.WITHIN}

    @pytest.mark.parametrize(
        ("changed", "measure", "position"),
        [
            ({"words_per_minute": 119.0}, Measure.PACE, Position.BELOW),
            ({"words_per_minute": 191.0}, Measure.PACE, Position.ABOVE),
            ({"articulation_rate": 6.1}, Measure.ARTICULATION, Position.ABOVE),
            ({"fillers": 5}, Measure.FILLERS, Position.ABOVE),
            ({"phrase_fillers": 5}, Measure.FILLERS, Position.ABOVE),
            ({"start_delay": 3.1}, Measure.START_DELAY, Position.ABOVE),
            ({"pauses": 9}, Measure.PAUSES, Position.ABOVE),
            ({"longest_pause": 3.1}, Measure.LONGEST_PAUSE, Position.ABOVE),
            ({"seconds": 102.0}, Measure.SPEAKING_SHARE, Position.BELOW),
            ({"repetitions": 4}, Measure.REPETITIONS, Position.ABOVE),
            ({"hedges": 5}, Measure.HEDGES, Position.ABOVE),
        ],
    )
    def test_outside_of_it_cost_a_level_each(
        self, changed: dict[str, float], measure: Measure, position: Position
    ) -> None:
        delivery = replace(EVEN, **changed)  # type: ignore[arg-type]  # each row fits its field
        outside = [r for r in readings(delivery) if r.position is not Position.WITHIN]
        assert [(r.measure, r.position) for r in outside] == [(measure, position)]
        assert delivery_level(delivery) == 4

    def test_over_answers_are_means_of_those_measured(self) -> None:
        silent = replace(EVEN, words_per_minute=None, fillers=None, longest_pause=2.5)
        slow = replace(EVEN, words_per_minute=110.0)
        means = {reading.measure: reading for reading in mean_readings([EVEN, silent, slow])}
        assert tuple(means) == tuple(Measure)
        assert means[Measure.PACE].value == 130.0
        assert means[Measure.FILLERS].value == 2.0
        assert means[Measure.LONGEST_PAUSE].value == pytest.approx(5.5 / 3)
        assert (means[Measure.PACE].low, means[Measure.PACE].high) == (120, 190)

    def test_over_no_answers_are_none(self) -> None:
        assert [reading.value for reading in mean_readings([])] == [None] * len(Measure)


class TestLevel:
    def test_runs_from_five_to_one(self) -> None:
        worse = {"words_per_minute": 90.0, "hedges": 9, "start_delay": 5.0, "longest_pause": 9.0}
        delivery = EVEN
        levels = [delivery_level(delivery)]
        for name, value in {**worse, "repetitions": 9}.items():
            delivery = replace(delivery, **{name: value})  # type: ignore[arg-type]  # as above
            levels.append(delivery_level(delivery))
        assert levels == [5, 4, 3, 2, 1, 1]

    def test_of_too_little_is_none(self) -> None:
        assert delivery_level(replace(EVEN, words_per_minute=None)) is None
        assert delivery_level(replace(EVEN, speaking=9.9)) is None


class TestMark:
    def test_makes_out_fillers_and_long_pauses(self) -> None:
        text = "Um, I found, you know, the query."
        times = [0.0, 2.25, 2.75, 3.25, 3.5, 6.0, 6.5]
        words = tuple(
            Word(word, start, start + 0.25, 0.9)
            for word, start in zip(text.split(), times, strict=True)
        )
        assert mark(Transcript(text, words)) == (
            Marked(Mark.FILLER, "Um"),
            Marked(Mark.PLAIN, ", "),
            Marked(Mark.PAUSE, seconds=2.0),
            Marked(Mark.PLAIN, "I found, "),
            Marked(Mark.FILLER, "you know"),
            Marked(Mark.PLAIN, ", "),
            Marked(Mark.PAUSE, seconds=2.25),
            Marked(Mark.PLAIN, "the query."),
        )

    def test_a_pause_may_lie_within_a_filler(self) -> None:
        words = (Word("you", 0, 0.5, 0.9), Word("know", 2, 2.5, 0.9), Word("it", 3, 3.5, 0.9))
        runs = mark(Transcript("So, you know, we", words))
        assert [(run.mark, run.text) for run in runs] == [
            (Mark.PLAIN, "So, "),
            (Mark.FILLER, "you "),
            (Mark.PAUSE, ""),
            (Mark.FILLER, "know"),
            (Mark.PLAIN, ", we"),
        ]

    def test_marks_no_fillers_where_none_are_counted(self) -> None:
        for transcript in (Transcript("um yes", language="de"), Transcript("um", verbatim=False)):
            assert mark(transcript) == (Marked(Mark.PLAIN, transcript.text),)

    @given(transcripts(st.text("um, youknwi.?! ", max_size=30)) | transcripts())
    def test_loses_nothing_of_the_text(self, transcript: Transcript) -> None:
        runs = mark(transcript)
        assert "".join(run.text for run in runs) == transcript.text
        assert all(run.seconds >= 1 for run in runs if run.mark is Mark.PAUSE)
        assert all(run.text for run in runs if run.mark is not Mark.PAUSE)
