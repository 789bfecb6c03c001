"""Products and places."""

from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from makerlab.catalog.models import Design
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
