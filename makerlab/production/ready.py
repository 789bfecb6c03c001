"""When an order would be ready: what the printers do now, what waits before it, and what it takes itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from designs.profiles import Machine
from makerlab.catalog.estimates import best_estimate, best_estimates
from makerlab.catalog.models import Estimate, Part, Revision
from makerlab.catalog.queries import files_of, part_count
from makerlab.production.at_hand import models_at_hand, piece_seconds
from makerlab.production.queries import waiting_s
from makerlab.production.rules import ready_in
from makerlab.production.spreading import Spread, spread

GAP_MM = 6.0  # between two pieces on a bed, as a rough count of how many it holds


@dataclass(frozen=True, slots=True)
class Ready:
    """Seconds from now until all pieces are made: at the earliest, and with what the estimate leaves open."""

    low_s: float
    high_s: float


def ready(
    session: Session,
    revision: Revision,
    pieces: int,
    *,
    colour_id: int,
    machines: Mapping[str, Machine],
    site_id: int | None = None,
) -> Ready | None:
    """As the planner would spread them, one part after the other.

    None when no printer in service fits a part or nobody estimated it.
    """
    waiting = waiting_s(session)
    found: list[Ready] = []
    for file in files_of(revision):
        models = models_at_hand(
            session, file, colour_id=colour_id, lot="", machines=machines,
            capacity=lambda machine, file=file: _bed_holds(machine, file), seconds=piece_seconds(file),
            site_id=site_id, needs=revision.design.needs,
        )  # fmt: skip
        shares = spread(pieces * part_count(file), models)
        ends = [_end(share, waiting.get(share.model.key, []), file) for share in shares]
        if not ends or None in ends:
            return None
        found += [end for end in ends if end is not None]
        for share in shares:  # the next part waits for these plates
            own = [share.model.plate_s + size * share.model.piece_s for size in share.sizes]
            waiting[share.model.key] = [*waiting.get(share.model.key, []), *own]
    return Ready(max(one.low_s for one in found), max(one.high_s for one in found))


def _end(share: Spread, before: Sequence[float], file: Revision | Part) -> Ready | None:
    estimate = best_estimate(file, share.model.key)
    if estimate is None:
        return None
    low, high = (
        ready_in(
            share.model.free_in_s, before, [share.model.plate_s + size * piece_s for size in share.sizes]
        )
        or 0.0
        for piece_s in (estimate.time_low_s, estimate.time_high_s)
    )
    return Ready(low, high)


def grams_for(file: Revision | Part, pieces: int) -> float | None:
    """Filament of so many copies in grams; None where nobody estimated it yet."""
    best: Sequence[Estimate] = best_estimates(file)
    return best[0].filament_g * pieces if best else None


def grams_by_material(revision: Revision, pieces: int) -> dict[str, float] | None:
    """Material → filament of so many pieces with all their parts; None where nobody estimated one yet."""
    found: dict[str, float] = {}
    for file in files_of(revision):
        if (grams := grams_for(file, pieces * part_count(file))) is None:
            return None
        found[file.material] = found.get(file.material, 0.0) + grams
    return found


def _bed_holds(machine: Machine, file: Revision | Part) -> int:
    """How many copies stand on one bed, in rows and columns; at least one."""
    sizes = zip(machine.bed_mm, (file.width_mm, file.depth_mm), strict=True)
    columns, rows = (max(1, int(bed // (size + GAP_MM))) for bed, size in sizes)
    return columns * rows
