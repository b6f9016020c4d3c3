"""Questions come in their order, the clock runs, and everything comes to its end."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.asking import lateness
from bot.brief import Brief, Mode
from bot.coaching import Plan, Point, Review, Reviewer, Summary, Unscorable
from bot.events import (
    AnswersReviewed,
    Document,
    DocumentSent,
    InterviewRequested,
    InterviewSummarised,
    Judged,
    Move,
    StopRequested,
    VoiceNote,
)
from bot.history import Ending, record_of
from bot.interview import (
    ANSWER_SECONDS,
    PREPARE_SECONDS,
    Asking,
    Deferred,
    Finished,
    Interview,
    Judging,
    Ready,
    Reason,
    Reviewed,
    Stage,
    Stopped,
    Summing,
    Unscored,
    WrappingUp,
    text_of,
)
from bot.problems import Fault, Problem, ProblemKind
from bot.screens import (
    FeedbackScreen,
    QuestionScreen,
    ReadyScreen,
    SummaryScreen,
    WrappingUpScreen,
    screen_for,
)
from bot.step import Refused, step
from bot.work import ReviewAll, ReviewAnswer, Summarise, Transcribe, Wait, work_for
from tests.answers import (
    ASKED,
    DOWN,
    MORE,
    REVIEW,
    SCORED,
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
    ticket_of,
    timed,
    typed,
    waited,
)

HIDDEN = Summary(Reviewer.COACH, headline="You name results.")


class TestAgainstTheClock:
    def test_begins_when_the_person_says_so(self) -> None:
        ready = begun(Brief(role="Editor", mode=Mode.REAL))
        assert ready.phase == Ready()
        assert isinstance(screen_for(ready), ReadyScreen)
        assert work_for(ready) == ()
        for event in (typed(), spoken(), DocumentSent(at=1.0, document=Document("d", "d.pdf"))):
            assert step(ready, event) == Refused(Reason.PRESS_START)
        again = InterviewRequested(at=1.0, session="t", person="chat:me")
        assert step(ready, again) == Refused(Reason.ALREADY_RUNNING)
        put = after(ready, pressed(Move.START, "", at=500.0))
        assert put.phase == Asking(0, since=500.0, stage=Stage.PREPARING, ticket=put.ticket)

    def test_the_stages_end_by_the_clock(self) -> None:
        preparing = timed()
        assert work_for(preparing) == (Wait(ticket_of(preparing), 100.0 + PREPARE_SECONDS),)
        answering = after(preparing, waited(ticket_of(preparing)))
        over_at = 100.0 + PREPARE_SECONDS + ANSWER_SECONDS
        assert work_for(answering) == (Wait(ticket_of(answering), over_at),)
        over = after(answering, waited(ticket_of(answering)))
        assert work_for(over) == ()
        shown = [screen_for(each) for each in (preparing, answering, over)]
        assert [screen.stage for screen in shown if isinstance(screen, QuestionScreen)] == [*Stage]
        assert [screen.ends for screen in shown if isinstance(screen, QuestionScreen)] == [
            100.0 + PREPARE_SECONDS,
            over_at,
            over_at,
        ]
        assert len({screen.key for screen in shown if screen is not None}) == 1

    def test_a_clock_that_was_overtaken_is_stale(self) -> None:
        preparing = timed()
        answering = after(preparing, waited(ticket_of(preparing)))
        over = after(answering, waited(ticket_of(answering)))
        following = after(preparing, pressed(Move.PASS))
        for interview, ticket in (
            (answering, ticket_of(preparing)),
            (over, ticket_of(answering)),
            (following, ticket_of(preparing)),
            (over, 0),
            (preparing, 0),
            (after(preparing, StopRequested(at=110.0)), ticket_of(preparing)),
        ):
            assert step(interview, waited(ticket)) == Refused(Reason.STALE)

    @pytest.mark.parametrize("stage", Stage)
    def test_a_note_in_any_stage_moves_on_at_once(self, stage: Stage) -> None:
        for event in (typed(at=110.0), spoken(at=110.0)):
            moved = after(self.in_stage(stage), event)
            clock = work_for(moved)[0]
            assert isinstance(clock, Wait)
            assert clock.until == 110.0 + PREPARE_SECONDS
            assert moved.phase == Asking(1, 0, 110.0, Stage.PREPARING, clock.ticket)
            assert isinstance(screen_for(moved), QuestionScreen)
            assert (last(moved).turn, len(last(moved).notes)) == (0, 1)

    def test_an_answer_is_heard_and_judged_while_the_next_is_asked(self) -> None:
        moved = after(timed(), spoken("one"))
        clock, transcribe = work_for(moved)
        assert isinstance(clock, Wait)
        assert isinstance(transcribe, Transcribe)
        read = after(moved, queued(transcribe.ticket), heard(transcribe.ticket))
        (review,) = (work for work in work_for(read) if isinstance(work, ReviewAnswer))
        judged = after(read, reviewed(review.ticket))
        assert (judged.phase, screen_for(judged)) == (moved.phase, screen_for(moved))
        assert last(judged).verdict == Reviewed(REVIEW)

    def test_there_is_one_try(self) -> None:
        answered = after(timed(), typed())
        for move in (Move.AGAIN, Move.NEXT, Move.OPEN, Move.RATE, Move.MISHEARD):
            for turn in (0, 1):
                assert step(answered, pressed(move, turn)) == Refused(Reason.OLD_CONTROL)

    @pytest.mark.parametrize(
        ("at", "late"), [(100.0, 0.0), (130.0, 0.0), (250.0, 0.0), (250.5, 0.5), (400.0, 150.0)]
    )
    def test_what_comes_late_is_kept_and_marked(self, at: float, late: float) -> None:
        over = self.in_stage(Stage.OVER)
        answered = after(over, typed(at=at))
        assert last(answered).late == late
        record = record_of(answered)
        assert record is not None
        assert record.answers[0].late == late

    @given(st.floats(0, 4e9), st.floats(0, 4e9))
    def test_nothing_is_late_without_a_clock(self, since: float, at: float) -> None:
        assert lateness(Asking(0, since=since), at) == 0.0
        assert lateness(Asking(0, since=since, stage=Stage.PREPARING), at) >= 0.0

    def test_a_question_can_be_passed_over(self) -> None:
        passed = after(timed(), pressed(Move.PASS, at=120.0))
        assert isinstance(passed.phase, Asking)
        assert (passed.phase.turn, passed.phase.since) == (1, 120.0)
        assert passed.takes == ()

    def in_stage(self, stage: Stage) -> Interview:
        interview = timed()
        while isinstance(interview.phase, Asking) and interview.phase.stage is not stage:
            interview = after(interview, waited(ticket_of(interview)))
        return interview


class TestWrappingUp:
    BOTH = after(timed(), spoken("one"), spoken("two"))

    def test_waits_for_what_is_still_being_heard_or_judged(self) -> None:
        assert self.BOTH.phase == WrappingUp()
        one, two = self.tickets(self.BOTH)
        part = after(self.BOTH, heard(one))
        assert part.phase == WrappingUp()
        (review, _) = work_for(part)
        assert isinstance(review, ReviewAnswer)
        judged = after(part, reviewed(review.ticket))
        screen = screen_for(judged)
        assert isinstance(screen, WrappingUpScreen)
        assert (screen.done, screen.answers, screen.problem) == (1, 2, None)
        for event in (typed(), spoken()):
            assert step(judged, event) == Refused(Reason.NOT_YET)
        assert isinstance(after(judged, rejected(two)).phase, Summing)

    @pytest.mark.parametrize("end", ["judged", "silent", "unclear", "unbacked", "measured"])
    def test_ends_by_itself_when_the_last_is_settled(self, end: str) -> None:
        one, two = self.tickets(self.BOTH)
        interview = after(self.BOTH, rejected(one))
        match end:
            case "silent":
                interview = after(interview, rejected(two))
            case "unclear":
                interview = after(interview, heard(two, confidence=0.1))
            case _:
                interview = after(interview, heard(two))
                ticket = ticket_of(interview)
                quota = Problem(ProblemKind.QUOTA)
                event = failed(ticket, quota) if end == "measured" else reviewed(ticket)
                if end == "unbacked":
                    event = reviewed(ticket, Review(Reviewer.COACH))
                interview = after(interview, event)
        assert work_for(interview) == (Summarise(interview.ticket),)

    def test_is_over_at_once_where_all_is_settled(self) -> None:
        passed = after(timed(), pressed(Move.PASS), pressed(Move.PASS, 1))
        assert isinstance(passed.phase, Summing)

    def test_what_is_stuck_can_be_tried_again_all_at_once(self) -> None:
        stuck = self.stuck()
        screen = screen_for(stuck)
        assert isinstance(screen, WrappingUpScreen)
        assert screen.problem == DOWN
        assert [control.move for control in screen.controls] == [Move.RETRY, Move.PASS, Move.STOP]
        again = after(stuck, pressed(Move.RETRY, ""))
        assert [type(work) for work in work_for(again)] == [ReviewAnswer, Transcribe]
        assert step(again, pressed(Move.RETRY, "")) == Refused(Reason.OLD_CONTROL)
        for wait in work_for(stuck):
            assert isinstance(wait, Wait)
            assert step(again, waited(wait.ticket)) == Refused(Reason.STALE)

    def test_what_is_stuck_is_tried_again_by_itself(self) -> None:
        stuck = self.stuck()
        screen = screen_for(stuck)
        assert isinstance(screen, WrappingUpScreen)
        first, second = work_for(stuck)
        assert isinstance(first, Wait)
        assert isinstance(second, Wait)
        assert screen.until == min(first.until, second.until)
        assert [type(work) for work in work_for(after(stuck, waited(first.ticket)))] == [
            ReviewAnswer,
            Wait,
        ]

    def test_what_is_stuck_can_be_left_out_all_at_once(self) -> None:
        stuck = self.stuck()
        ended = after(stuck, pressed(Move.PASS, ""))
        assert [take.verdict for take in ended.takes] == [
            Reviewed(Review(Reviewer.MEASURES), stand_in=DOWN),
            Unscored(Fault.SET_ASIDE),
        ]
        assert isinstance(ended.phase, Summing)

    def test_leaving_out_waits_for_what_is_not_stuck(self) -> None:
        one, two = self.tickets(self.BOTH)
        half = after(self.BOTH, failed(one), pressed(Move.PASS, ""))
        assert half.phase == WrappingUp()
        assert work_for(half) == (Transcribe(two, VoiceNote("two")),)
        assert step(half, pressed(Move.PASS, "")) == Refused(Reason.OLD_CONTROL)

    def test_a_stop_keeps_the_record(self) -> None:
        stuck = self.stuck()
        for interview in (self.BOTH, stuck):
            stopped = after(interview, pressed(Move.STOP, "", at=300.0))
            assert stopped.phase == Stopped(300.0)
            record = record_of(stopped)
            assert record is not None
            assert [answer.notes for answer in record.answers] == [("one",), ("two",)]
            assert record.ending is Ending.STOPPED

    def stuck(self) -> Interview:
        """The first answer's review and the second answer's recording."""
        one, two = self.tickets(self.BOTH)
        heard_one = after(self.BOTH, heard(one), failed(two, at=500.0))
        (review, _) = work_for(heard_one)
        assert isinstance(review, ReviewAnswer)
        return after(heard_one, failed(review.ticket, at=400.0))

    def tickets(self, interview: Interview) -> tuple[int, int]:
        one, two = (work for work in work_for(interview) if isinstance(work, Transcribe))
        return one.ticket, two.ticket


class TestEconomy:
    BRIEF = Brief(role="Editor")

    def test_an_answer_is_measured_and_waits_for_the_end(self) -> None:
        answered = after(begun(self.BRIEF, Plan.ECONOMY), typed())
        assert last(answered).verdict == Deferred()
        assert work_for(answered) == ()
        screen = screen_for(answered)
        assert isinstance(screen, FeedbackScreen)
        assert (screen.deferred, screen.review) == (True, Review(Reviewer.MEASURES))

    def test_what_cannot_be_judged_is_said_at_once(self) -> None:
        answered = after(begun(self.BRIEF, Plan.ECONOMY), typed("too short"))
        assert last(answered).verdict == Unscored(Unscorable.TOO_SHORT)

    def test_all_are_judged_at_once_by_their_own_words(self) -> None:
        judging = self.judging()
        assert work_for(judging) == (ReviewAll(judging.ticket),)
        of_query = Point("You name it.", "found the slow query")
        reviews = (
            replace(SCORED, strength=of_query, fix=None),
            replace(SCORED, strength=of_query, fix=None),
        )
        finished = after(judging, self.all_reviewed(judging, *reviews))
        first, second = finished.takes
        assert isinstance(first.verdict, Reviewed)
        assert first.verdict.review.strength == of_query
        assert text_of(second) == MORE
        assert second.verdict == Unscored(Unscorable.UNBACKED)
        assert isinstance(finished.phase, Finished)
        assert (finished.phase.at, finished.phase.summary.headline) == (300.0, HIDDEN.headline)

    def test_what_the_coach_leaves_out_is_measured_only(self) -> None:
        judging = self.judging()
        finished = after(judging, self.all_reviewed(judging, SCORED))
        assert [type(take.verdict) for take in finished.takes] == [Reviewed, Deferred]
        record = record_of(finished)
        assert record is not None
        assert [answer.review is None for answer in record.answers] == [False, True]

    def test_a_result_of_another_time_is_stale(self) -> None:
        judging = self.judging()
        event = self.all_reviewed(judging, SCORED)
        assert step(judging, replace(event, ticket=event.ticket - 1)) == Refused(Reason.STALE)
        assert step(after(judging, event), event) == Refused(Reason.STALE)
        assert step(after(judging, StopRequested(at=9.0)), event) == Refused(Reason.STALE)
        summed = InterviewSummarised(at=300.0, ticket=judging.ticket, summary=HIDDEN)
        assert step(judging, summed) == Refused(Reason.STALE)

    def test_without_the_coach_the_measures_stand_and_can_be_retried(self) -> None:
        judging = self.judging()
        measured = after(judging, failed(judging.ticket, at=300.0))
        assert isinstance(measured.phase, Finished)
        assert measured.phase.stand_in == DOWN
        screen = screen_for(measured)
        assert isinstance(screen, SummaryScreen)
        assert [control.move for control in screen.controls] == [Move.RETRY]
        again = after(measured, pressed(Move.RETRY, ""))
        assert work_for(again) == (ReviewAll(again.ticket),)
        finished = after(again, self.all_reviewed(again, SCORED))
        assert isinstance(finished.takes[0].verdict, Reviewed)
        assert isinstance(finished.phase, Finished)
        assert finished.phase.stand_in is None

    def test_a_stop_keeps_the_record(self) -> None:
        stopped = after(self.judging(), StopRequested(at=300.0))
        record = record_of(stopped)
        assert record is not None
        assert (len(record.answers), record.ending) == (2, Ending.STOPPED)
        assert work_for(stopped) == ()

    def test_against_the_clock_all_wait_for_the_end(self) -> None:
        both = after(timed(Plan.ECONOMY), typed(), spoken("two"))
        assert both.phase == WrappingUp()
        assert isinstance(after(both, heard(ticket_of(both), MORE)).phase, Judging)

    def test_without_any_words_there_is_nothing_to_judge_at_once(self) -> None:
        interview = begun(self.BRIEF, Plan.ECONOMY)
        typed_first = after(interview, typed(), spoken())
        unheard = replace(heard(ticket_of(typed_first)), transcript=None)
        skipped = after(typed_first, unheard, pressed(Move.NEXT), pressed(Move.PASS, 1))
        assert isinstance(skipped.phase, Summing)

    def judging(self) -> Interview:
        first = after(begun(self.BRIEF, Plan.ECONOMY), typed(), pressed(Move.NEXT))
        interview = after(first, typed(MORE), pressed(Move.NEXT, 1))
        assert interview.phase == Judging(interview.ticket)
        return interview

    def all_reviewed(self, judging: Interview, *reviews: Review) -> AnswersReviewed:
        judged = tuple(Judged(turn, 1, review) for turn, review in enumerate(reviews))
        return AnswersReviewed(at=300.0, ticket=judging.ticket, judged=judged, summary=HIDDEN)


class TestFollowUp:
    BRIEF = Brief(role="Editor")

    def test_takes_up_the_answer_once(self) -> None:
        judged = self.judged(self.BRIEF)
        screen = screen_for(judged)
        assert isinstance(screen, FeedbackScreen)
        assert (screen.follow_up, screen.last) == (True, False)
        following = after(judged, pressed(Move.NEXT))
        assert [question.follows for question in following.questions] == [False, True, False]
        question = screen_for(following)
        assert isinstance(question, QuestionScreen)
        assert question.question.text == SCORED.follow_up
        assert (question.place.number, question.place.of, question.place.follows) == (1, 2, True)
        answered = after(following, typed(MORE), reviewed(following.ticket + 1, self.about_more()))
        done = after(answered, pressed(Move.NEXT, 1))
        assert done.questions == following.questions
        second = screen_for(done)
        assert isinstance(second, QuestionScreen)
        assert (second.place.number, second.question.follows) == (2, False)

    def test_comes_after_the_last_question_too(self) -> None:
        second = after(begun(self.BRIEF), pressed(Move.PASS), typed())
        judged = after(second, reviewed(second.ticket, SCORED))
        screen = screen_for(judged)
        assert isinstance(screen, FeedbackScreen)
        assert not screen.last
        following = after(judged, pressed(Move.NEXT, 1))
        assert following.questions[-1].follows
        assert isinstance(after(following, pressed(Move.PASS, 2)).phase, Summing)

    def test_can_be_switched_off(self) -> None:
        judged = self.judged(replace(self.BRIEF, follow_ups=False))
        screen = screen_for(judged)
        assert isinstance(screen, FeedbackScreen)
        assert not screen.follow_up
        assert after(judged, pressed(Move.NEXT)).questions == judged.questions

    def test_is_not_asked_again_of_another_try(self) -> None:
        answered = after(self.judged(self.BRIEF), pressed(Move.AGAIN), typed())
        judged = after(answered, reviewed(answered.ticket, replace(SCORED, follow_up="")))
        assert after(judged, pressed(Move.NEXT)).questions == judged.questions

    def test_is_not_asked_after_a_question_that_was_passed_over(self) -> None:
        assert not any(q.follows for q in after(begun(self.BRIEF), pressed(Move.PASS)).questions)
        again = after(self.judged(self.BRIEF), pressed(Move.AGAIN), pressed(Move.PASS))
        assert again.questions == begun(self.BRIEF).questions

    def test_is_not_asked_against_the_clock(self) -> None:
        answered = after(timed(), typed())
        (review,) = (work for work in work_for(answered) if isinstance(work, ReviewAnswer))
        judged = after(answered, reviewed(review.ticket, SCORED), typed(MORE))
        assert not any(question.follows for question in judged.questions)

    def test_rests_on_an_answer_that_was_scored(self) -> None:
        for review in (
            replace(SCORED, off_topic=SCORED.strength),
            replace(SCORED, strength=None, fix=None),
            replace(SCORED, follow_up="Is that because of your accent?"),
        ):
            answered = after(begun(self.BRIEF), typed())
            judged = after(answered, reviewed(answered.ticket, review), pressed(Move.NEXT))
            assert not any(question.follows for question in judged.questions)

    def test_is_the_coachs_even_where_the_bank_asks(self) -> None:
        asked = begun(self.BRIEF)
        ours = tuple(replace(q, id=f"general/{q.id}") for q in asked.questions)
        answered = after(replace(asked, questions=ours, stand_in=DOWN), typed())
        judged = after(answered, reviewed(answered.ticket, SCORED))
        following = screen_for(after(judged, pressed(Move.NEXT)))
        assert isinstance(following, QuestionScreen)
        assert not following.builtin

    def judged(self, brief: Brief) -> Interview:
        answered = after(begun(brief), typed())
        return after(answered, reviewed(answered.ticket, SCORED))

    def about_more(self) -> Review:
        return replace(SCORED, strength=Point("You say who.", "The customers noticed it"), fix=None)


class TestTheEnd:
    def test_after_the_last_question_it_is_summed_up(self) -> None:
        summing = after(ASKED, pressed(Move.PASS), typed(), reviewed(1), pressed(Move.NEXT, 1))
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
        summing = after(ASKED, pressed(Move.PASS), pressed(Move.PASS, 1))
        finished = after(summing, failed(1, Problem(kind), at=300.0))
        measured = Summary(Reviewer.MEASURES)
        assert finished.phase == Finished(300.0, measured, stand_in=Problem(kind))
        assert after(finished, pressed(Move.RETRY)).phase == Summing(2)

    def test_what_is_sent_while_it_is_summed_up_is_told_to_wait(self) -> None:
        summing = after(ASKED, pressed(Move.PASS), pressed(Move.PASS, 1))
        for event in (typed(), spoken()):
            assert step(summing, event) == Refused(Reason.NOT_YET)

    def test_what_is_sent_after_the_end_is_told_so(self) -> None:
        stopped = after(ASKED, StopRequested(at=200.0))
        for event in (typed(), spoken(), StopRequested(at=201.0)):
            assert step(stopped, event) == Refused(Reason.NO_INTERVIEW)
