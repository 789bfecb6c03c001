"""A place is counted blind, by one or two people, while the shop stays open."""

import secrets
from collections.abc import Iterable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from makerlab.core.errors import Conflict
from makerlab.stock import balances
from makerlab.stock.actions import book, count
from makerlab.stock.models import Missing, StockMovement, StockReason
from makerlab.stock.rules import Counted, agreed
from makerlab.stock.stocktaking import begin, close, findings, note_count
from tests.makerlab.conftest import NOW
from tests.makerlab.stock.conftest import Shelf

WHO = {"actor_id": 1, "now": NOW}


def counted(session: Session, shelf: Shelf, pieces: int, by_id: int = 1) -> None:
    stocktake = begin(session, shelf.shop, by_id=by_id, now=NOW)
    note_count(session, stocktake, shelf.vase, pieces, by_id=by_id, now=NOW, token=secrets.token_hex(16))


def test_a_difference_becomes_a_line_with_its_reason(session: Session, shelf: Shelf) -> None:
    book(session, shelf.vase, shelf.shop, 5, StockReason.RECEIVED, **WHO)
    counted(session, shelf, 3)
    stocktake = begin(session, shelf.shop, by_id=1, now=NOW)
    [result] = close(session, stocktake, {shelf.vase.id: Missing.LOST}, by_id=1, now=NOW)
    assert (result.expected, result.counted, result.reason) == (5, 3, Missing.LOST)
    assert session.get_one(StockMovement, result.movement_id).pieces == -2
    assert balances.at(session, shelf.vase.id, shelf.shop.id) == 3


def test_what_is_sold_between_counting_and_closing_is_no_difference(session: Session, shelf: Shelf) -> None:
    book(session, shelf.vase, shelf.shop, 5, StockReason.RECEIVED, **WHO)
    counted(session, shelf, 5)
    book(session, shelf.vase, shelf.shop, -2, StockReason.SOLD, **WHO)
    stocktake = begin(session, shelf.shop, by_id=1, now=NOW)
    assert [one.difference for one in findings(session, stocktake)] == [0]
    [result] = close(session, stocktake, {}, by_id=1, now=NOW)
    assert result.movement_id is None
    assert balances.at(session, shelf.vase.id, shelf.shop.id) == 3


def test_two_people_who_differ_count_again(session: Session, shelf: Shelf) -> None:
    book(session, shelf.vase, shelf.shop, 5, StockReason.RECEIVED, **WHO)
    other = shelf.second_id
    counted(session, shelf, 4)
    counted(session, shelf, 5, other)
    stocktake = begin(session, shelf.shop, by_id=1, now=NOW)
    with pytest.raises(Conflict, match="verschieden"):
        close(session, stocktake, {shelf.vase.id: Missing.LOST}, by_id=1, now=NOW)
    counted(session, shelf, 5)
    assert close(session, stocktake, {}, by_id=1, now=NOW)[0].counted == 5


def test_a_difference_without_a_reason_is_not_booked(session: Session, shelf: Shelf) -> None:
    counted(session, shelf, 2)
    stocktake = begin(session, shelf.shop, by_id=1, now=NOW)
    with pytest.raises(Conflict, match="Grund"):
        close(session, stocktake, {}, by_id=1, now=NOW)


def test_what_nobody_counted_stays_unless_somebody_says_it_is_gone(session: Session, shelf: Shelf) -> None:
    book(session, shelf.vase, shelf.shop, 2, StockReason.RECEIVED, **WHO)
    first = begin(session, shelf.shop, by_id=1, now=NOW)
    assert close(session, first, {}, by_id=1, now=NOW) == []
    assert balances.at(session, shelf.vase.id, shelf.shop.id) == 2
    second = begin(session, shelf.shop, by_id=1, now=NOW)
    gone = frozenset({shelf.vase.id})
    close(session, second, {shelf.vase.id: Missing.UNKNOWN}, gone=gone, by_id=1, now=NOW)
    assert balances.at(session, shelf.vase.id, shelf.shop.id) == 0


def test_it_is_closed_once_and_counted_no_more(session: Session, shelf: Shelf) -> None:
    stocktake = begin(session, shelf.shop, by_id=1, now=NOW)
    close(session, stocktake, {}, by_id=1, now=NOW)
    with pytest.raises(Conflict):
        close(session, stocktake, {}, by_id=1, now=NOW)
    with pytest.raises(Conflict):
        note_count(session, stocktake, shelf.vase, 1, by_id=1, now=NOW, token="a" * 32)


def test_the_same_form_sent_twice_counts_once(session: Session, shelf: Shelf) -> None:
    stocktake = begin(session, shelf.shop, by_id=1, now=NOW)
    for pieces in (3, 7):
        note_count(session, stocktake, shelf.vase, pieces, by_id=1, now=NOW, token="b" * 32)
    assert findings(session, stocktake)[0].counted == 3


def test_a_count_that_waited_on_a_phone_leaves_out_what_was_booked_since(
    session: Session, shelf: Shelf
) -> None:
    book(session, shelf.vase, shelf.shop, 5, StockReason.RECEIVED, **WHO)
    book(session, shelf.vase, shelf.shop, -2, StockReason.SOLD, actor_id=1, now=NOW + timedelta(minutes=5))
    late = {"actor_id": 1, "now": NOW + timedelta(minutes=9), "counted_at": NOW + timedelta(minutes=1)}
    assert count(session, shelf.vase, shelf.shop, 5, **late) is None
    line = count(session, shelf.vase, shelf.shop, 4, **late)
    assert line is not None
    assert line.pieces == -1
    with pytest.raises(Conflict):  # of one piece two cannot have been sold
        count(session, shelf.vase, shelf.shop, 1, **late)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("come"), st.integers(1, 5)),
        st.tuples(st.just("go"), st.integers(1, 5)),
        st.tuples(st.just("count"), st.integers(-3, 3)),
    ),
    max_size=12,
)


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_whatever_happens_meanwhile_the_last_count_is_what_the_shelf_holds(
    session: Session, shelf: Shelf, steps: Iterable[tuple[str, int]]
) -> None:
    """`shelf` is truly there; the books are off by what was counted differently."""
    session.rollback()
    truth = 10
    book(session, shelf.vase, shelf.shop, truth, StockReason.RECEIVED, **WHO)
    stocktake = begin(session, shelf.shop, by_id=1, now=NOW)
    was_counted = False
    for verb, number in steps:
        if verb == "come":
            book(session, shelf.vase, shelf.shop, number, StockReason.RECEIVED, **WHO)
            truth += number
        elif verb == "go" and balances.at(session, shelf.vase.id, shelf.shop.id) >= number <= truth:
            book(session, shelf.vase, shelf.shop, -number, StockReason.SOLD, **WHO)
            truth -= number
        elif verb == "count":
            truth = max(truth + number, 0)  # somebody carried pieces away or brought some, unbooked
            counted(session, shelf, truth)
            was_counted = True
    expected = truth if was_counted else balances.at(session, shelf.vase.id, shelf.shop.id)
    close(session, stocktake, {shelf.vase.id: Missing.UNKNOWN}, by_id=1, now=NOW)
    assert balances.at(session, shelf.vase.id, shelf.shop.id) == expected
    assert balances.differences(session) == {}


def test_one_count_holds_and_equal_ones_hold_as_the_latest() -> None:
    assert agreed([]) is None
    assert agreed([Counted(1, 4, 7)]) == Counted(1, 4, 7)
    assert agreed([Counted(1, 4, 7), Counted(2, 4, 9)]) == Counted(2, 4, 9)
    assert agreed([Counted(1, 4, 7), Counted(2, 5, 9)]) is None


def test_a_sum_below_zero_is_refused_by_the_database_itself(session: Session, shelf: Shelf) -> None:
    book(session, shelf.vase, shelf.shop, 1, StockReason.RECEIVED, **WHO)
    with pytest.raises(sa.exc.IntegrityError):
        balances.add(session, shelf.vase.id, shelf.shop.id, -2)
