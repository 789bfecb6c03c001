"""The page behind a spool's label: what is on it, and into which printer it goes."""

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from designs.profiles import load
from makerlab.core.access import Role, allow
from makerlab.core.alphabet import by_name
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Conflict, NotFound
from makerlab.core.language import _
from makerlab.core.web import number_of, settings
from makerlab.fleet.actions import load_spool, unload_spool
from makerlab.fleet.models import Printer
from makerlab.kiosk.blueprint import PEOPLE, blueprint, instructor, me, page_number
from makerlab.kiosk.rules import page_of
from makerlab.materials.models import Spool
from makerlab.materials.queries import grams_left
from makerlab.materials.words import level
from makerlab.production.models import Attempt
from makerlab.production.states import BEFORE_START

CARDS = 4  # as many as fit on the smallest screen


def spool_by_code(session: Session, code: str) -> Spool | None:
    """The spool with this label."""
    return session.scalar(sa.select(Spool).where(Spool.code == code))


@blueprint.get("/spule/<label>")
@allow(*PEOPLE)
def spool(label: str) -> str:
    """Where is it, and where should it go? Instructors load it; the printer looked at last comes first."""
    row = _found(label)
    in_use = sa.select(Printer).where(Printer.retired_at.is_(None))
    printers = db.session.scalars(in_use.order_by(by_name(Printer.name))).unique().all()
    looked_at = request.args.get("drucker", "")
    inside = next((one for one in printers if one.spool_id == row.id), None)
    there = sorted((one for one in printers if one is not inside), key=lambda one: one.code != looked_at)
    left = grams_left(db.session, [row.id])[row.id]
    material = load(settings().profiles_dir).materials.get(row.material)
    return render_template(
        "kiosk/spool.html", spool=row, inside=inside, page=page_of(there, page_number(), CARDS), left_g=left,
        level=level(row, left), material=material.name if material else row.material, instructor=instructor(),
    )  # fmt: skip


@blueprint.post("/spule/<label>/einlegen")
@allow(Role.INSTRUCTOR)
def load_here(label: str) -> Response:
    row, printer = _found(label), db.session.get(Printer, request.form.get("printer", 0, type=number_of))
    if printer is None or printer.retired_at is not None:
        raise NotFound(_("Diesen Drucker gibt es hier nicht."), way_out=_("Wählen Sie einen aus der Liste."))
    _not_before_start(printer)
    load_spool(db.session, printer, row, by_id=me().id, now=utcnow())
    db.session.commit()
    flash(_("Die Spule ist eingelegt."), "success")
    return redirect(url_for("kiosk.printer", code=printer.code), code=303)


@blueprint.post("/spule/<label>/heraus")
@allow(Role.INSTRUCTOR)
def take_out(label: str) -> Response:
    """Wherever it is; nothing happens when it is in no printer."""
    row = _found(label)
    if printer := db.session.scalars(sa.select(Printer).where(Printer.spool_id == row.id)).unique().first():
        _not_before_start(printer)
        unload_spool(db.session, printer, by_id=me().id, now=utcnow())
        db.session.commit()
    return redirect(url_for("kiosk.spool", label=label), code=303)


def _found(label: str) -> Spool:
    row = spool_by_code(db.session, label)
    if row is None:
        raise NotFound(_("Diese Spule gibt es nicht."), way_out=_("Scannen Sie das Etikett der Spule."))
    return row


def _not_before_start(printer: Printer) -> None:
    """A print that is about to start was given this spool. Raises Conflict."""
    about_to = sa.and_(Attempt.printer_id == printer.id, Attempt.state.in_(BEFORE_START))
    if db.session.scalar(sa.select(Attempt.id).where(about_to)):
        raise Conflict(_("Hier beginnt gleich ein Druck."), way_out=_("Warten Sie einen Moment."))
