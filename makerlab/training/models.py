"""Tables of training."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from makerlab.core.database import Base
from makerlab.people.models import Account


class Instruction(Base):
    """A documented safety instruction of one person for one machine model (key of `designs.profiles`)."""

    __tablename__ = "instruction"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    machine: Mapped[str] = mapped_column(sa.String(32))
    given_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    given_at: Mapped[datetime]
    valid_until: Mapped[date]
    revoked_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(foreign_keys=account_id)
    given_by: Mapped[Account] = relationship(foreign_keys=given_by_id)
