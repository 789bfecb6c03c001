"""From open copies to plates: which machine model, how many copies on a bed, and the slice they share."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from designs.arrange import arrange
from designs.errors import DesignError
from designs.profiles import Machine, Profiles
from designs.read import read
from designs.slicer import Placement, SliceJob, slice_key
from makerlab.core.files import FileStore
from makerlab.fleet.models import Printer
from makerlab.production.models import Copy, CopyState, Order, Plate, Slice, SliceState
from makerlab.production.rules import split


def orders_to_plan(session: Session) -> Sequence[Order]:
    """Orders with open copies on no plate."""
    unplanned = sa.exists().where(
        Copy.order_id == Order.id, Copy.state == CopyState.OPEN, Copy.plate_id.is_(None)
    )
    query = sa.select(Order).where(unplanned, Order.cancelled_at.is_(None), Order.problem == "")
    return session.scalars(query.options(joinedload(Order.revision)).order_by(Order.id)).all()


def plan(
    session: Session,
    order: Order,
    *,
    files: FileStore,
    profiles: Profiles,
    slicer_version: str,
    now: datetime,
) -> list[Plate]:
    """Put the order's open copies on plates. An order that fits no machine gets a `problem` instead."""
    copies = session.scalars(
        sa.select(Copy)
        .where(Copy.order_id == order.id, Copy.state == CopyState.OPEN, Copy.plate_id.is_(None))
        .order_by(Copy.number)
    ).all()
    machine = choose_machine(session, order, profiles)
    if machine is None:
        order.problem = "no_machine"
        return []
    try:
        sizes = _beds(order, machine, len(copies), files)
    except DesignError as error:
        order.problem = error.code
        return []
    plates = []
    for placements in sizes:
        batch, copies = copies[: len(placements)], copies[len(placements) :]
        plates.append(
            _make_plate(session, order, batch, machine, placements, files, profiles, slicer_version, now)
        )
    return plates


def choose_machine(session: Session, order: Order, profiles: Profiles) -> Machine | None:
    """The model with most printers that could start at once: right spool first, then in service at all."""
    size = sorted((order.revision.width_mm, order.revision.depth_mm))
    best: dict[str, tuple[int, int]] = {}
    for printer in session.scalars(sa.select(Printer).where(Printer.out_of_service == "")):
        machine = profiles.machines.get(printer.machine)
        if machine is None or not _fits(size, order.revision.height_mm, machine):
            continue
        loaded = printer.spool is not None and _right_spool(printer, order)
        ready, all_ = best.get(machine.key, (0, 0))
        best[machine.key] = (ready + loaded, all_ + 1)
    key = max(best, key=lambda name: (best[name], name), default=None)
    return profiles.machines[key] if key else None


def _right_spool(printer: Printer, order: Order) -> bool:
    spool = printer.spool
    return (
        spool is not None
        and spool.material == order.revision.material
        and spool.colour_id == order.product.colour_id
    )


def _fits(footprint: list[float], height_mm: float, machine: Machine) -> bool:
    bed = sorted(machine.bed_mm)
    return footprint[0] <= bed[0] and footprint[1] <= bed[1] and height_mm <= machine.height_mm


def _beds(order: Order, machine: Machine, copies: int, files: FileStore) -> list[tuple[Placement, ...]]:
    """The placements of each plate. Plates of the same size share one arrangement, and so one slice."""
    mesh = read(files.path(order.revision.mesh_sha256), kind="stl").placed()
    first = arrange(mesh, copies, machine).placements
    if not first:
        raise DesignError("too_large", "The piece fits no bed.")
    sizes = split(copies, len(first))
    last = first if sizes[-1] == len(first) else arrange(mesh, sizes[-1], machine).placements
    return [first] * (len(sizes) - 1) + [last]


def _make_plate(
    session: Session,
    order: Order,
    copies: Sequence[Copy],
    machine: Machine,
    placements: tuple[Placement, ...],
    files: FileStore,
    profiles: Profiles,
    slicer_version: str,
    now: datetime,
) -> Plate:
    revision = order.revision
    inputs = {
        "mesh_sha256": revision.mesh_sha256,
        "machine": machine.key,
        "process": revision.process,
        "material": revision.material,
        "supports": revision.supports,
        "placements": [[place.x_mm, place.y_mm, place.angle_deg] for place in placements],
    }
    key = slice_key(revision.mesh_sha256, job_of(inputs, files, profiles), slicer_version)
    if session.get(Slice, key) is None:
        session.add(Slice(key=key, inputs=inputs, queued_at=now))
        session.flush()
    number = (session.scalar(sa.select(sa.func.max(Plate.number)).where(Plate.order_id == order.id)) or 0) + 1
    plate = Plate(
        order_id=order.id,
        number=number,
        machine=machine.key,
        pieces=len(placements),
        slice_key=key,
        made_at=now,
    )
    session.add(plate)
    session.flush()
    for copy in copies:
        copy.plate_id = plate.id
    session.flush()
    return plate


def job_of(inputs: dict[str, object], files: FileStore, profiles: Profiles) -> SliceJob:
    """What the slicer is asked to do, from what stands in the row."""
    placements: list[list[float]] = inputs["placements"]  # type: ignore[assignment]
    return SliceJob(
        mesh_stl=files.path(str(inputs["mesh_sha256"])),
        placements=tuple(Placement(*place) for place in placements),
        machine=profiles.machine(str(inputs["machine"])),
        process=profiles.process(str(inputs["process"])),
        material=profiles.material(str(inputs["material"])),
        supports=bool(inputs["supports"]),
    )


def waiting_slices(session: Session) -> Sequence[str]:
    """Keys of slices that nobody works on."""
    return session.scalars(
        sa.select(Slice.key).where(Slice.state == SliceState.QUEUED).order_by(Slice.queued_at)
    ).all()
