"""Prints started by hand: noted when they are seen, adopted into the record by an instructor."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from makerlab.catalog.models import Revision
from makerlab.core.audit import record
from makerlab.core.errors import Conflict, Invalid
from makerlab.core.language import _
from makerlab.fleet.models import Printer
from makerlab.materials.actions import book_filament
from makerlab.materials.models import Colour, FilamentReason, Spool
from makerlab.people.models import Account
from makerlab.production.holding import must_instruct
from makerlab.production.models import Attempt, Copy, CopyState, Order, Plate
from makerlab.production.outcome import ForeignPrint
from makerlab.production.plates import take_order
from makerlab.production.rules import MOST_PIECES
from makerlab.production.telling import order_is_done
from makerlab.stock.actions import book, made_product, workshop
from makerlab.stock.models import StockReason
from printers.host import HostStatus

MOST_G = 20_000.0
NEW_PRINT_S = 30.0  # the host's clock of a print runs on; further back than this, another print began


def note(session: Session, printer: Printer, status: HostStatus | None, *, now: datetime) -> None:
    """A look saw a foreign print, or (None) sees none any more. The same look twice changes nothing."""
    running = sa.and_(ForeignPrint.printer_id == printer.id, ForeignPrint.ended_at.is_(None))
    row = session.scalar(sa.select(ForeignPrint).where(running))
    if row is not None and not _still(row, status):
        row.ended_at, row = now, None
        session.flush()  # before the next one: one print at a time
    if status is None:
        return
    if row is None:
        row = ForeignPrint(
            printer_id=printer.id, spool_id=printer.spool_id, file=(status.file or "")[:300], progress=0.0,
            elapsed_s=0.0, seen_at=now,
        )  # fmt: skip
        session.add(row)
    row.progress = max(row.progress, status.progress or 0.0)
    row.elapsed_s = max(row.elapsed_s, status.elapsed_s or 0.0)


def _still(row: ForeignPrint, status: HostStatus | None) -> bool:
    """Whether this is the same print as before."""
    if status is None or row.file != (status.file or "")[:300]:
        return False
    return status.elapsed_s is None or status.elapsed_s >= row.elapsed_s - NEW_PRINT_S


def adopt(
    session: Session,
    row: ForeignPrint,
    *,
    started_by: Account,
    revision: Revision | None,
    colour: Colour | None,
    order: Order | None,
    good: int,
    scrap: int,
    grams: float,
    by: Account,
    now: datetime,
) -> None:
    """Write down what came of it: the person, the pieces into the stock, the filament off its spool. Once.

    With an `order` its revision and product count, and as many of its open pieces are made. Of several parts
    it is the one whose file it was, else the first. Without a revision the pieces are written down and enter
    no stock. Raises Forbidden, Invalid, Conflict.
    """
    must_instruct(by)
    _check(good, scrap, grams)
    if order is not None:
        take_order(session, order)  # a plan made meanwhile would keep the pieces that are made here
    revision = order.revision if order else revision
    if revision is not None and order is None and colour is None:
        raise Invalid(_("Welche Farbe haben die Stücke?"))
    _become_adopted(
        session, row, started_by_id=started_by.id, revision_id=revision.id if revision else None,
        order_id=order.id if order else None, good=good, scrap=scrap, milligrams=round(grams * 1000),
        adopted_by_id=by.id, adopted_at=now,
    )  # fmt: skip
    if good and revision is not None:
        same = order_of(session, row)
        part = same.part if same and same.revision_id == revision.id else None
        product = order.product if order else made_product(session, revision, _sure(colour), part)
        note_ = f"foreign:{row.id}"
        book(
            session,
            product,
            workshop(session),
            good,
            StockReason.PRODUCED,
            actor_id=by.id,
            now=now,
            note=note_,
        )
    _book_filament(session, row, by, now)
    if order is not None:
        _make_copies(session, order, good)
        order_is_done(session, order, now=now)
    record(session, "print.adopted", f"foreign:{row.id}", actor_id=by.id, now=now, good=good, scrap=scrap)


def _check(good: int, scrap: int, grams: float) -> None:
    if not (0 <= good <= MOST_PIECES and 0 <= scrap <= MOST_PIECES):
        raise Invalid(_("Diese Zahl geht nicht."), way_out=_("Wählen Sie eine andere Zahl."))
    if not 0 <= grams <= MOST_G:
        raise Invalid(_("Dieses Gewicht kann nicht stimmen."))


def _sure(colour: Colour | None) -> Colour:
    assert colour is not None  # noqa: S101 (asked for before)
    return colour


def _become_adopted(session: Session, row: ForeignPrint, **values: object) -> None:
    """Conditional: of two instructors at once one adopts it."""
    if row.ended_at is None:
        raise Conflict(_("Der Drucker druckt noch."), way_out=_("Warten Sie, bis er fertig ist."))
    here = sa.and_(ForeignPrint.id == row.id, ForeignPrint.adopted_at.is_(None))
    if session.execute(sa.update(ForeignPrint).where(here).values(values)).rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(_("Dieser Druck ist schon aufgenommen."), way_out=_("Laden Sie die Seite neu."))
    session.refresh(row)


def _book_filament(session: Session, row: ForeignPrint, by: Account, now: datetime) -> None:
    if row.spool_id is None or not row.milligrams:
        return
    book_filament(
        session, session.get_one(Spool, row.spool_id), -row.milligrams, FilamentReason.PRINTED,
        actor_id=by.id, now=now, note=f"foreign:{row.id}",
    )  # fmt: skip


def _make_copies(session: Session, order: Order, good: int) -> None:
    """So many open pieces of the order are made, those first that no plate will make.

    A plate that loses a piece is not the plate that was sliced: its other open pieces are planned anew.
    """
    wanted = sa.and_(Copy.order_id == order.id, Copy.state == CopyState.OPEN)
    first = sa.select(Copy).where(wanted).order_by(Copy.plate_id.is_not(None), Copy.plate_id.desc(), Copy.id)
    made = session.scalars(first.limit(good).with_for_update()).all()
    broken = {copy.plate_id for copy in made if copy.plate_id is not None}
    for copy in made:
        copy.state, copy.plate_id = CopyState.GOOD, None
    session.flush()
    left = sa.and_(Copy.plate_id.in_(broken), Copy.state == CopyState.OPEN)
    session.execute(sa.update(Copy).where(left).values(plate_id=None))


def to_adopt(session: Session, printer_id: int | None = None, *, most: int = 30) -> Sequence[ForeignPrint]:
    """Ended, not adopted, newest first; of all printers or of one."""
    query = sa.select(ForeignPrint).where(
        ForeignPrint.ended_at.is_not(None), ForeignPrint.adopted_at.is_(None)
    )
    if printer_id is not None:
        query = query.where(ForeignPrint.printer_id == printer_id)
    return session.scalars(
        query.options(joinedload(ForeignPrint.printer)).order_by(ForeignPrint.id.desc()).limit(most)
    ).all()


def adopted_of(session: Session, account_id: int, *, most: int = 100) -> Sequence[ForeignPrint]:
    """What this person started by hand, newest first."""
    query = sa.select(ForeignPrint).where(ForeignPrint.started_by_id == account_id)
    whole = query.options(
        joinedload(ForeignPrint.printer), joinedload(ForeignPrint.revision).joinedload(Revision.design)
    )
    return session.scalars(whole.order_by(ForeignPrint.id.desc()).limit(most)).all()


def order_of(session: Session, row: ForeignPrint) -> Order | None:
    """The order that a file of ours was made for, when it was started once more by hand."""
    query = (
        sa.select(Order).join(Plate, Plate.order_id == Order.id).join(Attempt, Attempt.plate_id == Plate.id)
    )
    return session.scalar(query.where(Attempt.remote_name == row.file))
