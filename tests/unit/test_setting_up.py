"""The set-up needs a role at most, uses what it is sent, and asks again for what it cannot use."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.brief import (
    DESCRIPTION_LIMIT,
    NAME_LIMIT,
    QUESTION_COUNTS,
    Brief,
    Detail,
    Kind,
    Mode,
    Seniority,
    clean_line,
    clean_role,
    clean_skills,
    clean_text,
    is_text_full,
    seniority_of,
)
from bot.events import (
    Control,
    ControlPressed,
    Document,
    DocumentRead,
    DocumentSent,
    Event,
    InterviewRequested,
    Move,
    QuestionsWritten,
    StopRequested,
    TextSent,
    VoiceNote,
    VoiceSent,
    WorkFailed,
)
from bot.interview import Asking, Interview, Preparing, Reason, SettingUp, Stopped
from bot.problems import Fault, Problem, ProblemKind
from bot.questions import Question, QuestionKind
from bot.setting_up import ANY_ROLE
from bot.step import Moved, Refused, step
from bot.work import ReadDocument, WriteQuestions, work_for

ODD = "\x00\x1b\r\n\t \u2028\u200b\u200d\ufeff\ud800\u202e\u2066אب😀<&>,;="
ANYTHING = st.text(st.characters(exclude_categories=()) | st.sampled_from(ODD))
QUESTION = Question(id="1", text="Why?", kind=QuestionKind.BEHAVIOURAL)
JOB = Document("file:1", "job.pdf")
CV = Document("file:2", "cv.pdf")


def after(interview: Interview, *events: Event) -> Interview:
    for event in events:
        stepped = step(interview, event)
        assert isinstance(stepped, Moved), (event, stepped)
        interview = stepped.interview
    return interview


def request(session: str = "s", brief: Brief | None = None) -> InterviewRequested:
    return InterviewRequested(at=1.0, session=session, person="chat:me", brief=brief)


def typed(text: str) -> TextSent:
    return TextSent(at=2.0, text=text)


def pressed(move: Move, argument: str = "", session: str = "s") -> ControlPressed:
    return ControlPressed(at=2.0, control=Control(session, move, argument))


def begun() -> Interview:
    return after(Interview(key="chat:1"), request())


def asked_for(detail: Detail) -> Interview:
    """A set-up that asks for `detail`."""
    skipped = list(Detail)[1 : list(Detail).index(detail)]
    if detail is Detail.ROLE:
        return begun()
    return after(begun(), typed("Editor"), *(pressed(Move.SKIP, each) for each in skipped))


def setup_of(interview: Interview) -> SettingUp:
    assert isinstance(interview.phase, SettingUp)
    return interview.phase


class TestTheWayThrough:
    def test_asks_for_each_detail_and_then_prepares(self) -> None:
        interview = begun()
        said = {
            Detail.ROLE: "Senior Editor",
            Detail.COMPANY: "The Times",
            Detail.SENIORITY: "Lead",
            Detail.KIND: " behavioural ",
            Detail.COUNT: "3",
            Detail.MODE: "Real",
            Detail.EXTRAS: "rate_first",
            Detail.DESCRIPTION: "We look for somebody.",
            Detail.CV: "I edited.",
            Detail.SKILLS: "grammar, tact",
        }
        for detail, text in said.items():
            assert setup_of(interview).detail is detail
            interview = after(interview, typed(text))
            if detail in (Detail.EXTRAS, Detail.DESCRIPTION, Detail.CV):
                interview = after(interview, pressed(Move.SKIP, detail))
        assert interview.brief == Brief(
            role="Senior Editor",
            company="The Times",
            seniority=Seniority.LEAD,
            kind=Kind.BEHAVIOURAL,
            count=3,
            description="We look for somebody.",
            skills=("grammar", "tact"),
            mode=Mode.REAL,
            rate_first=True,
            cv="I edited.",
        )
        assert work_for(interview) == (WriteQuestions(interview.ticket, builtin=False),)

    def test_everything_but_the_role_can_be_skipped(self) -> None:
        interview = after(begun(), typed("Editor"))
        interview = after(interview, *(pressed(Move.SKIP, each) for each in list(Detail)[1:]))
        assert isinstance(interview.phase, Preparing)
        assert interview.brief == Brief(role="Editor")

    @pytest.mark.parametrize("detail", Detail)
    def test_can_be_ended_at_every_detail(self, detail: Detail) -> None:
        interview = after(asked_for(detail), pressed(Move.START))
        assert isinstance(interview.phase, Preparing)
        assert interview.brief.role == (ANY_ROLE if detail is Detail.ROLE else "Editor")

    @pytest.mark.parametrize("detail", Detail)
    def test_can_be_stopped_at_every_detail(self, detail: Detail) -> None:
        for stop in (pressed(Move.STOP), StopRequested(at=3.0)):
            stopped = after(asked_for(detail), stop)
            assert isinstance(stopped.phase, Stopped)
            assert not work_for(stopped)

    def test_goes_back_detail_by_detail_and_keeps_what_was_said(self) -> None:
        interview = after(asked_for(Detail.KIND), pressed(Move.CHOOSE, "kind=technical"))
        for detail in (Detail.COUNT, Detail.KIND, Detail.SENIORITY, Detail.COMPANY):
            interview = after(interview, pressed(Move.BACK, detail))
        assert setup_of(interview).detail is Detail.ROLE
        assert interview.brief == Brief(role="Editor", kind=Kind.TECHNICAL)
        assert step(interview, pressed(Move.BACK, Detail.ROLE)) == Refused(Reason.OLD_CONTROL)

    def test_a_brief_in_one_line_starts_at_once(self) -> None:
        brief = Brief(role="Editor", count=3)
        interview = after(Interview(key="chat:1"), request(brief=brief))
        assert interview.brief == brief
        assert work_for(interview) == (WriteQuestions(1, builtin=False),)

    def test_a_second_request_begins_the_set_up_anew(self) -> None:
        again = after(asked_for(Detail.SKILLS), request(session="t"))
        assert setup_of(again) == SettingUp()
        assert (again.session, again.brief) == ("t", Brief())

    def test_a_request_is_refused_once_the_questions_are_being_written(self) -> None:
        running = after(begun(), pressed(Move.START))
        assert step(running, request(session="t")) == Refused(Reason.ALREADY_RUNNING)

    def test_what_is_typed_begins_a_card_and_what_is_pressed_does_not(self) -> None:
        card = setup_of(begun()).card
        assert setup_of(after(begun(), typed("Editor"))).card == card + 1
        assert setup_of(after(begun(), pressed(Move.CHOOSE, "role=Editor"))).card == card


class TestRole:
    @pytest.mark.parametrize("text", ["", "   ", "?", "12345", "👍", "x", "\u202e\u200b", "<>&;--"])
    def test_what_nobody_could_be_is_asked_again(self, text: str) -> None:
        assert step(begun(), typed(text)) == Refused(Reason.ROLE_UNCLEAR)

    def test_its_words_say_the_level(self) -> None:
        assert after(begun(), typed("Junior Editor")).brief.seniority is Seniority.JUNIOR

    def test_another_one_that_says_no_level_leaves_the_level_as_it_is(self) -> None:
        named = after(asked_for(Detail.SENIORITY), typed("lead"))
        backs = (Detail.KIND, Detail.SENIORITY, Detail.COMPANY)
        renamed = after(named, *(pressed(Move.BACK, each) for each in backs), typed("Author"))
        assert (renamed.brief.role, renamed.brief.seniority) == ("Author", Seniority.LEAD)

    def test_a_pasted_advertisement_is_cut(self) -> None:
        brief = after(begun(), typed("We look for an editor. " * 5_000)).brief
        assert brief.role.startswith("We look for an editor.")
        assert len(brief.role) <= 120


class TestChoices:
    @pytest.mark.parametrize("seniority", Seniority)
    def test_every_level_can_be_typed_or_pressed(self, seniority: Seniority) -> None:
        interview = asked_for(Detail.SENIORITY)
        for event in (typed(seniority.upper()), pressed(Move.CHOOSE, f"seniority={seniority}")):
            assert after(interview, event).brief.seniority is seniority

    @pytest.mark.parametrize("kind", Kind)
    def test_every_kind_can_be_typed_or_pressed(self, kind: Kind) -> None:
        for event in (typed(f" {kind}\n"), pressed(Move.CHOOSE, f"kind={kind}")):
            assert after(asked_for(Detail.KIND), event).brief.kind is kind

    @pytest.mark.parametrize("count", QUESTION_COUNTS)
    def test_every_count_can_be_typed_or_pressed(self, count: int) -> None:
        for event in (typed(f"{count} "), pressed(Move.CHOOSE, f"count={count}")):
            assert after(asked_for(Detail.COUNT), event).brief.count == count

    @pytest.mark.parametrize("detail", [Detail.SENIORITY, Detail.KIND, Detail.COUNT])
    @pytest.mark.parametrize(
        "text", ["", "whatever", "-1", "4", "10" * 5_000, "senior\u202e", "😀"]
    )
    def test_what_is_no_choice_is_asked_again(self, detail: Detail, text: str) -> None:
        interview = asked_for(detail)
        assert step(interview, typed(text)) == Refused(Reason.CHOICE_UNCLEAR)
        forged = pressed(Move.CHOOSE, f"{detail}={text}")
        assert step(interview, forged) == Refused(Reason.CHOICE_UNCLEAR)


class TestControls:
    def test_those_of_another_detail_are_old(self) -> None:
        interview = asked_for(Detail.KIND)
        for control in (
            pressed(Move.CHOOSE, "seniority=senior"),
            pressed(Move.SKIP, Detail.COMPANY),
            pressed(Move.BACK, Detail.COUNT),
            pressed(Move.CHOOSE),
        ):
            assert step(interview, control) == Refused(Reason.OLD_CONTROL)

    @pytest.mark.parametrize("move", Move)
    def test_those_of_another_session_are_old(self, move: Move) -> None:
        control = pressed(move, Detail.KIND, session="before")
        assert step(asked_for(Detail.KIND), control) == Refused(Reason.OLD_CONTROL)

    @pytest.mark.parametrize("move", [Move.NEXT, Move.AGAIN, Move.RETRY, Move.PASS])
    def test_those_of_an_answer_are_old(self, move: Move) -> None:
        assert step(begun(), pressed(move, "0")) == Refused(Reason.OLD_CONTROL)


class TestDescription:
    def test_comes_in_pieces_until_the_person_goes_on(self) -> None:
        interview = after(asked_for(Detail.DESCRIPTION), typed("First. "), typed("\n\nSecond."))
        assert interview.brief.description == "First.\n\nSecond."
        assert setup_of(interview).detail is Detail.DESCRIPTION
        gone_on = after(interview, pressed(Move.SKIP, Detail.DESCRIPTION))
        assert setup_of(gone_on).detail is Detail.CV
        assert gone_on.brief == interview.brief

    @pytest.mark.parametrize("size", [100_000, 4_096])
    def test_of_a_hundred_thousand_characters_keeps_the_beginning(self, size: int) -> None:
        text = "".join(f"line-{number:05}\n" for number in range(9_100))[:100_000]
        pieces = [text[start : start + size] for start in range(0, len(text), size)]
        interview = after(asked_for(Detail.DESCRIPTION), *map(typed, pieces))
        description = interview.brief.description
        assert DESCRIPTION_LIMIT - 1 <= len(description) <= DESCRIPTION_LIMIT
        assert description.startswith("line-00000\nline-00001\n")

    @pytest.mark.parametrize("text", ["", " \n ", "\x00\x07", "\u202e"])
    def test_without_anything_to_read_is_asked_again(self, text: str) -> None:
        assert step(asked_for(Detail.DESCRIPTION), typed(text)) == Refused(Reason.EMPTY)


class TestDocument:
    @pytest.mark.parametrize("detail", [detail for detail in Detail if detail is not Detail.CV])
    def test_is_the_description_whatever_was_asked_for(self, detail: Detail) -> None:
        reading = after(asked_for(detail), DocumentSent(at=2.0, document=JOB))
        assert work_for(reading) == (ReadDocument(reading.ticket, JOB),)
        read = after(reading, DocumentRead(at=3.0, ticket=reading.ticket, text="We sell shoes."))
        assert read.brief.description == "We sell shoes."
        assert setup_of(read).detail is Detail.DESCRIPTION
        assert not work_for(read)

    def test_is_the_cv_where_that_was_asked_for(self) -> None:
        reading = after(asked_for(Detail.CV), DocumentSent(at=2.0, document=JOB))
        read = after(reading, DocumentRead(at=3.0, ticket=reading.ticket, text="I sold shoes."))
        assert (read.brief.cv, read.brief.description) == ("I sold shoes.", "")
        assert setup_of(read).detail is Detail.CV

    def test_adds_to_what_was_typed(self) -> None:
        interview = after(asked_for(Detail.DESCRIPTION), typed("About us:"))
        reading = after(interview, DocumentSent(at=2.0, document=JOB))
        read = after(reading, DocumentRead(at=3.0, ticket=reading.ticket, text="Shoes."))
        assert read.brief.description == "About us:\nShoes."

    @pytest.mark.parametrize(
        ("problem", "fault"),
        [
            (Problem(ProblemKind.REJECTED, fault=Fault.PROTECTED), Fault.PROTECTED),
            (Problem(ProblemKind.DOWN), Fault.GONE),
        ],
    )
    def test_that_cannot_be_had_is_said_and_nothing_else_is_lost(
        self, problem: Problem, fault: Fault
    ) -> None:
        reading = after(asked_for(Detail.KIND), DocumentSent(at=2.0, document=JOB))
        failed = after(reading, WorkFailed(at=3.0, ticket=reading.ticket, problem=problem))
        assert (setup_of(failed).fault, setup_of(failed).reading) == (fault, None)
        assert failed.brief == Brief(role="Editor")
        assert not work_for(failed)
        assert setup_of(after(failed, typed("Pasted instead."))).fault is None

    @pytest.mark.parametrize("text", ["", " \n", "\x0c\x00"])
    def test_without_text_is_said(self, text: str) -> None:
        reading = after(begun(), DocumentSent(at=2.0, document=JOB))
        read = after(reading, DocumentRead(at=3.0, ticket=reading.ticket, text=text))
        assert setup_of(read).fault is Fault.NO_TEXT

    def test_that_comes_too_late_changes_nothing(self) -> None:
        reading = after(begun(), DocumentSent(at=2.0, document=JOB))
        late = DocumentRead(at=3.0, ticket=reading.ticket, text="Old.")
        for gone_on in (
            after(reading, pressed(Move.STOP)),
            after(reading, request(session="t")),
            after(reading, late),
        ):
            assert step(gone_on, late) == Refused(Reason.STALE)


class TestDocumentsWithTheRequest:
    def test_are_read_one_after_the_other_and_then_it_begins(self) -> None:
        reading = self.requested(JOB, CV)
        assert work_for(reading) == (ReadDocument(reading.ticket, JOB),)
        second = after(reading, self.read(reading, "We sell shoes."))
        assert work_for(second) == (ReadDocument(second.ticket, CV),)
        begun = after(second, self.read(second, "I sold hats."))
        assert isinstance(begun.phase, Preparing)
        assert (begun.brief.description, begun.brief.cv) == ("We sell shoes.", "I sold hats.")

    def test_a_cv_alone_is_no_job_description(self) -> None:
        reading = self.requested(None, CV)
        assert work_for(reading) == (ReadDocument(reading.ticket, CV),)
        begun = after(reading, self.read(reading, "I sold hats."))
        assert isinstance(begun.phase, Preparing)
        assert (begun.brief.description, begun.brief.cv) == ("", "I sold hats.")

    @pytest.mark.parametrize("go_on", [Move.START, Move.SKIP])
    def test_a_cv_waits_until_the_description_is_put_right(self, go_on: Move) -> None:
        refused = self.refused(self.requested(JOB, CV))
        assert (setup_of(refused).detail, setup_of(refused).fault) == (
            Detail.DESCRIPTION,
            Fault.PROTECTED,
        )
        assert not work_for(refused)
        reading = after(
            refused,
            typed("Shoes."),
            pressed(Move.BACK, Detail.DESCRIPTION),
            pressed(Move.SKIP, Detail.EXTRAS),
            pressed(go_on, Detail.DESCRIPTION),
        )
        assert work_for(reading) == (ReadDocument(reading.ticket, CV),)
        read = after(reading, self.read(reading, "I sold hats."))
        assert (read.brief.description, read.brief.cv) == ("Shoes.", "I sold hats.")
        assert isinstance(read.phase, Preparing) == (go_on is Move.START)

    def test_a_cv_that_cannot_be_read_is_asked_for(self) -> None:
        refused = self.refused(self.requested(None, CV))
        assert (setup_of(refused).detail, setup_of(refused).fault) == (Detail.CV, Fault.PROTECTED)

    def requested(self, job: Document | None, cv: Document | None) -> Interview:
        wanted = replace(request(brief=Brief(role="Editor")), document=job, cv=cv)
        return after(Interview(key="chat:1"), wanted)

    def read(self, reading: Interview, text: str) -> DocumentRead:
        return DocumentRead(at=3.0, ticket=reading.ticket, text=text)

    def refused(self, reading: Interview) -> Interview:
        protected = Problem(ProblemKind.REJECTED, fault=Fault.PROTECTED)
        return after(reading, WorkFailed(at=3.0, ticket=reading.ticket, problem=protected))


def test_a_recording_is_asked_to_be_typed() -> None:
    sent = VoiceSent(at=2.0, note=VoiceNote("note:1"))
    for detail in Detail:
        assert step(asked_for(detail), sent) == Refused(Reason.TYPE_IT)


class TestPreparing:
    def test_what_is_sent_meanwhile_is_told_to_wait(self) -> None:
        preparing = after(begun(), pressed(Move.START))
        for event in (
            typed("Hello?"),
            VoiceSent(at=2.0, note=VoiceNote("note:1")),
            DocumentSent(at=2.0, document=JOB),
        ):
            assert step(preparing, event) == Refused(Reason.NOT_YET)

    @pytest.mark.parametrize("kind", ProblemKind)
    def test_without_the_coach_the_bank_asks_and_it_is_said_why(self, kind: ProblemKind) -> None:
        preparing = after(begun(), pressed(Move.START))
        problem = Problem(kind)
        failed = after(preparing, WorkFailed(at=3.0, ticket=preparing.ticket, problem=problem))
        assert work_for(failed) == (WriteQuestions(failed.ticket, builtin=True),)
        written = QuestionsWritten(at=4.0, ticket=failed.ticket, questions=(QUESTION,))
        asking = after(failed, written)
        assert isinstance(asking.phase, Asking)
        assert (asking.phase.turn, asking.stand_in) == (0, problem)

    def test_questions_for_another_preparation_or_none_at_all_are_stale(self) -> None:
        preparing = after(begun(), pressed(Move.START))
        for ticket, questions in ((preparing.ticket + 1, (QUESTION,)), (preparing.ticket, ())):
            written = QuestionsWritten(at=4.0, ticket=ticket, questions=questions)
            assert step(preparing, written) == Refused(Reason.STALE)


@settings(deadline=None)
@given(st.sampled_from(Detail), ANYTHING, st.booleans())
def test_anything_is_taken_clean_or_refused(detail: Detail, text: str, press: bool) -> None:  # noqa: FBT001 - drawn
    event = pressed(Move.CHOOSE, f"{detail}={text}") if press else typed(text)
    stepped = step(asked_for(detail), event)
    if isinstance(stepped, Refused):
        assert stepped.reason in (Reason.ROLE_UNCLEAR, Reason.CHOICE_UNCLEAR, Reason.EMPTY)
        return
    brief = stepped.interview.brief
    assert brief.role == clean_role(brief.role)
    assert brief.company == clean_line(brief.company, NAME_LIMIT)
    assert brief.description == clean_text(brief.description, DESCRIPTION_LIMIT)
    assert brief.skills == clean_skills(",".join(brief.skills))
    assert brief.count in QUESTION_COUNTS


def test_what_is_sent_while_a_document_is_read_is_not_lost() -> None:
    reading = after(begun(), DocumentSent(at=2.0, document=JOB))
    ticket = reading.ticket
    more = after(reading, TextSent(at=3.0, text="A caption."))
    assert step(more, DocumentSent(at=3.0, document=JOB)) == Refused(Reason.NOT_YET)
    assert step(more, pressed(Move.START)) == Refused(Reason.OLD_CONTROL)
    read = after(more, DocumentRead(at=4.0, ticket=ticket, text="We look for you."))
    assert read.brief.description == "A caption.\nWe look for you."


def test_a_full_description_is_known_to_be_full() -> None:
    brief = Brief(description=clean_text("a" * (DESCRIPTION_LIMIT - 1) + " b", DESCRIPTION_LIMIT))
    assert len(brief.description) < DESCRIPTION_LIMIT
    assert is_text_full(brief.description)


@pytest.mark.parametrize(
    ("role", "level"),
    [
        ("Product Manager", None),
        ("Staff Nurse", None),
        ("Lead Generation Specialist", None),
        ("International Sales", None),
        ("Sr. Data Engineer", Seniority.SENIOR),
        ("Lead Data Engineer", Seniority.LEAD),
        ("Head of Sales", Seniority.MANAGER),
    ],
)
def test_a_level_is_only_read_where_it_is_meant(role: str, level: Seniority | None) -> None:
    assert seniority_of(role) is level
