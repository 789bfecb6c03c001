"""Reads for the page of a design and the queue of reviews, each in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from makerlab.catalog.models import Design, Partner, Revision
from makerlab.catalog.queries import state_of
from makerlab.catalog.states import RevisionState
from makerlab.core.alphabet import by_name


@dataclass(frozen=True, slots=True)
class Card:
    """A design, its newest revision, and the one it is shown by: the newest approved one, else the newest."""

    design: Design
    newest: Revision
    shown: Revision
    state: RevisionState  # of the newest


def card_of(design: Design) -> Card:
    """The card of a design that has a revision."""
    newest = design.revisions[-1]
    states = {revision: state_of(revision, newest=revision is newest) for revision in design.revisions}
    approved = [revision for revision, state in states.items() if state is RevisionState.APPROVED]
    return Card(design, newest, approved[-1] if approved else newest, states[newest])


def waiting(session: Session) -> list[Revision]:
    """Newest revisions that nobody has judged as they are now, the oldest first."""
    newest = (
        sa.select(Revision.design_id, sa.func.max(Revision.number).label("number"))
        .group_by(Revision.design_id)
        .subquery()
    )
    query = (
        sa.select(Revision)
        .join(newest, sa.and_(newest.c.design_id == Revision.design_id, newest.c.number == Revision.number))
        .options(
            joinedload(Revision.design),
            joinedload(Revision.submitted_by),
            selectinload(Revision.reviews),
            selectinload(Revision.estimates),
            selectinload(Revision.parts),
        )
        .order_by(Revision.submitted_at, Revision.id)
    )
    return [row for row in session.scalars(query) if state_of(row) is RevisionState.WAITING]


def partners(session: Session) -> Sequence[Partner]:
    """All partners by name."""
    return session.scalars(sa.select(Partner).order_by(by_name(Partner.name), Partner.id)).all()
