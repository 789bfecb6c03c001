"""Names of designs, partners and collections: cleaned, never empty, and where it matters never twice."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.catalog import rules
from makerlab.catalog.models import Collection, Partner
from makerlab.core.errors import Invalid
from makerlab.core.language import _

LONGEST_NAME = 120  # characters, as in the columns


def named(name: str) -> str:
    """The name as it is kept; raises Invalid when nothing is left of it."""
    plain = rules.clean_line(name, LONGEST_NAME)
    if not plain:
        raise Invalid(_("Der Name fehlt."), way_out=_("Schreiben Sie einen kurzen Namen."))
    return plain


def is_taken(session: Session, kind: type[Partner | Collection], name: str, own_id: int | None) -> bool:
    """Whether another one of this kind than `own_id` has the name already, whatever its case."""
    same = sa.select(kind.id).where(sa.func.lower(kind.name) == name.lower(), kind.id != (own_id or 0))
    return session.scalar(same) is not None
