"""Tables of the fleet."""

import enum
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from makerlab.core.database import Base
from makerlab.materials.models import Spool
from makerlab.people.models import Account, Site


class Bed(enum.StrEnum):
    CLEAR = "clear"
    OCCUPIED = "occupied"


class Printer(Base):
    """A printer and its print host. `machine` is a key of `designs.profiles`.

    `bed` is clear only when a person said so after the last start of any origin: a start, ours or foreign,
    sets it to occupied in the same transaction that records the start.
    """

    __tablename__ = "printer"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(32), unique=True)  # on its QR label
    name: Mapped[str] = mapped_column(sa.String(60), unique=True)
    machine: Mapped[str] = mapped_column(sa.String(32))
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"))
    url: Mapped[str] = mapped_column(sa.String(300))
    key_encrypted: Mapped[str] = mapped_column(sa.Text)  # write-only on every screen
    spool_id: Mapped[int | None] = mapped_column(sa.ForeignKey("spool.id"), unique=True)
    bed: Mapped[Bed] = mapped_column(default=Bed.OCCUPIED)
    out_of_service: Mapped[str] = mapped_column(sa.String(200), default="")  # the reason, or empty
    # Why nothing starts here until an instructor lifts it: a code (failing), or empty.
    held: Mapped[str] = mapped_column(sa.String(32), default="", server_default="")
    held_at: Mapped[datetime | None]
    # Attempts up to this one no longer count as failures: somebody looked and lifted the hold.
    forgiven_attempt_id: Mapped[int] = mapped_column(default=0, server_default="0")

    site: Mapped[Site] = relationship(lazy="joined")
    spool: Mapped[Spool | None] = relationship(lazy="joined")
    sight: Mapped["Sight"] = relationship(back_populates="printer", lazy="joined", uselist=False)


class Sight(Base):
    """What watch last saw of a printer; written every few seconds, so apart from `printer`."""

    __tablename__ = "sight"

    printer_id: Mapped[int] = mapped_column(sa.ForeignKey("printer.id"), primary_key=True)
    state: Mapped[str] = mapped_column(sa.String(32), default="unseen")  # printers.HostState, or unseen
    text: Mapped[str] = mapped_column(sa.String(200), default="")
    file: Mapped[str | None] = mapped_column(sa.String(300))
    progress: Mapped[float | None]  # 0..1, of the file
    elapsed_s: Mapped[float | None]
    left_s: Mapped[float | None]
    temperatures: Mapped[dict[str, Any]] = mapped_column(default=dict)  # tool → [actual, target] °C
    answered_at: Mapped[datetime | None]  # last answer
    moved_at: Mapped[datetime | None]  # last progress in the file
    foreign: Mapped[bool] = mapped_column(default=False)  # prints something that we did not start
    alarm: Mapped[str] = mapped_column(sa.String(32), default="")  # code of makerlab.fleet.words, or empty

    printer: Mapped[Printer] = relationship(back_populates="sight")


class BedDeclaration(Base):
    """Who said when that a bed is clear, or what occupied it. History; `Printer.bed` is what counts."""

    __tablename__ = "bed_declaration"

    id: Mapped[int] = mapped_column(primary_key=True)
    printer_id: Mapped[int] = mapped_column(sa.ForeignKey("printer.id"), index=True)
    bed: Mapped[Bed]
    reason: Mapped[str] = mapped_column(sa.String(60))
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    at: Mapped[datetime]

    account: Mapped[Account | None] = relationship()
