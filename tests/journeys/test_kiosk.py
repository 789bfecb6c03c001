"""At the kiosk in other languages, without a card, and when somebody walks away."""

import pytest
from playwright.sync_api import expect

from makerlab.core.access import Role
from makerlab.demo.seed import MACHINE, PIN
from makerlab.people.actions import create_account, issue_card
from makerlab.training.actions import instruct
from tests.journeys import kiosk_steps as kiosk
from tests.journeys.floor import now
from tests.journeys.lab import Lab
from tests.journeys.screen import KIOSK, Open, number_of

THING = "Stern Falte"


@pytest.fixture
def colour(lab: Lab) -> str:
    """What is loaded in the first printer."""
    return lab.printer().spool.colour.name


@pytest.fixture
def leyla_card(lab: Lab) -> str:
    """The card of a new trainee who reads Arabic."""
    with lab.write() as session:
        leyla = create_account(
            session, name="Leyla Nasser", roles=[Role.TRAINEE], pin=PIN, language="ar", now=now()
        )
        instruct(session, leyla, MACHINE, by=session.merge(lab.person("Boris")), now=now(), months=12)
        return issue_card(session, leyla, by_id=None, now=now())


def test_in_arabic_the_screens_run_from_right_to_left_and_an_order_takes_five_taps(
    lab: Lab, window: Open, leyla_card: str, colour: str
) -> None:
    leyla = window(KIOSK)
    leyla.open("/kiosk")
    leyla.scan(leyla_card)
    leyla.sees("Leyla Nasser")
    leyla.language = "ar"
    leyla.asks("Was möchten Sie tun?")
    html = leyla.page.locator("html")
    expect(html).to_have_attribute("dir", "rtl")
    expect(html).to_have_attribute("lang", "ar")
    kiosk.queue_two(leyla, THING, colour)
    leyla.picture("kiosk-arabisch")
    leyla.tap("Rückgängig machen")
    leyla.sees("Der Auftrag ist zurückgenommen.")


def test_without_a_card_number_and_pin_sign_in(lab: Lab, window: Open) -> None:
    oleksandr = window(KIOSK)
    kiosk.sign_in_by_pin(oleksandr, number_of(lab, "Oleksandr Bondar"), "000000")
    oleksandr.asks("Welche Nummer haben Sie?")
    expect(oleksandr.page.get_by_role("alert")).to_be_visible()
    kiosk.sign_in_by_pin(oleksandr, number_of(lab, "Oleksandr Bondar"), PIN)
    oleksandr.language = "de-simple"
    oleksandr.sees("Oleksandr Bondar")
    oleksandr.asks("Was möchten Sie tun?")


def test_who_walks_away_is_signed_out_finds_the_draft_again_and_back_shows_nothing(
    lab: Lab, window: Open
) -> None:
    amira = window(KIOSK)
    amira.page.clock.install()
    kiosk.sign_in_by_card(amira, "Amira Haddad")
    amira.tap("Neuer Auftrag")
    amira.tap(THING)
    amira.asks("Welche Farbe?")
    amira.page.clock.fast_forward(lab.settings.kiosk_idle_seconds * 1000 + 1000)
    amira.sees("Sind Sie noch da?")
    amira.picture("kiosk-noch-da")
    amira.page.clock.fast_forward(21_000)
    amira.asks("Zeigen Sie Ihre Karte.")
    amira.page.go_back()
    amira.asks("Zeigen Sie Ihre Karte.")
    expect(amira.page.locator("body")).not_to_contain_text("Amira")
    kiosk.sign_in_by_card(amira, "Amira Haddad")
    amira.tap("Weitermachen")
    amira.asks("Welche Farbe?")
