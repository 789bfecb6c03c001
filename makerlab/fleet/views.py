"""Administration of printers: add, change, test the connection, print the labels."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from flask import Response, flash, redirect, render_template, request, url_for
from flask_security import current_user

from makerlab.catalog.blueprint import register_machines
from makerlab.core.alphabet import by_name
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Conflict, MakerlabError, NotFound
from makerlab.core.language import _
from makerlab.core.web import settings
from makerlab.fleet import actions, equipping, joining, rules, upkeeping, words  # noqa: F401  their pages
from makerlab.fleet.connection import Known, Trial, try_connection
from makerlab.fleet.forms import PrinterForm
from makerlab.fleet.frame import PRINTER, blueprint, get_printer, keepers, let_go, machine_name, offered
from makerlab.fleet.hosts import NO_HOST, open_host
from makerlab.fleet.limits import compared, toml_of
from makerlab.fleet.models import Printer
from makerlab.fleet.queries import machines_of
from makerlab.materials.labels import qr_svg

# The catalogue checks and estimates for the machines that the lab has; it stands below and cannot ask us.
blueprint.record_once(lambda state: register_machines(state.app, machines_of))


@blueprint.get("")
@keepers
def admin() -> str:
    """All printers with their addresses."""
    return render_template(
        "fleet/admin.html", printers=_all(), sight=words.sight, out_of_service=words.OUT_OF_SERVICE,
        retired=words.RETIRED, machine_name=machine_name,
    )  # fmt: skip


@blueprint.get("/etiketten")
@keepers
def labels() -> str:
    """The QR labels of all printers."""
    return render_template(
        "fleet/labels.html",
        printers=[one for one in _all() if one.retired_at is None],
        qr_svg=qr_svg,
        machine_name=machine_name,
        back=url_for(".admin"),
    )


@blueprint.get(PRINTER)
@keepers
def edit(printer_id: int) -> str:
    printer = get_printer(printer_id)
    form = PrinterForm(
        name=printer.name, machine=printer.machine, site_id=printer.site_id, url=printer.url,
        camera_url=printer.camera_url,
    )  # fmt: skip
    return _page(offered(form), printer)


@blueprint.post(PRINTER)
@keepers
def change(printer_id: int) -> Any:
    printer, form = get_printer(printer_id), offered(PrinterForm())
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
    form, printer = offered(PrinterForm()), get_printer(printer_id)
    known = Known(printer.url, printer.key_encrypted, printer.certificate)
    let_go()
    try:
        tried = try_connection(form.url.data or "", form.api_key.data or "", known, settings())
    except MakerlabError as error:
        return _refused(form, error, printer_id)
    # The key typed comes back neither: it is typed again to be stored.
    return _page(form, get_printer(printer_id), tried)


@blueprint.post(f"{PRINTER}/zertifikat")
@keepers
def trust(printer_id: int) -> Any:
    """A person compared the fingerprint that the test showed."""
    sha256 = request.form.get("sha256", "")
    actions.trust_certificate(
        db.session, get_printer(printer_id), sha256, by_id=current_user.id, now=utcnow()
    )
    db.session.commit()
    flash(_("Ab jetzt gilt nur dieses Zertifikat."), "success")
    return redirect(url_for(".edit", printer_id=printer_id), code=303)


@blueprint.post(f"{PRINTER}/grenzen")
@keepers
def read_limits(printer_id: int) -> Any:
    """Ask the firmware what it allows; only while nothing prints."""
    printer = get_printer(printer_id)
    try:
        with closing(open_host(printer, settings())) as host:
            let_go()
            limits = host.limits()
    except NO_HOST as error:
        raise Conflict(
            _("Der Drucker antwortet gerade nicht."), way_out=_("Fragen Sie ihn, wenn er bereit ist.")
        ) from error
    if not limits:
        raise Conflict(_("Die Firmware nennt keine Grenzen."), way_out=_("Es gelten die des Modells."))
    actions.keep_limits(db.session, get_printer(printer_id), asdict(limits), now=utcnow())
    db.session.commit()
    flash(_("Die Grenzen sind gelesen."), "success")
    return redirect(url_for(".edit", printer_id=printer_id), code=303)


@blueprint.get(f"{PRINTER}/grenzen.toml")
@keepers
def limits_file(printer_id: int) -> Response:
    """The limits as a part of a machine profile, to be put into a profile of the lab's own."""
    printer = get_printer(printer_id)
    if not compared(printer, settings()):
        raise NotFound(_("Die Firmware nennt keine Grenzen."), way_out=_("Es gelten die des Modells."))
    name = f"{printer.code}-limits.toml"
    disposition = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(
        toml_of(printer, settings()), headers=disposition, content_type="text/plain; charset=utf-8"
    )


def _refused(form: PrinterForm, error: MakerlabError, printer_id: int) -> Any:
    db.session.rollback()
    form.form_errors.append(f"{error.message} {error.way_out}".strip())
    return _page(form, get_printer(printer_id)), error.status


def _page(form: PrinterForm, printer: Printer, tried: Sequence[Trial] = ()) -> str:
    here = rules.same_origin(rules.tidy_address(form.url.data or ""), printer.url)
    return render_template(
        "fleet/printer.html", form=form, printer=printer, tried=tried, here=here,
        limits=compared(printer, settings()),
    )  # fmt: skip


def _values(form: PrinterForm) -> dict[str, Any]:
    fields = (form.name, form.machine, form.site_id, form.url, form.api_key, form.camera_url)
    return {field.name: field.data for field in fields}


def _all() -> list[Printer]:
    """Those in use first."""
    gone = Printer.retired_at.is_not(None)
    return list(db.session.scalars(sa.select(Printer).order_by(gone, by_name(Printer.name))))
