"""The form of an order: which colour or lot of each file, how many, until when, for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_wtf import FlaskForm
from wtforms import DateField, Field, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from makerlab.catalog.models import Part, Revision
from makerlab.catalog.queries import files_of, in_one_part, part_count, part_name
from makerlab.core.alphabet import by_name
from makerlab.core.database import db
from makerlab.core.language import _, lazy
from makerlab.materials.forms import WholeField
from makerlab.materials.models import Colour, Spool
from makerlab.people.rules import clean_text
from makerlab.production.lots import LotNow, lots_by_colour
from makerlab.production.models import Priority, Purpose
from makerlab.production.pages.frame import today
from makerlab.production.pages.words import PRIORITIES, PURPOSES
from makerlab.production.rules import MOST_PIECES

LOT = ":"  # between a colour and a lot of it
NOT_PRINTED = 0  # in place of a colour


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


def is_valid(form: PlaceForm) -> bool:
    """The form, and what two fields say together."""
    valid = bool(form.validate_on_submit())
    if form.due_on.data and form.due_on.data < today():
        form.due_on.errors, valid = [_("Dieser Tag ist vorbei.")], False
    if form.purpose.data != Purpose.STOCK and not clean_text(form.recipient.data or "", 120):
        form.recipient.errors, valid = [_("Für wen sind die Stücke?")], False
    return valid


def chosen(form: PlaceForm) -> tuple[list[Colour | None], str]:
    """The colour of each file, None where it is not printed; and the lot of the first, or empty."""
    if parts := part_fields(form):
        return [db.session.get(Colour, field.data) for field in parts], ""
    colour_id, _sign, lot = form.colour_id.data.partition(LOT)
    return [db.session.get_one(Colour, int(colour_id))], lot


def _choices(colours: Sequence[InLots]) -> list[SelectChoice]:
    """A colour, or one lot of it: `3`, `3:A-17`."""
    found = []
    for one in colours:
        found.append(SelectChoice(str(one.colour.id), one.colour.name))
        found += [SelectChoice(f"{one.colour.id}{LOT}{lot.lot}", lot.lot) for lot in one.lots]
    return found


def colours_for(file: Revision | Part) -> list[InLots]:
    """Colours of which there is a spool of the right material."""
    there = sa.exists().where(
        Spool.colour_id == Colour.id, Spool.material == file.material, Spool.emptied_at.is_(None)
    )
    found = db.session.scalars(sa.select(Colour).where(there).order_by(by_name(Colour.name))).all()
    lots = lots_by_colour(db.session, file)
    return [InLots(colour, lots.get(colour.id, [])) for colour in found]
