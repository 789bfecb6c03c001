"""The phone of the sales staff, page by page."""

import re

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from makerlab.catalog.models import Design
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.sales.models import Sale
from makerlab.stock.actions import book, product_of
from makerlab.stock.models import StockMovement, StockReason
from makerlab.stock.queries import on_hand
from tests.makerlab.conftest import NOW, Cast, SignIn
from tests.makerlab.sales.conftest import Shop, make_revision

NAUGHTY = [
    "",
    "\x00",
    "-1",
    "0",
    "1e309",
    "9" * 40,
    "1,5",
    "١",
    "<img onerror=x>",
    "{{7*7}}",
    "'; --",
    "\u202e",
    "x" * 5000,
]


@pytest.fixture
def phone(sign_in: SignIn, cast: Cast, shop: Shop) -> FlaskClient:
    return sign_in(cast.dilek)


def token(phone: FlaskClient, url: str) -> str:
    found = re.search(r'name="form_token"[^>]*value="([0-9a-f]{32})"', phone.get(url).text)
    assert found
    return found[1]


def send(phone: FlaskClient, shop: Shop, verb: str, **fields: object) -> str:
    """Fill in a form of the vase as a person would; return where it led."""
    url = f"/verkauf/{shop.vase.code}/{verb}"
    answer = phone.post(url, data={"form_token": token(phone, url), **fields})
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def stock(session: Session, shop: Shop) -> dict[str, int]:
    held = on_hand(session, [shop.vase.id])
    names = {shop.workshop.id: "workshop", shop.shop.id: "shop"}
    session.rollback()
    return {names[place_id]: pieces for (_, place_id), pieces in held.items()}


@pytest.mark.parametrize(
    "query", ["vase", "VASE WELLE", "moosgruen", "moosgrun", "nordlicht", "wohnen", "wlele", "Wele grün"]
)
def test_a_product_is_found_by_what_people_type(phone: FlaskClient, query: str) -> None:
    page = phone.get("/verkauf", query_string={"q": query}).text
    assert "Vase Welle" in page
    assert "Türhaken" not in page


def test_a_code_leads_straight_to_its_product(phone: FlaskClient, shop: Shop) -> None:
    there = f"/verkauf/{shop.vase.code}"
    assert phone.get("/verkauf", query_string={"q": shop.vase.code.lower()}).headers["Location"] == there
    assert phone.get(f"/p/{shop.vase.code}").headers["Location"] == there
    typed = phone.post("/verkauf/scan", data={"code": f"https://lab.example/p/{shop.vase.code}"})
    assert typed.headers["Location"] == there


def test_the_page_says_how_many_there_are_and_where(phone: FlaskClient, shop: Shop) -> None:
    page = phone.get(f"/verkauf/{shop.vase.code}").text
    figures = re.findall(r'stat-value"><bdi>(-?\d+)', page)
    assert figures == ["3", "2", "1", "2"]  # on hand, available, reserved, in production
    assert "12,50" in page
    assert "Werkstatt" in page


def test_sales_read_no_trainee(phone: FlaskClient, shop: Shop, cast: Cast, sign_in: SignIn) -> None:
    for url in ("/verkauf", f"/verkauf/{shop.vase.code}", "/lager"):
        assert cast.amira.name not in phone.get(url).text
    assert cast.amira.name in sign_in(cast.boris).get("/lager").text


def test_pieces_are_sold_at_the_price_of_the_day(phone: FlaskClient, shop: Shop, session: Session) -> None:
    send(phone, shop, "verkaufen", place_id=shop.workshop.id, pieces=2, receipt="K-0815")
    assert stock(session, shop) == {"workshop": 1}
    sale = session.scalars(sa.select(Sale)).one()
    assert (sale.receipt, sale.price.cents if sale.price else None) == ("K-0815", 1250)


def test_the_same_form_twice_is_one_sale(phone: FlaskClient, shop: Shop, session: Session) -> None:
    url = f"/verkauf/{shop.vase.code}/verkaufen"
    form = {"form_token": token(phone, url), "place_id": shop.workshop.id, "pieces": 1}
    assert phone.post(url, data=form).headers["Location"] == phone.post(url, data=form).headers["Location"]
    assert stock(session, shop) == {"workshop": 2}


def test_more_than_there_is_cannot_be_sold(phone: FlaskClient, shop: Shop, session: Session) -> None:
    url = f"/verkauf/{shop.vase.code}/verkaufen"
    form = {"form_token": token(phone, url), "place_id": shop.workshop.id, "pieces": 4}
    answer = phone.post(url, data=form)
    assert answer.status_code == 409
    assert "nur noch 3 Stück" in answer.text
    assert stock(session, shop) == {"workshop": 3}


def test_who_sells_a_promised_piece_is_told(phone: FlaskClient, shop: Shop) -> None:
    there = send(phone, shop, "verkaufen", place_id=shop.workshop.id, pieces=3)
    assert "1 versprochenes Stück fehlt" in phone.get(there).text


def test_pieces_are_moved(phone: FlaskClient, shop: Shop, session: Session) -> None:
    send(phone, shop, "umraeumen", place_id=shop.workshop.id, target_id=shop.shop.id, pieces=2)
    assert stock(session, shop) == {"workshop": 1, "shop": 2}


def test_a_count_is_blind_and_its_difference_is_booked(
    phone: FlaskClient, shop: Shop, session: Session
) -> None:
    assert "3 Stück" not in phone.get(f"/verkauf/{shop.vase.code}/zaehlen").text
    send(phone, shop, "zaehlen", place_id=shop.workshop.id, pieces=5)
    assert stock(session, shop) == {"workshop": 5}


def test_a_count_that_fits_books_nothing(phone: FlaskClient, shop: Shop, session: Session) -> None:
    there = send(phone, shop, "zaehlen", place_id=shop.workshop.id, pieces=3)
    assert "Die Zahl stimmt" in phone.get(there).text
    assert session.scalar(sa.select(sa.func.count(StockMovement.id))) == 1


@pytest.mark.parametrize(
    ("verb", "fields"),
    [("verkaufen", {"pieces": 2}), ("umraeumen", {"pieces": 1, "target_id": 2}), ("zaehlen", {"pieces": 9})],
)
def test_what_was_just_done_is_undone_once(
    phone: FlaskClient, shop: Shop, session: Session, verb: str, fields: dict[str, int]
) -> None:
    page = phone.get(send(phone, shop, verb, place_id=shop.workshop.id, **fields)).text
    undo = re.search(r'action="(/verkauf/zurueck/\d+)"', page)
    assert undo
    assert phone.post(undo[1]).status_code == 302
    assert stock(session, shop) == {"workshop": 3}
    assert phone.post(undo[1]).status_code == 409


def test_undo_is_for_ones_own_and_for_a_while(
    phone: FlaskClient, shop: Shop, cast: Cast, sign_in: SignIn, session: Session
) -> None:
    there = send(phone, shop, "verkaufen", place_id=shop.workshop.id, pieces=1)
    undo = "/verkauf/zurueck/" + there.rpartition("=")[2]
    assert sign_in(cast.guel).post(undo).status_code == 404
    assert phone.post("/verkauf/zurueck/1").status_code == 404  # the trainee's line
    with time_machine.travel(utcnow().timestamp() + 60):
        assert phone.post(undo).status_code == 409
    assert stock(session, shop) == {"workshop": 2}


def test_a_line_is_taken_back_later_in_the_ledger(phone: FlaskClient, shop: Shop, session: Session) -> None:
    line_id = send(phone, shop, "verkaufen", place_id=shop.workshop.id, pieces=1).rpartition("=")[2]
    assert phone.post(f"/lager/zeilen/{line_id}/zurueck").status_code == 302
    assert phone.post("/lager/zeilen/1/zurueck").status_code == 409  # from a print
    assert stock(session, shop) == {"workshop": 3}


def test_without_javascript_plus_adds_one(phone: FlaskClient, shop: Shop, session: Session) -> None:
    url = f"/verkauf/{shop.vase.code}/verkaufen"
    form = {"form_token": token(phone, url), "place_id": shop.workshop.id, "pieces": 1, "pieces_step": "1"}
    page = phone.post(url, data=form)
    assert re.search(r'name="pieces"[^>]*value="2"', page.text)
    assert stock(session, shop) == {"workshop": 3}


def test_a_new_price_counts_from_today(phone: FlaskClient, shop: Shop) -> None:
    answer = phone.post(f"/verkauf/{shop.vase.code}/preis", data={"price": "14,90 €"})
    assert "14,90" in phone.get(answer.headers["Location"]).text


READERS = {"dilek", "boris", "carla", "guel", "emil"}
WRITERS = {"dilek", "guel"}


@pytest.mark.parametrize("name", ["amira", "boris", "carla", "dilek", "emil", "fatma", "guel"])
def test_each_role_opens_its_pages_and_no_others(name: str, cast: Cast, shop: Shop, sign_in: SignIn) -> None:
    browser, product = sign_in(getattr(cast, name)), f"/verkauf/{shop.vase.code}"
    for url in ("/verkauf", product, f"{product}/etiketten", "/lager"):
        assert browser.get(url).status_code == (200 if name in READERS else 403), url
    for url in (f"{product}/verkaufen", f"{product}/umraeumen", f"{product}/zaehlen", f"{product}/preis"):
        assert browser.get(url).status_code == (200 if name in WRITERS else 403), url
        assert browser.post(url).status_code == (422 if name in WRITERS else 403), url
    assert browser.post("/lager/zeilen/999/zurueck").status_code == (404 if name in WRITERS else 403)
    assert browser.get("/lager/orte").status_code == (200 if name in {"guel", "emil"} else 403)


@pytest.mark.parametrize("text", NAUGHTY)
def test_naughty_input_is_refused_or_harmless(phone: FlaskClient, shop: Shop, text: str) -> None:
    product = f"/verkauf/{shop.vase.code}"
    for verb in ("verkaufen", "umraeumen", "zaehlen", "preis"):
        fields = dict.fromkeys(("pieces", "place_id", "target_id", "form_token", "receipt", "price"), text)
        status = phone.post(f"{product}/{verb}", data=fields).status_code
        assert status == (302 if verb == "preis" and text in ("0", "1,5") else 422)
    for url in ("/verkauf", "/lager", product, f"{product}/etiketten"):
        names = ("q", "ort", "seite", "gebucht", "produkt", "grund", "n")
        answer = phone.get(url, query_string=dict.fromkeys(names, text))
        assert answer.status_code == 200
        assert "<img onerror" not in answer.text
    assert phone.post("/verkauf/scan", data={"code": text}).status_code == 404
    assert phone.get("/p/" + text.replace("/", "").replace("?", "")).status_code in (404, 405, 308)


def queries_of(app: Flask, phone: FlaskClient, url: str) -> int:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert phone.get(url).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(statements)


def test_more_stock_takes_no_more_queries(
    app: Flask, phone: FlaskClient, shop: Shop, session: Session, cast: Cast
) -> None:
    urls = ("/verkauf?q=vase", f"/verkauf/{shop.vase.code}", "/lager")
    phone.get("/verkauf")
    before = [queries_of(app, phone, url) for url in urls]
    for number in range(12):
        design = Design(name=f"Vase {number}", created_by_id=cast.boris.id, created_at=NOW)
        session.add(design)
        session.flush()
        make_revision(session, design, 1, cast.boris.id, approved=True)
        product = product_of(session, design, shop.vase.colour)
        for one in (product, shop.vase):
            book(session, one, shop.shop, 5, StockReason.PRODUCED, actor_id=cast.amira.id, now=NOW)
    session.commit()
    phone.get("/verkauf")  # the first page after a change reads the change
    assert [queries_of(app, phone, url) for url in urls] == before
