"""What a person ordered: how far it is, what it waits for, and taking it back."""

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from makerlab.core.access import allow
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import NotFound
from makerlab.core.language import _
from makerlab.core.web import not_modified, settings
from makerlab.kiosk import queries
from makerlab.kiosk.actions import keep_draft
from makerlab.kiosk.blueprint import PEOPLE, blueprint, instructor, me, page_number
from makerlab.kiosk.progress import Progress, progress_of
from makerlab.kiosk.rules import PageOf, page_of
from makerlab.kiosk.words import left_words
from makerlab.production.actions import undo_order
from makerlab.production.models import Order
from makerlab.production.pages.frame import lab_now

ROWS = 3  # as many as fit on the smallest screen

# The offer stands for the whole time on the screen; the way to us may take this long.
ON_THE_WAY_S = 5


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
    found = _order(order_id)
    return render_template(
        "kiosk/order.html", row=_row(found), undo_s=_undo_seconds(found), left_words=left_words
    )


@blueprint.get("/auftrag/<int:order_id>/jetzt")
@allow(*PEOPLE)
def order_now(order_id: int) -> FlaskResponse:
    row = _row(_order(order_id))
    return not_modified(render_template("kiosk/_order.html", row=row, left_words=left_words))


@blueprint.post("/auftrag/<int:order_id>/zurueck")
@allow(*PEOPLE)
def undo(order_id: int) -> Response:
    """Take it back; what was chosen is a draft again."""
    found, now = _order(order_id), utcnow()
    undo_order(db.session, found, by=me(), now=now, seconds=settings().undo_seconds + ON_THE_WAY_S)
    keep_draft(
        db.session, me().id, revision_id=found.revision_id, colour_id=found.product.colour_id,
        pieces=found.pieces, now=now,
    )  # fmt: skip
    db.session.commit()
    flash(_("Der Auftrag ist zurückgenommen."), "success")
    return redirect(url_for("kiosk.home"), code=303)


def _page() -> PageOf[Progress]:
    mine = queries.orders_of(db.session, me().id)
    page = page_of(mine, page_number(), ROWS)
    rows = progress_of(db.session, page.items, account_id=me().id, now=lab_now())
    return PageOf(rows, page.number, page.count)


def _order(order_id: int) -> Order:
    """One's own; instructors see all. Raises NotFound."""
    found = db.session.get(Order, order_id, options=queries.whole_order())
    if found is None or (found.placed_by_id != me().id and not instructor()):
        raise NotFound(_("Diesen Auftrag gibt es hier nicht."), way_out=_("Sehen Sie in Ihrer Liste nach."))
    return found


def _row(found: Order) -> Progress:
    return progress_of(db.session, [found], account_id=me().id, now=lab_now())[0]


def _undo_seconds(found: Order) -> int:
    """How long the person may still take it back; 0: not any more."""
    if found.cancelled_at or found.placed_by_id != me().id:
        return 0
    gone = (utcnow() - found.placed_at).total_seconds()
    return max(0, round(settings().undo_seconds - gone))
