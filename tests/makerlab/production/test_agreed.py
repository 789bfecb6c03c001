"""Orders stay within the agreements of partners, counted over their term and their designs."""

from datetime import timedelta

import pytest

from makerlab.catalog.arranging import add_agreement, add_partner
from makerlab.catalog.models import Agreement
from makerlab.core.errors import Conflict
from makerlab.production.agreed import ordered
from makerlab.production.models import Order
from makerlab.production.ordering import cancel_order, place_order
from makerlab.stock.actions import product_of
from tests.makerlab.production.conftest import Workshop


@pytest.fixture
def agreement(workshop: Workshop) -> Agreement:
    """Twenty pieces from today on."""
    partner = add_partner(workshop.session, name="Studio", now=workshop.clock.now)
    workshop.revision.design.partner = partner
    made = add_agreement(
        workshop.session, partner, pieces=20, starts_on=workshop.clock.now.date(), now=workshop.clock.now
    )
    workshop.session.commit()
    return made


def order(workshop: Workshop, pieces: int, name: str) -> Order:
    product = product_of(workshop.session, workshop.revision.design, workshop.colour)
    return place_order(
        workshop.session, revision=workshop.revision, product=product, pieces=pieces, by=workshop.amira,
        form_token=name, now=workshop.clock.now,
    )  # fmt: skip


def test_no_order_goes_beyond_the_pieces_and_given_up_ones_count_no_more(
    workshop: Workshop, agreement: Agreement
) -> None:
    first = order(workshop, 15, "first")
    with pytest.raises(Conflict, match="noch 5 Stück"):
        order(workshop, 6, "second")
    cancel_order(workshop.session, first, by=workshop.amira, reason="undone", now=workshop.clock.now)
    assert ordered(workshop.session, [agreement]) == {agreement.id: 0}
    order(workshop, 20, "third")
    assert ordered(workshop.session, [agreement]) == {agreement.id: 20}


def test_pieces_from_before_the_term_do_not_count(workshop: Workshop, agreement: Agreement) -> None:
    order(workshop, 20, "first")
    agreement.ends_on = workshop.clock.now.date()
    workshop.clock.now += timedelta(days=1)
    with pytest.raises(Conflict, match="keinen gültigen Vertrag"):
        order(workshop, 1, "second")
    following = add_agreement(
        workshop.session, agreement.partner, pieces=3, starts_on=workshop.clock.now.date(),
        now=workshop.clock.now,
    )  # fmt: skip
    order(workshop, 3, "third")
    assert ordered(workshop.session, [agreement, following]) == {agreement.id: 20, following.id: 3}


def test_a_non_commercial_licence_stops_the_order(workshop: Workshop) -> None:
    workshop.revision.design.licence = "CC-BY-NC-4.0"
    with pytest.raises(Conflict, match="erlaubt keinen Verkauf"):
        order(workshop, 1, "first")
