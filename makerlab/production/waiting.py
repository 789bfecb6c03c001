"""Reads the plates that wait, with all that a printer must have for them. By columns; see survey.py."""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from makerlab.catalog import rules as catalog_rules
from makerlab.catalog.agreed import uncovered
from makerlab.catalog.models import Design, Part, Picture, Review, Revision
from makerlab.catalog.queries import LAST_REVIEW
from makerlab.catalog.rules import Judged
from makerlab.catalog.states import RevisionState
from makerlab.materials.models import Colour
from makerlab.people.models import Account
from makerlab.production.floor import Piece, Plate
from makerlab.production.made import MATERIAL, NAME, with_file
from makerlab.production.models import FirstPiece, Held, Order, Priority, Slice, SliceState
from makerlab.production.models import Plate as PlateRow
from makerlab.production.obstacles import PlateNeeds
from makerlab.production.queries import ALL_OPEN
from makerlab.stock.models import Product

PIECE = (
    PlateRow.order_id,
    PlateRow.pieces,
    NAME,
    Colour.name.label("colour"),
    Colour.hex,
    sa.func.coalesce(Part.picture_sha256, Picture.sha256, Revision.picture_sha256).label("picture"),
)


def with_piece(query: sa.Select[Any]) -> sa.Select[Any]:
    """Joins what `PIECE` needs to a query that has plate and order."""
    in_colour = sa.and_(Picture.revision_id == Revision.id, Picture.colour_id == Product.colour_id)
    return (
        with_file(query)
        .join(Product, Product.id == Order.product_id)
        .join(Colour, Colour.id == Product.colour_id)
        .outerjoin(Picture, in_colour)
    )


def piece_of(row: Any) -> Piece:
    """From a row with the columns of `PIECE`."""
    return Piece(row.order_id, row.design, row.colour, row.hex, row.picture, row.pieces)


_PLATES = (
    with_piece(
        sa.select(
            PlateRow.id, PlateRow.number, PlateRow.machine, PlateRow.first, Slice.state, Slice.time_s,
            Slice.filament_g, Slice.progress, Order.priority, Order.lot, Order.held, Order.first_piece,
            Order.placed_by_id, Account.site_id, Product.colour_id, MATERIAL, Revision.fingerprint,
            Design.id.label("design_id"), Design.partner_id, sa.cast(Design.needs, sa.Text).label("needs"),
            Review.verdict, Review.fingerprint.label("judged"), *PIECE,
        )
        .join(Order, PlateRow.order_id == Order.id)
        .join(Slice, Slice.key == PlateRow.slice_key)
        .join(Account, Account.id == Order.placed_by_id)
    )
    .outerjoin(Review, Review.id == LAST_REVIEW)
    .order_by(Order.priority.desc(), Order.due_on.is_(None), Order.due_on, Order.id, PlateRow.number)
)  # fmt: skip


def plates_that(there: sa.Connection, which: sa.ColumnElement[bool] | None, *, now: datetime) -> list[Plate]:
    """The urgent ones and the others, each by due date and age; those of low priority last.

    `which`: of which this holds, whether or not all their copies are open; None: those that wait.
    """
    rows = there.execute(_PLATES.where(ALL_OPEN if which is None else which)).all()
    beyond = uncovered(there, {row.design_id: row.partner_id for row in rows}, now.date())
    return [_plate(row, row.design_id not in beyond) for row in rows]


@lru_cache(maxsize=2048)
def _plate(row: Any, within_agreement: bool) -> Plate:
    """The same row makes the same plate: most of them wait through many polls."""
    return Plate(
        row.id, row.number, piece_of(row), row.placed_by_id, row.priority >= Priority.URGENT,
        _needs(row, within_agreement), row.progress,
    )  # fmt: skip


def _needs(row: Any, within_agreement: bool) -> PlateNeeds:
    stage = row.first_piece
    return PlateNeeds(
        machine=row.machine, material=row.material, colour_id=row.colour_id, grams=row.filament_g,
        sliced=row.state is SliceState.DONE, slicing_failed=row.state is SliceState.FAILED,
        approved=_is_approved(row), within_agreement=within_agreement, lot=row.lot, tags=tags_of(row.needs),
        site_id=row.site_id, order_held=row.held != Held.NOT, time_s=row.time_s,
        first_piece=stage is FirstPiece.TO_RELEASE or (stage is FirstPiece.WANTED and not row.first),
    )  # fmt: skip


@lru_cache(maxsize=1024)
def tags_of(text: str) -> frozenset[str]:
    """What stands in a JSON column; the same few lists stand in many rows."""
    return frozenset(json.loads(text))


def _is_approved(row: Any) -> bool:
    reviews = [] if row.verdict is None else [Judged(row.verdict, row.judged)]
    return catalog_rules.revision_state(reviews, row.fingerprint, newest=True) is RevisionState.APPROVED
