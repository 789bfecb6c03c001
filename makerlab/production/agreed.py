"""Pieces made under partners' agreements: what was ordered in their term and not given up."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.catalog.agreed import terms_of
from makerlab.catalog.models import Agreement, Design, Revision
from makerlab.catalog.rules import in_force
from makerlab.production.models import Copy, CopyState, Order


def ordered(session: Session, agreements: Sequence[Agreement]) -> Mapping[int, int]:
    """Agreement → pieces of the designs it covers, ordered from its first to its last day; one query."""
    partners = {agreement.partner_id for agreement in agreements}
    query = (
        sa.select(Design.partner_id, Design.id, Order.placed_at, Revision.part_count, sa.func.count(Copy.id))
        .join(Revision, Revision.design_id == Design.id)
        .join(Order, Order.revision_id == Revision.id)
        .join(Copy, Copy.order_id == Order.id)
        .where(
            Design.partner_id.in_(partners),
            Copy.state != CopyState.GIVEN_UP,
            Order.part_id.is_(None),  # a piece is counted by its first part
        )
        .group_by(Design.partner_id, Design.id, Order.id, Order.placed_at, Revision.part_count)
    )
    made = dict.fromkeys((agreement.id for agreement in agreements), 0)
    orders = session.execute(query).all()
    for agreement in agreements:
        terms = terms_of(agreement)
        for partner_id, design_id, placed_at, in_one, copies in orders:
            covered = partner_id == agreement.partner_id and terms.covers(design_id)
            if covered and in_force([terms], placed_at.date()):
                made[agreement.id] += -(-copies // in_one)
    return made
