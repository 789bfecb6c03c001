"""Pieces promised to an event or a company: put back, listed for packing, let go."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from makerlab.core.access import allow, may
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import NotFound
from makerlab.core.language import _
from makerlab.sales import shelf
from makerlab.sales.forms import PromiseForm
from makerlab.sales.handling import page
from makerlab.sales.views import READERS, WRITERS, blueprint, product_or_404
from makerlab.stock import reserving
from makerlab.stock.models import Reservation, ReservedFor
from makerlab.stock.queries import all_promises
from makerlab.stock.words import PROMISES


@blueprint.get("/verkauf/versprochen")
@allow(*READERS)
def promises() -> str:
    """What must be packed for whom, the soonest first."""
    found = all_promises(db.session)
    items = shelf.by_product(db.session, [one.product_id for one in found])
    return render_template(
        "sales/promises.html", promises=found, items=items, words=PROMISES, writes=may(WRITERS)
    )


@blueprint.get("/verkauf/<code>/versprechen")
@allow(*WRITERS)
def promise(code: str) -> str:
    return page("sales/promise.html", product_or_404(code), PromiseForm())


@blueprint.post("/verkauf/<code>/versprechen")
@allow(*WRITERS)
def promise_post(code: str) -> Any:
    product, form = product_or_404(code), PromiseForm()
    if form.stepped():
        return page("sales/promise.html", product, form)
    if not form.validate():
        return page("sales/promise.html", product, form), 422
    reserving.reserve(
        db.session, product, form.pieces.data, purpose=form.purpose.data, kind=ReservedFor(form.kind.data),
        until=form.until.data, form_token=form.form_token.data, by_id=current_user.id, now=utcnow(),
    )  # fmt: skip
    flash(_("Versprochen. Die Stücke zählen nicht mehr als verfügbar."), "success")
    back = redirect(url_for(".product", code=product.code))
    db.session.commit()
    return back


@blueprint.post("/verkauf/versprochen/<int:promise_id>/freigeben")
@allow(*WRITERS)
def release(promise_id: int) -> Response:
    found = db.session.get(Reservation, promise_id)
    if found is None:
        raise NotFound(_("Dieses Versprechen gibt es nicht."))
    reserving.release(db.session, found, by_id=current_user.id, now=utcnow())
    flash(_("Freigegeben. Die Stücke sind wieder verfügbar."), "success")
    back = redirect(url_for(".product", code=found.product.code))
    db.session.commit()
    return back
