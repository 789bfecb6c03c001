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
    nozzle_mm: Mapped[float | None]  # what is screwed in; empty: the nozzle of its model
    tags: Mapped[list[str]] = mapped_column(default=list, server_default="[]")  # what it has: enclosure …
    # SHA-256 of the one certificate that a person trusted for this address; empty: as browsers do.
    certificate: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")
    camera_url: Mapped[str] = mapped_column(sa.String(300), default="", server_default="")  # a still picture
    firmware: Mapped[dict[str, Any] | None] = mapped_column(
        sa.JSON
    )  # limits read by M503: `printers.firmware`
    firmware_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]  # gone from the workshop; its history stays

    site: Mapped[Site] = relationship(lazy="joined")
    spool: Mapped[Spool | None] = relationship(lazy="joined")
    sight: Mapped["Sight"] = relationship(back_populates="printer", lazy="joined", uselist=False)


class SiteHours(Base):
    """When people are at a site. A site without a row is always staffed.

    `week` has seven days from Monday: [opens, closes] in minutes after midnight, or null: nobody is there.
    """

    __tablename__ = "site_hours"

    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), primary_key=True)
    week: Mapped[list[Any]]
    may_end_alone: Mapped[bool] = mapped_column(default=False)  # prints may end while nobody is there


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
    run_s: Mapped[float] = mapped_column(default=0.0, server_default="0")  # of the print under way
    printed_s: Mapped[float] = mapped_column(default=0.0, server_default="0")  # the sum over `printed`

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


class Printed(Base):
    """A print that ended, ours or foreign, as the host timed it: what wears a printer. Written by watch."""

    __tablename__ = "printed"

    id: Mapped[int] = mapped_column(primary_key=True)
    printer_id: Mapped[int] = mapped_column(sa.ForeignKey("printer.id"), index=True)
    at: Mapped[datetime]
    seconds: Mapped[float]
    foreign: Mapped[bool] = mapped_column(default=False)


class Sample(Base):
    """Temperatures and progress of a printer at one moment, in a ring: a slot is written over in its turn.

    `slot` and its rings stand in `makerlab.fleet.samples`. °C, progress 0..1.
    """

    __tablename__ = "sample"

    printer_id: Mapped[int] = mapped_column(sa.ForeignKey("printer.id"), primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    tool: Mapped[float | None]
    tool_target: Mapped[float | None]
    bed: Mapped[float | None]
    bed_target: Mapped[float | None]
    progress: Mapped[float | None]


class Preheat(Base):
    """Heaters that a person switched on without a print. Watch switches them on, and off again at `until`."""

    __tablename__ = "preheat"

    printer_id: Mapped[int] = mapped_column(sa.ForeignKey("printer.id"), primary_key=True)
    tool: Mapped[float]  # °C
    bed: Mapped[float]
    until: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    heated: Mapped[bool] = mapped_column(default=False)  # the printer was told

    by: Mapped[Account] = relationship()


class UpkeepTask(Base):
    """What has to be done to a printer again and again: of one printer, or of all of a machine model."""

    __tablename__ = "upkeep_task"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    machine: Mapped[str] = mapped_column(sa.String(32), default="")  # key of designs.profiles, or empty
    printer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("printer.id"))
    every_hours: Mapped[int | None]  # of printing
    every_days: Mapped[int | None]
    blocks: Mapped[bool] = mapped_column(default=False)  # nothing starts when it is long overdue
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class UpkeepLine(Base):
    """Upkeep that somebody did, or (`done` false) the moment from which a task is counted.

    Without a task: work beside the plan, say a repair.
    """

    __tablename__ = "upkeep_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    printer_id: Mapped[int] = mapped_column(sa.ForeignKey("printer.id"), index=True)
    task_id: Mapped[int | None] = mapped_column(sa.ForeignKey("upkeep_task.id"))
    done: Mapped[bool] = mapped_column(default=True)
    at: Mapped[datetime]
    printed_s: Mapped[float]  # of the printer at that time, in all
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    note: Mapped[str] = mapped_column(sa.String(200), default="")

    task: Mapped[UpkeepTask | None] = relationship()
    account: Mapped[Account | None] = relationship()
