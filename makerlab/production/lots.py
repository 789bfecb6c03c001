"""The lot of filament that is held for a series, so that all its pieces have one colour."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.catalog.models import Part, Revision
from makerlab.core.audit import record
from makerlab.core.errors import Conflict, Invalid
from makerlab.core.language import _
from makerlab.people.models import Account
from makerlab.production.at_hand import spools_for
from makerlab.production.holding import must_instruct
from makerlab.production.models import Copy, CopyState, Order, Plate
from makerlab.production.ready import grams_for


@dataclass(frozen=True, slots=True)
class LotNow:
    """A lot and the grams on all its spools."""

    lot: str
    grams: float
    spools: int


def lots_for(session: Session, order: Order) -> list[LotNow]:
    """Lots of the right material and colour with something left, the fullest first."""
    colour_id = order.product.colour_id
    return lots_by_colour(session, order.file, colour_id=colour_id).get(colour_id, [])


def lots_by_colour(
    session: Session, file: Revision | Part, *, colour_id: int | None = None
) -> dict[int, list[LotNow]]:
    """colour_id → the lots of the right material with something left, the fullest first."""
    found: dict[tuple[int, str], LotNow] = {}
    for spool, grams in spools_for(session, file, colour_id, "").items():
        if spool.lot:
            before = found.get((spool.colour_id, spool.lot), LotNow(spool.lot, 0.0, 0))
            after = LotNow(spool.lot, before.grams + grams, before.spools + 1)
            found[spool.colour_id, spool.lot] = after
    by_colour: dict[int, list[LotNow]] = {}
    for (colour, _lot), lot in sorted(found.items(), key=lambda one: -one[1].grams):
        by_colour.setdefault(colour, []).append(lot)
    return by_colour


def grams_wanted(session: Session, order: Order) -> float | None:
    """What the open copies will take: as sliced, as estimated where not; None where nobody knows."""
    rows = session.execute(
        sa.select(Copy.plate_id, sa.func.count())
        .where(Copy.order_id == order.id, Copy.state == CopyState.OPEN)
        .group_by(Copy.plate_id)
    ).all()
    total = 0.0
    for plate_id, copies in rows:
        plate = session.get(Plate, plate_id) if plate_id else None
        grams = (plate.slice.filament_g if plate else None) or grams_for(order.file, copies)
        if grams is None:
            return None
        total += grams
    return total


def change_lot(session: Session, order: Order, lot: str, *, reason: str, by: Account, now: datetime) -> None:
    """Hold another lot for the rest, or none until the next start. Raises Forbidden, Invalid, Conflict."""
    must_instruct(by)
    if not reason:
        raise Invalid(_("Schreiben Sie einen Grund."))
    if lot and lot not in {one.lot for one in lots_for(session, order)}:
        raise Conflict(_("Von dieser Charge ist nichts mehr da."), way_out=_("Wählen Sie eine andere."))
    if (before := order.lot) == lot:
        return
    order.lot = lot
    session.flush()
    record(
        session, "order.lot", f"order:{order.id}", actor_id=by.id, now=now, before=before, after=lot,
        reason=reason,
    )  # fmt: skip
