"""Tables of what a person found on a bed, beside the attempt: why pieces are scrap, and pictures of it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from makerlab.core.database import Base


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
