"""Prints by hand are seen, never touched, and adopted once."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import ORMExecuteState

from makerlab.catalog.models import Part
from makerlab.core.errors import Conflict, Forbidden, Invalid
from makerlab.materials.models import FilamentMovement, FilamentReason
from makerlab.notices.models import Kind, Notice
from makerlab.people.models import Account
from makerlab.production.foreign import adopt, adopted_of, order_of, to_adopt
from makerlab.production.models import Attempt, CopyState, Order
from makerlab.production.ordering import place_pieces
from makerlab.production.outcome import ForeignPrint
from makerlab.production.queries import pieces_of
from makerlab.stock.models import StockMovement
from tests.makerlab.production.conftest import Workshop

LONG = b"G4 S60\n" * 50


def rows(workshop: Workshop) -> list[ForeignPrint]:
    workshop.forget()
    return list(workshop.session.scalars(sa.select(ForeignPrint).order_by(ForeignPrint.id)))


def by_hand(workshop: Workshop, name: str = "vase.gcode") -> ForeignPrint:
    """Somebody printed something, and it is over."""
    workshop.look()
    workshop.host().print_by_hand(name, LONG)
    workshop.look(2)
    workshop.host().advance(100_000)
    workshop.look()
    return rows(workshop)[-1]


def take(workshop: Workshop, row: ForeignPrint, by: Account | None = None, **more: Any) -> None:
    values: dict[str, Any] = {
        "started_by": workshop.amira, "revision": workshop.revision, "colour": workshop.colour, "order": None,
        "good": 2, "scrap": 1, "grams": 12.4, **more,
    }  # fmt: skip
    adopt(workshop.session, row, by=by or workshop.boris, now=workshop.clock.now, **values)
    workshop.session.commit()


def booked(workshop: Workshop) -> list[tuple[int, int]]:
    """(pieces, milligrams) of all lines but what came at first."""
    workshop.session.rollback()
    pieces = workshop.session.scalars(sa.select(StockMovement.pieces)).all()
    used = FilamentMovement.reason == FilamentReason.PRINTED
    grams = workshop.session.scalars(sa.select(FilamentMovement.milligrams).where(used)).all()
    return [(sum(pieces), sum(grams))]


def test_each_print_by_hand_is_noted_once_with_its_end(workshop: Workshop) -> None:
    workshop.look()
    workshop.host().print_by_hand("vase.gcode", LONG)
    workshop.look(3)
    running = rows(workshop)
    assert [(row.file, row.ended_at) for row in running] == [("vase.gcode", None)]
    assert running[0].spool_id == workshop.printers[0].spool_id
    workshop.host().advance(100_000)
    workshop.look(3)
    ended = rows(workshop)
    assert [row.ended_at is None for row in ended] == [False]
    assert by_hand(workshop).id == ended[0].id + 1, "the same file once more is another print"


def test_a_print_after_another_without_a_look_between_is_told_by_its_clock(workshop: Workshop) -> None:
    workshop.look()
    workshop.host().print_by_hand("vase.gcode", LONG)
    workshop.host().advance(1.0)
    workshop.look()
    first = rows(workshop)[0]
    first.elapsed_s = 5000.0
    workshop.session.commit()
    workshop.look()
    assert [row.ended_at is None for row in rows(workshop)] == [False, True]


def test_ours_is_never_noted_as_foreign(workshop: Workshop) -> None:
    workshop.start(workshop.order())
    workshop.dispatch_all()
    workshop.look(2)
    assert rows(workshop) == []


def test_it_is_adopted_with_person_pieces_and_filament(workshop: Workshop) -> None:
    row = by_hand(workshop)
    take(workshop, row)
    assert booked(workshop) == [(2, -12_400)]
    mine = adopted_of(workshop.session, workshop.amira.id)
    assert [(one.good, one.scrap, one.adopted_by_id) for one in mine] == [(2, 1, workshop.boris.id)]
    assert to_adopt(workshop.session) == []


def test_adopted_twice_is_booked_once(workshop: Workshop) -> None:
    row = by_hand(workshop)
    take(workshop, row)
    with pytest.raises(Conflict):
        take(workshop, row)
    assert booked(workshop) == [(2, -12_400)]


def test_two_instructors_at_once_adopt_it_once(workshop: Workshop) -> None:
    """The second one read the row before the first one wrote."""
    row_id, boris_id = by_hand(workshop).id, workshop.boris.id
    workshop.session.rollback()
    with workshop.factory() as other:
        late, boris = other.get_one(ForeignPrint, row_id), other.get_one(Account, boris_id)
        assert late.ended_at
        assert boris.roles
        other.rollback()
        take(workshop, workshop.session.get_one(ForeignPrint, row_id))
        nothing = {"revision": None, "colour": None, "order": None}
        with pytest.raises(Conflict):
            adopt(
                other, late, started_by=boris, good=1, scrap=0, grams=1.0, by=boris,
                now=workshop.clock.now, **nothing,
            )  # fmt: skip
    assert booked(workshop) == [(2, -12_400)]


def test_what_runs_is_not_adopted_and_only_instructors_do(workshop: Workshop) -> None:
    row = by_hand(workshop)
    with pytest.raises(Forbidden):
        take(workshop, row, by=workshop.amira)
    workshop.host().print_by_hand("vase.gcode", LONG)
    workshop.look()
    with pytest.raises(Conflict):
        take(workshop, rows(workshop)[-1])


@pytest.mark.parametrize(
    "wrong", [{"good": -1}, {"scrap": 501}, {"grams": -0.1}, {"grams": float("nan")}, {"colour": None}]
)
def test_impossible_values_are_refused_and_nothing_is_booked(
    workshop: Workshop, wrong: dict[str, Any]
) -> None:
    row = by_hand(workshop)
    with pytest.raises(Invalid):
        take(workshop, row, **wrong)
    assert booked(workshop) == [(0, 0)]
    assert rows(workshop)[0].adopted_at is None


def test_without_an_object_the_pieces_enter_no_stock(workshop: Workshop) -> None:
    take(workshop, by_hand(workshop), revision=None, colour=None)
    assert booked(workshop) == [(0, -12_400)]
    assert rows(workshop)[0].good == 2


def test_for_an_order_its_open_pieces_are_made_and_the_rest_is_planned_anew(workshop: Workshop) -> None:
    row, order = by_hand(workshop), workshop.order(5)
    take(workshop, row, order=workshop.session.get_one(Order, order.id), revision=None, colour=None)
    workshop.forget()
    order = workshop.session.get_one(Order, order.id)
    pieces = pieces_of(workshop.session, [order.id])[order.id]
    assert (pieces.good, pieces.open) == (2, 3)
    assert pieces.adds_up()
    assert {copy.plate_id for copy in order.copies} == {None}, "its plate held five"
    assert booked(workshop) == [(2, -12_400)]


def test_whoever_plans_the_order_waits_for_the_adoption(workshop: Workshop) -> None:
    """Else a plate would be planned with pieces that are made, and could never start."""
    row, order = by_hand(workshop), workshop.order(5)
    order, read = workshop.session.get_one(Order, order.id), list[str]()

    def note(state: ORMExecuteState) -> None:
        if state.is_select:
            read.append(str(state.statement.compile(dialect=postgresql.dialect())))

    sa.event.listen(workshop.session, "do_orm_execute", note)
    take(workshop, row, order=order)
    held = [number for number, sql in enumerate(read) if "FOR UPDATE OF production_order" in sql]
    copies = [number for number, sql in enumerate(read) if "FROM copy" in sql and "FOR UPDATE" in sql]
    assert held[0] < copies[0]


def test_more_pieces_than_an_order_wanted_are_in_stock_all_the_same(workshop: Workshop) -> None:
    row, order = by_hand(workshop), workshop.order(1)
    take(workshop, row, order=workshop.session.get_one(Order, order.id), good=3)
    workshop.forget()
    order = workshop.session.get_one(Order, order.id)
    assert [copy.state for copy in order.copies] == [CopyState.GOOD]
    assert booked(workshop)[0][0] == 3
    assert workshop.session.scalars(sa.select(Notice.kind)).all() == [Kind.ORDER_DONE]


def test_a_file_of_ours_started_again_knows_its_object(workshop: Workshop) -> None:
    attempt_id = workshop.start(workshop.order()).id
    workshop.dispatch_all()
    name = workshop.session.get_one(Attempt, attempt_id).remote_name
    assert order_of(workshop.session, ForeignPrint(file=name)) is not None
    assert order_of(workshop.session, ForeignPrint(file="vase.gcode")) is None


def test_a_part_printed_once_more_by_hand_lies_with_its_own_kind(workshop: Workshop, lamp: Part) -> None:
    feet = place_pieces(
        workshop.session, revision=workshop.revision, colours=[None, workshop.colour], pieces=1,
        by=workshop.amira, form_token="feet-once", now=workshop.clock.now,
        first_piece=lambda copies, part: False,
    )  # fmt: skip
    workshop.plate(feet)
    name = workshop.start(feet).remote_name
    row = by_hand(workshop)
    row.file = name
    take(workshop, row)
    made = workshop.session.scalars(sa.select(StockMovement)).all()
    assert [(line.product.name, line.pieces) for line in made] == [("Untersetzer · Fuß", 2)]
