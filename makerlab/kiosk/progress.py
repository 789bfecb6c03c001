"""How far an order is, what it waits for, and the one thing that would start it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from makerlab.core.words import Status
from makerlab.fleet.models import Printer
from makerlab.kiosk import words
from makerlab.kiosk.queries import all_printers
from makerlab.production import words as production_words
from makerlab.production.models import Attempt, Order, Plate, SliceState
from makerlab.production.obstacles import AT_THE_PRINTER, Obstacle
from makerlab.production.queries import Wait, active_attempts, pieces_of, waiting_plates, waits
from makerlab.production.ready import left_s
from makerlab.production.rules import Pieces
from makerlab.production.states import OVER, AttemptState


@dataclass(frozen=True, slots=True)
class Progress:
    """`share` (0..1) of what is being done now, printing or slicing; None where nothing moves.

    `printer`: where somebody has to go; `left_s`: seconds left of the print.
    """

    order: Order
    pieces: Pieces
    status: Status
    share: float | None = None
    printer: Printer | None = None
    left_s: float | None = None


def progress_of(session: Session, orders: Sequence[Order], *, account_id: int, today: date) -> list[Progress]:
    """Of each of these orders, in their order."""
    ids = {order.id for order in orders}
    counted = pieces_of(session, list(ids))
    active = [one for one in active_attempts(session).values() if one.plate.order_id in ids]
    plates = [plate for plate in waiting_plates(session) if plate.order_id in ids]
    found = waits(session, plates, all_printers(session), account_id=account_id, today=today)
    return [
        _progress(
            order,
            counted[order.id],
            [one for one in active if one.plate.order_id == order.id],
            [(plate, found[plate.id]) for plate in plates if plate.order_id == order.id],
        )
        for order in orders
    ]


def _progress(
    order: Order, pieces: Pieces, attempts: list[Attempt], waiting: list[tuple[Plate, list[Wait]]]
) -> Progress:
    if order.cancelled_at:
        return Progress(order, pieces, words.ORDER_UNDONE)
    if pieces.open == 0 and pieces.active == 0:
        return Progress(order, pieces, words.ORDER_DONE)
    if attempts:
        return _at_printer(order, pieces, max(attempts, key=_urgency))
    if order.problem:
        return Progress(order, pieces, production_words.problem(order.problem))
    if not waiting:
        return Progress(order, pieces, words.ORDER_PLANNED)
    return _waiting(order, pieces, *min(waiting, key=lambda pair: _distance(pair[1])))


def _urgency(attempt: Attempt) -> tuple[bool, bool, float]:
    """What a person has to do comes first, then what is done first."""
    return attempt.state is AttemptState.UNKNOWN, attempt.state in OVER, attempt.progress


def _at_printer(order: Order, pieces: Pieces, attempt: Attempt) -> Progress:
    printer = attempt.printer
    if attempt.state in OVER:
        return Progress(order, pieces, words.ORDER_COLLECT, printer=printer)
    if attempt.state is AttemptState.PRINTING:
        return Progress(
            order, pieces, words.ORDER_PRINTS, attempt.progress, printer, left_s(attempt, printer)
        )
    share = attempt.progress if attempt.state is AttemptState.PAUSED else None
    return Progress(order, pieces, production_words.attempt(attempt.state), share, printer)


def _waiting(order: Order, pieces: Pieces, plate: Plate, rows: list[Wait]) -> Progress:
    if plate.slice.state in (SliceState.QUEUED, SliceState.RUNNING):
        return Progress(order, pieces, words.ORDER_PLANNED, plate.slice.progress)
    wait = nearest(rows)
    if wait is None:
        return Progress(order, pieces, words.NO_PRINTER)
    if wait.startable:
        return Progress(order, pieces, words.ORDER_READY, printer=wait.printer)
    first = next(one for one in wait.obstacles if one not in AT_THE_PRINTER)
    return Progress(order, pieces, production_words.obstacle(first), printer=wait.printer)


def nearest(rows: list[Wait]) -> Wait | None:
    """The fitting printer where least is in the way."""
    fitting = [wait for wait in rows if Obstacle.OTHER_MACHINE not in wait.obstacles]
    return min(fitting, key=lambda wait: len(set(wait.obstacles) - AT_THE_PRINTER), default=None)


def _distance(rows: list[Wait]) -> int:
    wait = nearest(rows)
    return 99 if wait is None else len(set(wait.obstacles) - AT_THE_PRINTER)
