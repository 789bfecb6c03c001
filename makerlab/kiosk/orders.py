"""What a person ordered: how far it is, what it waits for, and taking it back."""

from datetime import date
from typing import Any

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from makerlab.catalog.queries import part_count
from makerlab.core.access import Role, allow
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Invalid, NotFound
from makerlab.core.language import _
from makerlab.core.web import not_modified, settings
from makerlab.kiosk import queries
from makerlab.kiosk.actions import keep_draft
from makerlab.kiosk.blueprint import PEOPLE, blueprint, instructor, me, page_number
from makerlab.kiosk.progress import Progress, progress_of
from makerlab.kiosk.queries import instructors
from makerlab.kiosk.rules import PageOf, end_of_week, page_of
from makerlab.kiosk.words import left_words
from makerlab.production.first_piece import release_first
from makerlab.production.holding import resume
from makerlab.production.models import FirstPiece, Held, Order, Priority
from makerlab.production.ordering import change_order, others_of, undo_order
from makerlab.production.pages.frame import lab_now
from makerlab.production.pages.series import ON_THE_WAY_S, undo_seconds

ROWS = 3  # as many as fit on the smallest screen


@blueprint.get("/auftraege")
@allow(*PEOPLE)
def orders() -> str:
    return render_template("kiosk/orders.html", page=_page(), left_words=left_words)


@blueprint.get("/auftraege/jetzt")
@allow(*PEOPLE)
def orders_now() -> FlaskResponse:
    return not_modified(render_template("kiosk/_orders.html", page=_page(), left_words=left_words))


@blueprint.get("/auftrag/<int:order_id>")
@allow(*PEOPLE)
def order(order_id: int) -> str:
    found = order_of(order_id)
    return render_template(
        "kiosk/order.html",
        undo_s=undo_seconds(found),
        days=_days(),
        decides=instructor(),
        others=others_of(db.session, found),
        **_now(found),
    )


@blueprint.get("/auftrag/<int:order_id>/jetzt")
@allow(*PEOPLE)
def order_now(order_id: int) -> FlaskResponse:
    return not_modified(render_template("kiosk/_order.html", **_now(order_of(order_id))))


@blueprint.post("/auftrag/<int:order_id>/zurueck")
@allow(*PEOPLE)
def undo(order_id: int) -> Response:
    """Take it back; what was chosen is a draft again."""
    found, now = order_of(order_id), utcnow()
    undo_order(db.session, found, by=me(), now=now, seconds=settings().undo_seconds + ON_THE_WAY_S)
    keep_draft(
        db.session, me().id, revision_id=found.revision_id, colour_id=found.product.colour_id,
        pieces=found.pieces // part_count(found.file), now=now,
    )  # fmt: skip
    db.session.commit()
    flash(_("Der Auftrag ist zurückgenommen."), "success")
    return redirect(url_for("kiosk.home"), code=303)


@blueprint.post("/auftrag/<int:order_id>/bis")
@allow(*PEOPLE)
def due(order_id: int) -> Response:
    """Until when it is needed: one of the days that are offered, or none."""
    found, day = order_of(order_id), request.form.get("day", "")
    days = {code: day for code, _word, day in _days()}
    if day not in days:
        raise Invalid(_("Das geht hier nicht."))
    priority = Priority(found.priority)
    change_order(db.session, found, priority=priority, due_on=days[day], by=me(), now=utcnow())
    db.session.commit()
    return redirect(url_for("kiosk.order", order_id=order_id), code=303)


@blueprint.post("/auftrag/<int:order_id>/eilt")
@allow(Role.INSTRUCTOR)
def hurry(order_id: int) -> Response:
    """Urgent, or not any more."""
    found = order_of(order_id)
    priority = Priority.NORMAL if found.priority == Priority.URGENT else Priority.URGENT
    change_order(db.session, found, priority=priority, due_on=found.due_on, by=me(), now=utcnow())
    db.session.commit()
    return redirect(url_for("kiosk.order", order_id=order_id), code=303)


@blueprint.post("/auftrag/<int:order_id>/freigeben")
@allow(Role.INSTRUCTOR)
def release(order_id: int) -> Response:
    """What the order waits for: its first piece is good, or its hold is lifted."""
    found, now = order_of(order_id), utcnow()
    if found.held:
        resume(db.session, found, by=me(), now=now)
    else:
        release_first(db.session, found, by=me(), now=now)
    db.session.commit()
    flash(_("Der Auftrag läuft weiter."), "success")
    return redirect(url_for("kiosk.order", order_id=order_id), code=303)


def _days() -> list[tuple[str, str, date | None]]:
    """Until when somebody may say: code, word, day."""
    today = lab_now().date()
    return [
        ("any", _("Egal"), None), ("today", _("Heute"), today),
        ("week", _("Diese Woche"), end_of_week(today)),
    ]  # fmt: skip


def _now(found: Order) -> dict[str, Any]:
    """What the polled part shows. `call`: who decides what the order waits for; `new`: just saved."""
    waits = found.held != Held.NOT or found.first_piece is FirstPiece.TO_RELEASE
    call = instructors(db.session) if waits and found.cancelled_at is None else []
    return {"row": _row(found), "left_words": left_words, "call": call, "new": undo_seconds(found) > 0}


def _page() -> PageOf[Progress]:
    mine = queries.orders_of(db.session, me().id)
    page = page_of(mine, page_number(), ROWS)
    rows = progress_of(db.session, page.items, account_id=me().id, now=lab_now())
    return PageOf(rows, page.number, page.count)


def order_of(order_id: int) -> Order:
    """One's own; instructors see all. Raises NotFound."""
    found = db.session.get(Order, order_id, options=queries.whole_order())
    if found is None or (found.placed_by_id != me().id and not instructor()):
        raise NotFound(_("Diesen Auftrag gibt es hier nicht."), way_out=_("Sehen Sie in Ihrer Liste nach."))
    return found


def _row(found: Order) -> Progress:
    return progress_of(db.session, [found], account_id=me().id, now=lab_now())[0]
