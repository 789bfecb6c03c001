"""What visitors see without signing in: chosen designs, stories, pictures; no name but the partner's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer, selectinload

from makerlab.catalog import browsing
from makerlab.catalog.models import Design, Photo, Picture, Revision
from makerlab.materials.models import Colour
from makerlab.sales import queries, shelf
from makerlab.sales.models import Showing
from makerlab.stock.models import Product


@dataclass(frozen=True, slots=True)
class Offer:
    """A colour in which an object is sold."""

    colour: Colour
    price: str
    there: bool  # some lie somewhere


@dataclass(frozen=True, slots=True)
class Shown:
    """An object as visitors see it. `pictures` are SHA-256 with words for those who do not see."""

    design: Design
    revision: Revision
    pictures: list[tuple[str, str]]
    offers: list[Offer]


def shown_designs(session: Session, *, design_id: int | None = None) -> list[Shown]:
    """The newest first, or the one asked for; a constant number of queries."""
    revisions = selectinload(Design.revisions)
    query = (
        sa.select(Design)
        .join(Showing)
        .where(Design.archived_at.is_(None))
        .order_by(Showing.shown_at.desc(), Design.id)
        .options(
            revisions.options(defer(Revision.report), defer(Revision.shape)),
            revisions.selectinload(Revision.reviews),
            revisions.selectinload(Revision.pictures),
            selectinload(Design.photos),
        )
    )
    if design_id is not None:
        query = query.where(Design.id == design_id)
    designs = [one for one in session.scalars(query).unique() if one.revisions]
    offers = _offers(session, [one.id for one in designs])
    return [_shown(design, offers.get(design.id, [])) for design in designs]


def _shown(design: Design, offers: list[Offer]) -> Shown:
    revision = browsing.card_of(design).shown
    photos = [(photo.sha256, photo.alt or design.name) for photo in design.photos]
    drawn = [(picture.sha256, design.name) for picture in revision.pictures] or [
        (revision.picture_sha256, design.name)
    ]
    return Shown(design, revision, [*photos, *drawn], offers)


def _offers(session: Session, design_ids: Sequence[int]) -> Mapping[int, list[Offer]]:
    wanted = sa.select(Product).where(Product.design_id.in_(design_ids), Product.finish == "")
    products = session.scalars(wanted.order_by(Product.id)).unique().all()
    ids = [product.id for product in products]
    prices, figures = queries.prices_on(session, ids, shelf.today()), queries.figures(session, ids)
    offers: dict[int, list[Offer]] = {}
    for product in products:
        offer = Offer(product.colour, shelf.money(prices.get(product.id)), figures[product.id].available > 0)
        offers.setdefault(product.design_id, []).append(offer)
    return offers


def is_shown(session: Session, design_id: int) -> bool:
    return session.get(Showing, design_id) is not None


def may_be_seen(session: Session, sha256: str) -> bool:
    """Whether a picture belongs to a design that visitors may see."""
    seen = sa.select(Showing.design_id)
    known = sa.union_all(
        sa.select(Revision.id).where(Revision.picture_sha256 == sha256, Revision.design_id.in_(seen)),
        sa.select(Photo.id).where(Photo.sha256 == sha256, Photo.design_id.in_(seen)),
        sa.select(Picture.id)
        .join(Revision, Revision.id == Picture.revision_id)
        .where(Picture.sha256 == sha256, Revision.design_id.in_(seen)),
    )
    return session.scalar(known.limit(1)) is not None
