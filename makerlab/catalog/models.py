"""Tables of the catalogue."""

import enum
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from makerlab.catalog.noticing import notices, notices_itself
from makerlab.catalog.parties import (
    Agreement,
    AgreementDocument,
    Contact,
    Partner,
    PartnerKind,
    RoyaltyRate,
)
from makerlab.catalog.states import Verdict
from makerlab.core.database import Base
from makerlab.materials.models import Colour
from makerlab.people.models import Account

# Tables of parties belong to the catalogue too, and are found here by whoever asks for them.
__all__ = ["Agreement", "AgreementDocument", "Contact", "Partner", "PartnerKind", "RoyaltyRate"]


class Source(enum.StrEnum):
    """Where an estimate comes from, from rough to sure."""

    MESH = "mesh"
    SLICER = "slicer"
    PLANNER = "planner"
    RUNS = "runs"


class Design(Base):
    """An object of the catalogue.

    `edition` counts what changed about it, so that whoever keeps it in memory sees at once that it is stale;
    `notices` below counts. An archived design stays what it is, but is not offered for printing.
    """

    __tablename__ = "design"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    story: Mapped[str] = mapped_column(sa.Text, default="")
    partner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("partner.id"), index=True)
    tags: Mapped[list[str]] = mapped_column(default=list)
    needs: Mapped[list[str]] = mapped_column(default=list, server_default="[]")  # tags its printer must have
    licence: Mapped[str] = mapped_column(sa.String(40), default="", server_default="")  # SPDX, or empty
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    edition: Mapped[int] = mapped_column(default=0, server_default="0", index=True)

    partner: Mapped[Partner | None] = relationship(lazy="joined")
    revisions: Mapped[list["Revision"]] = relationship(back_populates="design", order_by="Revision.number")
    photos: Mapped[list["Photo"]] = relationship(back_populates="design", order_by="Photo.position")
    making: Mapped[list["Making"]] = relationship(back_populates="design", order_by="Making.position")


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
    mesh_sha256: Mapped[str] = mapped_column(sa.String(64), index=True)  # our own clean binary STL
    picture_sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
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
    triangles: Mapped[int | None] = mapped_column(index=True)  # of the clean mesh; with `shape` below
    shape: Mapped[list[float] | None]  # designs.shape: the same however it lies and however large it is
    part_name: Mapped[str] = mapped_column(sa.String(60), default="", server_default="")
    part_count: Mapped[int] = mapped_column(default=1, server_default="1")  # of this file, in one piece
    note: Mapped[str] = mapped_column(sa.Text, default="")
    submitted_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    submitted_at: Mapped[datetime]

    design: Mapped[Design] = relationship(back_populates="revisions")
    submitted_by: Mapped[Account] = relationship()
    reviews: Mapped[list["Review"]] = relationship(back_populates="revision", order_by="Review.id")
    estimates: Mapped[list["Estimate"]] = relationship(back_populates="revision")
    pictures: Mapped[list["Picture"]] = relationship(order_by="Picture.id")
    parts: Mapped[list["Part"]] = relationship(order_by="Part.position")  # beside the revision's own file


class Review(Base):
    """An instructor's verdict on one revision, bound to its fingerprint.

    `reasons` are codes of catalog.review_words; `reason` and `next_step` what the reviewer added in words.
    """

    __tablename__ = "review"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"), index=True)
    reviewer_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    verdict: Mapped[Verdict]
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    next_step: Mapped[str] = mapped_column(sa.Text, default="")
    reasons: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    sample_sha256: Mapped[str] = mapped_column(sa.String(64), default="", server_default="", index=True)
    at: Mapped[datetime]

    revision: Mapped[Revision] = relationship(back_populates="reviews")
    reviewer: Mapped[Account] = relationship()
    points: Mapped[list["ReviewPoint"]] = relationship(order_by="ReviewPoint.id")


class ReviewPoint(Base):
    """What the reviewer found at one point of the checklist."""

    __tablename__ = "review_point"
    __table_args__ = (sa.UniqueConstraint("review_id", "point"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("review.id"))
    point: Mapped[str] = mapped_column(sa.String(16))  # a code of catalog.review_words
    good: Mapped[bool]
    note: Mapped[str] = mapped_column(sa.String(300), default="")


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
    # Of machine, process and material as they were (catalog.printing); empty: from before this was kept.
    settings_sha256: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")

    revision: Mapped[Revision] = relationship(back_populates="estimates")


class Picture(Base):
    """A revision rendered in one of its colours."""

    __tablename__ = "picture"
    __table_args__ = (sa.UniqueConstraint("revision_id", "colour_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"))
    colour_id: Mapped[int] = mapped_column(sa.ForeignKey("colour.id"))
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)

    colour: Mapped[Colour] = relationship()


class Part(Base):
    """A further file of a revision: `count` of it belong to one piece. The revision's own file is the first.

    As immutable as the revision. `estimates` is machine → `catalog.estimates.Figures` of one such part.
    """

    __tablename__ = "part"
    __table_args__ = (sa.UniqueConstraint("revision_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(60))
    count: Mapped[int]
    file_name: Mapped[str] = mapped_column(sa.String(200))
    file_sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    mesh_sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    picture_sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    preview_sha256: Mapped[str] = mapped_column(sa.String(64))
    process: Mapped[str] = mapped_column(sa.String(32))
    material: Mapped[str] = mapped_column(sa.String(32))
    supports: Mapped[bool] = mapped_column(default=False)
    width_mm: Mapped[float]
    depth_mm: Mapped[float]
    height_mm: Mapped[float]
    volume_mm3: Mapped[float]
    report: Mapped[dict[str, Any]]
    triangles: Mapped[int | None] = mapped_column(index=True)
    shape: Mapped[list[float] | None]
    estimates: Mapped[dict[str, Any]]


class Photo(Base):
    """A picture that somebody took of a design; the first of them stands on its card. Ours, without EXIF."""

    __tablename__ = "photo"
    __table_args__ = (sa.UniqueConstraint("design_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = mapped_column(sa.ForeignKey("design.id"), index=True)
    position: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    alt: Mapped[str] = mapped_column(sa.String(200), default="")
    added_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    added_at: Mapped[datetime]

    design: Mapped[Design] = relationship(back_populates="photos")


class MakingKind(enum.StrEnum):
    FINISH = "finish"
    ASSEMBLY = "assembly"


class Making(Base):
    """A step of assembly or finishing after the print: what to do, how long it takes, how it looks."""

    __tablename__ = "making"

    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = mapped_column(sa.ForeignKey("design.id"), index=True)
    position: Mapped[int]
    kind: Mapped[MakingKind]
    text: Mapped[str] = mapped_column(sa.String(300))
    minutes: Mapped[int]  # for one piece
    sha256: Mapped[str | None] = mapped_column(sa.String(64), index=True)  # of its picture

    design: Mapped[Design] = relationship(back_populates="making")


class Collection(Base):
    """Designs that belong together: a season, a partner's line."""

    __tablename__ = "collection"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120), unique=True)
    story: Mapped[str] = mapped_column(sa.Text, default="")
    position: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str | None] = mapped_column(sa.String(64), index=True)  # of its picture
    archived_at: Mapped[datetime | None]

    places: Mapped[list["CollectionPlace"]] = relationship(
        back_populates="collection", order_by="CollectionPlace.position", cascade="all, delete-orphan"
    )


class CollectionPlace(Base):
    """A design in a collection, at its place in the order."""

    __tablename__ = "collection_place"

    collection_id: Mapped[int] = mapped_column(sa.ForeignKey("collection.id"), primary_key=True)
    design_id: Mapped[int] = mapped_column(sa.ForeignKey("design.id"), primary_key=True, index=True)
    position: Mapped[int]

    collection: Mapped[Collection] = relationship(back_populates="places")
    design: Mapped[Design] = relationship()


# Whatever is kept in memory about designs (catalog.wall) is read again when one of these rows changes.
_of_revision = sa.select(Revision.design_id)
notices_itself(Design)
notices(Partner, Design, lambda row: Design.partner_id == row.id)
notices(Revision, Design, lambda row: Design.id == row.design_id)
notices(Photo, Design, lambda row: Design.id == row.design_id)
notices(CollectionPlace, Design, lambda row: Design.id == row.design_id)
for _kind in (Review, Estimate, Picture, Part):
    notices(_kind, Design, lambda row: Design.id.in_(_of_revision.where(Revision.id == row.revision_id)))
notices(
    Collection, Design,
    lambda row: Design.id.in_(
        sa.select(CollectionPlace.design_id).where(CollectionPlace.collection_id == row.id)
    ),
)  # fmt: skip
notices(
    Colour, Design,
    lambda row: Design.id.in_(_of_revision.join(Picture).where(Picture.colour_id == row.id)),
)  # fmt: skip
