"""What the stock screens show in the lab that stands still: promises, a count, bought parts, a list."""

import secrets
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.files import FileStore
from makerlab.core.tables import as_csv
from makerlab.people.models import Account
from makerlab.sales.actions import show
from makerlab.stock.actions import book, workshop
from makerlab.stock.items import add_item, book_item, set_ingredient
from makerlab.stock.models import Item, ItemReason, Product, ReservedFor, StockReason, Stocktake
from makerlab.stock.reserving import reserve
from makerlab.stock.stocktaking import begin, note_count
from tests.journeys.floor import now
from tests.journeys.lab import Lab

LIST = [["Vase", "Grün", "Keller", 3, ""]]


def fill_stock(session: Session, dilek: Account, attempt_id: int) -> None:
    """Around the first product: some pieces from a print, promised, counted, shown, and to be assembled."""
    product, place = first_product(session), workshop(session)
    book(
        session, product, place, 2, StockReason.PRODUCED, actor_id=dilek.id, now=now(), attempt_id=attempt_id
    )
    product.low_level = 50
    reserve(
        session, product, 1, purpose="Werkschau im Depot", kind=ReservedFor.EVENT, until=now().date(),
        form_token="still", by_id=dilek.id, now=now(),
    )  # fmt: skip
    counted = begin(session, place, by_id=dilek.id, now=now())
    note_count(session, counted, product, 40, by_id=dilek.id, now=now(), token=secrets.token_hex(16))
    socket = add_item(
        session,
        name="Fassung E27",
        supplier="Leuchten Krings",
        order_code="E27-W",
        price_cents=240,
        low_level=30,
    )
    book_item(session, socket, 24, ItemReason.RECEIVED, actor_id=dilek.id, now=now())
    set_ingredient(session, product.design, socket, 1, by_id=dilek.id, now=now())
    show(session, product.design, by_id=dilek.id, now=now())


def first_product(session: Session) -> Product:
    return session.scalars(sa.select(Product).order_by(Product.id).limit(1)).unique().one()


def stock_values(session: Session, lab: Lab) -> dict[str, Any]:
    """For the addresses of the stock's screens."""
    data = as_csv(["Objekt", "Farbe", "Ort", "Stück", "Preis"], LIST)
    product = first_product(session)
    return {
        "stock.code": session.scalars(sa.select(Item.code)).first(),
        "stocktake_id": session.scalars(sa.select(sa.func.max(Stocktake.id))).one(),
        "sha256": FileStore(lab.settings.files_dir).put_bytes(data),
        "sales.design_id": product.design_id,
        "stock.design_id": product.design_id,
    }
