"""Each machine shows four ways to its figure, and which one counts."""

import re

import pytest
from sqlalchemy.orm import Session

from designs.profiles import load
from makerlab.catalog.costing import costs
from makerlab.catalog.estimates import refine
from makerlab.catalog.models import Revision, Source
from tests.makerlab.catalog.conftest import Submit
from tests.makerlab.conftest import Cast, SignIn

MACHINE = "prusa-mk3s"


def say(session: Session, revision: Revision, source: Source, machine: str = MACHINE) -> None:
    refine(
        session, revision, machine, source, time_s=600, filament_mm=900, filament_g=2.5, cost_cents=90,
        spread=0.05,
    )  # fmt: skip


def test_all_four_stages_stand_in_order_and_one_counts(session: Session, submit: Submit) -> None:
    revision = submit()
    say(session, revision, Source.PLANNER)
    (cost,) = costs(revision, load())
    assert [stage.source for stage in cost.stages] == list(Source)
    assert [stage.estimate is not None for stage in cost.stages] == [True, False, True, False]
    assert [stage.source for stage in cost.stages if stage.counts] == [Source.PLANNER]


def test_one_machines_figures_are_not_anothers(session: Session, submit: Submit) -> None:
    revision = submit()
    say(session, revision, Source.RUNS, "ender-3")
    names = {machine.name: key for key, machine in load().machines.items()}
    counting = {
        names[cost.machine]: [stage.source for stage in cost.stages if stage.counts]
        for cost in costs(revision, load())
    }
    assert counting == {MACHINE: [Source.MESH], "ender-3": [Source.RUNS]}


@pytest.mark.parametrize("source", list(Source))
def test_the_page_marks_the_stage_that_counts_for_each_machine(
    session: Session, submit: Submit, cast: Cast, sign_in: SignIn, source: Source
) -> None:
    revision = submit()
    say(session, revision, source)
    say(session, revision, Source.SLICER, "ender-3")
    page = sign_in(cast.fatma).get(f"/katalog/{revision.design_id}").get_data(as_text=True)
    steps = re.findall(r'<li class="stage is-(\w+)"', page)
    assert len(steps) == 8
    assert steps.count("counting") == page.count('aria-current="step"') == 2
    assert "noch nicht" in page
