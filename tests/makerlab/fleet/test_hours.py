"""The hours of a site: what a person types, and whether somebody is there."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makerlab.fleet.hours import DAY_MIN, WEEK_MIN, clock, day_of, minute_of_week, minutes, week_of

WEEKDAYS = week_of([(480, 960)] * 5 + [None, None])  # 8:00 to 16:00, Monday to Friday


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("8:30", 510),
        ("08.30", 510),
        ("8", 480),
        ("24:00", 1440),
        ("24:01", None),
        ("7:65", None),
        ("acht", None),
    ],
)
def test_times_are_read_as_people_write_them(text: str, minute: int | None) -> None:
    assert minutes(text) == minute


@pytest.mark.parametrize(("opens", "closes"), [("8", ""), ("", "16"), ("16", "8"), ("8", "8"), ("x", "y")])
def test_half_a_day_or_one_backwards_is_refused(opens: str, closes: str) -> None:
    with pytest.raises(ValueError, match="–"):
        day_of(opens, closes)


def test_nothing_typed_is_a_day_off() -> None:
    assert day_of(" ", "") is None


@given(st.integers(0, DAY_MIN))
def test_what_is_shown_is_read_again(minute: int) -> None:
    assert minutes(clock(minute)) == minute


@pytest.mark.parametrize(
    ("moment", "there"),
    [
        (datetime(2026, 3, 2, 8, 0, tzinfo=UTC), True),
        (datetime(2026, 3, 2, 16, 0, tzinfo=UTC), True),
        (datetime(2026, 3, 2, 16, 1, tzinfo=UTC), False),
        (datetime(2026, 3, 6, 12, 0, tzinfo=UTC), True),
        (datetime(2026, 3, 7, 12, 0, tzinfo=UTC), False),
    ],
)
def test_somebody_is_there_in_working_hours(moment: datetime, there: bool) -> None:
    assert WEEKDAYS.staffed(minute_of_week(moment)) is there


@given(st.floats(0, WEEK_MIN), st.integers(0, 9))
def test_every_week_is_like_the_last(minute: float, weeks: int) -> None:
    assert WEEKDAYS.staffed(float(int(minute)) + weeks * WEEK_MIN) is WEEKDAYS.staffed(float(int(minute)))
