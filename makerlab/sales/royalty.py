"""What sales owe partners: each sale at the rate version of its day; what was taken back is subtracted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, selectinload

from makerlab.catalog.agreed import terms_of
from makerlab.catalog.models import Agreement, Design, RoyaltyRate
from makerlab.catalog.rules import in_force
from makerlab.materials.models import Colour
from makerlab.sales.models import Price, Sale
from makerlab.stock.models import Product, StockMovement, StockReason


@dataclass(frozen=True, slots=True)
class Line:
    """A sale, or a sale taken back (`pieces` below nothing), on its day; money in cents.

    `due` is None where the agreement names no rate for that day, or a share of a price that nobody set.
    """

    day: date
    sold_on: date
    design: str
    colour: str
    pieces: int
    price: int | None
    rate: RoyaltyRate | None
    due: int | None


@dataclass(slots=True)
class Sum:
    """All lines of a product at one rate."""

    design: str
    colour: str
    rate: RoyaltyRate | None
    sold: int = 0
    returned: int = 0
    revenue: int = 0
    due: int = 0
    open: int = 0  # pieces of which nobody can say what they owe

    def add(self, line: Line) -> None:
        self.sold += max(line.pieces, 0)
        self.returned += max(-line.pieces, 0)
        self.revenue += line.pieces * (line.price or 0)
        self.due += line.due or 0
        self.open += line.pieces if line.due is None else 0


def owed(rate: RoyaltyRate, pieces: int, price: int | None) -> int | None:
    """Cents for so many pieces, half a cent up; below nothing for pieces taken back. None without a price."""
    if rate.cents is not None:
        return rate.cents * pieces
    if price is None or rate.share_hundredths is None:
        return None
    whole = (abs(pieces) * price * rate.share_hundredths + 5_000) // 10_000
    return whole if pieces >= 0 else -whole


def rate_on(agreements: Sequence[Agreement], design_id: int, day: date) -> RoyaltyRate | None:
    """The rate version that counts on a day, of the agreement that is most about this design."""
    holding = [
        (bool(one.designs), one.starts_on, one.id, rate)
        for one in agreements
        if terms_of(one).covers(design_id) and in_force([terms_of(one)], day)
        for rate in [_version(one.rates, day)]
        if rate is not None
    ]
    return max(holding, key=lambda held: held[:3])[3] if holding else None


def _version(rates: Iterable[RoyaltyRate], day: date) -> RoyaltyRate | None:
    """Of those from one day the later one counts; they come in the order of day and id."""
    return next((rate for rate in reversed(list(rates)) if rate.valid_from <= day), None)


def lines(session: Session, partner_id: int, first: date, last: date, zone: ZoneInfo) -> list[Line]:
    """Sales of a partner's designs from the first day to the last, on the lab's calendar; three queries."""
    agreements = session.scalars(
        sa.select(Agreement)
        .where(Agreement.partner_id == partner_id)
        .options(selectinload(Agreement.designs), selectinload(Agreement.rates))
    ).all()
    return [_line(row, agreements, zone) for row in session.execute(_sales(partner_id, first, last, zone))]


def _sales(partner_id: int, first: date, last: date, zone: ZoneInfo) -> sa.Select[*tuple[Any, ...]]:
    """Lines of reason sold and those that reverse one; the price is that of the sale."""
    original = aliased(StockMovement)
    sold = sa.func.coalesce(original.id, StockMovement.id)
    is_sale = sa.or_(StockMovement.reason == StockReason.SOLD, original.reason == StockReason.SOLD)
    return (
        sa.select(
            StockMovement.at, sa.func.coalesce(original.at, StockMovement.at).label("sold_at"),
            (-StockMovement.pieces).label("pieces"), Design.id.label("design_id"),
            Design.name.label("design"), Colour.name.label("colour"), Price.cents,
        )
        .outerjoin(original, original.id == StockMovement.reverses_id)
        .join(Product, Product.id == StockMovement.product_id)
        .join(Design, Design.id == Product.design_id)
        .join(Colour, Colour.id == Product.colour_id)
        .outerjoin(Sale, Sale.movement_id == sold)
        .outerjoin(Price, Price.id == Sale.price_id)
        .where(
            Design.partner_id == partner_id, is_sale,
            StockMovement.at >= _midnight(first, zone),
            StockMovement.at < _midnight(last + timedelta(1), zone),
        )
        .order_by(StockMovement.id)
    )  # fmt: skip


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _line(row: Any, agreements: Sequence[Agreement], zone: ZoneInfo) -> Line:
    day, sold_on = row.at.astimezone(zone).date(), row.sold_at.astimezone(zone).date()
    rate = rate_on(agreements, row.design_id, sold_on)
    due = None if rate is None else owed(rate, row.pieces, row.cents)
    return Line(day, sold_on, row.design, row.colour, row.pieces, row.cents, rate, due)


def sums(found: Iterable[Line]) -> list[Sum]:
    """By product and rate, in the order of their names."""
    groups: dict[tuple[str, str, int], Sum] = {}
    for line in found:
        key = (line.design, line.colour, line.rate.id if line.rate else 0)
        groups.setdefault(key, Sum(line.design, line.colour, line.rate)).add(line)
    return [groups[key] for key in sorted(groups)]
