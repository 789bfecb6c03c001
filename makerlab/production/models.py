"""Tables of production: order → copies → plates → attempts, and the slices that plates share."""

import enum
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from makerlab.catalog.models import Part, Revision
from makerlab.catalog.queries import part_name
from makerlab.core.database import Base
from makerlab.fleet.models import Printer
from makerlab.people.models import Account
from makerlab.production.states import AttemptState
from makerlab.stock.models import Product


class Purpose(enum.StrEnum):
    STOCK = "stock"
    EVENT = "event"
    COMPANY = "company"


class Priority(enum.IntEnum):
    LOW = -1
    NORMAL = 0
    URGENT = 1


class FirstPiece(enum.StrEnum):
    """Where an order stands whose first piece is checked before the rest is made."""

    NONE = "none"  # not needed
    WANTED = "wanted"  # only the first plate may start
    TO_RELEASE = "to_release"  # made; waits for a check
    RELEASED = "released"


class Held(enum.StrEnum):
    """Why no plate of an order, or no print on a printer, starts until an instructor lifts it."""

    NOT = ""
    FAILING = "failing"
    BY_HAND = "by_hand"


class CopyState(enum.StrEnum):
    OPEN = "open"
    ACTIVE = "active"
    GOOD = "good"
    GIVEN_UP = "given_up"


class SliceState(enum.StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Step(enum.StrEnum):
    PREPARED = "prepared"
    STARTED = "started"
    REMOVED = "removed"
    FINISHED = "finished"
    CHECKED = "checked"


class Order(Base):
    """So many copies of one file of an approved revision in one colour, as the product `product_id`.

    The file is the revision's own, or that of a further `part`. `set_id` is the first of the orders for the
    same pieces; None where it is the first itself, or the only one.
    """

    __tablename__ = "production_order"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"), index=True)
    part_id: Mapped[int | None] = mapped_column(sa.ForeignKey("part.id"))
    set_id: Mapped[int | None] = mapped_column(sa.ForeignKey("production_order.id"), index=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), index=True)
    pieces: Mapped[int]
    purpose: Mapped[Purpose] = mapped_column(default=Purpose.STOCK)
    due_on: Mapped[date | None]
    placed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    placed_at: Mapped[datetime]
    # One form posted twice makes one order.
    form_token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    cancelled_at: Mapped[datetime | None]
    cancelled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    cancel_reason: Mapped[str] = mapped_column(sa.String(200), default="")
    problem: Mapped[str] = mapped_column(sa.String(64), default="")  # code: why no plate can be made
    priority: Mapped[int] = mapped_column(default=Priority.NORMAL, server_default="0")
    recipient: Mapped[str] = mapped_column(sa.String(120), default="", server_default="")  # event or company
    # The lot of filament held for the series; empty until the first start binds it or a person chooses one.
    lot: Mapped[str] = mapped_column(sa.String(60), default="", server_default="")
    held: Mapped[str] = mapped_column(sa.String(32), default=Held.NOT, server_default="")  # a code of `Held`
    held_at: Mapped[datetime | None]
    held_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    held_note: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    # Attempts up to this one no longer count as failures: somebody looked and lifted the hold.
    forgiven_attempt_id: Mapped[int] = mapped_column(default=0, server_default="0")
    first_piece: Mapped[FirstPiece] = mapped_column(default=FirstPiece.NONE, server_default="none")
    released_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    released_at: Mapped[datetime | None]

    revision: Mapped[Revision] = relationship()
    part: Mapped[Part | None] = relationship(lazy="joined")
    product: Mapped[Product] = relationship()
    placed_by: Mapped[Account] = relationship(foreign_keys=placed_by_id)
    copies: Mapped[list["Copy"]] = relationship(back_populates="order", order_by="Copy.number")
    plates: Mapped[list["Plate"]] = relationship(back_populates="order", order_by="Plate.number")

    @property
    def file(self) -> Revision | Part:
        """What is printed."""
        return self.part or self.revision

    @property
    def name(self) -> str:
        """As people call it, without its colour. In SQL: `made.NAME`."""
        return " · ".join(filter(None, (self.revision.design.name, self.part_name)))

    @property
    def part_name(self) -> str:
        """Which of several parts it makes; empty for the only one."""
        return part_name(self.file)


class Slice(Base):
    """The G-code of one arrangement on one machine model, under the hash of everything that goes in.

    Two plates with the same key share it: the same plate is never sliced twice. A slicing worker claims the
    row, raises `beat` while it works, and finishes only as its `owner`; whoever sees `beat` stand still
    returns the row to the queue.
    """

    __tablename__ = "slice"

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    state: Mapped[SliceState] = mapped_column(default=SliceState.QUEUED)
    inputs: Mapped[dict[str, Any]]  # mesh_sha256, machine, process, material, supports, placements
    owner: Mapped[str | None] = mapped_column(sa.String(64))
    beat: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    progress: Mapped[float] = mapped_column(default=0.0)  # 0..1
    gcode_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    gcode_sha1: Mapped[str | None] = mapped_column(sa.String(40))  # what OctoPrint reports of a file
    gcode_bytes: Mapped[int | None]
    time_s: Mapped[float | None]
    filament_mm: Mapped[float | None]
    filament_g: Mapped[float | None]
    error: Mapped[str] = mapped_column(sa.String(64), default="")  # code of designs.SlicerFailed
    queued_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Plate(Base):
    """What one print makes: copies of one order arranged on the bed of one machine model."""

    __tablename__ = "plate"
    __table_args__ = (sa.UniqueConstraint("order_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("production_order.id"), index=True)
    number: Mapped[int]
    machine: Mapped[str] = mapped_column(sa.String(32))
    pieces: Mapped[int]
    slice_key: Mapped[str] = mapped_column(sa.ForeignKey("slice.key"), index=True)
    made_at: Mapped[datetime]
    first: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # makes the first piece

    order: Mapped[Order] = relationship(back_populates="plates")
    slice: Mapped[Slice] = relationship(lazy="joined")
    copies: Mapped[list["Copy"]] = relationship(back_populates="plate")
    attempts: Mapped[list["Attempt"]] = relationship(back_populates="plate", order_by="Attempt.id")


class Copy(Base):
    """One piece of an order. `plate_id` is the plate that will make or made it; empty: not planned yet."""

    __tablename__ = "copy"
    __table_args__ = (sa.UniqueConstraint("order_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("production_order.id"))
    number: Mapped[int]
    state: Mapped[CopyState] = mapped_column(default=CopyState.OPEN, index=True)
    plate_id: Mapped[int | None] = mapped_column(sa.ForeignKey("plate.id"), index=True)

    order: Mapped[Order] = relationship(back_populates="copies")
    plate: Mapped[Plate | None] = relationship(back_populates="copies")


ENDED = "state IN ('resolved', 'released')"


class Attempt(Base):
    """One try to print one plate on one printer. `token` stands in the remote name and is used once."""

    __tablename__ = "attempt"
    __table_args__ = (
        # At most one active attempt per printer: the database refuses a second one.
        sa.Index(
            "uq_attempt_active_printer",
            "printer_id",
            unique=True,
            sqlite_where=sa.text(f"NOT {ENDED}"),
            postgresql_where=sa.text(f"NOT ({ENDED})"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plate_id: Mapped[int] = mapped_column(sa.ForeignKey("plate.id"), index=True)
    printer_id: Mapped[int] = mapped_column(sa.ForeignKey("printer.id"), index=True)
    spool_id: Mapped[int | None] = mapped_column(sa.ForeignKey("spool.id"))
    token: Mapped[str] = mapped_column(sa.String(8), unique=True)
    remote_name: Mapped[str] = mapped_column(sa.String(120), unique=True)
    state: Mapped[AttemptState] = mapped_column(default=AttemptState.CLAIMED, index=True)
    reason: Mapped[str] = mapped_column(sa.String(64), default="")  # code: why it failed, was cancelled …
    detail: Mapped[str] = mapped_column(sa.String(300), default="")  # the host's own words
    conflict: Mapped[str] = mapped_column(sa.String(64), default="")  # code: what contradicts the state
    wish: Mapped[str] = mapped_column(sa.String(16), default="")  # pause, resume, cancel: asked, not done yet
    wish_reason: Mapped[str] = mapped_column(sa.String(64), default="")
    wish_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    claimed_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    progress: Mapped[float] = mapped_column(default=0.0)  # 0..1 of the file, the furthest seen
    file_pos: Mapped[int] = mapped_column(default=0)  # bytes, the furthest seen
    remote_gone: Mapped[bool] = mapped_column(default=False)  # its file is deleted: it cannot start again
    good: Mapped[int | None]
    scrap: Mapped[int | None]
    scrap_reason: Mapped[str] = mapped_column(sa.String(32), default="")

    plate: Mapped[Plate] = relationship(back_populates="attempts")
    printer: Mapped[Printer] = relationship()
    steps: Mapped[list["AttemptStep"]] = relationship(back_populates="attempt", order_by="AttemptStep.id")
    events: Mapped[list["AttemptEvent"]] = relationship(back_populates="attempt", order_by="AttemptEvent.id")


class AttemptCopy(Base):
    """Which copies an attempt tries to make. At most one active attempt per copy: the database refuses."""

    __tablename__ = "attempt_copy"
    __table_args__ = (
        sa.Index(
            "uq_attempt_copy_active", "copy_id", unique=True, sqlite_where=sa.text("active"),
            postgresql_where=sa.text("active"),
        ),
    )  # fmt: skip

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"), primary_key=True)
    copy_id: Mapped[int] = mapped_column(sa.ForeignKey("copy.id"), primary_key=True)
    active: Mapped[bool] = mapped_column(default=True)


class AttemptStep(Base):
    """Who did a step of a print: prepared, started, removed, finished, checked. One person a step."""

    __tablename__ = "attempt_step"
    __table_args__ = (sa.UniqueConstraint("attempt_id", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"))
    step: Mapped[Step]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    at: Mapped[datetime]

    attempt: Mapped[Attempt] = relationship(back_populates="steps")
    account: Mapped[Account] = relationship()


AN_END = "to_state IN ('reported_done','failed','cancelled','resolved','released')"


class AttemptEvent(Base):
    """A change of state. Written in the transaction of the change; an end is recorded once."""

    __tablename__ = "attempt_event"
    __table_args__ = (
        sa.Index(
            "uq_attempt_event_end", "attempt_id", "to_state", unique=True, sqlite_where=sa.text(AN_END),
            postgresql_where=sa.text(AN_END),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"), index=True)
    from_state: Mapped[AttemptState | None]
    to_state: Mapped[AttemptState]
    reason: Mapped[str] = mapped_column(sa.String(64), default="")
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    at: Mapped[datetime]

    attempt: Mapped[Attempt] = relationship(back_populates="events")
