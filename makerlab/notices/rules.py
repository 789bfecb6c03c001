"""When a notice may be sent: quiet hours, patience after failures, no storm. Pure."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

MINUTES_A_DAY = 24 * 60
MOST_TRIES = 14  # with the pauses below some seven hours
FIRST_PAUSE_S, LONGEST_PAUSE_S = 30.0, 3600.0
SPACING = timedelta(minutes=10)  # between two notices of one kind about the same thing


def is_quiet(now: datetime, timezone: str, start: int | None, end: int | None) -> bool:
    """Whether `now` lies in the quiet hours, minutes after midnight on the wall clock of `timezone`.

    They may run over midnight. What counts is what a clock on the wall shows: in the night in which the
    clocks change, quiet hours are an hour longer or shorter, and never skipped.
    """
    if start is None or end is None or start == end:
        return False
    here = now.astimezone(ZoneInfo(timezone))
    minute = here.hour * 60 + here.minute
    if start < end:
        return start <= minute < end
    return minute >= start or minute < end


def pause_s(tries: int) -> float:
    """Seconds to wait after so many tries that failed: 30 s, twice as long each time, at most an hour."""
    return min(FIRST_PAUSE_S * 2.0 ** max(tries - 1, 0), LONGEST_PAUSE_S)


def too_soon(now: datetime, last_sent: datetime | None) -> bool:
    """Whether the same was sent a moment ago. A last time that lies in the future is a clock set back."""
    return last_sent is not None and timedelta(0) <= now - last_sent < SPACING


def minutes(clock: str) -> int | None:
    """`22:30` → 1350; None for what is no time of day."""
    hours, colon, rest = clock.strip().partition(":")
    if not (colon and hours.isdecimal() and rest.isdecimal() and len(rest) == 2 and len(hours) <= 2):
        return None
    found = int(hours) * 60 + int(rest)
    return found if int(rest) < 60 and found < MINUTES_A_DAY else None


def clock(minute: int | None) -> str:
    """1350 → `22:30`; empty for None."""
    return "" if minute is None else f"{minute // 60:02d}:{minute % 60:02d}"
