"""Two ways through the desk: of an instructor, from upload to approval with one rejection; and of a partner
liaison, from an agreement to a series that earns royalties, and the statement of them. Nothing prints here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from designs.mesh import Mesh
from makerlab.catalog.models import Design, Partner
from makerlab.production.models import Order
from makerlab.stock.actions import book, workshop
from makerlab.stock.models import Product, StockReason
from tests.journeys import desk_steps as desk
from tests.journeys.floor import now
from tests.journeys.lab import Lab, quick_objects
from tests.journeys.pieces import cuboid
from tests.journeys.screen import DESK, PHONE, Open, Screen
from tests.postgres import NewDatabase

PDF = b"%PDF-1.7\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"
BLOCK, STUDIO = "Klotz mit Fase", "Studio Ponttor"


@dataclass(frozen=True)
class Nobody:
    """A print host that nobody answers for."""

    url: str = "http://127.0.0.1:9"
    api_key: str = "0" * 32


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase) -> Iterator[Lab]:
    """Only the web server runs."""
    folder, database_url = tmp_path_factory.mktemp("desk"), new_database()
    with Lab(folder, [Nobody()], quick_objects(), database_url=database_url) as lab:  # type: ignore[list-item]
        for name in ("work", "slice"):
            lab.children.pop(name).stop()
        yield lab


@pytest.fixture
def thin(tmp_path: Path) -> Path:
    Mesh(cuboid(30, 0.8, 30)).placed().write_stl(tmp_path / "wand.stl")
    return tmp_path / "wand.stl"


@pytest.fixture
def thick(tmp_path: Path) -> Path:
    Mesh(cuboid(30, 4, 30)).placed().write_stl(tmp_path / "wand-dick.stl")
    return tmp_path / "wand-dick.stl"


def test_from_upload_to_approval_with_one_rejection(window: Open, thin: Path, thick: Path) -> None:
    boris, carla = window(DESK, "boris"), window(DESK, "carla")
    desk.upload(boris, thin, "Wandhalter")
    boris.sees("Ihre Datei ist da. Jetzt prüft sie jemand anders.")
    boris.sees("Aus der Form geschätzt")
    desk.nobody_approves_their_own(boris)
    _send_back_because_walls_are_thin(carla, "Wandhalter")
    _read_why_in_english(boris)
    _hand_in_again(boris, thick, "Wandhalter")
    desk.approve(carla, "Wandhalter")
    _see_both_verdicts(boris)


def _send_back_because_walls_are_thin(carla: Screen, name: str) -> None:
    carla.open("/pruefen")
    carla.tap(name)
    point = carla.page.get_by_role("radiogroup", name="Sind alle Wände dick genug?")
    expect(point.get_by_text("Eine Wand ist zu dünn.")).to_be_hidden()
    point.get_by_label("Nein").check()
    point.get_by_label("Eine Wand ist zu dünn.").check()
    point.get_by_placeholder("Notiz").fill("0,8 mm am Rand")
    carla.picture("pruefen-nein", point)
    carla.tap("Zurückgeben", "button")
    carla.sees("Das Objekt ist zurückgegeben.")


def _read_why_in_english(boris: Screen) -> None:
    """A code was stored: whoever reads it, reads their own language."""
    boris.open("/katalog")
    boris.sees("Machen Sie die Wände wenigstens 0,9 mm dick.")
    boris.page.get_by_text("Deutsch", exact=True).first.click()
    boris.page.get_by_text("English", exact=True).first.click()
    boris.language = "en"
    boris.sees("Machen Sie die Wände wenigstens 0,9 mm dick.")
    boris.page.get_by_text("English", exact=True).first.click()
    boris.page.get_by_text("Deutsch", exact=True).first.click()
    boris.language = "de"


def _hand_in_again(boris: Screen, path: Path, name: str) -> None:
    boris.open("/katalog")
    boris.tap(name)
    boris.sees("0,8 mm am Rand")
    boris.tap("Neue Fassung")
    boris.page.locator("input[type=file]").set_input_files(path)
    boris.tap("Hochladen", "button")
    boris.sees("Fassung 2")


def _see_both_verdicts(boris: Screen) -> None:
    boris.open("/katalog")
    boris.tap("Wandhalter")
    boris.sees("Freigegeben")
    boris.page.goto(boris.page.url + "?fassung=1")
    boris.sees("Eine Wand ist zu dünn.")


def test_from_an_agreement_to_a_series_that_earns_royalties(window: Open, lab: Lab, thick: Path) -> None:
    fatma, carla, dilek = window(DESK, "fatma"), window(DESK, "carla"), window(PHONE, "dilek")
    _win_a_partner(fatma)
    _hand_in_their_design(fatma, thick)
    desk_of(carla)
    _order(carla, lab, 5)
    carla.sees("Die Lizenz CC-BY-NC-4.0 erlaubt keinen Verkauf.")
    carla.forgive("409")
    _agree(fatma)
    _order(carla, lab, 21)
    carla.sees("Der Vertrag erlaubt noch 20 Stück.")
    carla.forgive("409")
    _order(carla, lab, 18)
    carla.sees("Der Auftrag ist angelegt.")
    _see_that_it_is_nearly_used_up(fatma)
    _sell(dilek, lab, 4)
    _take_one_sale_back(dilek, lab)
    _see_the_statement(fatma, lab)


def _win_a_partner(fatma: Screen) -> None:
    fatma.open("/partner")
    fatma.tap("Partner hinzufügen")
    fatma.page.get_by_label("Name", exact=True).fill(STUDIO)
    fatma.page.get_by_label("Firma").check()
    fatma.tap("Speichern", "button")
    fatma.sees("Ohne Vertrag darf nichts von hier gedruckt werden.")
    contact = fatma.page.locator("form[action$='/kontakt']")
    contact.locator("[name=name]").fill("Ida Beck")
    contact.locator("[name=email]").fill("ida@ponttor.example")
    fatma.tap("Kontakt hinzufügen", "button")
    fatma.sees("ida@ponttor.example")


def _hand_in_their_design(fatma: Screen, path: Path) -> None:
    fatma.open("/katalog/neu")
    fatma.page.locator("[name=name]").fill(BLOCK)
    fatma.page.locator("[name=partner_id]").select_option(STUDIO)
    fatma.page.locator("[name=licence]").select_option("CC-BY-NC-4.0")
    fatma.page.locator("input[type=file]").set_input_files(path)
    fatma.tap("Hochladen", "button")
    fatma.sees("Diese Lizenz erlaubt keinen Verkauf.")


def desk_of(carla: Screen) -> None:
    """Carla approves what Fatma handed in."""
    carla.open("/pruefen")
    carla.tap(BLOCK)
    for answer in carla.page.get_by_label("Ja", exact=True).all():
        answer.check()
    carla.tap("Freigeben", "button")
    carla.sees("Das Objekt ist freigegeben.")


def _order(carla: Screen, lab: Lab, pieces: int) -> None:
    revision_id = lab.ask(lambda session: _design(session).revisions[-1].id)
    carla.open(f"/auftraege/neu/{revision_id}")
    carla.page.locator("[name=colour_id]").first.check()
    carla.page.locator("[name=pieces]").fill(str(pieces))
    carla.tap("Auftrag anlegen", "button")


def _agree(fatma: Screen) -> None:
    """Twenty pieces of this one design for a year, 1.50 each, with the signed paper."""
    fatma.open("/partner")
    fatma.tap(STUDIO)
    form = fatma.page.locator("form[action$='/vertrag']")
    form.locator("[name=pieces]").fill("20")
    form.locator("[name=ends_on]").fill((now() + timedelta(days=365)).date().isoformat())
    form.get_by_label(BLOCK).check()
    form.locator("[name=territory]").fill("Deutschland")
    fatma.tap("Vertrag hinzufügen", "button")
    fatma.sees("Der Vertrag ist da. Ergänzen Sie Vergütung und Papiere.")
    fatma.page.locator("[name=amount]").fill("1,50")
    fatma.tap("Vergütung setzen", "button")
    fatma.sees(re.compile(r"1,50\s€ je Stück"))
    paper = {"name": "Vertrag.pdf", "mimeType": "application/pdf", "buffer": PDF}
    fatma.page.locator("input[type=file]").set_input_files(paper)  # type: ignore[arg-type]
    fatma.tap("Papier hinzufügen", "button")
    fatma.sees("Vertrag.pdf")
    with fatma.page.expect_download() as download:
        fatma.tap("Vertrag.pdf")
    assert download.value.path().read_bytes() == PDF
    fatma.picture("vertrag")


def _see_that_it_is_nearly_used_up(fatma: Screen) -> None:
    fatma.open("/katalog")
    fatma.sees("18 von 20 Stück sind bestellt.")
    fatma.tap("Zum Vertrag")
    fatma.sees("Endet bald")


def _sell(dilek: Screen, lab: Lab, pieces: int) -> None:
    """The series has been made meanwhile."""
    with lab.write() as session:
        product = session.scalars(sa.select(Product).join(Order, Order.product_id == Product.id)).all()[-1]
        maker = lab.person("Amira").id
        book(session, product, workshop(session), 18, StockReason.PRODUCED, actor_id=maker, now=now())
        code = product.code
    for sold in (pieces, 1):
        dilek.open(f"/verkauf/{code}/verkaufen")
        dilek.page.locator("[name=place_id]").first.check()
        dilek.page.locator("#pieces").fill(str(sold))
        dilek.tap("Verkaufen", "button")
        dilek.sees(f"{sold} Stück verkauft.")


def _take_one_sale_back(dilek: Screen, lab: Lab) -> None:
    dilek.tap("Rückgängig machen", "button")
    dilek.sees("Zurückgenommen. Der Bestand ist wie vorher.")


def _see_the_statement(fatma: Screen, lab: Lab) -> None:
    """Five sold, one taken back: four times 1.50."""
    partner_id = lab.ask(lambda session: session.scalar(sa.select(Partner.id).where(Partner.name == STUDIO)))
    first = (now() - timedelta(days=3)).date().isoformat()
    last = (now() + timedelta(days=1)).date().isoformat()
    fatma.open(f"/partner/abrechnung?partner={partner_id}&von={first}&bis={last}")
    expect(fatma.page.locator(".stats")).to_contain_text(re.compile(r"6,00\s€"))
    row = fatma.page.get_by_role("row", name=re.compile(BLOCK))
    expect(row).to_contain_text(re.compile(r"5\s*1"), use_inner_text=True)
    fatma.picture("abrechnung")
    with fatma.page.expect_download() as download:
        fatma.tap("Als Tabelle laden")
    lines = download.value.path().read_text("utf-8-sig").splitlines()
    assert [line.split(";")[4] for line in lines[1:]] == ["4", "1", "-1"]
    assert [line.split(";")[-1] for line in lines[1:]] == ["6,00", "1,50", "-1,50"]


def _design(session: sa.orm.Session) -> Design:
    return session.scalars(sa.select(Design).where(Design.name == BLOCK)).one()
