"""The engine keeps order, counts once, resumes, and lets no conversation hold up another."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from bot.brief import Brief
from bot.coaching import Sound, Transcript
from bot.engine import Engine, Repeated
from bot.events import (
    ControlPressed,
    Document,
    DocumentSent,
    Event,
    InterviewRequested,
    Move,
    StopRequested,
    TextSent,
    VoiceNote,
    VoiceSent,
)
from bot.interview import Asking, Interview, Reason
from bot.performing import Deadlines
from bot.ports import Job, Outcome
from bot.problems import Fault, Problem, ProblemKind
from bot.screens import (
    FeedbackScreen,
    ListeningScreen,
    QuestionScreen,
    Screen,
    SetupScreen,
    StoppedScreen,
    StuckScreen,
    SummaryScreen,
    ThinkingScreen,
    UnscoredScreen,
)
from bot.step import Moved, Refused
from bot.work import DeleteCopy, work_for
from tests.contract.ear_in_memory import EarInMemory
from tests.contract.interviews_in_memory import InterviewsInMemory
from tests.engine_parts import HERE, SOUND, SPEECH, Parts, PlainCoach

TYPED = "I found the slow query and then I halved its time"
DOWN = Problem(ProblemKind.DOWN, detail="gone")


@pytest.fixture
def parts() -> Parts:
    return Parts()


@pytest.fixture
async def engine(parts: Parts) -> AsyncIterator[Engine]:
    engine = parts.engine()
    yield engine
    await engine.close()


def request(session: str = "s1", role: str = "Editor") -> InterviewRequested:
    brief = Brief(role=role, count=3)
    return InterviewRequested(at=1.0, session=session, person="example:me", brief=brief)


def speak(parts: Parts, ref: str = "note", words: bytes = SPEECH) -> VoiceSent:
    parts.chat.files[ref] = words
    return VoiceSent(at=2.0, note=VoiceNote(ref))


async def seen(parts: Parts, kind: type[Screen], where: str = HERE) -> Screen:
    return await parts.chat.wait_for(where, lambda screen: isinstance(screen, kind))


async def until(holds: Callable[[], bool]) -> None:
    """Let the others run until it holds; they never wait for real time."""
    for _ in range(10_000):
        if holds():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came to hold")


async def never() -> Transcript:
    await asyncio.Event().wait()
    raise AssertionError


async def press(engine: Engine, screen: Screen, move: Move) -> object:
    assert not isinstance(screen, StoppedScreen)
    control = next(control for control in screen.controls if control.move is move)
    return await engine.accept(HERE, ControlPressed(at=3.0, control=control))


async def test_an_interview_runs_to_its_summary(parts: Parts, engine: Engine) -> None:
    await engine.accept(HERE, request())
    for number in (1, 2, 3):
        question = await seen(parts, QuestionScreen)
        assert isinstance(question, QuestionScreen)
        assert question.place.number == number
        assert not question.builtin
        await engine.accept(HERE, speak(parts, f"note {number}"))
        feedback = await seen(parts, FeedbackScreen)
        assert isinstance(feedback, FeedbackScreen)
        assert feedback.review.strength is not None
        assert feedback.delivery is not None
        await press(engine, feedback, Move.NEXT)
    summary = await seen(parts, SummaryScreen)
    assert isinstance(summary, SummaryScreen)
    assert summary.summary.headline == "3 answers."
    assert summary.sheet.answered == 3
    record = await parts.interviews.session("example:me", "s1")
    assert record is not None
    assert [answer.turn for answer in record.answers] == [0, 1, 2]


async def test_an_event_that_comes_twice_counts_once(parts: Parts, engine: Engine) -> None:
    assert isinstance(await engine.accept(HERE, request(), "1"), Moved)
    assert isinstance(await engine.accept(HERE, request("s2"), "1"), Repeated)
    await seen(parts, QuestionScreen)
    assert isinstance(await engine.accept(HERE, speak(parts), "2"), Moved)
    again = await engine.accept(HERE, speak(parts), "2")
    assert isinstance(again, Repeated)
    await seen(parts, FeedbackScreen)
    interview = await parts.interviews.load(HERE)
    assert interview is not None
    assert len(interview.takes) == 1
    assert len(interview.takes[0].notes) == 1


async def test_what_comes_at_once_is_taken_in_its_order(parts: Parts, engine: Engine) -> None:
    await engine.accept(HERE, request())
    await seen(parts, QuestionScreen)
    coach = parts.coach
    assert isinstance(coach, PlainCoach)
    coach.free.clear()
    said = [f"part {n} of what I did about it, in some detail" for n in range(5)]
    sent = (engine.accept(HERE, TextSent(at=2.0, text=text)) for text in said)
    await asyncio.gather(*sent)
    coach.free.set()
    await seen(parts, FeedbackScreen)
    assert coach.reviewed[-1] == "\n".join(said)


async def test_one_conversation_does_not_hold_up_another(parts: Parts, engine: Engine) -> None:
    coach = parts.coach
    assert isinstance(coach, PlainCoach)
    coach.free.clear()
    await engine.accept(HERE, request())
    coach.free.set()
    release = asyncio.Event()

    class HangingEar(EarInMemory):
        async def finish(self, job: Job) -> Transcript:
            await release.wait()
            return await super().finish(job)

    parts.ear = HangingEar()
    other = parts.engine()
    await other.accept("example:2", request())
    await seen(parts, QuestionScreen, "example:2")
    await other.accept("example:2", speak(parts))
    await seen(parts, ListeningScreen, "example:2")
    await other.accept("example:3", request())
    await seen(parts, QuestionScreen, "example:3")
    await other.accept("example:3", TextSent(at=2.0, text=TYPED))
    await seen(parts, FeedbackScreen, "example:3")
    release.set()
    await seen(parts, FeedbackScreen, "example:2")
    await other.close()


async def test_a_restart_goes_on_and_asks_the_transcriber_once(parts: Parts) -> None:
    held = asyncio.Event()
    started: list[bytes] = []

    class SlowEar(EarInMemory):
        async def start(self, data: bytes) -> Job:
            started.append(data)
            return await super().start(data)

        async def finish(self, job: Job) -> Transcript:
            await held.wait()
            return await super().finish(job)

    parts.ear = SlowEar()
    engine = parts.engine()
    await engine.accept(HERE, request())
    await seen(parts, QuestionScreen)
    await engine.accept(HERE, speak(parts))
    await seen(parts, ListeningScreen)
    await until(lambda: bool(started))
    await engine.close()

    held.set()
    engine = parts.engine()
    await engine.resume("example")
    await seen(parts, FeedbackScreen)
    assert len(started) == 1
    kinds = [type(screen) for _, screen in parts.chat.cards[HERE]]
    assert kinds == [QuestionScreen, FeedbackScreen]
    await engine.close()


async def test_a_problem_that_passes_is_waited_out_by_the_clock(
    parts: Parts, engine: Engine
) -> None:
    assert isinstance(parts.ear, EarInMemory)
    await engine.accept(HERE, request())
    await seen(parts, QuestionScreen)
    parts.ear.problems.append(Problem(ProblemKind.BUSY, retry_after=90.0))
    await engine.accept(HERE, speak(parts))
    stuck = await seen(parts, StuckScreen)
    assert isinstance(stuck, StuckScreen)
    assert stuck.until == parts.clock.now() + 90
    await parts.clock.wait_for_sleeper(90)
    parts.clock.move(90)
    await seen(parts, FeedbackScreen)


async def test_a_person_need_not_wait(parts: Parts, engine: Engine) -> None:
    assert isinstance(parts.ear, EarInMemory)
    await engine.accept(HERE, request())
    await seen(parts, QuestionScreen)
    parts.ear.problems.append(DOWN)
    await engine.accept(HERE, speak(parts))
    await press(engine, await seen(parts, StuckScreen), Move.RETRY)
    await seen(parts, FeedbackScreen)


async def test_without_the_coach_built_in_questions_stand_in(parts: Parts, engine: Engine) -> None:
    assert isinstance(parts.coach, PlainCoach)
    parts.coach.problems.append(DOWN)
    await engine.accept(HERE, request())
    question = await seen(parts, QuestionScreen)
    assert isinstance(question, QuestionScreen)
    assert question.builtin
    assert question.stand_in == DOWN


async def test_a_defect_in_a_part_is_a_problem_and_not_silence(parts: Parts) -> None:
    class BrokenSounds:
        async def listen(self, data: bytes) -> Sound:
            raise ZeroDivisionError

    parts.sounds = BrokenSounds()
    engine = parts.engine()
    await engine.accept(HERE, request())
    await seen(parts, QuestionScreen)
    await engine.accept(HERE, speak(parts))
    stuck = await seen(parts, StuckScreen)
    assert isinstance(stuck, StuckScreen)
    assert stuck.problem == Problem(ProblemKind.DOWN, detail="ZeroDivisionError")
    await engine.close()


async def test_stopping_ends_the_work_and_still_deletes_the_vendors_copy(parts: Parts) -> None:
    finishing = asyncio.Event()

    class SlowEar(EarInMemory):
        async def finish(self, job: Job) -> Transcript:
            finishing.set()
            return await never()

    ear = SlowEar()
    parts.ear = ear
    engine = parts.engine()
    await engine.accept(HERE, request())
    await seen(parts, QuestionScreen)
    await engine.accept(HERE, speak(parts))
    await finishing.wait()
    assert len(ear.jobs) == 1
    await engine.accept(HERE, StopRequested(at=3.0))
    await seen(parts, StoppedScreen)
    await until(lambda: not ear.jobs)
    await engine.close()
    interview = await parts.interviews.load(HERE)
    assert interview is not None
    assert work_for(interview) == ()
    assert len(interview.takes) == 1


async def test_a_copy_that_could_not_be_deleted_is_tried_again(
    parts: Parts, engine: Engine
) -> None:
    ear = parts.ear
    assert isinstance(ear, EarInMemory)
    await engine.accept(HERE, request())
    await seen(parts, QuestionScreen)
    forget = ear.forget
    failures = [DOWN, DOWN]

    async def failing(job: Job) -> None:
        if failures:
            ear.problems.append(failures.pop())
        await forget(job)

    ear.forget = failing  # type: ignore[method-assign]
    await engine.accept(HERE, speak(parts))
    await seen(parts, FeedbackScreen)
    for _ in range(2):
        await parts.clock.wait_for_sleeper(600)
        assert ear.jobs
        parts.clock.move(600)
    await until(lambda: not ear.jobs)


async def test_a_save_that_was_overtaken_is_stepped_again_from_what_is_kept(
    parts: Parts,
) -> None:
    class Racing(InterviewsInMemory):
        overtaken = 0

        async def save(self, interview: Interview, event_id: str | None) -> Outcome:
            if not self.overtaken:
                self.overtaken += 1
                return Outcome.OVERTAKEN
            return await super().save(interview, event_id)

    parts.interviews = Racing()
    engine = parts.engine()
    assert isinstance(await engine.accept(HERE, request()), Moved)
    await seen(parts, QuestionScreen)
    await engine.close()


async def test_a_chat_that_asks_for_patience_gets_it_and_then_the_newest_screen_alone(
    parts: Parts, engine: Engine
) -> None:
    parts.chat.problems["show"].append(Problem(ProblemKind.BUSY, retry_after=30.0))
    await engine.accept(HERE, InterviewRequested(at=1.0, session="s1", person="example:me"))
    await parts.clock.wait_for_sleeper(30)
    await engine.accept(HERE, TextSent(at=2.0, text="Editor"))
    await engine.accept(HERE, TextSent(at=2.0, text="The Daily"))
    parts.clock.move(30)
    shown = await seen(parts, SetupScreen)
    assert isinstance(shown, SetupScreen)
    assert shown.brief.company == "The Daily"
    assert len(parts.chat.drawn[HERE]) == 1


async def test_the_card_of_the_step_before_loses_its_controls(parts: Parts, engine: Engine) -> None:
    await engine.accept(HERE, request())
    await seen(parts, QuestionScreen)
    await engine.accept(HERE, TextSent(at=2.0, text=TYPED))
    await seen(parts, FeedbackScreen)
    await engine.close()
    refs = [ref for ref, _ in parts.chat.cards[HERE]]
    assert parts.chat.retired == {refs[0]}


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (TextSent(at=1.0, text="hello"), Reason.NO_INTERVIEW),
        (StopRequested(at=1.0), Reason.NO_INTERVIEW),
        (DocumentSent(at=1.0, document=Document("d", "d.pdf")), Reason.NO_INTERVIEW),
    ],
)
async def test_a_refusal_is_an_answer_and_leaves_nothing_behind(
    parts: Parts, engine: Engine, event: Event, reason: Reason
) -> None:
    assert await engine.accept(HERE, event) == Refused(reason)
    assert await parts.interviews.load(HERE) is None


async def test_a_document_becomes_the_job_description(parts: Parts, engine: Engine) -> None:
    parts.chat.files["pdf"] = b"We look for an editor."
    await engine.accept(HERE, InterviewRequested(at=1.0, session="s1", person="example:me"))
    await seen(parts, SetupScreen)
    await engine.accept(HERE, DocumentSent(at=2.0, document=Document("pdf", "job.pdf")))
    read = await parts.chat.wait_for(
        HERE, lambda s: isinstance(s, SetupScreen) and bool(s.brief.description)
    )
    assert isinstance(read, SetupScreen)
    assert read.brief.description == "We look for an editor."

    await engine.accept(HERE, DocumentSent(at=3.0, document=Document("lost", "job.pdf")))
    lost = await parts.chat.wait_for(
        HERE, lambda s: isinstance(s, SetupScreen) and s.fault is not None
    )
    assert isinstance(lost, SetupScreen)
    assert lost.fault is Fault.GONE
    assert lost.brief.description == "We look for an editor."


async def test_a_vendor_that_never_answers_is_given_up_at_its_deadline(parts: Parts) -> None:
    class DeafEar(EarInMemory):
        async def finish(self, job: Job) -> Transcript:
            return await never()

    parts.ear = DeafEar()
    parts.deadlines = Deadlines(awaiting=0.0)
    engine = parts.engine()
    await engine.accept(HERE, request())
    await seen(parts, QuestionScreen)
    await engine.accept(HERE, speak(parts))
    stuck = await seen(parts, StuckScreen)
    assert isinstance(stuck, StuckScreen)
    assert stuck.problem.kind is ProblemKind.DOWN
    interview = await parts.interviews.load(HERE)
    assert interview is not None
    assert isinstance(interview.phase, Asking)
    assert not any(isinstance(work, DeleteCopy) for work in work_for(interview))
    await engine.close()


async def test_silence_is_not_sent_to_the_transcriber(parts: Parts) -> None:
    class SilentSounds:
        async def listen(self, data: bytes) -> Sound:
            return replace(SOUND, speaking=0.0)

    parts.sounds = SilentSounds()
    engine = parts.engine()
    await engine.accept(HERE, request())
    await seen(parts, QuestionScreen)
    await engine.accept(HERE, speak(parts))
    unscored = await seen(parts, UnscoredScreen)
    assert isinstance(unscored, UnscoredScreen)
    assert unscored.why is Fault.SILENT
    assert isinstance(parts.ear, EarInMemory)
    assert not parts.ear.jobs
    await engine.close()


async def test_a_second_note_during_the_judgement_has_both_judged_together(
    parts: Parts, engine: Engine
) -> None:
    coach = parts.coach
    assert isinstance(coach, PlainCoach)
    await engine.accept(HERE, request())
    await seen(parts, QuestionScreen)
    coach.free.clear()
    await engine.accept(HERE, speak(parts, "one"))
    await seen(parts, ThinkingScreen)
    await engine.accept(HERE, speak(parts, "two", b"and it has stayed fast since then"))
    await parts.chat.wait_for(
        HERE, lambda s: isinstance(s, ThinkingScreen) and "stayed fast" in s.text
    )
    coach.free.set()
    await seen(parts, FeedbackScreen)
    assert "halved" in coach.reviewed[-1]
    assert "stayed fast" in coach.reviewed[-1]


async def test_the_last_card_that_was_not_drawn_is_drawn_at_the_next_start(parts: Parts) -> None:
    engine = parts.engine()
    await engine.accept(HERE, request())
    await seen(parts, QuestionScreen)
    parts.chat.problems["show"].append(DOWN)
    await engine.accept(HERE, StopRequested(at=3.0))
    await parts.clock.wait_for_sleeper(1)
    await engine.close()

    engine = parts.engine()
    await engine.resume("example")
    await seen(parts, StoppedScreen)
    await engine.close()


async def test_a_card_that_can_never_be_drawn_is_not_tried_at_each_start(parts: Parts) -> None:
    engine = parts.engine()
    await engine.accept(HERE, request())
    await seen(parts, QuestionScreen)
    parts.chat.problems["show"].append(Problem(ProblemKind.REJECTED))
    await engine.accept(HERE, StopRequested(at=3.0))
    await engine.close()
    assert await parts.interviews.undrawn() == ()
