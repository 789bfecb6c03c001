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
class Whole:
    """One piece with all its parts: seconds, grams, cents; known as surely as the first part is."""

    source: Source
    time_s: float
    time_low_s: float
    time_high_s: float
    filament_g: float
    cost_cents: int


SUMS = ("time_s", "time_low_s", "time_high_s", "filament_g", "cost_cents")


@dataclass(frozen=True, slots=True)
class Cost:
    """The best estimate for a machine; cents from low to high as far as the time is unsure."""

    machine: str
    estimate: "Whole"
    low_cents: int
    high_cents: int
    stages: list[Stage]


def costs(revision: Revision, profiles: Profiles) -> list[Cost]:
    """One for each machine that all parts are estimated for, the quickest first."""
    found = [
        Cost(
            profiles.machines[one.machine].name if one.machine in profiles.machines else one.machine,
            piece,
            *rules.cost_range(piece.cost_cents, piece.time_s, piece.time_low_s, piece.time_high_s),
            stages(revision.estimates, one),
        )
        for one in best_estimates(revision)
        if (piece := whole(revision, one)) is not None
    ]
    return sorted(found, key=lambda cost: cost.estimate.time_s)


def whole(revision: Revision, own: Estimate) -> Whole | None:
    """The sum over all parts on the machine of `own`; None when a part is not estimated for it."""
    others = [(part.estimates.get(own.machine), part.count) for part in revision.parts]
    if any(figures is None for figures, _count in others):
        return None
    sums = {name: revision.part_count * getattr(own, name) for name in SUMS}
    for figures, count in others:
        for name in SUMS:
            sums[name] += count * (figures or {})[name]
    return Whole(own.source, **sums)


def stages(estimates: Sequence[Estimate], best: Estimate) -> list[Stage]:
    """All four for the machine of `best`, from rough to sure."""
    here = {one.source: one for one in estimates if one.machine == best.machine}
    return [Stage(source, here.get(source), source is best.source) for source in reversed(SUREST_FIRST)]
