"""Slicing refines the estimate of a piece, and the planner refines that, after the plate can be printed."""

from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from designs.mesh import Mesh
from designs.profiles import load
from designs.slicer.fake import FakeSlicer
from makerlab.catalog.estimates import best_estimate
from makerlab.catalog.models import Estimate, Source
from makerlab.production import slicing
from makerlab.production.models import Slice, SliceState
from makerlab.production.ordering import place_order
from makerlab.production.plates import lay_out, put_on_plates
from makerlab.production.slicing import slice_one
from makerlab.production.timing import plate_times
from makerlab.stock.actions import product_of
from tests.journeys.pieces import cuboid
from tests.makerlab.production.conftest import Workshop


def waiting_slice(workshop: Workshop, tmp_path: Path) -> Slice:
    """The slice of a plate of two coasters, waiting for its slicer."""
    path = tmp_path / "coaster.stl"
    Mesh(np.asarray(cuboid(90, 90, 4))).write_stl(path)
    workshop.revision.mesh_sha256 = workshop.files.put(path)
    session, profiles = workshop.session, load()
    workshop.printers[1].out_of_service = "Düse verstopft"  # two printers would share the two coasters
    product = product_of(session, workshop.revision.design, workshop.colour)
    order = place_order(
        session, revision=workshop.revision, product=product, pieces=2, by=workshop.amira, form_token="form",
        now=workshop.clock.now,
    )  # fmt: skip
    layout = lay_out(session, order, files=workshop.files, profiles=profiles)
    put_on_plates(
        session, order, layout, files=workshop.files, profiles=profiles, slicer_version="FakeSlicer 1",
        now=workshop.clock.now,
    )  # fmt: skip
    session.commit()
    return session.scalars(sa.select(Slice)).one()


@pytest.fixture
def plate(workshop: Workshop, tmp_path: Path) -> Slice:
    return waiting_slice(workshop, tmp_path)


def sliced(workshop: Workshop, plate: Slice) -> None:
    key = plate.key
    workshop.forget()
    assert slice_one(workshop.factory, key, slicer=FakeSlicer(), files=workshop.files, profiles=load())
    workshop.forget()


def estimates(workshop: Workshop) -> dict[Source, Estimate]:
    return {row.source: row for row in workshop.session.scalars(sa.select(Estimate))}


def test_slicer_and_planner_each_leave_their_figures_for_one_piece(workshop: Workshop, plate: Slice) -> None:
    sliced(workshop, plate)
    found, times = estimates(workshop), plate_times(plate, workshop.files, load())
    assert set(found) == {Source.SLICER, Source.PLANNER}
    assert found[Source.SLICER].time_s == pytest.approx((plate.time_s or 0) / 2)
    assert found[Source.PLANNER].time_s == pytest.approx(times.total_s / 2)
    assert best_estimate(workshop.revision, "prusa-mk3s") is found[Source.PLANNER]


def test_the_planners_range_is_narrower_than_the_slicers(workshop: Workshop, plate: Slice) -> None:
    sliced(workshop, plate)
    shares = {
        source: (row.time_high_s - row.time_low_s) / row.time_s for source, row in estimates(workshop).items()
    }
    assert 0 < shares[Source.PLANNER] < shares[Source.SLICER]


def test_a_planner_that_fails_leaves_the_plate_ready_and_the_slicers_figures(
    workshop: Workshop, plate: Slice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no compiler")

    monkeypatch.setattr(slicing, "plate_times", broken)
    sliced(workshop, plate)
    assert plate.state is SliceState.DONE
    assert set(estimates(workshop)) == {Source.SLICER}


def test_whoever_plans_finds_the_plate_done_already(
    workshop: Workshop, plate: Slice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The compiler may take seconds: the plate must be free to print by then."""
    states = []

    def look(slice_: Slice, *_: object) -> None:
        states.append(slice_.state)
        raise RuntimeError

    monkeypatch.setattr(slicing, "plate_times", look)
    sliced(workshop, plate)
    assert states == [SliceState.DONE]


def test_times_by_layer_are_kept_and_worked_out_again_when_lost(workshop: Workshop, plate: Slice) -> None:
    sliced(workshop, plate)
    (kept,) = (workshop.files.root.parent / "layers").iterdir()
    before = plate_times(plate, workshop.files, load())
    assert len(before.by_layer) == 21  # 4 mm in layers of 0.2 mm, and what comes before
    assert sum(before.by_layer) == pytest.approx(before.total_s, abs=0.2)
    kept.write_text("{half")
    assert plate_times(plate, workshop.files, load()) == before
    kept.unlink()
    workshop.files.path(plate.gcode_sha256 or "").unlink()
    with pytest.raises(FileNotFoundError):
        plate_times(plate, workshop.files, load())
