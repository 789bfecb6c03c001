"""Any order of lines: sums hold, nothing goes below zero, reversals balance."""

from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from makerlab.core.errors import Conflict, Invalid
from makerlab.core.ledger import verify
from makerlab.stock import balances
from makerlab.stock.actions import add_place, book, count, move, product_of, reverse, workshop
from makerlab.stock.models import PlaceKind, StockMovement, StockReason
from makerlab.stock.queries import on_hand, sums_by_reason
from tests.makerlab.conftest import NOW
from tests.makerlab.stock.conftest import Shelf

COMES = st.sampled_from([StockReason.PRODUCED, StockReason.RECEIVED])
GOES = st.sampled_from([StockReason.SOLD, StockReason.BROKEN])
PIECES = st.integers(1, 9)


class Ledger(RuleBasedStateMachine):
    """Books at random beside a plain dictionary that books the same."""

    session: Session
    shelf: Shelf

    @initialize()
    def begin(self) -> None:
        self.session.rollback()
        self.model: Counter[int] = Counter()
        self.reversed: set[int] = set()
        self.who: dict[str, Any] = {"actor_id": self.shelf.actor_id, "now": NOW}
        self.places = {True: self.shelf.workshop, False: self.shelf.shop}

    @rule(pieces=PIECES, reason=COMES, here=st.booleans())
    def come(self, pieces: int, reason: StockReason, here: bool) -> None:
        place = self.places[here]
        book(self.session, self.shelf.vase, place, pieces, reason, **self.who)
        self.model[place.id] += pieces

    @rule(pieces=PIECES, reason=GOES, here=st.booleans())
    def go(self, pieces: int, reason: StockReason, here: bool) -> None:
        place = self.places[here]
        if self.model[place.id] < pieces:
            with pytest.raises(Conflict):
                book(self.session, self.shelf.vase, place, -pieces, reason, **self.who)
            return
        book(self.session, self.shelf.vase, place, -pieces, reason, **self.who)
        self.model[place.id] -= pieces

    @rule(pieces=PIECES, here=st.booleans())
    def carry(self, pieces: int, here: bool) -> None:
        source, target = self.places[here], self.places[not here]
        if self.model[source.id] < pieces:
            with pytest.raises(Conflict):
                move(self.session, self.shelf.vase, source, target, pieces, **self.who)
            return
        move(self.session, self.shelf.vase, source, target, pieces, **self.who)
        self.model.update({source.id: -pieces, target.id: pieces})

    @rule(counted=st.integers(0, 20), here=st.booleans())
    def count(self, counted: int, here: bool) -> None:
        place = self.places[here]
        line = count(self.session, self.shelf.vase, place, counted, **self.who)
        assert (line is None) == (self.model[place.id] == counted)
        self.model[place.id] = counted

    @rule(which=st.integers(0, 200))
    def take_back(self, which: int) -> None:
        lines = self.session.scalars(sa.select(StockMovement).order_by(StockMovement.id)).all()
        if not lines:
            return
        line = lines[which % len(lines)]
        pair = [other for other in lines if line.transfer and other.transfer == line.transfer] or [line]
        after = self.model.copy()
        for one in pair:
            after[one.place_id] -= one.pieces
        done = line.reason is StockReason.REVERSED or line.id in self.reversed
        if done or min(after.values()) < 0:
            with pytest.raises(Conflict):
                reverse(self.session, line, **self.who)
            return
        back = reverse(self.session, line, **self.who)
        assert sorted(one.pieces for one in back) == sorted(-one.pieces for one in pair)
        self.reversed |= {one.id for one in pair}
        self.model = after

    @invariant()
    def sums_hold(self) -> None:
        product_id = self.shelf.vase.id
        booked = {place_id: pieces for (_, place_id), pieces in on_hand(self.session, [product_id]).items()}
        assert booked == {place_id: pieces for place_id, pieces in self.model.items() if pieces}
        assert sum(sums_by_reason(self.session, product_id).values()) == sum(booked.values())
        assert all(pieces > 0 for pieces in booked.values())
        assert balances.differences(self.session) == {}

    def teardown(self) -> None:
        assert verify(self.session, StockMovement) is None
        self.session.rollback()


def test_any_order_of_lines_keeps_the_books_right(session: Session, shelf: Shelf) -> None:
    bound = type("BoundLedger", (Ledger,), {"session": session, "shelf": shelf})
    run_state_machine_as_test(
        bound,
        settings=settings(max_examples=30, stateful_step_count=25, suppress_health_check=list(HealthCheck)),
    )


@pytest.mark.parametrize(
    ("pieces", "reason"),
    [(0, "counted"), (-1, "produced"), (-1, "received"), (1, "sold"), (1, "broken"), (2**31, "received")],
)
def test_a_line_that_makes_no_sense_is_refused(
    session: Session, shelf: Shelf, pieces: int, reason: str
) -> None:
    with pytest.raises(Invalid):
        book(session, shelf.vase, shelf.shop, pieces, StockReason(reason), actor_id=None, now=NOW)


def test_a_move_to_the_same_place_is_refused(session: Session, shelf: Shelf) -> None:
    with pytest.raises(Invalid):
        move(session, shelf.vase, shelf.shop, shelf.shop, 1, actor_id=None, now=NOW)


def test_what_was_sold_cannot_be_unproduced(session: Session, shelf: Shelf) -> None:
    made = book(session, shelf.vase, shelf.workshop, 2, StockReason.PRODUCED, actor_id=None, now=NOW)
    book(session, shelf.vase, shelf.workshop, -1, StockReason.SOLD, actor_id=None, now=NOW)
    with pytest.raises(Conflict):
        reverse(session, made, actor_id=None, now=NOW)


def test_the_database_refuses_to_change_a_line(session: Session, shelf: Shelf) -> None:
    line = book(session, shelf.vase, shelf.workshop, 2, StockReason.PRODUCED, actor_id=None, now=NOW)
    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(sa.update(StockMovement).where(StockMovement.id == line.id).values(pieces=3))


def test_a_design_in_a_colour_is_one_product(session: Session, shelf: Shelf) -> None:
    assert product_of(session, shelf.vase.design, shelf.vase.colour) is shelf.vase


def test_finished_pieces_have_a_place_from_the_first_day(session: Session) -> None:
    assert workshop(session) is workshop(session)
    assert workshop(session).kind is PlaceKind.WORKSHOP


def test_a_name_is_given_to_one_place(session: Session, shelf: Shelf) -> None:
    with pytest.raises(Conflict):
        add_place(session, name="LADEN am markt", kind=PlaceKind.EVENT)
