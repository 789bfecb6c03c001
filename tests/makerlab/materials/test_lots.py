"""What is left of each lot, whether it is enough for what waits, and how long it lasts."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from makerlab.materials.actions import book_filament, empty_spool, receive_spool
from makerlab.materials.lots import lots, supplies, used_daily, waiting_g
from makerlab.materials.models import Colour, FilamentReason, Spool
from makerlab.materials.rules import days_left, soon_gone
from tests.makerlab.conftest import Cast, SignIn
from tests.makerlab.production.conftest import Workshop, workshop

__all__ = ["workshop"]


@pytest.fixture
def boris(cast: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(cast.boris)


def another(workshop: Workshop, lot: str, net_g: int = 1000, colour: Colour | None = None) -> Spool:
    return receive_spool(
        workshop.session, material="pla", colour=colour or workshop.colour, lot=lot, maker="Filamentwerk",
        tare_g=200, net_g=net_g, by_id=None, now=workshop.clock.now,
    )  # fmt: skip


def printed(workshop: Workshop, grams: float, days_ago: float = 1.0) -> None:
    spool = workshop.printers[0].spool
    assert spool is not None
    at = workshop.clock.now - timedelta(days=days_ago)
    book_filament(
        workshop.session, spool, -round(grams * 1000), FilamentReason.PRINTED, actor_id=None, now=at
    )


def test_spools_of_a_lot_are_added_up_and_empty_ones_left_out(workshop: Workshop) -> None:
    another(workshop, "L1", 500)
    empty_spool(workshop.session, another(workshop, "L3"), actor_id=None, now=workshop.clock.now)
    found = {one.lot: (one.spools, one.left_g) for one in lots(workshop.session)}
    assert found == {"L1": (3, 2500.0)}


def test_what_waits_is_counted_and_what_is_missing_said(workshop: Workshop, boris: FlaskClient) -> None:
    for _ in range(3):
        workshop.order(2)
    blue = Colour(name="Blau", hex="#0000ff")
    workshop.session.add(blue)
    workshop.session.flush()
    another(workshop, "B1", 5, blue)
    key = ("pla", workshop.colour.id)
    assert waiting_g(workshop.session) == {key: 37.5}
    printed(workshop, 1990.0)
    first = supplies(workshop.session, lots(workshop.session), now=workshop.clock.now)[0]
    assert (first.colour.name, first.waits_g, first.left_g, first.missing_g) == ("Rot", 37.5, 10.0, 27.5)
    workshop.session.commit()
    page = boris.get("/filament/chargen").text
    assert page.index("Rot") < page.index("Reicht nicht") < page.index("Blau")


def test_a_print_that_runs_waits_no_more(workshop: Workshop) -> None:
    order = workshop.order(2)
    assert waiting_g(workshop.session)
    workshop.start(order)
    assert waiting_g(workshop.session) == {}


def test_missing_filament_is_said_first(workshop: Workshop, boris: FlaskClient) -> None:
    workshop.order(2)
    for printer in workshop.printers:
        assert printer.spool is not None
        empty_spool(workshop.session, printer.spool, actor_id=None, now=workshop.clock.now)
    workshop.session.commit()
    page = boris.get("/filament/chargen").text
    assert "Reicht nicht" in page


def test_how_long_it_lasts_follows_from_what_was_printed_lately(workshop: Workshop) -> None:
    printed(workshop, 280.0)
    printed(workshop, 900.0, days_ago=40)
    daily = used_daily(workshop.session, now=workshop.clock.now)
    assert daily == {("pla", workshop.colour.id): 10.0}
    assert days_left(820.0, 10.0) == 82
    assert days_left(-3.0, 10.0) == 0
    assert days_left(820.0, 0.0) is None
    assert [soon_gone(days) for days in (None, 0, 6, 7)] == [False, True, True, False]


def test_weighing_says_what_was_expected_and_what_was_there(workshop: Workshop, boris: FlaskClient) -> None:
    printed(workshop, 12.5)
    spool = workshop.printers[0].spool
    assert spool is not None
    workshop.session.commit()
    done = boris.post(f"/filament/{spool.id}/wiegen", data={"gross_g": "1180"}, follow_redirects=True).text
    assert done.count("Erwartet: 988 g. Gewogen: 980 g.") == 2, "at once, and in the list"
    boris.post(f"/filament/{spool.id}/wiegen", data={"gross_g": "205"})
    page = boris.get(f"/filament/{spool.id}").text
    assert "Erwartet: 980 g. Gewogen: 5 g." in page
    assert "Erwartet: 988 g. Gewogen: 980 g." in page, "an older line stays as it was"
