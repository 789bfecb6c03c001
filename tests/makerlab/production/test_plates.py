"""Open copies come onto plates: no fewer beds than needed, none larger than needed, nothing sliced twice."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from designs.errors import SlicerMissing
from designs.mesh import Mesh
from designs.profiles import load
from designs.slicer import FakeSlicer
from makerlab.core.files import FileStore
from makerlab.fleet.models import Printer
from makerlab.production.collecting import collect
from makerlab.production.models import Attempt, Order, Plate, Slice, SliceState
from makerlab.production.ordering import cancel_order, place_order
from makerlab.production.plates import lay_out, put_on_plates
from makerlab.production.slicing import slice_one
from makerlab.production.work import AGAIN_SECONDS, PlanRound
from makerlab.stock.actions import product_of
from tests.journeys.pieces import cuboid
from tests.makerlab.production.conftest import GCODE, Workshop

VERSION = "FakeSlicer 1"


@pytest.fixture
def files(workshop: Workshop, tmp_path: Path) -> FileStore:
    """The workshop's coaster has a real mesh: 90 × 90 × 4 mm, four on a bed of 250 × 210 mm."""
    path = tmp_path / "coaster.stl"
    Mesh(np.asarray(cuboid(90, 90, 4))).write_stl(path)
    workshop.revision.mesh_sha256 = workshop.files.put(path)
    workshop.session.commit()
    return workshop.files


class Planning:
    """The worker's planning round, with a slicer that may be missing."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop, self.missing, self.hints = workshop, False, list[str]()
        self.round = PlanRound(
            workshop.factory, workshop.files, load(None), self._version, self.hints.append,
            workshop.clock.wall, workshop.clock.monotonic,
        )  # fmt: skip

    def _version(self) -> str:
        if self.missing:
            raise SlicerMissing("slicer_missing", "There is no slicer.")
        return VERSION

    def __call__(self, seconds: float = 0.3) -> None:
        self.workshop.forget()
        self.workshop.clock.pass_(seconds)
        self.round()
        self.workshop.forget()


@pytest.fixture
def planning(workshop: Workshop, files: FileStore) -> Planning:
    return Planning(workshop)


def order(workshop: Workshop, pieces: int) -> Order:
    """An order that nobody planned."""
    product = product_of(workshop.session, workshop.revision.design, workshop.colour)
    placed = place_order(
        workshop.session, revision=workshop.revision, product=product, pieces=pieces, by=workshop.amira,
        form_token=f"form-{workshop.session.query(Order).count()}", now=workshop.clock.now,
    )  # fmt: skip
    workshop.session.commit()
    return placed


def plates(workshop: Workshop) -> list[Plate]:
    return list(workshop.session.scalars(sa.select(Plate).order_by(Plate.id)))


def slices(workshop: Workshop) -> list[Slice]:
    return list(workshop.session.scalars(sa.select(Slice)))


def sizes(found: Iterable[Plate]) -> list[int]:
    return [plate.pieces for plate in found]


def test_full_beds_first_and_the_last_no_larger_than_needed(workshop: Workshop, planning: Planning) -> None:
    order(workshop, 9)
    planning()
    found = plates(workshop)
    assert sizes(found) == [4, 4, 1]
    assert [len(plate.copies) for plate in found] == [4, 4, 1]
    assert [copy.number for plate in found for copy in plate.copies] == list(range(1, 10))
    assert [len(plate.slice.inputs["placements"]) for plate in found] == [4, 4, 1]


def test_plates_of_the_same_size_share_one_slice(workshop: Workshop, planning: Planning) -> None:
    order(workshop, 9)
    order(workshop, 8)
    planning()
    assert len({plate.slice_key for plate in plates(workshop) if plate.pieces == 4}) == 1
    assert len(slices(workshop)) == 2
    assert sorted(planning.hints) == sorted(one.key for one in slices(workshop))


def test_planning_again_makes_nothing_new(workshop: Workshop, planning: Planning) -> None:
    order(workshop, 5)
    planning()
    planning()
    assert sizes(plates(workshop)) == [3, 2]


def test_an_order_that_no_machine_is_large_enough_for_says_so(workshop: Workshop, planning: Planning) -> None:
    workshop.revision.height_mm = 900
    placed = order(workshop, 1)
    planning()
    assert (placed.problem, plates(workshop)) == ("no_machine", [])


def test_an_order_waits_for_a_machine_and_goes_on_when_there_is_one(
    workshop: Workshop, planning: Planning
) -> None:
    for printer in workshop.printers:
        printer.out_of_service = "Düse verstopft"
    placed = order(workshop, 1)
    planning()
    assert placed.problem == "no_machine"
    workshop.session.get_one(Printer, workshop.printers[0].id).out_of_service = ""
    workshop.session.commit()
    planning(AGAIN_SECONDS)
    assert (placed.problem, sizes(plates(workshop))) == ("", [1])


def test_an_order_waits_for_the_slicer_and_goes_on_when_it_is_installed(
    workshop: Workshop, planning: Planning
) -> None:
    placed, planning.missing = order(workshop, 1), True
    planning()
    assert placed.problem == "slicer_missing"
    planning.missing = False
    planning(AGAIN_SECONDS)
    assert (placed.problem, sizes(plates(workshop))) == ("", [1])


def test_a_damaged_mesh_is_a_problem_of_its_order(workshop: Workshop, planning: Planning) -> None:
    workshop.revision.mesh_sha256 = workshop.files.put_bytes(b"solid of nothing")
    placed = order(workshop, 1)
    planning()
    assert placed.problem != ""
    assert plates(workshop) == []


def test_an_order_that_breaks_the_planning_holds_up_no_other(
    workshop: Workshop, planning: Planning, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, other = order(workshop, 1), order(workshop, 2)
    broken_id = broken.id

    def breaks(session: object, one: Order, **more: object) -> object:
        if one.id == broken_id:
            raise ValueError("an error of ours")
        return lay_out(session, one, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("makerlab.production.work.lay_out", breaks)
    planning()
    assert [(plate.order_id, plate.pieces) for plate in plates(workshop)] == [(other.id, 1)] * 2


def test_a_cancelled_order_gets_no_plates(workshop: Workshop, planning: Planning) -> None:
    placed = order(workshop, 3)
    cancel_order(workshop.session, placed, by=workshop.amira, reason="undone", now=workshop.clock.now)
    workshop.session.commit()
    planning()
    assert plates(workshop) == []


def test_an_order_cancelled_while_it_is_arranged_gets_no_plates(workshop: Workshop, files: FileStore) -> None:
    placed, profiles = order(workshop, 3), load(None)
    layout = lay_out(workshop.session, placed, files=files, profiles=profiles)
    cancel_order(workshop.session, placed, by=workshop.amira, reason="undone", now=workshop.clock.now)
    workshop.session.refresh(placed)
    made = put_on_plates(
        workshop.session, placed, layout, files=files, profiles=profiles, slicer_version=VERSION,
        now=workshop.clock.now,
    )  # fmt: skip
    assert (made, plates(workshop)) == ([], [])


def test_nobody_waits_for_a_lock_while_a_bed_is_arranged(
    workshop: Workshop, planning: Planning, monkeypatch: pytest.MonkeyPatch
) -> None:
    order(workshop, 2)

    def writes_meanwhile(*arguments: object, **more: object) -> object:
        with workshop.factory.begin() as session:  # as a kiosk would
            session.execute(sa.update(Printer).values(name=Printer.name))
        return lay_out(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("makerlab.production.work.lay_out", writes_meanwhile)
    planning()
    assert sizes(plates(workshop)) == [1, 1]


def test_scrap_is_planned_anew_and_shares_the_slice_of_its_size(
    workshop: Workshop, planning: Planning
) -> None:
    workshop.printers[1].out_of_service = "Düse verstopft"
    placed = order(workshop, 4)
    planning()
    sliced(workshop)
    attempt_id = workshop.start(placed).id
    workshop.dispatch_all()
    workshop.host().advance(10_000)
    workshop.look(2)
    done = workshop.session.get_one(Attempt, attempt_id)
    collect(workshop.session, done, good=3, scrap_reason="warped", by=workshop.amira, now=workshop.clock.now)
    workshop.session.commit()
    order(workshop, 1)
    planning()
    assert sizes(plates(workshop)) == [4, 1, 1]
    assert len({plate.slice_key for plate in plates(workshop) if plate.pieces == 1}) == 1


def sliced(workshop: Workshop) -> None:
    """As if the slicing worker had done its part: the G-code of the workshop's other tests."""
    sha256 = workshop.files.put_bytes(GCODE)
    for one in slices(workshop):
        one.state, one.gcode_sha256, one.gcode_bytes = SliceState.DONE, sha256, len(GCODE)
        one.gcode_sha1 = hashlib.sha1(GCODE, usedforsecurity=False).hexdigest()
        one.time_s, one.filament_g = 600.0, 12.5
    workshop.session.commit()


def test_a_failed_slice_is_tried_again_for_the_next_order(workshop: Workshop, planning: Planning) -> None:
    order(workshop, 1)
    planning()
    broken = plates(workshop)[0].slice
    broken.state, broken.error, broken.tries = SliceState.FAILED, "slicer_died", 3
    workshop.session.commit()
    order(workshop, 1)
    planning()
    again = workshop.session.scalars(sa.select(Slice)).one()
    assert (again.state, again.error, again.tries) == (SliceState.QUEUED, "", 0)


def test_a_plate_prepared_with_settings_of_the_past_is_planned_anew(
    workshop: Workshop, planning: Planning
) -> None:
    """A review of the new settings must not let G-code of the old ones start."""
    placed = order(workshop, 1)
    planning()
    (old,) = workshop.session.get_one(Order, placed.id).plates
    old_key = old.slice_key
    known = planning.round.profiles
    warmer = replace(known.material("pla"), nozzle_c=230)
    planning.round.profiles = replace(known, materials={**known.materials, "pla": warmer})
    planning()
    (new,) = workshop.session.get_one(Order, placed.id).plates
    assert new.slice_key != old_key
    assert new.slice.inputs["made_with"] != workshop.session.get_one(Slice, old_key).inputs["made_with"]


def test_a_slice_planned_with_other_settings_is_not_made(workshop: Workshop, planning: Planning) -> None:
    """Its key would name G-code of the settings that it was planned with."""
    order(workshop, 1)
    planning()
    key = workshop.session.scalars(sa.select(Slice.key)).one()
    workshop.forget()
    known = load(None)
    changed = replace(known, processes={**known.processes, "0.20": replace(known.process("0.20"), walls=5)})
    slice_one(workshop.factory, key, slicer=FakeSlicer(), files=workshop.files, profiles=changed)
    workshop.forget()
    row = workshop.session.get_one(Slice, key)
    assert (row.state, row.error) == (SliceState.FAILED, "settings_changed")
