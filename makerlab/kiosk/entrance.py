"""The way in: a card, or number and PIN. And labels: of a printer, of a spool, which open their pages."""

import re

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, request, session, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from makerlab.core.access import may, public
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Forbidden, MakerlabError, TooOften
from makerlab.core.language import _
from makerlab.kiosk.blueprint import PEOPLE, blueprint
from makerlab.kiosk.queries import printer_by_code
from makerlab.kiosk.rules import scanned_code
from makerlab.kiosk.spools import spool_by_code
from makerlab.people.entrance import who_by_card, who_by_pin
from makerlab.people.models import Account
from makerlab.people.security import sign_in


@blueprint.get("")
@public
def start() -> str | Response:
    if current_user.is_authenticated and may(PEOPLE):
        return redirect(url_for("kiosk.home"))
    session.setdefault("face", "kiosk")
    session.pop("kiosk_number", None)
    return render_template("kiosk/start.html", printer_next="kiosk_next" in session)


@blueprint.get("/wach")
@public
def wake() -> FlaskResponse:
    """Asked for by pages that nobody is signed in to: back to the first page, with a fresh form."""
    return FlaskResponse(headers={"HX-Redirect": url_for("kiosk.start")})


@blueprint.post("/scannen")
@public
def scan() -> Response:
    """Whatever the scanner read: a printer's label, or the card of a person."""
    code = scanned_code(request.form.get("code", "")[:500])
    if printer := printer_by_code(db.session, code):
        if current_user.is_authenticated:
            return redirect(url_for("kiosk.printer", code=printer.code), code=303)
        session["kiosk_next"] = printer.code
        return redirect(url_for("kiosk.start"), code=303)
    if spool := spool_by_code(db.session, code):  # no card: it must not count as a wrong one
        if not current_user.is_authenticated:
            flash(_("Das ist eine Spule. Zeigen Sie zuerst Ihre Karte."), "info")
            return redirect(url_for("kiosk.start"), code=303)
        return redirect(url_for("kiosk.spool", label=spool.code, drucker=_printer_looked_at()), code=303)
    try:
        account = who_by_card(db.session, code, kiosk=request.remote_addr or "?", now=utcnow())
        return _let_in(account)
    except (Forbidden, TooOften) as refusal:
        return _again(refusal, "kiosk.home" if current_user.is_authenticated else "kiosk.start")


@blueprint.get("/nummer")
@public
def number() -> str:
    return render_template("kiosk/number.html")


@blueprint.post("/nummer")
@public
def give_number() -> Response:
    session["kiosk_number"] = request.form.get("number", "")[:8]
    return redirect(url_for("kiosk.pin"), code=303)


@blueprint.get("/pin")
@public
def pin() -> str | Response:
    if "kiosk_number" not in session:
        return redirect(url_for("kiosk.number"))
    return render_template("kiosk/pin.html")


@blueprint.post("/pin")
@public
def give_pin() -> Response:
    known, given = session.get("kiosk_number", ""), request.form.get("pin", "")[:32]
    try:
        account = who_by_pin(db.session, known, given, kiosk=request.remote_addr or "?", now=utcnow())
        return _let_in(account)
    except TooOften as refusal:
        return _again(refusal, "kiosk.start")
    except Forbidden as refusal:
        return _again(refusal, "kiosk.number")


def _printer_looked_at() -> str | None:
    """The code of the printer on whose page the label was scanned; a hint, nothing more."""
    found = re.search(r"/kiosk/drucker/([0-9A-Za-z]{1,32})", request.referrer or "")
    return found[1] if found else None


def _let_in(account: Account) -> Response:
    """Sign in with a new session, and go where the person wanted to go. Raises Forbidden."""
    if not any(account.has_role(role) for role in PEOPLE):
        raise Forbidden(
            _("Diese Anzeige ist für die Werkstatt."), way_out=_("Nehmen Sie einen anderen Computer.")
        )
    target = session.get("kiosk_next")
    db.session.commit()
    sign_in(account, face="kiosk")
    session["kiosk_active_at"] = utcnow()
    return redirect(url_for("kiosk.printer", code=target) if target else url_for("kiosk.home"), code=303)


def _again(refusal: MakerlabError, endpoint: str) -> Response:
    flash(f"{refusal.message} {refusal.way_out}".strip(), "error")
    return redirect(url_for(endpoint), code=303)
