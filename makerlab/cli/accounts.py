"""`makerlab account`: the first administrator, and whoever locked themselves out."""

from makerlab.app import create_app
from makerlab.core.access import Role
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.settings import Settings
from makerlab.people.actions import create_account, new_password


def first_account(settings: Settings, name: str, email: str, role: Role) -> str:
    """Make the account; returns the start password, which is shown this once."""
    password = new_password()
    with create_app(settings).test_request_context():
        create_account(db.session, name=name, roles=[role], email=email, password=password, now=utcnow())
        db.session.commit()
    return password
