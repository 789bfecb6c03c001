"""Orders whose due day cannot be kept any more, however well everything goes from now on."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.fleet.models import Printer
from makerlab.production.made import NAME, with_file
from makerlab.production.models import Attempt, Copy, CopyState, Order, Plate, Slice
from makerlab.production.queries import UNMADE, WANTS_PIECES
from makerlab.production.states import AT_PRINTER, BEFORE_START


@dataclass(frozen=True, slots=True)
class Late:
    order_id: int
    design: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Work:
    """What an order still needs, in seconds: each plate by machine model, and pieces not on a plate yet."""

    plates: Mapping[str, Sequence[float]]
    loose_s: float = 0.0


def least_s(work: Work, printers: Mapping[str, int]) -> float:
    """Seconds that the order takes at the very least, with all printers for itself. 0 for nothing left.

    No other order, no night and no change of a spool is counted: whoever is late by this is late.
    """
    ends = [0.0]
    for machine, seconds in work.plates.items():
        if seconds and (number := printers.get(machine, 0)):
            ends.append(max(*seconds, sum(seconds) / number))
    total = sum(sum(seconds) for seconds in work.plates.values()) + work.loose_s
    everywhere = sum(printers.values())
    return max([*ends, total / everywhere if everywhere else 0.0])


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """When a day ends where the lab is."""
    return datetime.combine(day + timedelta(days=1), time(0), tzinfo=zone)


def late_orders(session: Session, *, now: datetime, zone: ZoneInfo) -> list[Late]:
    """Unfinished orders with a due day that has gone by or cannot be reached. Four queries."""
    orders = _with_due_day(session)
    if not orders:
        return []
    work = _work(session, [late.order_id for late in orders])
    printers = _printers(session)
    return [
        late
        for late in orders
        if now + timedelta(seconds=least_s(work[late.order_id], printers)) > end_of(late.due_on, zone)
    ]


def _with_due_day(session: Session) -> list[Late]:
    query = with_file(sa.select(Order.id, NAME, Order.due_on)).where(
        Order.due_on.is_not(None), Order.cancelled_at.is_(None), WANTS_PIECES
    )
    return [Late(id_, design, due_on) for id_, design, due_on in session.execute(query)]


def _work(session: Session, order_ids: Sequence[int]) -> dict[int, Work]:
    plates: dict[int, dict[str, list[float]]] = {id_: defaultdict(list) for id_ in order_ids}
    piece_s: dict[int, float] = {}
    done = _progress(session, order_ids)
    waits = sa.exists().where(Copy.plate_id == Plate.id, Copy.state.in_(UNMADE))
    query = sa.select(Plate.id, Plate.order_id, Plate.machine, Plate.pieces, Slice.time_s).join(
        Slice, Plate.slice_key == Slice.key
    )
    for id_, order_id, machine, pieces, time_s in session.execute(
        query.where(Plate.order_id.in_(order_ids), waits)
    ):
        seconds = time_s or 0.0
        plates[order_id][machine].append(seconds * (1.0 - done.get(id_, 0.0)))
        piece_s[order_id] = seconds / pieces
    loose = _loose(session, order_ids)
    return {id_: Work(plates[id_], loose.get(id_, 0) * piece_s.get(id_, 0.0)) for id_ in order_ids}


def _progress(session: Session, order_ids: Sequence[int]) -> dict[int, float]:
    """plate → share that its print under way has done."""
    under_way = Attempt.state.in_(AT_PRINTER | BEFORE_START)
    query = sa.select(Attempt.plate_id, Attempt.progress).join(Plate, Attempt.plate_id == Plate.id)
    return dict(session.execute(query.where(Plate.order_id.in_(order_ids), under_way)).tuples().all())


def _loose(session: Session, order_ids: Sequence[int]) -> dict[int, int]:
    """order → its open pieces that no plate will make yet."""
    here = sa.and_(Copy.order_id.in_(order_ids), Copy.state == CopyState.OPEN, Copy.plate_id.is_(None))
    query = sa.select(Copy.order_id, sa.func.count()).where(here).group_by(Copy.order_id)
    return dict(session.execute(query).tuples().all())


def _printers(session: Session) -> dict[str, int]:
    """machine model → printers in service."""
    query = sa.select(Printer.machine, sa.func.count()).where(Printer.out_of_service == "")
    return dict(session.execute(query.group_by(Printer.machine)).tuples().all())
