"""The hours of a site, in plain values: when people are there, and how a person types them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

DAY_MIN = 24 * 60
WEEK_MIN = 7 * DAY_MIN

Day = tuple[int, int] | None  # opens and closes in minutes after midnight; None: nobody is there


@dataclass(frozen=True, slots=True)
class Week:
    """When people are at a site: (opens, closes) in minutes since Monday 0:00 of its own clock."""

    spans: tuple[tuple[int, int], ...]

    def staffed(self, minute: float) -> bool:
        """`minute` of the week, also of a later one: a print may take days. The closing minute counts."""
        at = minute % WEEK_MIN
        return any(opens <= at <= closes for opens, closes in self.spans)


def week_of(days: Sequence[Sequence[int] | None]) -> Week:
    """From the seven days of a row of `site_hours`."""
    return Week(
        tuple((day * DAY_MIN + one[0], day * DAY_MIN + one[1]) for day, one in enumerate(days) if one)
    )


def minute_of_week(now: datetime) -> float:
    """Minutes since Monday 0:00, by the wall clock of `now`'s own time zone."""
    return now.weekday() * DAY_MIN + now.hour * 60 + now.minute + now.second / 60


def minutes(text: str) -> int | None:
    """`8:30`, `08.30` or `8` as minutes after midnight, to 24:00; None for anything else."""
    found = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?", text.strip())
    if found is None:
        return None
    value = int(found[1]) * 60 + int(found[2] or 0)
    return value if int(found[2] or 0) < 60 and value <= DAY_MIN else None


def day_of(opens: str, closes: str) -> Day:
    """What a person typed for one day; both empty: nobody is there. Raises ValueError."""
    if not opens.strip() and not closes.strip():
        return None
    first, last = minutes(opens), minutes(closes)
    if first is None or last is None or first >= last:
        raise ValueError(f"{opens}–{closes}")
    return first, last


def clock(minute: int) -> str:
    """`08:30`."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
