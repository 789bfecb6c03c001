"""Verbs for what decides where a plate may start: equipment of printers, needs of designs, hours of sites."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.catalog.models import Design
from makerlab.catalog.rules import clean_tags
from makerlab.core.audit import record
from makerlab.core.errors import Invalid
from makerlab.core.language import _
from makerlab.fleet.hours import Day
from makerlab.fleet.models import Printer, SiteHours
from makerlab.people.models import Site

NOZZLES_MM = (0.1, 2.0)


def equip(
    session: Session, printer: Printer, *, nozzle_mm: float | None, tags: Sequence[str], model_mm: float,
    by_id: int, now: datetime,
) -> None:  # fmt: skip
    """What is screwed in and what it has; the nozzle of its model (`model_mm`) as none. Raises Invalid."""
    if nozzle_mm is not None and not NOZZLES_MM[0] <= nozzle_mm <= NOZZLES_MM[1]:
        raise Invalid(_("So eine Düse gibt es nicht."), way_out=_("Schreiben Sie 0,1 bis 2 mm."))
    printer.nozzle_mm = None if nozzle_mm == model_mm else nozzle_mm
    printer.tags = clean_tags(tags)
    session.flush()
    record(
        session, "printer.equipped", f"printer:{printer.id}", actor_id=by_id, now=now, nozzle_mm=nozzle_mm,
        tags=printer.tags,
    )  # fmt: skip


def require(session: Session, design: Design, tags: Sequence[str], *, by_id: int, now: datetime) -> None:
    """Prints of this design start only on printers that have all of these tags."""
    design.needs = clean_tags(tags)
    session.flush()
    record(session, "design.needs", f"design:{design.id}", actor_id=by_id, now=now, tags=design.needs)


def set_hours(
    session: Session, site: Site, week: Sequence[Day], *, may_end_alone: bool, by_id: int, now: datetime
) -> None:
    """When people are there; a week without a single hour means: always. Raises Invalid."""
    if len(week) != 7:
        raise Invalid(_("Eine Woche hat sieben Tage."))
    session.execute(sa.delete(SiteHours).where(SiteHours.site_id == site.id))
    if any(week):
        days = [list(day) if day else None for day in week]
        session.add(SiteHours(site_id=site.id, week=days, may_end_alone=may_end_alone))
    session.flush()
    record(session, "site.hours", f"site:{site.id}", actor_id=by_id, now=now, alone=may_end_alone)


def known_tags(session: Session) -> list[str]:
    """All tags that printers in use have, by name."""
    lists = session.scalars(sa.select(Printer.tags).where(Printer.retired_at.is_(None)))
    return sorted({tag for tags in lists for tag in tags}, key=str.casefold)
