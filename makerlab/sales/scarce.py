"""What runs out: products and bought parts at or below the number that somebody wants to be told of."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, url_for
from sqlalchemy.orm import Session

from makerlab.core.access import allow
from makerlab.core.alphabet import by_name
from makerlab.core.database import db
from makerlab.core.language import _
from makerlab.sales import queries, shelf
from makerlab.sales.forms import LevelForm
from makerlab.sales.views import READERS, WRITERS, blueprint, product_or_404
from makerlab.stock import items
from makerlab.stock.models import Item, Product


@blueprint.get("/verkauf/knapp")
@allow(*READERS)
def low() -> str:
    products = low_products(db.session)
    return render_template(
        "sales/low.html", items=shelf.items(db.session, products), parts=low_parts(db.session)
    )


@blueprint.get("/verkauf/<code>/melden")
@allow(*WRITERS)
def level(code: str) -> str:
    product = product_or_404(code)
    form = LevelForm(level=product.low_level)
    return render_template("sales/level.html", item=shelf.item(db.session, product), form=form)


@blueprint.post("/verkauf/<code>/melden")
@allow(*WRITERS)
def level_post(code: str) -> Any:
    product, form = product_or_404(code), LevelForm()
    if not form.validate():
        return render_template("sales/level.html", item=shelf.item(db.session, product), form=form), 422
    product.low_level = form.level.data
    there = redirect(url_for(".product", code=product.code))
    db.session.commit()
    flash(_("Gespeichert."), "success")
    return there


def low_products(session: Session) -> list[int]:
    """Products with a level of which no more are available, the scarcest first; in four queries."""
    levels = sa.select(Product.id, Product.low_level).where(Product.low_level.is_not(None))
    wanted = {product_id: level for product_id, level in session.execute(levels)}  # noqa: C416 (a Row is no pair)
    figures = queries.figures(session, list(wanted))
    low = [
        product_id for product_id, level in wanted.items() if figures[product_id].available <= (level or 0)
    ]
    return sorted(low, key=lambda product_id: figures[product_id].available - (wanted[product_id] or 0))


def low_parts(session: Session) -> Sequence[tuple[Item, int]]:
    """Bought parts with a level of which no more are there."""
    found = session.scalars(
        sa.select(Item).where(Item.low_level.is_not(None)).order_by(by_name(Item.name))
    ).all()
    have = items.pieces_of(session, [item.id for item in found])
    return [(item, have.get(item.id, 0)) for item in found if have.get(item.id, 0) <= (item.low_level or 0)]
