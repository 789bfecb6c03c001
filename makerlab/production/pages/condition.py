"""How the house is: for machines as JSON, for instructors and administrators in words."""

import shutil
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from flask import Response, jsonify, render_template
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from designs.sandbox import layers
from designs.slicer.find import NAMES
from makerlab.core.access import Role, allow, public
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.health import alive
from makerlab.core.logs import log
from makerlab.core.web import settings
from makerlab.fleet import words as fleet_words
from makerlab.fleet.models import Printer, Sight
from makerlab.production.pages.frame import blueprint
from makerlab.production.pages.words import BAD, GOOD, LAYERS


@dataclass(frozen=True, slots=True)
class Condition:
    """What has to be there so that the lab can print; `printers`: state → how many."""

    database: bool
    worker: bool
    slicing_worker: bool
    slicer: bool
    printers: dict[str, int]

    @property
    def good(self) -> bool:
        """Printers that are off do not count: that is an evening, not a fault."""
        return self.database and self.worker and self.slicing_worker and self.slicer


def condition_of(session: Session, *, slicer: str, now: datetime) -> Condition:
    """Ask everything once; a database that does not answer is part of the answer."""
    there = any(shutil.which(name) for name in ([slicer] if slicer else NAMES))
    try:
        return Condition(
            database=True,
            worker=alive(session, "work", now=now),
            slicing_worker=alive(session, "slice", now=now),
            slicer=there,
            printers=printers_by_state(session),
        )
    except SQLAlchemyError as error:
        log.error("database does not answer", words=str(error)[:300])
        session.rollback()
        return Condition(database=False, worker=False, slicing_worker=False, slicer=there, printers={})


def printers_by_state(session: Session) -> dict[str, int]:
    """How many printers were last seen in each state; those out of service apart, retired ones not at all."""
    state = sa.case(
        (Printer.out_of_service != "", "out_of_service"), else_=sa.func.coalesce(Sight.state, "unseen")
    )
    counted = sa.select(state, sa.func.count(Printer.id)).outerjoin(Sight, Sight.printer_id == Printer.id)
    there = counted.where(Printer.retired_at.is_(None))
    rows = session.execute(there.group_by(state).order_by(state))
    return {str(name): number for name, number in rows}


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """For a monitor: 200 when the lab can print, else 503. Counts only, no names."""
    now = condition_of(db.session, slicer=settings().slicer, now=utcnow())
    response = jsonify({"status": "ok" if now.good else "bad", **asdict(now)})
    response.status_code = 200 if now.good else 503
    return response


@blueprint.get("/zustand")
@allow(Role.INSTRUCTOR, Role.ADMINISTRATOR)
def condition() -> str:
    """The same in words, and which layers protect us from strangers' files."""
    held = layers()
    return render_template(
        "production/condition.html", now=condition_of(db.session, slicer=settings().slicer, now=utcnow()),
        good=GOOD, bad=BAD, sight=fleet_words.sight, out_of_service=fleet_words.OUT_OF_SERVICE,
        missing=[LAYERS.get(name, name) for name in LAYERS | held if not held.get(name)],
    )  # fmt: skip
