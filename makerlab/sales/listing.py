"""Verbs of stock lists: what the lab knows, what a list would change, booking it at once, writing it out."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.catalog.models import Design, Partner
from makerlab.core.alphabet import by_name
from makerlab.core.audit import record
from makerlab.core.errors import Conflict
from makerlab.core.language import _
from makerlab.core.tables import Cell
from makerlab.materials.codes import label_code
from makerlab.materials.models import Colour
from makerlab.sales import queries
from makerlab.sales.listed import COLUMNS, Known, Row, key
from makerlab.sales.models import Price
from makerlab.stock import balances, ledger
from makerlab.stock.models import Balance, Place, Product, StockMovement, StockReason


def known(session: Session) -> Known:
    """All names that a list may use, in four queries."""
    designs = [(key(name), id_) for id_, name in session.execute(sa.select(Design.id, Design.name))]
    times = Counter(name for name, _id in designs)
    return Known(
        designs=dict(designs),
        colours={key(name): id_ for id_, name in session.execute(sa.select(Colour.id, Colour.name))},
        places={key(name): id_ for id_, name in session.execute(sa.select(Place.id, Place.name))},
        products={
            code: (design_id, colour_id)
            for code, design_id, colour_id in session.execute(
                sa.select(Product.code, Product.design_id, Product.colour_id).where(Product.finish == "")
            )
        },
        shared=frozenset(name for name, number in times.items() if number > 1),
    )


@dataclass(frozen=True, slots=True)
class Change:
    """What a row would change: pieces that lie there now and then, and the price now and then in cents."""

    row: Row
    pieces: int
    cents: int | None

    @property
    def difference(self) -> int:
        return (self.row.pieces or 0) - self.pieces

    @property
    def new_price(self) -> bool:
        return self.row.cents is not None and self.row.cents != self.cents


def changes(session: Session, rows: Sequence[Row], *, today: date) -> list[Change]:
    """Beside the books of now, in three queries."""
    return _changes(session, rows, _products(session), today)


def _changes(
    session: Session, rows: Sequence[Row], products: Mapping[tuple[int, int], int], today: date
) -> list[Change]:
    held, prices = balances.everything(session), queries.prices_on(session, products.values(), today)
    found = []
    for row in rows:
        product_id = products.get(row.product, 0)
        price = prices.get(product_id)
        pieces = held.get((product_id, row.place_id or 0), 0)
        found.append(Change(row, pieces, price.cents if price else None))
    return found


def book_list(
    session: Session, rows: Sequence[Row], *, note: str, today: date, by_id: int, now: datetime
) -> tuple[int, int]:
    """Book every row as a count, all or nothing; returns (lines, prices) written. Twice the same writes none.

    Raises Conflict when a row has a problem.
    """
    if any(row.problems for row in rows):
        raise Conflict(
            _("Die Liste hat noch Fehler."), way_out=_("Ändern Sie die Datei und laden Sie sie neu.")
        )
    ledger.take_turn(session)
    products = _with_new_products(session, rows)
    wanted = _changes(session, rows, products, today)
    lines = [
        StockMovement(
            at=now, actor_id=by_id, product_id=products[one.row.product], place_id=one.row.place_id,
            pieces=one.difference, reason=StockReason.COUNTED, note=note,
        )
        for one in wanted
        if one.difference
    ]  # fmt: skip
    ledger.write_all(session, lines)
    prices = {products[one.row.product]: one.row.cents for one in wanted if one.new_price}
    session.add_all(
        Price(product_id=product_id, cents=cents, valid_from=today, set_by_id=by_id, set_at=now)
        for product_id, cents in prices.items()
    )
    session.flush()
    record(session, "stock.list", "stock:list", actor_id=by_id, now=now, lines=len(lines), prices=len(prices))
    return len(lines), len(prices)


def _products(session: Session) -> dict[tuple[int, int], int]:
    """(design, colour) → product as sold."""
    rows = session.execute(
        sa.select(Product.design_id, Product.colour_id, Product.id).where(Product.finish == "")
    )
    return {(design_id, colour_id): id_ for design_id, colour_id, id_ in rows}


def _with_new_products(session: Session, rows: Sequence[Row]) -> dict[tuple[int, int], int]:
    """All products, with those of the list that were not there yet."""
    there = _products(session)
    new = [
        Product(code=label_code("P"), design_id=design_id, colour_id=colour_id)
        for design_id, colour_id in dict.fromkeys(row.product for row in rows)
        if (design_id, colour_id) not in there
    ]
    session.add_all(new)
    session.flush()
    return there | {(one.design_id, one.colour_id): one.id for one in new}


HEAD = [
    *(COLUMNS[name][0] for name in ("code", "design", "colour", "place", "pieces", "price")),
    "Partner",
    "Verfügbar",
    "In Arbeit",
]


def written(session: Session, *, today: date) -> Iterator[Sequence[Cell]]:
    """A row for each product and place that holds some, and one for each product that nobody has."""
    places = {id_: name for id_, name in session.execute(sa.select(Place.id, Place.name))}  # noqa: C416
    rows = session.execute(
        sa.select(
            Product.id, Product.code, Design.name, Colour.name, Partner.name, Balance.place_id, Balance.pieces
        )
        .join(Design, Design.id == Product.design_id)
        .join(Colour, Colour.id == Product.colour_id)
        .outerjoin(Partner, Partner.id == Design.partner_id)
        .outerjoin(Balance, sa.and_(Balance.product_id == Product.id, Balance.pieces > 0))
        .where(Product.finish == "")
        .order_by(by_name(Design.name), by_name(Colour.name), Balance.place_id)
    ).all()  # fmt: skip
    ids = list({row[0] for row in rows})
    figures, prices = queries.figures(session, ids), queries.prices_on(session, ids, today)
    for id_, code, design, colour, partner, place_id, pieces in rows:
        price = prices.get(id_)
        yield (
            code, design, colour, places.get(place_id or 0, ""), pieces or 0,
            f"{price.cents / 100:.2f}".replace(".", ",") if price else "", partner or "",
            figures[id_].available, figures[id_].in_production,
        )  # fmt: skip
