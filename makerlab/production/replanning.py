"""Taking copies off plates that were not started, so that they are planned anew for the machines at hand."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from designs.profiles import Machine, Profiles
from makerlab.core.audit import record
from makerlab.people.models import Account
from makerlab.production.at_hand import printers_at_hand
from makerlab.production.holding import must_instruct
from makerlab.production.models import Attempt, Copy, CopyState, Order, Plate
from makerlab.production.plates import made_with, take_order
from makerlab.production.queries import waiting_plates


def replan(session: Session, order: Order, *, by: Account, now: datetime) -> int:
    """Plan all plates anew that were not started; the number of copies this is about. Raises Forbidden."""
    must_instruct(by)
    taken = take_off(session, order, [plate.id for plate in order.plates])
    record(session, "order.replanned", f"order:{order.id}", actor_id=by.id, now=now, copies=taken)
    return taken


def stranded(session: Session, machines: Mapping[str, Machine]) -> dict[int, list[int]]:
    """order_id → its waiting plates for a machine model that nobody has any more, while another one fits.

    A printer counts as there while it is in service at the site of the order, not held and not silent.
    """
    found: dict[int, list[int]] = {}
    models: dict[tuple[str, int | None], set[str]] = {}  # by file and site
    for plate in waiting_plates(session):
        file, site_id = plate.order.file, plate.order.placed_by.site_id
        where = file.mesh_sha256, site_id
        if where not in models:
            needs = plate.order.revision.design.needs
            there = printers_at_hand(session, file, machines, site_id, needs)
            models[where] = {one.machine for one in there}
        if models[where] and plate.machine not in models[where]:
            found.setdefault(plate.order_id, []).append(plate.id)
    return found


def outdated(session: Session, profiles: Profiles) -> dict[int, list[int]]:
    """order_id → its waiting plates that were prepared with settings which the lab has changed since.

    A review of the new settings must not let G-code of the old ones start.
    """
    found: dict[int, list[int]] = {}
    present: dict[tuple[str, ...], str] = {}
    for plate in waiting_plates(session):
        inputs = plate.slice.inputs
        keys = tuple(str(inputs.get(name)) for name in ("machine", "process", "material", "supports"))
        if inputs.get("made_with") and keys not in present:
            present[keys] = made_with(inputs, profiles)
        if inputs.get("made_with") and inputs["made_with"] != present[keys]:
            found.setdefault(plate.order_id, []).append(plate.id)
    return found


def take_off(session: Session, order: Order, plate_ids: list[int]) -> int:
    """Their open copies wait for a plate again; plates that nobody ever tried are gone."""
    take_order(session, order)
    open_ = sa.and_(Copy.plate_id.in_(plate_ids), Copy.order_id == order.id, Copy.state == CopyState.OPEN)
    taken = session.execute(sa.update(Copy).where(open_).values(plate_id=None)).rowcount  # type: ignore[attr-defined]
    order.problem = ""
    session.flush()
    used = sa.exists().where(Copy.plate_id == Plate.id)
    tried = sa.exists().where(Attempt.plate_id == Plate.id)
    session.execute(sa.delete(Plate).where(Plate.id.in_(plate_ids), ~used, ~tried))
    session.expire(order, ["plates", "copies"])
    return int(taken)
