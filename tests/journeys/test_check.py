"""`python -m bot check` tells an operator what is set up, what is wrong, and what to do."""

from pathlib import Path

from tests.emulators import gemini
from tests.journeys.world import Program, open_world


async def test_nothing_is_set_up(tmp_path: Path) -> None:
    code, printed = await Program(tmp_path, {}).run("check")
    assert code == 0
    assert "telegram     not set up: set TELEGRAM_TOKEN" in printed
    assert "transcriber  not set up" in printed
    assert "built-in questions" in printed
    assert "interviews in this terminal" in printed


async def test_settings_are_not_usable(tmp_path: Path) -> None:
    program = Program(tmp_path, {"TELEGRAM_TOKEN": "secret", "DATABASE_URL": "mysql://x"})
    code, printed = await program.run("check")
    assert code == 1
    assert "TELEGRAM_TOKEN is not usable" in printed
    assert "@BotFather" in printed
    assert "DATABASE_URL is not usable" in printed
    assert "secret" not in printed


async def test_keys_are_wrong(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        world.telegram.token = "1:other"
        world.assemblyai.api_key = "other"
        world.gemini.fail("getModel", gemini.bad_key(), times=5)
        code, printed = await world.program.run("check")
    assert code == 1
    for name in ("telegram", "transcriber", "interviewer"):
        assert f"{name:<12} NOT WORKING: misconfigured" in printed
    for setting in ("TELEGRAM_TOKEN", "ASSEMBLYAI_API_KEY", "GEMINI_API_KEY"):
        assert f"Look at {setting}" in printed
    assert "storage      kept in" in printed


async def test_all_is_well(tmp_path: Path) -> None:
    async with open_world(tmp_path, platforms=("telegram", "discord")) as world:
        code, printed = await world.program.run("check")
        world.assert_valid()
    assert code == 0
    assert "NOT WORKING" not in printed
    assert "answers as @persona_bot" in printed
    assert "discord      answers as" in printed


async def test_the_program_is_running(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await world.program.start()
        await world.telegram.wait_for(lambda t: t.calls("getUpdates"), timeout=20)
        code, printed = await world.program.run("check")
        assert code == 0
        assert "in use by a process that runs" in printed
        code, printed = await world.program.run()
        assert code == 1
        assert "Another process uses the database" in printed


async def test_weights_are_missing(tmp_path: Path) -> None:
    program = Program(tmp_path, {"WHISPER_MODEL": str(tmp_path)})
    code, printed = await program.run("check")
    assert code == 1
    assert "offline transcription: not installed" in printed
