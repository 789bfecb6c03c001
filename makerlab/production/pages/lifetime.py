"""What the page of a printer shows of its life: sums, upkeep, heaters."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.web import settings
from makerlab.fleet import words as fleet_words
from makerlab.fleet.models import Preheat, Printer, UpkeepLine
from makerlab.fleet.queries import upkeep as dues_of
from makerlab.production.life import life_of

LINES = 10  # of the log that the page shows


def lifetime_of(printer: Printer) -> dict[str, Any]:
    """What the page of a printer shows of its life; six queries."""
    now, state = utcnow(), printer.sight.state if printer.sight else "unseen"
    log = (
        sa.select(UpkeepLine).where(UpkeepLine.printer_id == printer.id, UpkeepLine.done)
        .order_by(UpkeepLine.at.desc(), UpkeepLine.id.desc()).limit(LINES)
        .options(joinedload(UpkeepLine.task), joinedload(UpkeepLine.account))
    )  # fmt: skip
    heat = db.session.get(Preheat, printer.id)
    return {
        "life": life_of(db.session, printer), "upkeep_words": fleet_words.UPKEEP, "heat": heat,
        "dues": dues_of(db.session, now=now, printer_ids=[printer.id]).get(printer.id, []),
        "upkeep_log": list(db.session.scalars(log)), "minutes": settings().preheat_minutes,
        "may_heat": bool(printer.spool) and state == "operational", "offline": state in ("offline", "error"),
        "overheated": heat is not None and heat.heated and (now - heat.until).total_seconds() > 60,
    }  # fmt: skip
