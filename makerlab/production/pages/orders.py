"""Orders on the desk: the list, and one order with its plates, prints and what each plate waits for."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Response, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.wrappers import Response as Redirect

from makerlab.catalog.models import Revision
from makerlab.core.access import allow
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Invalid, NotFound
from makerlab.core.language import _, lazy
from makerlab.core.web import not_modified
from makerlab.core.words import Status
from makerlab.people.models import Account
from makerlab.people.rules import clean_text
from makerlab.production import words
from makerlab.production.lots import grams_wanted, lots_for
from makerlab.production.made import NAME, with_file
from makerlab.production.models import Attempt, AttemptStep, CopyState, FirstPiece, Order, Plate
from makerlab.production.obstacles import AT_THE_PRINTER
from makerlab.production.ordering import cancel_order, others_of, set_of
from makerlab.production.pages import board
from makerlab.production.pages.frame import (
    ACTORS,
    BIGGEST_ID,
    WATCHERS,
    blueprint,
    found,
    lab_now,
    me,
    page_of,
    picture_url,
    today,
)
from makerlab.production.pages.printers import page_words
from makerlab.production.pages.saying import saying
from makerlab.production.pages.series import ORDER, given_reason, undo_seconds
from makerlab.production.pages.why import waiting
from makerlab.production.pages.words import HELD, ORDERS, PRIORITIES, PURPOSES, SLICES
from makerlab.production.queries import UNMADE, WANTS_PIECES, pieces_of
from makerlab.production.rules import Pieces
from makerlab.production.survey import survey

PAGE = 40
KINDS = (
    ("offen", lazy("Offen")),
    ("fertig", lazy("Fertig")),
    ("abgesagt", lazy("Abgesagt")),
    ("alle", lazy("Alle")),
)


@dataclass(frozen=True, slots=True)
class Row:
    """An order as the list shows it."""

    order: Order
    pieces: Pieces
    status: Status
    picture: str | None
    late: bool


def state_of(order: Order, pieces: Pieces) -> str:
    """The code of an order's state, from where its pieces are and who has to decide something."""
    if order.cancelled_at is not None:
        return "printing" if pieces.active else "cancelled"
    if not pieces.open and not pieces.active:
        return "done"
    if order.held:
        return "held"
    if pieces.active:
        return "printing"
    if order.problem:
        return "problem"
    return "to_release" if order.first_piece is FirstPiece.TO_RELEASE else "waiting"


def is_late(order: Order, pieces: Pieces) -> bool:
    """Its day is over, and pieces are missing."""
    unmade = order.cancelled_at is None and pieces.open + pieces.active > 0
    return unmade and order.due_on is not None and order.due_on < today()


@blueprint.get("/auftraege")
@allow(*WATCHERS)
def orders() -> str:
    """Orders, newest first: those under way, done, cancelled or all, found by object, person or number."""
    text, kind = clean_text(request.args.get("q", ""), 100), request.args.get("stand", "offen")
    filters = _filters()
    kind = kind if kind in filters else "offen"
    page = page_of(request.args)
    wanted = [filters[kind], *_search(text)]
    rows, pages = _page(wanted, page)
    return render_template(
        "production/orders.html", rows=rows, kind=kind, text=text, page=page, pages=pages,
        kinds=KINDS, priorities=PRIORITIES, purposes=PURPOSES,
        page_url=lambda number: url_for(".orders", stand=kind, q=text or None, seite=number),
    )  # fmt: skip


def _filters() -> dict[str, sa.ColumnElement[bool]]:
    return {
        "offen": WANTS_PIECES,
        "fertig": sa.and_(~WANTS_PIECES, Order.cancelled_at.is_(None)),
        "abgesagt": Order.cancelled_at.is_not(None),
        "alle": sa.true(),
    }


def _search(text: str) -> list[sa.ColumnElement[bool]]:
    if not text:
        return []
    fields = (NAME, Account.name)
    ways: list[sa.ColumnElement[bool]] = [field.icontains(text, autoescape=True) for field in fields]
    number = text.lstrip("#")
    if number.isascii() and number.isdigit() and int(number) <= BIGGEST_ID:
        ways.append(Order.id == int(number))
    return [sa.or_(*ways)]


def _page(wanted: list[sa.ColumnElement[bool]], page: int) -> tuple[list[Row], int]:
    ids = with_file(sa.select(Order.id)).join(Account, Order.placed_by_id == Account.id).where(*wanted)
    count = db.session.scalar(sa.select(sa.func.count()).select_from(ids.subquery())) or 0
    shown = ids.order_by(Order.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    query = sa.select(Order).where(Order.id.in_(shown)).order_by(Order.id.desc()).options(*_whole_order())
    found_ = db.session.scalars(query).all()
    pieces = pieces_of(db.session, [order.id for order in found_])
    pictures = board.pictures(db.session, found_)
    rows = [_row(order, pieces[order.id], pictures[order.id]) for order in found_]
    return rows, max(1, -(-count // PAGE))


def _whole_order() -> tuple[Any, ...]:
    return (
        joinedload(Order.revision).joinedload(Revision.design),
        joinedload(Order.product),
        joinedload(Order.placed_by),
    )


def _row(order: Order, pieces: Pieces, picture: str) -> Row:
    status = ORDERS[state_of(order, pieces)]
    return Row(order, pieces, status, picture_url(picture), is_late(order, pieces))


@blueprint.get(ORDER)
@allow(*WATCHERS)
def order(order_id: int) -> str:
    one = _order(order_id)
    unmade = one.cancelled_at is None and any(copy.state in UNMADE for copy in one.copies)
    return render_template(
        "production/order.html", order=one, live=_live(one), purposes=PURPOSES, priorities=PRIORITIES,
        cancelled_by=_account(one.cancelled_by_id), held_by=_account(one.held_by_id), unmade=unmade,
        picture=picture_url(board.pictures(db.session, [one])[one.id]), reason=words.reason,
        held_reason=HELD.get(one.held, ""), today=today(), undo_s=undo_seconds(one), others=_others(one),
        **_lot(one),
    )  # fmt: skip


def _others(order: Order) -> list[Row]:
    """The orders for the other parts of the same pieces."""
    found_ = others_of(db.session, order)
    pieces, pictures = pieces_of(db.session, [one.id for one in found_]), board.pictures(db.session, found_)
    return [_row(one, pieces[one.id], pictures[one.id]) for one in found_]


def _account(id_: int | None) -> Account | None:
    return db.session.get(Account, id_) if id_ else None


def _lot(order: Order) -> dict[str, Any]:
    """Grams that the rest takes, and what is left of its lot."""
    lots = lots_for(db.session, order)
    left = sum(one.grams for one in lots if one.lot == order.lot)
    return {"lots": lots, "lot_g": left, "wanted_g": grams_wanted(db.session, order)}


@blueprint.get(f"{ORDER}/stand")
@allow(*WATCHERS)
def order_now(order_id: int) -> Response:
    """The part that is asked for every two seconds."""
    return not_modified(_live(_order(order_id)))


def _order(order_id: int) -> Order:
    plates = selectinload(Order.plates)
    query = sa.select(Order).where(Order.id == order_id)
    options = (
        *_whole_order(),
        joinedload(Order.revision).selectinload(Revision.reviews),
        selectinload(Order.copies),
        plates.selectinload(Plate.copies),
        plates.selectinload(Plate.attempts).selectinload(Attempt.steps).joinedload(AttemptStep.account),
        plates.selectinload(Plate.attempts).joinedload(Attempt.printer),
    )
    one = db.session.scalar(query.options(*options))
    if one is None:
        raise NotFound(_("Diesen Auftrag gibt es nicht."), way_out=_("Suchen Sie in der Liste."))
    return one


def _live(order: Order) -> str:
    pieces = pieces_of(db.session, [order.id])[order.id]
    floor = survey(db.session, now=lab_now())
    own = [plate for plate in floor.plates if plate.piece.order_id == order.id]
    return render_template(
        "production/_order_now.html", order=order, pieces=pieces, status=ORDERS[state_of(order, pieces)],
        waiting=waiting(floor, own), slices=SLICES,
        **saying(floor.colours),
        obstacle=words.obstacle, at_the_printer=AT_THE_PRINTER, problem=words.problem,
        priorities=PRIORITIES, held_reason=HELD.get(order.held, ""), late=is_late(order, pieces),
        unplanned=sum(copy.state is CopyState.OPEN and copy.plate_id is None for copy in order.copies),
        **page_words(),
    )  # fmt: skip


@blueprint.post(f"{ORDER}/absagen")
@allow(*ACTORS)
def cancel(order_id: int) -> Redirect:
    """Give up what is not made yet, with a reason; where it is said, of all parts of the pieces."""
    one = found(Order, order_id)
    reason = given_reason()
    if not reason:
        raise Invalid(_("Schreiben Sie einen Grund."))
    for each in set_of(db.session, one) if request.form.get("all") else [one]:
        cancel_order(db.session, each, by=me(), reason=reason, now=utcnow())
    db.session.commit()
    flash(_("Der Auftrag ist abgesagt. Was gerade druckt, wird noch fertig."), "success")
    return redirect(url_for(".order", order_id=order_id), code=303)
