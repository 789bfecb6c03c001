"""The phone of the sales staff: find a product, see what there is and why."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, send_from_directory, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from makerlab.core.access import Role, allow, may, public
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import NotFound
from makerlab.core.language import _
from makerlab.core.web import settings
from makerlab.materials.codes import read_code
from makerlab.sales import finding, queries, rules, shelf
from makerlab.sales.visiting import is_shown
from makerlab.stock.actions import known_product
from makerlab.stock.assembling import is_assembled
from makerlab.stock.models import Product, StockMovement
from makerlab.stock.queries import (
    Line,
    Reader,
    lines,
    on_hand,
    places,
    product_by_code,
    products_at,
    promises_of,
    sums_by_reason,
)
from makerlab.stock.words import PLACES, PROMISES, REASONS

blueprint = Blueprint("sales", __name__)
blueprint.record_once(lambda state: finding.init_products(state.app))

READERS = (Role.SALES, Role.INSTRUCTOR, Role.COORDINATOR, Role.ADMINISTRATOR)
WRITERS = (Role.SALES, Role.COORDINATOR)
SEE_TRAINEES = (Role.INSTRUCTOR, Role.COORDINATOR, Role.ADMINISTRATOR)
PAGE = 24  # cards
LINES = 8  # of the ledger on a product's page


@blueprint.get("/verkauf")
@allow(*READERS)
def find() -> Any:
    """Search by name, partner, colour or tag; a code leads straight to its product."""
    query = request.args.get("q", "")
    if product := _by_code(query):
        return redirect(url_for(".product", code=product.code))
    everywhere = places(db.session)
    place_id = request.args.get("ort", type=int)
    place = next((place for place in everywhere if place.id == place_id), None)
    found = finding.found(db.session, query)
    if place:
        there = products_at(db.session, place.id)
        found = [product_id for product_id in found if product_id in there]
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(request.args.get("seite", 1, type=int), 1), pages)
    items = shelf.items(db.session, found[(page - 1) * PAGE : page * PAGE])
    return render_template(
        "sales/find.html", query=query, items=items, total=len(found), places=everywhere, place=place,
        writes=may(WRITERS),
        here=on_hand(db.session, [item.product.id for item in items]), page=page, pages=pages,
        page_url=lambda number: url_for(".find", q=query or None, ort=place_id, seite=number),
    )  # fmt: skip


@blueprint.get("/sw.js")
@public
def worker() -> Response:
    """The phone's service worker; it stands at the root so that it may serve all of the phone's pages."""
    folder = Path(current_app.static_folder or "") / "dist"
    return send_from_directory(folder, "sw.js", mimetype="text/javascript", max_age=0)


@blueprint.post("/verkauf/scan")
@allow(*READERS)
def scan() -> Response:
    """What a scanner typed: a code, or the whole address of a label."""
    return redirect(url_for(".product", code=scanned_product().code))


@blueprint.get("/p/<code>")
@public
def label_target(code: str) -> Response:
    """Where the QR code of a product's label leads: staff to its figures, visitors to its story."""
    product = product_or_404(code)
    if not may(READERS) and is_shown(db.session, product.design_id):
        return redirect(url_for(".visit_design", design_id=product.design_id))
    return redirect(url_for(".product", code=product.code))


@dataclass(frozen=True)
class Undo:
    line: StockMovement
    seconds: int


@blueprint.get("/verkauf/<code>")
@allow(*READERS)
def product(code: str) -> str:
    """A product: how many, where, promised, being made, and the lines that say why."""
    product = product_or_404(code)
    newest = lines(db.session, _reader(), product_id=product.id, size=LINES)
    return render_template(
        "sales/product.html",
        item=shelf.item(db.session, product),
        where=shelf.places_of(db.session, product),
        runs=queries.runs(db.session, product.id),
        promises=promises_of(db.session, product.id),
        promise_icons=PROMISES,
        assembled=is_assembled(db.session, product),
        whole=known_product(db.session, product.design_id, product.colour_id) if product.finish else None,
        sums=sums_by_reason(db.session, product.id),
        lines=newest,
        reasons=REASONS,
        place_words=PLACES,
        undo=_undo(newest),
        writes=may(WRITERS),
    )


def _undo(newest: Any) -> Undo | None:
    """The person's own line named by `gebucht`, while its toast may still stand there."""
    line_id, now = request.args.get("gebucht", type=int), utcnow()
    for line in newest:
        if line.movement.id == line_id and _may_undo(line):
            passed = (now - line.movement.at).total_seconds()
            seconds = round(settings().undo_seconds - passed)
            return Undo(line.movement, seconds) if seconds > 0 else None
    return None


def _may_undo(line: Line) -> bool:
    return (
        line.mine
        and not line.reversed
        and rules.may_undo(line.movement.at, utcnow(), settings().undo_seconds)
    )


def _reader() -> Reader:
    return Reader(current_user.id, may(SEE_TRAINEES))


def _by_code(text: str) -> Product | None:
    code = read_code(text)
    return product_by_code(db.session, code) if code else None


def scanned_product() -> Product:
    """What a scanner sent as `code`: a code, or the whole address of a label. Raises NotFound."""
    return product_or_404(re.split(r"[^0-9A-Za-z]+", request.form.get("code", "").strip())[-1])


def product_or_404(code: str) -> Product:
    found = _by_code(code)
    if found is None:
        raise NotFound(_("Dieses Produkt gibt es nicht."), way_out=_("Suchen Sie nach seinem Namen."))
    return found
