"""Tables of the stock."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from makerlab.catalog.models import Design
from makerlab.core.database import Base
from makerlab.core.ledger import LedgerLine, guard
from makerlab.materials.models import Colour
from makerlab.people.models import Account


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
    ASSEMBLED = "assembled"
    REVERSED = "reversed"


class ReservedFor(enum.StrEnum):
    EVENT = "event"
    COMPANY = "company"
    OTHER = "other"


class Product(Base):
    """A design in a colour, as sold; with the finish `raw`: as it comes from the printer, to be assembled.

    `part` names which of several printed parts it is; empty: the only one, or one without a name.
    """

    __tablename__ = "product"
    __table_args__ = (sa.UniqueConstraint("design_id", "colour_id", "finish", "part"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(32), unique=True)  # on its QR label
    design_id: Mapped[int] = mapped_column(sa.ForeignKey("design.id"))
    colour_id: Mapped[int] = mapped_column(sa.ForeignKey("colour.id"))
    finish: Mapped[str] = mapped_column(sa.String(32), default="", server_default="")
    part: Mapped[str] = mapped_column(sa.String(60), default="", server_default="")
    low_level: Mapped[int | None]  # tell somebody when no more than so many are available; None: never

    design: Mapped[Design] = relationship(lazy="joined")
    colour: Mapped[Colour] = relationship(lazy="joined")

    @property
    def name(self) -> str:
        """As people call it, without its colour."""
        return f"{self.design.name} · {self.part}" if self.part else self.design.name


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


class Balance(Base):
    """The sum of a product's lines at a place, kept with each line so that a read costs the same after years.

    The lines count: `stock.balances.differences` compares. The database refuses a sum below zero.
    """

    __tablename__ = "stock_balance"
    __table_args__ = (
        sa.CheckConstraint("pieces >= 0", name="not_below_zero"),
        sa.Index("ix_stock_balance_place", "place_id", "product_id", "pieces"),
    )

    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), primary_key=True)
    place_id: Mapped[int] = mapped_column(sa.ForeignKey("place.id"), primary_key=True)
    pieces: Mapped[int]


class Reservation(Base):
    """Pieces promised to an event or a company; ends when `released_at` is set.

    `taken` of them were sold or handed over already: `pieces - taken` are still promised.
    """

    __tablename__ = "reservation"

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), index=True)
    pieces: Mapped[int]
    purpose: Mapped[str] = mapped_column(sa.String(120))
    kind: Mapped[ReservedFor] = mapped_column(default=ReservedFor.OTHER, server_default="other")
    until: Mapped[date | None]  # needed on this day
    taken: Mapped[int] = mapped_column(default=0, server_default="0")
    # One form posted twice is one promise.
    form_token: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    made_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))

    product: Mapped[Product] = relationship()
    made_by: Mapped[Account] = relationship(foreign_keys=made_by_id)


class Taking(Base):
    """The line that sold or handed over pieces of a reservation; taking the line back promises them again."""

    __tablename__ = "taking"

    movement_id: Mapped[int] = mapped_column(sa.ForeignKey("stock_movement.id"), primary_key=True)
    reservation_id: Mapped[int] = mapped_column(sa.ForeignKey("reservation.id"), index=True)
    pieces: Mapped[int]

    reservation: Mapped[Reservation] = relationship()


class Stocktake(Base):
    """A count of one place, by one or two people who do not see what the books say."""

    __tablename__ = "stocktake"

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(sa.ForeignKey("place.id"))
    begun_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    begun_at: Mapped[datetime]
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    closed_at: Mapped[datetime | None]

    place: Mapped[Place] = relationship(lazy="joined")
    counts: Mapped[list["StocktakeCount"]] = relationship(order_by="StocktakeCount.id")


class StocktakeCount(Base):
    """So many of a product, counted by a person. `line_id` is the ledger's last line then: what was sold
    between counting and closing is no difference. `token`: the same form sent twice counts once.
    """

    __tablename__ = "stocktake_count"

    id: Mapped[int] = mapped_column(primary_key=True)
    stocktake_id: Mapped[int] = mapped_column(sa.ForeignKey("stocktake.id"), index=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    pieces: Mapped[int]
    line_id: Mapped[int]
    at: Mapped[datetime]
    token: Mapped[str] = mapped_column(sa.String(32), unique=True)

    product: Mapped[Product] = relationship()
    account: Mapped[Account] = relationship()


class Missing(enum.StrEnum):
    """Why a stocktake found another number than the books say."""

    LOST = "lost"
    BROKEN = "broken"
    NOT_BOOKED = "not_booked"
    OTHER_PLACE = "other_place"
    COUNTED_WRONG = "counted_wrong"
    UNKNOWN = "unknown"


class StocktakeResult(Base):
    """What a closed stocktake found for a product, and the line that put the books right, where one was."""

    __tablename__ = "stocktake_result"

    stocktake_id: Mapped[int] = mapped_column(sa.ForeignKey("stocktake.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), primary_key=True)
    expected: Mapped[int]
    counted: Mapped[int]
    reason: Mapped[Missing | None]
    movement_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stock_movement.id"))

    product: Mapped[Product] = relationship()


class Item(Base):
    """A bought part: a lamp socket, felt feet."""

    __tablename__ = "item"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(32), unique=True)  # on its QR label
    name: Mapped[str] = mapped_column(sa.String(120), unique=True)
    supplier: Mapped[str] = mapped_column(sa.String(120), default="")
    order_code: Mapped[str] = mapped_column(sa.String(60), default="")  # the supplier's number for it
    price_cents: Mapped[int] = mapped_column(default=0)  # of one
    low_level: Mapped[int | None]


class ItemReason(enum.StrEnum):
    RECEIVED = "received"
    USED = "used"
    COUNTED = "counted"
    BROKEN = "broken"
    REVERSED = "reversed"


class ItemMovement(LedgerLine, Base):
    """A line of the ledger of bought parts. `transfer` is that of the assembly that used them."""

    __tablename__ = "item_movement"
    __table_args__ = (
        sa.Index("ix_item_movement_sums", "item_id", "pieces"),
        sa.CheckConstraint("pieces <> 0", name="not_nothing"),
    )

    item_id: Mapped[int] = mapped_column(sa.ForeignKey("item.id"))
    pieces: Mapped[int]
    reason: Mapped[ItemReason]
    transfer: Mapped[str | None] = mapped_column(sa.String(32), index=True)
    reverses_id: Mapped[int | None] = mapped_column(sa.ForeignKey("item_movement.id"), unique=True)
    note: Mapped[str] = mapped_column(sa.String(200), default="")

    item: Mapped[Item] = relationship()


guard(ItemMovement.__table__)


class Ingredient(Base):
    """How many of a bought part go into one piece of a design."""

    __tablename__ = "ingredient"

    design_id: Mapped[int] = mapped_column(sa.ForeignKey("design.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("item.id"), primary_key=True)
    count: Mapped[int]

    item: Mapped[Item] = relationship(lazy="joined")
