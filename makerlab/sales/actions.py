"""Verbs of sales: sell pieces, set a price."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.catalog.agreed import licence_allows
from makerlab.catalog.models import Design
from makerlab.core import audit
from makerlab.core.errors import Invalid
from makerlab.core.language import _
from makerlab.core.money import MOST_CENTS
from makerlab.sales.models import Price, Sale, Showing
from makerlab.sales.queries import price_on
from makerlab.stock.actions import book
from makerlab.stock.ledger import take_turn
from makerlab.stock.models import Place, Product, Reservation, StockReason
from makerlab.stock.reserving import take


def sell(
    session: Session, product: Product, place: Place, pieces: int, *, form_token: str, today: date,
    actor_id: int, now: datetime, receipt: str = "", promise: Reservation | None = None,
) -> Sale:  # fmt: skip
    """Sell pieces from a place at the price of `today`; of a `promise` they are those promised.

    The same form twice is one sale. Raises Invalid for a number that is none, Conflict when the place holds
    too few, fewer are promised, or the design's licence allows no sale.
    """
    take_turn(session)
    if done := session.scalar(sa.select(Sale).where(Sale.form_token == form_token)):
        return done
    licence_allows(session, product.design, today=today)
    line = book(session, product, place, -pieces, StockReason.SOLD, actor_id=actor_id, now=now)
    if promise is not None:
        take(session, promise, line)
    price = price_on(session, product.id, today)
    sale = Sale(
        movement_id=line.id, price_id=price.id if price else None, receipt=receipt, form_token=form_token
    )
    session.add(sale)
    session.flush()
    return sale


def set_price(
    session: Session, product: Product, cents: int, *, valid_from: date, by_id: int | None, now: datetime
) -> Price:
    """A new version of the price from a day on. Raises Invalid."""
    if not 0 <= cents <= MOST_CENTS:
        raise Invalid(_("Dieser Preis geht nicht."), way_out=_("Schreiben Sie zum Beispiel 12,50."))
    price = Price(product_id=product.id, cents=cents, valid_from=valid_from, set_by_id=by_id, set_at=now)
    session.add(price)
    session.flush()
    audit.record(
        session, "price.set", f"product:{product.id}", actor_id=by_id, now=now, cents=cents,
        valid_from=valid_from.isoformat(),
    )  # fmt: skip
    return price


def show(session: Session, design: Design, *, by_id: int, now: datetime) -> None:
    """Let visitors see a design. Once is as good as twice."""
    if session.get(Showing, design.id) is None:
        session.add(Showing(design_id=design.id, shown_by_id=by_id, shown_at=now))
        audit.record(session, "design.show", f"design:{design.id}", actor_id=by_id, now=now)
        session.flush()


def hide(session: Session, design: Design, *, by_id: int, now: datetime) -> None:
    """Visitors see it no more."""
    showing = session.get(Showing, design.id)
    if showing is not None:
        session.delete(showing)
        audit.record(session, "design.hide", f"design:{design.id}", actor_id=by_id, now=now)
        session.flush()
