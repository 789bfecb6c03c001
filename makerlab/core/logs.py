"""Structured logs, one JSON object a line. People appear by account id only."""

import logging
import sys
from typing import Any

import structlog

PERSONAL = frozenset({"name", "email", "password", "pin", "code", "api_key", "cookie", "authorization"})


def drop_personal(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Whatever a call site passed by mistake, these keys never reach the log."""
    return {key: "…" if key in PERSONAL else value for key, value in event.items()}


def init_logs(process: str) -> None:
    """Configure structlog for this process and lead the standard library's warnings into it."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            drop_personal,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(process=process)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s", stream=sys.stderr)


log = structlog.get_logger()
