"""A lamp is a printed shade, a socket and three feet: assembled whole, or not at all."""

import pytest
from sqlalchemy.orm import Session

from makerlab.core.errors import Conflict
from makerlab.core.ledger import verify
from makerlab.stock.actions import book, product_of, reverse
from makerlab.stock.assembling import assemble, supply
from makerlab.stock.items import add_item, book_item, count_item, pieces_of, set_ingredient
from makerlab.stock.models import Item, ItemMovement, ItemReason, Product, StockReason
from makerlab.stock.queries import on_hand
from makerlab.stock.rules import RAW
from tests.makerlab.conftest import NOW
from tests.makerlab.stock.conftest import Shelf

WHO = {"actor_id": 1, "now": NOW}


def bought(session: Session, shelf: Shelf, name: str, pieces: int, count: int) -> Item:
    item = add_item(session, name=name, supplier="Lampen AG", order_code="E27", price_cents=90, low_level=5)
    book_item(session, item, pieces, ItemReason.RECEIVED, **WHO)
    set_ingredient(session, shelf.vase.design, item, count, by_id=1, now=NOW)
    return item


@pytest.fixture
def lamp(session: Session, shelf: Shelf) -> tuple[Product, Item, Item]:
    """Five shades from the printer, four sockets, ten feet of which each lamp needs three."""
    socket, foot = bought(session, shelf, "Fassung", 4, 1), bought(session, shelf, "Filzfuß", 10, 3)
    raw = product_of(session, shelf.vase.design, shelf.vase.colour, RAW)
    book(session, raw, shelf.workshop, 5, StockReason.PRODUCED, **WHO)
    return raw, socket, foot


def have(session: Session, shelf: Shelf, raw: Product) -> tuple[int, int]:
    held = on_hand(session, [raw.id, shelf.vase.id])
    return held.get((raw.id, shelf.workshop.id), 0), held.get((shelf.vase.id, shelf.workshop.id), 0)


def test_so_many_can_be_made_as_the_scarcest_part_allows(
    session: Session, shelf: Shelf, lamp: tuple[Product, Item, Item]
) -> None:
    assert supply(session, shelf.vase, shelf.workshop).most == 3  # ten feet, three for each


def test_assembling_uses_every_part_and_makes_the_product(
    session: Session, shelf: Shelf, lamp: tuple[Product, Item, Item]
) -> None:
    raw, socket, foot = lamp
    for _twice in range(2):  # the same form sent twice
        assemble(session, shelf.vase, shelf.workshop, 2, transfer="a" * 32, **WHO)
    assert have(session, shelf, raw) == (3, 2)
    assert pieces_of(session, [socket.id, foot.id]) == {socket.id: 2, foot.id: 4}


def test_nothing_is_assembled_when_one_part_is_missing(
    session: Session, shelf: Shelf, lamp: tuple[Product, Item, Item]
) -> None:
    raw, socket, foot = lamp
    session.commit()
    with pytest.raises(Conflict, match="Filzfuß"):
        assemble(session, shelf.vase, shelf.workshop, 4, transfer="a" * 32, **WHO)
    session.rollback()
    assert have(session, shelf, raw) == (5, 0)
    assert pieces_of(session, [socket.id, foot.id]) == {socket.id: 4, foot.id: 10}


def test_an_assembly_taken_back_gives_every_part_back_once(
    session: Session, shelf: Shelf, lamp: tuple[Product, Item, Item]
) -> None:
    raw, socket, foot = lamp
    lines = assemble(session, shelf.vase, shelf.workshop, 2, transfer="a" * 32, **WHO)
    reverse(session, lines[1], **WHO)
    assert have(session, shelf, raw) == (5, 0)
    assert pieces_of(session, [socket.id, foot.id]) == {socket.id: 4, foot.id: 10}
    with pytest.raises(Conflict):
        reverse(session, lines[0], **WHO)
    assert verify(session, ItemMovement) is None


def test_a_product_without_bought_parts_is_not_assembled(session: Session, shelf: Shelf) -> None:
    with pytest.raises(Conflict, match="nichts zu montieren"):
        assemble(session, shelf.vase, shelf.workshop, 1, transfer="a" * 32, **WHO)


def test_counted_parts_are_right_afterwards(
    session: Session, shelf: Shelf, lamp: tuple[Product, Item, Item]
) -> None:
    _raw, socket, _foot = lamp
    count_item(session, socket, 7, transfer="b" * 32, **WHO)
    assert count_item(session, socket, 7, transfer="c" * 32, **WHO) is None
    assert pieces_of(session, [socket.id]) == {socket.id: 7}


def test_no_part_is_used_that_is_not_there(
    session: Session, shelf: Shelf, lamp: tuple[Product, Item, Item]
) -> None:
    with pytest.raises(Conflict):
        book_item(session, lamp[1], -5, ItemReason.BROKEN, **WHO)
