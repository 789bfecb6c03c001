"""Tables of filament."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from makerlab.core.database import Base
from makerlab.core.ledger import LedgerLine, guard


class FilamentReason(enum.StrEnum):
    RECEIVED = "received"
    PRINTED = "printed"
    WEIGHED = "weighed"
    SCRAPPED = "scrapped"
    REVERSED = "reversed"


class Colour(Base):
    __tablename__ = "colour"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(60), unique=True)
    hex: Mapped[str] = mapped_column(sa.String(7))


class Spool(Base):
    """A roll of filament. `material` is a key of `designs.profiles`; weights are in grams."""

    __tablename__ = "spool"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(32), unique=True)  # on its QR label
    material: Mapped[str] = mapped_column(sa.String(32))
    colour_id: Mapped[int] = mapped_column(sa.ForeignKey("colour.id"))
    lot: Mapped[str] = mapped_column(sa.String(60))
    maker: Mapped[str] = mapped_column(sa.String(80))
    tare_g: Mapped[int]
    received_at: Mapped[datetime]
    emptied_at: Mapped[datetime | None]

    colour: Mapped[Colour] = relationship(lazy="joined")


class FilamentMovement(LedgerLine, Base):
    """A line of the filament ledger, in milligrams so that sums are exact."""

    __tablename__ = "filament_movement"

    spool_id: Mapped[int] = mapped_column(sa.ForeignKey("spool.id"), index=True)
    milligrams: Mapped[int]
    reason: Mapped[FilamentReason]
    # One material movement per attempt, exactly: unique where set.
    attempt_id: Mapped[int | None] = mapped_column(sa.ForeignKey("attempt.id"), unique=True)
    reverses_id: Mapped[int | None] = mapped_column(sa.ForeignKey("filament_movement.id"), unique=True)
    note: Mapped[str] = mapped_column(sa.String(200), default="")


guard(FilamentMovement.__table__)
