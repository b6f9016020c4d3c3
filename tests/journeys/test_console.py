"""The terminal as somebody without any account meets it: piped, and through a pseudo-terminal."""

import os
import sys
from pathlib import Path

import pexpect
import pytest

from tests.journeys.world import REPOSITORY, Program, voice_note
from tests.recordings import speech_like, wav

SPOKEN = (
    "First I looked at the load because 40 percent of the rows were lost, then I added a check."
)


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
        terminal.expect("run again to go on")
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
