"""Tables of what a person found on a bed, beside the attempt: scrap by reason, pictures, prints by hand."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from makerlab.catalog.models import Revision
from makerlab.core.database import Base
from makerlab.fleet.models import Printer


class ScrapCount(Base):
    """So many pieces of an attempt are scrap for this reason, a code of `words.SCRAP`."""

    __tablename__ = "scrap_count"
    __table_args__ = (sa.CheckConstraint("pieces > 0", name="some"),)

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    pieces: Mapped[int]


class AttemptPhoto(Base):
    """A picture that somebody took at the printer, as JPEG in the file store; the same twice is one."""

    __tablename__ = "attempt_photo"
    __table_args__ = (sa.UniqueConstraint("attempt_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"))
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    width: Mapped[int]  # px
    height: Mapped[int]
    taken_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    taken_at: Mapped[datetime]


class ForeignPrint(Base):
    """A print that somebody started by hand: seen, never touched; an instructor may adopt it, once.

    `progress` is the furthest seen, `elapsed_s` the host's own clock: both start anew with another print.
    What was adopted stands from `adopted_at` on; without a revision nothing of it entered the stock.
    """

    __tablename__ = "foreign_print"
    __table_args__ = (
        sa.Index(
            "uq_foreign_print_running",
            "printer_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    printer_id: Mapped[int] = mapped_column(sa.ForeignKey("printer.id"), index=True)
    spool_id: Mapped[int | None] = mapped_column(sa.ForeignKey("spool.id"))  # loaded when it was first seen
    file: Mapped[str] = mapped_column(sa.String(300))
    progress: Mapped[float] = mapped_column(default=0.0)  # 0..1
    elapsed_s: Mapped[float] = mapped_column(default=0.0)
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    adopted_at: Mapped[datetime | None]
    adopted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    started_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), index=True)
    revision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("revision.id"))
    order_id: Mapped[int | None] = mapped_column(sa.ForeignKey("production_order.id"), index=True)
    good: Mapped[int | None]
    scrap: Mapped[int | None]
    milligrams: Mapped[int | None]

    printer: Mapped[Printer] = relationship()
    revision: Mapped[Revision | None] = relationship()
