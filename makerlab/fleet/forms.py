"""The form of a printer."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import PasswordField, SelectField
from wtforms.validators import InputRequired, Length

from designs.profiles import DEFAULT_MACHINE, load
from makerlab.core.language import lazy
from makerlab.core.web import settings
from makerlab.fleet.rules import LONGEST_ADDRESS, LONGEST_NAME
from makerlab.materials.forms import LineField

LONGEST_KEY = 200


class DeviceForm(FlaskForm):
    """Which printer it is, once its print host is known."""

    name = LineField(
        lazy("Name"),
        [
            InputRequired(lazy("Wie heißt der Drucker?")),
            Length(max=LONGEST_NAME, message=lazy("Dieser Name ist zu lang.")),
        ],
    )
    machine = SelectField(lazy("Modell"), default=DEFAULT_MACHINE)
    site_id = SelectField(lazy("Ort"), coerce=int)
    camera_url = LineField(
        lazy("Kamera"), [Length(max=LONGEST_ADDRESS, message=lazy("Die Adresse ist zu lang."))]
    )

    def offer(self, sites: list[tuple[int, str]]) -> None:
        """What can be chosen."""
        machines = load(settings().profiles_dir).machines
        choices: list[tuple[str, Any]] = [(key, machine.name) for key, machine in sorted(machines.items())]
        self.machine.choices = choices
        self.site_id.choices = sites


class PrinterForm(DeviceForm):
    """A printer and its print host. The key is never shown: empty means the one there is."""

    url = LineField(
        lazy("Adresse von OctoPrint"),
        [
            InputRequired(lazy("Die Adresse fehlt.")),
            Length(max=LONGEST_ADDRESS, message=lazy("Die Adresse ist zu lang.")),
        ],
    )
    api_key = PasswordField(
        lazy("Schlüssel (API-Key)"), [Length(max=LONGEST_KEY, message=lazy("Dieser Schlüssel ist zu lang."))]
    )
