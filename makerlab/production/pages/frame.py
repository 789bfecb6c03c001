"""What the pages of production share: blueprint, roles, looking things up."""

from datetime import date, datetime
from typing import Any, TypeVar

from flask import Blueprint, current_app, url_for
from flask_babel import to_user_timezone
from flask_security import current_user

from makerlab.catalog.agreed import register_made
from makerlab.core import clock
from makerlab.core.access import Role
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import NotFound
from makerlab.core.language import _
from makerlab.core.web import BIGGEST_ID, settings
from makerlab.people.models import Account
from makerlab.production.agreed import ordered

blueprint = Blueprint("production", __name__)
# The catalogue shows what is used of an agreement; it stands below and cannot count the pieces.
blueprint.record_once(lambda state: register_made(state.app, ordered))

WATCHERS = (Role.INSTRUCTOR, Role.COORDINATOR, Role.ADMINISTRATOR)
ACTORS = (Role.INSTRUCTOR,)
ID = f"int(max={BIGGEST_ID})"

Row = TypeVar("Row")


def found(kind: type[Row], id_: int) -> Row:
    """The row of that id. Raises NotFound."""
    row = db.session.get(kind, id_)
    if row is None:
        raise NotFound(_("Das gibt es hier nicht."), way_out=_("Gehen Sie zurück zur Liste."))
    return row


def me() -> Account:
    """The person signed in."""
    account: Account = current_user._get_current_object()
    return account


def today(now: datetime | None = None) -> date:
    """The day on the lab's calendar."""
    day: date = to_user_timezone(now or utcnow()).date()
    return day


def lab_now() -> datetime:
    """The present in the lab's time zone: what decides whether people are there."""
    return clock.lab_now(settings().timezone)


def picture_url(sha256: str | None) -> str | None:
    """Where the catalogue shows a picture; none while it has no such page."""
    if not sha256 or "catalog.picture" not in current_app.view_functions:
        return None
    return url_for("catalog.picture", sha256=sha256)


def page_of(values: Any) -> int:
    """The number of a page in a query string, at least 1."""
    wanted: int = values.get("seite", 1, type=int)
    return min(max(wanted, 1), 100_000)
