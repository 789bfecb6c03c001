"""Verbs of reservations: promise pieces, hand them over, let them go."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.audit import record
from makerlab.core.errors import Conflict, Invalid
from makerlab.core.language import _
from makerlab.stock import ledger, rules
from makerlab.stock.models import Product, Reservation, ReservedFor, StockMovement, Taking


def reserve(
    session: Session, product: Product, pieces: int, *,
    purpose: str, kind: ReservedFor, until: date | None, form_token: str, by_id: int, now: datetime,
) -> Reservation:  # fmt: skip
    """Promise pieces, also such as are still to be made: the pages say when too much is promised.

    The same form twice is one promise. Raises Invalid.
    """
    if not 0 < pieces <= rules.MOST_PIECES:
        raise Invalid(_("Diese Stückzahl geht nicht."), way_out=_("Prüfen Sie die Zahl."))
    ledger.take_turn(session)
    if done := session.scalar(sa.select(Reservation).where(Reservation.form_token == form_token)):
        return done
    promise = Reservation(
        product_id=product.id, pieces=pieces, purpose=purpose, kind=kind, until=until,
        made_by_id=by_id, made_at=now, form_token=form_token,
    )  # fmt: skip
    session.add(promise)
    session.flush()
    _note(session, "reserve", promise, by_id, now)
    return promise


def release(session: Session, promise: Reservation, *, by_id: int, now: datetime) -> None:
    """Promise no longer what is left of it. Raises Conflict when that was done already."""
    still = sa.and_(Reservation.id == promise.id, Reservation.released_at.is_(None))
    ended = sa.update(Reservation).where(still).values(released_at=now, released_by_id=by_id)
    if session.execute(ended).rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(_("Das ist schon freigegeben."))
    _note(session, "release", promise, by_id, now)


def take(session: Session, promise: Reservation, line: StockMovement) -> None:
    """Note that `line` (negative pieces) hands over promised ones. Raises Conflict: fewer are promised."""
    pieces = -line.pieces
    enough = sa.and_(
        Reservation.id == promise.id,
        Reservation.product_id == line.product_id,
        Reservation.released_at.is_(None),
        Reservation.pieces - Reservation.taken >= pieces,
    )
    taken = sa.update(Reservation).where(enough).values(taken=Reservation.taken + pieces)
    if session.execute(taken).rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(_("So viele sind nicht mehr versprochen."), way_out=_("Laden Sie die Seite neu."))
    session.add(Taking(movement_id=line.id, reservation_id=promise.id, pieces=pieces))
    session.flush()


def give_back(session: Session, line: StockMovement) -> None:
    """`line` is taken back: what it handed over is promised again."""
    taking = session.get(Taking, line.id)
    if taking is not None:
        again = sa.update(Reservation).where(Reservation.id == taking.reservation_id)
        session.execute(again.values(taken=Reservation.taken - taking.pieces))


def _note(session: Session, verb: str, promise: Reservation, by_id: int, now: datetime) -> None:
    record(
        session, f"stock.{verb}", f"product:{promise.product_id}", actor_id=by_id, now=now,
        pieces=promise.pieces, purpose=promise.purpose,
    )  # fmt: skip
