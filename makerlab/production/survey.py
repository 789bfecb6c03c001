"""Reads the floor: printers, prints, plates that wait, spools.

By columns, in a number of queries that does not grow with the lab: rows as objects cost many times as much.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.access import Role
from makerlab.fleet.hours import Week, minute_of_week, week_of
from makerlab.fleet.models import Bed, Printer, Sight, SiteHours
from makerlab.fleet.queries import maintenance_blocks
from makerlab.materials.models import Colour, FilamentMovement, Spool
from makerlab.people.models import Account, RoleRow, Site, account_role
from makerlab.production.floor import (
    FAULTY,
    IDLE,
    UNREACHABLE,
    Floor,
    Person,
    Print,
    Spot,
    reserved_g,
    shown_s,
)
from makerlab.production.matching import Filament, OnShelf
from makerlab.production.models import (
    Attempt,
    AttemptStep,
    Held,
    Order,
    Slice,
    Step,
)
from makerlab.production.models import Plate as PlateRow
from makerlab.production.obstacles import Obstacle, PrinterNow
from makerlab.production.rules import seconds_left
from makerlab.production.states import ENDED, OVER, RUNNING, AttemptState
from makerlab.production.waiting import PIECE, piece_of, plates_that, tags_of, with_piece
from makerlab.training.queries import instructed_machines

MILLIGRAMS = 1000
Hours = tuple[Week | None, bool]  # when people are at a site, and whether prints may end while nobody is
ALWAYS: Hours = (None, False)


def survey(
    session: Session, *, now: datetime, which: sa.ColumnElement[bool] | None = None,
    printer_id: int | None = None, also_id: int | None = None,
) -> Floor:  # fmt: skip
    """The floor as it stands. `now` in the time zone of the lab: its clock decides whether people are there.

    `which`: only plates of which this holds, whether or not all their copies are open. `printer_id`: only
    that printer; `also_id`: that one too, although it is not in use any more.
    """
    session.flush()
    there = session.connection()  # beside the ORM: it would look at each row for objects
    prints, rows = there.execute(_PRINTS).all(), _printers(there, printer_id, also_id)
    spools = there.execute(_SPOOLS).all()
    reserved = _reserved(prints)
    grams = {row.id: (row.milligrams or 0) / MILLIGRAMS - reserved.get(row.id, 0.0) for row in spools}
    loaded = {row.spool_id for row in rows} if printer_id is None else _loaded(there)
    hours = {row.site_id: (week_of(row.week), row.may_end_alone) for row in there.execute(_HOURS)}
    blocked = maintenance_blocks(session, now=now)
    by_printer = {row.printer_id: row for row in prints}
    return Floor(
        spots=tuple(
            _spot(
                row,
                by_printer.get(row.id),
                grams.get(row.spool_id, 0.0),
                hours.get(row.site_id, ALWAYS),
                row.id in blocked,
            )
            for row in rows
        ),
        plates=tuple(plates_that(there, which, now=now)),
        shelf=tuple(_on_shelf(row, grams[row.id]) for row in spools if row.id not in loaded),
        minute=minute_of_week(now),
        colours=tuple((id_, name, hex_) for id_, name, hex_ in there.execute(_COLOURS)),
    )


def obstacles_at(
    session: Session, plate_id: int, printer_id: int, *, account_id: int, now: datetime
) -> list[Obstacle]:
    """For one plate, one printer and the person standing there, as the database says now."""
    floor = survey(session, now=now, which=PlateRow.id == plate_id, printer_id=printer_id)
    person = person_of(session, account_id, now=now)
    found = [floor.at(plate, spot, person).obstacles for plate in floor.plates for spot in floor.spots]
    return found[0] if found else [Obstacle.OUT_OF_SERVICE]


def person_of(session: Session, account_id: int, *, now: datetime) -> Person:
    """What this person may run, and whether they are an instructor: two queries."""
    role = sa.select(account_role.c.account_id).join(RoleRow, RoleRow.id == account_role.c.role_id)
    theirs = role.where(account_role.c.account_id == account_id, RoleRow.name == Role.INSTRUCTOR.value)
    machines = instructed_machines(session, account_id, today=now.date())
    return Person(account_id, frozenset(machines), session.scalar(theirs) is not None)


_PRINTERS = (
    sa.select(
        Printer.id, Printer.code, Printer.name, Printer.machine, Printer.site_id, Printer.spool_id,
        Printer.bed, Printer.out_of_service, Printer.retired_at, Printer.held, Printer.nozzle_mm,
        sa.cast(Printer.tags, sa.Text).label("tags"), Site.name.label("site"), Spool.material,
        Spool.colour_id, Spool.lot, Sight.state, Sight.alarm, Sight.foreign, Sight.progress, Sight.left_s,
        Sight.file,
    )
    .join(Site, Site.id == Printer.site_id)
    .outerjoin(Spool, Spool.id == Printer.spool_id)
    .outerjoin(Sight, Sight.printer_id == Printer.id)
    .order_by(Printer.name)
)  # fmt: skip


def _printers(there: sa.Connection, only_id: int | None, also_id: int | None) -> Sequence[Any]:
    in_use = sa.or_(Printer.retired_at.is_(None), Printer.id == also_id)
    return there.execute(_PRINTERS.where(in_use if only_id is None else Printer.id == only_id)).all()


def _loaded(there: sa.Connection) -> set[int | None]:
    return set(there.scalars(sa.select(Printer.spool_id)))


# Those that are not empty, and those in a printer all the same: a spool there is never on the shelf.
_OF_USE = sa.or_(Spool.emptied_at.is_(None), sa.exists().where(Printer.spool_id == Spool.id))
_SPOOLS = (
    sa.select(
        Spool.id, Spool.material, Spool.colour_id, Spool.lot,
        sa.func.sum(FilamentMovement.milligrams).label("milligrams"),
    )
    .outerjoin(FilamentMovement, FilamentMovement.spool_id == Spool.id)
    .where(_OF_USE)
    .group_by(Spool.id, Spool.material, Spool.colour_id, Spool.lot)
    .order_by(Spool.id)
)  # fmt: skip
_COLOURS = sa.select(Colour.id, Colour.name, Colour.hex)
_HOURS = sa.select(SiteHours.site_id, SiteHours.week, SiteHours.may_end_alone)


def _on_shelf(row: Any, grams: float) -> OnShelf:
    return OnShelf(row.id, Filament(row.material, row.colour_id, row.lot), grams)


_PRINTS = with_piece(
    sa.select(
        Attempt.id, Attempt.printer_id, Attempt.plate_id, Attempt.spool_id, Attempt.state, Attempt.progress,
        Attempt.conflict, Attempt.reason, Attempt.wish, Attempt.remote_name, Slice.time_s, Slice.filament_g,
        AttemptStep.account_id.label("started_by_id"), Account.name.label("who"), *PIECE,
    )
    .join(PlateRow, PlateRow.id == Attempt.plate_id)
    .join(Slice, Slice.key == PlateRow.slice_key)
    .join(Order, Order.id == PlateRow.order_id)
    .outerjoin(
        AttemptStep, sa.and_(AttemptStep.attempt_id == Attempt.id, AttemptStep.step == Step.STARTED)
    )
    .outerjoin(Account, Account.id == AttemptStep.account_id)
).where(Attempt.state.not_in(ENDED))  # fmt: skip


def _reserved(prints: Sequence[Any]) -> dict[int, float]:
    """spool id → grams that running and uncollected prints take of it and that no book shows yet."""
    found: dict[int, float] = {}
    for row in prints:
        if row.spool_id is not None:
            grams = reserved_g(row.filament_g or 0.0, row.state, row.progress)
            found[row.spool_id] = found.get(row.spool_id, 0.0) + grams
    return found


@lru_cache(maxsize=1024)
def _spot(row: Any, print_: Any, grams_free: float, hours: Hours, upkeep_due: bool) -> Spot:
    """The same rows make the same spot: of many printers nothing changes from poll to poll."""
    return Spot(
        id=row.id, code=row.code, name=row.name, site=row.site, sight=row.state or "unseen",
        alarm=row.alarm or "", progress=None if row.progress is None else round(row.progress, 2),
        out_of_service=row.out_of_service, bed=row.bed, spool_id=row.spool_id,
        now=_now(row, print_, grams_free, hours, upkeep_due),
        print=None if print_ is None else _print(print_, row),
    )  # fmt: skip


def _now(row: Any, print_: Any, grams_free: float, hours: Hours, upkeep_due: bool) -> PrinterNow:
    sight, state = row.state or "unseen", print_.state if print_ is not None else None
    return PrinterNow(
        machine=row.machine, material=row.material, colour_id=row.colour_id, lot=row.lot or "",
        grams_free=grams_free, nozzle_mm=row.nozzle_mm, tags=tags_of(row.tags),
        site_id=row.site_id, idle=sight == IDLE, reachable=sight not in UNREACHABLE, error=sight in FAULTY,
        out_of_service=bool(row.out_of_service or row.retired_at), active=state is not None,
        to_collect=state in OVER,
        unclear=state is AttemptState.UNKNOWN, foreign=bool(row.foreign), bed_clear=row.bed is Bed.CLEAR,
        held=row.held != Held.NOT, upkeep_due=upkeep_due,
        week=hours[0], may_end_alone=hours[1],
    )  # fmt: skip


def _print(row: Any, printer: Any) -> Print:
    return Print(
        row.id, row.plate_id, row.state, piece_of(row), round(row.progress, 2), _left_s(row, printer),
        row.conflict, row.reason, row.wish, row.who or "", row.started_by_id,
    )  # fmt: skip


def _left_s(row: Any, printer: Any) -> float | None:
    """As fine as it is shown; None where nothing runs."""
    if row.state not in RUNNING:
        return None
    said = printer.left_s if printer.file == row.remote_name else None
    left = seconds_left(said, row.time_s, row.progress)
    return None if left is None else shown_s(left)
