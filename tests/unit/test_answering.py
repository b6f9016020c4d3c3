"""One question: every note is kept, every answer judged fairly or not at all, nothing hangs."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering import ANSWER_LIMIT, NOTES_LIMIT
from bot.brief import clean_text
from bot.coaching import (
    Point,
    Review,
    Reviewer,
    Sound,
    Summary,
    Transcript,
    Unscorable,
)
from bot.events import (
    AnswerReviewed,
    Control,
    ControlPressed,
    CopyDeleted,
    Document,
    DocumentSent,
    Event,
    InterviewSummarised,
    Move,
    NoteHeard,
    NoteRejected,
    StopRequested,
    TextSent,
    TranscriptionQueued,
    VoiceNote,
    VoiceSent,
    WaitEnded,
    WorkFailed,
)
from bot.gate import unscorable
from bot.interview import (
    TAKES_LIMIT,
    Asking,
    Finished,
    Gathering,
    Heard,
    HearingStuck,
    Interview,
    Reason,
    Reviewed,
    Reviewing,
    ReviewStuck,
    Summing,
    Take,
    Unheard,
    Unscored,
    text_of,
)
from bot.judging import RETRY_DELAYS
from bot.problems import Fault, Problem, ProblemKind
from bot.questions import Question, QuestionKind
from bot.screens import FeedbackScreen, UnscoredScreen, screen_for
from bot.step import Moved, Refused, step
from bot.work import (
    AwaitTranscript,
    DeleteCopy,
    ReviewAnswer,
    Summarise,
    Transcribe,
    Wait,
    work_for,
)

QUESTIONS = tuple(Question(id=n, text="Why?", kind=QuestionKind.BEHAVIOURAL) for n in "12")
ASKED = Interview(key="chat:1", session="s", questions=QUESTIONS, phase=Asking(turn=0))
SOUND = Sound(seconds=9.0, speaking=8.0, start_delay=0.4, pauses=(), clipped=0.0)
SPEECH = "I found the slow query and halved its time"
MORE = "The customers noticed it and wrote to thank us"
REVIEW = Review(Reviewer.COACH, strength=Point("You name the cause.", "found the slow query"))
DOWN = Problem(ProblemKind.DOWN)
PASSING = [ProblemKind.BUSY, ProblemKind.DOWN]
LASTING = [ProblemKind.QUOTA, ProblemKind.MISCONFIGURED]
ODD = "\x00\x1b\r\n\t \u2028\u200b\u200d\ufeff\ud800\u202e\u2066אב😀<&>'"
ANYTHING = st.text(st.characters(exclude_categories=()) | st.sampled_from(ODD), max_size=60)


def after(interview: Interview, *events: Event) -> Interview:
    for event in events:
        stepped = step(interview, event)
        assert isinstance(stepped, Moved), (event, stepped)
        interview = stepped.interview
    return interview


def typed(text: str = SPEECH) -> TextSent:
    return TextSent(at=100.0, text=text)


def spoken(ref: str = "note") -> VoiceSent:
    return VoiceSent(at=100.0, note=VoiceNote(ref))


def heard(ticket: int, text: str = SPEECH, confidence: float | None = 0.9) -> NoteHeard:
    transcript = Transcript(text, confidence=confidence)
    return NoteHeard(at=100.0, ticket=ticket, transcript=transcript, sound=SOUND)


def queued(ticket: int, job: str = "job") -> TranscriptionQueued:
    return TranscriptionQueued(at=100.0, ticket=ticket, job=job, sound=SOUND)


def rejected(ticket: int, fault: Fault = Fault.SILENT) -> NoteRejected:
    return NoteRejected(at=100.0, ticket=ticket, fault=fault)


def reviewed(ticket: int, review: Review = REVIEW) -> AnswerReviewed:
    return AnswerReviewed(at=100.0, ticket=ticket, review=review)


def failed(ticket: int, problem: Problem = DOWN, at: float = 100.0) -> WorkFailed:
    return WorkFailed(at=at, ticket=ticket, problem=problem)


def waited(ticket: int) -> WaitEnded:
    return WaitEnded(at=100.0, ticket=ticket)


def pressed(move: Move, turn: int = 0) -> ControlPressed:
    return ControlPressed(at=100.0, control=Control("s", move, str(turn)))


def last(interview: Interview) -> Take:
    return interview.takes[-1]


def ticket_of(interview: Interview) -> int:
    """The ticket of the only work there is."""
    (work,) = work_for(interview)
    assert not isinstance(work, DeleteCopy)
    return work.ticket


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
        assert turn_of(after(interview, pressed(Move.NEXT))) == (1, 0)

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


def turn_of(interview: Interview) -> tuple[int, int]:
    """The question that is put, and how many takes it had then."""
    phase = interview.phase
    assert isinstance(phase, Asking)
    return phase.turn, phase.asked


class TestTakes:
    def test_a_note_after_the_feedback_is_another_try(self) -> None:
        interview = after(ASKED, typed(), reviewed(1), spoken())
        assert [(take.turn, take.number) for take in interview.takes] == [(0, 1), (0, 2)]
        assert interview.takes[0].verdict == Reviewed(REVIEW)
        assert work_for(interview) == (Transcribe(2, VoiceNote("note")),)

    def test_again_puts_the_question_anew_once(self) -> None:
        again = after(ASKED, typed(), reviewed(1), pressed(Move.AGAIN))
        assert turn_of(again) == (0, 1)
        assert step(again, pressed(Move.AGAIN)) == Refused(Reason.OLD_CONTROL)
        assert after(again, typed()).takes[-1].number == 2

    def test_are_limited_in_number(self) -> None:
        interview = after(ASKED, *[typed("Too short")] * TAKES_LIMIT)
        assert len(interview.takes) == TAKES_LIMIT
        for event in (typed(), spoken(), pressed(Move.AGAIN)):
            assert step(interview, event) == Refused(Reason.ENOUGH_TAKES)
        assert after(interview, pressed(Move.NEXT), typed()).takes[-1].number == 1


class TestUnscored:
    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("one two three four five six seven", Unscorable.TOO_SHORT),
            ("one two three four five six seven eight", None),
            ("…?! —", Unscorable.NO_WORDS),
            ("", Unscorable.NO_WORDS),
        ],
    )
    def test_under_eight_words(self, text: str, why: Unscorable | None) -> None:
        verdict = last(after(ASKED, spoken(), heard(1, text))).verdict
        assert verdict == (Unscored(why) if why else Reviewing(2))

    @pytest.mark.parametrize(
        ("confidence", "expected"),
        [(0.49, Unscored(Unscorable.UNCLEAR)), (0.5, Reviewing(2)), (None, Reviewing(2))],
    )
    def test_where_the_transcriber_is_unsure(
        self, confidence: float | None, expected: Unscored | Reviewing
    ) -> None:
        verdict = last(after(ASKED, spoken(), heard(1, SPEECH, confidence))).verdict
        assert verdict == expected

    def test_where_all_recordings_are_rejected_for_the_last_ones_reason(self) -> None:
        interview = after(ASKED, spoken("a"), spoken("b"), rejected(1), rejected(2, Fault.TOO_LONG))
        assert last(interview).verdict == Unscored(Fault.TOO_LONG)
        assert work_for(interview) == ()

    @pytest.mark.parametrize("move", [Move.NEXT, Move.AGAIN])
    def test_can_be_left_or_tried_again(self, move: Move) -> None:
        phase = after(ASKED, typed("Too short"), pressed(move)).phase
        assert isinstance(phase, Asking)
        assert (phase.turn, phase.asked) == ((1, 0) if move is Move.NEXT else (0, 1))

    @pytest.mark.parametrize(
        ("fault", "expected"), [(Fault.DAMAGED, Fault.DAMAGED), (None, Fault.REFUSED)]
    )
    def test_where_the_transcriber_refuses_for_good(
        self, fault: Fault | None, expected: Fault
    ) -> None:
        problem = Problem(ProblemKind.REJECTED, fault=fault)
        interview = after(ASKED, spoken(), queued(1), failed(1, problem))
        assert last(interview).verdict == Unscored(expected)
        assert work_for(interview) == (DeleteCopy("job"),)


class TestEvidence:
    def test_a_point_without_a_real_quote_is_not_kept(self) -> None:
        invented = Review(
            Reviewer.COACH,
            strength=Point("You led it.", "I led the whole team"),
            fix=Point("Say by how much.", "halved its time"),
            better="I cut the query's time by 50%.",
        )
        interview = after(ASKED, typed(), reviewed(1, invented))
        fix = Point("Say by how much.", "halved its time")
        assert last(interview).verdict == Reviewed(Review(Reviewer.COACH, fix=fix))

    def test_a_quote_may_come_from_any_note(self) -> None:
        quoted = Review(Reviewer.COACH, strength=Point("A result.", "The customers noticed"))
        interview = after(ASKED, typed(), typed(MORE), reviewed(2, quoted))
        assert last(interview).verdict == Reviewed(quoted)


class TestStuckHearing:
    @pytest.mark.parametrize("kind", PASSING)
    def test_what_passes_by_itself_is_waited_for(self, kind: ProblemKind) -> None:
        stuck = after(ASKED, spoken(), failed(1, Problem(kind), at=1_000.0))
        assert work_for(stuck) == (Wait(1, until=1_000.0 + 15.0),)
        tried = after(stuck, waited(1))
        assert work_for(tried) == (Transcribe(2, VoiceNote("note")),)

    @pytest.mark.parametrize("kind", LASTING)
    def test_what_does_not_waits_for_the_person(self, kind: ProblemKind) -> None:
        stuck = after(ASKED, spoken(), failed(1, Problem(kind, retry_after=5.0)))
        assert work_for(stuck) == ()
        assert work_for(after(stuck, pressed(Move.RETRY))) == (Transcribe(2, VoiceNote("note")),)

    def test_waits_longer_each_time_and_gives_up_after_the_last(self) -> None:
        interview = after(ASKED, spoken())
        for delay in RETRY_DELAYS:
            stuck = after(interview, failed(ticket_of(interview), at=1_000.0))
            assert work_for(stuck) == (Wait(ticket_of(stuck), until=1_000.0 + delay),)
            interview = after(stuck, waited(ticket_of(stuck)))
        given_up = after(interview, failed(ticket_of(interview)))
        assert work_for(given_up) == ()
        retried = after(given_up, pressed(Move.RETRY))
        assert work_for(retried) == (Transcribe(ticket_of(retried), VoiceNote("note")),)
        assert work_for(after(retried, failed(ticket_of(retried)))) == ()

    def test_delays_rise(self) -> None:
        assert RETRY_DELAYS == (15.0, 60.0, 300.0, 900.0, 3_600.0)

    @pytest.mark.parametrize(("asked", "delay"), [(None, 15.0), (3.0, 15.0), (120.0, 120.0)])
    def test_waits_as_long_as_the_vendor_asks(self, asked: float | None, delay: float) -> None:
        busy = Problem(ProblemKind.BUSY, retry_after=asked)
        stuck = after(ASKED, spoken(), failed(1, busy, at=1_000.0))
        assert work_for(stuck) == (Wait(1, until=1_000.0 + delay),)

    def test_a_job_that_is_paid_for_is_asked_for_again(self) -> None:
        stuck = after(ASKED, spoken(), queued(1), failed(1))
        assert work_for(stuck) == (Wait(1, until=115.0),)
        assert work_for(after(stuck, waited(1))) == (AwaitTranscript(2, "job"),)

    def test_a_retry_by_hand_calls_the_wait_off(self) -> None:
        retried = after(ASKED, spoken(), failed(1), pressed(Move.RETRY))
        for late in (waited(1), heard(1), rejected(1), failed(1)):
            assert step(retried, late) == Refused(Reason.STALE)

    def test_a_retry_takes_up_every_note_that_is_stuck(self) -> None:
        stuck = after(ASKED, spoken("a"), spoken("b"), failed(1), failed(2))
        assert work_for(after(stuck, pressed(Move.RETRY))) == (
            Transcribe(3, VoiceNote("a")),
            Transcribe(4, VoiceNote("b")),
        )
        one = after(stuck, waited(2))
        assert work_for(one) == (Wait(1, until=115.0), Transcribe(3, VoiceNote("b")))

    def test_going_on_without_the_only_note_leaves_nothing_to_judge(self) -> None:
        interview = after(ASKED, spoken(), queued(1), failed(1), pressed(Move.PASS))
        assert last(interview).verdict == Unscored(Fault.SET_ASIDE)
        assert last(interview).notes[0].source == VoiceNote("note")
        assert work_for(interview) == (DeleteCopy("job"),)

    def test_going_on_without_one_of_two_judges_the_other(self) -> None:
        interview = after(ASKED, spoken("a"), spoken("b"), heard(1), failed(2), pressed(Move.PASS))
        assert text_of(last(interview)) == SPEECH
        assert isinstance(last(interview).verdict, Reviewing)

    def test_going_on_waits_for_a_note_that_is_still_being_heard(self) -> None:
        interview = after(ASKED, spoken("a"), spoken("b"), failed(1), pressed(Move.PASS))
        assert work_for(interview) == (Transcribe(2, VoiceNote("b")),)

    def test_typing_instead_goes_on_without_the_note(self) -> None:
        interview = after(ASKED, spoken(), failed(1), typed())
        assert len(interview.takes) == 1
        assert last(interview).notes[0].hearing == Unheard(Fault.SET_ASIDE)
        assert work_for(interview) == (ReviewAnswer(2),)
        assert step(interview, waited(1)) == Refused(Reason.STALE)

    def test_another_recording_leaves_the_stuck_one_to_be_tried_again(self) -> None:
        interview = after(ASKED, spoken("a"), failed(1), spoken("b"))
        assert work_for(interview) == (Wait(1, until=115.0), Transcribe(2, VoiceNote("b")))
        stuck = last(interview).notes[0].hearing
        assert isinstance(stuck, HearingStuck)


class TestStuckReview:
    @pytest.mark.parametrize("kind", PASSING)
    def test_waits_like_a_hearing_and_gives_up_like_one(self, kind: ProblemKind) -> None:
        interview = after(ASKED, typed())
        for delay in RETRY_DELAYS:
            stuck = after(interview, failed(ticket_of(interview), Problem(kind), at=1_000.0))
            assert work_for(stuck) == (Wait(ticket_of(stuck), until=1_000.0 + delay),)
            interview = after(stuck, waited(ticket_of(stuck)))
            assert work_for(interview) == (ReviewAnswer(ticket_of(interview)),)
        given_up = after(interview, failed(ticket_of(interview), Problem(kind)))
        assert isinstance(last(given_up).verdict, ReviewStuck)
        assert work_for(given_up) == ()
        retried = after(given_up, pressed(Move.RETRY))
        assert work_for(retried) == (ReviewAnswer(ticket_of(retried)),)

    @pytest.mark.parametrize("kind", [*LASTING, ProblemKind.REJECTED])
    def test_that_will_not_pass_leaves_the_measures_and_says_so(self, kind: ProblemKind) -> None:
        interview = after(ASKED, typed(), failed(1, Problem(kind)))
        measured = Reviewed(Review(Reviewer.MEASURES), stand_in=Problem(kind))
        assert last(interview).verdict == measured
        assert work_for(interview) == ()

    def test_going_on_without_it_leaves_the_measures_and_says_so(self) -> None:
        interview = after(ASKED, typed(), failed(1), pressed(Move.PASS))
        assert last(interview).verdict == Reviewed(Review(Reviewer.MEASURES), stand_in=DOWN)
        assert step(interview, waited(1)) == Refused(Reason.STALE)


class TestLateAndRepeated:
    @pytest.mark.parametrize("ticket", [-1, 0, 7])
    def test_results_of_work_that_is_not_going_on_are_stale(self, ticket: int) -> None:
        listening = after(ASKED, spoken())
        for interview in (ASKED, listening, after(listening, heard(1))):
            for event in (
                heard(ticket),
                rejected(ticket),
                reviewed(ticket),
                failed(ticket),
                waited(ticket),
            ):
                assert step(interview, event) == Refused(Reason.STALE)

    def test_a_result_that_comes_twice_counts_once(self) -> None:
        interview = after(ASKED, spoken(), heard(1))
        assert step(interview, heard(1)) == Refused(Reason.STALE)
        interview = after(interview, reviewed(2))
        assert step(interview, reviewed(2)) == Refused(Reason.STALE)

    def test_after_a_stop_nothing_is_judged_any_more(self) -> None:
        for answer in (spoken(), typed()):
            stopped = after(ASKED, answer, StopRequested(at=200.0))
            for event in (heard(1), rejected(1), reviewed(1), failed(1), waited(1)):
                assert step(stopped, event) == Refused(Reason.STALE)

    def test_a_stop_leaves_the_vendors_copy_to_be_deleted(self) -> None:
        stop = StopRequested(at=200.0)
        for events in (
            (queued(1), stop),
            (queued(1), failed(1), stop),
            (queued(1), heard(1), stop),
        ):
            assert work_for(after(ASKED, spoken(), *events)) == (DeleteCopy("job"),)

    def test_a_job_that_is_known_only_after_a_stop_is_deleted(self) -> None:
        stopped = after(ASKED, spoken(), StopRequested(at=200.0), queued(1))
        assert work_for(stopped) == (DeleteCopy("job"),)
        gone = CopyDeleted(at=201.0, job="job")
        assert work_for(after(stopped, gone)) == ()
        assert step(after(stopped, gone), gone) == Refused(Reason.STALE)

    def test_of_two_jobs_for_one_note_the_first_is_deleted(self) -> None:
        interview = after(ASKED, spoken(), queued(1, "first"), queued(1, "second"))
        assert work_for(interview) == (AwaitTranscript(1, "second"), DeleteCopy("first"))


class TestControls:
    def test_those_of_another_question_are_old(self) -> None:
        interview = after(ASKED, typed(), reviewed(1))
        for move in (Move.NEXT, Move.AGAIN, Move.RETRY, Move.PASS):
            assert step(interview, pressed(move, turn=1)) == Refused(Reason.OLD_CONTROL)

    def test_next_counts_once(self) -> None:
        following = after(ASKED, typed(), reviewed(1), pressed(Move.NEXT))
        assert step(following, pressed(Move.NEXT)) == Refused(Reason.OLD_CONTROL)

    @pytest.mark.parametrize("move", [Move.NEXT, Move.AGAIN, Move.RETRY, Move.PASS])
    def test_while_an_answer_is_in_work_only_stop_counts(self, move: Move) -> None:
        for interview in (after(ASKED, spoken()), after(ASKED, typed())):
            assert step(interview, pressed(move)) == Refused(Reason.OLD_CONTROL)

    def test_a_question_can_be_passed_over(self) -> None:
        assert turn_of(after(ASKED, pressed(Move.PASS))) == (1, 0)

    def test_a_document_is_no_answer(self) -> None:
        sent = DocumentSent(at=100.0, document=Document("file:1", "answer.pdf"))
        assert step(ASKED, sent) == Refused(Reason.NOT_AUDIO)


class TestTheEnd:
    def test_after_the_last_question_it_is_summed_up(self) -> None:
        summing = after(ASKED, pressed(Move.PASS), typed(), reviewed(1), pressed(Move.NEXT, turn=1))
        assert work_for(summing) == (Summarise(2),)
        summary = Summary(Reviewer.COACH, headline="Well done.")
        event = InterviewSummarised(at=300.0, ticket=2, summary=summary)
        finished = after(summing, event)
        assert finished.phase == Finished(300.0, summary)
        assert step(finished, event) == Refused(Reason.STALE)
        assert step(finished, pressed(Move.RETRY)) == Refused(Reason.OLD_CONTROL)

    @pytest.mark.parametrize("kind", ProblemKind)
    def test_without_the_coach_the_measures_stand_and_can_be_retried(
        self, kind: ProblemKind
    ) -> None:
        summing = after(ASKED, pressed(Move.PASS), pressed(Move.PASS, turn=1))
        finished = after(summing, failed(1, Problem(kind), at=300.0))
        measured = Summary(Reviewer.MEASURES)
        assert finished.phase == Finished(300.0, measured, stand_in=Problem(kind))
        assert after(finished, pressed(Move.RETRY)).phase == Summing(2)

    def test_what_is_sent_while_it_is_summed_up_is_told_to_wait(self) -> None:
        summing = after(ASKED, pressed(Move.PASS), pressed(Move.PASS, turn=1))
        for event in (typed(), spoken()):
            assert step(summing, event) == Refused(Reason.NOT_YET)

    def test_what_is_sent_after_the_end_is_told_so(self) -> None:
        stopped = after(ASKED, StopRequested(at=200.0))
        for event in (typed(), spoken(), StopRequested(at=201.0)):
            assert step(stopped, event) == Refused(Reason.NO_INTERVIEW)


def test_a_note_that_was_left_out_is_named_beside_the_judgement() -> None:
    gathered = after(ASKED, spoken("one"), spoken("two"))
    one, two = (work.ticket for work in work_for(gathered) if isinstance(work, Transcribe))
    judged = after(gathered, heard(one), rejected(two, Fault.DAMAGED))
    (work,) = (work for work in work_for(judged) if isinstance(work, ReviewAnswer))
    review = AnswerReviewed(at=100.0, ticket=work.ticket, review=REVIEW)
    screen = screen_for(after(judged, review))
    assert isinstance(screen, FeedbackScreen)
    assert screen.left_out is Fault.DAMAGED


def test_an_unclear_note_beside_a_clear_answer_does_not_refuse_it() -> None:
    gathered = after(ASKED, spoken(), typed(MORE))
    (work,) = (work for work in work_for(gathered) if isinstance(work, Transcribe))
    judged = after(gathered, heard(work.ticket, confidence=0.2))
    assert isinstance(judged.takes[0].verdict, Reviewing)


def test_after_the_last_try_there_is_no_button_for_another() -> None:
    interview = ASKED
    for _ in range(TAKES_LIMIT):
        interview = after(interview, typed("too short"))
    screen = screen_for(interview)
    assert isinstance(screen, UnscoredScreen)
    assert Move.AGAIN not in {control.move for control in screen.controls}
