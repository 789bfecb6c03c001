"""Collecting: a person at the printer says how many pieces are good, and everything is booked at once."""

from collections.abc import Mapping
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
from makerlab.production import first_piece
from makerlab.production.actions import note_step
from makerlab.production.attempts import change, free_copies, state_after
from makerlab.production.holding import hold_what_fails
from makerlab.production.models import Attempt, AttemptCopy, Copy, CopyState, Step
from makerlab.production.outcome import ScrapCount
from makerlab.production.rules import spool_share
from makerlab.production.states import OVER, AttemptState
from makerlab.production.telling import order_is_done
from makerlab.production.usage import was_done
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
    scrap: Mapping[str, int] | None = None,
    used_g: float | None = None,
) -> None:
    """Resolve an attempt: stock, filament, copies, bed and the person, in one transaction.

    What is not good is scrap and opens its copies again, for one reason or, by `scrap`, so many pieces for
    each. `used_g` comes from `usage.used`; without it the share of the file counts. `nothing_printed`: the
    bed was found as it was, for an attempt whose truth was unknown. Raises Invalid, and Conflict when
    somebody else collected it meanwhile.
    """
    rest = _rest(attempt.plate.pieces, good)
    counts = {} if nothing_printed else _counts(rest, scrap or {scrap_reason: rest})
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
    _note_result(session, attempt, good, counts)
    _settle_copies(session, attempt, good)
    if good:
        book(
            session, attempt.plate.order.product, workshop(session), good, StockReason.PRODUCED,
            actor_id=by.id, now=now, attempt_id=attempt.id,
        )  # fmt: skip
    if not nothing_printed:
        _book_filament(session, attempt, by, now, _share(attempt) if used_g is None else used_g)
    for step in (Step.REMOVED, Step.CHECKED):
        note_step(session, attempt, step, by.id, now=now)
    if not attempt.printer.sight.foreign:  # else somebody else's print is on it by now
        declare_bed(session, attempt.printer, Bed.CLEAR, reason="collected", by_id=by.id, now=now)
    record(session, "print.collected", f"attempt:{attempt.id}", actor_id=by.id, now=now, good=good)
    first_piece.made(session, attempt, now=now)
    hold_what_fails(session, attempt, now=now)
    order_is_done(session, attempt.plate.order, now=now)


def _rest(pieces: int, good: int) -> int:
    """How many are not good. Raises Invalid."""
    if not 0 <= good <= pieces:
        raise Invalid(_("Wählen Sie 0 bis %(pieces)s gute Stücke.", pieces=pieces))
    return pieces - good


def _counts(rest: int, scrap: Mapping[str, int]) -> dict[str, int]:
    """Pieces by reason, of which there is one for each piece that is not good. Raises Invalid."""
    counts = {reason: pieces for reason, pieces in scrap.items() if pieces > 0}
    if sum(counts.values()) != rest or "" in counts:
        raise Invalid(_("Wählen Sie einen Grund für den Ausschuss."))
    return counts


def _note_result(session: Session, attempt: Attempt, good: int, counts: dict[str, int]) -> None:
    """`scrap_reason` is the most frequent one."""
    attempt.good, attempt.scrap = good, sum(counts.values())
    attempt.scrap_reason = max(counts, key=lambda reason: counts[reason], default="")
    for reason, pieces in counts.items():
        session.add(ScrapCount(attempt_id=attempt.id, reason=reason, pieces=pieces))
    session.flush()


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
    again = sa.update(Copy).where(Copy.id.in_(ids[good:]))
    session.execute(again.values(state=state_after(attempt), plate_id=None))


def _book_filament(session: Session, attempt: Attempt, by: Account, now: datetime, grams: float) -> None:
    milligrams = round(grams * 1000)
    if attempt.spool_id is None or not milligrams:
        return
    spool = session.get_one(Spool, attempt.spool_id)
    book_filament(
        session, spool, -milligrams, FilamentReason.PRINTED,
        actor_id=by.id, now=now, attempt_id=attempt.id,
    )  # fmt: skip


def _share(attempt: Attempt) -> float:
    planned = attempt.plate.slice.filament_g or 0.0
    return planned if was_done(attempt) else spool_share(planned, attempt.progress)
