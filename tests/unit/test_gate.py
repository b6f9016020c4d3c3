"""What cannot be judged fairly is not judged, and what can is."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching import Sound, Transcript, Unscorable
from bot.gate import FEWEST_WORDS, LEAST_CONFIDENCE, is_silent, unscorable
from bot.language import is_english
from bot.questions import bank
from bot.words import count_words

DATA = Path(__file__).parents[1] / "data"
ENGLISH = (DATA / "english_answers.txt").read_text("utf-8").splitlines()
OTHERS = [line.split("\t") for line in (DATA / "other_answers.txt").read_text("utf-8").splitlines()]
QUESTION = "Tell me about a time your pipeline gave late or wrong data to people who relied on it."
EIGHT = "I found the slow query and halved it"


def refused(text: str, *transcripts: Transcript, question: str = QUESTION) -> Unscorable | None:
    return unscorable(text, transcripts, question)


class TestLength:
    def test_eight_words_are_enough(self) -> None:
        assert FEWEST_WORDS == 8
        assert refused("I found the slow query and it") is Unscorable.TOO_SHORT
        assert refused(EIGHT) is None

    @pytest.mark.parametrize("text", ["", "…", "?! 👍"])
    def test_without_a_word_there_is_nothing(self, text: str) -> None:
        assert refused(text) is Unscorable.NO_WORDS

    @pytest.mark.parametrize(("speaking", "silent"), [(0.0, True), (0.49, True), (0.5, False)])
    def test_half_a_second_of_speech_is_not_silence(self, speaking: float, silent: bool) -> None:  # noqa: FBT001 - a row of the table
        sound = Sound(10.0, speaking, start_delay=0.5, pauses=(), clipped=0.0)
        assert is_silent(sound) is silent


class TestConfidence:
    def test_one_unclear_recording_makes_the_answer_unclear(self) -> None:
        clear, unclear = Transcript(EIGHT, confidence=0.9), Transcript(EIGHT, confidence=0.49)
        assert LEAST_CONFIDENCE == 0.5
        assert refused(EIGHT, clear, Transcript(EIGHT)) is None
        assert refused(EIGHT, clear, unclear) is Unscorable.UNCLEAR
        assert refused(EIGHT, Transcript(EIGHT, confidence=0.5)) is None

    def test_no_words_come_before_unclear_and_unclear_before_too_short(self) -> None:
        unclear = Transcript("", confidence=0.0)
        assert refused("...", unclear) is Unscorable.NO_WORDS
        assert refused("a b", unclear) is Unscorable.UNCLEAR

    def test_what_is_clear_beside_it_may_be_enough(self) -> None:
        unclear = Transcript("mumble mumble", confidence=0.1)
        assert refused(f"{EIGHT}\nmumble mumble", Transcript(EIGHT), unclear) is None


class TestLanguage:
    def test_the_transcriber_is_believed(self) -> None:
        heard = Transcript(EIGHT, confidence=0.9, language="de")
        assert refused(EIGHT, heard) is Unscorable.LANGUAGE
        for english in ("en", "en_us", "en-GB", ""):
            assert refused(EIGHT, Transcript(EIGHT, language=english)) is None

    def test_a_foreign_recording_beside_enough_english_is_no_matter(self) -> None:
        foreign = Transcript("ja genau", language="de")
        assert refused(f"{EIGHT}\nja genau", Transcript(EIGHT), foreign) is None

    @pytest.mark.parametrize("text", ENGLISH)
    def test_no_english_answer_is_refused(self, text: str) -> None:
        assert is_english(text)

    def test_one_foreign_word_again_and_again_is_a_term(self) -> None:
        assert is_english("Legal terms: de facto, de jure, de novo, de minimis.")

    def test_no_question_of_the_bank_is_refused(self) -> None:
        texts = [
            text
            for family in bank().families.values()
            for question in family.questions
            for text in (question.text, *question.looks_for)
        ]
        assert len(texts) > 900
        assert [text for text in texts if count_words(text) > 1 and not is_english(text)] == []

    def test_of_the_others_as_many_pass_as_is_documented(self) -> None:
        passed = [(language, text) for language, text in OTHERS if is_english(text)]
        assert len(OTHERS) == 88
        assert len(passed) <= 7, passed

    def test_another_language_is_said_to_be_one(self) -> None:
        german = "Ich habe die langsame Abfrage gefunden und mit einem Index halbiert"
        assert refused(german) is Unscorable.LANGUAGE
        assert refused("asdf jkl qwer zxcv asdf lkjh poiu mnbv") is Unscorable.LANGUAGE


class TestEcho:
    @pytest.mark.parametrize(
        "text",
        [
            QUESTION,
            QUESTION.upper(),
            f"{QUESTION} {QUESTION}",
            f"Okay so, {QUESTION}",
            "Well, a time your pipeline gave late or wrong data to people, hm, I guess so",
        ],
    )
    def test_the_question_given_back_is_no_answer(self, text: str) -> None:
        assert refused(text) is Unscorable.ECHO

    @pytest.mark.parametrize(
        "text",
        [
            f"{QUESTION} Last year the nightly load lost rows and I added a check.",
            "A time your pipeline gave wrong data: the load lost rows, I added a check.",
            "We gave late or wrong data twice; I apologised first.",
        ],
    )
    def test_an_answer_that_takes_it_up_is_one(self, text: str) -> None:
        assert refused(text) is None

    def test_a_question_of_two_words_is_never_given_back(self) -> None:
        assert refused(EIGHT, question="Why me?") is None
        assert refused(EIGHT, question="") is None


@given(st.text(), st.text(), st.sampled_from(["en", "de", ""]))
def test_of_anything_is_total(text: str, question: str, language: str) -> None:
    why = unscorable(text, [Transcript(text, language=language)], question)
    assert (why is Unscorable.NO_WORDS) == (count_words(text) == 0)
    if 0 < count_words(text) < FEWEST_WORDS:
        assert why is not None
