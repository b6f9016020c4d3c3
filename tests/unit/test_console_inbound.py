"""What a typed line means in front of each screen; no line can break the reading."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.console.inbound import (
    AUDIO_NAMES,
    CODE_LIMIT,
    PERSON,
    Complaint,
    GoOn,
    Help,
    History,
    Leave,
    Line,
    Link,
    Picture,
    Practise,
    Save,
    ShowProgress,
    Unlink,
    default_control,
    read_line,
    read_offer,
    slug,
)
from bot.brief import Brief, Detail, Kind, Mode
from bot.events import (
    Control,
    ControlPressed,
    Document,
    DocumentSent,
    InterviewRequested,
    Move,
    StopRequested,
    TextSent,
    VoiceNote,
    VoiceSent,
)
from bot.interview import Asking, Deferred, SettingUp
from bot.screens import (
    FeedbackScreen,
    ReadyScreen,
    Screen,
    SetupScreen,
    StoppedScreen,
    SummaryScreen,
)
from tests import screens
from tests.screens import (
    ASKED,
    CORRECTING,
    EXAMPLES,
    FEEDBACK,
    INTERVIEW,
    RATING,
    READY,
    SETUP,
    SETUP_COUNT,
    SETUP_KIND,
    STUCK,
    UNSCORED,
    awkward,
    characters,
    controls_of,
    in_phase,
    judged,
)

SETUP_SKILLS = in_phase(SettingUp(Detail.SKILLS))
SETUP_EXTRAS = in_phase(SettingUp(Detail.EXTRAS))
RATE_FIRST = replace(INTERVIEW.brief, rate_first=True)
DEFERRED = in_phase(Asking(turn=0), [judged(Deferred())], RATE_FIRST)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where relative paths begin."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(text: str, screen: Screen = ASKED) -> Line:
    return read_line(text, screen, at=5.0, session="new")


def typed(text: str) -> TextSent:
    return TextSent(at=5.0, text=text)


def pressed(screen: Screen, move: Move, argument: str | None = None) -> ControlPressed:
    """The one control of a screen that does this."""
    (control,) = (
        each
        for each in controls_of(screen)
        if each.move is move and argument in {None, each.argument}
    )
    return ControlPressed(at=5.0, control=control)


# Commands


@pytest.mark.parametrize("screen", EXAMPLES, ids=lambda screen: type(screen).__name__)
@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("/help", Help()),
        (" /HELP ", Help()),
        ("/history", History(None)),
        ("/history latest", History(None)),
        ("/history 2", History(2)),
        ("/save", Save(1)),
        ("/save latest", Save(1)),
        ("/save  3 ", Save(3)),
        ("/save 12345678901234567890", Save(1)),
        ("/picture", Picture(1)),
        ("/picture 2", Picture(2)),
        ("/progress", ShowProgress()),
        ("/practice", Practise()),
        ("/practise", Practise()),
        ("/link", Link("")),
        ("/link acde-3479", Link("acde-3479")),
        (f"/link {'A' * 1_000}", Link("A" * CODE_LIMIT)),
        ("/unlink", Unlink()),
        ("/quit", Leave()),
        ("/exit", Leave()),
        ("/cancel", StopRequested(at=5.0)),
        ("/stop", StopRequested(at=5.0)),
        ("/interview", InterviewRequested(at=5.0, session="new", person=PERSON)),
        (
            "/interview Data Engineer at Acme, 3 questions, technical",
            InterviewRequested(
                at=5.0,
                session="new",
                person=PERSON,
                brief=Brief("Data Engineer", "Acme", kind=Kind.TECHNICAL, count=3),
            ),
        ),
        ("/dance", Complaint("There is no /dance here. /help says what there is.")),
    ],
)
def test_commands_mean_the_same_in_front_of_every_screen(
    screen: Screen, text: str, meant: Line
) -> None:
    assert read(text, screen) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", GoOn()),
        (" Y ", GoOn()),
        ("yes", GoOn()),
        ("/history", History(None)),
        ("/save 2", Save(2)),
        ("/quit", Leave()),
        ("/cancel", StopRequested(at=5.0)),
        ("/next", Complaint("There is no /next here. /help says what there is.")),
        (
            "Nurse, real",
            InterviewRequested(
                at=5.0, session="new", person=PERSON, brief=Brief("Nurse", mode=Mode.REAL)
            ),
        ),
        (
            "/interview Nurse",
            InterviewRequested(at=5.0, session="new", person=PERSON, brief=Brief("Nurse")),
        ),
    ],
)
def test_where_going_on_is_offered_a_role_begins_another(text: str, meant: Line | GoOn) -> None:
    assert read_offer(text, at=5.0, session="new") == meant


# Controls


@pytest.mark.parametrize(
    ("screen", "text", "move"),
    [
        (SETUP, "/start", Move.START),
        (SETUP_KIND, "/skip", Move.SKIP),
        (SETUP_KIND, "/back", Move.BACK),
        (SETUP_KIND, "/SKIP", Move.SKIP),
        (ASKED, "/skip", Move.PASS),
        (ASKED, "skip", Move.PASS),
        (ASKED, "Stop", Move.STOP),
        (STUCK, "/retry", Move.RETRY),
        (STUCK, "retry", Move.RETRY),
        (STUCK, "/skip", Move.PASS),
        (UNSCORED, "/again", Move.AGAIN),
        (READY, "/begin", Move.START),
        (READY, "begin", Move.START),
        (READY, "", Move.START),
        (RATING, "/skip", Move.PASS),
        (CORRECTING, "/back", Move.BACK),
        (FEEDBACK, "/misheard", Move.MISHEARD),
        (FEEDBACK, "/again", Move.AGAIN),
        (FEEDBACK, "next", Move.NEXT),
        (FEEDBACK, " NEXT ", Move.NEXT),
    ],
)
def test_a_control_is_pressed_by_its_word(screen: Screen, text: str, move: Move) -> None:
    assert read(text, screen) == pressed(screen, move)


@pytest.mark.parametrize(
    ("screen", "text", "argument"),
    [
        (SETUP, "1", "role=Software Engineer"),
        (SETUP, " 6 ", "role=Registered Nurse"),
        (SETUP, "data analyst", "role=Data Analyst"),
        (SETUP_KIND, "2", "kind=technical"),
        (SETUP_KIND, "Technical", "kind=technical"),
        (SETUP_COUNT, "3", "count=3"),
        (SETUP_COUNT, "8", "count=8"),
        (SETUP_EXTRAS, "1", "extras=follow_ups"),
        (SETUP_EXTRAS, "2", "extras=rate_first"),
    ],
)
def test_a_choice_is_made_by_number_or_by_name(screen: Screen, text: str, argument: str) -> None:
    assert read(text, screen) == pressed(screen, Move.CHOOSE, argument)


@pytest.mark.parametrize("screen", [RATING, DEFERRED], ids=["rating", "deferred"])
@pytest.mark.parametrize("text", ["{}", "/{}", " {} "])
@pytest.mark.parametrize("rating", [1, 2, 3, 4, 5])
def test_an_answer_is_rated_by_its_number(screen: Screen, text: str, rating: int) -> None:
    assert read(text.format(rating), screen) == pressed(screen, Move.RATE, f"0={rating}")


@pytest.mark.parametrize(
    ("text", "panel"), [("/model", "model"), ("/delivery", "measures"), ("/scores", "scores")]
)
def test_a_panel_is_opened_by_its_word(text: str, panel: str) -> None:
    assert read(text, FEEDBACK) == pressed(FEEDBACK, Move.OPEN, f"0={panel}")


@pytest.mark.parametrize(
    ("screen", "text"),
    [
        (SETUP, "7"),
        (SETUP, "0"),
        (SETUP, "-1"),
        (SETUP, "01"),
        (SETUP, "²"),
        (SETUP_COUNT, "1"),
        (SETUP_COUNT, "4"),
        (SETUP_KIND, "skip"),
        (ASKED, "next"),
        (ASKED, "1"),
        (ASKED, "skip that"),
        (FEEDBACK, "start"),
        (FEEDBACK, "3"),
        (RATING, "6"),
        (RATING, "0"),
        (READY, "start"),
        (CORRECTING, "4"),
        (CORRECTING, "next"),
    ],
)
def test_what_is_no_control_here_is_text(screen: Screen, text: str) -> None:
    assert read(text, screen) == typed(text)


def test_the_number_of_questions_is_typed_as_it_is_meant() -> None:
    """3 is three questions, and not the third choice."""
    assert read("3", SETUP_COUNT) == pressed(SETUP_COUNT, Move.CHOOSE, "count=3")
    assert read("2", SETUP_COUNT) == typed("2")


@pytest.mark.parametrize("screen", [*EXAMPLES, SETUP_KIND, SETUP_SKILLS])
@pytest.mark.parametrize("text", ["", "  ", "\t"])
def test_enter_alone_goes_on_where_one_can(screen: Screen, text: str) -> None:
    if isinstance(screen, FeedbackScreen):
        assert read(text, screen) == pressed(screen, Move.NEXT)
    elif isinstance(screen, ReadyScreen):
        assert read(text, screen) == pressed(screen, Move.START)
    elif isinstance(screen, SetupScreen) and screen.detail is not Detail.ROLE:
        assert read(text, screen) == pressed(screen, Move.SKIP)
    elif isinstance(screen, (SummaryScreen, StoppedScreen)):
        assert read(text, screen) == Leave()
    else:
        assert read(text, screen) == Complaint("Type something, or /help.")


def presses(control: Control) -> tuple[Line, ...]:
    """/stop is the command that it is in front of any screen."""
    return ControlPressed(at=5.0, control=control), StopRequested(at=5.0)


@given(screens.screens())
def test_every_control_of_any_screen_can_be_pressed(screen: Screen) -> None:
    controls = controls_of(screen)
    words = [slug(control, screen) for control in controls]
    assert len(set(words)) == len(controls)
    for control, word in zip(controls, words, strict=True):
        text = word if control.move is Move.CHOOSE else f"/{word}"
        assert read(text, screen) in presses(control)
        if control == default_control(screen):
            assert read("", screen) == ControlPressed(at=5.0, control=control)


# Files


@pytest.fixture
def recording(folder: Path) -> Path:
    path = folder / "my answer.ogg"
    path.write_bytes(b"OggS")
    return path


@pytest.mark.parametrize(
    "write",
    [
        str,
        lambda path: f'"{path}"',
        lambda path: f"'{path}'",
        lambda path: str(path).replace(" ", "\\ "),
        lambda path: f"  {path}  ",
        lambda path: path.name,
        lambda path: f"./{path.name}",
    ],
)
def test_the_path_of_a_file_is_an_answer(recording: Path, write: Callable[[Path], str]) -> None:
    assert read(write(recording)) == VoiceSent(at=5.0, note=VoiceNote(str(recording)))


def test_a_home_is_known(recording: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(recording.parent))
    assert read("~/my answer.ogg") == VoiceSent(at=5.0, note=VoiceNote(str(recording)))


def test_a_link_is_what_it_leads_to(recording: Path, folder: Path) -> None:
    (folder / "link.ogg").symlink_to(recording)
    assert read("link.ogg") == VoiceSent(at=5.0, note=VoiceNote(str(recording)))


def test_in_the_set_up_a_file_is_the_job_description(folder: Path) -> None:
    path = folder / "job.txt"
    path.write_text("A job")
    assert read("job.txt", SETUP) == DocumentSent(at=5.0, document=Document(str(path), "job.txt"))


@pytest.mark.parametrize("suffix", sorted(AUDIO_NAMES))
def test_a_recording_that_is_not_there_is_complained_of(suffix: str) -> None:
    assert read(f"answer{suffix.upper()}") == Complaint(
        f"There is no file at answer{suffix.upper()}."
    )


@pytest.mark.parametrize("text", ["/nowhere/answer.ogg", "/dev/zero", "/tmp", "/"])
def test_a_path_that_cannot_be_played_is_complained_of(text: str) -> None:
    assert isinstance(read(text), Complaint)


def test_what_is_no_file_is_text(folder: Path) -> None:
    (folder / "notes").mkdir()
    os.mkfifo(folder / "pipe")
    for text in ("notes", "pipe", ".", "..", "~", "~nobody-here/x", "I shipped it in v2.mp3 form"):
        assert read(text) == typed(text)


# Any line


lines = st.one_of(
    awkward,
    st.text(characters),
    st.builds(
        "{}{}{}".format, st.sampled_from(["/", "~", "./", "//", "'", '"', "~/"]), awkward, awkward
    ),
    st.builds(
        "/{} {}".format,
        st.sampled_from(["interview", "history", "save", "picture", "link", "skip", "cancel"]),
        awkward,
    ),
    st.builds(lambda text, times: text * times, st.text(min_size=1, max_size=3), st.just(70_000)),
    st.builds("{}.ogg".format, st.text(characters)),
)


@given(lines, screens.screens())
def test_any_line_means_something(text: str, screen: Screen) -> None:
    meant = read(text, screen)
    if isinstance(meant, TextSent):
        assert meant.text == text
        assert text.strip()
    if isinstance(meant, Complaint):
        assert meant.sentence
    if isinstance(meant, ControlPressed):
        assert meant.control in controls_of(screen)


@given(lines)
def test_any_line_means_something_where_going_on_is_offered(text: str) -> None:
    meant = read_offer(text, at=5.0, session="new")
    assert not isinstance(meant, ControlPressed)
    if isinstance(meant, Complaint):
        assert meant.sentence
