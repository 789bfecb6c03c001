"""Heating a printer before there is a print, and never for longer than somebody is about to start one.

Who heats is watch: a lab whose worker is not there to switch off does not switch on. The row in `preheat`
stays until the printer was told to cool or a print took the heaters over, so that a restart forgets nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Session

from designs.profiles import Material
from makerlab.core.audit import record
from makerlab.core.errors import Conflict
from makerlab.core.health import alive
from makerlab.core.language import _
from makerlab.fleet.models import Preheat, Printer
from makerlab.production.models import Attempt
from makerlab.production.states import BEFORE_START, ENDED, AttemptState
from printers.host import HostState, HostStatus

if TYPE_CHECKING:  # the types only: watch imports this file
    from makerlab.production.watch import Seen

ABOUT_TO_PRINT = BEFORE_START | {AttemptState.START_SENT}


@dataclass(frozen=True, slots=True)
class Heat:
    """Targets to give to a printer in °C; `off`: it is to cool."""

    tool: float = 0.0
    bed: float = 0.0
    off: bool = False


def preheat(
    session: Session, printer: Printer, material: Material, *, minutes: int, by_id: int, now: datetime
) -> Preheat:
    """Ask for the temperatures of a material for `minutes`. Raises Conflict where nobody may or can."""
    _may_heat(session, printer, now)
    row = session.get(Preheat, printer.id) or Preheat(printer_id=printer.id)
    row.tool, row.bed = float(material.nozzle_first_c), float(material.bed_first_c)
    row.until, row.by_id, row.heated = now + timedelta(minutes=minutes), by_id, False
    session.add(row)
    session.flush()
    record(session, "printer.preheat", f"printer:{printer.id}", actor_id=by_id, now=now, minutes=minutes)
    return row


def cool(session: Session, printer: Printer, *, by_id: int, now: datetime) -> None:
    """Switch off at the next look; nothing happens where nothing was switched on."""
    row = session.get(Preheat, printer.id)
    if row is not None:
        row.until = min(row.until, now)
        session.flush()
        record(session, "printer.cool", f"printer:{printer.id}", actor_id=by_id, now=now)


def _may_heat(session: Session, printer: Printer, now: datetime) -> None:
    if printer.out_of_service or printer.held:
        raise Conflict(_("Der Drucker ist gesperrt."), way_out=_("Geben Sie ihn zuerst frei."))
    open_ = sa.and_(Attempt.printer_id == printer.id, Attempt.state.not_in(ENDED))
    if session.scalar(sa.select(Attempt.id).where(open_)):
        raise Conflict(_("Hier ist noch ein Druck offen."), way_out=_("Holen Sie ihn zuerst ab."))
    if printer.sight is None or printer.sight.state != HostState.OPERATIONAL.value:
        raise Conflict(_("Der Drucker ist nicht bereit."), way_out=_("Sehen Sie am Drucker nach."))
    if not alive(session, "work", now=now):
        raise Conflict(
            _("Niemand könnte die Heizung wieder abschalten."),
            way_out=_("Sagen Sie der Administration Bescheid."),
        )


def about_to_print(attempts: Mapping[int, Sequence[Attempt]]) -> set[int]:
    """Printers on which a start of ours is under way: their heaters are left alone."""
    return {id_ for id_, rows in attempts.items() if any(row.state in ABOUT_TO_PRINT for row in rows)}


def orders(
    session: Session, printer_ids: list[int], left_alone: set[int], *, now: datetime
) -> dict[int, Heat]:
    """printer_id → what to tell its heaters now: one query. Not in the moment before a start."""
    found: dict[int, Heat] = {}
    for row in session.scalars(sa.select(Preheat).where(Preheat.printer_id.in_(printer_ids))):
        if row.until <= now:
            found[row.printer_id] = Heat(off=True)
        elif not row.heated:
            found[row.printer_id] = Heat(row.tool, row.bed)
    return {id_: heat for id_, heat in found.items() if id_ not in left_alone}


def may_be_told(status: HostStatus) -> bool:
    """Between this look and the order a start of ours takes longer than the two requests do."""
    return status.state is HostState.OPERATIONAL


def note(session: Session, looks: Sequence["Seen"]) -> None:
    """What came of the orders: one read. A print, ours or foreign, has the heaters from now on."""
    ids = [seen.errand.printer_id for seen in looks]
    rows = {
        row.printer_id: row for row in session.scalars(sa.select(Preheat).where(Preheat.printer_id.in_(ids)))
    }
    for seen in looks:
        if row := rows.get(seen.errand.printer_id):
            _note(session, row, seen)


def _note(session: Session, row: Preheat, seen: "Seen") -> None:
    told = seen.errand.heat if seen.heated else None
    busy = seen.status is not None and seen.status.state.busy
    if busy or (told is not None and told.off):
        session.delete(row)
    elif told is not None and (row.tool, row.bed) == (told.tool, told.bed):
        row.heated = True
