"""The same file, or the same form, in another design: a warning for people, never merged."""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from designs.shape import same
from makerlab.catalog.models import Design, Part, Revision

SAME_FILE, SAME_FORM = "file", "form"
MOST = 5  # designs named


class Other(NamedTuple):
    """A design that has it too."""

    design_id: int
    name: str


def alike(session: Session, revision: Revision) -> list[tuple[str, list[Other]]]:
    """SAME_FILE and SAME_FORM with the other designs that have it, in three queries; none: left out.

    A form is looked up by its number of triangles and then compared: designs.shape.
    """
    files = [revision, *revision.parts]
    twins = _others(session, revision, _same_file(files))
    known = {other.design_id for other in twins}
    formed = [other for other in _same_form(session, revision, files) if other.design_id not in known]
    return [(kind, found) for kind, found in ((SAME_FILE, twins), (SAME_FORM, formed)) if found]


File = Revision | Part


def _same_file(files: Sequence[File]) -> dict[type[File], sa.ColumnElement[bool]]:
    """As uploaded, or with the same triangles in another wrapping."""
    uploads, meshes = [file.file_sha256 for file in files], [file.mesh_sha256 for file in files]
    return {
        kind: sa.or_(kind.file_sha256.in_(uploads), kind.mesh_sha256.in_(meshes)) for kind in (Revision, Part)
    }


def _others(
    session: Session, revision: Revision, where: dict[type[File], sa.ColumnElement[bool]]
) -> list[Other]:
    found = [_of(kind, revision).where(condition) for kind, condition in where.items()]
    both = sa.union(*found).subquery()
    rows = session.execute(sa.select(both.c.id, both.c.name).order_by(both.c.id).limit(MOST))
    return [Other(row.id, row.name) for row in rows]


def _of(
    kind: type[File], revision: Revision, *columns: sa.ColumnElement[object]
) -> sa.Select[tuple[int, str]]:
    """Other designs by their revisions or the further parts of these."""
    query = sa.select(Design.id, Design.name, *columns).join(Revision, Revision.design_id == Design.id)
    if kind is Part:
        query = query.join(Part, Part.revision_id == Revision.id)
    return query.where(Design.id != revision.design_id)


def _same_form(session: Session, revision: Revision, files: Sequence[File]) -> list[Other]:
    counts = {file.triangles for file in files if file.triangles and file.shape}
    found: dict[int, Other] = {}
    for kind in (Revision, Part):
        query = _of(kind, revision, kind.triangles, kind.shape).where(kind.triangles.in_(counts))
        for design_id, name, triangles, shape in session.execute(query.order_by(Design.id)):
            if any(file.triangles == triangles and same(file.shape or (), shape or ()) for file in files):
                found[design_id] = Other(design_id, name)
    return list(found.values())[:MOST]
