"""When an order would be ready: what the printers do now, what waits before it, and what it takes itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from designs.profiles import Machine
from makerlab.catalog.estimates import best_estimates
from makerlab.catalog.models import Estimate, Revision
from makerlab.fleet.models import Printer
from makerlab.production.models import Attempt, Plate
from makerlab.production.queries import active_attempts, waiting_plates
from makerlab.production.rules import ready_in, split
from makerlab.production.states import AT_PRINTER, BEFORE_START, AttemptState

GAP_MM = 6.0  # between two pieces on a bed, as a rough count of how many it holds

WORKING = (BEFORE_START | AT_PRINTER) - {AttemptState.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Ready:
    """Seconds from now until all pieces are made: at the earliest, and with what the estimate leaves open."""

    low_s: float
    high_s: float


def ready(
    session: Session, revision: Revision, pieces: int, *, machines: Mapping[str, Machine]
) -> Ready | None:
    """On the machine model that is done first; None when no printer that is in service fits."""
    attempts, waiting = active_attempts(session), waiting_plates(session)
    printers = session.scalars(sa.select(Printer).where(Printer.out_of_service == "")).unique().all()
    found = []
    for estimate in best_estimates(revision):
        free = [_free_in(one, attempts.get(one.id)) for one in printers if one.machine == estimate.machine]
        before = [_plate_s(plate) for plate in waiting if plate.machine == estimate.machine]
        sizes = split(pieces, _bed_holds(machines[estimate.machine], revision))
        low = ready_in(free, before, [estimate.time_low_s * size for size in sizes])
        high = ready_in(free, before, [estimate.time_high_s * size for size in sizes])
        if low is not None and high is not None:
            found.append(Ready(low, high))
    return min(found, key=lambda one: one.high_s, default=None)


def grams_for(revision: Revision, pieces: int) -> float | None:
    """Filament of so many pieces in grams; None where nobody estimated it yet."""
    best: Sequence[Estimate] = best_estimates(revision)
    return best[0].filament_g * pieces if best else None


def left_s(attempt: Attempt, printer: Printer) -> float | None:
    """Seconds left of a print: as the printer says, else what the slicer said less what is done."""
    sight = printer.sight
    if sight and sight.file == attempt.remote_name and sight.left_s is not None:
        return sight.left_s
    planned = attempt.plate.slice.time_s
    return None if planned is None else planned * (1.0 - attempt.progress)


def _free_in(printer: Printer, attempt: Attempt | None) -> float:
    if attempt is None:
        foreign = printer.sight and printer.sight.foreign
        return (printer.sight.left_s or 0.0) if foreign else 0.0
    return (left_s(attempt, printer) or 0.0) if attempt.state in WORKING else 0.0


def _plate_s(plate: Plate) -> float:
    """What the slicer said; before it said anything the plate counts nothing: that is over in seconds."""
    return plate.slice.time_s or 0.0


def _bed_holds(machine: Machine, revision: Revision) -> int:
    """How many pieces stand on one bed, in rows and columns; at least one."""
    sizes = zip(machine.bed_mm, (revision.width_mm, revision.depth_mm), strict=True)
    columns, rows = (max(1, int(bed // (size + GAP_MM))) for bed, size in sizes)
    return columns * rows
