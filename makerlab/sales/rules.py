"""How long undo works."""

from datetime import datetime, timedelta

UNDO_GRACE = timedelta(seconds=15)  # the toast's last second, and a slow line


def may_undo(booked_at: datetime, now: datetime, seconds: int) -> bool:
    """Whether the toast's button still works."""
    return now - booked_at <= timedelta(seconds=seconds) + UNDO_GRACE
