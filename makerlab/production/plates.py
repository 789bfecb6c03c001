"""From open copies to plates: which machine models, how many copies on a bed, and the slice they share."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from designs.errors import DesignError
from designs.profiles import Machine, Profiles
from designs.read import read
from designs.slicer import Placement, SliceJob, slice_key
from makerlab.catalog.printing import settings_sha256
from makerlab.core.files import FileStore
from makerlab.production.at_hand import models_at_hand, piece_seconds
from makerlab.production.models import Copy, CopyState, FirstPiece, Order, Plate, Slice, SliceState
from makerlab.production.queries import UNMADE
from makerlab.production.spreading import spread

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
class Bed:
    """One plate to be: where the copies stand on which machine model. `first`: of the first piece."""

    machine: Machine
    placements: tuple[Placement, ...]
    first: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """How an order's open copies would be put on plates, or the `problem` (a code) that prevents it."""

    copy_ids: tuple[int, ...]
    beds: tuple[Bed, ...] = ()
    problem: str = ""


def lay_out(session: Session, order: Order, *, files: FileStore, profiles: Profiles) -> Layout:
    """Only reads. Arranging may take seconds, so nobody should hold a lock meanwhile."""
    ids = tuple(_unplanned(session, order.id))
    try:
        return Layout(ids, tuple(_beds(session, order, len(ids), files, profiles)))
    except NoMachine:
        return Layout(ids, problem="no_machine")
    except DesignError as error:
        return Layout(ids, problem=error.code)


class NoMachine(Exception):
    """No printer in service is large enough."""


def put_on_plates(
    session: Session, order: Order, layout: Layout, *, files: FileStore, profiles: Profiles,
    slicer_version: str, now: datetime,
) -> list[Plate]:  # fmt: skip
    """Make the plates of `layout`; none when the order changed meanwhile: it is laid out anew."""
    take_order(session, order)
    if order.cancelled_at or tuple(_unplanned(session, order.id)) != layout.copy_ids:
        return []
    order.problem = layout.problem
    copies, plates = [session.get_one(Copy, id_) for id_ in layout.copy_ids], []
    for bed in layout.beds:
        batch, copies = copies[: len(bed.placements)], copies[len(bed.placements) :]
        inputs, key = _recipe(order, bed, files, profiles, slicer_version)
        plates.append(_make_plate(session, order, batch, bed, inputs, key, now))
    return plates


def take_order(session: Session, order: Order) -> None:
    """Read the order anew and keep others from changing it until the end of the transaction.

    Whoever claims, holds, plans or cancels takes it first; on SQLite BEGIN IMMEDIATE sees to it.
    """
    session.flush()
    session.refresh(order, with_for_update={"of": Order})


def _unplanned(session: Session, order_id: int) -> Sequence[int]:
    here = sa.and_(Copy.order_id == order_id, Copy.state == CopyState.OPEN, Copy.plate_id.is_(None))
    return session.scalars(sa.select(Copy.id).where(here).order_by(Copy.number)).all()


def _beds(session: Session, order: Order, copies: int, files: FileStore, profiles: Profiles) -> Iterator[Bed]:
    """The first piece by itself where one is wanted, then the rest. Plates of one size share a slice."""
    mesh = read(files.path(order.file.mesh_sha256), kind="stl").placed()
    from designs.arrange import arrange

    beds = cache(lambda size, key: arrange(mesh, size, profiles.machines[key]).placements)
    models = models_at_hand(
        session, order.file, colour_id=order.product.colour_id, lot=order.lot, machines=profiles.machines,
        capacity=lambda machine: len(beds(copies, machine.key)), seconds=piece_seconds(order.file),
        site_id=order.placed_by.site_id, needs=order.revision.design.needs,
    )  # fmt: skip
    if not models:
        raise NoMachine
    first = _first_wanted(session, order)
    shares = spread(copies - first, models)
    if not any(model.capacity for model in models):
        raise DesignError("too_large", "The piece fits no bed.")
    if first:
        # on the model that makes most of the rest: that is the one to be tried
        most = max(shares, key=lambda one: sum(one.sizes)).model if shares else models[0]
        yield Bed(profiles.machines[most.key], beds(1, most.key), first=True)
    for share in shares:
        key, capacity = share.model.key, share.model.capacity
        for size in share.sizes:
            # a full bed was arranged already, when we asked how many it holds
            placements = beds(copies if size == capacity else size, key)
            yield Bed(profiles.machines[key], placements)


def _first_wanted(session: Session, order: Order) -> bool:
    """Whether a plate of one piece has to be made: none waits or prints."""
    under_way = sa.exists().where(
        Plate.order_id == order.id, Plate.first, Copy.plate_id == Plate.id,
        Copy.state.in_(UNMADE),
    )  # fmt: skip
    return order.first_piece is FirstPiece.WANTED and not session.scalar(sa.select(under_way))


def _recipe(
    order: Order, bed: Bed, files: FileStore, profiles: Profiles, slicer_version: str
) -> tuple[dict[str, object], str]:
    """What is sliced, and the key of the result."""
    file = order.file
    inputs: dict[str, object] = {
        "mesh_sha256": file.mesh_sha256,
        "machine": bed.machine.key,
        "process": file.process,
        "material": file.material,
        "supports": file.supports,
        "placements": [[place.x_mm, place.y_mm, place.angle_deg] for place in bed.placements],
    }
    inputs["made_with"] = made_with(inputs, profiles)
    return inputs, slice_key(file.mesh_sha256, job_of(inputs, files, profiles), slicer_version)


def made_with(inputs: Mapping[str, object], profiles: Profiles) -> str:
    """The hash of the settings that a slice is made with; empty when the lab has one of them no longer."""
    machine = profiles.machines.get(str(inputs["machine"]))
    process = profiles.processes.get(str(inputs["process"]))
    material = profiles.materials.get(str(inputs["material"]))
    if machine is None or process is None or material is None:
        return ""
    return settings_sha256(machine, process, material, supports=bool(inputs["supports"]))


def _want_slice(session: Session, key: str, inputs: dict[str, object], now: datetime) -> None:
    """The slice under this key, made when it is new; one that failed is tried again for the new plate."""
    slice_ = session.get(Slice, key)
    if slice_ is None:
        session.add(Slice(key=key, inputs=inputs, queued_at=now))
    elif slice_.state is SliceState.FAILED:
        slice_.state, slice_.tries, slice_.error, slice_.queued_at = SliceState.QUEUED, 0, "", now
    session.flush()


def _make_plate(
    session: Session, order: Order, copies: Sequence[Copy], bed: Bed, inputs: dict[str, object], key: str,
    now: datetime,
) -> Plate:  # fmt: skip
    _want_slice(session, key, inputs, now)
    number = (session.scalar(sa.select(sa.func.max(Plate.number)).where(Plate.order_id == order.id)) or 0) + 1
    plate = Plate(
        order_id=order.id, number=number, machine=bed.machine.key, pieces=len(copies), slice_key=key,
        made_at=now, first=bed.first,
    )  # fmt: skip
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
