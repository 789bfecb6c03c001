"""What is stored about a person, as a file: for oneself, and for the office, which hands it over."""

from functools import partial

from flask import Response
from flask_security import current_user

from makerlab.core.access import Role, allow
from makerlab.core.audit import record
from makerlab.core.clock import utcnow
from makerlab.core.database import db, writing
from makerlab.core.web import file_store, zip_file
from makerlab.people import queries
from makerlab.people.models import Account
from makerlab.people.own_data import rows_about, write_zip
from makerlab.people.views import OFFICE, blueprint


@blueprint.get("/ich/daten.zip")
@allow(*Role)
def own_data() -> Response:
    return _taken_along(queries.person(db.session, current_user.id))


@blueprint.get("/personen/<int:account_id>/daten.zip")
@allow(*OFFICE)
def data_of(account_id: int) -> Response:
    """Who took it is written down, as every look at a person is."""
    account = queries.person(db.session, account_id)
    db.session.rollback()  # without WAL our own reading transaction would keep the writer out
    with writing():
        record(
            db.session, "account.exported", f"account:{account_id}", actor_id=current_user.id, now=utcnow()
        )
        db.session.commit()
    return _taken_along(account)


def _taken_along(account: Account) -> Response:
    number, rows = account.number, rows_about(db.session, account)
    db.session.rollback()  # packing takes a while: nothing waits for our transaction meanwhile
    name = f"meine-daten-{number}-{utcnow():%Y-%m-%d}.zip"
    return zip_file(name, partial(write_zip, rows, file_store()))
