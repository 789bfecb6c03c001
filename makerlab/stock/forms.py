"""Forms of the stock."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from makerlab.core.language import lazy
from makerlab.core.money import cents_of
from makerlab.materials.forms import LineField, WholeField
from makerlab.stock.models import PlaceKind
from makerlab.stock.rules import MOST_IN_ONE, MOST_PIECES
from makerlab.stock.words import PLACES


class PlaceForm(FlaskForm):
    name = LineField(lazy("Name"), [InputRequired(lazy("Wie heißt der Ort?")), Length(max=80)])
    kind = SelectField(
        lazy("Art"),
        choices=[(kind.value, status.word) for kind, status in PLACES.items()],
        default=PlaceKind.SHOP.value,
    )


WHOLE = lazy("Bitte eine ganze Zahl.")


class ItemForm(FlaskForm):
    name = LineField(lazy("Name"), [InputRequired(lazy("Wie heißt das Teil?")), Length(max=120)])
    supplier = LineField(lazy("Lieferant"), [Length(max=120)])
    order_code = LineField(lazy("Bestellnummer"), [Length(max=60)])
    price = LineField(lazy("Preis für ein Stück"), [Length(max=20)], default="0")
    low_level = WholeField(lazy("Melden ab"), [Optional(), NumberRange(0, MOST_PIECES)], WHOLE)

    def validate_price(self, field: LineField) -> None:
        if cents_of(field.data or "0") is None:
            raise ValidationError(lazy("Schreiben Sie zum Beispiel 12,50."))

    @property
    def cents(self) -> int:
        return cents_of(self.price.data or "0") or 0


class TokenForm(FlaskForm):
    """The same form sent twice counts once."""

    form_token = HiddenField(validators=[Regexp(r"^[0-9a-f]{32}$")])


class ReceiveForm(TokenForm):
    pieces = WholeField(
        lazy("Wie viele sind gekommen?"), [InputRequired(WHOLE), NumberRange(1, MOST_PIECES)], WHOLE
    )


class PartCountForm(TokenForm):
    counted = WholeField(
        lazy("Wie viele sind da?"), [InputRequired(WHOLE), NumberRange(0, MOST_PIECES)], WHOLE
    )


class IngredientForm(FlaskForm):
    item_id = SelectField(lazy("Teil"), coerce=int)
    count = WholeField(
        lazy("Stück für ein Objekt"), [InputRequired(WHOLE), NumberRange(0, MOST_IN_ONE)], WHOLE, default=1
    )
