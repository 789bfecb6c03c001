"""Tables of notices: what happened, whom it is sent to over which channel, and who has read it."""

import enum
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from makerlab.core.database import Base
from makerlab.people.models import Account


class Kind(enum.StrEnum):
    """What a notice is about; its words, urgency and audience stand in words.py."""

    PRINT_TO_COLLECT = "print_to_collect"
    PRINT_UNCLEAR = "print_unclear"
    PRINTER_ERROR = "printer_error"
    PRINTER_STILL = "printer_still"
    PRINTER_SILENT = "printer_silent"
    PRINTER_HELD = "printer_held"
    FILAMENT_RUNS_OUT = "filament_runs_out"
    ORDER_DONE = "order_done"
    ORDER_LATE = "order_late"
    ORDER_HELD = "order_held"
    FIRST_PIECE = "first_piece"
    LOW_STOCK = "low_stock"
    AGREEMENT_ENDS = "agreement_ends"


class DeliveryState(enum.StrEnum):
    """A delivery waits, is being tried, and ends in one of the other three. See sending.py."""

    WAITING = "waiting"
    TRYING = "trying"
    SENT = "sent"
    GIVEN_UP = "given_up"
    DROPPED = "dropped"  # not wanted any more before it was sent


class Notice(Base):
    """One event. While it is not over, the same kind about the same subject is not told again."""

    __tablename__ = "notice"
    __table_args__ = (
        sa.Index(
            "uq_notice_open",
            "kind",
            "about",
            unique=True,
            sqlite_where=sa.text("over_at IS NULL"),
            postgresql_where=sa.text("over_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind]
    about: Mapped[str] = mapped_column(sa.String(64))  # `printer:7`, `order:12`
    params: Mapped[dict[str, Any]]  # plain values that stand in its sentence; `path` of its page
    created_at: Mapped[datetime] = mapped_column(index=True)
    over_at: Mapped[datetime | None]

    deliveries: Mapped[list["Delivery"]] = relationship(back_populates="notice")


class Channel(Base):
    """A way to somebody, as a URL of apprise. Without an account it is the lab's own."""

    __tablename__ = "notice_channel"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), index=True)
    url_encrypted: Mapped[str] = mapped_column(sa.Text)  # write-only on every screen
    kinds: Mapped[list[str]]  # values of Kind
    language: Mapped[str] = mapped_column(sa.String(16))  # of the lab's own; a person has theirs
    quiet_from: Mapped[int | None]  # minutes after midnight on the lab's clock
    quiet_until: Mapped[int | None]
    urgent_always: Mapped[bool] = mapped_column(default=True)  # urgent kinds break the quiet hours
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    account: Mapped[Account | None] = relationship(lazy="joined")


class Delivery(Base):
    """The outbox: one notice over one channel. Written with the notice, in the same transaction."""

    __tablename__ = "notice_delivery"
    __table_args__ = (
        sa.UniqueConstraint("notice_id", "channel_id"),
        sa.Index(
            "ix_notice_delivery_open",
            "state",
            sqlite_where=sa.text("state IN ('waiting', 'trying')"),
            postgresql_where=sa.text("state IN ('waiting', 'trying')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("notice.id", ondelete="CASCADE"))
    channel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("notice_channel.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    maybe_sent: Mapped[bool] = mapped_column(default=False)  # we died while sending
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(sa.String(64), default="")  # code of why it did not arrive

    notice: Mapped[Notice] = relationship(back_populates="deliveries", lazy="joined")
    channel: Mapped[Channel] = relationship(lazy="joined")


class NoticeRead(Base):
    """Who has read a notice on the desk."""

    __tablename__ = "notice_read"

    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("notice.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), primary_key=True, index=True)
    at: Mapped[datetime]
