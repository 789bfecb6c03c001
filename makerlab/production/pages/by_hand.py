"""Prints that somebody started by hand: what waits to be adopted, and the form that does it."""

from contextlib import closing
from datetime import datetime
from math import pi

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from designs.profiles import load
from makerlab.catalog.models import Revision
from makerlab.catalog.queries import offered
from makerlab.core.access import allow
from makerlab.core.alphabet import by_name
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Invalid, MakerlabError
from makerlab.core.language import _
from makerlab.core.measures import typed
from makerlab.core.web import settings
from makerlab.fleet.actions import declare_bed
from makerlab.fleet.hosts import NO_HOST, open_host
from makerlab.fleet.models import Bed, Printer
from makerlab.materials.models import Colour, Spool
from makerlab.people.models import Account, RoleRow
from makerlab.production.foreign import adopt, order_of, to_adopt
from makerlab.production.models import Copy, CopyState, Order
from makerlab.production.outcome import ForeignPrint
from makerlab.production.pages.frame import ACTORS, BIGGEST_ID, ID, WATCHERS, Row, blueprint, found, me
from makerlab.production.pages.printers import has_active

BY_HAND = "/drucker/von-hand"
HANDS = ("trainee", "instructor")


@blueprint.get(BY_HAND)
@allow(*WATCHERS)
def by_hand() -> str:
    return render_template("production/by_hand.html", rows=to_adopt(db.session))


@blueprint.get(f"{BY_HAND}/<{ID}:foreign_id>")
@allow(*ACTORS)
def adoption(foreign_id: int) -> str:
    return _page(found(ForeignPrint, foreign_id))


@blueprint.post(f"{BY_HAND}/<{ID}:foreign_id>")
@allow(*ACTORS)
def adopt_print(foreign_id: int) -> Response | tuple[str, int]:
    """All at once: the record, stock, filament and, if somebody looked, the bed."""
    row, now = found(ForeignPrint, foreign_id), utcnow()
    try:
        _adopt(row, now)
    except Invalid as error:
        db.session.rollback()
        return _page(found(ForeignPrint, foreign_id), error), error.status
    printer = row.printer
    if "bed_clear" in request.form and not printer.sight.foreign and not has_active(printer.id):
        declare_bed(db.session, printer, Bed.CLEAR, reason="looked", by_id=me().id, now=now)
    db.session.commit()
    flash(_("Der Druck ist aufgenommen."), "success")
    return redirect(url_for(".printer", printer_id=row.printer_id), code=303)


def _adopt(row: ForeignPrint, now: datetime) -> None:
    form = request.form
    person = _chosen(Account, "started_by_id")
    if person is None:
        raise Invalid(_("Wer hat den Druck gestartet?"))
    adopt(
        db.session, row, started_by=person, revision=_chosen(Revision, "revision_id"),
        colour=_chosen(Colour, "colour_id"), order=_chosen(Order, "order_id"), good=_whole(form.get("good")),
        scrap=_whole(form.get("scrap")), grams=_grams(form.get("grams")), by=me(), now=now,
    )  # fmt: skip


def _chosen(kind: type[Row], name: str) -> Row | None:
    """The row of that name in the form; None where nothing was chosen. Raises Invalid."""
    if not request.form.get(name):
        return None
    id_ = request.form.get(name, 0, type=int)
    row = db.session.get(kind, id_) if 0 < id_ <= BIGGEST_ID else None
    if row is None:
        raise Invalid(_("Wählen Sie etwas aus der Liste."))
    return row


def _whole(text: str | None) -> int:
    if not (text or "").strip().isdecimal() or len(text or "") > 6:
        raise Invalid(_("Diese Zahl geht nicht."), way_out=_("Wählen Sie eine andere Zahl."))
    return int(text or "")


def _grams(text: str | None) -> float:
    """With comma or point. Raises Invalid."""
    plain = (text or "").strip().replace(",", ".")
    if not plain.replace(".", "", 1).isdecimal() or len(plain) > 8:
        raise Invalid(_("Dieses Gewicht kann nicht stimmen."))
    return float(plain)


def _page(row: ForeignPrint, error: MakerlabError | None = None) -> str:
    """What was typed stays after a refusal; at first the best guess stands there."""
    spool = db.session.get(Spool, row.spool_id) if row.spool_id else None
    same = order_of(db.session, row)
    values = dict(request.form) or {
        "revision_id": str(same.revision_id) if same else "",
        "colour_id": str(spool.colour_id) if spool else "",
        "good": "0",
        "scrap": "0",
        "grams": _guessed_grams(row, spool),
    }
    return render_template(
        "production/adopt.html", row=row, printer=row.printer, spool=spool, values=values, error=error,
        people=_people(), orders=_open_orders(), offered=offered(db.session),
        colours=db.session.scalars(sa.select(Colour).order_by(by_name(Colour.name))).all(),
    )  # fmt: skip


def _people() -> list[Account]:
    """Who may start a print."""
    prints = Account.roles.any(RoleRow.name.in_(HANDS))
    query = sa.select(Account).where(Account.active, prints).order_by(by_name(Account.name))
    return list(db.session.scalars(query))


def _open_orders() -> list[Order]:
    """Orders that still want pieces, newest first."""
    wants = sa.exists().where(Copy.order_id == Order.id, Copy.state == CopyState.OPEN)
    query = sa.select(Order).where(Order.cancelled_at.is_(None), wants).order_by(Order.id.desc()).limit(100)
    return list(db.session.scalars(query.options(joinedload(Order.revision).joinedload(Revision.design))))


def _guessed_grams(row: ForeignPrint, spool: Spool | None) -> str:
    """From what the print host read in the file, up to where the print got; empty where it knows nothing."""
    material = load(settings().profiles_dir).materials.get(spool.material) if spool else None
    length_mm = _filament_mm(row.printer, row.file)
    if material is None or length_mm is None:
        return ""
    section_mm2 = pi / 4 * material.diameter_mm**2
    grams = length_mm * section_mm2 * material.density_g_cm3 / 1000 * min(row.progress or 1.0, 1.0)
    return typed(round(grams, 1))


def _filament_mm(printer: Printer, name: str) -> float | None:
    """Asks the print host, some seconds at most; whatever goes wrong, a person weighs."""
    try:
        with closing(open_host(printer, settings())) as host:
            remote = host.file(name)
    except NO_HOST:
        return None
    return remote.filament_mm if remote else None
