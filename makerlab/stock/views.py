"""The desk's pages of the stock: the ledger line by line, and the places."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from makerlab.core.access import Role, allow, may
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Conflict, NotFound
from makerlab.core.language import _
from makerlab.core.web import number_of
from makerlab.stock import actions
from makerlab.stock.forms import PlaceForm
from makerlab.stock.models import PlaceKind, Product, StockMovement, StockReason
from makerlab.stock.queries import Reader, lines, pages_of_lines, places
from makerlab.stock.walling import register_stock
from makerlab.stock.words import PLACES, REASONS

blueprint = Blueprint("stock", __name__, url_prefix="/lager")
blueprint.record_once(lambda state: register_stock(state.app))

READERS = (Role.SALES, Role.INSTRUCTOR, Role.COORDINATOR, Role.ADMINISTRATOR)
WRITERS = (Role.SALES, Role.COORDINATOR)
SEE_TRAINEES = (Role.INSTRUCTOR, Role.COORDINATOR, Role.ADMINISTRATOR)


@blueprint.get("")
@allow(*READERS)
def ledger() -> str:
    """The lines of the ledger, the newest first, by product, place and reason."""
    wanted: dict[str, Any] = {
        "product_id": _id("produkt"),
        "place_id": _id("ort"),
        "reason": request.args.get("grund", type=StockReason),
    }
    pages = pages_of_lines(db.session, **wanted)
    page = min(max(request.args.get("seite", 1, type=int), 1), pages)
    reader = Reader(current_user.id, may(SEE_TRAINEES))
    product_id = wanted["product_id"]
    return render_template(
        "stock/ledger.html",
        lines=lines(db.session, reader, page=page, **wanted),
        product=db.session.get(Product, product_id) if product_id else None,
        page_url=lambda number: url_for(
            ".ledger",
            produkt=product_id,
            ort=wanted["place_id"],
            grund=wanted["reason"],
            seite=number,
        ),
        wanted=wanted,
        places=places(db.session),
        reasons=REASONS,
        page=page,
        pages=pages,
        writes=may(WRITERS),
    )


@blueprint.post("/zeilen/<int(max=2147483647):line_id>/zurueck")
@allow(*WRITERS)
def reverse(line_id: int) -> Response:
    """Take a line back, at any later time. What came from a print is corrected at the print."""
    line = db.session.get(StockMovement, line_id)
    if line is None:
        raise NotFound(_("Diese Zeile gibt es nicht."))
    if line.reason is StockReason.PRODUCED:
        raise Conflict(
            _("Diese Stücke kommen aus einem Druck."),
            way_out=_("Zählen Sie nach, wenn die Zahl nicht stimmt."),
        )
    actions.reverse(db.session, line, actor_id=current_user.id, now=utcnow())
    flash(_("Zurückgenommen."), "success")
    back = redirect(url_for(".ledger", produkt=line.product_id))
    db.session.commit()
    return back


@blueprint.get("/orte")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def all_places() -> str:
    return _places_page(PlaceForm())


@blueprint.post("/orte")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def add_place() -> Any:
    form = PlaceForm()
    if not form.validate_on_submit():
        return _places_page(form), 422
    actions.add_place(db.session, name=form.name.data, kind=PlaceKind(form.kind.data))
    db.session.commit()
    flash(_("Der Ort ist angelegt."), "success")
    return redirect(url_for(".all_places"))


def _places_page(form: PlaceForm) -> str:
    return render_template("stock/places.html", form=form, places=places(db.session), words=PLACES)


def _id(name: str) -> int | None:
    return request.args.get(name, type=number_of) or None
