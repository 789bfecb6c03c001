"""Verbs of the fleet."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.fleet.models import Bed, BedDeclaration, Printer


def declare_bed(
    session: Session, printer: Printer, bed: Bed, *, reason: str, by_id: int | None, now: datetime
) -> bool:
    """Say that the bed is clear or occupied. False when it was so already: nobody's word is needed twice.

    A conditional update: a start that occupies the bed finds it clear, or does not happen.
    """
    other = sa.and_(Printer.id == printer.id, Printer.bed != bed)
    changed = session.execute(sa.update(Printer).where(other).values(bed=bed)).rowcount == 1  # type: ignore[attr-defined]
    if changed:
        session.add(BedDeclaration(printer_id=printer.id, bed=bed, reason=reason, account_id=by_id, at=now))
        session.flush()
    return changed
