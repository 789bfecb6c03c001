"""A fresh application on a database of its own for each test, and the people of the lab.

The cast: Amira is a trainee, Boris an instructor, Carla another one, Dilek sells, Emil administers, Fatma is
partner liaison, Gül coordinates.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from flask import Flask
from flask.sessions import SessionMixin
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from makerlab.app import create_app
from makerlab.core.access import Role
from makerlab.core.database import SessionFactory, db, make_engine, make_session_factory
from makerlab.core.settings import Settings
from makerlab.people.actions import create_account
from makerlab.people.models import Account
from tests.makerlab.databases import Databases
from tests.postgres import Postgres

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
PASSWORD = "Werkbank-Lampe-7"
PIN = "258036"

# The default renderer shows local variables, slowly, and asks the database while doing so.
structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.JSONRenderer()])


@pytest.fixture(scope="session")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    return Databases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def on_postgresql(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres) -> Databases:
    return Databases(tmp_path_factory.mktemp("postgresql"), postgres)


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> Databases:
    """Of the kind that this run is about: SQLite, or PostgreSQL with `--on-postgresql`."""
    chosen = "on_postgresql" if request.config.getoption("--on-postgresql") else "on_sqlite"
    found: Databases = request.getfixturevalue(chosen)
    return found


@pytest.fixture
def settings(databases: Databases, tmp_path: Path) -> Iterator[Settings]:
    """Of a lab with a database of its own."""
    with databases.lab(tmp_path) as lab:
        yield lab


@pytest.fixture(params=["on_sqlite", "on_postgresql"])
def factory(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SessionFactory]:
    """Sessions on a lab's database of each kind in turn: for what many do at once."""
    databases: Databases = request.getfixturevalue(request.param)
    with databases.lab(tmp_path) as lab:
        engine = make_engine(lab)
        yield make_session_factory(engine)
        engine.dispose()


class Browser(FlaskClient):
    """A client whose requests share nothing with the test but the database.

    Inside the test's application context a request would reuse its `g`, and so the person signed in
    first, and its session. What the test wrote is committed before, or the request would wait for its lock.
    """

    def open(self, *args: Any, **values: Any) -> TestResponse:
        db.session.commit()
        with self.application.app_context():
            return super().open(*args, **values)

    @contextmanager
    def session_transaction(self, *args: Any, **values: Any) -> Iterator[SessionMixin]:
        db.session.commit()
        with self.application.app_context(), super().session_transaction(*args, **values) as stored:
            yield stored


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.test_client_class = Browser
    with app.app_context():
        yield app
        db.session.rollback()
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Session:
    return db.session


@pytest.fixture
def now() -> datetime:
    return NOW


@dataclass
class Cast:
    amira: Account
    boris: Account
    carla: Account
    dilek: Account
    emil: Account
    fatma: Account
    guel: Account


@pytest.fixture
def cast(session: Session) -> Cast:
    people = {
        "amira": Role.TRAINEE,
        "boris": Role.INSTRUCTOR,
        "carla": Role.INSTRUCTOR,
        "dilek": Role.SALES,
        "emil": Role.ADMINISTRATOR,
        "fatma": Role.LIAISON,
        "guel": Role.COORDINATOR,
    }
    cast = Cast(**{name: _account(session, name, role) for name, role in people.items()})
    session.commit()
    return cast


def _account(session: Session, name: str, role: Role) -> Account:
    email = None if role is Role.TRAINEE else f"{name}@makerlab.example"
    return create_account(session, name=name.title(), roles=[role], email=email, now=NOW)


SignIn = Callable[[Account], FlaskClient]


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    """A browser in which this person is signed in, without the cost of a password."""

    def browser(account: Account) -> FlaskClient:
        client, identity = app.test_client(), account.fs_uniquifier
        with client.session_transaction() as stored:
            stored["_user_id"] = identity
            stored["_fresh"] = True
            stored["fs_cc"] = "set"
        return client

    return browser
