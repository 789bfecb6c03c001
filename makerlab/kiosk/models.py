"""Tables of the kiosk."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from makerlab.core.database import Base


class Draft(Base):
    """What a person had chosen when the kiosk signed them out; there again when they come back."""

    __tablename__ = "kiosk_draft"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), primary_key=True)
    choice: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]


class HelpCall(Base):
    """Somebody at a kiosk asked for an instructor; ended when one came."""

    __tablename__ = "help_call"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    page: Mapped[str] = mapped_column(sa.String(200))
    called_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
