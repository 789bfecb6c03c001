"""Forms of the catalogue."""

from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import HiddenField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from designs.profiles import DEFAULT_MATERIAL, DEFAULT_PROCESS, Profiles
from makerlab.catalog import rules
from makerlab.catalog.licences import LICENCES
from makerlab.catalog.models import PartnerKind
from makerlab.catalog.printing import PrintSettings
from makerlab.core.clock import utcnow
from makerlab.core.language import lazy
from makerlab.core.money import cents_of

NO_PARTNER = 0
TOO_LONG = lazy("Das ist zu lang.")
NO_ADDRESS = lazy("Das ist keine E-Mail-Adresse.")


class LineField(StringField):
    """One line of text, clean."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = rules.clean_line(valuelist[0] if valuelist else "", 10_000)


class StoryField(TextAreaField):
    """Paragraphs of text, clean."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = rules.clean_story(valuelist[0] if valuelist else "")


class DayField(DateField):
    """A day, with our own words for what is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(str(lazy("Diesen Tag gibt es nicht."))) from error


class CountField(IntegerField):
    """A whole number, with our own words for anything else."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(str(lazy("Bitte eine ganze Zahl."))) from error


class RevisionForm(FlaskForm):
    """A file and how it is printed. `seen` is the newest revision that the person saw."""

    file = FileField(lazy("Datei"), [FileRequired(lazy("Wählen Sie eine Datei."))])
    process_key = SelectField(lazy("Druckart"), default=DEFAULT_PROCESS)
    material_key = SelectField(lazy("Material"), default=DEFAULT_MATERIAL)
    supports = BooleanField(lazy("Mit Stützen drucken"))
    note = StoryField(lazy("Was ist zu beachten?"), [Length(max=1000, message=TOO_LONG)])
    seen = HiddenField()

    def offer(self, profiles: Profiles) -> None:
        """What can be chosen."""
        self.process_key.choices = [(key, one.name) for key, one in sorted(profiles.processes.items())]
        self.material_key.choices = [(key, one.name) for key, one in sorted(profiles.materials.items())]

    @property
    def settings(self) -> PrintSettings:
        return PrintSettings(self.process_key.data, self.material_key.data, self.supports.data)


class DesignForm(RevisionForm):
    """A new design with its first file."""

    name = LineField(
        lazy("Name"),
        [DataRequired(lazy("Wie heißt das Objekt?")), Length(max=120, message=TOO_LONG)],
    )
    partner_id = SelectField(lazy("Wer hat es entworfen?"), coerce=int, default=NO_PARTNER)
    story = StoryField(lazy("Geschichte"), [Length(max=rules.LONGEST_STORY, message=TOO_LONG)])
    licence = SelectField(
        lazy("Lizenz"), choices=lambda: list(LICENCES.items()), default="", validate_choice=False
    )
    tags = LineField(lazy("Schlagwörter"), [Length(max=300, message=TOO_LONG)])

    def offer_partners(self, partners: list[tuple[int, str]]) -> None:
        self.partner_id.choices = [(NO_PARTNER, lazy("Eigener Entwurf")), *partners]


class PartnerForm(FlaskForm):
    name = LineField(
        lazy("Name"),
        [DataRequired(lazy("Wie heißt die Partnerin oder der Partner?")), Length(max=120, message=TOO_LONG)],
    )
    kind = RadioField(
        lazy("Wer ist das?"),
        choices=[(PartnerKind.PERSON.value, lazy("Person")), (PartnerKind.COMPANY.value, lazy("Firma"))],
        default=PartnerKind.PERSON.value,
        validate_choice=False,
    )
    story = StoryField(lazy("Geschichte"), [Length(max=rules.LONGEST_STORY, message=TOO_LONG)])

    @property
    def chosen(self) -> PartnerKind:
        return PartnerKind.COMPANY if self.kind.data == PartnerKind.COMPANY else PartnerKind.PERSON


class ContactForm(FlaskForm):
    """Somebody to reach at a partner."""

    name = LineField(
        lazy("Name"), [DataRequired(lazy("Wie heißt die Person?")), Length(max=120, message=TOO_LONG)]
    )
    role = LineField(lazy("Aufgabe"), [Length(max=80, message=TOO_LONG)])
    email = LineField(
        lazy("E-Mail"),
        [Optional(), Length(max=200, message=TOO_LONG), Regexp(r"[^@\s]+@[^@\s]+$", message=NO_ADDRESS)],
    )
    phone = LineField(lazy("Telefon"), [Length(max=60, message=TOO_LONG)])
    address = StoryField(lazy("Anschrift"), [Length(max=500, message=TOO_LONG)])


class AgreementForm(FlaskForm):
    """So many pieces (empty: any number), from a day to a day (empty: without end), of some designs."""

    pieces = CountField(
        lazy("Stück"),
        [Optional(), NumberRange(1, rules.MOST_PIECES, lazy("Diese Stückzahl geht nicht."))],
    )
    starts_on = DayField(
        lazy("Von"), [InputRequired(lazy("Ab wann gilt der Vertrag?"))], default=lambda: utcnow().date()
    )
    ends_on = DayField(lazy("Bis"), [Optional()])
    territory = LineField(lazy("Gebiet"), [Length(max=120, message=TOO_LONG)])
    only_single = BooleanField(lazy("Nur einzelne Stücke, keine Serie"))
    designs = SelectMultipleField(lazy("Für diese Objekte"), coerce=int)

    def offer(self, designs: list[tuple[int, str]]) -> None:
        self.designs.choices = designs


class RateForm(FlaskForm):
    """A royalty: an amount a piece, or a share of the price, from a day on."""

    amount = LineField(lazy("Betrag je Stück"), [Length(max=20, message=TOO_LONG)])
    share = LineField(lazy("Anteil am Preis"), [Length(max=20, message=TOO_LONG)])
    valid_from = DayField(
        lazy("Gilt ab"), [InputRequired(lazy("Ab wann gilt das?"))], default=lambda: utcnow().date()
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Exactly one of the two, and readable."""
        sound = super().validate(extra_validators)
        for field, value in ((self.amount, self.cents), (self.share, self.hundredths)):
            if field.data and value is None:
                attach(field, str(lazy("Diese Zahl ist nicht lesbar.")))
                sound = False
        if bool(self.amount.data) == bool(self.share.data):
            attach(self.share, str(lazy("Füllen Sie eines von beiden aus.")))
            sound = False
        return sound

    @property
    def cents(self) -> int | None:
        return cents_of(self.amount.data or "")

    @property
    def hundredths(self) -> int | None:
        return rules.share_of(self.share.data or "")


def attach(field: Any, sentence: str) -> None:
    """Put a refusal that came later beside its field."""
    field.errors = [*field.errors, sentence]
