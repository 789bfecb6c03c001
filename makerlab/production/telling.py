"""What of production somebody should know now: looked up every few seconds, told once, settled when over.

Nothing is told from the places where it happens but the end of an order: a look at the tables misses nothing,
whoever wrote them and whichever process was killed meanwhile.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.catalog.models import Agreement, Partner
from makerlab.core.database import SessionFactory, reading
from makerlab.fleet.models import Printer, Sight
from makerlab.materials.queries import grams_left
from makerlab.notices.actions import Params, open_of, reconcile, tell
from makerlab.notices.models import Kind
from makerlab.production.lateness import late_orders
from makerlab.production.made import NAME, with_file
from makerlab.production.models import Attempt, Copy, CopyState, FirstPiece, Order, Plate, Slice
from makerlab.production.queries import WANTS_PIECES
from makerlab.production.states import ENDED, OVER, AttemptState

Found = dict[tuple[Kind, str], Params]
Told = Iterator[tuple[tuple[Kind, str], Params]]

ALARMS = {
    "silent": Kind.PRINTER_SILENT,
    "printer_error": Kind.PRINTER_ERROR,
    "no_progress": Kind.PRINTER_STILL,
}
LOOKED_UP = (
    Kind.PRINT_TO_COLLECT, Kind.PRINT_UNCLEAR, *ALARMS.values(), Kind.PRINTER_HELD, Kind.FILAMENT_RUNS_OUT,
    Kind.ORDER_LATE, Kind.ORDER_HELD, Kind.FIRST_PIECE, Kind.AGREEMENT_ENDS,
)  # fmt: skip
ENDS_SOON = timedelta(days=30)


class TellRound:
    """Compares what is the case with what was told; writes only where they differ."""

    def __init__(self, factory: SessionFactory, timezone: str, clock: Callable[[], datetime]) -> None:
        self.factory, self.zone, self.clock = factory, ZoneInfo(timezone), clock

    def __call__(self) -> None:
        now = self.clock()
        with reading(), self.factory() as session:
            found = conditions(session, now=now, zone=self.zone)
            same = open_of(session, LOOKED_UP) == found.keys()
        if same:
            return
        with self.factory.begin() as session:  # read again: a person may have been faster
            reconcile(session, LOOKED_UP, conditions(session, now=now, zone=self.zone), now=now)


def conditions(session: Session, *, now: datetime, zone: ZoneInfo) -> Found:
    """All that somebody should know, by kind and subject, with the values of its sentence."""
    today = now.astimezone(zone).date()
    return {
        **dict(_prints(session)),
        **dict(_printers(session)),
        **dict(_runouts(session)),
        **dict(_orders(session)),
        **dict(_late(session, now, zone)),
        **dict(_agreements(session, today)),
    }


def order_is_done(session: Session, order: Order, *, now: datetime) -> None:
    """Tell it, once, when its last piece was collected. To be called in the transaction that collects."""
    states = set(session.scalars(sa.select(Copy.state).where(Copy.order_id == order.id)))
    if CopyState.GOOD in states and states <= {CopyState.GOOD, CopyState.GIVEN_UP}:
        good = sa.select(sa.func.count()).where(Copy.order_id == order.id, Copy.state == CopyState.GOOD)
        params = {**_of_order(order.id, order.name), "pieces": session.scalar(good) or 0}
        tell(session, Kind.ORDER_DONE, f"order:{order.id}", params, now=now)


def _prints(session: Session) -> Told:
    """Prints that are over and wait for a person, and those whose truth only a person can tell."""
    query = (
        sa.select(Attempt.id, Attempt.state, Attempt.conflict, Printer.name, NAME, Plate.pieces)
        .join(Printer, Attempt.printer_id == Printer.id)
        .join(Plate, Attempt.plate_id == Plate.id)
        .join(Order, Plate.order_id == Order.id)
        .where(Attempt.state.in_(OVER | {AttemptState.UNKNOWN}))
    )
    for id_, state, conflict, printer, design, pieces in session.execute(with_file(query)):
        unclear = state is AttemptState.UNKNOWN or conflict
        kind = Kind.PRINT_UNCLEAR if unclear else Kind.PRINT_TO_COLLECT
        params = {"printer": printer, "design": design, "pieces": pieces, "path": f"/laeufe/{id_}"}
        yield (kind, f"attempt:{id_}"), params


def _printers(session: Session) -> Told:
    """Alarms of printers in service, and printers that are held."""
    query = sa.select(Printer.id, Printer.name, Printer.held, Sight.alarm, Sight.text)
    joined = query.outerjoin(Sight, Sight.printer_id == Printer.id).where(Printer.out_of_service == "")
    for id_, name, held, alarm, text in session.execute(joined):
        params = {"printer": name, "path": f"/drucker/{id_}"}
        if alarm in ALARMS:
            yield (ALARMS[alarm], f"printer:{id_}"), {**params, "text": text}
        if held:
            yield (Kind.PRINTER_HELD, f"printer:{id_}"), params


def _runouts(session: Session) -> Told:
    """Prints under way that need more than is left on their spool, by the books."""
    query = (
        sa.select(Attempt.spool_id, Attempt.progress, Slice.filament_g, Printer.id, Printer.name)
        .join(Plate, Attempt.plate_id == Plate.id)
        .join(Slice, Plate.slice_key == Slice.key)
        .join(Printer, Attempt.printer_id == Printer.id)
        .where(Attempt.state.not_in(ENDED | OVER), Attempt.spool_id.is_not(None))
    )
    rows = session.execute(query).all()
    left = grams_left(session, [row.spool_id for row in rows])
    for spool_id, progress, planned, printer_id, name in rows:
        # The books still hold what this print has used: all that it takes must be on the spool.
        if planned is not None and left[spool_id] < planned:
            used = planned * progress
            params = {"printer": name, "path": f"/drucker/{printer_id}"}
            grams = {"needed": round(planned - used, 1), "left": round(max(left[spool_id] - used, 0.0), 1)}
            yield (Kind.FILAMENT_RUNS_OUT, f"printer:{printer_id}"), {**params, **grams}


def _orders(session: Session) -> Told:
    """Orders that are held, and those whose first piece waits for its check."""
    needs = sa.or_(Order.held != "", Order.first_piece == FirstPiece.TO_RELEASE)
    query = with_file(sa.select(Order.id, Order.held, Order.first_piece, NAME)).where(
        Order.cancelled_at.is_(None), needs, WANTS_PIECES
    )
    for id_, held, first_piece, design in session.execute(query):
        if held:
            yield (Kind.ORDER_HELD, f"order:{id_}"), _of_order(id_, design)
        if first_piece is FirstPiece.TO_RELEASE:
            yield (Kind.FIRST_PIECE, f"order:{id_}"), _of_order(id_, design)


def _late(session: Session, now: datetime, zone: ZoneInfo) -> Told:
    for late in late_orders(session, now=now, zone=zone):
        params = {**_of_order(late.order_id, late.design), "due": late.due_on.isoformat()}
        yield (Kind.ORDER_LATE, f"order:{late.order_id}"), params


def _agreements(session: Session, today: date) -> Told:
    query = (
        sa.select(Agreement.id, Agreement.ends_on, Partner.name)
        .join(Partner, Agreement.partner_id == Partner.id)
        .where(Agreement.ends_on >= today, Agreement.ends_on <= today + ENDS_SOON)
    )
    for id_, ends_on, partner in session.execute(query):
        params = {"partner": partner, "ends": ends_on.isoformat(), "path": f"/partner/vertrag/{id_}"}
        yield (Kind.AGREEMENT_ENDS, f"agreement:{id_}"), params


def _of_order(order_id: int, design: str) -> dict[str, object]:
    return {"order": order_id, "design": design, "path": f"/auftraege/{order_id}"}
