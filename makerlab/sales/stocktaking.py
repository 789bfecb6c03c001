"""Counting a place on the phone: scan or tap, alone or by two, blind; then the differences."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from makerlab.core.access import allow
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import NotFound
from makerlab.core.language import _
from makerlab.core.web import number_of
from makerlab.sales import queries, shelf
from makerlab.sales.forms import StocktakeForm
from makerlab.sales.shelf import Item
from makerlab.sales.views import WRITERS, blueprint, product_or_404, scanned_product
from makerlab.stock import balances, stocktaking
from makerlab.stock.models import Missing, Place, Product, Stocktake
from makerlab.stock.queries import newest_stocktakes, places, results_of
from makerlab.stock.stocktaking import Finding
from makerlab.stock.words import MISSING, PLACES


@blueprint.get("/verkauf/inventur")
@allow(*WRITERS)
def stocktakes() -> str:
    """Where to count, and what was counted before."""
    return render_template(
        "sales/stocktakes.html",
        places=places(db.session),
        words=PLACES,
        newest=newest_stocktakes(db.session),
    )


@blueprint.post("/verkauf/inventur")
@allow(*WRITERS)
def begin_stocktake() -> Response:
    place = db.session.get(Place, request.form.get("place_id", 0, type=number_of))
    if place is None:
        raise NotFound(_("Diesen Ort gibt es nicht."))
    begun = stocktaking.begin(db.session, place, by_id=current_user.id, now=utcnow())
    there = redirect(url_for(".stocktake", stocktake_id=begun.id))
    db.session.commit()
    return there


@dataclass(frozen=True)
class Shown:
    """A product in the list of those who count. `mine` is their own number, `total` nobody sees."""

    item: Item
    mine: int | None


@blueprint.get("/verkauf/inventur/<int:stocktake_id>")
@allow(*WRITERS)
def stocktake(stocktake_id: int) -> Any:
    """What lies here by the books without numbers, and what I counted."""
    found = _stocktake(stocktake_id)
    if found.closed_at is not None:
        return redirect(url_for(".stocktake_result", stocktake_id=found.id))
    known = balances.of_place(db.session, found.place_id).keys()
    mine = _my_counts(found)
    items = shelf.items(db.session, sorted(known | mine.keys()))
    shown = [Shown(item, mine.get(item.product.id)) for item in items]
    return render_template(
        "sales/stocktake.html", stocktake=found, shown=shown, last=request.args.get("zuletzt", type=int),
        others=sum(1 for account_id in _counters(found) if account_id != current_user.id),
    )  # fmt: skip


@blueprint.post("/verkauf/inventur/<int:stocktake_id>/scan")
@allow(*WRITERS)
def scan_stocktake(stocktake_id: int) -> Response:
    """Each scanned label is one piece more of what I counted."""
    product, found = scanned_product(), _stocktake(stocktake_id)
    one_more = (_my_counts(found).get(product.id) or 0) + 1
    return _noted(found, product, one_more, secrets.token_hex(16))


@blueprint.get("/verkauf/inventur/<int:stocktake_id>/<code>")
@allow(*WRITERS)
def count_one(stocktake_id: int, code: str) -> str:
    found, product, form = _stocktake(stocktake_id), product_or_404(code), StocktakeForm()
    form.form_token.data = secrets.token_hex(16)
    form.pieces.data = _my_counts(found).get(product.id, 0)
    return _count_page(found, product, form)


@blueprint.post("/verkauf/inventur/<int:stocktake_id>/<code>")
@allow(*WRITERS)
def count_one_post(stocktake_id: int, code: str) -> Any:
    found, product, form = _stocktake(stocktake_id), product_or_404(code), StocktakeForm()
    if form.stepped():
        return _count_page(found, product, form)
    if not form.validate():
        return _count_page(found, product, form), 422
    late = form.counted_at(utcnow())
    return _noted(found, product, form.pieces.data, form.form_token.data, late)


@blueprint.get("/verkauf/inventur/<int:stocktake_id>/abschluss")
@allow(*WRITERS)
def stocktake_end(stocktake_id: int) -> str:
    """The differences, each to be given a reason; before this page nobody sees the books' numbers."""
    return _end_page(_stocktake(stocktake_id))


@blueprint.post("/verkauf/inventur/<int:stocktake_id>/abschluss")
@allow(*WRITERS)
def close_stocktake(stocktake_id: int) -> Any:
    found = _stocktake(stocktake_id)
    reasons = {id_: Missing(value) for id_, value in _chosen("reason").items() if value in set(Missing)}
    gone = frozenset(id_ for id_, value in _chosen("gone").items() if value)
    reasons |= dict.fromkeys(gone - reasons.keys(), Missing.UNKNOWN)
    stocktaking.close(db.session, found, reasons, gone=gone, by_id=current_user.id, now=utcnow())
    flash(_("Die Inventur ist abgeschlossen. Der Bestand stimmt jetzt."), "success")
    there = redirect(url_for(".stocktake_result", stocktake_id=found.id))
    db.session.commit()
    return there


@blueprint.get("/verkauf/inventur/<int:stocktake_id>/ergebnis")
@allow(*WRITERS)
def stocktake_result(stocktake_id: int) -> str:
    found = _stocktake(stocktake_id)
    results = results_of(db.session, found.id)
    items = shelf.by_product(db.session, [one.product_id for one in results])
    return render_template(
        "sales/stocktake_result.html", stocktake=found, results=results, items=items, words=MISSING
    )


def _end_page(found: Stocktake) -> str:
    each = stocktaking.findings(db.session, found)
    items = shelf.by_product(db.session, [one.product_id for one in each])
    return render_template(
        "sales/stocktake_end.html",
        stocktake=found,
        items=items,
        disputed=[one for one in each if one.disputed],
        different=[one for one in each if one.difference],
        right=[one for one in each if one.counted is not None and not one.difference],
        uncounted=[one for one in each if not one.counts],
        names=_names(each),
        reasons=MISSING,
    )


def _names(each: list[Finding]) -> dict[int, str]:
    return queries.names_of(db.session, {account_id for one in each for account_id in one.counts})


def _count_page(found: Stocktake, product: Product, form: StocktakeForm) -> str:
    return render_template(
        "sales/stocktake_count.html", stocktake=found, item=shelf.item(db.session, product), form=form
    )


def _noted(
    found: Stocktake, product: Product, pieces: int, token: str, counted_at: datetime | None = None
) -> Response:
    stocktaking.note_count(
        db.session, found, product, pieces, by_id=current_user.id, now=utcnow(), token=token,
        counted_at=counted_at,
    )  # fmt: skip
    there = redirect(url_for(".stocktake", stocktake_id=found.id, zuletzt=product.id))
    db.session.commit()
    return there


def _stocktake(stocktake_id: int) -> Stocktake:
    found = db.session.get(Stocktake, stocktake_id)
    if found is None:
        raise NotFound(_("Diese Inventur gibt es nicht."), way_out=_("Beginnen Sie eine neue."))
    return found


def _my_counts(found: Stocktake) -> dict[int, int]:
    """Product → what I counted last."""
    return {one.product_id: one.pieces for one in found.counts if one.account_id == current_user.id}


def _counters(found: Stocktake) -> set[int]:
    return {one.account_id for one in found.counts}


def _chosen(name: str) -> dict[int, str]:
    """Fields `name-<product>` of the form."""
    pairs = ((key.rpartition("-"), value) for key, value in request.form.items())
    return {int(tail): value for (head, _dash, tail), value in pairs if head == name and tail.isdecimal()}
