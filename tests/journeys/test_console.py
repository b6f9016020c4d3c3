"""The terminal as somebody without any account meets it: piped, and through a pseudo-terminal."""

import os
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests.journeys.world import (
    REPOSITORY,
    SPEECH,
    Program,
    World,
    interviewer,
    open_world,
    voice_note,
)
from tests.recordings import speech_like, wav

SPOKEN = (
    "First I looked at the load because 40 percent of the rows were lost, then I added a check."
)


FOLLOW_UP = "What would you do differently next time?"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """With an interviewer and a transcriber, and no chat but the terminal."""
    async with open_world(tmp_path, platforms=()) as opened:
        yield opened
        opened.assert_valid()


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "answer.ogg"
    path.write_bytes(voice_note())
    return path


async def test_piped_lines_play_a_whole_interview(tmp_path: Path, recording: Path) -> None:
    program = Program(tmp_path, {})
    lines = ["Data Engineer", "", "senior", "", "3", "/start"]
    lines += [SPOKEN, "next", str(recording), "", "/skip", "/history", "quit"]

    code, printed = await program.run(lines="\n".join(lines))

    assert code == 0
    assert "Question 3 of 3" in printed
    assert "From the built-in question bank" in printed
    assert "Measured only, not scored: no AI interviewer is set up here" in printed
    assert "Measured only: this installation does not transcribe." in printed
    assert "no long pauses" in printed
    assert "Done: Data Engineer" in printed
    assert "2 of 3 questions answered" in printed
    assert "\x1b" not in printed

    code, printed = await program.run(lines="/history 1\n")
    assert code == 0
    assert "Data Engineer ·" in printed
    assert SPOKEN.split(",", maxsplit=1)[0] in " ".join(printed.split())


async def test_the_end_of_piped_input_keeps_the_answers_and_the_next_run_goes_on(
    tmp_path: Path,
) -> None:
    program = Program(tmp_path, {})
    code, printed = await program.run(lines=f"/interview Nurse, 3 questions\n{SPOKEN}\n")
    assert code == 0
    assert printed.rstrip().endswith("run again to go on.")

    code, printed = await program.run(lines="\nnext\n")
    assert code == 0
    assert "You left an interview for Nurse at question 1 of 3." in printed
    assert "Question 2 of 3" in printed

    code, printed = await program.run(lines="Data Engineer, 3 questions\n")
    assert "Stopped. 1 answer kept" in printed
    assert "Question 1 of 3" in printed


async def test_what_is_no_recording_is_told_and_the_question_stays_open(tmp_path: Path) -> None:
    playlist = tmp_path / "voice.ogg"
    playlist.write_text("#EXTM3U\n/etc/hostname\n")
    silent = tmp_path / "silent.wav"
    silent.write_bytes(_silence())
    lines = ["/interview Nurse, 3 questions", str(playlist), str(silent), "missing.ogg", SPOKEN]

    code, printed = await Program(tmp_path, {}).run(lines="\n".join(lines))

    flat = " ".join(printed.split())
    assert code == 0
    assert "Not scored: that is not a recording I can play." in flat
    assert "Not scored: the recording is silent." in flat
    assert "There is no file at missing.ogg." in flat
    assert "Checklist" in flat


# With an interviewer


async def test_the_loop_at_one_question(world: World, recording: Path) -> None:
    world.gemini.reply = asking_more
    wish = "/interview Data Engineer at Acme, 3 questions, rate first"
    lines = [wish, str(recording), "2", "/model", "/model", "/scores"]
    lines += ["/misheard", "/back", "/misheard", SPOKEN]
    lines += ["/again", SPOKEN, "/skip", "", SPOKEN, "5", "", "/skip", "/skip"]

    printed = await play(world, lines)

    said = printed.index(f"Your answer {SPEECH}")
    corrected = printed.index(f"It is judged instead of what was heard. /back /stop › {SPOKEN}")
    again = printed.index("─ Question 1 of 3 · take 2 ─")
    follow_up = printed.index("─ Question 1 of 3 · follow-up ─")
    end = printed.index("─ Done: Data Engineer at Acme ─")
    heard = printed[said:corrected]
    assert "Your feedback is ready. First: how good was your answer, from 1 to 5?" in heard
    assert heard.index("› 2") < heard.index("Content 4/5 · Structure 3/5")
    assert "You rated it 2/5; the mean score is" in heard
    assert heard.count(SPEECH) == 3  # once for what was heard, once for each correction
    assert heard.count("Model answer The nightly load kept failing, so I wrote a check for") == 1
    assert "What the scores mean Content 4/5: Says what was done" in heard
    assert "Strength: You name a real event. “looked at the load" in printed[corrected:again]
    assert "Enter (follow-up question)" in printed[corrected:again]
    assert "Against your last try" in printed[again:follow_up]
    assert "You rated it" not in printed[again:follow_up]
    assert FOLLOW_UP in printed[follow_up:end]
    assert "Enter (next question)" in printed[follow_up:end]
    for line in (
        "1 of 3 questions answered",
        "by what counts most in this role · you rated yourself 5.0",
        "1. Name the result first.",
        "/history 1 (each answer) /save /picture /progress /practice Enter (leave)",
    ):
        assert line in printed[end:]


async def test_against_the_clock_all_the_feedback_comes_at_the_end(
    world: World, recording: Path
) -> None:
    lines = ["/interview Nurse, 3 questions, real", SPOKEN, "/begin"]
    lines += [SPOKEN, str(recording), SPOKEN, "/history 1"]

    printed = await play(world, lines)

    begun = printed.index("The clock has not started. Press Begin when you are ready.")
    first = printed.index("─ Question 1 of 3 ─")
    end = printed.index("─ Done: Nurse ─")
    past = printed.index("› /history 1")
    assert begun < first < end < past
    assert printed[first:end].count("30 seconds to prepare, then 2:00 to answer.") == 3
    assert "Strength" not in printed[first:end]
    assert "3 of 3 questions answered" in printed[end:past]
    assert printed[past:].count("Strength: You name a real event.") == 3
    assert SPEECH in printed[past:]


async def test_an_interview_is_kept_as_files_and_a_picture(
    world: World, recording: Path, tmp_path: Path
) -> None:
    lines = ["/interview Data Engineer at Acme, 3 questions", str(recording), "", "/skip", "/skip"]
    printed = await play(world, [*lines, "/save", "/picture", "/save 2", ""])

    saved = printed[printed.index("› /save") : printed.index("› /save 2")]
    page, text, picture = (
        tmp_path / path for path in re.findall(r"\S+/\S+\.(?:html|md|png)", saved)
    )
    assert {path.parent for path in (page, text, picture)} == {tmp_path / "data"}
    for path in (page, text):
        assert "You name a real event." in path.read_text()
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "There is no such one." in printed

    page.write_text("mine")
    printed = await play(world, ["/save"])
    assert page.read_text() == "mine"
    assert str(page.with_name(f"{page.stem}-2.html")) in printed
    assert str(text) in printed


async def test_two_interviews_show_progress_and_lead_to_practice(
    world: World, recording: Path, tmp_path: Path
) -> None:
    printed = await play(world, ["/progress", "/practice"])
    assert "Nothing to compare yet." in printed
    assert "I do not know yet what to practise" in printed

    wish = "/interview Data Engineer at Acme, 3 questions"
    lines = [wish, str(recording), "", "/skip", "/skip"]
    printed = await play(world, ["", *lines, "/progress"])
    assert "One interview so far." in printed

    world.gemini.reply = improved
    printed = await play(world, [*lines, "/progress", "/practice", SPOKEN])
    assert "Interviews: 2 · answers: 2" in printed
    assert "Structure: 3.0 → 4.0, better" in printed
    assert (tmp_path / "data" / "progress-2.png").read_bytes().startswith(b"\x89PNG")
    practice = printed[printed.index("› /practice") :]
    assert "Data Engineer at Acme · 1 question, mixed · To practise: Structure" in practice
    assert "─ Question 1 of 1 ─" in practice
    assert "To practise: Structure 5/5: Opens with the point" in practice
    assert "Enter (finish)" in practice


async def test_histories_are_joined_by_a_code(tmp_path: Path) -> None:
    program = Program(tmp_path, {})
    _, printed = await program.run(lines="/link\n/unlink\n/link nonsense\n")
    code = re.search(r"Your code: (\S+)", printed)
    assert code is not None
    assert "This history is not joined with any other." in printed
    assert "That code is not valid, or no longer." in printed
    _, printed = await program.run(lines=f"/history\n/link {code[1]}\n")
    assert "That is your own code of this app." in printed


async def test_what_is_asked_for_before_going_on_is_answered(tmp_path: Path) -> None:
    program = Program(tmp_path, {})
    await program.run(lines=f"/interview Nurse, 3 questions\n{SPOKEN}\n")

    lines = ["/history 1", "/save", "/dance", "/practice", "", "/cancel", "/history", ""]
    code, printed = await program.run(lines="\n".join(lines))
    assert code == 0
    offered = " ".join(printed.split())
    assert offered.startswith("PersonaAI")
    assert "Nurse ·" in offered
    assert ".html" in offered
    assert "There is no /dance here." in offered
    assert "Stopped. 1 answer kept in /history." in offered
    assert "1 answered · stopped" in offered
    assert offered.endswith("/history reads it again.")


async def play(world: World, lines: list[str]) -> str:
    """What a run prints until the lines end, without line breaks."""
    code, printed = await world.program.run(lines="\n".join(lines))
    assert code == 0, printed
    return " ".join(printed.split())


def asking_more(body: dict[str, Any]) -> dict[str, Any]:
    """An interviewer who takes up every answer."""
    said = interviewer(body)
    return said | {"follow_up": FOLLOW_UP} if "follow_up" in said else said


def improved(body: dict[str, Any]) -> dict[str, Any]:
    """An interviewer of whom an answer gets a better structure than before."""
    said = interviewer(body)
    if "scores" in said:
        said["scores"]["structure"] = 4
    return said


# Through a pseudo-terminal


def test_an_interview_in_a_terminal_left_and_taken_up_again(
    tmp_path: Path, recording: Path
) -> None:
    with (tmp_path / "terminal.log").open("w") as log:
        terminal = _terminal(tmp_path)
        terminal.logfile_read = log
        terminal.expect("Which role are you interviewing for")
        terminal.sendline("Data Engineer")
        terminal.expect("At which company")
        terminal.sendline("")
        terminal.expect("At which level")
        terminal.sendline("4")
        terminal.expect("What kind of questions")
        terminal.sendline("mixed")
        terminal.expect("How many questions")
        terminal.sendline("3")
        terminal.expect("How shall we practise")
        terminal.sendline("")
        terminal.expect("Anything else")
        terminal.sendline("")
        terminal.expect("Paste the job description")
        terminal.sendline("/start")
        terminal.expect("Question 1 of 3")
        terminal.sendline(SPOKEN)
        terminal.expect("Checklist")
        terminal.sendline("")
        terminal.expect("Question 2 of 3")
        terminal.sendintr()
        terminal.expect("Left. Everything so far is kept")
        terminal.expect(pexpect.EOF)

        terminal = _terminal(tmp_path)
        terminal.logfile_read = log
        terminal.expect("You left an interview for Data Engineer at question 2 of 3")
        terminal.sendline("")
        terminal.expect("Question 2 of 3")
        terminal.sendline(str(recording))
        terminal.expect("no long pauses")
        terminal.sendline("next")
        terminal.expect("Question 3 of 3")
        terminal.sendline(SPOKEN)
        terminal.expect("Checklist")
        terminal.sendline("")
        terminal.expect("3 of 3 questions answered")
        terminal.expect("Enter .leave.")
        terminal.sendline("")
        terminal.expect(pexpect.EOF)
        terminal.close()
        assert terminal.exitstatus == 0


def test_the_time_that_is_left_stands_before_what_is_typed(tmp_path: Path) -> None:
    terminal = _terminal(tmp_path)
    terminal.expect("Which role are you interviewing for")
    terminal.sendline("/interview Nurse, real, 3 questions")
    terminal.expect("Enter .begin.")
    terminal.sendline("")
    terminal.expect("Question 1 of 3")
    terminal.expect("0:[23][0-9] ›")
    terminal.expect("\x1b\\[0m[0-9]\x1b")  # only the figure that changes is drawn again
    terminal.sendline("/skip")
    terminal.expect("Question 2 of 3")
    terminal.sendintr()
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0


def _terminal(folder: Path) -> pexpect.spawn:
    return pexpect.spawn(
        sys.executable,
        ["-m", "bot"],
        cwd=str(folder),
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(REPOSITORY),
            "TERM": "xterm-256color",
            "PROMPT_TOOLKIT_NO_CPR": "1",
            "DATA_DIR": str(folder / "data"),
        },
        encoding="utf-8",
        timeout=20,
        dimensions=(40, 120),
    )


def _silence() -> bytes:
    return wav(speech_like(3) - 120)
