"""The form of a further part."""

from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from makerlab.catalog.forms import TOO_LONG, CountField, LineField, RevisionForm
from makerlab.catalog.parts.rules import MOST_COUNT
from makerlab.core.language import lazy


class PartForm(RevisionForm):
    """A file, how it is printed, and how often a piece needs it."""

    name = LineField(
        lazy("Name des Teils"), [DataRequired(lazy("Wie heißt das Teil?")), Length(max=60, message=TOO_LONG)]
    )
    count = CountField(
        lazy("Wie oft in einem Stück?"),
        [
            InputRequired(lazy("Diese Anzahl geht nicht.")),
            NumberRange(1, MOST_COUNT, lazy("Diese Anzahl geht nicht.")),
        ],
        default=1,
    )
