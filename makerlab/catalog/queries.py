"""Reads of the catalogue that more than one page needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, defer, joinedload, selectinload

from makerlab.catalog import rules
from makerlab.catalog.models import Design, Part, Review, Revision
from makerlab.catalog.rules import Judged
from makerlab.catalog.states import RevisionState, Verdict
from makerlab.core.alphabet import alphabetical


def state_of(revision: Revision, *, newest: bool = True) -> RevisionState:
    """Whether this revision is approved, returned, waiting or replaced by a newer one."""
    reviews = [Judged(review.verdict, review.fingerprint) for review in revision.reviews]
    return rules.revision_state(reviews, revision.fingerprint, newest=newest)


def is_approved(revision: Revision) -> bool:
    """Approved as it is now: file and settings are the ones that were judged."""
    return state_of(revision) is RevisionState.APPROVED


@dataclass(frozen=True, slots=True)
class Offered:
    """The newest approved revision of a design, as lists need it. `materials`: of all its files."""

    revision_id: int
    design_id: int
    name: str
    materials: frozenset[str]


def offered(session: Session) -> list[Offered]:
    """What the lab offers for printing, by name. Two queries of columns, however many designs there are."""
    rows = session.execute(_approved().where(Design.archived_at.is_(None)))
    newest = {row.design_id: row for row in rows}  # the last one wins
    more: dict[int, set[str]] = {}
    for revision_id, material in session.execute(sa.select(Part.revision_id, Part.material).distinct()):
        more.setdefault(revision_id, set()).add(material)
    return [
        Offered(row.id, row.design_id, row.name, frozenset({row.material, *more.get(row.id, ())}))
        for row in sorted(newest.values(), key=lambda row: (alphabetical(row.name), row.id))
    ]


def approved(session: Session) -> list[Revision]:
    """All revisions that are `offered`, whole."""
    return revisions_of(session, [one.revision_id for one in offered(session)])


def approved_one(session: Session, revision_id: int) -> Revision | None:
    """This revision, where it is `offered`: what a page about one asks."""
    of_it = sa.select(Revision.design_id).where(Revision.id == revision_id).scalar_subquery()
    here = _approved().where(Design.id == of_it, Design.archived_at.is_(None))
    ids = [row.id for row in session.execute(here)]
    return revisions_of(session, [revision_id])[0] if ids and ids[-1] == revision_id else None


def approved_of(session: Session, design_id: int) -> Revision | None:
    """The newest approved revision of a design, also of one in the archive."""
    ids = [row.id for row in session.execute(_approved().where(Design.id == design_id))]
    return revisions_of(session, ids[-1:])[0] if ids else None


def revisions_of(session: Session, ids: Sequence[int]) -> list[Revision]:
    """These revisions in this order, with their designs, pictures and parts."""
    query = (
        sa.select(Revision)
        .where(Revision.id.in_(ids))
        .options(
            defer(Revision.report), defer(Revision.shape), joinedload(Revision.design),
            selectinload(Revision.reviews), selectinload(Revision.pictures),
            selectinload(Revision.parts).options(defer(Part.report), defer(Part.shape)),
        )
    )  # fmt: skip
    found = {revision.id: revision for revision in session.scalars(query).unique()}
    return [found[id_] for id_ in ids]


_judged = aliased(Review)
# The id of the review that counts, for a query that has the revision.
LAST_REVIEW = sa.select(sa.func.max(_judged.id)).where(_judged.revision_id == Revision.id).scalar_subquery()


def _approved() -> sa.Select[Any]:
    """Approved revisions, those of a design by number. The rule is that of `rules.revision_state`."""
    return (
        sa.select(Revision.id, Revision.design_id, Design.name, Revision.material)
        .join(Design, Design.id == Revision.design_id)
        .join(Review, Review.id == LAST_REVIEW)
        .where(Review.verdict == Verdict.APPROVED, Review.fingerprint == Revision.fingerprint)
        .order_by(Revision.number)
    )


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
