"""What people do to a printer beside printing: heat it, connect it, look after it, retire it."""

from contextlib import closing

from flask import Response, flash, redirect, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response as AnyResponse

from designs.profiles import load
from makerlab.core.access import Role, allow
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Conflict, Invalid, NotFound
from makerlab.core.language import _
from makerlab.core.web import settings
from makerlab.fleet import camera, retiring, upkeep
from makerlab.fleet.hosts import NO_HOST, open_host
from makerlab.fleet.models import Printer, UpkeepTask
from makerlab.production import heating
from makerlab.production.pages.acting import BUSY
from makerlab.production.pages.frame import ACTORS, BIGGEST_ID, WATCHERS, blueprint, found, me
from makerlab.production.pages.printers import PRINTER, has_active

carers = allow(Role.INSTRUCTOR, Role.ADMINISTRATOR)
keepers = allow(Role.ADMINISTRATOR)


@blueprint.post(f"{PRINTER}/vorheizen")
@allow(*ACTORS)
def preheat(printer_id: int) -> AnyResponse:
    """To the temperatures of the filament that is in."""
    printer = found(Printer, printer_id)
    materials = load(settings().profiles_dir).materials
    material = materials.get(printer.spool.material) if printer.spool else None
    if material is None:
        raise Conflict(_("Im Drucker ist keine Spule."), way_out=_("Legen Sie zuerst eine ein."))
    heating.preheat(
        db.session, printer, material, minutes=settings().preheat_minutes, by_id=me().id, now=utcnow()
    )
    db.session.commit()
    flash(_("Der Drucker heizt gleich vor."), "success")
    return _back(printer_id)


@blueprint.post(f"{PRINTER}/abkuehlen")
@allow(*ACTORS)
def cool(printer_id: int) -> AnyResponse:
    heating.cool(db.session, found(Printer, printer_id), by_id=me().id, now=utcnow())
    db.session.commit()
    flash(_("Die Heizung geht gleich aus."), "success")
    return _back(printer_id)


@blueprint.post(f"{PRINTER}/verbindung")
@allow(*ACTORS)
def link(printer_id: int) -> AnyResponse:
    """Connect OctoPrint to its printer again, or let go of it: out of service, so that nothing starts."""
    printer, up = found(Printer, printer_id), request.form.get("up") == "1"
    if not up:
        _may_let_go(printer)
    db.session.rollback()  # the host may take seconds, and others want to write
    try:
        with closing(open_host(printer, settings())) as host:
            if not up and host.status().state.busy:
                raise Conflict(_("Der Drucker druckt noch."), way_out=_("Warten Sie, bis er fertig ist."))
            host.link(up=up)
    except NO_HOST as error:
        raise Conflict(_("OctoPrint antwortet nicht."), way_out=_("Prüfen Sie Strom und Netz.")) from error
    flash(_("OctoPrint verbindet sich.") if up else _("OctoPrint hat den Drucker losgelassen."), "success")
    return _back(printer_id)


def _may_let_go(printer: Printer) -> None:
    """A start that comes between would be cut off: none may come."""
    if not printer.out_of_service:
        raise Conflict(_("Der Drucker ist in Betrieb."), way_out=_("Nehmen Sie ihn zuerst außer Betrieb."))
    if has_active(printer.id) or (printer.sight is not None and printer.sight.state in BUSY):
        raise Conflict(_("Hier ist noch ein Druck offen."), way_out=_("Holen Sie ihn zuerst ab."))


@blueprint.post(f"{PRINTER}/wartung")
@carers
def upkeep_done(printer_id: int) -> AnyResponse:
    """A task of the plan was done, or something beside it."""
    printer = found(Printer, printer_id)
    task = _task(request.form.get("task_id", 0, type=int)) if request.form.get("task_id") else None
    upkeep.note_done(
        db.session, printer, task, note=request.form.get("note", ""), by_id=me().id, now=utcnow()
    )
    db.session.commit()
    flash(_("Eingetragen. Danke."), "success")
    return _back(printer_id, "upkeep")


def _task(task_id: int) -> UpkeepTask:
    task = db.session.get(UpkeepTask, task_id) if 0 < task_id <= BIGGEST_ID else None
    if task is None or task.ended_at is not None:
        raise NotFound(_("Diese Wartung gibt es nicht."), way_out=_("Wählen Sie eine aus der Liste."))
    return task


@blueprint.get(f"{PRINTER}/kamera")
@allow(*WATCHERS)
def camera_picture(printer_id: int) -> Response:
    """What its camera sees now, or a few seconds ago."""
    printer = found(Printer, printer_id)
    db.session.rollback()
    jpeg = camera.still_of(printer, settings()) if printer.camera_url else None
    if jpeg is None:
        raise NotFound(_("Von dieser Kamera kommt kein Bild."), way_out=_("Prüfen Sie ihre Adresse."))
    return Response(jpeg, content_type="image/jpeg", headers={"X-Content-Type-Options": "nosniff"})


@blueprint.post(f"{PRINTER}/ausmustern")
@keepers
def retire(printer_id: int) -> AnyResponse:
    """It has left the workshop; its history stays."""
    printer = found(Printer, printer_id)
    _nothing_open(printer)
    retiring.retire(db.session, printer, by_id=me().id, now=utcnow())
    db.session.commit()
    flash(_("Der Drucker ist ausgemustert. Seine Drucke bleiben."), "success")
    return redirect(url_for("fleet.admin"), code=303)


@blueprint.post(f"{PRINTER}/zurueckholen")
@keepers
def bring_back(printer_id: int) -> AnyResponse:
    retiring.bring_back(db.session, found(Printer, printer_id), by_id=me().id, now=utcnow())
    db.session.commit()
    flash(_("Der Drucker ist wieder da, noch außer Betrieb."), "success")
    return _back(printer_id)


@blueprint.post(f"{PRINTER}/loeschen")
@keepers
def delete(printer_id: int) -> AnyResponse:
    """Only one that never printed for us: the database refuses all others."""
    printer = found(Printer, printer_id)
    _nothing_open(printer)
    if request.form.get("name", "").strip() != printer.name:
        raise Invalid(
            _("Das ist nicht der Name."), way_out=_("Schreiben Sie ihn genau so, wie er hier steht.")
        )
    try:
        retiring.delete(db.session, printer, by_id=me().id, now=utcnow())
        db.session.commit()
    except IntegrityError as error:
        db.session.rollback()
        raise Conflict(
            _("Dieser Drucker hat schon gedruckt."), way_out=_("Mustern Sie ihn aus. Seine Drucke bleiben.")
        ) from error
    flash(_("Der Drucker ist gelöscht."), "success")
    return redirect(url_for("fleet.admin"), code=303)


def _nothing_open(printer: Printer) -> None:
    if has_active(printer.id):
        raise Conflict(_("Hier ist noch ein Druck offen."), way_out=_("Holen Sie ihn zuerst ab."))
    if printer.sight is not None and printer.sight.state in BUSY:
        raise Conflict(_("Der Drucker druckt noch."), way_out=_("Warten Sie, bis er fertig ist."))


def _back(printer_id: int, anchor: str | None = None) -> AnyResponse:
    return redirect(url_for(".printer", printer_id=printer_id, _anchor=anchor), code=303)
