"""Quiet hours follow the clock on the wall, also over midnight and in the nights when it changes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makerlab.notices.rules import LONGEST_PAUSE_S, clock, is_quiet, minutes, pause_s, too_soon

BERLIN = "Europe/Berlin"
NIGHT = (22 * 60, 6 * 60)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        ("2026-01-15T20:59", False),  # 21:59 in Berlin
        ("2026-01-15T21:00", True),
        ("2026-01-15T23:30", True),  # after midnight
        ("2026-01-16T04:59", True),
        ("2026-01-16T05:00", False),
        ("2026-07-15T20:00", True),  # summer: 22:00
        ("2026-07-15T04:00", False),  # 06:00
    ],
)
def test_over_midnight_by_the_clock_on_the_wall(at: str, quiet: bool) -> None:
    assert is_quiet(utc(at), BERLIN, *NIGHT) is quiet


def test_by_day_and_not_at_all() -> None:
    assert is_quiet(utc("2026-01-15T11:30"), BERLIN, 12 * 60, 13 * 60)
    assert not is_quiet(utc("2026-01-15T12:00"), BERLIN, 12 * 60, 13 * 60)
    assert not is_quiet(utc("2026-01-15T11:30"), BERLIN, None, None)
    assert not is_quiet(utc("2026-01-15T11:30"), BERLIN, 600, 600)


@pytest.mark.parametrize(("night", "hours"), [("2026-03-28", 7), ("2026-10-24", 9), ("2026-06-01", 8)])
def test_the_night_of_a_changed_clock_is_quiet_throughout(night: str, hours: int) -> None:
    begin = utc(f"{night}T12:00")
    quiet = [is_quiet(begin + timedelta(minutes=step), BERLIN, *NIGHT) for step in range(24 * 60)]
    assert sum(quiet) == hours * 60
    assert sum(one != other for one, other in pairwise(quiet)) == 2, "one stretch"


@given(start=st.integers(0, 1439), end=st.integers(0, 1439), at=st.datetimes(timezones=st.just(UTC)))
def test_quiet_and_its_opposite_share_the_day(start: int, end: int, at: datetime) -> None:
    if start != end and 1900 < at.year < 2200:
        assert is_quiet(at, "UTC", start, end) != is_quiet(at, "UTC", end, start)


def test_pauses_grow_and_stay_below_an_hour() -> None:
    assert [pause_s(tries) for tries in (1, 2, 3)] == [30, 60, 120]
    assert pause_s(100) == LONGEST_PAUSE_S


def test_a_clock_set_back_holds_nothing_up() -> None:
    now = utc("2026-01-15T12:00")
    assert too_soon(now, now - timedelta(minutes=9))
    assert not too_soon(now, now - timedelta(minutes=10))
    assert not too_soon(now, now + timedelta(days=1))
    assert not too_soon(now, None)


@pytest.mark.parametrize("text", ["24:00", "12:60", "-1:00", "12", "12:5", "a:00", "١٢:٠٠x", "", "012:00"])
def test_what_is_no_time_of_day(text: str) -> None:
    assert minutes(text) is None


@given(st.integers(0, 1439))
def test_times_of_day_are_read_as_they_are_written(minute: int) -> None:
    assert minutes(clock(minute)) == minute
