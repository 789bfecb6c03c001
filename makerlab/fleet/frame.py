"""What the pages of the fleet share: blueprint, roles, looking things up."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint

from designs.profiles import load
from makerlab.core.access import Role, allow
from makerlab.core.alphabet import by_name
from makerlab.core.database import db
from makerlab.core.errors import NotFound
from makerlab.core.language import _, current_code
from makerlab.core.web import settings
from makerlab.fleet.models import Printer
from makerlab.people.models import Site

blueprint = Blueprint("fleet", __name__, url_prefix="/drucker/verwalten")
keepers = allow(Role.ADMINISTRATOR)

PRINTER = "/<int(max=2147483647):printer_id>"


def get_printer(printer_id: int) -> Printer:
    """Raises NotFound."""
    printer = db.session.get(Printer, printer_id)
    if printer is None:
        raise NotFound(_("Diesen Drucker gibt es nicht."), way_out=_("Wählen Sie einen aus der Liste."))
    return printer


def let_go() -> None:
    """End this request's transaction: a host may take seconds, and others want to write.

    Rows that were read are read anew when they are asked again, which begins the next one.
    """
    current_code()  # hangs on who asks: looked up now, not for the first word about the host
    db.session.rollback()


def machine_name(key: str) -> str:
    """The name of a printer model; its key when the profile is gone."""
    machine = load(settings().profiles_dir).machines.get(key)
    return machine.name if machine else key


def offered(form: Any) -> Any:
    """A form of a printer with what can be chosen in it."""
    sites = db.session.execute(sa.select(Site.id, Site.name).order_by(by_name(Site.name)))
    form.offer([(id_, name) for id_, name in sites])
    return form
