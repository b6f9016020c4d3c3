"""Which question comes next, how its clock runs, and how the interview comes to its end."""

from dataclasses import replace

import pytest

from bot.brief import Brief, Mode
from bot.coaching import (
    Plan,
    Point,
    Review,
    Reviewer,
    Score,
    Sound,
    Summary,
    Transcript,
    Unscorable,
)
from bot.events import (
    AnswerReviewed,
    AnswersReviewed,
    Control,
    ControlPressed,
    Event,
    InterviewRequested,
    InterviewSummarised,
    Judged,
    Move,
    NoteHeard,
    QuestionsWritten,
    TextSent,
    VoiceNote,
    VoiceSent,
    WaitEnded,
    WorkFailed,
)
from bot.history import record_of
from bot.interview import (
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
)
from bot.problems import Problem, ProblemKind
from bot.questions import Question, QuestionKind
from bot.screens import FeedbackScreen, RatingScreen, SummaryScreen, screen_for
from bot.step import Moved, Refused, step
from bot.work import ReviewAll, ReviewAnswer, Transcribe, Wait, work_for

SPEECH = "I found the slow query and then I halved its time within a week"
SOUND = Sound(seconds=9.0, speaking=8.0, start_delay=0.4, pauses=(), clipped=0.0)
QUESTIONS = tuple(Question(f"q{n}", f"Why {n}?", QuestionKind.BEHAVIOURAL) for n in (1, 2))
GOOD = Review(
    Reviewer.COACH,
    scores=(Score("content", 4),),
    strength=Point("You name a cause.", "found the slow query"),
    fix=Point("Say how.", "halved its time"),
)
DOWN = Problem(ProblemKind.DOWN)


def after(interview: Interview, *events: Event) -> Interview:
    for event in events:
        stepped = step(interview, event)
        assert isinstance(stepped, Moved), (event, stepped)
        interview = stepped.interview
    return interview


def begun(brief: Brief, plan: Plan = Plan.FULL) -> Interview:
    requested = InterviewRequested(at=0.0, session="s", person="chat:me", brief=brief)
    interview = after(Interview(key="chat:1"), requested)
    written = QuestionsWritten(at=10.0, ticket=interview.ticket, questions=QUESTIONS, plan=plan)
    return after(interview, written)


def pressed(move: Move, argument: str = "0", at: float = 20.0) -> ControlPressed:
    return ControlPressed(at=at, control=Control("s", move, argument))


def typed(at: float = 30.0, text: str = SPEECH) -> TextSent:
    return TextSent(at=at, text=text)


def reviewed(interview: Interview, review: Review = GOOD) -> AnswerReviewed:
    return AnswerReviewed(at=40.0, ticket=review_of(interview).ticket, review=review)


def review_of(interview: Interview) -> ReviewAnswer:
    return next(work for work in work_for(interview) if isinstance(work, ReviewAnswer))


class TestAgainstTheClock:
    @pytest.fixture
    def asking(self) -> Interview:
        interview = begun(Brief(role="Nurse", mode=Mode.REAL, count=3))
        assert interview.phase == Ready()
        assert step(interview, typed()) == Refused(Reason.PRESS_START)
        return after(interview, pressed(Move.START, "", at=100.0))

    def test_each_stage_ends_with_its_wait(self, asking: Interview) -> None:
        (preparing,) = work_for(asking)
        assert preparing == Wait(asking.ticket, until=130.0)
        answering = after(asking, WaitEnded(at=130.0, ticket=preparing.ticket))
        (ending,) = work_for(answering)
        assert isinstance(ending, Wait)
        assert ending.until == 250.0
        assert step(answering, WaitEnded(at=131.0, ticket=preparing.ticket)) == Refused(
            Reason.STALE
        )
        over = after(answering, WaitEnded(at=250.0, ticket=ending.ticket))
        assert isinstance(over.phase, Asking)
        assert over.phase.stage is Stage.OVER
        assert work_for(over) == ()

    def test_a_note_moves_on_while_it_is_still_being_heard(self, asking: Interview) -> None:
        sent = after(asking, VoiceSent(at=140.0, note=VoiceNote("one")))
        assert isinstance(sent.phase, Asking)
        assert (sent.phase.turn, sent.phase.stage) == (1, Stage.PREPARING)
        assert {type(work) for work in work_for(sent)} == {Wait, Transcribe}
        assert sent.takes[0].late == 0.0

    def test_what_comes_late_is_kept_and_marked(self, asking: Interview) -> None:
        sent = after(asking, VoiceSent(at=262.0, note=VoiceNote("one")))
        assert sent.takes[0].late == 12.0
        record = record_of(sent)
        assert record is not None
        assert record.answers[0].late == 12.0

    def test_it_ends_by_itself_once_everything_is_judged(self, asking: Interview) -> None:
        waiting = after(asking, typed(110.0), typed(120.0))
        assert waiting.phase == WrappingUp()
        one = after(waiting, reviewed(waiting))
        assert one.phase == WrappingUp()
        both = after(one, reviewed(one))
        assert isinstance(both.phase, Summing)

    def test_what_is_stuck_at_the_end_is_taken_up_or_left_out_at_once(
        self, asking: Interview
    ) -> None:
        waiting = after(asking, typed(110.0), typed(120.0))
        for work in work_for(waiting):
            assert isinstance(work, ReviewAnswer)
            waiting = after(waiting, WorkFailed(at=130.0, ticket=work.ticket, problem=DOWN))
        again = after(waiting, pressed(Move.RETRY, ""))
        assert [type(work) for work in work_for(again)] == [ReviewAnswer, ReviewAnswer]
        without = after(waiting, pressed(Move.PASS, ""))
        assert isinstance(without.phase, Summing)
        verdicts = [take.verdict for take in without.takes]
        assert all(isinstance(v, Reviewed) and v.stand_in == DOWN for v in verdicts)

    def test_a_stop_keeps_what_was_sent(self, asking: Interview) -> None:
        waiting = after(asking, typed(110.0), typed(120.0))
        stopped = after(waiting, pressed(Move.STOP, ""))
        assert isinstance(stopped.phase, Stopped)
        record = record_of(stopped)
        assert record is not None
        assert len(record.answers) == 2


class TestEconomy:
    @pytest.fixture
    def judging(self) -> Interview:
        interview = after(begun(Brief(role="Nurse"), Plan.ECONOMY), typed())
        assert [take.verdict for take in interview.takes] == [Deferred()]
        screen = screen_for(interview)
        assert isinstance(screen, FeedbackScreen)
        assert screen.deferred
        return after(interview, pressed(Move.NEXT), typed(), pressed(Move.NEXT, "1"))

    def test_all_is_judged_once_at_the_end_each_by_its_own_words(self, judging: Interview) -> None:
        phase = judging.phase
        assert isinstance(phase, Judging)
        assert work_for(judging) == (ReviewAll(phase.ticket),)
        invented = replace(GOOD, strength=Point("Wow.", "led forty people"), fix=None)
        judged = (Judged(0, 1, GOOD), Judged(1, 1, invented))
        done = after(
            judging,
            AnswersReviewed(
                at=9.0, ticket=phase.ticket, judged=judged, summary=Summary(Reviewer.COACH)
            ),
        )
        first, second = (take.verdict for take in done.takes)
        assert isinstance(first, Reviewed)
        assert first.review.scores == (Score("content", 4),)
        assert second == Unscored(Unscorable.UNBACKED)
        screen = screen_for(done)
        assert isinstance(screen, SummaryScreen)
        assert screen.sheet.averages[0].answers == 1

    def test_a_failure_is_tried_again_from_the_summary(self, judging: Interview) -> None:
        failed = after(judging, WorkFailed(at=9.0, ticket=judging.ticket, problem=DOWN))
        assert isinstance(failed.phase, Finished)
        again = after(failed, pressed(Move.RETRY, ""))
        assert isinstance(again.phase, Judging)


class TestFollowUp:
    ASKS = replace(GOOD, follow_up="How did you find the slow query?")

    def coached(self, brief: Brief, review: Review = ASKS) -> Interview:
        sent = after(begun(brief), typed())
        return after(sent, reviewed(sent, review))

    def test_is_asked_once_and_counts_as_no_question_of_its_own(self) -> None:
        asked = after(self.coached(Brief(role="Nurse")), pressed(Move.NEXT))
        assert [question.follows for question in asked.questions] == [False, True, False]
        sent = after(asked, typed())
        answered = after(sent, reviewed(sent, self.ASKS), pressed(Move.NEXT, "1"))
        assert [question.follows for question in answered.questions] == [False, True, False]
        assert isinstance(answered.phase, Asking)
        assert answered.phase.turn == 2

    def test_is_not_asked_where_it_is_switched_off(self) -> None:
        gone_on = after(self.coached(Brief(role="Nurse", follow_ups=False)), pressed(Move.NEXT))
        assert gone_on.questions == QUESTIONS

    def test_is_not_asked_after_a_question_that_was_skipped(self) -> None:
        again = after(self.coached(Brief(role="Nurse")), pressed(Move.AGAIN), pressed(Move.PASS))
        assert again.questions == QUESTIONS


class TestJudgement:
    def verdict(self, review: Review) -> object:
        sent = after(begun(Brief(role="Nurse")), typed())
        return after(sent, reviewed(sent, review)).takes[0].verdict

    def test_off_topic_is_shown_by_the_answers_own_words(self) -> None:
        off = replace(GOOD, off_topic=Point("It is on databases.", "slow query and then"))
        assert self.verdict(off) == Unscored(Unscorable.OFF_TOPIC, "slow query and then")

    def test_off_topic_by_invented_words_is_no_reason(self) -> None:
        off = replace(GOOD, off_topic=Point("It is on cats.", "my seven cats and me"))
        assert isinstance(self.verdict(off), Reviewed)

    def test_delivery_is_never_the_coachs_to_score(self) -> None:
        scored = replace(GOOD, scores=(*GOOD.scores, Score("delivery", 5)))
        verdict = self.verdict(scored)
        assert isinstance(verdict, Reviewed)
        assert verdict.review.scores == GOOD.scores


class TestCorrection:
    def test_counts_instead_of_what_was_heard_unclear_as_it_was(self) -> None:
        recorded = after(begun(Brief(role="Nurse")), VoiceSent(at=30.0, note=VoiceNote("one")))
        (work,) = (w for w in work_for(recorded) if isinstance(w, Transcribe))
        unclear = Transcript(
            "eye fond the slow curry and then ate halved its thyme", confidence=0.1
        )
        heard = NoteHeard(at=31.0, ticket=work.ticket, transcript=unclear, sound=SOUND)
        refused = after(recorded, heard)
        assert refused.takes[0].verdict == Unscored(Unscorable.UNCLEAR)
        corrected = after(refused, pressed(Move.MISHEARD), typed())
        done = after(corrected, reviewed(corrected))
        record = record_of(done)
        assert record is not None
        (answer,) = record.answers
        assert (answer.text, answer.corrected) == (SPEECH, True)
        assert answer.transcripts == (unclear,)
        assert answer.delivery is not None
        assert answer.review is not None


class TestOwnRating:
    def test_is_asked_for_before_the_score_is_shown(self) -> None:
        sent = after(begun(Brief(role="Nurse", rate_first=True)), typed())
        waiting = after(sent, reviewed(sent))
        assert isinstance(screen_for(waiting), RatingScreen)
        rated = screen_for(after(waiting, pressed(Move.RATE, "0=2")))
        assert isinstance(rated, FeedbackScreen)
        assert rated.rating == 2
        passed = screen_for(after(waiting, pressed(Move.PASS)))
        assert isinstance(passed, FeedbackScreen)
        assert passed.rating is None
        assert step(waiting, pressed(Move.RATE, "0=9")) == Refused(Reason.OLD_CONTROL)


class TestClosing:
    def closed(self, summary: Summary) -> Summary:
        interview = begun(Brief(role="Nurse"))
        for turn in ("0", "1"):
            sent = after(interview, typed())
            interview = after(sent, reviewed(sent), pressed(Move.NEXT, turn))
        summed = InterviewSummarised(at=9.0, ticket=interview.ticket, summary=summary)
        phase = after(interview, summed).phase
        assert isinstance(phase, Finished)
        return phase.summary

    def test_changes_rest_on_an_answer_and_are_filled_up_with_fixes(self) -> None:
        made = (
            Point("Name the number of people.", "I led forty people"),
            Point("Lose your accent.", "found the slow query"),
            Point("Open with the result.", "halved its time within"),
        )
        changes = self.closed(Summary(Reviewer.COACH, "Well told.", made)).changes
        assert changes == (made[2], GOOD.fix)

    def test_a_headline_on_the_person_is_left_out(self) -> None:
        assert self.closed(Summary(Reviewer.COACH, "You sound nervous.")).headline == ""
        assert self.closed(Summary(Reviewer.COACH, "You name causes.")).headline != ""
