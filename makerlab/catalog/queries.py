"""Reads of the catalogue that more than one page needs."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer, selectinload

from makerlab.catalog import rules
from makerlab.catalog.models import Design, Part, Revision
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
    """The newest approved revision of each design that the lab offers for printing, designs by name."""
    designs = session.scalars(_offered().order_by(Design.name)).unique()
    return [revision for design in designs if (revision := _newest_approved(design)) is not None]


def approved_one(session: Session, revision_id: int) -> Revision | None:
    """This revision, where `approved` has it: what a page about one asks."""
    of_it = sa.select(Revision.design_id).where(Revision.id == revision_id).scalar_subquery()
    design = session.scalars(_offered().where(Design.id == of_it)).unique().one_or_none()
    newest = _newest_approved(design) if design else None
    return newest if newest is not None and newest.id == revision_id else None


def approved_of(session: Session, design_id: int) -> Revision | None:
    """The newest approved revision of a design, also of one in the archive."""
    design = session.scalars(_judged().where(Design.id == design_id)).unique().one_or_none()
    return _newest_approved(design) if design else None


def _offered() -> sa.Select[tuple[Design]]:
    return _judged().where(Design.archived_at.is_(None))


def _judged() -> sa.Select[tuple[Design]]:
    """Designs with all that tells which revision of them is approved, and what it is made of."""
    revisions = selectinload(Design.revisions)
    return sa.select(Design).options(
        revisions.options(defer(Revision.report), defer(Revision.shape)),
        revisions.selectinload(Revision.reviews),
        revisions.selectinload(Revision.parts).options(defer(Part.report), defer(Part.shape)),
    )


def _newest_approved(design: Design) -> Revision | None:
    return next((revision for revision in reversed(design.revisions) if is_approved(revision)), None)


def in_one_part(revision: Revision) -> bool:
    """Whether one print of the revision's own file is one piece."""
    return revision.part_count == 1 and not revision.parts


def files_of(revision: Revision) -> Sequence[Revision | Part]:
    """What is printed for a piece: the revision's own file, then its further parts."""
    return [revision, *revision.parts]


def part_name(file: Revision | Part) -> str:
    """What a part is called; a first part may have no name of its own."""
    return file.part_name if isinstance(file, Revision) else file.name


def part_count(file: Revision | Part) -> int:
    """How often a piece needs it."""
    return file.part_count if isinstance(file, Revision) else file.count
