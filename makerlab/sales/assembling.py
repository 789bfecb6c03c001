"""Printed pieces and bought parts become pieces as sold, booked by whoever assembled them."""

from typing import Any

from flask import render_template, request
from flask_security import current_user

from makerlab.core.access import Role, allow
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.sales import shelf
from makerlab.sales.forms import AssembleForm
from makerlab.sales.handling import back_to, new_token
from makerlab.sales.views import blueprint, product_or_404
from makerlab.stock import assembling
from makerlab.stock.actions import workshop
from makerlab.stock.models import Product

ASSEMBLERS = (Role.SALES, Role.INSTRUCTOR, Role.COORDINATOR)


@blueprint.get("/verkauf/<code>/montieren")
@allow(*ASSEMBLERS)
def assemble(code: str) -> str:
    return _page(product_or_404(code), AssembleForm())


@blueprint.post("/verkauf/<code>/montieren")
@allow(*ASSEMBLERS)
def assemble_post(code: str) -> Any:
    product, form = product_or_404(code), AssembleForm()
    if form.stepped():
        return _page(product, form)
    if not form.validate():
        return _page(product, form), 422
    lines = assembling.assemble(
        db.session, product, workshop(db.session), form.pieces.data, chosen=_chosen(),
        actor_id=current_user.id, now=utcnow(), transfer=form.form_token.data,
    )  # fmt: skip
    return back_to(product, lines[-1].id)


def _chosen() -> dict[str, int]:
    """Name of a part → the product it is taken from, where its colours were to be chosen from."""
    named = zip(request.form.getlist("part"), request.form.getlist("from", type=int), strict=False)
    return dict(named)


def _page(product: Product, form: AssembleForm) -> str:
    new_token(form)
    supply = assembling.supply(db.session, product, workshop(db.session))
    return render_template(
        "sales/assemble.html", item=shelf.item(db.session, product), form=form, supply=supply,
        chosen=_chosen(),
    )  # fmt: skip
