"""Tables of sales."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from makerlab.core.database import Base


class Price(Base):
    """One version of a product's price, in cents, from a day on. A new price is a new row."""

    __tablename__ = "price"
    __table_args__ = (sa.UniqueConstraint("product_id", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    cents: Mapped[int]
    valid_from: Mapped[date]
    set_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    set_at: Mapped[datetime]
