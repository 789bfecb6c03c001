"""Reads for the phone: figures, prices, pictures and what is being made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.catalog.models import Part, Picture, Review, Revision, Verdict
from makerlab.fleet.models import Sight
from makerlab.people.models import Account
from makerlab.production.models import Attempt, AttemptState, Copy, CopyState, Order, Plate
from makerlab.sales.models import Price
from makerlab.stock.models import Product
from makerlab.stock.queries import on_hand, reserved
from makerlab.stock.rules import Figures
from makerlab.stock.rules import figures as formula

UNDER_WAY = (AttemptState.PRINTING, AttemptState.PAUSED)


def figures(session: Session, product_ids: Sequence[int]) -> dict[int, Figures]:
    """On hand, reserved and in production of each product, in three queries."""
    lines: dict[int, list[int]] = {product_id: [] for product_id in product_ids}
    for (product_id, _place_id), pieces in on_hand(session, product_ids).items():
        lines[product_id].append(pieces)
    promised = reserved(session, product_ids)
    copies = _copies(session, product_ids)
    return {
        product_id: formula(
            lines[product_id],
            [promised.get(product_id, 0)],
            copies.get((product_id, CopyState.OPEN), 0),
            copies.get((product_id, CopyState.ACTIVE), 0),
        )
        for product_id in product_ids
    }


def _copies(session: Session, product_ids: Iterable[int]) -> dict[tuple[int, CopyState], int]:
    counts = (
        sa.select(Order.product_id, Copy.state, sa.func.count(Copy.id))
        .join(Copy, Copy.order_id == Order.id)
        .where(
            Order.product_id.in_(list(product_ids)),
            Order.cancelled_at.is_(None),
            Copy.state.in_((CopyState.OPEN, CopyState.ACTIVE)),
        )
        .group_by(Order.product_id, Copy.state)
    )
    return {(product_id, state): pieces for product_id, state, pieces in session.execute(counts)}


@dataclass(frozen=True, slots=True)
class Run:
    """An order under way, as sales may see it: no person. `ready_at` is known while the last plate prints."""

    pieces: int
    printing: int
    placed_at: datetime
    due_on: date | None
    ready_at: datetime | None


def runs(session: Session, product_id: int) -> list[Run]:
    """What is being made of a product, the oldest order first, in two queries."""
    counted = session.execute(
        sa.select(
            Order.id, Order.placed_at, Order.due_on, sa.func.count(Copy.id),
            sa.func.sum(sa.case((Copy.state == CopyState.ACTIVE, 1), else_=0)),
        )
        .join(Copy, Copy.order_id == Order.id)
        .where(
            Order.product_id == product_id,
            Order.cancelled_at.is_(None),
            Copy.state.in_((CopyState.OPEN, CopyState.ACTIVE)),
        )
        .group_by(Order.id, Order.placed_at, Order.due_on)
        .order_by(Order.id)
    ).all()  # fmt: skip
    ready = _ready(session, [row[0] for row in counted])
    return [
        Run(pieces, int(active), placed_at, due_on, ready.get(order_id) if active == pieces else None)
        for order_id, placed_at, due_on, pieces, active in counted
    ]


def _ready(session: Session, order_ids: list[int]) -> dict[int, datetime]:
    """When the slowest of an order's running prints ends, by what the printers said last."""
    rows = session.execute(
        sa.select(Plate.order_id, Sight.answered_at, Sight.left_s)
        .join(Attempt, Attempt.plate_id == Plate.id)
        .join(Sight, Sight.printer_id == Attempt.printer_id)
        .where(Plate.order_id.in_(order_ids), Attempt.state.in_(UNDER_WAY), Sight.left_s.is_not(None))
    )
    ends: dict[int, datetime] = {}
    for order_id, answered_at, left_s in rows:
        if answered_at is not None:
            end = answered_at + timedelta(seconds=left_s)
            ends[order_id] = max(end, ends.get(order_id, end))
    return ends


def names_of(session: Session, account_ids: Iterable[int]) -> dict[int, str]:
    """Account → name."""
    rows = session.execute(sa.select(Account.id, Account.name).where(Account.id.in_(list(account_ids))))
    return {row.id: row.name for row in rows}


def prices_on(session: Session, product_ids: Iterable[int], day: date) -> dict[int, Price]:
    """The price version of each product that counts on a day; of one day the one set last."""
    rank = (
        sa.func.row_number()
        .over(partition_by=Price.product_id, order_by=(Price.valid_from.desc(), Price.id.desc()))
        .label("rank")
    )
    ranked = (
        sa.select(Price.id, rank)
        .where(Price.product_id.in_(list(product_ids)), Price.valid_from <= day)
        .subquery()
    )
    newest = sa.select(Price).join(ranked, ranked.c.id == Price.id).where(ranked.c.rank == 1)
    return {price.product_id: price for price in session.scalars(newest)}


def price_on(session: Session, product_id: int, day: date) -> Price | None:
    """The price version that counts on a day."""
    return prices_on(session, [product_id], day).get(product_id)


def prices(session: Session, product_id: int) -> Sequence[Price]:
    """All versions, the newest first."""
    return session.scalars(
        sa.select(Price)
        .where(Price.product_id == product_id)
        .order_by(Price.valid_from.desc(), Price.id.desc())
    ).all()


def pictures(session: Session, products: Iterable[Product]) -> dict[int, str]:
    """Product → SHA-256 of its picture: its part's, else in its own colour, else the revision's own.

    Of a design's revisions the newest approved one counts, else the newest.
    """
    products = list(products)
    approved = sa.exists().where(
        Review.revision_id == Revision.id,
        Review.verdict == Verdict.APPROVED,
        Review.fingerprint == Revision.fingerprint,
    )
    shown = session.execute(
        sa.select(Revision.id, Revision.design_id, Revision.picture_sha256)
        .where(Revision.design_id.in_({product.design_id for product in products}))
        .order_by(approved, Revision.number)
    )
    best = {design_id: (revision_id, sha256) for revision_id, design_id, sha256 in shown}  # the last one wins
    ids = [revision_id for revision_id, _ in best.values()]
    in_colour = sa.select(Picture.revision_id, Picture.colour_id, Picture.sha256)
    rows = session.execute(in_colour.where(Picture.revision_id.in_(ids)))
    coloured = {(revision_id, colour_id): sha256 for revision_id, colour_id, sha256 in rows}
    of_part = sa.select(Part.revision_id, Part.name, Part.picture_sha256)
    rows = session.execute(of_part.where(Part.revision_id.in_(ids)))
    parts = {(revision_id, name): sha256 for revision_id, name, sha256 in rows}
    return {
        product.id: parts.get((revision_id, product.part))
        or coloured.get((revision_id, product.colour_id), sha256)
        for product in products
        if product.design_id in best
        for revision_id, sha256 in [best[product.design_id]]
    }
