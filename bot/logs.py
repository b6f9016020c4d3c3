"""One structured line per event for the operator; no secrets, and no candidate's words."""

import logging
import sys
from pathlib import Path
from typing import TextIO

import structlog

from bot.config import LogFormat, LogLevel


def log_to(target: Path | None, level: LogLevel, log_format: LogFormat) -> None:
    """Send every log line to the file `target`, or to standard error."""
    stream: TextIO = sys.stderr
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
        stream = target.open("a", encoding="utf-8", buffering=1)
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    exception = structlog.processors.format_exc_info
    ending: structlog.typing.Processor = structlog.processors.JSONRenderer()
    if log_format is LogFormat.TEXT:
        ending = structlog.dev.ConsoleRenderer(colors=stream.isatty())
    structlog.configure(
        processors=[*shared, exception, ending],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                exception,
                ending,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.value, force=True)
    # These name every request at INFO, and Telegram's addresses hold the bot's token.
    for chatty in (
        "httpx",
        "httpcore",
        "telegram",
        "discord",
        "aiohttp",
        "google_genai",
        "assemblyai",
    ):
        logging.getLogger(chatty).setLevel(logging.WARNING)
