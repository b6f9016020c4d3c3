"""A wrong setting names itself and says what it is for; a secret is never said."""

import traceback
from pathlib import Path

import pytest

from bot.config import ConfigError, GeminiSdk, LogFormat, LogLevel, Settings, load_settings

SECRET = "hunter2-do-not-tell"
SECRETS = ("telegram_token", "assemblyai_api_key", "gemini_api_key")


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No .env file, and none of our variables."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)


def refusal() -> str:
    with pytest.raises(ConfigError) as caught:
        load_settings()
    return str(caught.value)


def test_nothing_has_to_be_set() -> None:
    settings = load_settings()
    assert [getattr(settings, name) for name in SECRETS] == [None, None, None]
    assert settings.database_path == Path("data/personaai.db")
    assert settings.assemblyai_delete is True
    assert settings.log_level is LogLevel.INFO
    assert settings.log_format is LogFormat.TEXT


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_says_what_it_is_for(name: str) -> None:
    description = Settings.model_fields[name].description
    assert description is not None
    assert description.endswith(".")


class TestRefusals:
    @pytest.mark.parametrize(
        ("name", "value", "told"),
        [
            ("TELEGRAM_TOKEN", SECRET, "from @BotFather"),
            ("TELEGRAM_API_URL", "telegram", "Where the Bot API is"),
            ("TELEGRAM_FILE_URL", "https://", "/file/bot"),
            ("ASSEMBLYAI_BASE_URL", "ftp://example.org", "AssemblyAI's address"),
            ("ASSEMBLYAI_DELETE", "perhaps", "Delete AssemblyAI's copy"),
            ("GEMINI_BASE_URL", "//", "Gemini's address"),
            ("GEMINI_SDK", "genai", "google-genai"),
            ("DATABASE_URL", "postgresql://localhost/db", "Where interviews are kept"),
            ("DATABASE_URL", "sqlite:///", "Where interviews are kept"),
            ("LOG_LEVEL", "LOUD", "DEBUG, INFO, WARNING or ERROR"),
            ("LOG_FORMAT", "xml", "as text, or as json"),
        ],
    )
    def test_name_the_setting_and_what_it_is_for(
        self, monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
    ) -> None:
        monkeypatch.setenv(name, value)
        message = refusal()
        assert message.startswith(name)
        assert told in message
        assert len(message.splitlines()) == 1

    def test_name_every_wrong_setting_on_a_line_of_its_own(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("TELEGRAM_TOKEN", "GEMINI_SDK", "LOG_LEVEL"):
            monkeypatch.setenv(name, "wrong")
        named = [line.split()[0].rstrip(":") for line in refusal().splitlines()]
        assert named == ["TELEGRAM_TOKEN", "GEMINI_SDK", "LOG_LEVEL"]


class TestSecrets:
    def test_are_not_in_a_refusal_nor_in_its_traceback(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in (*SECRETS, "log_level"):
            monkeypatch.setenv(name.upper(), SECRET)
        with pytest.raises(ConfigError) as caught:
            load_settings()
        said = "".join(traceback.format_exception(caught.value))
        assert "TELEGRAM_TOKEN" in said
        assert SECRET not in said + repr(caught.value)

    def test_in_an_address_are_not_in_its_refusal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("TELEGRAM_API_URL", "GEMINI_BASE_URL", "DATABASE_URL"):
            monkeypatch.setenv(name, f"odd://user:{SECRET}@example.org/x")
        assert SECRET not in refusal()

    def test_are_not_in_what_settings_look_like(self, monkeypatch: pytest.MonkeyPatch) -> None:
        secrets = dict.fromkeys(SECRETS, SECRET) | {"telegram_token": f"123:{SECRET}"}
        for name, secret in secrets.items():
            monkeypatch.setenv(name.upper(), secret)
        settings = load_settings()
        assert SECRET not in f"{settings!r} {settings} {settings.model_dump()}"
        assert settings.model_dump_json().count(SECRET) == 0
        for name, secret in secrets.items():
            assert getattr(settings, name).get_secret_value() == secret


class TestSources:
    def test_an_empty_variable_counts_as_missing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in Settings.model_fields:
            monkeypatch.setenv(name.upper(), "")
        assert load_settings() == Settings.model_construct()

    def test_an_empty_line_of_the_file_counts_as_missing(self) -> None:
        Path(".env").write_text("TELEGRAM_TOKEN=\nLOG_LEVEL=\nGEMINI_API_KEY=''\n", "utf-8")
        settings = load_settings()
        assert (settings.telegram_token, settings.gemini_api_key) == (None, None)
        assert settings.log_level is LogLevel.INFO

    def test_the_file_is_read_and_the_environment_goes_before_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        text = "# ours\nDATA_DIR='/srv/Zoë'\nLOG_FORMAT=json\nLOG_LEVEL=ERROR\nOTHER_PROGRAM=1\n"
        Path(".env").write_text(text, "utf-8")
        monkeypatch.setenv("LOG_LEVEL", "DEBUG")
        settings = load_settings()
        assert settings.data_dir == Path("/srv/Zoë")
        assert settings.log_format is LogFormat.JSON
        assert settings.log_level is LogLevel.DEBUG

    def test_a_wrong_line_of_the_file_is_refused_without_its_secret(self) -> None:
        Path(".env").write_text(f"TELEGRAM_TOKEN={SECRET}\n", "utf-8")
        message = refusal()
        assert message.startswith("TELEGRAM_TOKEN")
        assert SECRET not in message


class TestValues:
    def test_an_address_loses_its_last_slash(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GEMINI_BASE_URL", "http://127.0.0.1:8080/gemini/")
        assert load_settings().gemini_base_url == "http://127.0.0.1:8080/gemini"

    def test_models_stand_with_commas_between(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ASSEMBLYAI_MODELS", " best, ,nano,")
        assert load_settings().assemblyai_models == ("best", "nano")

    @pytest.mark.parametrize("sdk", GeminiSdk)
    def test_every_sdk_can_be_named(self, monkeypatch: pytest.MonkeyPatch, sdk: GeminiSdk) -> None:
        monkeypatch.setenv("GEMINI_SDK", sdk)
        assert load_settings().gemini_sdk is sdk

    @pytest.mark.parametrize(
        ("url", "path"),
        [
            ("sqlite:///mine.db", "/srv/data/mine.db"),
            ("sqlite:////var/lib/mine.db", "/var/lib/mine.db"),
        ],
    )
    def test_a_relative_database_lies_in_the_data_folder(
        self, monkeypatch: pytest.MonkeyPatch, url: str, path: str
    ) -> None:
        monkeypatch.setenv("DATA_DIR", "/srv/data")
        monkeypatch.setenv("DATABASE_URL", url)
        assert load_settings().database_path == Path(path)


@pytest.mark.parametrize(
    ("name", "value"), [("GEMINI_API_KEY", "   "), ("ASSEMBLYAI_MODELS", " , ")]
)
def test_a_blank_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=f"{name} is not usable"):
        load_settings()


def test_a_file_of_settings_in_another_encoding_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_bytes("GEMINI_API_KEY=käse".encode("latin-1"))
    with pytest.raises(ConfigError, match="UTF-8"):
        load_settings()
