"""Administration of printers: add, change, test the connection, print the labels."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, url_for
from flask_security import current_user

from designs.profiles import load
from makerlab.catalog.blueprint import register_machines
from makerlab.core.access import Role, allow
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import MakerlabError, NotFound
from makerlab.core.language import _
from makerlab.core.web import settings
from makerlab.fleet import actions, words
from makerlab.fleet.connection import Answer, try_connection
from makerlab.fleet.forms import PrinterForm
from makerlab.fleet.models import Printer
from makerlab.fleet.queries import machines_of
from makerlab.materials.labels import qr_svg
from makerlab.people.models import Site

blueprint = Blueprint("fleet", __name__, url_prefix="/drucker/verwalten")
# The catalogue checks and estimates for the machines that the lab has; it stands below and cannot ask us.
blueprint.record_once(lambda state: register_machines(state.app, machines_of))
keepers = allow(Role.ADMINISTRATOR)

PRINTER = "/<int(max=2147483647):printer_id>"


@blueprint.get("")
@keepers
def admin() -> str:
    """All printers with their addresses."""
    return render_template(
        "fleet/admin.html", printers=_all(), sight=words.sight, out_of_service=words.OUT_OF_SERVICE,
        machine_name=machine_name,
    )  # fmt: skip


@blueprint.get("/etiketten")
@keepers
def labels() -> str:
    """The QR labels of all printers."""
    return render_template(
        "fleet/labels.html", printers=_all(), qr_svg=qr_svg, machine_name=machine_name, back=url_for(".admin")
    )


@blueprint.get("/neu")
@keepers
def new() -> str:
    return _page(_offered(PrinterForm()))


@blueprint.post("/neu")
@keepers
def add() -> Any:
    form = _offered(PrinterForm())
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        printer = actions.add_printer(
            db.session, **_values(form), settings=settings(), by_id=current_user.id, now=utcnow()
        )
        db.session.commit()
    except MakerlabError as error:
        return _refused(form, error)
    flash(_("Der Drucker ist eingetragen. Kleben Sie sein Etikett auf."), "success")
    return redirect(url_for(".edit", printer_id=printer.id), code=303)


@blueprint.post("/neu/test")
@keepers
def test_new() -> Any:
    """Try the connection with what stands in the form; nothing is stored."""
    return _test(_offered(PrinterForm()), None)


@blueprint.get(PRINTER)
@keepers
def edit(printer_id: int) -> str:
    printer = _get(printer_id)
    form = PrinterForm(name=printer.name, machine=printer.machine, site_id=printer.site_id, url=printer.url)
    return _page(_offered(form), printer)


@blueprint.post(PRINTER)
@keepers
def change(printer_id: int) -> Any:
    printer, form = _get(printer_id), _offered(PrinterForm())
    if not form.validate_on_submit():
        return _page(form, printer), 422
    try:
        actions.edit_printer(
            db.session, printer, **_values(form), settings=settings(), by_id=current_user.id, now=utcnow()
        )
        db.session.commit()
    except MakerlabError as error:
        return _refused(form, error, printer_id)
    flash(_("Gespeichert."), "success")
    return redirect(url_for(".edit", printer_id=printer_id), code=303)


@blueprint.post(f"{PRINTER}/test")
@keepers
def test(printer_id: int) -> Any:
    """Try the connection; without a typed key with the stored one."""
    return _test(_offered(PrinterForm()), _get(printer_id))


def _test(form: PrinterForm, printer: Printer | None) -> Any:
    """Ask the host in no transaction of ours: it may take seconds, and others want to write."""
    printer_id = printer.id if printer else None
    stored = (printer.url, printer.key_encrypted) if printer else None
    db.session.rollback()
    answer = try_connection(form.url.data or "", form.api_key.data or "", stored, settings())
    # The key typed comes back neither: it is typed again to be stored.
    return _page(form, _get(printer_id) if printer_id else None, answer)


def _refused(form: PrinterForm, error: MakerlabError, printer_id: int | None = None) -> Any:
    db.session.rollback()
    form.form_errors.append(f"{error.message} {error.way_out}".strip())
    return _page(form, _get(printer_id) if printer_id else None), error.status


def _page(form: PrinterForm, printer: Printer | None = None, answer: Answer | None = None) -> str:
    return render_template("fleet/printer.html", form=form, printer=printer, answer=answer)


def _values(form: PrinterForm) -> dict[str, Any]:
    fields = (form.name, form.machine, form.site_id, form.url, form.api_key)
    return {field.name: field.data for field in fields}


def _offered(form: PrinterForm) -> PrinterForm:
    sites = db.session.execute(sa.select(Site.id, Site.name).order_by(Site.name))
    form.offer([(id_, name) for id_, name in sites])
    return form


def _all() -> list[Printer]:
    return list(db.session.scalars(sa.select(Printer).order_by(Printer.name)))


def _get(printer_id: int) -> Printer:
    printer = db.session.get(Printer, printer_id)
    if printer is None:
        raise NotFound(_("Diesen Drucker gibt es nicht."), way_out=_("Wählen Sie einen aus der Liste."))
    return printer


def machine_name(key: str) -> str:
    """The name of a printer model; its key when the profile is gone."""
    machine = load(settings().profiles_dir).machines.get(key)
    return machine.name if machine else key
