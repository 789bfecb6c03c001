"""What orders print, as SQL: the file of a revision or of one of its further parts."""

from typing import Any

import sqlalchemy as sa

from makerlab.catalog.models import Design, Part, Revision
from makerlab.production.models import Order

PART = sa.func.coalesce(Part.name, Revision.part_name)
NAME = sa.case((PART == "", Design.name), else_=Design.name + " · " + PART).label("design")
MATERIAL = sa.func.coalesce(Part.material, Revision.material).label("material")
PROCESS = sa.func.coalesce(Part.process, Revision.process).label("process")


def with_file(query: sa.Select[Any]) -> sa.Select[Any]:
    """Joins what these columns need to a query that has the order."""
    return (
        query.join(Revision, Order.revision_id == Revision.id)
        .join(Design, Revision.design_id == Design.id)
        .outerjoin(Part, Order.part_id == Part.id)
    )


def of_file(revision_id: int, part_id: int | None) -> sa.ColumnElement[bool]:
    """Orders of the same file."""
    return sa.and_(Order.revision_id == revision_id, Order.part_id.is_not_distinct_from(part_id))
