"""A shop with two products, three pieces in the workshop, and one order under way."""

from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from makerlab.catalog.models import Design, Partner, Picture, Review, Revision, Verdict
from makerlab.materials.models import Colour
from makerlab.production.models import Copy, CopyState, Order
from makerlab.sales.actions import set_price
from makerlab.stock.actions import add_place, book, product_of, workshop
from makerlab.stock.models import Place, PlaceKind, Product, Reservation, StockReason
from tests.makerlab.conftest import NOW, Cast


@dataclass
class Shop:
    vase: Product
    hook: Product
    workshop: Place
    shop: Place


def make_revision(session: Session, design: Design, number: int, by_id: int, *, approved: bool) -> Revision:
    """A revision whose files are named after their number."""
    digest = f"{design.id:032x}{number:032x}"
    revision = Revision(
        design_id=design.id, number=number, file_name="a.stl", file_sha256=digest, mesh_sha256=digest,
        picture_sha256=digest, preview_sha256=digest, process="0.20", material="pla", fingerprint=digest,
        width_mm=80, depth_mm=80, height_mm=120, volume_mm3=90_000, report={}, submitted_by_id=by_id,
        submitted_at=NOW,
    )  # fmt: skip
    session.add(revision)
    session.flush()
    if approved:
        session.add(
            Review(
                revision_id=revision.id,
                reviewer_id=by_id,
                verdict=Verdict.APPROVED,
                fingerprint=digest,
                at=NOW,
            )
        )
    return revision


@pytest.fixture
def shop(session: Session, cast: Cast) -> Shop:
    partner = Partner(name="Studio Nordlicht")
    green, chalk = Colour(name="Moosgrün", hex="#2f6f4f"), Colour(name="Kreide", hex="#efece4")
    session.add_all([partner, green, chalk])
    session.flush()
    designs = [
        Design(name=name, tags=tags, partner_id=partner_id, created_by_id=cast.boris.id, created_at=NOW)
        for name, tags, partner_id in (
            ("Vase Welle", ["Vase", "Wohnen"], partner.id),
            ("Türhaken", ["Garderobe"], None),
        )
    ]
    session.add_all(designs)
    session.flush()
    place = add_place(session, name="Laden am Markt", kind=PlaceKind.SHOP)
    vase, hook = product_of(session, designs[0], green), product_of(session, designs[1], chalk)
    revision = make_revision(session, designs[0], 1, cast.boris.id, approved=True)
    session.add(Picture(revision_id=revision.id, colour_id=green.id, sha256="c" * 64))
    book(session, vase, workshop(session), 3, StockReason.PRODUCED, actor_id=cast.amira.id, now=NOW)
    session.add(
        Reservation(product_id=vase.id, pieces=1, purpose="Werkschau", made_by_id=cast.guel.id, made_at=NOW)
    )
    order = Order(
        revision_id=revision.id, product_id=vase.id, pieces=4, placed_by_id=cast.amira.id, placed_at=NOW,
        form_token="order",
    )  # fmt: skip
    order.copies = [
        Copy(number=number, state=state)
        for number, state in enumerate((CopyState.OPEN, CopyState.ACTIVE, CopyState.GOOD, CopyState.GIVEN_UP))
    ]
    session.add(order)
    set_price(session, vase, 1250, valid_from=NOW.date(), by_id=cast.guel.id, now=NOW)
    shop = Shop(vase, hook, workshop(session), place)
    session.commit()
    return shop
