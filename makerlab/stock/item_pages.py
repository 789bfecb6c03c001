"""The desk's pages of bought parts, and which of them go into a design."""

import secrets
from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_security import current_user
from sqlalchemy.orm import Session

from makerlab.catalog.models import Design
from makerlab.catalog.sections import register_section
from makerlab.core.access import Role, allow, may
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import NotFound
from makerlab.core.language import _
from makerlab.stock import items
from makerlab.stock.forms import IngredientForm, ItemForm, PartCountForm, ReceiveForm
from makerlab.stock.models import Item, ItemReason
from makerlab.stock.queries import all_items, item_by_code, lines_of_item, users_of
from makerlab.stock.views import blueprint
from makerlab.stock.words import ITEM_REASONS

ORDER = 60  # of the section on a design's page
KEEPERS = (Role.SALES, Role.INSTRUCTOR, Role.COORDINATOR)


@blueprint.get("/teile")
@allow(*KEEPERS)
def all_parts() -> str:
    return _list_page(ItemForm())


@blueprint.post("/teile")
@allow(*KEEPERS)
def add_part() -> Any:
    form = ItemForm()
    if not form.validate_on_submit():
        return _list_page(form), 422
    item = items.add_item(
        db.session, name=form.name.data, supplier=form.supplier.data, order_code=form.order_code.data,
        price_cents=form.cents, low_level=form.low_level.data,
    )  # fmt: skip
    there = redirect(url_for(".part", code=item.code))
    db.session.commit()
    flash(_("Das Teil ist angelegt."), "success")
    return there


@blueprint.get("/teile/<code>")
@allow(*KEEPERS)
def part(code: str) -> str:
    return _part_page(_item(code), ReceiveForm(formdata=None), PartCountForm(formdata=None))


@blueprint.post("/teile/<code>/ankunft")
@allow(*KEEPERS)
def receive_part(code: str) -> Any:
    item, form = _item(code), ReceiveForm()
    if not form.validate_on_submit():
        return _part_page(item, form, PartCountForm(formdata=None)), 422
    items.book_item(
        db.session, item, form.pieces.data, ItemReason.RECEIVED, actor_id=current_user.id, now=utcnow(),
        transfer=form.form_token.data,
    )  # fmt: skip
    return _back_to(item, _("Gebucht."))


@blueprint.post("/teile/<code>/zaehlung")
@allow(*KEEPERS)
def count_part(code: str) -> Any:
    item, form = _item(code), PartCountForm()
    if not form.validate_on_submit():
        return _part_page(item, ReceiveForm(formdata=None), form), 422
    line = items.count_item(
        db.session, item, form.counted.data, actor_id=current_user.id, now=utcnow(),
        transfer=form.form_token.data,
    )  # fmt: skip
    return _back_to(
        item,
        _("Gezählt. Unterschied: %(pieces)s", pieces=f"{line.pieces:+d}") if line else _("Die Zahl stimmt."),
    )


@blueprint.get("/bauplan/<int:design_id>")
@allow(*KEEPERS)
def plan(design_id: int) -> str:
    """Which bought parts a piece needs."""
    return _plan_page(_design(design_id), _ingredient_form())


@blueprint.post("/bauplan/<int:design_id>")
@allow(*KEEPERS)
def set_plan(design_id: int) -> Any:
    design, form = _design(design_id), _ingredient_form()
    if not form.validate_on_submit():
        return _plan_page(design, form), 422
    item = db.session.get_one(Item, form.item_id.data)  # the form offered it
    items.set_ingredient(db.session, design, item, form.count.data, by_id=current_user.id, now=utcnow())
    there = redirect(url_for(".plan", design_id=design.id))
    db.session.commit()
    return there


def _list_page(form: ItemForm) -> str:
    found = all_items(db.session)
    have = items.pieces_of(db.session, [item.id for item in found])
    return render_template("stock/items.html", form=form, items=found, have=have)


def _part_page(item: Item, receive: ReceiveForm, count: PartCountForm) -> str:
    for form in (receive, count):
        if not form.form_token.data:
            form.form_token.data = secrets.token_hex(16)
    return render_template(
        "stock/item.html", item=item, receive=receive, count=count, reasons=ITEM_REASONS,
        have=items.pieces_of(db.session, [item.id]).get(item.id, 0),
        lines=lines_of_item(db.session, item.id), users=users_of(db.session, item.id),
    )  # fmt: skip


def _plan_page(design: Design, form: IngredientForm) -> str:
    needed = items.ingredients(db.session, design.id)
    have = items.pieces_of(db.session, [one.item_id for one in needed])
    return render_template("stock/plan.html", design=design, form=form, needed=needed, have=have)


def _ingredient_form() -> IngredientForm:
    form = IngredientForm()
    found: Sequence[Item] = all_items(db.session)
    form.item_id.choices = [(item.id, item.name) for item in found]
    return form


def _back_to(item: Item, words: str) -> Any:
    there = redirect(url_for(".part", code=item.code))
    db.session.commit()
    flash(words, "success")
    return there


def _item(code: str) -> Item:
    found = item_by_code(db.session, code)
    if found is None:
        raise NotFound(_("Dieses Teil gibt es nicht."))
    return found


def _design(design_id: int) -> Design:
    found = db.session.get(Design, design_id)
    if found is None:
        raise NotFound(_("Dieses Objekt gibt es nicht."))
    return found


def section(session: Session, design: Design) -> str:
    """On the page of a design, for those who keep the parts."""
    if not may(KEEPERS):
        return ""
    needed = items.ingredients(session, design.id)
    have = items.pieces_of(session, [one.item_id for one in needed])
    return render_template("stock/_plan.html", design=design, needed=needed, have=have)


blueprint.record_once(lambda state: register_section(state.app, ORDER, section))
