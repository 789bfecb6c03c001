"""Reads for the wall of designs and the queue of reviews, each in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from makerlab.catalog.models import Design, Partner, Picture, Revision
from makerlab.catalog.queries import state_of
from makerlab.catalog.states import RevisionState


@dataclass(frozen=True, slots=True)
class Card:
    """A design as it stands on the wall: by its newest approved revision, else by its newest."""

    design: Design
    newest: Revision
    shown: Revision
    state: RevisionState  # of the newest

    @property
    def colours(self) -> list[tuple[str, str]]:
        return [(picture.colour.hex, picture.colour.name) for picture in self.shown.pictures]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the person filters by; empty or None: everything."""

    text: str = ""
    partner_id: int | None = None
    tag: str = ""
    state: RevisionState | None = None

    def holds(self, card: Card) -> bool:
        design = card.design
        return (
            (self.partner_id is None or design.partner_id == self.partner_id)
            and (not self.tag or self.tag in design.tags)
            and (self.state is None or card.state is self.state)
            and all(word in _searched(design) for word in self.text.casefold().split())
        )


def _searched(design: Design) -> str:
    partner = design.partner.name if design.partner else ""
    return " ".join([design.name, partner, *design.tags]).casefold()


def cards(session: Session) -> list[Card]:
    """All designs, the newest first."""
    revisions = selectinload(Design.revisions)
    query = (
        sa.select(Design)
        .options(
            revisions.options(defer(Revision.report)),
            revisions.selectinload(Revision.reviews),
            revisions.selectinload(Revision.pictures).joinedload(Picture.colour),
        )
        .order_by(Design.id.desc())
    )
    return [card_of(design) for design in session.scalars(query) if design.revisions]


def card_of(design: Design) -> Card:
    """The card of a design that has a revision."""
    newest = design.revisions[-1]
    states = {revision: state_of(revision, newest=revision is newest) for revision in design.revisions}
    approved = [revision for revision, state in states.items() if state is RevisionState.APPROVED]
    return Card(design, newest, approved[-1] if approved else newest, states[newest])


def returned_to(found: Sequence[Card], account_id: int) -> list[Card]:
    """Designs whose newest revision this person submitted and got back."""
    return [
        card
        for card in found
        if card.state is RevisionState.RETURNED and card.newest.submitted_by_id == account_id
    ]


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
        )
        .order_by(Revision.submitted_at, Revision.id)
    )
    return [row for row in session.scalars(query) if state_of(row) is RevisionState.WAITING]


def tags(found: Sequence[Card]) -> list[str]:
    """Every tag in use, by the alphabet."""
    return sorted({tag for card in found for tag in card.design.tags}, key=str.casefold)


def partners(session: Session) -> Sequence[Partner]:
    """All partners by name."""
    return session.scalars(sa.select(Partner).order_by(sa.func.lower(Partner.name), Partner.id)).all()
