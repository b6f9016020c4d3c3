"""What the documents say of the code is what the code does."""

import re
from pathlib import Path

import pytest

from bot.config import Settings
from bot.diagram import draw_diagram

ROOT = Path(__file__).parents[2]
NO_DEFAULT = ("-", "–", "—")


@pytest.fixture
def settings_table() -> list[tuple[str, str]]:
    """Each row's variable, and its default as written (a dash where there is none)."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(r"^\|\s*`([A-Z0-9_]+)`\s*\|\s*([^|]*?)\s*\|", readme, re.MULTILINE)


def test_the_state_diagram_is_that_of_the_code() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```mermaid\n(.*?)\n```$", text, re.MULTILINE | re.DOTALL)
    drawn = [block for block in blocks if block.startswith("stateDiagram")]
    assert drawn == [draw_diagram()], "docs/architecture.md is old: paste `python -m bot diagram`"


def test_the_readme_lists_every_setting_once(settings_table: list[tuple[str, str]]) -> None:
    assert sorted(name for name, _ in settings_table) == sorted(
        map(str.upper, Settings.model_fields)
    )


def test_the_readme_gives_the_defaults(
    settings_table: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A default may be written in any way in which the setting itself could be."""
    monkeypatch.chdir(tmp_path)
    defaults = {name.upper(): field.default for name, field in Settings.model_fields.items()}
    for name in defaults:
        monkeypatch.delenv(name, raising=False)
    assert settings_table
    for name, written in settings_table:
        if defaults[name] is None:
            assert written in NO_DEFAULT, name
            continue
        assert re.fullmatch(r"`[^`]+`", written), name
        monkeypatch.setenv(name, written.strip("`"))
        assert getattr(Settings(), name.lower()) == defaults[name], name
        monkeypatch.delenv(name)
