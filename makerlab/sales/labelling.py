"""Pages that print labels: of a product, or of everything that lies at a place."""

from collections.abc import Iterable
from typing import Any

from flask import Response, render_template, request, url_for

from makerlab.core.access import allow, may
from makerlab.core.database import db
from makerlab.core.errors import NotFound
from makerlab.core.language import _
from makerlab.core.web import settings
from makerlab.production.pages.words import STEPS
from makerlab.sales import shelf
from makerlab.sales.sheets import SHEETS, Label
from makerlab.sales.shelf import Item
from makerlab.sales.tracing import batch_of, batches_of, people_of
from makerlab.sales.views import READERS, SEE_TRAINEES, blueprint, product_or_404
from makerlab.stock import balances
from makerlab.stock.models import Place, Product

MOST_LABELS = 500


@blueprint.get("/verkauf/<code>/etiketten")
@allow(*READERS)
def labels(code: str) -> str:
    """How many, on which paper."""
    item = shelf.item(db.session, product_or_404(code))
    batches = batches_of(db.session, item.product.id)
    return render_template(
        "sales/labels.html", item=item, sheets=SHEETS, maker=settings().maker, batches=batches
    )


@blueprint.get("/verkauf/chargen/<int:attempt_id>")
@allow(*READERS)
def batch(attempt_id: int) -> str:
    """Where the pieces of a print come from; who made them only for those who may know trainees."""
    found = batch_of(db.session, attempt_id)
    if found is None:
        raise NotFound(_("Diese Charge gibt es nicht."))
    people = people_of(db.session, attempt_id) if may(SEE_TRAINEES) else []
    return render_template(
        "sales/batch.html", batch=found, people=[(name, STEPS[step].word) for name, step in people],
        item=shelf.item(db.session, db.session.get_one(Product, found.product_id)),
    )  # fmt: skip


@blueprint.get("/verkauf/<code>/etiketten.pdf")
@allow(*READERS)
def labels_pdf(code: str) -> Response:
    item = shelf.item(db.session, product_or_404(code))
    pieces = min(max(request.args.get("n", 10, type=int), 1), MOST_LABELS)
    return _pdf([(item, pieces)])


@blueprint.get("/verkauf/orte/<int:place_id>/etiketten.pdf")
@allow(*READERS)
def place_labels(place_id: int) -> Response:
    """A label for each piece that lies there."""
    if db.session.get(Place, place_id) is None:
        raise NotFound(_("Diesen Ort gibt es nicht."))
    held = balances.of_place(db.session, place_id)
    return _pdf([(item, held[item.product.id]) for item in shelf.items(db.session, sorted(held))])


def _pdf(wanted: Iterable[tuple[Item, int]]) -> Response:
    """As the query asks: `blatt` a key of SHEETS, `ab` the first free place, `charge` the batch."""
    from makerlab.sales.labels import as_pdf  # reportlab is large, and few print labels

    sheet = SHEETS.get(request.args.get("blatt", ""), SHEETS["40"])
    first = min(max(request.args.get("ab", 1, type=int), 1), sheet.places) - 1
    batch = request.args.get("charge", "")[:40]
    all_labels = [label for item, pieces in wanted for label in [_label(item, batch)] * pieces][:MOST_LABELS]
    answer: Any = Response(as_pdf(all_labels, sheet, first=first), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="etiketten.pdf"'
    return answer  # type: ignore[no-any-return]


def _label(item: Item, batch: str) -> Label:
    """Name, colour, price; type and batch, maker and electronic address as the GPSR asks."""
    product = item.product
    lines = (
        " · ".join(part for part in (product.colour.name, item.partner) if part),
        " · ".join(part for part in (_("Typ %(code)s", code=product.code), _batch(batch)) if part),
        settings().maker,
        settings().maker_contact,
    )
    address = settings().address + url_for("sales.label_target", code=product.code)
    return Label(product.name, tuple(line for line in lines if line), item.price, address)


def _batch(batch: str) -> str:
    return _("Charge %(batch)s", batch=batch) if batch else ""
