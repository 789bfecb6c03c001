"""Pages of what decides where a plate may start: equipment of printers, needs of designs, hours of sites."""

from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_security import current_user
from werkzeug.wrappers import Response

from designs.profiles import load
from makerlab.catalog.models import Design
from makerlab.core.access import Role, allow
from makerlab.core.alphabet import by_name
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Invalid, NotFound
from makerlab.core.language import _
from makerlab.core.web import settings
from makerlab.fleet import hours
from makerlab.fleet.equipment import equip, known_tags, require, set_hours
from makerlab.fleet.frame import PRINTER, blueprint, get_printer, keepers, machine_name
from makerlab.fleet.models import Printer, SiteHours
from makerlab.people.models import Site

DESIGN = "/objekte/<int:design_id>"
Typed = list[tuple[str, str]]  # for each day, from Monday: opens and closes, as they stand in the fields


@blueprint.get(f"{PRINTER}/ausstattung")
@keepers
def equipment(printer_id: int) -> str:
    """A printer's nozzle and tags."""
    printer = get_printer(printer_id)
    return render_template(
        "fleet/equipment.html", printer=printer, model_mm=_model_mm(printer), tags=known_tags(db.session),
        machine=machine_name(printer.machine),
    )  # fmt: skip


@blueprint.post(f"{PRINTER}/ausstattung")
@keepers
def change_equipment(printer_id: int) -> Response:
    printer = get_printer(printer_id)
    equip(
        db.session, printer, nozzle_mm=_millimetres(request.form.get("nozzle", "")),
        tags=request.form.get("tags", "").split(","), model_mm=_model_mm(printer), by_id=current_user.id,
        now=utcnow(),
    )  # fmt: skip
    db.session.commit()
    flash(_("Gespeichert."), "success")
    return redirect(url_for(".edit", printer_id=printer_id), code=303)


def _model_mm(printer: Printer) -> float:
    machine = load(settings().profiles_dir).machines.get(printer.machine)
    return machine.nozzle_mm if machine else 0.4


def _millimetres(text: str) -> float | None:
    """Raises Invalid for what is no number."""
    if not text.strip():
        return None
    try:
        return float(text.strip().replace(",", "."))
    except ValueError as error:
        raise Invalid(
            _("Das ist keine Zahl."), way_out=_("Schreiben Sie die Düse in mm, zum Beispiel 0,6.")
        ) from error


@blueprint.get(DESIGN)
@allow(Role.INSTRUCTOR, Role.ADMINISTRATOR)
def design_needs(design_id: int) -> str:
    """What a printer must have for this design."""
    design = _design(design_id)
    tags = sorted({*known_tags(db.session), *design.needs}, key=str.casefold)
    return render_template("fleet/design_needs.html", design=design, tags=tags)


@blueprint.post(DESIGN)
@allow(Role.INSTRUCTOR, Role.ADMINISTRATOR)
def change_design_needs(design_id: int) -> Response:
    design = _design(design_id)
    require(db.session, design, request.form.getlist("tag"), by_id=current_user.id, now=utcnow())
    db.session.commit()
    flash(_("Gespeichert."), "success")
    return redirect(url_for("catalog.design", design_id=design_id), code=303)


def _design(design_id: int) -> Design:
    design = db.session.get(Design, design_id)
    if design is None:
        raise NotFound(_("Dieses Objekt gibt es nicht."), way_out=_("Gehen Sie zurück zur Liste."))
    return design


@blueprint.get("/zeiten")
@keepers
def site_hours() -> str:
    """When people are at each site."""
    return _hours_page({})


@blueprint.post("/zeiten/<int:site_id>")
@keepers
def change_site_hours(site_id: int) -> Any:
    site = db.session.get(Site, site_id)
    if site is None:
        raise NotFound(_("Diesen Ort gibt es nicht."), way_out=_("Wählen Sie einen Ort aus der Liste."))
    typed = [(request.form.get(f"from{day}", ""), request.form.get(f"to{day}", "")) for day in range(7)]
    try:
        week = [hours.day_of(opens, closes) for opens, closes in typed]
    except ValueError:
        return _hours_page({site_id: typed}), 422
    alone = "may_end_alone" in request.form
    set_hours(db.session, site, week, may_end_alone=alone, by_id=current_user.id, now=utcnow())
    db.session.commit()
    flash(_("Die Zeiten sind gespeichert."), "success")
    return redirect(url_for(".site_hours"), code=303)


def _hours_page(typed: dict[int, Typed]) -> str:
    """`typed`: what somebody typed for a site that could not be read."""
    rows = {row.site_id: row for row in db.session.scalars(sa.select(SiteHours))}
    sites = db.session.scalars(sa.select(Site).order_by(by_name(Site.name))).all()
    names = get_locale().days["stand-alone"]["wide"]
    return render_template(
        "fleet/hours.html", wrong=set(typed), days=[names[number] for number in range(7)],
        sites=[(site, typed.get(site.id) or _shown(rows.get(site.id)), rows.get(site.id)) for site in sites],
    )  # fmt: skip


def _shown(row: SiteHours | None) -> Typed:
    days = row.week if row else [None] * 7
    return [(hours.clock(day[0]), hours.clock(day[1])) if day else ("", "") for day in days]
