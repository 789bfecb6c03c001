"""What slicing teaches the catalogue: the estimate of one piece gets the slicer's figures."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from designs.profiles import Profiles
from designs.profiles.cost import cost_eur
from makerlab.catalog.estimates import refine
from makerlab.catalog.models import Revision, Source
from makerlab.production.models import Order, Plate, Slice

SPREAD = 0.1  # of a machine's real time around the slicer's figure, until runs of this machine say better


def refine_from_slice(session: Session, slice_: Slice, profiles: Profiles) -> None:
    """Share the plate's time and filament among its pieces, for each revision that this slice is of."""
    machine = profiles.machine(slice_.inputs["machine"])
    material = profiles.material(slice_.inputs["material"])
    pieces = len(slice_.inputs["placements"])
    seconds, grams = (slice_.time_s or 0.0) / pieces, (slice_.filament_g or 0.0) / pieces
    of_this_slice = sa.select(Order.revision_id).join(Plate).where(Plate.slice_key == slice_.key)
    for revision in session.scalars(sa.select(Revision).where(Revision.id.in_(of_this_slice))):
        refine(
            session, revision, machine.key, Source.SLICER, time_s=seconds, spread=SPREAD,
            filament_mm=(slice_.filament_mm or 0.0) / pieces, filament_g=grams,
            cost_cents=round(100 * cost_eur(machine, material, grams=grams, seconds=seconds)),
        )  # fmt: skip
