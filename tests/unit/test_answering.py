"""One question: every note is kept, and what is typed and pressed counts once."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering import ANSWER_LIMIT, NOTES_LIMIT, RATINGS
from bot.brief import Brief, clean_text
from bot.coaching import Plan, Point, Review, Reviewer, Transcript, Unscorable
from bot.events import CopyDeleted, Document, DocumentSent, Move, StopRequested, VoiceNote
from bot.gate import unscorable
from bot.history import record_of
from bot.interview import (
    TAKES_LIMIT,
    Asking,
    Deferred,
    Gathering,
    Heard,
    Interview,
    Panel,
    Reason,
    Reviewed,
    Reviewing,
    Unheard,
    Unscored,
    delivery_of,
    heard_in,
    text_of,
)
from bot.problems import Fault, Problem, ProblemKind
from bot.screens import (
    CorrectingScreen,
    FeedbackScreen,
    RatingScreen,
    ThinkingScreen,
    UnscoredScreen,
    screen_for,
)
from bot.step import Moved, Refused, step
from bot.work import AwaitTranscript, DeleteCopy, ReviewAnswer, Transcribe, work_for
from tests.answers import (
    ASKED,
    MORE,
    REVIEW,
    SCORED,
    SOUND,
    SPEECH,
    after,
    begun,
    failed,
    heard,
    last,
    pressed,
    queued,
    rejected,
    reviewed,
    spoken,
    typed,
    waited,
)

PASSING = [ProblemKind.BUSY, ProblemKind.DOWN]
LASTING = [ProblemKind.QUOTA, ProblemKind.MISCONFIGURED]
ODD = "\x00\x1b\r\n\t \u2028\u200b\u200d\ufeff\ud800\u202e\u2066אב😀<&>'"
ANYTHING = st.text(st.characters(exclude_categories=()) | st.sampled_from(ODD), max_size=60)


class TestTypedAnswer:
    def test_is_judged_at_once(self) -> None:
        answered = after(ASKED, typed())
        assert text_of(last(answered)) == SPEECH
        assert last(answered).answered_at == 100.0
        assert work_for(answered) == (ReviewAnswer(1),)

    @pytest.mark.parametrize("text", ["", " \n\t ", "\x00\x1b", "\u202e\u2066", "\ud83d"])
    def test_with_nothing_in_it_is_asked_for_again(self, text: str) -> None:
        assert step(ASKED, typed(text)) == Refused(Reason.EMPTY)

    @given(ANYTHING)
    def test_is_kept_clean_and_judged_only_if_it_says_enough(self, text: str) -> None:
        stepped = step(ASKED, typed(text))
        kept = clean_text(text, ANSWER_LIMIT)
        if not kept:
            assert stepped == Refused(Reason.EMPTY)
            return
        assert isinstance(stepped, Moved)
        assert text_of(last(stepped.interview)) == kept
        enough = unscorable(kept, [Transcript(kept)], "Why?") is None
        assert isinstance(last(stepped.interview).verdict, Reviewing if enough else Unscored)
        assert bool(work_for(stepped.interview)) == enough

    def test_of_a_hundred_thousand_characters_is_cut(self) -> None:
        text = text_of(last(after(ASKED, typed("word " * 20_000))))
        assert text == ("word " * 20_000)[:ANSWER_LIMIT].strip()


class TestSpokenAnswer:
    def test_is_transcribed_then_judged_then_left_for_the_next_question(self) -> None:
        interview = after(ASKED, spoken())
        assert work_for(interview) == (Transcribe(1, VoiceNote("note")),)
        interview = after(interview, queued(1))
        assert work_for(interview) == (AwaitTranscript(1, "job"),)
        interview = after(interview, replace(heard(1), sound=None))
        assert work_for(interview) == (ReviewAnswer(2), DeleteCopy("job"))
        assert last(interview).notes[0].hearing == Heard(Transcript(SPEECH, confidence=0.9), SOUND)
        interview = after(interview, CopyDeleted(at=100.0, job="job"), reviewed(2))
        assert last(interview).verdict == Reviewed(REVIEW)
        assert work_for(interview) == ()
        assert after(interview, pressed(Move.NEXT)).phase == Asking(turn=1, since=100.0)

    def test_can_be_heard_without_a_job(self) -> None:
        interview = after(ASKED, spoken(), heard(1))
        assert last(interview).notes[0].hearing == Heard(Transcript(SPEECH, confidence=0.9), SOUND)
        assert work_for(interview) == (ReviewAnswer(2),)

    def test_is_measured_where_nothing_transcribes(self) -> None:
        interview = after(ASKED, spoken(), replace(heard(1), transcript=None))
        assert last(interview).verdict == Reviewed(Review(Reviewer.MEASURES))
        assert work_for(interview) == ()

    @pytest.mark.parametrize("kind", [*PASSING, *LASTING])
    def test_is_never_judged_before_it_is_heard(self, kind: ProblemKind) -> None:
        stuck = after(ASKED, spoken(), failed(1, Problem(kind)))
        assert last(stuck).verdict == Gathering()


class TestSeveralNotes:
    def test_are_one_take_that_is_judged_when_all_are_heard(self) -> None:
        interview = after(ASKED, spoken("a"), spoken("b"), queued(1), heard(2, MORE))
        assert len(interview.takes) == 1
        assert last(interview).verdict == Gathering()
        interview = after(interview, heard(1))
        assert text_of(last(interview)) == f"{SPEECH}\n{MORE}"
        assert work_for(interview) == (ReviewAnswer(3), DeleteCopy("job"))

    def test_a_second_note_calls_a_review_back(self) -> None:
        reviewing = after(ASKED, spoken("a"), heard(1))
        interview = after(reviewing, spoken("b"))
        assert work_for(interview) == (Transcribe(3, VoiceNote("b")),)
        assert step(interview, reviewed(2)) == Refused(Reason.STALE)
        assert step(interview, failed(2)) == Refused(Reason.STALE)
        interview = after(interview, heard(3, MORE))
        assert text_of(last(interview)) == f"{SPEECH}\n{MORE}"
        assert work_for(interview) == (ReviewAnswer(4),)

    def test_a_second_note_calls_a_stuck_review_back(self) -> None:
        interview = after(ASKED, typed(), failed(1), typed(MORE))
        assert work_for(interview) == (ReviewAnswer(2),)
        assert step(interview, waited(1)) == Refused(Reason.STALE)

    def test_short_notes_add_up_to_an_answer(self) -> None:
        interview = after(ASKED, spoken("a"), spoken("b"), heard(1, "I found the query"))
        assert last(interview).verdict == Gathering()
        interview = after(interview, heard(2, "and made it faster"))
        assert isinstance(last(interview).verdict, Reviewing)

    def test_a_text_goes_with_a_note_that_is_being_heard(self) -> None:
        interview = after(ASKED, spoken(), typed(MORE))
        assert work_for(interview) == (Transcribe(1, VoiceNote("note")),)
        assert text_of(last(after(interview, heard(1)))) == f"{SPEECH}\n{MORE}"

    def test_one_that_is_rejected_leaves_the_others_to_be_judged(self) -> None:
        interview = after(ASKED, spoken("a"), spoken("b"), rejected(1), heard(2))
        assert work_for(interview) == (ReviewAnswer(3),)
        assert last(interview).notes[0].hearing == Unheard(Fault.SILENT)

    def test_are_limited_in_number_and_those_there_are_go_on(self) -> None:
        interview = after(ASKED, *[spoken(str(n)) for n in range(NOTES_LIMIT)])
        for event in (spoken("one more"), typed()):
            assert step(interview, event) == Refused(Reason.ENOUGH_NOTES)
        assert len(work_for(interview)) == NOTES_LIMIT


class TestTakes:
    def test_a_note_after_the_feedback_is_another_try(self) -> None:
        interview = after(ASKED, typed(), reviewed(1), spoken())
        assert [(take.turn, take.number) for take in interview.takes] == [(0, 1), (0, 2)]
        assert interview.takes[0].verdict == Reviewed(REVIEW)
        assert work_for(interview) == (Transcribe(2, VoiceNote("note")),)

    def test_again_puts_the_question_anew_once(self) -> None:
        again = after(ASKED, typed(), reviewed(1), pressed(Move.AGAIN))
        assert again.phase == Asking(turn=0, asked=1, since=100.0)
        assert step(again, pressed(Move.AGAIN)) == Refused(Reason.OLD_CONTROL)
        assert after(again, typed()).takes[-1].number == 2

    def test_are_limited_in_number(self) -> None:
        interview = after(ASKED, *[typed("Too short")] * TAKES_LIMIT)
        assert len(interview.takes) == TAKES_LIMIT
        for event in (typed(), spoken(), pressed(Move.AGAIN)):
            assert step(interview, event) == Refused(Reason.ENOUGH_TAKES)
        assert after(interview, pressed(Move.NEXT), typed()).takes[-1].number == 1


class TestCorrection:
    JUDGED = after(ASKED, spoken(), heard(1), reviewed(2, SCORED))
    MEANT = "I found the slowest query and halved its time"

    def test_is_typed_where_it_was_asked_for(self) -> None:
        asked = after(self.JUDGED, pressed(Move.MISHEARD))
        screen = screen_for(asked)
        assert isinstance(screen, CorrectingScreen)
        assert screen.text == SPEECH
        assert asked.takes == self.JUDGED.takes
        back = after(asked, pressed(Move.BACK))
        assert screen_for(back) == screen_for(self.JUDGED)
        for other in (Move.NEXT, Move.AGAIN, Move.MISHEARD, Move.OPEN):
            assert step(asked, pressed(other)) == Refused(Reason.OLD_CONTROL)

    def test_replaces_the_words_and_is_judged_anew(self) -> None:
        corrected = self.corrected(self.MEANT)
        assert text_of(last(corrected)) == self.MEANT
        assert work_for(corrected) == (ReviewAnswer(3),)
        quoted = replace(REVIEW, strength=Point("You say which one.", "the slowest query"))
        judged = after(corrected, reviewed(3, quoted))
        assert last(judged).verdict == Reviewed(quoted)
        assert len(judged.takes) == 1

    def test_keeps_what_was_heard_and_what_was_measured(self) -> None:
        corrected = self.corrected(self.MEANT)
        assert heard_in(last(corrected)) == SPEECH
        assert last(corrected).notes == last(self.JUDGED).notes
        assert delivery_of(last(corrected)) == delivery_of(last(self.JUDGED)) is not None
        record = record_of(corrected)
        assert record is not None
        (answer,) = record.answers
        assert (answer.text, answer.corrected) == (self.MEANT, True)
        assert [transcript.text for transcript in answer.transcripts] == [SPEECH]

    def test_makes_an_unclear_recording_count(self) -> None:
        unclear = after(ASKED, spoken(), heard(1, "um the quarry", confidence=0.2))
        assert last(unclear).verdict == Unscored(Unscorable.UNCLEAR)
        corrected = after(unclear, pressed(Move.MISHEARD), typed(self.MEANT))
        assert isinstance(last(corrected).verdict, Reviewing)

    def test_of_another_language_counts_by_its_own_words(self) -> None:
        german = "Ich habe die Abfrage gefunden und dann war sie auch nicht mehr so langsam"
        assert last(self.corrected(german)).verdict == Unscored(Unscorable.LANGUAGE)

    def test_that_says_too_little_is_not_scored_and_can_be_corrected_again(self) -> None:
        short = self.corrected("I halved it")
        assert last(short).verdict == Unscored(Unscorable.TOO_SHORT)
        again = after(short, pressed(Move.MISHEARD), typed(self.MEANT))
        assert text_of(last(again)) == self.MEANT

    def test_begins_a_card_below_what_was_typed_each_time(self) -> None:
        once = after(self.corrected("I halved it"))
        twice = after(once, pressed(Move.MISHEARD), typed("I found it"))
        screens = [screen_for(each) for each in (self.JUDGED, once, twice)]
        assert len({screen.key for screen in screens if screen is not None}) == 3

    def test_waits_for_the_end_where_all_do(self) -> None:
        deferred = after(begun(Brief(role="Editor"), Plan.ECONOMY), spoken())
        deferred = after(deferred, heard(deferred.ticket))
        corrected = after(deferred, pressed(Move.MISHEARD), typed(self.MEANT))
        assert last(corrected).verdict == Deferred()
        assert text_of(last(corrected)) == self.MEANT

    def test_is_no_use_where_nothing_was_heard(self) -> None:
        for nothing in (
            after(ASKED, typed(), reviewed(1)),
            after(ASKED, spoken(), rejected(1)),
            after(ASKED, spoken(), replace(heard(1), transcript=None)),
        ):
            assert step(nothing, pressed(Move.MISHEARD)) == Refused(Reason.OLD_CONTROL)

    def test_a_recording_instead_is_another_try(self) -> None:
        asked = after(self.JUDGED, pressed(Move.MISHEARD))
        spoken_again = after(asked, spoken("again"))
        assert [take.number for take in spoken_again.takes] == [1, 2]
        assert spoken_again.takes[0] == last(self.JUDGED)
        typed_on = after(spoken_again, typed(MORE))
        assert last(typed_on).correction is None

    def test_of_a_review_that_comes_late_changes_nothing(self) -> None:
        corrected = self.corrected(self.MEANT)
        assert step(corrected, reviewed(2)) == Refused(Reason.STALE)

    @pytest.mark.parametrize("text", ["", " \n", "\u200b"])
    def test_without_words_is_asked_for_again(self, text: str) -> None:
        asked = after(self.JUDGED, pressed(Move.MISHEARD))
        assert step(asked, typed(text)) == Refused(Reason.EMPTY)

    def test_a_stop_meanwhile_keeps_what_there_is(self) -> None:
        asked = after(self.JUDGED, pressed(Move.MISHEARD))
        stopped = after(asked, StopRequested(at=200.0))
        kept, was = record_of(stopped), record_of(self.JUDGED)
        assert kept is not None
        assert was is not None
        assert kept.answers == was.answers

    def corrected(self, text: str) -> Interview:
        return after(self.JUDGED, pressed(Move.MISHEARD), typed(text))


RATE_FIRST = begun(Brief(role="Editor", rate_first=True))


class TestRating:
    THINKING = after(RATE_FIRST, typed())
    JUDGED = after(THINKING, reviewed(THINKING.ticket, SCORED))

    @pytest.mark.parametrize("rating", RATINGS)
    def test_holds_the_feedback_back_until_it_is_given(self, rating: int) -> None:
        assert isinstance(screen_for(self.JUDGED), RatingScreen)
        rated = after(self.JUDGED, pressed(Move.RATE, f"0={rating}"))
        screen = screen_for(rated)
        assert isinstance(screen, FeedbackScreen)
        assert (screen.rating, screen.review.scores) == (rating, SCORED.scores)

    def test_can_be_passed_over(self) -> None:
        passed = after(self.JUDGED, pressed(Move.PASS))
        screen = screen_for(passed)
        assert isinstance(screen, FeedbackScreen)
        assert screen.rating is None
        record = record_of(passed)
        assert record is not None
        assert record.answers[0].rating is None

    def test_is_given_once_and_before_the_score_is_there(self) -> None:
        rated = after(self.THINKING, pressed(Move.RATE, "0=2"))
        assert isinstance(screen_for(rated), ThinkingScreen)
        assert step(rated, pressed(Move.RATE, "0=5")) == Refused(Reason.OLD_CONTROL)
        judged = after(rated, reviewed(self.THINKING.ticket, SCORED))
        assert isinstance(screen_for(judged), FeedbackScreen)
        assert step(judged, pressed(Move.RATE, "0=5")) == Refused(Reason.OLD_CONTROL)
        assert last(judged).rating == 2

    @pytest.mark.parametrize("value", ["0", "6", "", "-1", "2.5", "²", "five", "1" * 60])
    def test_is_from_one_to_five(self, value: str) -> None:
        for interview in (self.THINKING, self.JUDGED):
            forged = pressed(Move.RATE, f"0={value}")
            assert step(interview, forged) == Refused(Reason.OLD_CONTROL)

    def test_is_not_asked_where_nobody_wants_to_give_one(self) -> None:
        thinking = after(ASKED, typed())
        shown = after(thinking, reviewed(1, SCORED))
        assert isinstance(screen_for(shown), FeedbackScreen)
        for interview in (thinking, shown):
            assert step(interview, pressed(Move.RATE, "0=3")) == Refused(Reason.OLD_CONTROL)
            assert step(interview, pressed(Move.PASS)) == Refused(Reason.OLD_CONTROL)

    def test_can_be_typed_and_is_no_answer(self) -> None:
        for interview in (self.THINKING, self.JUDGED):
            rated = after(interview, typed(" 4 "))
            assert last(rated).rating == 4
            assert last(rated).notes == last(interview).notes
            assert work_for(rated) == work_for(interview)
            before, now = screen_for(interview), screen_for(rated)
            assert before is not None
            assert now is not None
            assert before.key != now.key

    def test_is_not_read_out_of_a_text_where_it_is_not_asked_for(self) -> None:
        shown = after(self.JUDGED, pressed(Move.RATE, "0=4"))
        for interview in (after(shown, typed("5")), after(self.JUDGED, typed("A 5, I think"))):
            assert len(interview.takes) == 2
            assert last(interview).verdict == Unscored(Unscorable.TOO_SHORT)

    def test_belongs_to_one_try(self) -> None:
        rated = after(self.JUDGED, pressed(Move.RATE, "0=4"), typed(MORE))
        assert [take.rating for take in rated.takes] == [4, None]

    def test_is_not_asked_of_what_nobody_judges(self) -> None:
        unscored = after(RATE_FIRST, typed("too short"))
        assert isinstance(screen_for(unscored), UnscoredScreen)
        misconfigured = Problem(ProblemKind.MISCONFIGURED)
        measured = after(self.THINKING, failed(self.THINKING.ticket, misconfigured))
        assert isinstance(screen_for(measured), FeedbackScreen)
        for interview in (unscored, measured):
            assert step(interview, pressed(Move.RATE, "0=3")) == Refused(Reason.OLD_CONTROL)

    def test_a_late_press_to_go_on_without_does_not_pass_over_it(self) -> None:
        stuck = after(self.THINKING, failed(self.THINKING.ticket))
        resumed = after(stuck, waited(self.THINKING.ticket))
        assert step(resumed, pressed(Move.PASS)) == Refused(Reason.OLD_CONTROL)
        assert last(resumed).rating is None


class TestPanels:
    SHOWN = after(ASKED, spoken(), heard(1), reviewed(2, SCORED))

    @pytest.mark.parametrize("panel", Panel)
    def test_open_and_close_on_the_card(self, panel: Panel) -> None:
        press = pressed(Move.OPEN, f"0={panel}")
        opened = after(self.SHOWN, press)
        assert self.opened(opened) is panel
        assert self.opened(after(opened, press)) is None
        shown, card = screen_for(self.SHOWN), screen_for(opened)
        assert shown is not None
        assert card is not None
        assert shown.key == card.key

    def test_show_one_at_a_time(self) -> None:
        both = after(self.SHOWN, pressed(Move.OPEN, "0=model"), pressed(Move.OPEN, "0=measures"))
        assert self.opened(both) is Panel.MEASURES

    def test_are_offered_where_there_is_something_in_them(self) -> None:
        bare = after(ASKED, typed(), reviewed(1))
        screen = screen_for(bare)
        assert isinstance(screen, FeedbackScreen)
        assert Move.OPEN not in {control.move for control in screen.controls}

    @pytest.mark.parametrize("value", ["", "0", "secrets", "model="])
    def test_that_do_not_exist_are_not_opened(self, value: str) -> None:
        forged = pressed(Move.OPEN, f"0={value}")
        assert step(self.SHOWN, forged) == Refused(Reason.OLD_CONTROL)

    def test_of_an_earlier_try_are_closed(self) -> None:
        opened = after(self.SHOWN, pressed(Move.OPEN, "0=model"))
        for following in (
            after(opened, typed(), reviewed(3)),
            after(opened, pressed(Move.AGAIN), typed(), reviewed(3)),
            after(opened, pressed(Move.MISHEARD), typed(), reviewed(3)),
        ):
            assert self.opened(following) is None

    def opened(self, interview: Interview) -> Panel | None:
        screen = screen_for(interview)
        assert isinstance(screen, FeedbackScreen)
        return screen.opened


class TestControls:
    def test_those_of_another_question_are_old(self) -> None:
        interview = after(ASKED, typed(), reviewed(1))
        for move in (Move.NEXT, Move.AGAIN, Move.RETRY, Move.PASS):
            assert step(interview, pressed(move, argument=1)) == Refused(Reason.OLD_CONTROL)

    def test_next_counts_once(self) -> None:
        following = after(ASKED, typed(), reviewed(1), pressed(Move.NEXT))
        assert step(following, pressed(Move.NEXT)) == Refused(Reason.OLD_CONTROL)

    @pytest.mark.parametrize("move", [Move.NEXT, Move.AGAIN, Move.RETRY, Move.PASS])
    def test_while_an_answer_is_in_work_only_stop_counts(self, move: Move) -> None:
        for interview in (after(ASKED, spoken()), after(ASKED, typed())):
            assert step(interview, pressed(move)) == Refused(Reason.OLD_CONTROL)

    def test_a_question_can_be_passed_over(self) -> None:
        assert after(ASKED, pressed(Move.PASS)).phase == Asking(turn=1, since=100.0)

    def test_a_document_is_no_answer(self) -> None:
        sent = DocumentSent(at=100.0, document=Document("file:1", "answer.pdf"))
        assert step(ASKED, sent) == Refused(Reason.NOT_AUDIO)


def test_after_the_last_try_there_is_no_button_for_another() -> None:
    interview = ASKED
    for _ in range(TAKES_LIMIT):
        interview = after(interview, typed("too short"))
    screen = screen_for(interview)
    assert isinstance(screen, UnscoredScreen)
    assert Move.AGAIN not in {control.move for control in screen.controls}
