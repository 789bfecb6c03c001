"""Tables of sales."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from makerlab.catalog.models import Design
from makerlab.core.database import Base
from makerlab.stock.models import StockMovement


class Price(Base):
    """One version of a product's price, in cents, from a day on. A new price is a new row.

    Of two rows from the same day the later one counts: a slip is corrected by a row, too.
    """

    __tablename__ = "price"
    __table_args__ = (sa.Index("ix_price_version", "product_id", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    cents: Mapped[int]
    valid_from: Mapped[date]
    set_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    set_at: Mapped[datetime]


class Sale(Base):
    """What a stock line of reason `sold` was: at which price version, and where the till knows it.

    Taken back with its line; no row here changes. `form_token`: one form posted twice is one sale.
    """

    __tablename__ = "sale"

    id: Mapped[int] = mapped_column(primary_key=True)
    movement_id: Mapped[int] = mapped_column(sa.ForeignKey("stock_movement.id"), unique=True)
    price_id: Mapped[int | None] = mapped_column(sa.ForeignKey("price.id"))
    receipt: Mapped[str] = mapped_column(sa.String(40), default="")  # number of the certified till's receipt
    form_token: Mapped[str] = mapped_column(sa.String(64), unique=True)

    movement: Mapped[StockMovement] = relationship()
    price: Mapped[Price | None] = relationship()


class Showing(Base):
    """A design that visitors may see without signing in."""

    __tablename__ = "showing"

    design_id: Mapped[int] = mapped_column(sa.ForeignKey("design.id"), primary_key=True)
    shown_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    shown_at: Mapped[datetime]

    design: Mapped[Design] = relationship()
