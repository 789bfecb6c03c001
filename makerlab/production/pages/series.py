"""What an instructor decides about an order and a held printer: change, hold, release, lot, plan anew."""

from datetime import date

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from makerlab.core.access import allow
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Invalid
from makerlab.core.language import _
from makerlab.core.web import settings
from makerlab.fleet.models import Printer
from makerlab.people.rules import clean_text
from makerlab.production.first_piece import reject_first, release_first
from makerlab.production.holding import hold, lift, resume
from makerlab.production.lots import change_lot
from makerlab.production.models import Order, Priority
from makerlab.production.ordering import change_order, undo_order
from makerlab.production.pages.frame import ACTORS, ID, blueprint, found, me, today
from makerlab.production.replanning import replan

ORDER = f"/auftraege/<{ID}:order_id>"
LONGEST_REASON = 200
ON_THE_WAY_S = 5  # the offer stands for the whole time on the screen; the way to us may take this long


@blueprint.post(f"{ORDER}/aendern")
@allow(*ACTORS)
def change(order_id: int) -> Response:
    """Another priority, another day."""
    order, now = found(Order, order_id), utcnow()
    priority = request.form.get("priority", type=lambda text: Priority(int(text)))
    if priority is None:
        raise Invalid(_("Wählen Sie, wie dringend es ist."))
    due_on = _day(request.form.get("due_on", ""), order.due_on)
    change_order(db.session, order, priority=priority, due_on=due_on, by=me(), now=now)
    return _done(order_id, _("Der Auftrag ist geändert."))


def _day(text: str, before: date | None) -> date | None:
    """The day that was typed; one that is over only where it stood already. Raises Invalid."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(_("Bitte einen Tag wählen.")) from error
    if day < today() and day != before:
        raise Invalid(_("Dieser Tag ist vorbei."))
    return day


@blueprint.post(f"{ORDER}/anhalten")
@allow(*ACTORS)
def hold_order(order_id: int) -> Response:
    hold(db.session, found(Order, order_id), reason=given_reason(), by=me(), now=utcnow())
    return _done(order_id, _("Der Auftrag ist angehalten."))


@blueprint.post(f"{ORDER}/freigeben")
@allow(*ACTORS)
def resume_order(order_id: int) -> Response:
    """Lift the hold, with one tap."""
    resume(db.session, found(Order, order_id), by=me(), now=utcnow())
    return _done(order_id, _("Der Auftrag läuft weiter."))


@blueprint.post(f"{ORDER}/erstes-stueck/freigeben")
@allow(*ACTORS)
def release(order_id: int) -> Response:
    release_first(db.session, found(Order, order_id), by=me(), now=utcnow())
    return _done(order_id, _("Das erste Stück ist freigegeben. Der Rest kann starten."))


@blueprint.post(f"{ORDER}/erstes-stueck/ablehnen")
@allow(*ACTORS)
def reject(order_id: int) -> Response:
    give_up = request.form.get("then") == "give_up"
    order = found(Order, order_id)
    reject_first(db.session, order, reason=given_reason(), give_up=give_up, by=me(), now=utcnow())
    return _done(order_id, _("Das erste Stück ist abgelehnt und zählt als Ausschuss."))


@blueprint.post(f"{ORDER}/charge")
@allow(*ACTORS)
def set_lot(order_id: int) -> Response:
    """Another lot for the rest of the series, with a reason."""
    lot, order = clean_text(request.form.get("lot", ""), 60), found(Order, order_id)
    change_lot(db.session, order, lot, reason=given_reason(), by=me(), now=utcnow())
    return _done(order_id, _("Die Charge ist geändert."))


@blueprint.post(f"{ORDER}/neu-aufteilen")
@allow(*ACTORS)
def replan_order(order_id: int) -> Response:
    replan(db.session, found(Order, order_id), by=me(), now=utcnow())
    return _done(order_id, _("Was noch nicht läuft, bekommt gleich neue Platten."))


@blueprint.post(f"/drucker/<{ID}:printer_id>/freigeben")
@allow(*ACTORS)
def lift_printer(printer_id: int) -> Response:
    """A printer that failed twice may start again."""
    lift(db.session, found(Printer, printer_id), by=me(), now=utcnow())
    db.session.commit()
    flash(_("Der Drucker darf wieder starten."), "success")
    return redirect(url_for(".printer", printer_id=printer_id), code=303)


@blueprint.post(f"{ORDER}/zurueck")
@allow(*ACTORS)
def undo(order_id: int) -> Response:
    """Take back an order just placed, as long as nothing of it prints."""
    undo_order(
        db.session, found(Order, order_id), by=me(), now=utcnow(),
        seconds=settings().undo_seconds + ON_THE_WAY_S,
    )  # fmt: skip
    return _done(order_id, _("Der Auftrag ist zurückgenommen."))


def undo_seconds(order: Order) -> int:
    """How long the person may still take it back; 0: not any more."""
    if order.cancelled_at or order.placed_by_id != me().id:
        return 0
    return max(0, round(settings().undo_seconds - (utcnow() - order.placed_at).total_seconds()))


def given_reason() -> str:
    """What was typed as a reason, tidied."""
    return clean_text(request.form.get("reason", ""), LONGEST_REASON)


def _done(order_id: int, words: str) -> Response:
    db.session.commit()
    flash(words, "success")
    return redirect(url_for(".order", order_id=order_id), code=303)
