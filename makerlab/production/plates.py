"""From open copies to plates: which machine model, how many copies on a bed, and the slice they share."""

from collections.abc import Sequence
from dataclasses import dataclass
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

# Problems that may go away by themselves: a printer is added or repaired, the slicer is installed.
PASSING = ("no_machine", "slicer_missing", "slicer_unknown")


def orders_to_plan(session: Session, *, again: bool = False) -> Sequence[Order]:
    """Orders with open copies on no plate; `again`: also those whose problem may have gone away."""
    unplanned = sa.exists().where(
        Copy.order_id == Order.id, Copy.state == CopyState.OPEN, Copy.plate_id.is_(None)
    )
    problems = ("", *PASSING) if again else ("",)
    query = sa.select(Order).where(unplanned, Order.cancelled_at.is_(None), Order.problem.in_(problems))
    return session.scalars(query.options(joinedload(Order.revision)).order_by(Order.id)).all()


@dataclass(frozen=True, slots=True)
class Layout:
    """How an order's open copies would be put on plates, or the `problem` (a code) that prevents it."""

    copy_ids: tuple[int, ...]
    machine: Machine | None = None
    beds: tuple[tuple[Placement, ...], ...] = ()
    problem: str = ""


def lay_out(session: Session, order: Order, *, files: FileStore, profiles: Profiles) -> Layout:
    """Only reads. Arranging may take seconds, so nobody should hold a lock meanwhile."""
    ids = tuple(_unplanned(session, order.id))
    machine = choose_machine(session, order, profiles)
    if machine is None:
        return Layout(ids, problem="no_machine")
    try:
        return Layout(ids, machine, tuple(_beds(order, machine, len(ids), files)))
    except DesignError as error:
        return Layout(ids, problem=error.code)


def put_on_plates(
    session: Session, order: Order, layout: Layout, *, files: FileStore, profiles: Profiles,
    slicer_version: str, now: datetime,
) -> list[Plate]:  # fmt: skip
    """Make the plates of `layout`; none when the order changed meanwhile: it is laid out anew."""
    if order.cancelled_at or tuple(_unplanned(session, order.id)) != layout.copy_ids:
        return []
    order.problem = layout.problem
    if layout.machine is None:
        return []
    copies, plates = [session.get_one(Copy, id_) for id_ in layout.copy_ids], []
    for placements in layout.beds:
        batch, copies = copies[: len(placements)], copies[len(placements) :]
        inputs, key = _recipe(order, layout.machine, placements, files, profiles, slicer_version)
        plates.append(_make_plate(session, order, batch, layout.machine, inputs, key, now))
    return plates


def _unplanned(session: Session, order_id: int) -> Sequence[int]:
    here = sa.and_(Copy.order_id == order_id, Copy.state == CopyState.OPEN, Copy.plate_id.is_(None))
    return session.scalars(sa.select(Copy.id).where(here).order_by(Copy.number)).all()


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
    *_, rest = split(copies, len(first))
    last = first if rest == len(first) else arrange(mesh, rest, machine).placements
    return [first] * (-(-copies // len(first)) - 1) + [last]


def _recipe(
    order: Order, machine: Machine, placements: tuple[Placement, ...], files: FileStore, profiles: Profiles,
    slicer_version: str,
) -> tuple[dict[str, object], str]:  # fmt: skip
    """What is sliced, and the key of the result."""
    revision = order.revision
    inputs: dict[str, object] = {
        "mesh_sha256": revision.mesh_sha256,
        "machine": machine.key,
        "process": revision.process,
        "material": revision.material,
        "supports": revision.supports,
        "placements": [[place.x_mm, place.y_mm, place.angle_deg] for place in placements],
    }
    return inputs, slice_key(revision.mesh_sha256, job_of(inputs, files, profiles), slicer_version)


def _want_slice(session: Session, key: str, inputs: dict[str, object], now: datetime) -> None:
    """The slice under this key, made when it is new; one that failed is tried again for the new plate."""
    slice_ = session.get(Slice, key)
    if slice_ is None:
        session.add(Slice(key=key, inputs=inputs, queued_at=now))
    elif slice_.state is SliceState.FAILED:
        slice_.state, slice_.tries, slice_.error, slice_.queued_at = SliceState.QUEUED, 0, "", now
    session.flush()


def _make_plate(
    session: Session, order: Order, copies: Sequence[Copy], machine: Machine, inputs: dict[str, object],
    key: str, now: datetime,
) -> Plate:  # fmt: skip
    _want_slice(session, key, inputs, now)
    number = (session.scalar(sa.select(sa.func.max(Plate.number)).where(Plate.order_id == order.id)) or 0) + 1
    plate = Plate(
        order_id=order.id, number=number, machine=machine.key, pieces=len(copies), slice_key=key, made_at=now
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
