"""What an instructor does at a printer: steer its print, change its spool, declare its bed, its service."""

import sqlalchemy as sa
from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from makerlab.core.access import allow
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Conflict, Invalid, NotFound
from makerlab.core.language import _
from makerlab.fleet import actions
from makerlab.fleet import words as fleet_words
from makerlab.fleet.models import Bed, Printer
from makerlab.materials.codes import read_code
from makerlab.materials.models import Spool
from makerlab.production import words
from makerlab.production.actions import ask
from makerlab.production.models import Attempt
from makerlab.production.pages.frame import ACTORS, BIGGEST_ID, ID, blueprint, found, me
from makerlab.production.pages.printers import PRINTER, has_active
from makerlab.production.states import BEFORE_START, Wish
from printers.host import HostState

BUSY = frozenset(state.value for state in HostState if state.busy)
REASONS = {Wish.PAUSE: words.PAUSE_REASONS, Wish.CANCEL: words.STOP_REASONS, Wish.RESUME: ("", "other")}


@blueprint.post(f"/laeufe/<{ID}:attempt_id>/wunsch")
@allow(*ACTORS)
def steer(attempt_id: int) -> Response:
    """Pause, resume or cancel, with a reason."""
    attempt = found(Attempt, attempt_id)
    wish, reason = request.form.get("wish", type=Wish), request.form.get("reason", "")
    if wish is None:
        raise Invalid(_("Das geht hier nicht."))
    if reason not in REASONS[wish]:
        raise Invalid(_("Wählen Sie einen Grund."))
    ask(db.session, attempt, wish, by=me(), reason=reason, now=utcnow())
    db.session.commit()
    flash(_("Der Drucker bekommt es gleich gesagt."), "success")
    return _back(attempt.printer_id)


@blueprint.post(f"{PRINTER}/spule")
@allow(*ACTORS)
def load_spool(printer_id: int) -> Response:
    """Put the spool chosen or scanned into the printer."""
    printer = found(Printer, printer_id)
    _not_before_start(printer)
    spool = _chosen_spool()
    actions.load_spool(db.session, printer, spool, by_id=me().id, now=utcnow())
    db.session.commit()
    flash(_("Die Spule ist eingelegt."), "success")
    return _back(printer_id)


@blueprint.post(f"{PRINTER}/spule/heraus")
@allow(*ACTORS)
def unload_spool(printer_id: int) -> Response:
    printer = found(Printer, printer_id)
    _not_before_start(printer)
    actions.unload_spool(db.session, printer, by_id=me().id, now=utcnow())
    db.session.commit()
    flash(_("Die Spule ist heraus."), "success")
    return _back(printer_id)


def _chosen_spool() -> Spool:
    code, id_ = read_code(request.form.get("code", "")), request.form.get("spool_id", type=int)
    wanted = Spool.code == code if code else Spool.id == id_
    spool = None
    if code or (id_ is not None and 0 < id_ <= BIGGEST_ID):
        spool = db.session.scalar(sa.select(Spool).where(wanted))
    if spool is None:
        raise NotFound(_("Diese Spule kennen wir nicht."), way_out=_("Scannen Sie das Etikett der Spule."))
    return spool


def _not_before_start(printer: Printer) -> None:
    """A print that is about to start was checked against the spool that is in."""
    waiting = sa.and_(Attempt.printer_id == printer.id, Attempt.state.in_(BEFORE_START))
    if db.session.scalar(sa.select(Attempt.id).where(waiting)):
        raise Conflict(_("Hier startet gerade ein Druck."), way_out=_("Warten Sie einen Moment."))


@blueprint.post(f"{PRINTER}/bett")
@allow(*ACTORS)
def declare(printer_id: int) -> Response:
    """A person says how the bed is."""
    printer = found(Printer, printer_id)
    bed = request.form.get("bed", type=Bed)
    if bed is None:
        raise Invalid(_("Das geht hier nicht."))
    if bed is Bed.CLEAR:
        _bed_may_be_clear(printer)
    reason = "looked" if bed is Bed.CLEAR else "occupied"
    actions.declare_bed(db.session, printer, bed, reason=reason, by_id=me().id, now=utcnow())
    db.session.commit()
    flash(fleet_words.BED[bed].word, "success")
    return _back(printer_id)


def _bed_may_be_clear(printer: Printer) -> None:
    if has_active(printer.id):
        raise Conflict(_("Hier ist noch ein Druck offen."), way_out=_("Holen Sie ihn zuerst ab."))
    if printer.sight is not None and printer.sight.state in BUSY:
        raise Conflict(_("Der Drucker druckt noch."), way_out=_("Warten Sie, bis er fertig ist."))


@blueprint.post(f"{PRINTER}/ausser-betrieb")
@allow(*ACTORS)
def take_out(printer_id: int) -> Response:
    printer = found(Printer, printer_id)
    reason = request.form.get("reason", "")
    actions.take_out_of_service(db.session, printer, reason, by_id=me().id, now=utcnow())
    db.session.commit()
    flash(_("Der Drucker ist außer Betrieb."), "success")
    return _back(printer_id)


@blueprint.post(f"{PRINTER}/in-betrieb")
@allow(*ACTORS)
def put_back(printer_id: int) -> Response:
    printer = found(Printer, printer_id)
    actions.put_into_service(db.session, printer, by_id=me().id, now=utcnow())
    db.session.commit()
    flash(_("Der Drucker ist wieder in Betrieb."), "success")
    return _back(printer_id)


def _back(printer_id: int) -> Response:
    return redirect(url_for(".printer", printer_id=printer_id), code=303)
