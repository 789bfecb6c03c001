"""From a piece in the shop back to the print, the filament and the people."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.fleet.models import Printer
from makerlab.materials.models import Spool
from makerlab.people.models import Site
from makerlab.production.models import Attempt, AttemptStep, Order, Plate, Slice, Step
from makerlab.production.states import AttemptState
from makerlab.stock.actions import book
from makerlab.stock.models import StockReason
from tests.makerlab.conftest import NOW, Cast, SignIn
from tests.makerlab.sales.conftest import Shop


@pytest.fixture
def attempt(session: Session, cast: Cast, shop: Shop) -> Attempt:
    """A print of two vases that Amira started and Boris checked."""
    site = session.scalars(sa.select(Site)).one()
    spool = Spool(
        code="S1", material="pla", colour_id=shop.vase.colour_id, lot="L-77", maker="Filamentum", tare_g=200,
        received_at=NOW,
    )  # fmt: skip
    printer = Printer(
        code="D1", name="Anton", machine="prusa-mk3s", site_id=site.id, url="http://x", key_encrypted=""
    )
    session.add_all([spool, printer, Slice(key="k", inputs={}, queued_at=NOW)])
    order = session.scalars(sa.select(Order)).one()
    plate = Plate(order_id=order.id, number=1, machine="prusa-mk3s", pieces=2, slice_key="k", made_at=NOW)
    session.add(plate)
    session.flush()
    attempt = Attempt(
        plate_id=plate.id, printer_id=printer.id, spool_id=spool.id, token="t", remote_name="r",
        state=AttemptState.RESOLVED, claimed_at=NOW,
    )  # fmt: skip
    attempt.steps = [
        AttemptStep(step=step, account_id=who.id, at=NOW)
        for step, who in ((Step.STARTED, cast.amira), (Step.CHECKED, cast.boris))
    ]
    session.add(attempt)
    session.flush()
    book(
        session, shop.vase, shop.workshop, 2, StockReason.PRODUCED, actor_id=cast.boris.id, now=NOW,
        attempt_id=attempt.id,
    )  # fmt: skip
    session.commit()
    return attempt


def test_sales_see_the_print_and_the_filament_but_no_trainee(
    sign_in: SignIn, cast: Cast, shop: Shop, attempt: Attempt
) -> None:
    phone = sign_in(cast.dilek)
    there = f"/verkauf/chargen/{attempt.id}"
    assert there in phone.get(f"/verkauf/{shop.vase.code}").text
    page = phone.get(there).text
    assert "Anton" in page
    assert "L-77" in page
    assert cast.amira.name not in page


def test_who_may_know_trainees_sees_who_made_it(sign_in: SignIn, cast: Cast, attempt: Attempt) -> None:
    page = sign_in(cast.boris).get(f"/verkauf/chargen/{attempt.id}").text
    assert cast.amira.name in page


def test_a_label_names_the_batch(sign_in: SignIn, cast: Cast, shop: Shop, attempt: Attempt) -> None:
    page = sign_in(cast.dilek).get(f"/verkauf/{shop.vase.code}/etiketten").text
    assert f'value="A{attempt.id}"' in page


def test_a_batch_that_is_none_is_no_page(sign_in: SignIn, cast: Cast, shop: Shop) -> None:
    assert sign_in(cast.dilek).get("/verkauf/chargen/999").status_code == 404
