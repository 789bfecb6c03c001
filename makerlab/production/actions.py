"""Verbs of a print: starting, and asking for something meanwhile. Ordering and collecting have own files."""

import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.access import Role
from makerlab.core.audit import record
from makerlab.core.errors import Conflict, Forbidden
from makerlab.core.language import _
from makerlab.fleet.models import Printer
from makerlab.people.models import Account
from makerlab.production import rules, words
from makerlab.production.models import (
    Attempt,
    AttemptCopy,
    AttemptEvent,
    AttemptStep,
    Copy,
    CopyState,
    FirstPiece,
    Held,
    Order,
    Plate,
    Step,
)
from makerlab.production.plates import take_order
from makerlab.production.states import AT_PRINTER, AttemptState, Wish
from makerlab.production.survey import obstacles_at


def start(session: Session, plate: Plate, printer: Printer, *, by: Account, now: datetime) -> Attempt:
    """Claim `printer` for `plate`; the worker uploads and starts it within seconds.

    The person stands at the printer and declared the bed clear in this transaction. Raises Conflict with the
    first thing that is in the way. Two people at once: the database lets one attempt through. The first
    start binds the order to the lot of the spool.
    """
    take_order(session, plate.order)
    if in_the_way := obstacles_at(session, plate.id, printer.id, account_id=by.id, now=now):
        raise Conflict(words.obstacle(in_the_way[0]).sentence)
    number = len(plate.attempts) + 1
    token = secrets.token_hex(4)
    attempt = Attempt(
        plate_id=plate.id, printer_id=printer.id, spool_id=printer.spool_id, token=token, claimed_at=now,
        remote_name=f"makerlab/o{plate.order_id}-p{plate.number}-a{number}-{token}.gcode",
    )  # fmt: skip
    try:
        with session.begin_nested():  # so that the words of the refusal can still be looked up
            session.add(attempt)
            session.flush()
            _claim_order(session, plate, printer, by=by, now=now)
            _claim_copies(session, plate, attempt)
    except sa.exc.IntegrityError as error:
        raise Conflict(_("Jemand war schneller."), way_out=_("Laden Sie die Seite neu.")) from error
    session.add(AttemptEvent(attempt_id=attempt.id, to_state=AttemptState.CLAIMED, actor_id=by.id, at=now))
    note_step(session, attempt, Step.PREPARED, plate.order.placed_by_id, now=plate.order.placed_at)
    note_step(session, attempt, Step.STARTED, by.id, now=now)
    return attempt


def _claim_order(session: Session, plate: Plate, printer: Printer, *, by: Account, now: datetime) -> None:
    """Only of an order that is neither held nor waits for a check, and from its lot, which it now has."""
    order, lot = plate.order, printer.spool.lot if printer.spool else ""
    stages = [FirstPiece.NONE, FirstPiece.RELEASED, *([FirstPiece.WANTED] if plate.first else [])]
    may = sa.and_(
        Order.id == order.id, Order.held == Held.NOT, Order.cancelled_at.is_(None),
        Order.first_piece.in_(stages), Order.lot.in_(("", lot)),
    )  # fmt: skip
    working = sa.exists().where(Printer.id == printer.id, Printer.held == Held.NOT)
    unbound = not order.lot
    if session.execute(sa.update(Order).where(may, working).values(lot=lot)).rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(_("Dieser Auftrag darf hier nicht starten."), way_out=_("Laden Sie die Seite neu."))
    if unbound and lot:
        record(session, "order.lot", f"order:{order.id}", actor_id=by.id, now=now, before="", after=lot)


def _claim_copies(session: Session, plate: Plate, attempt: Attempt) -> None:
    ids = session.scalars(
        sa.select(Copy.id).where(Copy.plate_id == plate.id, Copy.state == CopyState.OPEN)
    ).all()
    if len(ids) != plate.pieces:
        raise Conflict(_("Diese Platte wird nicht mehr gebraucht."), way_out=_("Laden Sie die Seite neu."))
    session.add_all(AttemptCopy(attempt_id=attempt.id, copy_id=id_) for id_ in ids)
    # conditional: the order may be cancelled or planned anew meanwhile
    still = sa.and_(Copy.id.in_(ids), Copy.state == CopyState.OPEN, Copy.plate_id == plate.id)
    if session.execute(sa.update(Copy).where(still).values(state=CopyState.ACTIVE)).rowcount != len(ids):  # type: ignore[attr-defined]
        raise Conflict(_("Diese Platte wird nicht mehr gebraucht."), way_out=_("Laden Sie die Seite neu."))
    session.flush()


def note_step(session: Session, attempt: Attempt, step: Step, account_id: int, *, now: datetime) -> None:
    """Write down who did a step. Who ran a job is never a guess."""
    session.add(AttemptStep(attempt_id=attempt.id, step=step, account_id=account_id, at=now))
    session.flush()


def ask(session: Session, attempt: Attempt, wish: Wish, *, by: Account, reason: str, now: datetime) -> None:
    """Ask for pause, resume or cancel; watch passes it on when this very file prints."""
    if not rules.may_steer(started_it=started_by(attempt) == by.id, instructor=by.has_role(Role.INSTRUCTOR)):
        raise Forbidden(_("Diesen Druck hat jemand anderes gestartet."), way_out=_("Rufen Sie Hilfe."))
    can = AT_PRINTER | {AttemptState.CLAIMED, AttemptState.UPLOADING, AttemptState.VERIFIED}
    here = sa.and_(Attempt.id == attempt.id, Attempt.state.in_(can))
    values = {"wish": wish.value, "wish_reason": reason, "wish_by_id": by.id}
    if session.execute(sa.update(Attempt).where(here).values(values)).rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(_("Dieser Druck läuft nicht mehr."), way_out=_("Laden Sie die Seite neu."))
    record(session, f"print.{wish.value}", f"attempt:{attempt.id}", actor_id=by.id, now=now, reason=reason)


def started_by(attempt: Attempt) -> int | None:
    """The account that started this print."""
    return next((step.account_id for step in attempt.steps if step.step is Step.STARTED), None)
