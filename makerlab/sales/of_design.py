"""Stock, prices and sales of a design on its page in the catalogue; no person is named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import render_template
from sqlalchemy.orm import Session

from makerlab.catalog.models import Design
from makerlab.catalog.sections import register_section
from makerlab.core.access import may
from makerlab.sales import shelf
from makerlab.sales.queries import prices_on
from makerlab.sales.views import READERS, blueprint
from makerlab.stock.models import Place, PlaceKind, Product, StockMovement, StockReason

ORDER = 10


@dataclass(frozen=True, slots=True)
class InColour:
    """A product on the page of its design."""

    product: Product
    on_hand: int
    price: str


@dataclass(frozen=True, slots=True)
class Traded:
    """What became of the pieces of a design. Places are in the order they were made.

    Unassembled pieces and parts stand among the products only, behind the finished ones.
    """

    products: Sequence[InColour]
    held: Sequence[tuple[Place, int]]
    sold: Sequence[tuple[Place, int]]
    shown: Sequence[Place]  # events it was at


def traded(session: Session, design_id: int) -> Traded:
    """In four queries."""
    wanted = sa.select(Product).where(Product.design_id == design_id).order_by(Product.finish, Product.id)
    products = session.scalars(wanted).unique().all()
    sums = _sums(session, [product.id for product in products])
    prices = prices_on(session, [product.id for product in products], shelf.today())
    places = session.scalars(sa.select(Place).order_by(Place.id)).all()
    finished = {product.id for product in products if not product.finish}
    traded_ = {key: pieces for key, pieces in sums.items() if key[0] in finished}
    held = _by_place(places, traded_, None)
    sold = [(place, -pieces) for place, pieces in _by_place(places, traded_, StockReason.SOLD) if pieces < 0]
    been = {place_id for _product_id, place_id, _reason in sums}
    return Traded(
        [
            InColour(product, _on_hand(sums, product.id), shelf.money(prices.get(product.id)))
            for product in products
        ],
        [(place, pieces) for place, pieces in held if pieces > 0], sold,
        [place for place in places if place.kind is PlaceKind.EVENT and place.id in been],
    )  # fmt: skip


Sums = Mapping[tuple[int, int, StockReason], int]  # product, place, reason → pieces


def _sums(session: Session, product_ids: Sequence[int]) -> Sums:
    of = (StockMovement.product_id, StockMovement.place_id, StockMovement.reason)
    query = sa.select(*of, sa.func.sum(StockMovement.pieces)).where(StockMovement.product_id.in_(product_ids))
    rows = session.execute(query.group_by(*of))
    return {(product_id, place_id, reason): int(pieces) for product_id, place_id, reason, pieces in rows}


def _on_hand(sums: Sums, product_id: int) -> int:
    return sum(pieces for (own, _place, _reason), pieces in sums.items() if own == product_id)


def _by_place(places: Sequence[Place], sums: Sums, reason: StockReason | None) -> list[tuple[Place, int]]:
    """Places with the sum of all lines there, or of those with one reason."""
    found: dict[int, int] = {}
    for (_product, place_id, why), pieces in sums.items():
        if reason is None or why is reason:
            found[place_id] = found.get(place_id, 0) + pieces
    return [(place, found[place.id]) for place in places if place.id in found]


def section(session: Session, design: Design) -> str:
    found = traded(session, design.id)
    return render_template("sales/_of_design.html", found=found, opens=may(READERS)) if found.products else ""


blueprint.record_once(lambda state: register_section(state.app, ORDER, section))
