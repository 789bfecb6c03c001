"""Estimates as the pages show them: what a piece costs on each machine, and how that is known."""

from collections.abc import Sequence
from dataclasses import dataclass

from designs.profiles import Profiles
from makerlab.catalog import rules
from makerlab.catalog.estimates import SUREST_FIRST, best_estimates
from makerlab.catalog.models import Estimate, Revision, Source


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the four ways to a figure. `estimate` is None where nobody went it yet."""

    source: Source
    estimate: Estimate | None
    counts: bool  # the figure that the page shows comes from here


@dataclass(frozen=True, slots=True)
class Cost:
    """The best estimate for a machine; cents from low to high as far as the time is unsure."""

    machine: str
    estimate: Estimate
    low_cents: int
    high_cents: int
    stages: list[Stage]


def costs(revision: Revision, profiles: Profiles) -> list[Cost]:
    """One for each machine, the quickest first."""
    return [
        Cost(
            profiles.machines[one.machine].name if one.machine in profiles.machines else one.machine,
            one,
            *rules.cost_range(one.cost_cents, one.time_s, one.time_low_s, one.time_high_s),
            stages(revision.estimates, one),
        )
        for one in best_estimates(revision)
    ]


def stages(estimates: Sequence[Estimate], best: Estimate) -> list[Stage]:
    """All four for the machine of `best`, from rough to sure."""
    here = {one.source: one for one in estimates if one.machine == best.machine}
    return [Stage(source, here.get(source), source is best.source) for source in reversed(SUREST_FIRST)]
