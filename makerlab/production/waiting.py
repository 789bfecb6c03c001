"""Reads the plates that wait, with all that a printer must have for them. By columns; see survey.py."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from makerlab.catalog import rules as catalog_rules
from makerlab.catalog.agreed import uncovered
from makerlab.catalog.models import Design, Picture, Review, Revision
from makerlab.catalog.rules import Judged
from makerlab.catalog.states import RevisionState
from makerlab.materials.models import Colour
from makerlab.people.models import Account
from makerlab.production.floor import Piece, Plate
from makerlab.production.models import Copy, CopyState, FirstPiece, Held, Order, Priority, Slice, SliceState
from makerlab.production.models import Plate as PlateRow
from makerlab.production.obstacles import PlateNeeds
from makerlab.stock.models import Product

PIECE = (
    PlateRow.order_id,
    PlateRow.pieces,
    Order.revision_id,
    Design.name.label("design"),
    Colour.name.label("colour"),
    Colour.hex,
    sa.func.coalesce(Picture.sha256, Revision.picture_sha256).label("picture"),
)


def with_piece(query: sa.Select[Any]) -> sa.Select[Any]:
    """Joins what `PIECE` needs to a query that has plate and order."""
    in_colour = sa.and_(Picture.revision_id == Revision.id, Picture.colour_id == Product.colour_id)
    return (
        query.join(Revision, Revision.id == Order.revision_id)
        .join(Design, Design.id == Revision.design_id)
        .join(Product, Product.id == Order.product_id)
        .join(Colour, Colour.id == Product.colour_id)
        .outerjoin(Picture, in_colour)
    )


def piece_of(row: Any) -> Piece:
    """From a row with the columns of `PIECE`."""
    return Piece(row.order_id, row.revision_id, row.design, row.colour, row.hex, row.picture, row.pieces)


def all_open() -> sa.ColumnElement[bool]:
    """All copies of the plate are open: it could be printed next."""
    taken = sa.exists().where(Copy.plate_id == PlateRow.id, Copy.state != CopyState.OPEN)
    some = sa.exists().where(Copy.plate_id == PlateRow.id, Copy.state == CopyState.OPEN)
    return sa.and_(some, ~taken, Order.cancelled_at.is_(None))


def plates_that(session: Session, which: sa.ColumnElement[bool], *, now: datetime) -> list[Plate]:
    """The urgent ones and the others, each by due date and age; those of low priority last."""
    judged = aliased(Review)
    last = sa.select(sa.func.max(judged.id)).where(judged.revision_id == Revision.id).scalar_subquery()
    query = (
        sa.select(
            PlateRow.id, PlateRow.number, PlateRow.machine, PlateRow.first, Slice.state, Slice.time_s,
            Slice.filament_g, Slice.progress, Order.priority, Order.lot, Order.held, Order.first_piece,
            Order.placed_by_id, Account.site_id, Product.colour_id, Revision.material, Revision.fingerprint,
            Design.id.label("design_id"), Design.partner_id, Design.needs, Review.verdict,
            Review.fingerprint.label("judged"), *PIECE,
        )
        .join(Order, PlateRow.order_id == Order.id)
        .join(Slice, Slice.key == PlateRow.slice_key)
        .join(Account, Account.id == Order.placed_by_id)
    )  # fmt: skip
    query = with_piece(query).outerjoin(Review, Review.id == last)
    due = (Order.priority.desc(), Order.due_on.is_(None), Order.due_on, Order.id, PlateRow.number)
    rows = session.execute(query.where(which).order_by(*due)).all()
    beyond = uncovered(session, {row.design_id: row.partner_id for row in rows}, now.date())
    return [_plate(row, row.design_id not in beyond) for row in rows]


def _plate(row: Any, within_agreement: bool) -> Plate:
    return Plate(
        row.id, row.number, piece_of(row), row.placed_by_id, row.priority >= Priority.URGENT,
        _needs(row, within_agreement), row.progress,
    )  # fmt: skip


def _needs(row: Any, within_agreement: bool) -> PlateNeeds:
    waits = {FirstPiece.TO_RELEASE: True, FirstPiece.WANTED: not row.first}
    return PlateNeeds(
        machine=row.machine, material=row.material, colour_id=row.colour_id, grams=row.filament_g,
        sliced=row.state is SliceState.DONE, slicing_failed=row.state is SliceState.FAILED,
        approved=_is_approved(row), within_agreement=within_agreement, lot=row.lot,
        tags=frozenset(row.needs), site_id=row.site_id, order_held=row.held != Held.NOT,
        first_piece=waits.get(row.first_piece, False), time_s=row.time_s,
    )  # fmt: skip


def _is_approved(row: Any) -> bool:
    reviews = [] if row.verdict is None else [Judged(row.verdict, row.judged)]
    return catalog_rules.revision_state(reviews, row.fingerprint, newest=True) is RevisionState.APPROVED
