"""Verbs of an order: placing, changing, taking back, giving up.

A piece may be printed from several files: then there is an order for each of them, and they belong together.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.catalog.agreed import agreement_allows, licence_allows
from makerlab.catalog.models import Part, Revision
from makerlab.catalog.queries import files_of, is_approved, part_count
from makerlab.core.access import Role
from makerlab.core.audit import record
from makerlab.core.errors import Conflict, Forbidden, Invalid
from makerlab.core.language import _
from makerlab.materials.models import Colour
from makerlab.people.models import Account
from makerlab.production import rules
from makerlab.production.agreed import ordered
from makerlab.production.holding import is_failing
from makerlab.production.models import Copy, CopyState, FirstPiece, Held, Order, Priority, Purpose
from makerlab.stock.actions import made_product
from makerlab.stock.models import Product


class Wishes(TypedDict, total=False):
    """What may be said of an order beside what and how many. `recipient`: an event or a company."""

    purpose: Purpose
    recipient: str
    due_on: date | None
    priority: Priority


def place_pieces(
    session: Session, *, revision: Revision, colours: Sequence[Colour | None], pieces: int, by: Account,
    form_token: str, now: datetime, first_piece: Callable[[int, Part | None], bool],
    lot: str = "", **wishes: Unpack[Wishes],
) -> Order:  # fmt: skip
    """Ask for `pieces` of a revision: an order for each file in its colour; the first of them.

    `colours`: of the revision's own file and its further parts; None: this part is not printed. `lot` is of
    the first colour. `first_piece`: whether so many of a file begin with one. The same form posted twice
    gives the same orders. Raises Invalid, Conflict.
    """
    if order := _placed(session, form_token):
        return order
    wanted = [(file, one) for file, one in zip(files_of(revision), colours, strict=True) if one is not None]
    if not wanted:
        raise Invalid(_("Wählen Sie mindestens ein Teil."))
    most = most_pieces([file for file, _colour in wanted])
    if not 1 <= pieces <= most:
        raise Invalid(_("Wählen Sie 1 bis %(most)s Stück.", most=most))
    placed: list[Order] = []
    for file, colour in wanted:
        part, copies = file if isinstance(file, Part) else None, pieces * part_count(file)
        placed.append(
            place_order(
                session, revision=revision, part=part, product=made_product(session, revision, colour, part),
                pieces=copies, by=by, form_token=f"{form_token[:60]}-{len(placed)}" if placed else form_token,
                now=now, lot="" if placed or part else lot, first_piece=first_piece(copies, part),
                with_order=placed[0] if placed else None, **wishes,
            )
        )  # fmt: skip
    return placed[0]


def most_pieces(files: Sequence[Revision | Part]) -> int:
    """How many pieces one order may be for: of no file more than so many copies."""
    return rules.MOST_PIECES // max(part_count(file) for file in files)


def place_order(
    session: Session,
    *,
    revision: Revision,
    product: Product,
    pieces: int,
    by: Account,
    form_token: str,
    now: datetime,
    purpose: Purpose = Purpose.STOCK,
    recipient: str = "",
    due_on: date | None = None,
    priority: Priority = Priority.NORMAL,
    lot: str = "",
    first_piece: bool = False,
    part: Part | None = None,
    with_order: Order | None = None,
) -> Order:
    """Ask for `pieces` of one file of an approved revision: its own, or that of a further `part`.

    The same form posted twice gives the same order. `lot`: to be printed from this one only; empty: the first
    start chooses. `first_piece`: one piece is made and checked first (`first_piece.wanted` says whether). An
    order of a file that keeps failing is held. `with_order`: the first of the orders for the same pieces.
    """
    if order := _placed(session, form_token):
        return order
    if not 1 <= pieces <= rules.MOST_PIECES:
        raise Invalid(_("Wählen Sie 1 bis %(most)s Stück.", most=rules.MOST_PIECES))
    _may_be_made(session, revision, 0 if part else -(-pieces // revision.part_count), now)
    order = Order(
        revision=revision, part=part, product=product, pieces=pieces, purpose=purpose, due_on=due_on,
        placed_by_id=by.id, placed_at=now, form_token=form_token, recipient=recipient, lot=lot,
        priority=priority, first_piece=FirstPiece.WANTED if first_piece else FirstPiece.NONE,
        copies=[Copy(number=number) for number in range(1, pieces + 1)],
        set_id=with_order.id if with_order else None,
    )  # fmt: skip
    if is_failing(session, revision.id, part.id if part else None):
        order.held, order.held_at = Held.FAILING, now
    session.add(order)
    session.flush()
    record(session, "order.placed", f"order:{order.id}", actor_id=by.id, now=now, pieces=pieces)
    return order


def _placed(session: Session, form_token: str) -> Order | None:
    return session.scalar(sa.select(Order).where(Order.form_token == form_token))


def _may_be_made(session: Session, revision: Revision, whole: int, now: datetime) -> None:
    """Raises Conflict. `whole`: pieces that count for an agreement; a further part is none."""
    if not is_approved(revision):
        raise Conflict(
            _("Dieses Objekt ist noch nicht freigegeben."), way_out=_("Wählen Sie ein anderes Objekt.")
        )
    if revision.design.archived_at is not None:
        raise Conflict(_("Das Objekt ist im Archiv."), way_out=_("Wählen Sie ein anderes Objekt."))
    licence_allows(session, revision.design, today=now.date())
    agreement_allows(session, revision.design, whole, today=now.date(), made=ordered)


def set_of(session: Session, order: Order) -> Sequence[Order]:
    """All orders for the same pieces, this one among them, the first part's first."""
    first = order.set_id or order.id
    query = sa.select(Order).where(sa.or_(Order.id == first, Order.set_id == first))
    return session.scalars(query.order_by(Order.id)).unique().all()


def others_of(session: Session, order: Order) -> Sequence[Order]:
    """The orders for the other parts of the same pieces."""
    return [one for one in set_of(session, order) if one is not order]


def change_order(
    session: Session, order: Order, *, priority: Priority, due_on: date | None, by: Account, now: datetime
) -> None:
    """Another priority or day, for all parts; whoever ordered it may change the day, instructors both."""
    instructor = by.has_role(Role.INSTRUCTOR)
    if not rules.may_cancel(mine=order.placed_by_id == by.id, instructor=instructor):
        raise Forbidden(_("Das ist nicht Ihr Auftrag."))
    if priority != order.priority and not instructor:
        raise Forbidden(_("Das darf nur eine Anleiterin oder ein Anleiter."))
    for one in set_of(session, order):
        if (one.priority, one.due_on) == (priority, due_on):
            continue
        one.priority, one.due_on = priority, due_on
        session.flush()
        record(
            session, "order.changed", f"order:{one.id}", actor_id=by.id, now=now, priority=int(priority),
            due_on=due_on.isoformat() if due_on else None,
        )  # fmt: skip


def undo_order(session: Session, order: Order, *, by: Account, now: datetime, seconds: int) -> None:
    """Take back an order just placed, with all parts. Raises Conflict when too late or one is printed."""
    orders = set_of(session, order)
    too_late = now - order.placed_at > timedelta(seconds=seconds)
    if too_late or any(copy.state is not CopyState.OPEN for one in orders for copy in one.copies):
        raise Conflict(
            _("Der Auftrag läuft schon."), way_out=_("Fragen Sie eine Anleiterin oder einen Anleiter.")
        )
    for one in orders:
        cancel_order(session, one, by=by, reason="undone", now=now)


def cancel_order(session: Session, order: Order, *, by: Account, reason: str, now: datetime) -> None:
    """Give up the open copies. Pieces being printed go on; whoever wants otherwise cancels the print."""
    if not rules.may_cancel(mine=order.placed_by_id == by.id, instructor=by.has_role(Role.INSTRUCTOR)):
        raise Forbidden(_("Das ist nicht Ihr Auftrag."))
    here = sa.and_(Order.id == order.id, Order.cancelled_at.is_(None))
    values = {"cancelled_at": now, "cancelled_by_id": by.id, "cancel_reason": reason}
    if session.execute(sa.update(Order).where(here).values(values)).rowcount != 1:  # type: ignore[attr-defined]
        return
    mine = sa.and_(Copy.order_id == order.id, Copy.state == CopyState.OPEN)
    session.execute(sa.update(Copy).where(mine).values(state=CopyState.GIVEN_UP))
    record(session, "order.cancelled", f"order:{order.id}", actor_id=by.id, now=now, reason=reason)
