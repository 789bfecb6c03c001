"""How far an order is, what it waits for, and the one thing that would start it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.words import Status
from makerlab.kiosk import words
from makerlab.production import words as production_words
from makerlab.production.floor import Plate, Print, Spot, Wait, nearest
from makerlab.production.models import FirstPiece, Held, Order
from makerlab.production.obstacles import Obstacle
from makerlab.production.queries import ALL_OPEN, pieces_of
from makerlab.production.rules import Pieces
from makerlab.production.states import OVER, AttemptState
from makerlab.production.survey import person_of, survey

Busy = tuple[Spot, Print]


@dataclass(frozen=True, slots=True)
class Progress:
    """`share` (0..1) of what is being done now, printing or slicing; None where nothing moves.

    `printer`: where somebody has to go; `left_s`: seconds left of the print. `stuck`: something
    is in the way of a start.
    """

    order: Order
    pieces: Pieces
    status: Status
    share: float | None = None
    printer: Spot | None = None
    left_s: float | None = None
    stuck: bool = False


def progress_of(
    session: Session, orders: Sequence[Order], *, account_id: int, now: datetime
) -> list[Progress]:
    """Of each of these orders, in their order. `now` in the lab's time zone."""
    ids = {order.id for order in orders}
    counted = pieces_of(session, list(ids))
    floor = survey(session, now=now, which=sa.and_(ALL_OPEN, Order.id.in_(ids)))
    person = person_of(session, account_id, now=now)
    busy = [(spot, spot.print) for spot in floor.spots if spot.print is not None]
    waiting = [(plate, floor.waits(plate, person)) for plate in floor.plates]
    return [
        _progress(
            order,
            counted[order.id],
            [(spot, print_) for spot, print_ in busy if print_.piece.order_id == order.id],
            [(plate, rows) for plate, rows in waiting if plate.piece.order_id == order.id],
        )
        for order in orders
    ]


def _progress(
    order: Order, pieces: Pieces, busy: list[Busy], waiting: list[tuple[Plate, list[Wait]]]
) -> Progress:
    if order.cancelled_at:
        return Progress(order, pieces, words.ORDER_UNDONE)
    if pieces.open == 0 and pieces.active == 0:
        return Progress(order, pieces, words.ORDER_DONE)
    if busy:
        return _at_printer(order, pieces, *max(busy, key=lambda both: _urgency(both[1])))
    if stopped := _stopped(order):
        return Progress(order, pieces, stopped)
    if not waiting:
        return Progress(order, pieces, words.ORDER_PLANNED)
    return _waiting(order, pieces, *min(waiting, key=lambda pair: _distance(pair[1])))


def _stopped(order: Order) -> Status | None:
    """What the whole order waits for, wherever its plates are."""
    if order.held != Held.NOT:
        return production_words.obstacle(Obstacle.ORDER_HELD)
    if order.first_piece is FirstPiece.TO_RELEASE:
        return production_words.obstacle(Obstacle.FIRST_PIECE)
    return production_words.problem(order.problem) if order.problem else None


def _urgency(print_: Print) -> tuple[bool, bool, float]:
    """What a person has to do comes first, then what is done first."""
    return print_.state is AttemptState.UNKNOWN, print_.state in OVER, print_.progress


def _at_printer(order: Order, pieces: Pieces, spot: Spot, print_: Print) -> Progress:
    if print_.state in OVER:
        return Progress(order, pieces, words.ORDER_COLLECT, printer=spot)
    if print_.state is AttemptState.PRINTING:
        return Progress(order, pieces, words.ORDER_PRINTS, print_.progress, spot, print_.left_s)
    share = print_.progress if print_.state is AttemptState.PAUSED else None
    return Progress(order, pieces, production_words.attempt(print_.state), share, spot)


def _waiting(order: Order, pieces: Pieces, plate: Plate, rows: list[Wait]) -> Progress:
    if not plate.needs.sliced and not plate.needs.slicing_failed:
        return Progress(order, pieces, words.ORDER_PLANNED, plate.slicing)
    wait = nearest(rows)
    if wait is None:
        return Progress(order, pieces, words.NO_PRINTER)
    if wait.startable or wait.help is None:
        return Progress(order, pieces, words.ORDER_READY, printer=wait.printer)
    status = production_words.obstacle(wait.help.obstacle)
    return Progress(order, pieces, status, printer=wait.printer, stuck=True)


def _distance(rows: list[Wait]) -> int:
    wait = nearest(rows)
    return 99 if wait is None else wait.distance
