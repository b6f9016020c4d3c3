"""What a button carries comes back as it was written; data from elsewhere is nobody's button."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering import RATINGS
from bot.brief import Detail
from bot.buttons import (
    LIMIT,
    Begin,
    Button,
    HearAnswer,
    ListSessions,
    OpenSession,
    Practise,
    Press,
    ReadAnswers,
    SaveSession,
    ShowPicture,
    ShowProgress,
    read_button,
    write_button,
)
from bot.events import Control, Move
from bot.interview import Asking, Panel, SettingUp
from bot.questions import popular_roles
from bot.screens import Screen
from tests import screens
from tests.screens import EXAMPLES, characters, controls_of, in_phase

LARGEST_USER = 2**52 - 1  # https://core.telegram.org/bots/api#user
SHOWN = (
    *EXAMPLES,
    *(in_phase(SettingUp(detail)) for detail in Detail),
    *(in_phase(Asking(turn)) for turn in range(3)),
)

owners = st.integers(1, LARGEST_USER)
places = st.integers(0, 999)
buttons: st.SearchStrategy[Button] = st.one_of(
    st.builds(
        Press,
        st.builds(
            Control,
            screens.sessions,
            st.sampled_from(Move),
            st.sampled_from([*Detail, *(f"role={role}" for role in popular_roles())])
            | st.sampled_from([*(f"0={n}" for n in RATINGS), *(f"0={panel}" for panel in Panel)])
            | places.map(str)
            | st.just(""),
        ),
    ),
    st.builds(Begin),
    st.builds(ListSessions, places),
    st.builds(OpenSession, screens.sessions, places),
    st.builds(HearAnswer, screens.sessions, places),
    st.builds(ReadAnswers, screens.sessions),
    st.builds(ShowPicture, screens.sessions),
    st.builds(SaveSession, screens.sessions),
    st.builds(ShowProgress),
    st.builds(Practise),
)


@given(owners, buttons)
def test_a_button_comes_back_as_it_was_written(owner: int, button: Button) -> None:
    data = write_button(owner, button)
    assert read_button(data) == (owner, button)
    assert 1 <= len(data.encode()) <= LIMIT


@pytest.mark.parametrize("screen", SHOWN, ids=lambda screen: screen.key)
def test_every_control_of_every_screen_fits_a_button(screen: Screen) -> None:
    controls = controls_of(screen)
    written = [write_button(LARGEST_USER, Press(control)) for control in controls]
    assert [read_button(data) for data in written] == [
        (LARGEST_USER, Press(control)) for control in controls
    ]
    assert all(len(data.encode()) <= LIMIT for data in written)
    assert len(set(written)) == len(written)


@given(screens.screens())
def test_the_controls_of_any_screen_come_back(screen: Screen) -> None:
    for control in controls_of(screen):
        assert read_button(write_button(7, Press(control))) == (7, Press(control))


@given(owners, screens.sessions, st.text(characters, max_size=20))
def test_an_argument_comes_back_if_it_is_one_of_ours(
    owner: int, session: str, argument: str
) -> None:
    button = Press(Control(session, Move.CHOOSE, argument))
    data = write_button(owner, button)
    ours = data.isascii() and len(data) <= LIMIT
    assert read_button(data) == ((owner, button) if ours else None)


@pytest.mark.parametrize(
    "data",
    [
        "b:" + "9" * 5000,
        "l:7:" + "9" * 5000,
        "S:٣:abc:",
        "b:7:junk",
        "b:07",
        "l:7:8:9",
        "l:7:1e9",
        "p:7:junk",
        "e:7:junk",
        "v:7:abc:0",
        "s:7:abc:0",
        "r:7:abc:0",
    ],
)
def test_data_that_we_would_not_have_written_is_nobodys(data: str) -> None:
    assert read_button(data) is None


# What others have written


pieces = st.sampled_from([*"::SbloHhrvspeTOM-7٣²①", "::", "+7", " 7"])


@given(st.text(characters) | st.lists(pieces | st.text(characters, max_size=3)).map("".join))
def test_any_data_is_a_button_or_none(data: str) -> None:
    read = read_button(data)
    if read is not None:
        owner, button = read
        assert owner >= 0
        assert read_button(write_button(owner, button)) == read


@pytest.mark.parametrize(
    "data",
    [
        "",
        ":",
        "next",
        "next:1",
        "S",
        "S:",
        "S::",
        "S:-7:abc:",
        "S:+7:abc:",
        "S: 7:abc:",
        "S:7_0:abc:",
        "S:7.0:abc:",
        "S:²:abc:",
        "S:①:abc:",
        "s:7:abc:",
        "SS:7:abc:",
        "Z:7:abc:",
        "l:7:",
        "l:7:-8",
        "l:7:²",
        "o:7:abc",
        "o:7:abc:",
        "o:7:abc:x",
        "o:7:abc:-1",
        "h:7:abc:1.5",
        "b",
        "\0",
        "\ud800",
    ],
)
def test_data_from_elsewhere_is_nobodys_button(data: str) -> None:
    assert read_button(data) is None
