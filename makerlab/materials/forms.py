"""Forms of filament."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from designs.profiles import DEFAULT_MATERIAL, load
from makerlab.core.language import lazy
from makerlab.core.web import settings

NEW_COLOUR = 0
HEAVIEST_G = 20_000
WHOLE_GRAMS = lazy("Bitte eine ganze Zahl in Gramm.")


class LineField(StringField):
    """One line of text: control characters and outer spaces are dropped, NUL with them."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0] if valuelist else ""
        self.data = " ".join("".join(c if c.isprintable() else " " for c in text).split())


class WholeField(IntegerField):
    """A whole number, with our own words for anything else."""

    def __init__(self, label: Any, validators: Any, refusal: Any = WHOLE_GRAMS, **more: Any) -> None:
        super().__init__(label, validators, **more)
        self.refusal = refusal

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(str(self.refusal)) from error


def grams(low: int) -> list[Any]:
    return [
        InputRequired(lazy("Bitte wiegen Sie.")),
        NumberRange(low, HEAVIEST_G, lazy("Dieses Gewicht kann nicht stimmen.")),
    ]


class ReceiveForm(FlaskForm):
    """A spool has come. Choosing no colour of the list means: the new one named below."""

    material = SelectField(lazy("Material"), default=DEFAULT_MATERIAL)
    colour_id = SelectField(lazy("Farbe"), coerce=int)
    colour_name = LineField(lazy("Name der neuen Farbe"), [Length(max=60)])
    colour_hex = StringField(
        lazy("Neue Farbe"),
        [Optional(), Regexp(r"^#[0-9a-fA-F]{6}$", message=lazy("Bitte eine Farbe wählen."))],
    )
    maker = LineField(
        lazy("Hersteller"), [InputRequired(lazy("Wer hat das Filament gemacht?")), Length(max=80)]
    )
    lot = LineField(lazy("Charge"), [InputRequired(lazy("Die Charge steht auf der Spule.")), Length(max=60)])
    net_g = WholeField(lazy("Filament in Gramm"), grams(1), default=1000)
    tare_g = WholeField(lazy("Leere Spule in Gramm"), grams(0), default=220)
    pieces = WholeField(
        lazy("Wie viele gleiche Spulen?"),
        [InputRequired(), NumberRange(1, 20, lazy("Höchstens 20 auf einmal."))],
        lazy("Bitte eine ganze Zahl."),
        default=1,
    )

    def offer(self, colours: list[tuple[int, str]]) -> None:
        """What can be chosen."""
        materials = load(settings().profiles_dir).materials
        self.material.choices = [(key, material.name) for key, material in sorted(materials.items())]
        self.colour_id.choices = [*colours, (NEW_COLOUR, lazy("Neue Farbe …"))]

    def validate_colour_name(self, field: Field) -> None:
        if self.colour_id.data == NEW_COLOUR and not field.data:
            raise ValidationError(str(lazy("Wie heißt die neue Farbe?")))


class WeighForm(FlaskForm):
    gross_g = WholeField(lazy("Spule mit Filament in Gramm"), grams(1))
