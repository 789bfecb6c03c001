"""Promised pieces: handed over once, promised again when the sale is taken back."""

import pytest
from sqlalchemy.orm import Session

from makerlab.core.errors import Conflict, Invalid
from makerlab.stock.actions import book, reverse
from makerlab.stock.models import Reservation, ReservedFor, StockMovement, StockReason
from makerlab.stock.queries import reserved
from makerlab.stock.reserving import release, reserve, take
from tests.makerlab.conftest import NOW
from tests.makerlab.stock.conftest import Shelf


@pytest.fixture
def promise(session: Session, shelf: Shelf) -> Reservation:
    book(session, shelf.vase, shelf.shop, 5, StockReason.RECEIVED, actor_id=1, now=NOW)
    return reserve(
        session,
        shelf.vase,
        3,
        purpose="Werkschau",
        kind=ReservedFor.EVENT,
        until=None,
        form_token="f",
        by_id=1,
        now=NOW,
    )


def sell(session: Session, shelf: Shelf, pieces: int) -> StockMovement:
    return book(session, shelf.vase, shelf.shop, -pieces, StockReason.SOLD, actor_id=1, now=NOW)


def promised(session: Session, shelf: Shelf) -> int:
    return reserved(session, [shelf.vase.id]).get(shelf.vase.id, 0)


def test_what_is_handed_over_is_promised_no_more(
    session: Session, shelf: Shelf, promise: Reservation
) -> None:
    take(session, promise, sell(session, shelf, 2))
    assert promised(session, shelf) == 1


def test_a_sale_taken_back_is_promised_again(session: Session, shelf: Shelf, promise: Reservation) -> None:
    line = sell(session, shelf, 2)
    take(session, promise, line)
    reverse(session, line, actor_id=1, now=NOW)
    assert promised(session, shelf) == 3


def test_the_same_form_sent_twice_promises_once(session: Session, shelf: Shelf, promise: Reservation) -> None:
    again = reserve(
        session, shelf.vase, 3, purpose="Werkschau", kind=ReservedFor.EVENT, until=None, form_token="f",
        by_id=1, now=NOW,
    )  # fmt: skip
    assert again.id == promise.id
    assert promised(session, shelf) == 3


def test_no_more_is_handed_over_than_was_promised(
    session: Session, shelf: Shelf, promise: Reservation
) -> None:
    with pytest.raises(Conflict):
        take(session, promise, sell(session, shelf, 4))


def test_a_promise_is_let_go_once(session: Session, shelf: Shelf, promise: Reservation) -> None:
    release(session, promise, by_id=1, now=NOW)
    assert promised(session, shelf) == 0
    with pytest.raises(Conflict):
        release(session, promise, by_id=1, now=NOW)


@pytest.mark.parametrize("pieces", [0, -1, 10**9])
def test_a_number_that_is_none_is_refused(session: Session, shelf: Shelf, pieces: int) -> None:
    with pytest.raises(Invalid):
        reserve(
            session,
            shelf.vase,
            pieces,
            purpose="x",
            kind=ReservedFor.OTHER,
            until=None,
            form_token="f",
            by_id=1,
            now=NOW,
        )
