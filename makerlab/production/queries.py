"""Reads of production that more than one page needs. The number of queries does not grow with the lab."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from makerlab.catalog.models import Revision
from makerlab.production.models import (
    Attempt,
    AttemptStep,
    Copy,
    CopyState,
    Order,
    Plate,
    Slice,
    Step,
)
from makerlab.production.rules import Pieces
from makerlab.production.states import ENDED

UNMADE = (CopyState.OPEN, CopyState.ACTIVE)
# An order that still wants pieces.
WANTS_PIECES = sa.exists().where(Copy.order_id == Order.id, Copy.state.in_(UNMADE))

_SOME_OPEN = sa.select(Copy.plate_id).where(Copy.state == CopyState.OPEN)  # few, of all that were ever made
_TAKEN = sa.exists().where(Copy.plate_id == Plate.id, Copy.state != CopyState.OPEN)
# All copies of the plate are open: it could be printed next. For a query that has plate and order.
ALL_OPEN = sa.and_(Plate.id.in_(_SOME_OPEN), ~_TAKEN, Order.cancelled_at.is_(None))
_BY_DUE_DAY = (Order.due_on.is_(None), Order.due_on, Order.id, Plate.number)


def active_attempts(session: Session) -> dict[int, Attempt]:
    """printer_id → its attempt that is not ended."""
    query = sa.select(Attempt).where(Attempt.state.not_in(ENDED)).options(*_whole_attempt())
    return {attempt.printer_id: attempt for attempt in session.scalars(query)}


def attempt_on(session: Session, printer_id: int) -> Attempt | None:
    """What is on this printer and not ended."""
    here = sa.and_(Attempt.printer_id == printer_id, Attempt.state.not_in(ENDED))
    return session.scalar(sa.select(Attempt).where(here).options(*_whole_attempt()))


def _whole_attempt() -> tuple[sa.sql.base.ExecutableOption, ...]:
    to_design = joinedload(Attempt.plate).joinedload(Plate.order).joinedload(Order.revision)
    return (
        to_design.joinedload(Revision.design),
        joinedload(Attempt.plate).joinedload(Plate.order).joinedload(Order.product),
        selectinload(Attempt.steps).joinedload(AttemptStep.account),
        joinedload(Attempt.printer),
    )


def waiting_plates(session: Session) -> list[Plate]:
    """Plates whose copies are all open, oldest order first: what could be printed next."""
    order = joinedload(Plate.order)
    query = (
        sa.select(Plate)
        .join(Order, Plate.order_id == Order.id)
        .where(ALL_OPEN)
        .order_by(*_BY_DUE_DAY)
        .options(
            order.joinedload(Order.revision).joinedload(Revision.design), order.joinedload(Order.placed_by)
        )
    )
    return list(session.scalars(query))


def waiting_s(session: Session) -> dict[str, list[float]]:
    """Machine model → the seconds of each plate that waits for it, oldest order first.

    What the slicer said; before it said anything a plate counts nothing: that is over in seconds.
    """
    query = sa.select(Plate.machine, Slice.time_s).join(Slice, Slice.key == Plate.slice_key)
    waiting = query.join(Order, Order.id == Plate.order_id).where(ALL_OPEN).order_by(*_BY_DUE_DAY)
    found: dict[str, list[float]] = {}
    for machine, seconds in session.execute(waiting):
        found.setdefault(machine, []).append(seconds or 0.0)
    return found


def pieces_of(session: Session, order_ids: Sequence[int]) -> dict[int, Pieces]:
    """order_id → where its pieces are."""
    counted: dict[int, dict[str, int]] = {id_: {} for id_ in order_ids}
    states = sa.select(Copy.order_id, Copy.state, sa.func.count()).where(Copy.order_id.in_(order_ids))
    for order_id, state, number in session.execute(states.group_by(Copy.order_id, Copy.state)):
        counted[order_id][state.value] = number
    scrap = (
        sa.select(Plate.order_id, sa.func.sum(Attempt.scrap))
        .join(Attempt, Attempt.plate_id == Plate.id)
        .where(Plate.order_id.in_(order_ids))
    )
    scrapped = {order_id: number or 0 for order_id, number in session.execute(scrap.group_by(Plate.order_id))}
    return {id_: _pieces(numbers, scrapped.get(id_, 0)) for id_, numbers in counted.items()}


def _pieces(numbers: dict[str, int], scrap: int) -> Pieces:
    names = ("open", "active", "good", "given_up")
    return Pieces(
        ordered=sum(numbers.values()), scrap=scrap, **{name: numbers.get(name, 0) for name in names}
    )


def runs_of(session: Session, account_id: int, *, most: int = 200) -> list[AttemptStep]:
    """What a person did at printers, newest first, with the attempts."""
    query = (
        sa.select(AttemptStep)
        .where(AttemptStep.account_id == account_id, AttemptStep.step != Step.PREPARED)
        .order_by(AttemptStep.id.desc())
        .limit(most)
        .options(
            joinedload(AttemptStep.attempt).joinedload(Attempt.printer),
            joinedload(AttemptStep.attempt)
            .joinedload(Attempt.plate)
            .joinedload(Plate.order)
            .joinedload(Order.revision)
            .joinedload(Revision.design),
        )
    )
    return list(session.scalars(query))
