"""Reads of the catalogue that more than one page needs."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from makerlab.catalog import rules
from makerlab.catalog.models import Design, Revision
from makerlab.catalog.rules import Judged
from makerlab.catalog.states import RevisionState


def state_of(revision: Revision, *, newest: bool = True) -> RevisionState:
    """Whether this revision is approved, returned, waiting or replaced by a newer one."""
    reviews = [Judged(review.verdict, review.fingerprint) for review in revision.reviews]
    return rules.revision_state(reviews, revision.fingerprint, newest=newest)


def is_approved(revision: Revision) -> bool:
    """Approved as it is now: file and settings are the ones that were judged."""
    return state_of(revision) is RevisionState.APPROVED


def approved(session: Session) -> list[Revision]:
    """The newest approved revision of each design that the lab offers for printing, designs by name.

    Not of those in the archive, nor of several parts: an order makes copies of one file.
    """
    revisions = selectinload(Design.revisions)
    query = (
        sa.select(Design)
        .where(Design.archived_at.is_(None))
        .options(revisions.selectinload(Revision.reviews), revisions.selectinload(Revision.parts))
        .order_by(Design.name)
    )
    newest = (
        next((revision for revision in reversed(design.revisions) if is_approved(revision)), None)
        for design in session.scalars(query).unique()
    )
    return [revision for revision in newest if revision is not None and in_one_part(revision)]


def in_one_part(revision: Revision) -> bool:
    """Whether one print of the revision's own file is one piece."""
    return revision.part_count == 1 and not revision.parts
