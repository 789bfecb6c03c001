"""A lot of filament is held for a series: bound by the first start, changed only with a reason."""

import pytest
import sqlalchemy as sa

from makerlab.core.audit import AuditLine
from makerlab.core.errors import Conflict, Forbidden, Invalid
from makerlab.materials.actions import receive_spool
from makerlab.production.lots import LotNow, change_lot, grams_wanted, lots_for
from makerlab.production.models import Order
from makerlab.production.states import AttemptState as A
from tests.makerlab.production.conftest import Workshop
from tests.makerlab.production.test_views_printers import TO_PRINTING, move


@pytest.fixture
def two_lots(workshop: Workshop) -> Workshop:
    workshop.printers[1].spool.lot = "L2"
    workshop.session.commit()
    return workshop


def lines(workshop: Workshop) -> list[tuple[int | None, str, str]]:
    found = workshop.session.scalars(sa.select(AuditLine).where(AuditLine.action == "order.lot"))
    return [(line.actor_id, line.details["before"], line.details["after"]) for line in found]


def series(workshop: Workshop) -> Order:
    """An order with two plates."""
    order = workshop.order(1)
    order.copies.append(type(order.copies[0])(number=2))
    order.pieces = 2
    workshop.session.flush()
    workshop.plate(order)
    workshop.session.commit()
    return order


def test_the_first_start_binds_the_lot_of_its_spool(two_lots: Workshop) -> None:
    order = series(two_lots)
    two_lots.start_plate(order.plates[0], 0)
    two_lots.session.expire_all()
    assert order.lot == "L1"
    assert lines(two_lots) == [(two_lots.amira.id, "", "L1")]
    with pytest.raises(Conflict):
        two_lots.start_plate(order.plates[1], 1)


def test_from_the_same_lot_it_goes_on_at_another_printer(workshop: Workshop) -> None:
    order = series(workshop)
    workshop.start_plate(order.plates[0], 0)
    workshop.session.expire_all()
    workshop.start_plate(order.plates[1], 1)
    assert len(lines(workshop)) == 1


def test_changing_it_needs_an_instructor_a_reason_and_filament(two_lots: Workshop) -> None:
    order = series(two_lots)
    move(two_lots, two_lots.start_plate(order.plates[0], 0), *TO_PRINTING, A.REPORTED_DONE)
    two_lots.session.expire_all()

    def change(lot: str, by: object, reason: str = "L1 ist leer") -> None:
        change_lot(two_lots.session, order, lot, reason=reason, by=by, now=two_lots.clock.now)  # type: ignore[arg-type]

    with pytest.raises(Forbidden):
        change("L2", two_lots.amira)
    with pytest.raises(Invalid):
        change("L2", two_lots.boris, reason="")
    with pytest.raises(Conflict):
        change("L9", two_lots.boris)
    assert order.lot == "L1"
    change("L2", two_lots.boris)
    two_lots.session.commit()
    assert lines(two_lots)[-1] == (two_lots.boris.id, "L1", "L2")
    two_lots.start_plate(order.plates[1], 1)


def test_grams_wanted_stand_against_grams_left_of_the_lot(two_lots: Workshop) -> None:
    order = series(two_lots)
    receive_spool(
        two_lots.session, material="pla", colour=two_lots.colour, lot="L1", maker="Filamentwerk", tare_g=200,
        net_g=500, by_id=two_lots.boris.id, now=two_lots.clock.now,
    )  # fmt: skip
    assert lots_for(two_lots.session, order) == [LotNow("L1", 1500.0, 2), LotNow("L2", 1000.0, 1)]
    assert grams_wanted(two_lots.session, order) == 25.0
    two_lots.start_plate(order.plates[0], 0)
    assert grams_wanted(two_lots.session, order) == 12.5
