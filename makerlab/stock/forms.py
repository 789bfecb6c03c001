"""Forms of the stock."""

from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import InputRequired, Length

from makerlab.core.language import lazy
from makerlab.materials.forms import LineField
from makerlab.stock.models import PlaceKind
from makerlab.stock.words import PLACES


class PlaceForm(FlaskForm):
    name = LineField(lazy("Name"), [InputRequired(lazy("Wie heißt der Ort?")), Length(max=80)])
    kind = SelectField(
        lazy("Art"),
        choices=[(kind.value, status.word) for kind, status in PLACES.items()],
        default=PlaceKind.SHOP.value,
    )
