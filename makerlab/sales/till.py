"""What sales staff do with a product: sell, move, count, take back, price."""

from typing import Any

from flask import flash, redirect, render_template, session, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from designs.profiles import load
from makerlab.core.access import allow
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Conflict, NotFound
from makerlab.core.language import _, ngettext
from makerlab.core.money import cents_of
from makerlab.core.web import settings
from makerlab.sales import actions, queries, rules, shelf
from makerlab.sales.costing import cost_of
from makerlab.sales.forms import CountForm, MoveForm, PriceForm, SellForm
from makerlab.sales.handling import LAST_PLACE, done, held, page, place_of
from makerlab.sales.views import WRITERS, blueprint, product_or_404
from makerlab.stock.actions import count as book_count
from makerlab.stock.actions import move as book_move
from makerlab.stock.actions import reverse
from makerlab.stock.models import Place, Product, Reservation, StockMovement, StockReason
from makerlab.stock.queries import places, promises_of
from makerlab.stock.words import promise_words

UNDONE_HERE = (StockReason.SOLD, StockReason.MOVED, StockReason.COUNTED, StockReason.ASSEMBLED)


@blueprint.get("/verkauf/<code>/verkaufen")
@allow(*WRITERS)
def sell(code: str) -> str:
    product = product_or_404(code)
    return page("sales/sell.html", product, _sellable(product))


@blueprint.post("/verkauf/<code>/verkaufen")
@allow(*WRITERS)
def sell_post(code: str) -> Any:
    product = product_or_404(code)
    form = _sellable(product)
    if form.stepped():
        return page("sales/sell.html", product, form)
    if not form.validate():
        return page("sales/sell.html", product, form), 422
    now = utcnow()
    sale = actions.sell(
        db.session, product, place_of(form), form.pieces.data, form_token=form.form_token.data,
        today=shelf.today(now), actor_id=current_user.id, now=now, receipt=form.receipt.data,
        promise=_promise(form),
    )  # fmt: skip
    _warn_of_promises(product)
    return done(product, form, sale.movement_id)


@blueprint.get("/verkauf/<code>/umraeumen")
@allow(*WRITERS)
def move(code: str) -> str:
    product = product_or_404(code)
    return page("sales/move.html", product, _movable(product))


@blueprint.post("/verkauf/<code>/umraeumen")
@allow(*WRITERS)
def move_post(code: str) -> Any:
    product = product_or_404(code)
    form = _movable(product)
    if form.stepped():
        return page("sales/move.html", product, form)
    if not form.validate():
        return page("sales/move.html", product, form), 422
    lines = book_move(
        db.session, product, place_of(form), db.session.get_one(Place, form.target_id.data), form.pieces.data,
        actor_id=current_user.id, now=utcnow(), transfer=form.form_token.data,
    )  # fmt: skip
    return done(product, form, lines[0].id)


@blueprint.get("/verkauf/<code>/zaehlen")
@allow(*WRITERS)
def count(code: str) -> str:
    product = product_or_404(code)
    return page("sales/count.html", product, _countable())


@blueprint.post("/verkauf/<code>/zaehlen")
@allow(*WRITERS)
def count_post(code: str) -> Any:
    product, form = product_or_404(code), _countable()
    if form.stepped():
        return page("sales/count.html", product, form)
    if not form.validate():
        return page("sales/count.html", product, form), 422
    now = utcnow()
    line = book_count(
        db.session, product, place_of(form), form.pieces.data, counted_at=form.counted_at(now),
        actor_id=current_user.id, now=now, transfer=form.form_token.data,
    )  # fmt: skip
    if line is None:
        flash(_("Gezählt: Die Zahl stimmt."), "success")
    return done(product, form, line.id if line else None)


@blueprint.post("/verkauf/zurueck/<int(max=2147483647):line_id>")
@allow(*WRITERS)
def undo(line_id: int) -> Response:
    """Take back what one just did oneself; later and for others' lines there is the ledger's own page."""
    line, now = db.session.get(StockMovement, line_id), utcnow()
    if line is None or line.actor_id != current_user.id or line.reason not in UNDONE_HERE:
        raise NotFound(
            _("Das können Sie hier nicht zurücknehmen."), way_out=_("Fragen Sie Ihre Koordination.")
        )
    if not rules.may_undo(line.at, now, settings().undo_seconds):
        raise Conflict(_("Dafür ist es zu spät."), way_out=_("Nehmen Sie die Zeile im Lagerbuch zurück."))
    reverse(db.session, line, actor_id=current_user.id, now=now)
    flash(_("Zurückgenommen. Der Bestand ist wie vorher."), "success")
    back = redirect(url_for(".product", code=line.product.code))
    db.session.commit()
    return back


@blueprint.get("/verkauf/<code>/preis")
@allow(*WRITERS)
def price(code: str) -> str:
    return _price_page(product_or_404(code), PriceForm())


@blueprint.post("/verkauf/<code>/preis")
@allow(*WRITERS)
def price_post(code: str) -> Any:
    product, form, now = product_or_404(code), PriceForm(), utcnow()
    cents = cents_of(form.price.data or "") if form.validate() else None
    if cents is None:
        form.price.errors = form.price.errors or [_("Schreiben Sie zum Beispiel 12,50.")]
        return _price_page(product, form), 422
    actions.set_price(db.session, product, cents, valid_from=shelf.today(now), by_id=current_user.id, now=now)
    flash(_("Der neue Preis gilt ab heute."), "success")
    back = redirect(url_for(".product", code=product.code))
    db.session.commit()
    return back


def _sellable(product: Product) -> SellForm:
    """With what is promised of it: a sale may hand that over."""
    form = held(SellForm(), product)
    promises = promises_of(db.session, product.id)
    form.promise_id.choices = [(0, _("Nein")), *((one.id, promise_words(one)) for one in promises)]
    return form


def _promise(form: SellForm) -> Reservation | None:
    return db.session.get(Reservation, form.promise_id.data) if form.promise_id.data else None


def _movable(product: Product) -> MoveForm:
    form = held(MoveForm(), product)
    form.target_id.choices = [(place.id, place.name) for place in places(db.session)]
    return form


def _countable() -> CountForm:
    """Blind: who counts does not see what the books say."""
    form = CountForm()
    form.offer([(place.id, place.name) for place in places(db.session)], session.get(LAST_PLACE))
    return form


def _price_page(product: Product, form: PriceForm) -> str:
    versions = [(price, shelf.money(price)) for price in queries.prices(db.session, product.id)]
    return render_template(
        "sales/price.html", item=shelf.item(db.session, product), form=form, versions=versions,
        cost=cost_of(db.session, product, load(settings().profiles_dir), settings()),
        price=queries.price_on(db.session, product.id, shelf.today()),
    )  # fmt: skip


def _warn_of_promises(product: Product) -> None:
    figures = queries.figures(db.session, [product.id])[product.id]
    if figures.available < 0:
        flash(
            ngettext(
                "Achtung: %(num)s versprochenes Stück fehlt jetzt.",
                "Achtung: %(num)s versprochene Stücke fehlen jetzt.",
                -figures.available,
            ),
            "warning",
        )
