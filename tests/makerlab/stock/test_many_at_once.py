"""Fifty people book at once: one gets the last piece, on SQLite and on PostgreSQL."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.catalog.models import Design
from makerlab.core.database import SessionFactory
from makerlab.core.errors import Conflict
from makerlab.core.ledger import verify
from makerlab.materials.models import Colour
from makerlab.stock.actions import book, count, move, product_of, reverse
from makerlab.stock.models import Product, StockMovement, StockReason
from makerlab.stock.queries import on_hand
from tests.makerlab.conftest import NOW
from tests.makerlab.stock.conftest import Shelf, fill_shelf

PEOPLE = 50


def at_once(factory: SessionFactory, verb: Callable[[Session, int], object]) -> Counter[str]:
    """Let fifty threads do `verb` in a transaction of their own each; count how they ended."""
    start = Barrier(PEOPLE)

    def one(number: int) -> str:
        start.wait()
        try:
            with factory.begin() as session:
                verb(session, number)
        except Conflict:
            return "refused"
        return "done"

    with ThreadPoolExecutor(PEOPLE) as pool:
        return Counter(pool.map(one, range(PEOPLE)))


def shelf_with(factory: SessionFactory, pieces: int) -> Shelf:
    with factory() as session:
        shelf = fill_shelf(session)
        book(session, shelf.vase, shelf.workshop, pieces, StockReason.PRODUCED, actor_id=None, now=NOW)
        session.commit()
        return shelf


def sell_one(session: Session, shelf: Shelf) -> StockMovement:
    return book(session, shelf.vase, shelf.workshop, -1, StockReason.SOLD, actor_id=shelf.actor_id, now=NOW)


def test_of_fifty_sales_of_the_last_piece_one_succeeds(factory: SessionFactory) -> None:
    shelf = shelf_with(factory, 1)
    ends = at_once(factory, lambda session, _number: sell_one(session, shelf))
    assert ends == {"done": 1, "refused": 49}
    with factory() as session:
        assert on_hand(session, [shelf.vase.id]) == {}
        assert verify(session, StockMovement) is None


def test_moves_counts_and_sales_at_once_leave_nothing_below_zero(factory: SessionFactory) -> None:
    shelf = shelf_with(factory, 20)

    def verb(session: Session, number: int) -> None:
        if number % 5 == 0:
            move(session, shelf.vase, shelf.workshop, shelf.shop, 2, actor_id=None, now=NOW)
        elif number % 5 == 1:
            count(session, shelf.vase, shelf.shop, 3, actor_id=None, now=NOW)
        else:
            sell_one(session, shelf)

    ends = at_once(factory, verb)
    assert ends["refused"] > 0
    with factory() as session:
        assert all(pieces > 0 for pieces in on_hand(session, [shelf.vase.id]).values())
        assert verify(session, StockMovement) is None


def test_a_line_is_reversed_once_however_many_ask(factory: SessionFactory) -> None:
    shelf = shelf_with(factory, 3)
    with factory.begin() as session:
        line_id = sell_one(session, shelf).id

    def undo(session: Session, _number: int) -> None:
        reverse(session, session.get_one(StockMovement, line_id), actor_id=shelf.actor_id, now=NOW)

    assert at_once(factory, undo) == {"done": 1, "refused": 49}
    with factory() as session:
        assert on_hand(session, [shelf.vase.id]) == {(shelf.vase.id, shelf.workshop.id): 3}


def test_one_form_sent_fifty_times_is_one_move(factory: SessionFactory) -> None:
    shelf = shelf_with(factory, 60)
    token = "a" * 32

    def send(session: Session, _number: int) -> None:
        move(session, shelf.vase, shelf.workshop, shelf.shop, 1, actor_id=None, now=NOW, transfer=token)

    assert at_once(factory, send) == {"done": 50}
    with factory() as session:
        assert on_hand(session, [shelf.vase.id])[shelf.vase.id, shelf.shop.id] == 1


def test_a_product_asked_for_at_once_is_made_once(factory: SessionFactory) -> None:
    shelf = shelf_with(factory, 1)
    with factory.begin() as session:
        chalk = Colour(name="Kreide", hex="#eeeeee")
        session.add(chalk)

    def ask(session: Session, _number: int) -> None:
        product_of(session, session.get_one(Design, shelf.vase.design_id), chalk)

    assert at_once(factory, ask) == {"done": 50}
    with factory() as session:
        assert session.scalar(sa.select(sa.func.count(Product.id))) == 2
