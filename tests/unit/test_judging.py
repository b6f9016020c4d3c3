"""Every answer is judged fairly or not at all, and no trouble with it leaves anybody waiting."""

from dataclasses import replace

import pytest

from bot.coaching import (
    Point,
    Review,
    Reviewer,
    Score,
    Unscorable,
)
from bot.delivery import delivery_level
from bot.events import AnswerReviewed, CopyDeleted, Move, NoteHeard, StopRequested, VoiceNote
from bot.history import record_of
from bot.interview import (
    Asking,
    HearingStuck,
    Interview,
    Reason,
    Reviewed,
    Reviewing,
    ReviewStuck,
    Unheard,
    Unscored,
    delivery_of,
    text_of,
)
from bot.judging import RETRY_DELAYS
from bot.problems import Fault, Problem, ProblemKind
from bot.questions import DELIVERY
from bot.scoresheet import sheet_of
from bot.screens import FeedbackScreen, UnscoredScreen, screen_for
from bot.step import Refused, step
from bot.work import (
    AwaitTranscript,
    DeleteCopy,
    ReviewAnswer,
    Transcribe,
    Wait,
    work_for,
)
from tests.answers import (
    ASKED,
    DOWN,
    MORE,
    REVIEW,
    SCORED,
    SOUND,
    SPEECH,
    after,
    failed,
    heard,
    last,
    pressed,
    queued,
    rejected,
    reviewed,
    spoken,
    ticket_of,
    typed,
    waited,
)
from tests.contract.ear_in_memory import transcript_of

PASSING = [ProblemKind.BUSY, ProblemKind.DOWN]
LASTING = [ProblemKind.QUOTA, ProblemKind.MISCONFIGURED]


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
        again = Asking(turn=0, asked=1, since=100.0)
        assert phase == (Asking(turn=1, since=100.0) if move is Move.NEXT else again)

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


class TestOffTopic:
    ELSEWHERE = replace(SCORED, off_topic=Point("It is about a query.", "found the slow query"))

    def test_is_not_scored_and_says_on_what_that_rests(self) -> None:
        interview = after(ASKED, typed(), reviewed(1, self.ELSEWHERE))
        unscored = Unscored(Unscorable.OFF_TOPIC, "found the slow query")
        assert last(interview).verdict == unscored
        screen = screen_for(interview)
        assert isinstance(screen, UnscoredScreen)
        assert (screen.why, screen.quote) == (unscored.why, unscored.quote)
        record = record_of(interview)
        assert record is not None
        assert record.answers[0].unscored_quote == "found the slow query"

    def test_counts_in_no_mean(self) -> None:
        refused = after(ASKED, typed(), reviewed(1, self.ELSEWHERE), pressed(Move.NEXT))
        interview = after(refused, typed(), reviewed(2, SCORED))
        record = record_of(interview)
        assert record is not None
        sheet = sheet_of(record)
        assert [(each.dimension, each.answers) for each in sheet.averages] == [
            ("content", 1),
            ("evidence", 1),
        ]
        assert sheet.answered == 1

    def test_without_the_answers_own_words_is_not_believed(self) -> None:
        invented = Point("It is about boats.", "we sailed to Spain")
        interview = after(ASKED, typed(), reviewed(1, replace(SCORED, off_topic=invented)))
        assert last(interview).verdict == Reviewed(SCORED)


class TestUnbacked:
    @pytest.mark.parametrize(
        "review",
        [
            Review(Reviewer.COACH, scores=SCORED.scores, better=SCORED.better),
            replace(SCORED, strength=Point("You led it.", "I led the whole team"), fix=None),
            replace(SCORED, strength=Point("Your accent is nice.", "slow query"), fix=None),
        ],
    )
    def test_without_a_point_that_holds_no_score_does(self, review: Review) -> None:
        interview = after(ASKED, typed(), reviewed(1, review))
        assert last(interview).verdict == Unscored(Unscorable.UNBACKED)
        record = record_of(interview)
        assert record is not None
        assert sheet_of(record).overall is None

    def test_what_only_measures_needs_no_points(self) -> None:
        measured = Review(Reviewer.MEASURES)
        assert last(after(ASKED, typed(), reviewed(1, measured))).verdict == Reviewed(measured)


class TestDeliveryScore:
    LONG = replace(SOUND, seconds=30.0, speaking=28.0)
    CLEAR = NoteHeard(at=100.0, ticket=1, transcript=transcript_of(SPEECH), sound=LONG)

    def test_is_worked_out_from_the_measures(self) -> None:
        interview = after(ASKED, spoken(), self.CLEAR, reviewed(2, SCORED))
        delivery = delivery_of(last(interview))
        assert delivery is not None
        level = delivery_level(delivery)
        assert level is not None
        assert self.scores(interview) == (*SCORED.scores, Score(DELIVERY, level))

    @pytest.mark.parametrize("level", range(1, 6))
    def test_is_never_the_coachs(self, level: int) -> None:
        claimed = replace(SCORED, scores=(Score(DELIVERY, level), *SCORED.scores))
        honest = after(ASKED, spoken(), self.CLEAR, reviewed(2, SCORED))
        assert self.scores(after(ASKED, spoken(), self.CLEAR, reviewed(2, claimed))) == (
            self.scores(honest)
        )
        assert self.scores(after(ASKED, typed(), reviewed(1, claimed))) == SCORED.scores

    def test_is_not_given_where_too_little_was_measured(self) -> None:
        interview = after(ASKED, spoken(), heard(1), reviewed(2, SCORED))
        assert self.scores(interview) == SCORED.scores

    def scores(self, interview: Interview) -> tuple[Score, ...]:
        verdict = last(interview).verdict
        assert isinstance(verdict, Reviewed)
        return verdict.review.scores


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
