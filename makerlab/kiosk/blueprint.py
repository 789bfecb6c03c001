"""The kiosk's blueprint, and what all its pages share: who is here, idle sessions, refusals, pictures."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_security import current_user, logout_user
from werkzeug.wrappers import Response

from makerlab.catalog.models import Revision
from makerlab.catalog.pictures import picture_of
from makerlab.core.access import Role
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import MakerlabError
from makerlab.core.language import _
from makerlab.core.web import settings
from makerlab.kiosk.rules import WARNING_S, has_left
from makerlab.materials.models import Colour
from makerlab.people.models import Account
from makerlab.people.security import at_kiosk
from makerlab.production.models import Order

PEOPLE = (Role.TRAINEE, Role.INSTRUCTOR)

# What the page asks for by itself: no sign that somebody is there.
POLLS = frozenset(
    {"kiosk.orders_now", "kiosk.order_now", "kiosk.printers_now", "kiosk.printer_now", "kiosk.calls"}
)
WAYS_IN = frozenset({"kiosk.start", "kiosk.scan", "kiosk.wake"})

blueprint = Blueprint("kiosk", __name__, url_prefix="/kiosk")


def me() -> Account:
    """The person signed in."""
    account: Account = current_user._get_current_object()
    return account


def instructor() -> bool:
    return me().has_role(Role.INSTRUCTOR)


def picture_url(revision: Revision, colour: Colour | None = None) -> str | None:
    """Where the catalogue shows the object in this colour."""
    if "catalog.picture" not in current_app.view_functions:
        return None
    return url_for("catalog.picture", sha256=picture_of(revision, colour))


def order_picture(order: Order) -> str | None:
    """Where the catalogue shows what an order makes: a further part as it is, all else in its colour."""
    if order.part is None or "catalog.picture" not in current_app.view_functions:
        return picture_url(order.revision, order.product.colour)
    return url_for("catalog.picture", sha256=order.part.picture_sha256)


@blueprint.before_app_request
def end_left_session() -> Response | None:
    """End a kiosk session whose person left, on whatever page; else note that they are there."""
    if not at_kiosk() or not current_user.is_authenticated:
        return None
    now = utcnow()
    if has_left(session.get("kiosk_active_at"), now, settings().kiosk_idle_seconds):
        logout_user()
        if request.endpoint in WAYS_IN:
            return None
        flash(_("Wir haben Sie abgemeldet."), "info")
        return redirect(url_for("kiosk.start"), code=303)
    if request.endpoint not in POLLS:
        session["kiosk_active_at"] = now
    return None


@blueprint.before_app_request
def remember_label() -> None:
    """A printer's label opened by somebody who is not signed in: their card first, then the printer."""
    if request.endpoint == "kiosk.printer" and not current_user.is_authenticated:
        session["kiosk_next"] = (request.view_args or {}).get("code", "")


@blueprint.context_processor
def _frame() -> dict[str, Any]:
    return {
        "idle_seconds": settings().kiosk_idle_seconds,
        "idle_warning": WARNING_S,
        "at_kiosk": at_kiosk(),
        "picture_url": picture_url,
        "order_picture": order_picture,
    }


@blueprint.errorhandler(MakerlabError)
def refused(error: MakerlabError) -> tuple[str, int]:
    """One sentence and a way out, on the kiosk's own page: its frame ends the session of who walks away."""
    db.session.rollback()
    page = render_template(
        "kiosk/refused.html", sentence=error.message, way_out=error.way_out, here=url_for("kiosk.start")
    )
    return page, error.status


def page_number() -> int:
    return request.args.get("seite", 1, type=int)
