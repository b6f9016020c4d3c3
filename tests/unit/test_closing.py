"""What is said at the end, of an answer and of them all, is borne out by their own words."""

from dataclasses import replace

from bot.brief import Brief
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
    Control,
    ControlPressed,
    Event,
    InterviewRequested,
    InterviewSummarised,
    Move,
    NoteHeard,
    QuestionsWritten,
    TextSent,
    VoiceNote,
    VoiceSent,
)
from bot.history import record_of
from bot.interview import (
    Finished,
    Interview,
    Reason,
    Reviewed,
    Unscored,
)
from bot.problems import Problem, ProblemKind
from bot.questions import Question, QuestionKind
from bot.screens import FeedbackScreen, RatingScreen, screen_for
from bot.step import Moved, Refused, step
from bot.work import ReviewAnswer, Transcribe, work_for

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
