"""What the pages of the catalogue share: the blueprint, who may what, rows by id."""

from collections.abc import Callable, Iterable

from flask import Blueprint, Flask, current_app, request
from flask_security import current_user
from sqlalchemy.orm import Session

from designs.profiles import DEFAULT_MACHINE
from makerlab.catalog.models import Design, Partner, Revision
from makerlab.core.access import Role, allow
from makerlab.core.database import db
from makerlab.core.errors import NotFound
from makerlab.core.language import _
from makerlab.core.web import BIGGEST_ID, number_of
from makerlab.people.models import Account

blueprint = Blueprint("catalog", __name__)

submitters = allow(Role.INSTRUCTOR, Role.LIAISON)
reviewers = allow(Role.INSTRUCTOR)
EDITORS = (Role.INSTRUCTOR, Role.LIAISON, Role.COORDINATOR)
editors = allow(*EDITORS)  # of what stands around the files: words, photos, tags, collections
partner_keepers = allow(Role.LIAISON, Role.COORDINATOR)

ID = f"int(max={BIGGEST_ID})"

AskMachines = Callable[[Session], Iterable[str]]
_MACHINES = "catalog.machines"


def register_machines(app: Flask, ask: AskMachines) -> None:
    """Printers stand below the catalogue: whoever knows them says here which machines the lab has."""
    app.extensions[_MACHINES] = ask


def machines_in_use() -> list[str]:
    """Keys of the machines that designs are estimated for; the default one where nobody knows any."""
    ask: AskMachines = current_app.extensions.get(_MACHINES, lambda session: ())
    return sorted(set(ask(db.session))) or [DEFAULT_MACHINE]


def seen_number() -> int:
    """How far the page that the person saw was (`seen`): a number of a revision or of reviews, else -1."""
    return request.form.get("seen", -1, type=number_of)


def me() -> Account:
    account: Account = current_user._get_current_object()
    return account


def get_design(design_id: int) -> Design:
    found = db.session.get(Design, design_id)
    if found is None:
        raise NotFound(_("Dieses Objekt gibt es nicht."), way_out=_("Wählen Sie eines aus dem Katalog."))
    return found


def get_revision(revision_id: int) -> Revision:
    found = db.session.get(Revision, revision_id)
    if found is None:
        raise NotFound(_("Diese Fassung gibt es nicht."), way_out=_("Wählen Sie ein Objekt aus dem Katalog."))
    return found


def get_partner(partner_id: int) -> Partner:
    found = db.session.get(Partner, partner_id)
    if found is None:
        raise NotFound(_("Diese Partnerschaft gibt es nicht."), way_out=_("Wählen Sie eine aus der Liste."))
    return found
