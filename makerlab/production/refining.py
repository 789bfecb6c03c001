"""What slicing and planning teach the catalogue: the estimate of one piece gets the plate's share."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from designs.profiles import Profiles
from designs.profiles.cost import cost_eur
from makerlab.catalog.estimates import refine
from makerlab.catalog.models import Part, Revision, Source
from makerlab.catalog.printing import settings_sha256
from makerlab.production.models import Order, Plate, Slice

# Half widths of the range, as shares of the time. Our planner and the slicer's own are 0.3 % apart (90th
# percentile, `python -m bench.gcode_time`): arithmetic is not what makes the range. What a real printer does
# with the same moves, when its host feeds it late or its belts are slow, nobody has measured here yet: until
# `measured` has runs of this machine, half of what a slicer is given is left for that, because the planner
# counts with the lab's own limits of the machine, and a slicer's profile may know others.
SPREAD_OF_SLICER = 0.1
SPREAD_OF_PLANNER = 0.05


def refine_from_slice(session: Session, slice_: Slice, profiles: Profiles) -> None:
    """The slicer's figures, for each file that this slice is of."""
    _share(session, slice_, profiles, Source.SLICER, slice_.time_s or 0.0, SPREAD_OF_SLICER)


def refine_from_planner(session: Session, slice_: Slice, seconds: float, profiles: Profiles) -> None:
    """The planner's seconds for the plate; its filament is the slicer's, which counts it exactly."""
    _share(session, slice_, profiles, Source.PLANNER, seconds, SPREAD_OF_PLANNER)


def _share(
    session: Session, slice_: Slice, profiles: Profiles, source: Source, plate_s: float, spread: float
) -> None:
    """Share the plate's time and filament among its pieces."""
    machine = profiles.machine(slice_.inputs["machine"])
    material = profiles.material(slice_.inputs["material"])
    process, supports = profiles.process(slice_.inputs["process"]), bool(slice_.inputs["supports"])
    pieces = len(slice_.inputs["placements"])
    seconds, grams = plate_s / pieces, (slice_.filament_g or 0.0) / pieces
    cents = round(100 * cost_eur(machine, material, grams=grams, seconds=seconds))
    made_with = settings_sha256(machine, process, material, supports=supports)
    orders = sa.select(Order).join(Plate).where(Plate.slice_key == slice_.key)
    own = orders.with_only_columns(Order.revision_id).where(Order.part_id.is_(None))
    revisions = session.scalars(sa.select(Revision).where(Revision.id.in_(own))).all()
    parts = session.scalars(sa.select(Part).where(Part.id.in_(orders.with_only_columns(Order.part_id)))).all()
    for file in (*revisions, *parts):
        refine(
            session, file, machine.key, source, time_s=seconds, spread=spread,
            filament_mm=(slice_.filament_mm or 0.0) / pieces, filament_g=grams, cost_cents=cents,
            made_with=made_with,
        )  # fmt: skip
