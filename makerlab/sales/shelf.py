"""Products as the phone shows them: figures, price, picture, places. A constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from flask import current_app, url_for
from flask_babel import to_user_timezone
from sqlalchemy.orm import Session

from makerlab.core import web
from makerlab.core.clock import utcnow
from makerlab.sales import queries
from makerlab.sales.models import Price
from makerlab.stock.models import Place, Product
from makerlab.stock.queries import on_hand, places
from makerlab.stock.rules import Figures


@dataclass(frozen=True)
class Item:
    """A product on a card."""

    product: Product
    figures: Figures
    price: str
    picture: str | None

    @property
    def partner(self) -> str:
        return self.product.design.partner.name if self.product.design.partner else ""


def items(session: Session, product_ids: Sequence[int]) -> list[Item]:
    """These products in this order."""
    rows = session.scalars(sa.select(Product).where(Product.id.in_(product_ids)))
    products = {product.id: product for product in rows}
    figures = queries.figures(session, product_ids)
    prices = queries.prices_on(session, product_ids, today())
    pictures = queries.pictures(session, products.values())
    return [
        Item(products[i], figures[i], money(prices.get(i)), picture_url(pictures.get(i)))
        for i in product_ids
        if i in products
    ]


def by_product(session: Session, product_ids: Sequence[int]) -> dict[int, Item]:
    """The same by their ids, for pages that say something else of each."""
    return {one.product.id: one for one in items(session, product_ids)}


def item(session: Session, product: Product) -> Item:
    return items(session, [product.id])[0]


def places_of(session: Session, product: Product) -> list[tuple[Place, int]]:
    """Places that hold some of a product, and how many."""
    held = on_hand(session, [product.id])
    return [
        (place, held[product.id, place.id]) for place in places(session) if (product.id, place.id) in held
    ]


def money(price: Price | None) -> str:
    """The price in the lab's currency; empty when none is set."""
    return "" if price is None else web.money(price.cents)


def picture_url(sha256: str | None) -> str | None:
    """Where the catalogue shows a picture."""
    if sha256 is None or "catalog.picture" not in current_app.view_functions:
        return None
    return url_for("catalog.picture", sha256=sha256)


def today(now: datetime | None = None) -> date:
    """The day on the lab's calendar."""
    return to_user_timezone(now or utcnow()).date()
