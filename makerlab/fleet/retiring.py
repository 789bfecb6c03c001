"""The end of a printer: it leaves the workshop, and what it printed stays; or it was never really there."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.audit import record
from makerlab.fleet.models import (
    BedDeclaration,
    Preheat,
    Printed,
    Printer,
    Sample,
    Sight,
    UpkeepLine,
    UpkeepTask,
)

OWN = (Sight, BedDeclaration, Printed, Sample, Preheat, UpkeepLine)
GONE = "ausgemustert"  # stands as the reason why nothing starts there


def retire(session: Session, printer: Printer, *, by_id: int, now: datetime) -> None:
    """Nobody watches it any more, nothing starts there, it stands on no list but that of the retired.

    Its spool is free, its key is forgotten.
    """
    if printer.retired_at is not None:
        return
    printer.retired_at, printer.spool_id, printer.key_encrypted = now, None, ""
    printer.out_of_service = printer.out_of_service or GONE
    session.execute(sa.delete(Sample).where(Sample.printer_id == printer.id))
    session.execute(sa.delete(Preheat).where(Preheat.printer_id == printer.id))
    session.flush()
    record(session, "printer.retired", f"printer:{printer.id}", actor_id=by_id, now=now)


def bring_back(session: Session, printer: Printer, *, by_id: int, now: datetime) -> None:
    """It is back, out of service until somebody looked at it; it wants a key."""
    if printer.retired_at is None:
        return
    printer.retired_at = None
    session.flush()
    record(session, "printer.brought_back", f"printer:{printer.id}", actor_id=by_id, now=now)


def delete(session: Session, printer: Printer, *, by_id: int, now: datetime) -> None:
    """All that is its own. Raises IntegrityError where something of the lab's history hangs on it."""
    id_ = printer.id
    record(session, "printer.deleted", f"printer:{id_}", actor_id=by_id, now=now)
    for kind in OWN:
        session.execute(sa.delete(kind).where(kind.printer_id == id_))
    session.execute(sa.delete(UpkeepTask).where(UpkeepTask.printer_id == id_))
    session.execute(sa.delete(Printer).where(Printer.id == id_))
    session.expunge(printer)
