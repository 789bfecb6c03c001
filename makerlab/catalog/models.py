"""Tables of the catalogue."""

import enum
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from makerlab.catalog.states import Verdict
from makerlab.core.database import Base
from makerlab.materials.models import Colour
from makerlab.people.models import Account


class Source(enum.StrEnum):
    """Where an estimate comes from, from rough to sure."""

    MESH = "mesh"
    SLICER = "slicer"
    PLANNER = "planner"
    RUNS = "runs"


class Partner(Base):
    """A designer or company of the local creative industry: a party, not a user."""

    __tablename__ = "partner"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120), unique=True)
    story: Mapped[str] = mapped_column(sa.Text, default="")

    agreements: Mapped[list["Agreement"]] = relationship(
        back_populates="partner", order_by="Agreement.starts_on"
    )


class Agreement(Base):
    """A partner's leave to make a design in series: so many pieces, from a day to a day."""

    __tablename__ = "agreement"

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(sa.ForeignKey("partner.id"), index=True)
    pieces: Mapped[int | None]  # None: as many as wanted
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    partner: Mapped[Partner] = relationship(back_populates="agreements")


class Design(Base):
    """An object of the catalogue."""

    __tablename__ = "design"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    story: Mapped[str] = mapped_column(sa.Text, default="")
    partner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("partner.id"), index=True)
    tags: Mapped[list[str]] = mapped_column(default=list)
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    created_at: Mapped[datetime]

    partner: Mapped[Partner | None] = relationship(lazy="joined")
    revisions: Mapped[list["Revision"]] = relationship(back_populates="design", order_by="Revision.number")


class Revision(Base):
    """An immutable version of a design's file and print settings. A new upload is a new revision.

    `fingerprint` is the hash of file and settings that an approval is bound to. The check's figures stand in
    columns where lists need them, and whole in `report` (the JSON of `designs.check.Check`).
    """

    __tablename__ = "revision"
    __table_args__ = (sa.UniqueConstraint("design_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = mapped_column(sa.ForeignKey("design.id"), index=True)
    number: Mapped[int]
    file_name: Mapped[str] = mapped_column(sa.String(200))
    file_sha256: Mapped[str] = mapped_column(sa.String(64), index=True)  # as uploaded
    mesh_sha256: Mapped[str] = mapped_column(sa.String(64))  # our own clean binary STL
    picture_sha256: Mapped[str] = mapped_column(sa.String(64))
    preview_sha256: Mapped[str] = mapped_column(sa.String(64))
    process: Mapped[str] = mapped_column(sa.String(32))  # keys of designs.profiles
    material: Mapped[str] = mapped_column(sa.String(32))
    supports: Mapped[bool] = mapped_column(default=False)
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    width_mm: Mapped[float]
    depth_mm: Mapped[float]
    height_mm: Mapped[float]
    volume_mm3: Mapped[float]
    report: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    submitted_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    submitted_at: Mapped[datetime]

    design: Mapped[Design] = relationship(back_populates="revisions")
    submitted_by: Mapped[Account] = relationship()
    reviews: Mapped[list["Review"]] = relationship(back_populates="revision", order_by="Review.id")
    estimates: Mapped[list["Estimate"]] = relationship(back_populates="revision")
    pictures: Mapped[list["Picture"]] = relationship(order_by="Picture.id")


class Review(Base):
    """An instructor's verdict on one revision, bound to its fingerprint."""

    __tablename__ = "review"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"), index=True)
    reviewer_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    verdict: Mapped[Verdict]
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    next_step: Mapped[str] = mapped_column(sa.Text, default="")
    at: Mapped[datetime]

    revision: Mapped[Revision] = relationship(back_populates="reviews")
    reviewer: Mapped[Account] = relationship()


class Estimate(Base):
    """Time, filament and cost of one piece on one machine model, and where the figures come from."""

    __tablename__ = "estimate"
    __table_args__ = (sa.UniqueConstraint("revision_id", "machine", "source"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"), index=True)
    machine: Mapped[str] = mapped_column(sa.String(32))
    source: Mapped[Source]
    time_s: Mapped[float]
    time_low_s: Mapped[float]
    time_high_s: Mapped[float]
    filament_mm: Mapped[float]
    filament_g: Mapped[float]
    cost_cents: Mapped[int]

    revision: Mapped[Revision] = relationship(back_populates="estimates")


class Picture(Base):
    """A revision rendered in one of its colours."""

    __tablename__ = "picture"
    __table_args__ = (sa.UniqueConstraint("revision_id", "colour_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"))
    colour_id: Mapped[int] = mapped_column(sa.ForeignKey("colour.id"))
    sha256: Mapped[str] = mapped_column(sa.String(64))

    colour: Mapped[Colour] = relationship()
