"""The demo's past: books that add up, as the lab's own verbs would have left them."""

import sqlalchemy as sa

from makerlab.demo.past import PRINTS, remember
from makerlab.fleet.models import Printed, Printer, Sample
from makerlab.fleet.queries import maintenance_blocks, upkeep
from makerlab.fleet.rules import Due
from makerlab.fleet.samples import COARSE_SLOTS, DAY, of_printer
from makerlab.materials.models import FilamentMovement
from makerlab.production.life import life_of
from makerlab.production.models import Attempt, CopyState, Order
from makerlab.stock.models import StockMovement
from tests.makerlab.production.conftest import Workshop, workshop

__all__ = ["workshop"]  # a fixture


def filled(workshop: Workshop) -> list[Printer]:
    remember(workshop.session, workshop.settings, workshop.clock.now)
    workshop.session.commit()
    return workshop.printers


def test_orders_and_their_pieces_add_up(workshop: Workshop) -> None:
    filled(workshop)
    orders = workshop.session.scalars(sa.select(Order)).all()
    assert len(orders) == 2 * PRINTS
    for order in orders:
        assert len(order.copies) == order.pieces
        assert all(copy.state in (CopyState.GOOD, CopyState.GIVEN_UP) for copy in order.copies)
        attempt = order.plates[0].attempts[0]
        assert (attempt.good or 0) + (attempt.scrap or 0) == order.pieces
        assert attempt.remote_gone
    assert workshop.session.scalars(sa.select(StockMovement)).all() == []  # the seeding booked what is there


def test_hours_filament_and_success_are_believable(workshop: Workshop) -> None:
    for printer in filled(workshop):
        lines = workshop.session.scalars(sa.select(Printed.seconds).where(Printed.printer_id == printer.id))
        life = life_of(workshop.session, printer)
        assert life.printed_s == sum(lines)
        assert (life.prints, life.success) == (PRINTS, 89)
        assert 100 < life.grams < 600
    used = workshop.session.scalars(sa.select(FilamentMovement.attempt_id)).all()
    assert len([one for one in used if one]) == workshop.session.query(Attempt).count()


def test_the_last_day_has_curves_and_one_print(workshop: Workshop) -> None:
    for printer in filled(workshop):
        found = of_printer(workshop.session, printer.id, now=workshop.clock.now, span=DAY)
        assert COARSE_SLOTS - 3 <= len(found) <= COARSE_SLOTS
        assert max(one.tool or 0 for one in found) > 200
    assert workshop.session.query(Sample).count() <= 2 * COARSE_SLOTS


def test_something_is_due_and_nothing_blocks(workshop: Workshop) -> None:
    printers = filled(workshop)
    dues = upkeep(workshop.session, now=workshop.clock.now)
    assert {row.due for row in dues[printers[0].id]} >= {Due.OVERDUE, Due.FINE}
    assert maintenance_blocks(workshop.session, now=workshop.clock.now) == set()


def test_watching_goes_on_from_there(workshop: Workshop) -> None:
    filled(workshop)
    workshop.look(3)
    assert workshop.printers[0].sight.state == "operational"
    assert workshop.host().calls.count("delete") == 0
