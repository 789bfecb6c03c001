"""Holds: an order or a printer on which nothing starts until an instructor lifts it.

An order is held by hand, or when the same file failed twice in a row, whichever orders of it that were;
then all its orders under way are held, and lifting one lifts all. A printer is held when it failed twice in a
row. What counts as a failure: `rules.outcome`. Judged from the attempts as they stand in the database,
the newest first, in the transaction that collects one: an event told twice finds nothing new.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.access import Role
from makerlab.core.audit import record
from makerlab.core.errors import Conflict, Forbidden, Invalid
from makerlab.core.language import _
from makerlab.fleet.models import Printer
from makerlab.people.models import Account
from makerlab.production.made import of_file
from makerlab.production.models import Attempt, AttemptEvent, Held, Order, Plate
from makerlab.production.queries import WANTS_PIECES
from makerlab.production.rules import Outcome, keeps_failing, outcome
from makerlab.production.states import AttemptState

LOOK_BACK = 20  # attempts; those that say nothing are passed over
UNDER_WAY = (Order.cancelled_at.is_(None), WANTS_PIECES)
BY_PERSON = ("stopped_at_printer",)  # failures that somebody's hand made


def must_instruct(by: Account) -> None:
    """Raises Forbidden for anybody but an instructor."""
    if not by.has_role(Role.INSTRUCTOR):
        raise Forbidden(
            _("Das darf nur eine Anleiterin oder ein Anleiter."), way_out=_("Rufen Sie eine von ihnen.")
        )


def hold(session: Session, order: Order, *, reason: str, by: Account, now: datetime) -> None:
    """Nothing of the order starts from now on; what prints goes on. Raises Forbidden, Invalid, Conflict."""
    must_instruct(by)
    if not reason:
        raise Invalid(_("Schreiben Sie einen Grund."))
    here = sa.and_(Order.id == order.id, Order.held == Held.NOT, Order.cancelled_at.is_(None))
    values = {"held": Held.BY_HAND.value, "held_at": now, "held_by_id": by.id, "held_note": reason}
    if session.execute(sa.update(Order).where(here).values(values)).rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(_("Dieser Auftrag ist schon angehalten."), way_out=_("Laden Sie die Seite neu."))
    record(session, "order.held", f"order:{order.id}", actor_id=by.id, now=now, reason=reason)


def resume(session: Session, order: Order, *, by: Account, now: datetime) -> None:
    """Lift the hold. Of a failing file: of all its orders, and its failures so far are forgiven."""
    must_instruct(by)
    same = Order.id == order.id
    if order.held == Held.FAILING:
        same = sa.and_(of_file(order.revision_id, order.part_id), Order.held == Held.FAILING)
    ids = session.scalars(sa.select(Order.id).where(same, Order.held != Held.NOT)).all()
    values = {"held": Held.NOT.value, "held_at": None, "held_by_id": None, "held_note": ""}
    forgiven = {"forgiven_attempt_id": _newest_attempt(session)}
    session.execute(sa.update(Order).where(Order.id.in_(ids)).values(values | forgiven))
    for id_ in ids:
        record(session, "order.resumed", f"order:{id_}", actor_id=by.id, now=now)


def lift(session: Session, printer: Printer, *, by: Account, now: datetime) -> None:
    """The printer may start again; its failures so far are forgiven."""
    must_instruct(by)
    here = sa.and_(Printer.id == printer.id, Printer.held != Held.NOT)
    values = {"held": Held.NOT.value, "held_at": None, "forgiven_attempt_id": _newest_attempt(session)}
    if session.execute(sa.update(Printer).where(here).values(values)).rowcount == 1:  # type: ignore[attr-defined]
        record(session, "printer.lifted", f"printer:{printer.id}", actor_id=by.id, now=now)


def _newest_attempt(session: Session) -> int:
    return session.scalar(sa.select(sa.func.max(Attempt.id))) or 0


def hold_what_fails(session: Session, attempt: Attempt, *, now: datetime) -> None:
    """After an attempt was collected: hold its file's orders and its printer when they keep failing."""
    session.flush()
    failed = attempt.plate.order
    same = of_file(failed.revision_id, failed.part_id)
    if keeps_failing(outcomes(session, same, _forgiven(session, same))):
        free = sa.select(Order).where(same, *UNDER_WAY, Order.held == Held.NOT).order_by(Order.id)
        for order in session.scalars(free).unique().all():
            order.held, order.held_at = Held.FAILING, now
            record(session, "order.held", f"order:{order.id}", actor_id=None, now=now, reason=Held.FAILING)
    printer = attempt.printer
    here = outcomes(session, Attempt.printer_id == printer.id, printer.forgiven_attempt_id)
    if not printer.held and keeps_failing(here):
        printer.held, printer.held_at = Held.FAILING, now
        record(session, "printer.held", f"printer:{printer.id}", actor_id=None, now=now, reason=Held.FAILING)
    session.flush()


def outcomes(session: Session, which: sa.ColumnElement[bool], forgiven_id: int) -> list[Outcome]:
    """What collected attempts said that came after the forgiven one, the newest first."""
    stopped = sa.exists().where(
        AttemptEvent.attempt_id == Attempt.id,
        sa.or_(AttemptEvent.to_state == AttemptState.CANCELLED, AttemptEvent.reason.in_(BY_PERSON)),
    )
    query = (
        sa.select(Attempt.good, Attempt.scrap, stopped)
        .join(Plate, Attempt.plate_id == Plate.id)
        .join(Order, Plate.order_id == Order.id)
        .where(which, Attempt.state == AttemptState.RESOLVED, Attempt.id > forgiven_id)
        .order_by(Attempt.id.desc())
        .limit(LOOK_BACK)
    )
    return [
        outcome(good=good or 0, scrap=scrap or 0, by_person=by_person)
        for good, scrap, by_person in session.execute(query)
    ]


def _forgiven(session: Session, same: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.max(Order.forgiven_attempt_id)).where(same)) or 0


def is_failing(session: Session, revision_id: int, part_id: int | None = None) -> bool:
    """Whether orders of this file are held because it kept failing."""
    held = sa.select(Order.id).where(of_file(revision_id, part_id), *UNDER_WAY, Order.held == Held.FAILING)
    return session.scalar(held.limit(1)) is not None
