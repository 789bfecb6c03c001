"""Every screen of the lab, opened as somebody who works there, and measured."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect
from sqlalchemy.orm import Session

from makerlab.app import create_app
from makerlab.catalog.exchange.models import ImportJob
from makerlab.catalog.models import Agreement, Collection, Design, Partner
from makerlab.catalog.parties import Contact
from makerlab.catalog.queries import approved
from makerlab.core.access import Role
from makerlab.fleet.models import Printer
from makerlab.materials.models import Spool
from makerlab.notices.models import Channel
from makerlab.people.models import Account
from makerlab.production.models import Order
from makerlab.production.outcome import ForeignPrint
from makerlab.stock.models import Product
from tests.journeys.lab import Lab
from tests.journeys.screen import DESK, KIOSK, PHONE, Screen, at, card_of
from tests.journeys.seen import Screens, Seen, look, look_at_kiosk, looker, screens_of
from tests.journeys.still_lab import SHOWN, attempt_on, still_lab
from tests.journeys.still_stock import stock_values
from tests.postgres import NewDatabase

PEOPLE = {
    Role.INSTRUCTOR: ("boris", DESK), Role.SALES: ("dilek", PHONE), Role.LIAISON: ("fatma", DESK),
    Role.COORDINATOR: ("guel", DESK), Role.ADMINISTRATOR: ("emil", DESK),
}  # fmt: skip
AT_KIOSK = ("Amira Haddad", "Carla Jansen")
PICTURES = {  # of which screens, and under which names
    "fleet.admin": "drucker-verwalten", "fleet.new": "drucker-neu", "materials.spools": "filament",
    "people.index": "personen", "people.locks": "sperren",
    "people.show": "person", "production.attempt": "unklar", "production.condition": "zustand",
    "production.wall": "wand", "sales.count": "verkauf-zaehlen", "sales.find": "verkauf-suche",
    "sales.price": "verkauf-preis", "sales.sell": "verkauf-verkaufen", "training.index": "unterweisungen",
}  # fmt: skip
OF_ONE_STATE = {"kiosk.take_off", "kiosk.why", "kiosk.stop", "kiosk.thanks"}  # looked at where they are open


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase) -> Iterator[Lab]:
    with still_lab(tmp_path_factory.mktemp("still"), new_database()) as lab:
        yield lab


@pytest.fixture(scope="module")
def screens(still: Lab) -> Screens:
    """endpoint → (path, who may open it)."""
    values = still.ask(_values) | still.ask(lambda session: stock_values(session, still))
    with ThreadPoolExecutor(1) as apart:  # Flask refuses a thread in which Playwright's event loop runs
        return apart.submit(lambda: screens_of(create_app(still.settings), values)).result()


def _values(session: Session) -> dict[str, Any]:
    """One thing of each kind, for the addresses of its pages."""
    ids = {
        f"{kind.__tablename__}_id": _newest(session, kind)
        for kind in (Design, Partner, Agreement, Spool, Collection)
    }
    revision = approved(session)[0]
    anton = session.scalars(sa.select(Printer).where(Printer.name == "Anton")).unique().one()
    product = session.scalars(sa.select(Product.code).order_by(Product.id)).first()
    assert anton.spool is not None
    amira = session.scalars(sa.select(Account.id).where(Account.name.startswith("Amira"))).one()
    return {
        **ids, "revision_id": revision.id, "colour_id": anton.spool.colour_id, "account_id": amira,
        "printer_id": attempt_on(session, "Berta").printer_id, "attempt_id": attempt_on(session, "Emil").id,
        "order_id": session.scalars(sa.select(sa.func.min(Order.id))).one(),
        "plate_id": attempt_on(session, "Emil").plate_id, "code": product, "kiosk.code": anton.code,
        "contact_id": _newest(session, Contact), "folder": "machines", "key": "prusa-mk3s",
        "channel_id": _newest(session, Channel),
        "foreign_id": _newest(session, ForeignPrint), "label": anton.spool.code,
        "job_id": _newest(session, ImportJob), "sales.attempt_id": attempt_on(session, "Frieda").id,
    }  # fmt: skip


def _newest(session: Session, kind: Any) -> int:
    return int(session.scalars(sa.select(sa.func.max(kind.id))).one())


@pytest.fixture(scope="module")
def seen(browser: Browser, still: Lab, screens: Screens) -> Seen:
    """Everything looked at once; each test asks one question about it."""
    seen, pictures = Seen(), {screens[endpoint][0]: name for endpoint, name in PICTURES.items()}
    for role, (email, size) in PEOPLE.items():
        with at(browser, still, size) as screen:
            screen.sign_in(f"{email}@makerlab.example")
            for path in _paths(screens, role):
                look(screen, path, seen)
                if path in pictures:
                    screen.picture(pictures[path])
            seen.troubles += screen.troubles
    with at(browser, still, DESK) as screen:
        for path in ("/anmelden", screens["sales.visit"][0], screens["sales.visit_design"][0]):
            look(screen, path, seen)
        look(screen, "/gibt-es-nicht", seen)
        screen.forgive("404")
        seen.troubles += screen.troubles
    for name in AT_KIOSK:
        with at(browser, still, KIOSK) as screen:
            _look_at_kiosk(screen, name, _kiosk_paths(still, screens), seen)
            screen.open(screens["kiosk.help"][0])
            screen.picture("kiosk-hilfe")
    return seen


def _paths(screens: Screens, role: Role) -> list[str]:
    """The desk's screens that this role looks at."""
    return [
        path
        for endpoint, (path, access) in screens.items()
        if access is not None and not endpoint.startswith("kiosk.") and looker(endpoint, access) is role
    ]


def _look_at_kiosk(screen: Screen, name: str, paths: list[str], seen: Seen) -> None:
    for path in ("/kiosk", "/kiosk/nummer"):
        look_at_kiosk(screen, path, seen)
    screen.open("/kiosk/nummer")
    for figure in "1234":
        screen.page.locator(f"[data-key='{figure}']").click()
    screen.asks("Welche PIN haben Sie?")
    look_at_kiosk(screen, "/kiosk/pin", seen)
    screen.open("/kiosk")
    screen.scan(card_of(screen.lab, name))
    screen.sees(name)
    for path in paths:
        look_at_kiosk(screen, path, seen)
    seen.troubles += screen.troubles


def _kiosk_paths(lab: Lab, screens: Screens) -> list[str]:
    """All screens of the kiosk, the printer's page in each of its states."""
    skip = OF_ONE_STATE | {"kiosk.start", "kiosk.number", "kiosk.pin"}
    paths = [
        path
        for endpoint, (path, _) in screens.items()
        if endpoint.startswith("kiosk.") and endpoint not in skip
    ]
    codes = lab.ask(lambda session: dict(session.execute(sa.select(Printer.name, Printer.code)).all()))
    over = lab.ask(lambda session: attempt_on(session, "Dora").id)
    paths += [f"/kiosk/drucker/{code}" for code in codes.values()]
    paths += [f"/kiosk/drucker/{codes['Berta']}/stopp"]
    paths += [f"/kiosk/drucker/{codes['Dora']}/abholen?attempt={over}"]
    paths += [f"/kiosk/drucker/{codes['Dora']}/abholen/grund?attempt={over}&good=1"]
    return [*paths, "/kiosk/auftrag/99999"]


def test_nothing_is_a_serious_barrier_on_any_screen(seen: Seen) -> None:
    _none(seen.barriers)


def test_no_screen_reports_an_error_or_asks_another_host(seen: Seen) -> None:
    _none([trouble for trouble in seen.troubles if "404" not in trouble])


def test_no_screen_scrolls_sideways_on_phone_or_desk(seen: Seen) -> None:
    _none(seen.sideways)


def test_everything_to_tap_at_the_kiosk_is_64_px_large(seen: Seen) -> None:
    _none(seen.small)


def test_screens_of_the_kiosk_fit_without_scrolling(seen: Seen) -> None:
    _none(seen.scrolling)


def test_no_screen_of_the_kiosk_offers_more_than_five_choices(seen: Seen) -> None:
    _none(seen.crowded)


def test_every_screen_was_looked_at(seen: Seen, screens: Screens) -> None:
    paths = {path for endpoint, (path, _) in screens.items() if endpoint not in OF_ONE_STATE}
    assert paths - set(seen.visited) == set()
    assert len(seen.visited) > len(paths) + len(SHOWN)


def _none(found: list[str]) -> None:
    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize("language", ["ar", "de"])  # the last one stays
def test_curves_can_be_walked_along_by_keys_in_any_direction_of_writing(
    browser: Browser, still: Lab, language: str
) -> None:
    berta = still.ask(lambda session: attempt_on(session, "Berta").printer_id)
    with still.write() as session:
        session.execute(sa.update(Account).where(Account.name.startswith("Gül")).values(language=language))
    with at(browser, still, PHONE) as screen:
        screen.sign_in("guel@makerlab.example")
        screen.open(f"/drucker/{berta}")
        screen.page.locator(".chart").scroll_into_view_if_needed()  # then it is fetched and drawn
        screen.page.locator(".chart-field").focus()
        for key in ("End", "ArrowLeft", "PageUp"):
            screen.page.keyboard.press(key)
        expect(screen.page.locator(".chart-hint")).to_contain_text(re.compile(r"\d\d:\d\d · .+ 2\d\d °C"))
        assert screen.page.locator(".chart details").count() == 1
