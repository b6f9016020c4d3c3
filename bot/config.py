"""Settings: from the environment or a .env file, typed, each documented where it is declared."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    HttpUrl,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.coaching import Plan


class GeminiSdk(StrEnum):
    GOOGLE_GENAI = "google-genai"
    GOOGLE_GENERATIVEAI = "google-generativeai"


class LogLevel(StrEnum):
    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class LogFormat(StrEnum):
    TEXT = "text"
    JSON = "json"


class ConfigError(Exception):
    """Which settings are wrong, one sentence each."""


def _without_slash(url: str) -> str:
    HttpUrl(url)
    return url.rstrip("/")


def _stripped(value: object) -> object:
    stripped = value.strip() if isinstance(value, str) else value
    if stripped == "":
        raise ValueError("it is empty")
    return stripped


def _shaped_like_a_token(value: object) -> object:
    if isinstance(value, str) and not _TOKEN.fullmatch(value):
        raise ValueError("a Telegram token looks like 123456:ABC-DEF")
    return value


_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
Secret = Annotated[SecretStr, BeforeValidator(_stripped)]
# The last is asked first.
Token = Annotated[SecretStr, BeforeValidator(_shaped_like_a_token), BeforeValidator(_stripped)]
Url = Annotated[str, AfterValidator(_without_slash)]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore"
    )

    telegram_token: Token | None = Field(
        default=None,
        description="The Telegram bot's token, from @BotFather. Without it, no Telegram.",
    )
    telegram_api_url: Url = Field(
        default="https://api.telegram.org/bot",
        description="Where the Bot API is: the address of a self-hosted Bot API server, and /bot.",
    )
    telegram_file_url: Url = Field(
        default="https://api.telegram.org/file/bot",
        description="Where the Bot API's files are: the same server, and /file/bot.",
    )
    discord_token: Secret | None = Field(
        default=None,
        description="The Discord bot's token, from the developer portal. Without it, no Discord.",
    )
    discord_message_content: bool = Field(
        default=False,
        description="Read messages in servers too. Needs the privileged Message Content intent.",
    )
    discord_api_url: Url = Field(
        default="https://discord.com/api/v10", description="Where Discord's API is."
    )
    discord_gateway_url: str = Field(
        default="wss://gateway.discord.gg/", description="Where Discord's gateway is."
    )
    assemblyai_api_key: Secret | None = Field(
        default=None,
        description="AssemblyAI's key, from its dashboard. Without it, voice notes are measured "
        "but not transcribed, unless WHISPER_MODEL is set.",
    )
    assemblyai_base_url: Url = Field(
        default="https://api.assemblyai.com",
        description="AssemblyAI's address; https://api.eu.assemblyai.com keeps data in the EU.",
    )
    assemblyai_models: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("universal-3-pro", "universal-2"),
        description="Speech models by preference, with commas between.",
    )
    assemblyai_delete: bool = Field(
        default=True,
        description="Delete AssemblyAI's copy of the recording and transcript after use.",
    )
    whisper_model: Path | None = Field(
        default=None,
        description="A folder of faster-whisper weights: transcribes on this machine when no "
        "ASSEMBLYAI_API_KEY is set. Needs `pip install .[local]`.",
    )
    gemini_api_key: Secret | None = Field(
        default=None,
        description="Gemini's key, from Google AI Studio. Without it, questions come from the "
        "built-in bank and answers are measured, not scored.",
    )
    gemini_base_url: Url = Field(
        default="https://generativelanguage.googleapis.com", description="Gemini's address."
    )
    gemini_model: str = Field(
        default="gemini-3.8-flash",
        description="The Gemini model that writes questions and feedback.",
    )
    gemini_sdk: GeminiSdk = Field(
        default=GeminiSdk.GOOGLE_GENAI,
        description="google-genai, or google-generativeai (ended by its vendor; needs "
        "`pip install .[google-generativeai]`).",
    )
    gemini_plan: Plan = Field(
        default=Plan.FULL,
        description="full: one request for the questions, one for each answer and one for the "
        "summary. economy: one for the questions and one for all the feedback, at the end.",
    )
    data_dir: Path = Field(default=Path("data"), description="The data folder.")
    database_url: str = Field(
        default="sqlite:///personaai.db",
        description="Where interviews are kept. A relative path lies in the data folder.",
        pattern=r"^sqlite:///.+",
    )
    log_level: LogLevel = Field(
        default=LogLevel.INFO,
        description="The least severe log lines: DEBUG, INFO, WARNING or ERROR.",
    )
    log_format: LogFormat = Field(
        default=LogFormat.TEXT, description="Log lines as text, or as json."
    )

    @field_validator("assemblyai_models", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        names = tuple(name.strip() for name in value.split(",") if name.strip())
        if not names:
            raise ValueError("it names no model")
        return names

    @property
    def database_path(self) -> Path:
        path = Path(self.database_url.removeprefix("sqlite:///"))
        return path if path.is_absolute() else self.data_dir / path


def load_settings() -> Settings:
    """The settings of this process; raises ConfigError without repeating any secret."""
    try:
        return Settings()
    except UnicodeDecodeError:
        raise ConfigError("The file .env is not written in UTF-8. Save it as UTF-8.") from None
    except ValidationError as error:
        sentences = (
            _sentence(str(found["loc"][0]) if found["loc"] else "", found["msg"])
            for found in error.errors(include_input=False)
        )
        raise ConfigError("\n".join(sentences)) from None


def _sentence(name: str, fault: str) -> str:
    field = Settings.model_fields.get(name)
    meant = f" ({field.description})" if field else ""
    said = fault.removeprefix("Value error, ")
    said = said if said[:2].isupper() else f"{said[:1].lower()}{said[1:]}"
    return f"{name.upper()} is not usable: {said}.{meant}"
