"""How much slower than planned: robust against single bad days, silent where it knows too little."""

from datetime import UTC, datetime, timedelta

import pytest

from makerlab.production.measured import LEAST_SPREAD, MOST_RUNS, Run, factor, working_s
from makerlab.production.states import AttemptState as A

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def runs(*ratios: float) -> list[Run]:
    return [Run(1000.0, 1000.0 * ratio) for ratio in ratios]


def at(minutes: float) -> datetime:
    return BEGIN + timedelta(minutes=minutes)


def test_the_factor_is_the_median_so_that_one_bad_day_changes_nothing() -> None:
    found = factor(runs(1.03, 1.04, 2.9, 1.05, 1.04))
    assert found is not None
    assert (found.value, found.per_cent, found.runs) == (pytest.approx(1.04), 4, 5)


@pytest.mark.parametrize("ratios", [(), (1.0,), (1.0, 1.1), (1.0, 1.1, 0.001), (1.0, 1.1, 3.5)])
def test_fewer_than_three_believable_runs_say_nothing(ratios: tuple[float, ...]) -> None:
    assert factor(runs(*ratios)) is None


def test_virtual_printers_that_run_a_thousand_times_too_fast_are_left_out() -> None:
    assert factor(runs(*[0.001] * 50)) is None
    found = factor(runs(*[0.001] * 50, 1.1, 1.1, 1.1))
    assert found is not None
    assert found.value == pytest.approx(1.1)


def test_only_the_newest_runs_count() -> None:
    found = factor(runs(*[0.95] * MOST_RUNS, *[1.5] * 100))
    assert found is not None
    assert (found.value, found.runs) == (pytest.approx(0.95), MOST_RUNS)


def test_the_range_holds_nine_of_ten_runs_and_is_never_too_proud() -> None:
    same = factor(runs(1.0, 1.0, 1.0))
    assert same is not None
    assert same.spread == LEAST_SPREAD
    ratios = [1 + 0.005 * step for step in range(-10, 10)]
    wide = factor(runs(*ratios))
    assert wide is not None
    held = [abs(ratio / wide.value - 1) <= wide.spread for ratio in ratios]
    assert sum(held) >= 0.9 * len(held)


def test_a_plan_of_zero_seconds_is_no_measure() -> None:
    assert factor([Run(0.0, 100.0)] * 5) is None


def test_pauses_are_no_part_of_the_run() -> None:
    changes = [
        (A.PRINTING, at(0)), (A.PAUSED, at(10)), (A.PRINTING, at(25)), (A.PAUSED, at(30)),
        (A.PRINTING, at(31)), (A.REPORTED_DONE, at(60)), (A.RESOLVED, at(500)),
    ]  # fmt: skip
    assert working_s(at(0), at(60), changes) == pytest.approx(44 * 60)


def test_a_run_that_ended_from_its_pause_counts_no_second_of_it() -> None:
    changes = [(A.PRINTING, at(0)), (A.PAUSED, at(10)), (A.REPORTED_DONE, at(20))]
    assert working_s(at(0), at(20), changes) == pytest.approx(600)


@pytest.mark.parametrize(
    "states",
    [(A.PRINTING, A.UNKNOWN, A.REPORTED_DONE), (A.PRINTING, A.FAILED), (A.PRINTING, A.CANCELLED)],
)
def test_a_run_that_nobody_saw_whole_is_not_measured(states: tuple[A, ...]) -> None:
    changes = [(state, at(minute)) for minute, state in enumerate(states)]
    assert working_s(at(0), at(10), changes) is None
