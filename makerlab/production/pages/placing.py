"""An instructor orders pieces for the stock: which object, in which colour, how many, until when."""

import secrets
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import joinedload, selectinload
from wtforms import DateField, HiddenField, RadioField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from makerlab.catalog.models import Revision
from makerlab.catalog.pictures import picture_of
from makerlab.catalog.queries import approved
from makerlab.core.access import allow
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import MakerlabError, NotFound
from makerlab.core.language import _, lazy
from makerlab.materials.forms import WholeField
from makerlab.materials.models import Colour, Spool
from makerlab.production.actions import place_order
from makerlab.production.pages.frame import ACTORS, ID, blueprint, me, picture_url, today
from makerlab.production.rules import MOST_PIECES
from makerlab.stock.actions import product_of


class DayField(DateField):
    """A day, with our own words for anything else."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Bitte einen Tag wählen.")) from error


class PlaceForm(FlaskForm):
    """What is asked. `form_token`: the same form sent twice makes one order."""

    colour_id = RadioField(lazy("Farbe"), [InputRequired(lazy("Wählen Sie eine Farbe."))], coerce=int)
    pieces = WholeField(
        lazy("Stück"),
        [
            InputRequired(lazy("Wie viele Stücke?")),
            NumberRange(1, MOST_PIECES, lazy("Wählen Sie 1 bis 500 Stück.")),
        ],
        lazy("Bitte eine ganze Zahl."),
        default=1,
    )
    due_on = DayField(lazy("Bis wann?"), [Optional()])
    form_token = HiddenField(validators=[InputRequired(), Length(8, 64)])


@blueprint.get("/auftraege/neu")
@allow(*ACTORS)
def place() -> str:
    """First: which object."""
    revisions = approved(db.session)
    return render_template("production/place.html", revisions=revisions, picture_url=picture_url)


@blueprint.get(f"/auftraege/neu/<{ID}:revision_id>")
@allow(*ACTORS)
def place_revision(revision_id: int) -> str:
    """Then: colour, number, day."""
    revision = _revision(revision_id)
    form = PlaceForm(form_token=secrets.token_urlsafe(24))
    return _page(revision, form, colours_for(revision))


@blueprint.post(f"/auftraege/neu/<{ID}:revision_id>")
@allow(*ACTORS)
def place_post(revision_id: int) -> Any:
    revision, form = _revision(revision_id), PlaceForm()
    colours = colours_for(revision)
    form.colour_id.choices = [(colour.id, colour.name) for colour in colours]
    valid = form.validate_on_submit()
    if form.due_on.data and form.due_on.data < today():
        form.due_on.errors = [_("Dieser Tag ist vorbei.")]
        valid = False
    if not valid:
        return _page(revision, form, colours), 422
    try:
        order_id = _place(revision, form)
    except MakerlabError as error:
        db.session.rollback()
        form.form_errors.append(f"{error.message} {error.way_out}".strip())
        return _page(_revision(revision_id), form, colours_for(revision)), error.status
    flash(_("Der Auftrag ist angelegt. Die Platten werden jetzt vorbereitet."), "success")
    return redirect(url_for(".order", order_id=order_id), code=303)


def _place(revision: Revision, form: PlaceForm) -> int:
    colour = db.session.get_one(Colour, form.colour_id.data)
    order = place_order(
        db.session,
        revision=revision,
        product=product_of(db.session, revision.design, colour),
        pieces=form.pieces.data,
        by=me(),
        form_token=form.form_token.data,
        now=utcnow(),
        due_on=form.due_on.data,
    )
    db.session.commit()
    return order.id


def _page(revision: Revision, form: PlaceForm, colours: Sequence[Colour]) -> str:
    form.colour_id.choices = [(colour.id, colour.name) for colour in colours]
    return render_template(
        "production/place_revision.html", revision=revision, form=form, colours=colours,
        picture=picture_url(picture_of(revision)), today=today(),
    )  # fmt: skip


def _revision(revision_id: int) -> Revision:
    query = sa.select(Revision).where(Revision.id == revision_id)
    options = (joinedload(Revision.design), selectinload(Revision.reviews), selectinload(Revision.pictures))
    revision = db.session.scalar(query.options(*options))
    if revision is None:
        raise NotFound(_("Dieses Objekt gibt es nicht."), way_out=_("Wählen Sie ein Objekt aus der Liste."))
    return revision


def colours_for(revision: Revision) -> Sequence[Colour]:
    """Colours of which there is a spool of the right material."""
    there = sa.exists().where(
        Spool.colour_id == Colour.id, Spool.material == revision.material, Spool.emptied_at.is_(None)
    )
    return db.session.scalars(sa.select(Colour).where(there).order_by(Colour.name)).all()
