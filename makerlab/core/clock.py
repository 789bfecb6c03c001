"""The one place that reads the wall clock. Verbs and rules are handed `now` instead."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def utcnow() -> datetime:
    """The present, aware, in UTC."""
    return datetime.now(UTC)


def lab_now(timezone: str) -> datetime:
    """The present by the clock on the lab's wall: its day and hour are those that people there mean."""
    return utcnow().astimezone(ZoneInfo(timezone))
