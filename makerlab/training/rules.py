"""Pure questions about safety instructions."""

import enum
from calendar import monthrange
from datetime import date, timedelta

WARN_BEFORE = timedelta(days=30)


class Standing(enum.StrEnum):
    """How somebody stands with one machine model."""

    NONE = "none"
    VALID = "valid"
    ENDING = "ending"
    EXPIRED = "expired"


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month: 31 January + 1 is 28 or 29 February."""
    years, month0 = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month0 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def standing(valid_until: date | None, today: date) -> Standing:
    """`valid_until` is the last valid day; None: never instructed, or taken back."""
    if valid_until is None:
        return Standing.NONE
    if valid_until < today:
        return Standing.EXPIRED
    return Standing.ENDING if valid_until - today <= WARN_BEFORE else Standing.VALID
