"""An instructor orders pieces: which object, in which colour or lot, how many, for whom, until when."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import joinedload, selectinload
from wtforms import DateField, Field, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from makerlab.catalog.models import Part, Revision
from makerlab.catalog.pictures import picture_of
from makerlab.catalog.queries import files_of, in_one_part, part_count, part_name, revisions_of
from makerlab.catalog.wall.index import index
from makerlab.core.access import allow
from makerlab.core.alphabet import by_name
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import MakerlabError, NotFound
from makerlab.core.language import _, lazy
from makerlab.core.web import settings
from makerlab.materials.forms import WholeField
from makerlab.materials.models import Colour, Spool
from makerlab.people.rules import clean_text
from makerlab.production.first_piece import wanted
from makerlab.production.lots import LotNow, lots_by_colour
from makerlab.production.models import Priority, Purpose
from makerlab.production.ordering import place_pieces
from makerlab.production.pages.frame import ACTORS, ID, blueprint, me, page_of, picture_url, today
from makerlab.production.pages.words import PRIORITIES, PURPOSES
from makerlab.production.rules import MOST_PIECES

A_PAGE = 24  # objects
LOT = ":"  # between a colour and a lot of it


@dataclass(frozen=True, slots=True)
class InLots:
    """A colour of which there is filament, and its lots."""

    colour: Colour
    lots: list[LotNow]


class DayField(DateField):
    """A day, with our own words for anything else."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Bitte einen Tag wählen.")) from error


class PlaceForm(FlaskForm):
    """What is asked. `form_token`: the same form sent twice makes one order."""

    colour_id = RadioField(lazy("Farbe"), [InputRequired(lazy("Wählen Sie eine Farbe."))])
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
    priority = RadioField(
        lazy("Wie dringend?"),
        choices=[SelectChoice(int(code), status.word) for code, status in PRIORITIES.items()],
        coerce=int,
        default=int(Priority.NORMAL),
    )
    purpose = RadioField(
        lazy("Für wen?"), choices=[SelectChoice(code.value, word) for code, word in PURPOSES.items()],
        default=Purpose.STOCK.value,
    )  # fmt: skip
    recipient = StringField(lazy("Name der Veranstaltung oder Firma"), [Length(max=120)])
    form_token = HiddenField(validators=[InputRequired(), Length(8, 64)])


NOT_PRINTED = 0  # in place of a colour


def form_for(revision: Revision, **values: Any) -> PlaceForm:
    """Of a revision in several parts: with a colour for each of them, or none, in place of one for all."""
    if in_one_part(revision):
        form = PlaceForm(**values)
        form.colour_id.choices = _choices(colours_for(revision))
        return form
    shown = revision.pictures[0].colour_id if revision.pictures else None  # as everybody knows it
    fields = {
        f"part_{position}": SelectField(
            _part_label(file), choices=_part_choices(file), coerce=int, default=shown
        )
        for position, file in enumerate(files_of(revision))
    }
    several: type[PlaceForm] = type("SeveralForm", (PlaceForm,), {"colour_id": None, **fields})
    return several(**values)


def _part_label(file: Revision | Part) -> str:
    name = part_name(file) or _("Erstes Teil")
    return f"{name} · {part_count(file)} ×" if part_count(file) > 1 else name


def _part_choices(file: Revision | Part) -> list[SelectChoice]:
    colours = [SelectChoice(one.colour.id, one.colour.name) for one in colours_for(file)]
    return [*colours, SelectChoice(NOT_PRINTED, _("Nicht drucken"))]


def part_fields(form: PlaceForm) -> list[Field]:
    """The colours of the parts, in their order."""
    return [field for field in form if field.name.startswith("part_")]


@blueprint.get("/auftraege/neu")
@allow(*ACTORS)
def place() -> str:
    """First: which object. Found as in the catalogue."""
    text, there = clean_text(request.args.get("q", ""), 100), index().offered(db.session)
    if text:
        scores = index().find(text)
        fits = (one for one in there if one.design_id in scores)
        there = sorted(fits, key=lambda one: -scores[one.design_id])
    pages = max(1, -(-len(there) // A_PAGE))
    page = min(page_of(request.args), pages)
    shown = [one.revision_id for one in there[(page - 1) * A_PAGE : page * A_PAGE]]
    return render_template(
        "production/place.html", revisions=revisions_of(db.session, shown), text=text, page=page, pages=pages,
        picture_url=picture_url, page_url=lambda number: url_for(".place", q=text or None, seite=number),
    )  # fmt: skip


@blueprint.get(f"/auftraege/neu/<{ID}:revision_id>")
@allow(*ACTORS)
def place_revision(revision_id: int) -> str:
    """Then: colour, number, day."""
    revision = _revision(revision_id)
    return _page(revision, form_for(revision, form_token=secrets.token_urlsafe(24)))


@blueprint.post(f"/auftraege/neu/<{ID}:revision_id>")
@allow(*ACTORS)
def place_post(revision_id: int) -> Any:
    revision = _revision(revision_id)
    form = form_for(revision)
    if not _valid(form):
        return _page(revision, form), 422
    try:
        order_id = _place(revision, form)
    except MakerlabError as error:
        db.session.rollback()
        form.form_errors.append(f"{error.message} {error.way_out}".strip())
        return _page(_revision(revision_id), form), error.status
    flash(_("Der Auftrag ist angelegt. Die Platten werden jetzt vorbereitet."), "success")
    return redirect(url_for(".order", order_id=order_id), code=303)


def _valid(form: PlaceForm) -> bool:
    """The form, and what two fields say together."""
    valid = bool(form.validate_on_submit())
    if form.due_on.data and form.due_on.data < today():
        form.due_on.errors, valid = [_("Dieser Tag ist vorbei.")], False
    if form.purpose.data != Purpose.STOCK and not clean_text(form.recipient.data or "", 120):
        form.recipient.errors, valid = [_("Für wen sind die Stücke?")], False
    return valid


def _place(revision: Revision, form: PlaceForm) -> int:
    colours, lot = _chosen(form)
    purpose, now = Purpose(form.purpose.data), utcnow()
    order = place_pieces(
        db.session,
        revision=revision,
        colours=colours,
        pieces=form.pieces.data,
        by=me(),
        form_token=form.form_token.data,
        now=now,
        purpose=purpose,
        recipient="" if purpose is Purpose.STOCK else clean_text(form.recipient.data or "", 120),
        due_on=form.due_on.data,
        priority=Priority(form.priority.data),
        lot=lot,
        first_piece=begins_with_one(revision, now),
    )
    db.session.commit()
    return order.id


def _chosen(form: PlaceForm) -> tuple[list[Colour | None], str]:
    """The colour of each file, None where it is not printed; and the lot of the first, or empty."""
    if parts := part_fields(form):
        return [db.session.get(Colour, field.data) for field in parts], ""
    colour_id, _sign, lot = form.colour_id.data.partition(LOT)
    return [db.session.get_one(Colour, int(colour_id))], lot


def begins_with_one(revision: Revision, now: datetime) -> Callable[[int, Part | None], bool]:
    """Tells of so many copies of a file whether the lab wants the first checked."""
    over, days = settings().first_piece_over, settings().first_piece_days

    def begins(copies: int, part: Part | None) -> bool:
        part_id = part.id if part else None
        return wanted(db.session, revision.id, copies, over=over, days=days, now=now, part_id=part_id)

    return begins


def _page(revision: Revision, form: PlaceForm) -> str:
    parts = part_fields(form)
    return render_template(
        "production/place_revision.html", revision=revision, form=form, parts=parts, lot_sign=LOT,
        colours=[] if parts else colours_for(revision),
        picture=picture_url(picture_of(revision)), today=today(), over=settings().first_piece_over,
    )  # fmt: skip


def _choices(colours: Sequence[InLots]) -> list[SelectChoice]:
    """A colour, or one lot of it: `3`, `3:A-17`."""
    found = []
    for one in colours:
        found.append(SelectChoice(str(one.colour.id), one.colour.name))
        found += [SelectChoice(f"{one.colour.id}{LOT}{lot.lot}", lot.lot) for lot in one.lots]
    return found


def _revision(revision_id: int) -> Revision:
    query = sa.select(Revision).where(Revision.id == revision_id)
    options = (
        joinedload(Revision.design), selectinload(Revision.reviews), selectinload(Revision.pictures),
        selectinload(Revision.parts),
    )  # fmt: skip
    revision = db.session.scalar(query.options(*options))
    if revision is None:
        raise NotFound(_("Dieses Objekt gibt es nicht."), way_out=_("Wählen Sie ein Objekt aus der Liste."))
    return revision


def colours_for(file: Revision | Part) -> list[InLots]:
    """Colours of which there is a spool of the right material."""
    there = sa.exists().where(
        Spool.colour_id == Colour.id, Spool.material == file.material, Spool.emptied_at.is_(None)
    )
    found = db.session.scalars(sa.select(Colour).where(there).order_by(by_name(Colour.name))).all()
    lots = lots_by_colour(db.session, file)
    return [InLots(colour, lots.get(colour.id, [])) for colour in found]
