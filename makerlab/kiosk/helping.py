"""Calling an instructor, from every page."""

from urllib.parse import urlsplit

from flask import Response as FlaskResponse
from flask import redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from makerlab.core.access import Role, allow, public
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import NotFound
from makerlab.core.language import _
from makerlab.core.web import not_modified
from makerlab.kiosk import queries
from makerlab.kiosk.actions import answer_call, call_help
from makerlab.kiosk.blueprint import blueprint
from makerlab.people.rules import local_path


@blueprint.get("/hilfe")
@public
def help() -> str:  # noqa: A001 (the frame of all pages links to kiosk.help)
    path = local_path(urlsplit(request.referrer or "").path) or url_for("people.start")
    page = path if path != url_for("kiosk.help") else url_for("people.start")
    return render_template("kiosk/help.html", call=queries.my_call(db.session, _my_id()), page=page)


@blueprint.post("/hilfe")
@public
def call() -> Response:
    page = local_path(request.form.get("page", "")) or ""
    call_help(db.session, account_id=_my_id(), page=page, now=utcnow())
    db.session.commit()
    return redirect(url_for("kiosk.help"), code=303)


@blueprint.post("/hilfe/zurueck")
@public
def call_off() -> Response:
    if mine := queries.my_call(db.session, _my_id()):
        answer_call(db.session, mine.id, by_id=_my_id(), now=utcnow())
        db.session.commit()
    return redirect(url_for("people.start"), code=303)


@blueprint.get("/rufe")
@allow(Role.INSTRUCTOR)
def calls() -> FlaskResponse:
    """Who waits for help: a fragment for the wall and the instructors' pages."""
    return not_modified(render_template("kiosk/_calls.html", calls=queries.open_calls(db.session)))


@blueprint.post("/rufe/<int:call_id>/da")
@allow(Role.INSTRUCTOR)
def answer(call_id: int) -> Response:
    if not answer_call(db.session, call_id, by_id=current_user.id, now=utcnow()):
        raise NotFound(_("Jemand ist schon dort."), way_out=_("Laden Sie die Seite neu."))
    db.session.commit()
    return redirect(local_path(request.form.get("next", "")) or url_for("people.start"), code=303)


def _my_id() -> int | None:
    return current_user.id if current_user.is_authenticated else None
