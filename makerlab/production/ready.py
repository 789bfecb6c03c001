"""When an order would be ready: what the printers do now, what waits before it, and what it takes itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from designs.profiles import Machine
from makerlab.catalog.estimates import best_estimate, best_estimates
from makerlab.catalog.models import Estimate, Revision
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
    """As the planner would spread them; None when no printer in service fits or nobody estimated it."""
    models = models_at_hand(
        session, revision, colour_id=colour_id, lot="", machines=machines,
        capacity=lambda machine: _bed_holds(machine, revision), seconds=piece_seconds(revision),
        site_id=site_id,
    )  # fmt: skip
    waiting = waiting_s(session)
    found = []
    for share in spread(pieces, models):
        estimate = best_estimate(revision, share.model.key)
        if estimate is None:
            return None
        before = waiting.get(share.model.key, [])
        found.append([_end(share, before, each) for each in (estimate.time_low_s, estimate.time_high_s)])
    if not found:
        return None
    return Ready(max(low for low, _ in found), max(high for _, high in found))


def _end(share: Spread, before: Sequence[float], piece_s: float) -> float:
    own = [share.model.plate_s + size * piece_s for size in share.sizes]
    return ready_in(share.model.free_in_s, before, own) or 0.0


def grams_for(revision: Revision, pieces: int) -> float | None:
    """Filament of so many pieces in grams; None where nobody estimated it yet."""
    best: Sequence[Estimate] = best_estimates(revision)
    return best[0].filament_g * pieces if best else None


def _bed_holds(machine: Machine, revision: Revision) -> int:
    """How many pieces stand on one bed, in rows and columns; at least one."""
    sizes = zip(machine.bed_mm, (revision.width_mm, revision.depth_mm), strict=True)
    columns, rows = (max(1, int(bed // (size + GAP_MM))) for bed, size in sizes)
    return columns * rows
