"""Tables of the stock."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from makerlab.catalog.models import Design
from makerlab.core.database import Base
from makerlab.core.ledger import LedgerLine, guard
from makerlab.materials.models import Colour


class PlaceKind(enum.StrEnum):
    WORKSHOP = "workshop"
    SHOP = "shop"
    EVENT = "event"
    PARTNER = "partner"


class StockReason(enum.StrEnum):
    PRODUCED = "produced"
    RECEIVED = "received"
    SOLD = "sold"
    MOVED = "moved"
    COUNTED = "counted"
    BROKEN = "broken"
    REVERSED = "reversed"


class Product(Base):
    """A design in a colour, as sold."""

    __tablename__ = "product"
    __table_args__ = (sa.UniqueConstraint("design_id", "colour_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(32), unique=True)  # on its QR label
    design_id: Mapped[int] = mapped_column(sa.ForeignKey("design.id"))
    colour_id: Mapped[int] = mapped_column(sa.ForeignKey("colour.id"))

    design: Mapped[Design] = relationship(lazy="joined")
    colour: Mapped[Colour] = relationship(lazy="joined")


class Place(Base):
    """Where stock lies."""

    __tablename__ = "place"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80), unique=True)
    kind: Mapped[PlaceKind]
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("site.id"))


class StockMovement(LedgerLine, Base):
    """A line of the stock ledger.

    `transfer` is the token of the form that moved or counted: the two lines of a move share it, and the same
    form sent twice is known by it.
    """

    __tablename__ = "stock_movement"
    __table_args__ = (
        sa.Index("ix_stock_movement_sums", "product_id", "place_id", "pieces"),
        sa.CheckConstraint("pieces <> 0", name="not_nothing"),
    )

    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    place_id: Mapped[int] = mapped_column(sa.ForeignKey("place.id"))
    pieces: Mapped[int]
    reason: Mapped[StockReason]
    # One stock movement per attempt, exactly: unique where set.
    attempt_id: Mapped[int | None] = mapped_column(sa.ForeignKey("attempt.id"), unique=True)
    reverses_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stock_movement.id"), unique=True)
    transfer: Mapped[str | None] = mapped_column(sa.String(32), index=True)
    note: Mapped[str] = mapped_column(sa.String(200), default="")

    product: Mapped[Product] = relationship()
    place: Mapped[Place] = relationship()


guard(StockMovement.__table__)


class Reservation(Base):
    """Pieces promised to an event or a company; ends when `released_at` is set."""

    __tablename__ = "reservation"

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), index=True)
    pieces: Mapped[int]
    purpose: Mapped[str] = mapped_column(sa.String(120))
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    made_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
