"""Questions of the kiosk in plain values: who left, what was scanned, when in words, pages of five."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

Item = TypeVar("Item")

MOST_CHOICES = 5  # on a screen
MOST_PIECES = 50  # in one order of the kiosk; more is a matter for the desk
WARNING_S = 20  # how long the question "are you still there?" stands
FRIDAY = 4  # of date.weekday()
GRACE_S = 10  # the browser signs out first, the server when there is no browser any more


def has_left(active_at: datetime | None, now: datetime, quiet_s: int) -> bool:
    """Whether nobody touched the kiosk for so long that the person must have left."""
    return active_at is not None and now - active_at > timedelta(seconds=quiet_s + WARNING_S + GRACE_S)


def scanned_code(text: str) -> str:
    """The code in what a scanner typed: the code itself, or the end of the address on a label.

    A scanner that believes in another keyboard types other signs for `:` and `/`, so any sign parts.
    """
    return next((part for part in reversed(re.split(r"[^0-9A-Za-z]+", text)) if part), "").upper()


@dataclass(frozen=True, slots=True)
class PageOf(Generic[Item]):
    """A few of many choices. `number` begins with 1."""

    items: Sequence[Item]
    number: int
    count: int

    @property
    def before(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        return self.number + 1 if self.number < self.count else None


def end_of_week(today: date) -> date:
    """The next Friday, today included: until then when somebody says “this week”."""
    return today + timedelta(days=(FRIDAY - today.weekday()) % 7)


def page_of(items: Sequence[Item], number: int, size: int = MOST_CHOICES) -> PageOf[Item]:
    """The page with this number, or the nearest there is."""
    count = max(1, -(-len(items) // size))
    number = min(max(number, 1), count)
    return PageOf(items[(number - 1) * size : number * size], number, count)


@dataclass(frozen=True, slots=True)
class When:
    """A moment as people say it. `kind`: minutes, hours (from `low` to `high`), or a part of a day.

    `part`: morning, afternoon, evening; `days`: from today on.
    """

    kind: str
    low: int = 0
    high: int = 0
    part: str = ""
    days: int = 0


def when(now: datetime, low_s: float, high_s: float) -> When:
    """The range as minutes, hours, or the part of the day of its end. `now` in the lab's time zone."""
    if high_s <= 90 * 60:
        return When("minutes", low=_five(low_s), high=max(_five(high_s + 299), 5))
    if high_s <= 8 * 3600:
        return When("hours", low=max(1, int(low_s // 3600)), high=-(-int(high_s) // 3600))
    end = now + timedelta(seconds=high_s)
    if end.hour < 6:  # nobody takes it off in the night: it is there in the morning
        end = end.replace(hour=8)
    elif end.hour >= 22:
        end = (end + timedelta(days=1)).replace(hour=8)
    part = "morning" if end.hour < 12 else "afternoon" if end.hour < 17 else "evening"
    return When("part", part=part, days=(end.date() - now.date()).days)


def _five(seconds: float) -> int:
    """Whole minutes in steps of five, at least five."""
    return max(5, int(seconds // 300) * 5)
