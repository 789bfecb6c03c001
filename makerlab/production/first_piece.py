"""The first piece of a large order is made alone and checked by an instructor before the rest starts."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.audit import record
from makerlab.core.errors import Conflict, Invalid
from makerlab.core.language import _
from makerlab.fleet.models import Printer
from makerlab.people.models import Account
from makerlab.production.attempts import state_after
from makerlab.production.holding import hold, must_instruct
from makerlab.production.made import of_file
from makerlab.production.models import Attempt, AttemptCopy, Copy, CopyState, FirstPiece, Held, Order, Plate
from makerlab.production.ordering import cancel_order
from makerlab.production.outcome import ScrapCount
from makerlab.production.rules import needs_first_piece
from makerlab.production.states import AttemptState
from makerlab.stock.actions import reverse
from makerlab.stock.models import StockMovement


def wanted(
    session: Session, revision_id: int, pieces: int, *, over: int, days: int, now: datetime,
    part_id: int | None = None,
) -> bool:  # fmt: skip
    """Whether an order of so many pieces begins with a piece that is checked (`over`, `days`: settings)."""
    released_at = last_release(session, revision_id, part_id)
    return needs_first_piece(pieces, over=over, released_at=released_at, days=days, now=now)


def made(session: Session, attempt: Attempt, *, now: datetime) -> None:
    """After an attempt was collected: a good first piece waits for its check; scrap is made once more."""
    order = attempt.plate.order
    if not (attempt.plate.first and attempt.good):
        return
    here = sa.and_(Order.id == order.id, Order.first_piece == FirstPiece.WANTED)
    values = {"first_piece": FirstPiece.TO_RELEASE}
    if session.execute(sa.update(Order).where(here).values(values)).rowcount == 1:  # type: ignore[attr-defined]
        record(session, "order.first_made", f"order:{order.id}", actor_id=None, now=now, attempt=attempt.id)


def release_first(session: Session, order: Order, *, by: Account, now: datetime) -> None:
    """The first piece is as it should be: the rest may start. Raises Forbidden, Conflict."""
    must_instruct(by)
    _leave(session, order, FirstPiece.RELEASED, released_by_id=by.id, released_at=now)
    record(session, "order.released", f"order:{order.id}", actor_id=by.id, now=now)


def reject_first(
    session: Session, order: Order, *, reason: str, give_up: bool, by: Account, now: datetime
) -> None:
    """The first piece is not good: it leaves the stock again and is scrap.

    The order is held, and once resumed another first piece is made; or it is given up. Raises Forbidden,
    Invalid, Conflict; also when the piece is not in the workshop any more.
    """
    must_instruct(by)
    if not reason:
        raise Invalid(_("Schreiben Sie einen Grund."))
    _leave(session, order, FirstPiece.WANTED)
    _take_back(session, _first_attempt(session, order), by=by, now=now)
    record(session, "order.rejected", f"order:{order.id}", actor_id=by.id, now=now, reason=reason)
    session.refresh(order)
    if give_up:
        cancel_order(session, order, by=by, reason=reason, now=now)
    elif order.held == Held.NOT:
        hold(session, order, reason=reason, by=by, now=now)


def _leave(session: Session, order: Order, to: FirstPiece, **more: object) -> None:
    here = sa.and_(Order.id == order.id, Order.first_piece == FirstPiece.TO_RELEASE)
    values = {"first_piece": to, **more}
    if session.execute(sa.update(Order).where(here).values(values)).rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(_("Das erste Stück ist schon geprüft."), way_out=_("Laden Sie die Seite neu."))


def _first_attempt(session: Session, order: Order) -> Attempt:
    query = sa.select(Attempt).join(Plate, Attempt.plate_id == Plate.id)
    made_it = sa.and_(Plate.order_id == order.id, Plate.first, Attempt.good == 1)
    return session.scalars(query.where(made_it).order_by(Attempt.id.desc()).limit(1)).one()


def _take_back(session: Session, attempt: Attempt, *, by: Account, now: datetime) -> None:
    """From the shelf to scrap: the line of the stock is reversed, the copy is open again."""
    for line in session.scalars(sa.select(StockMovement).where(StockMovement.attempt_id == attempt.id)).all():
        reverse(session, line, actor_id=by.id, now=now)
    attempt.good, attempt.scrap, attempt.scrap_reason = 0, 1, "other"
    session.add(ScrapCount(attempt_id=attempt.id, reason="other", pieces=1))
    ours = sa.select(AttemptCopy.copy_id).where(AttemptCopy.attempt_id == attempt.id)
    again = sa.update(Copy).where(Copy.id.in_(ours), Copy.state == CopyState.GOOD)
    session.execute(again.values(state=state_after(attempt), plate_id=None))
    session.flush()


def last_release(session: Session, revision_id: int, part_id: int | None = None) -> datetime | None:
    """When a first piece of this file was last released, on a machine model that is in service now."""
    here = sa.exists().where(
        Printer.machine == Plate.machine, Printer.out_of_service == "", Printer.retired_at.is_(None)
    )
    query = (
        sa.select(sa.func.max(Order.released_at))
        .join(Plate, Plate.order_id == Order.id)
        .join(Attempt, Attempt.plate_id == Plate.id)
        .where(
            of_file(revision_id, part_id),
            Order.first_piece == FirstPiece.RELEASED,
            Plate.first,
            Attempt.state == AttemptState.RESOLVED,
            Attempt.good == 1,
            here,
        )
    )
    return session.scalar(query)
