"""What all forms about a product share: the places offered, the page, and the way back.

The commit comes last: a row read after it would begin a transaction, and keep out the one that saves the
browser's session.
"""

import secrets
from typing import TypeVar

from flask import redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from makerlab.core.database import db
from makerlab.core.language import ngettext
from makerlab.sales import shelf
from makerlab.sales.forms import PiecesForm
from makerlab.stock.models import Place, Product

LAST_PLACE = "sales_place_id"

Form = TypeVar("Form", bound=PiecesForm)


def held(form: Form, product: Product) -> Form:
    """Offer the places that hold some, with how many."""
    found = shelf.places_of(db.session, product)
    form.offer([(place.id, with_pieces(place, pieces)) for place, pieces in found], session.get(LAST_PLACE))
    return form


def with_pieces(place: Place, pieces: int) -> str:
    return ngettext("%(place)s: %(num)s Stück", "%(place)s: %(num)s Stück", pieces, place=place.name)


def page(template: str, product: Product, form: PiecesForm, **more: object) -> str:
    """The form's page."""
    new_token(form)
    return render_template(template, item=shelf.item(db.session, product), form=form, **more)


def place_of(form: PiecesForm) -> Place:
    return db.session.get_one(Place, form.place_id.data)  # the form offered it


def new_token(form: PiecesForm) -> None:
    """A new form gets the token by which it counts once."""
    if not form.is_submitted():
        form.form_token.data = secrets.token_hex(16)


def done(product: Product, form: PiecesForm, line_id: int | None) -> Response:
    """Back to the product; the place is the likely one next time."""
    session[LAST_PLACE] = form.place_id.data
    return back_to(product, line_id)


def back_to(product: Product, line_id: int | None) -> Response:
    """Back to the product, where the toast offers to take `line_id` back."""
    back = redirect(url_for("sales.product", code=product.code, gebucht=line_id))
    db.session.commit()
    return back
