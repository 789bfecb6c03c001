"""The one place that reads the wall clock. Verbs and rules are handed `now` instead."""

from datetime import UTC, datetime


def utcnow() -> datetime:
    """The present, aware, in UTC."""
    return datetime.now(UTC)
