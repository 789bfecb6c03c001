"""Plates that were not started are planned anew for the machines at hand; none is stuck on a dead one."""

import pytest

from makerlab.core.errors import Forbidden
from makerlab.fleet.models import Printer
from makerlab.people.models import Site
from makerlab.production.collecting import collect
from makerlab.production.replanning import replan
from makerlab.production.states import AttemptState as A
from makerlab.production.work import AGAIN_SECONDS
from tests.makerlab.production.conftest import Workshop
from tests.makerlab.production.test_plates import Planning, files, order, planning, plates, sizes, sliced
from tests.makerlab.production.test_views_printers import TO_PRINTING, move

__all__ = ["files", "planning"]


@pytest.fixture
def two_models(workshop: Workshop) -> list[Printer]:
    """The second printer is of another model, with a smaller bed. Everybody is of one site."""
    workshop.amira.site_id = workshop.printers[0].site_id
    workshop.printers[1].machine = "prusa-mini"
    workshop.session.commit()
    return workshop.printers


def machines(workshop: Workshop) -> set[str]:
    return {plate.machine for plate in plates(workshop)}


def test_an_order_is_shared_by_two_models(
    workshop: Workshop, planning: Planning, two_models: list[Printer]
) -> None:
    order(workshop, 4)
    planning()
    assert machines(workshop) == {"prusa-mk3s", "prusa-mini"}
    assert sum(sizes(plates(workshop))) == 4


def test_copies_are_never_stuck_on_a_model_that_nobody_has_any_more(
    workshop: Workshop, planning: Planning, two_models: list[Printer]
) -> None:
    order(workshop, 4)
    planning()
    two_models[1].out_of_service = "Lager gebrochen"
    workshop.session.commit()
    planning(AGAIN_SECONDS)
    found = [plate for plate in plates(workshop) if plate.copies]
    assert {plate.machine for plate in found} == {"prusa-mk3s"}
    assert sum(len(plate.copies) for plate in found) == 4
    assert len(found) == len(plates(workshop)), "plates that nobody tried are gone"


@pytest.mark.parametrize("why", ["held", "silent", "retired", "other nozzle", "no enclosure", "other site"])
def test_a_printer_that_is_not_at_hand_is_not_waited_for(
    workshop: Workshop, planning: Planning, two_models: list[Printer], why: str
) -> None:
    order(workshop, 4)
    planning()
    gone, other = two_models[1], two_models[0]
    deeds = {
        "held": lambda: setattr(gone, "held", "failing"),
        "silent": lambda: setattr(gone.sight, "alarm", "silent"),
        "retired": lambda: setattr(gone, "retired_at", workshop.clock.now),
        "other nozzle": lambda: setattr(gone, "nozzle_mm", 0.8),
        "no enclosure": lambda: needs_an_enclosure(workshop, other),
        "other site": lambda: setattr(gone, "site", Site(name="Camp")),
    }
    deeds[why]()
    workshop.session.commit()
    planning(AGAIN_SECONDS)
    assert machines(workshop) == {"prusa-mk3s"}


def needs_an_enclosure(workshop: Workshop, printer: Printer) -> None:
    workshop.revision.design.needs, printer.tags = ["enclosure"], ["enclosure"]


def test_where_nothing_else_fits_the_plates_wait_for_their_printer(
    workshop: Workshop, planning: Planning
) -> None:
    order(workshop, 4)
    planning()
    before = [plate.id for plate in plates(workshop)]
    for printer in workshop.printers:
        printer.out_of_service = "Umzug"
    workshop.session.commit()
    planning(AGAIN_SECONDS)
    assert [plate.id for plate in plates(workshop)] == before


def test_what_prints_stays_where_it_is(
    workshop: Workshop, planning: Planning, two_models: list[Printer]
) -> None:
    placed = order(workshop, 4)
    planning()
    sliced(workshop)
    mine = next(plate for plate in plates(workshop) if plate.machine == "prusa-mk3s")
    attempt = move(workshop, workshop.start_plate(mine), *TO_PRINTING)
    two_models[0].out_of_service = "nach diesem Druck"
    workshop.session.commit()
    planning(AGAIN_SECONDS)
    assert (
        sum(len(plate.copies) for plate in plates(workshop) if plate.machine == "prusa-mk3s") == mine.pieces
    )
    attempt = move(workshop, attempt, A.FAILED)
    collect(
        workshop.session, attempt, good=0, scrap_reason="warped", by=workshop.amira, now=workshop.clock.now
    )
    workshop.session.commit()
    planning()
    made_for = {copy.plate.machine for copy in placed.copies if copy.plate}
    assert made_for == {"prusa-mini"}


def test_an_instructor_has_the_rest_planned_anew_for_more_printers(
    workshop: Workshop, planning: Planning
) -> None:
    workshop.printers[1].out_of_service = "Düse verstopft"
    placed = order(workshop, 8)
    planning()
    sliced(workshop)
    assert sizes(plates(workshop)) == [4, 4]
    workshop.start_plate(plates(workshop)[0])
    workshop.session.get_one(Printer, workshop.printers[1].id).out_of_service = ""
    with pytest.raises(Forbidden):
        replan(workshop.session, placed, by=workshop.amira, now=workshop.clock.now)
    assert replan(workshop.session, placed, by=workshop.boris, now=workshop.clock.now) == 4
    workshop.session.commit()
    planning()
    assert sum(len(plate.copies) for plate in plates(workshop)) == 8
    assert len(plates(workshop)) >= 2
