"""Products, places, and the same database on SQLite and PostgreSQL."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab import models
from makerlab.catalog.models import Design
from makerlab.core.database import SessionFactory, make_engine, make_session_factory
from makerlab.core.settings import Settings
from makerlab.materials.models import Colour
from makerlab.people.models import Account
from makerlab.stock.actions import add_place, product_of, workshop
from makerlab.stock.models import Place, PlaceKind, Product
from tests.makerlab.conftest import NOW


@dataclass
class Shelf:
    """A product, the two places it may lie, and who books."""

    vase: Product
    workshop: Place
    shop: Place
    actor_id: int
    second_id: int


def fill_shelf(session: Session) -> Shelf:
    """An empty shelf in an empty database."""
    account, second = (
        Account(number=number, name=name, fs_uniquifier=name, created_at=NOW)
        for number, name in (("100001", "Dilek"), ("100002", "Gül"))
    )
    session.add_all([account, second])
    session.flush()
    design = Design(name="Vase Welle", tags=["Vase"], created_by_id=account.id, created_at=NOW)
    colour = Colour(name="Moosgrün", hex="#2f6f4f")
    session.add_all([design, colour])
    session.flush()
    shop = add_place(session, name="Laden am Markt", kind=PlaceKind.SHOP)
    shelf = Shelf(product_of(session, design, colour), workshop(session), shop, account.id, second.id)
    session.commit()
    return shelf


@pytest.fixture
def shelf(session: Session) -> Shelf:
    return fill_shelf(session)


FACTORIES = ["sqlite", "postgresql"]


@pytest.fixture(params=FACTORIES)
def factory(request: pytest.FixtureRequest, settings: Settings) -> Iterator[SessionFactory]:
    """Sessions on a database with all tables, of each kind that we run on."""
    make: dict[str, Callable[[], Settings]] = {
        "sqlite": lambda: settings,
        "postgresql": lambda: _fresh_postgres(request.getfixturevalue("postgres_url"), settings),
    }
    engine = make_engine(make[request.param]())
    yield make_session_factory(engine)
    engine.dispose()


def _fresh_postgres(url: str, settings: Settings) -> Settings:
    settings = settings.model_copy(update={"database_url": url})
    engine = make_engine(settings)
    with engine.begin() as connection:
        connection.execute(sa.text("DROP SCHEMA public CASCADE"))
        connection.execute(sa.text("CREATE SCHEMA public"))
    models.metadata.create_all(engine)
    engine.dispose()
    return settings
