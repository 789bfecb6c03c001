"""Finished prints refine the estimates of approved revisions, and say how fast each printer is."""

import pytest
import sqlalchemy as sa

from designs.profiles import load
from makerlab.catalog.estimates import best_estimate, refine
from makerlab.catalog.models import Estimate, Source
from makerlab.production.attempts import change
from makerlab.production.learning import factors, printer_factor, refine_from_runs
from makerlab.production.models import Attempt
from makerlab.production.states import AttemptState as A
from tests.makerlab.conftest import Cast, SignIn
from tests.makerlab.production.conftest import Workshop

MACHINE = "prusa-mk3s"
PLANNED_S = 600.0 + load().machine(MACHINE).start_s  # as the workshop's slice says, and heating


def ran(workshop: Workshop, times: float, number: int = 0, ends: A = A.REPORTED_DONE) -> Attempt:
    """A print that took so many times as long as planned."""
    attempt = workshop.start(workshop.order(1), number)
    for state in (A.UPLOADING, A.VERIFIED, A.START_SENT, A.PRINTING):
        step(workshop, attempt, state)
    workshop.clock.pass_(PLANNED_S * times)
    step(workshop, attempt, ends)
    workshop.clock.pass_(3600)  # until somebody collects it
    step(workshop, attempt, A.RESOLVED)
    return attempt


def step(workshop: Workshop, attempt: Attempt, state: A) -> None:
    assert change(workshop.session, attempt, state, now=workshop.clock.now)
    workshop.session.commit()
    workshop.session.refresh(attempt)


def planned(workshop: Workshop, source: Source, time_s: float) -> None:
    refine(
        workshop.session, workshop.revision, MACHINE, source, time_s=time_s, filament_mm=1000, filament_g=3.0,
        cost_cents=20, spread=0.05,
    )  # fmt: skip


def test_three_runs_give_their_machine_and_process_a_factor(workshop: Workshop) -> None:
    for times in (1.1, 1.2):
        ran(workshop, times)
    assert factors(workshop.session, load()) == {}
    ran(workshop, 1.3, number=1)  # another printer of the same model
    (found,) = factors(workshop.session, load()).items()
    assert found[0] == (MACHINE, "0.20")
    assert found[1].value == pytest.approx(1.2, rel=1e-3)


def test_each_printer_has_a_pace_of_its_own(workshop: Workshop) -> None:
    for _ in range(3):
        ran(workshop, 1.04)
        ran(workshop, 0.9, number=1)
    paces = [printer_factor(workshop.session, printer.id, load()) for printer in workshop.printers]
    assert [pace and pace.per_cent for pace in paces] == [4, -10]


@pytest.mark.parametrize("ends", [A.FAILED, A.CANCELLED])
def test_prints_that_did_not_end_as_done_teach_nothing(workshop: Workshop, ends: A) -> None:
    for _ in range(3):
        ran(workshop, 1.2, ends=ends)
    assert printer_factor(workshop.session, workshop.printers[0].id, load()) is None


def test_a_print_whose_end_is_contradicted_teaches_nothing(workshop: Workshop) -> None:
    for _ in range(3):
        ran(workshop, 1.2).conflict = "both_verdicts"
    workshop.session.commit()
    assert factors(workshop.session, load()) == {}


def test_runs_become_the_surest_estimate_of_approved_pieces(workshop: Workshop) -> None:
    planned(workshop, Source.SLICER, 500.0)
    planned(workshop, Source.PLANNER, 400.0)
    for _ in range(3):
        ran(workshop, 1.25)
    refine_from_runs(workshop.session, load())
    best = best_estimate(workshop.revision, MACHINE)
    assert best is not None
    assert best.source is Source.RUNS
    assert best.time_s == pytest.approx(500.0, rel=1e-3)  # of the planner's 400 s
    assert best.time_low_s < best.time_s < best.time_high_s
    assert best.filament_g == 3.0


def test_learning_twice_changes_nothing_and_more_runs_change_the_figure(workshop: Workshop) -> None:
    planned(workshop, Source.PLANNER, 400.0)
    for times in (1.0, 1.0, 1.0, 1.2, 1.2, 1.2, 1.2):
        ran(workshop, times)
        refine_from_runs(workshop.session, load())
    rows = workshop.session.scalars(sa.select(Estimate).where(Estimate.source == Source.RUNS)).all()
    assert [row.time_s for row in rows] == [pytest.approx(480.0, rel=1e-3)]


def test_a_piece_that_was_never_sliced_gets_no_factor_on_its_guess(workshop: Workshop) -> None:
    planned(workshop, Source.MESH, 400.0)
    for _ in range(3):
        ran(workshop, 1.25)
    refine_from_runs(workshop.session, load())
    best = best_estimate(workshop.revision, MACHINE)
    assert best is not None
    assert best.source is Source.MESH


def test_a_revision_that_is_not_approved_gets_no_estimate_from_runs(workshop: Workshop) -> None:
    planned(workshop, Source.PLANNER, 400.0)
    for _ in range(3):
        ran(workshop, 1.25)
    workshop.revision.fingerprint = "e" * 64
    refine_from_runs(workshop.session, load())
    best = best_estimate(workshop.revision, MACHINE)
    assert best is not None
    assert best.source is Source.PLANNER


def test_the_printers_page_says_its_pace(workshop: Workshop, cast: Cast, sign_in: SignIn) -> None:
    for _ in range(3):
        ran(workshop, 1.04)
    first, second = (
        sign_in(cast.boris).get(f"/drucker/{printer.id}").get_data(as_text=True)
        for printer in workshop.printers
    )
    assert "Druckt 4 % langsamer als geplant." in first
    assert "Aus 3 Drucken." in first
    assert "data-pace" not in second
