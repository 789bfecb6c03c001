"""Collecting: a person at the printer says how many pieces are good, and everything is booked at once."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.audit import record
from makerlab.core.errors import Conflict, Invalid
from makerlab.core.language import _
from makerlab.fleet.actions import declare_bed
from makerlab.fleet.models import Bed
from makerlab.materials.actions import book_filament
from makerlab.materials.models import FilamentReason, Spool
from makerlab.people.models import Account
from makerlab.production.actions import note_step
from makerlab.production.attempts import change, free_copies
from makerlab.production.models import Attempt, AttemptCopy, Copy, CopyState, Step
from makerlab.production.rules import spool_share
from makerlab.production.states import OVER, AttemptState
from makerlab.stock.actions import book, workshop
from makerlab.stock.models import StockReason

COLLECTABLE = OVER | {AttemptState.UNKNOWN}


def collect(
    session: Session,
    attempt: Attempt,
    *,
    good: int,
    scrap_reason: str,
    by: Account,
    now: datetime,
    nothing_printed: bool = False,
) -> None:
    """Resolve an attempt: stock, filament, copies, bed and the person, in one transaction.

    What is not good is scrap and opens its copies again. `nothing_printed`: the bed was found as it was,
    for an attempt whose truth was unknown. Raises Conflict when somebody else collected it meanwhile.
    """
    pieces = attempt.plate.pieces
    if not 0 <= good <= pieces:
        raise Invalid(_("Wählen Sie 0 bis %(pieces)s gute Stücke.", pieces=pieces))
    if good < pieces and not scrap_reason and not nothing_printed:
        raise Invalid(_("Wählen Sie einen Grund für den Ausschuss."))
    if attempt.state not in COLLECTABLE or not change(
        session,
        attempt,
        AttemptState.RESOLVED,
        now=now,
        reason=attempt.reason,
        detail=attempt.detail,
        actor_id=by.id,
    ):
        raise Conflict(_("Dieser Druck ist schon abgeholt."), way_out=_("Laden Sie die Seite neu."))
    attempt.good = good
    attempt.scrap = 0 if nothing_printed else pieces - good
    attempt.scrap_reason = scrap_reason if good < pieces else ""
    _settle_copies(session, attempt, good)
    _book(session, attempt, by, now, nothing_printed)
    for step in (Step.REMOVED, Step.CHECKED):
        note_step(session, attempt, step, by.id, now=now)
    if not attempt.printer.sight.foreign:  # else somebody else's print is on it by now
        declare_bed(session, attempt.printer, Bed.CLEAR, reason="collected", by_id=by.id, now=now)
    record(session, "print.collected", f"attempt:{attempt.id}", actor_id=by.id, now=now, good=good)


def _settle_copies(session: Session, attempt: Attempt, good: int) -> None:
    """The first `good` copies are made; the others leave the plate and are planned anew."""
    free_copies(session, attempt)
    ids = session.scalars(
        sa.select(AttemptCopy.copy_id)
        .where(AttemptCopy.attempt_id == attempt.id)
        .order_by(AttemptCopy.copy_id)
    ).all()
    made = sa.update(Copy).where(Copy.id.in_(ids[:good]))
    session.execute(made.values(state=CopyState.GOOD))
    cancelled = attempt.plate.order.cancelled_at is not None
    again = CopyState.GIVEN_UP if cancelled else CopyState.OPEN
    session.execute(sa.update(Copy).where(Copy.id.in_(ids[good:])).values(state=again, plate_id=None))


def _book(session: Session, attempt: Attempt, by: Account, now: datetime, nothing_printed: bool) -> None:
    if attempt.good:
        book(
            session, attempt.plate.order.product, workshop(session), attempt.good, StockReason.PRODUCED,
            actor_id=by.id, now=now, attempt_id=attempt.id,
        )  # fmt: skip
    if nothing_printed or attempt.spool_id is None:
        return
    grams = used_grams(attempt)
    if milligrams := round(grams * 1000):
        spool = session.get_one(Spool, attempt.spool_id)
        book_filament(
            session, spool, -milligrams, FilamentReason.PRINTED,
            actor_id=by.id, now=now, attempt_id=attempt.id,
        )  # fmt: skip


def used_grams(attempt: Attempt) -> float:
    """All of the plate's filament for a print that was done, else the share up to where it got."""
    planned = attempt.plate.slice.filament_g or 0.0
    done = any(event.to_state is AttemptState.REPORTED_DONE for event in attempt.events)
    return planned if done else spool_share(planned, attempt.progress)
