"""Estimates get better: a surer source counts, and takes nothing from the others."""

import pytest
from sqlalchemy.orm import Session

from makerlab.catalog.estimates import best_estimate, best_estimates, refine
from makerlab.catalog.models import Source
from makerlab.core.errors import Invalid
from tests.makerlab.catalog.conftest import Submit

MACHINE = "prusa-mk3s"


def say(session: Session, revision: object, source: Source, time_s: float, spread: float = 0.1) -> None:
    refine(
        session, revision, MACHINE, source, time_s=time_s, filament_mm=900, filament_g=2.5,
        cost_cents=90, spread=spread,
    )  # fmt: skip


def test_the_surest_source_counts_in_whatever_order_they_come(session: Session, submit: Submit) -> None:
    revision = submit()
    for source in (Source.RUNS, Source.SLICER, Source.PLANNER):
        say(session, revision, source, 100.0)
        best = best_estimate(revision, MACHINE)
        assert best is not None
        assert best.source is Source.RUNS
    assert len(best_estimates(revision)) == 1
    assert best_estimate(revision, "ender-3") is None


def test_a_newer_figure_of_a_source_takes_the_place_of_the_older(session: Session, submit: Submit) -> None:
    revision = submit()
    say(session, revision, Source.SLICER, 100.0)
    say(session, revision, Source.SLICER, 200.0, spread=0.25)
    best = best_estimate(revision, MACHINE)
    assert best is not None
    assert (best.time_low_s, best.time_s, best.time_high_s) == (150.0, 200.0, 250.0)
    assert len(revision.estimates) == 2


@pytest.mark.parametrize(("time_s", "spread"), [(-1.0, 0.1), (10.0, 1.5), (float("nan"), 0.1)])
def test_figures_that_cannot_be_are_refused(
    session: Session, submit: Submit, time_s: float, spread: float
) -> None:
    with pytest.raises(Invalid):
        say(session, submit(), Source.PLANNER, time_s, spread)
