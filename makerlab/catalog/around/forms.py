"""Forms of what stands around a design's files."""

from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from makerlab.catalog import rules
from makerlab.catalog.forms import NO_PARTNER, TOO_LONG, CountField, LineField, StoryField
from makerlab.catalog.models import MakingKind
from makerlab.core.language import lazy

LONGEST_STEP = 300  # characters
MOST_MINUTES = 600  # of one step, for one piece


class AboutForm(FlaskForm):
    """What is said about a design."""

    name = LineField(
        lazy("Name"), [DataRequired(lazy("Wie heißt das Objekt?")), Length(max=120, message=TOO_LONG)]
    )
    partner_id = SelectField(lazy("Wer hat es entworfen?"), coerce=int, default=NO_PARTNER)
    story = StoryField(lazy("Geschichte"), [Length(max=rules.LONGEST_STORY, message=TOO_LONG)])
    tags = LineField(lazy("Schlagwörter"), [Length(max=500, message=TOO_LONG)])

    def offer_partners(self, partners: list[tuple[int, str]]) -> None:
        self.partner_id.choices = [(NO_PARTNER, lazy("Eigener Entwurf")), *partners]


class CollectionForm(FlaskForm):
    name = LineField(
        lazy("Name"), [DataRequired(lazy("Wie heißt die Sammlung?")), Length(max=120, message=TOO_LONG)]
    )
    story = StoryField(lazy("Geschichte"), [Length(max=rules.LONGEST_STORY, message=TOO_LONG)])


class MakingForm(FlaskForm):
    """A step after the print."""

    kind = SelectField(
        lazy("Was ist es?"),
        choices=[
            (MakingKind.FINISH.value, lazy("Nacharbeiten")),
            (MakingKind.ASSEMBLY.value, lazy("Zusammenbauen")),
        ],
    )
    text = LineField(
        lazy("Was ist zu tun?"),
        [DataRequired(lazy("Schreiben Sie, was zu tun ist.")), Length(max=LONGEST_STEP, message=TOO_LONG)],
    )
    minutes = CountField(
        lazy("Minuten für ein Stück"),
        [
            InputRequired(lazy("Wie viele Minuten dauert es?")),
            NumberRange(0, MOST_MINUTES, lazy("Diese Zeit geht nicht.")),
        ],
    )
