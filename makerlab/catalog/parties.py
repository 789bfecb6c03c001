"""Tables of the parties that designs come from: partners, their contacts and agreements."""

import enum
from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from makerlab.core.database import Base

if TYPE_CHECKING:
    from makerlab.catalog.models import Design


class PartnerKind(enum.StrEnum):
    PERSON = "person"
    COMPANY = "company"


class Partner(Base):
    """A designer or company of the local creative industry: a party, not a user."""

    __tablename__ = "partner"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120), unique=True)
    story: Mapped[str] = mapped_column(sa.Text, default="")
    kind: Mapped[PartnerKind] = mapped_column(default=PartnerKind.PERSON, server_default="person")

    agreements: Mapped[list["Agreement"]] = relationship(
        back_populates="partner", order_by="Agreement.starts_on"
    )
    contacts: Mapped[list["Contact"]] = relationship(order_by="Contact.id", cascade="all, delete-orphan")


class Contact(Base):
    """Somebody at a partner whom the lab can reach."""

    __tablename__ = "contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(sa.ForeignKey("partner.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    role: Mapped[str] = mapped_column(sa.String(80), default="")
    email: Mapped[str] = mapped_column(sa.String(200), default="")
    phone: Mapped[str] = mapped_column(sa.String(60), default="")
    address: Mapped[str] = mapped_column(sa.Text, default="")


agreement_design = sa.Table(
    "agreement_design",
    Base.metadata,
    sa.Column("agreement_id", sa.ForeignKey("agreement.id"), primary_key=True),
    sa.Column("design_id", sa.ForeignKey("design.id"), primary_key=True, index=True),
)


class Agreement(Base):
    """A partner's leave to make designs: so many pieces in all, from a day to a day.

    Without `designs` it holds for all of the partner's. Without `in_series` only single pieces are made.
    """

    __tablename__ = "agreement"

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(sa.ForeignKey("partner.id"), index=True)
    pieces: Mapped[int | None]  # None: as many as wanted
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    in_series: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    territory: Mapped[str] = mapped_column(sa.String(120), default="", server_default="")  # empty: anywhere

    partner: Mapped[Partner] = relationship(back_populates="agreements")
    designs: Mapped[list["Design"]] = relationship(secondary=agreement_design, order_by="Design.name")
    rates: Mapped[list["RoyaltyRate"]] = relationship(
        order_by="RoyaltyRate.valid_from, RoyaltyRate.id", back_populates="agreement"
    )
    documents: Mapped[list["AgreementDocument"]] = relationship(
        order_by="AgreementDocument.id", back_populates="agreement"
    )


class RoyaltyRate(Base):
    """One version of what a sold piece owes the partner: cents, or a share of its price, from a day on.

    A new rate is a new row; of two from the same day the later one counts.
    """

    __tablename__ = "royalty_rate"
    __table_args__ = (sa.CheckConstraint("(cents IS NULL) <> (share_hundredths IS NULL)", name="one_way"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(sa.ForeignKey("agreement.id"), index=True)
    valid_from: Mapped[date]
    cents: Mapped[int | None]  # for each piece
    share_hundredths: Mapped[int | None]  # of a per cent of the price: 750 is 7.5 %
    set_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    set_at: Mapped[datetime]

    agreement: Mapped[Agreement] = relationship(back_populates="rates")


class AgreementDocument(Base):
    """A signed paper or a letter to an agreement, in the file store under its hash."""

    __tablename__ = "agreement_document"

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(sa.ForeignKey("agreement.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[str] = mapped_column(sa.String(40))  # by its content, see catalog.documents
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    size: Mapped[int]  # bytes
    added_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    agreement: Mapped[Agreement] = relationship(back_populates="documents")
