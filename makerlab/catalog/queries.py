"""Reads of the catalogue that more than one page needs."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from makerlab.catalog import rules
from makerlab.catalog.models import Agreement, Design, Revision
from makerlab.catalog.rules import Judged, Terms
from makerlab.catalog.states import RevisionState


def state_of(revision: Revision, *, newest: bool = True) -> RevisionState:
    """Whether this revision is approved, returned, waiting or replaced by a newer one."""
    reviews = [Judged(review.verdict, review.fingerprint) for review in revision.reviews]
    return rules.revision_state(reviews, revision.fingerprint, newest=newest)


def is_approved(revision: Revision) -> bool:
    """Approved as it is now: file and settings are the ones that were judged."""
    return state_of(revision) is RevisionState.APPROVED


def approved(session: Session) -> list[Revision]:
    """The newest approved revision of each design, designs by name."""
    query = sa.select(Design).options(selectinload(Design.revisions).selectinload(Revision.reviews))
    designs = session.scalars(query.order_by(Design.name)).all()
    newest = (
        next((revision for revision in reversed(design.revisions) if is_approved(revision)), None)
        for design in designs
    )
    return [revision for revision in newest if revision is not None]


def agreement_reached(session: Session, design: Design, pieces: int, *, today: date) -> str:
    """Why the partner's agreement does not cover `pieces` of this design (a code), or empty."""
    if design.partner_id is None:
        return ""
    rows = session.scalars(sa.select(Agreement).where(Agreement.partner_id == design.partner_id))
    return rules.beyond([Terms(row.pieces, row.starts_on, row.ends_on) for row in rows], pieces, today)
