"""A fresh application on a SQLite file of its own for each test, and the people of the lab.

The cast: Amira is a trainee, Boris an instructor, Carla another one, Dilek sells, Emil administers, Fatma is
partner liaison, Gül coordinates.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from makerlab import models
from makerlab.app import create_app
from makerlab.core.access import Role
from makerlab.core.database import db, make_engine
from makerlab.core.settings import Settings
from makerlab.people.actions import create_account
from makerlab.people.models import Account

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
PASSWORD = "Werkbank-Lampe-7"
PIN = "258036"


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and nothing in them, copied for each test."""
    directory = tmp_path_factory.mktemp("empty")
    engine = make_engine(Settings(data_dir=directory))
    models.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(sa.insert(models.people.RoleRow), [{"name": role.value} for role in Role])
        connection.execute(sa.insert(models.people.Site), [{"name": "Werkstatt Nord"}])
    engine.dispose()
    return directory / "makerlab.sqlite"


@pytest.fixture
def settings(tmp_path: Path, empty_database: Path) -> Settings:
    shutil.copy(empty_database, tmp_path / "makerlab.sqlite")
    return Settings(data_dir=tmp_path)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
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
        client = app.test_client()
        with client.session_transaction() as stored:
            stored["_user_id"] = account.fs_uniquifier
            stored["_fresh"] = True
            stored["fs_cc"] = "set"
        return client

    return browser
