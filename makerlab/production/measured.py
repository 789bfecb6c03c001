"""How much longer prints really take than planned: a robust factor from finished runs, in plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import median

from makerlab.production.states import AttemptState

LEAST_RUNS = 3  # fewer say nothing that one bad day could not
MOST_RUNS = 20  # the newest ones: a printer that was repaired or tuned is a different one
BELIEVABLE = (0.3, 3.0)  # measured over planned
LEAST_SPREAD = 0.03  # of the time: a few runs that happen to agree are no proof of more
MOST_SPREAD = 0.5
NINE_OF_TEN = 1.645 * 1.4826  # median deviations, when the runs scatter normally


@dataclass(frozen=True, slots=True)
class Run:
    """One print as its plate planned it and as it was, in seconds, with heating and homing in both."""

    planned_s: float
    measured_s: float


@dataclass(frozen=True, slots=True)
class Factor:
    """Measured over planned: 1.04 is 4 % slower. Nine of ten runs lie within ± `spread` (a share)."""

    value: float
    spread: float
    runs: int

    @property
    def per_cent(self) -> int:
        """How much slower than planned, rounded; negative: faster."""
        return round(100 * (self.value - 1))


def factor(newest_first: Sequence[Run]) -> Factor | None:
    """The median over the last MOST_RUNS believable runs; None where there are fewer than LEAST_RUNS.

    A run that took less than 0.3 times or more than 3 times as long as planned is left out: the virtual
    printers of the demo run about 1000 times too fast, and a host that was away for hours tells its end late.
    """
    low, high = BELIEVABLE
    ratios = [run.measured_s / run.planned_s for run in newest_first if run.planned_s > 0]
    ratios = [ratio for ratio in ratios if low <= ratio <= high][:MOST_RUNS]
    if len(ratios) < LEAST_RUNS:
        return None
    middle = median(ratios)
    off = median(abs(ratio / middle - 1) for ratio in ratios)
    return Factor(middle, min(max(NINE_OF_TEN * off, LEAST_SPREAD), MOST_SPREAD), len(ratios))


def working_s(
    started_at: datetime, ended_at: datetime, changes: Sequence[tuple[AttemptState, datetime]]
) -> float | None:
    """Seconds from start to end without the pauses. `changes` are the states entered, in order.

    None where nobody saw all of it: an attempt that was `unknown` for a while, or did not end as done.
    """
    states = [state for state, _ in changes]
    if AttemptState.UNKNOWN in states or AttemptState.REPORTED_DONE not in states:
        return None
    paused = 0.0
    for (state, since), (_, until) in pairwise(changes):
        if state is AttemptState.PAUSED:
            paused += (until - since).total_seconds()
    return (ended_at - started_at).total_seconds() - paused
