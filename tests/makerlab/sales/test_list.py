"""The stock as a list: out, changed in a spreadsheet, in again; all or nothing."""

import io

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from makerlab.catalog.models import Design
from makerlab.core.ledger import verify
from makerlab.core.settings import Settings
from makerlab.core.tables import as_csv, read_table
from makerlab.sales.listed import Known, columns_of, missing_columns, understood
from makerlab.stock import balances
from makerlab.stock.models import StockMovement
from makerlab.stock.queries import on_hand
from tests.makerlab.conftest import NOW, Cast, SignIn
from tests.makerlab.sales.conftest import Shop

KNOWN = Known({"vase welle": 1}, {"moosgrün": 2}, {"laden": 3}, {"P1": (1, 2)})
HEAD = ["Objekt", "Farbe", "Ort", "Stück", "Preis"]


@pytest.fixture
def desk(sign_in: SignIn, cast: Cast, shop: Shop) -> FlaskClient:
    return sign_in(cast.dilek)


def upload(desk: FlaskClient, data: bytes) -> TestResponse:
    form = {"file": (io.BytesIO(data), "bestand.csv")}
    return desk.post("/lager/liste", data=form, content_type="multipart/form-data")


def sums(session: Session, shop: Shop) -> dict[int, int]:
    session.rollback()
    return {place_id: pieces for (_p, place_id), pieces in on_hand(session, [shop.vase.id]).items()}


def test_a_list_is_shown_first_and_booked_after(desk: FlaskClient, shop: Shop, session: Session) -> None:
    rows = [
        ["vase welle ", "Moosgrün", "Laden am Markt", "7", "14,90"],
        ["Türhaken", "Kreide", "Werkstatt", 4, ""],
    ]
    there = upload(desk, as_csv(HEAD, rows)).headers["Location"]
    page = desk.get(there).text
    assert "2 Änderungen" in page
    assert sums(session, shop) == {shop.workshop.id: 3}
    assert "Gebucht: 2 Zeilen, 1 Preise." in desk.post(there, follow_redirects=True).text
    assert sums(session, shop) == {shop.workshop.id: 3, shop.shop.id: 7}
    assert "Nichts zu ändern" in desk.get(there).text
    assert "Gebucht: 0 Zeilen" in desk.post(there, follow_redirects=True).text  # the same list twice
    assert verify(session, StockMovement) is None
    assert balances.differences(session) == {}


def test_one_wrong_line_books_nothing(desk: FlaskClient, shop: Shop, session: Session) -> None:
    rows = [
        ["Vase Welle", "Moosgrün", "Laden am Markt", "7", ""],
        ["Vase Wele", "Moosgrün", "Keller", "viele", "x"],
    ]
    there = upload(desk, as_csv(HEAD, rows)).headers["Location"]
    page = desk.get(there).text
    for words in ("Meinen Sie „vase welle“?", "Diesen Ort gibt es nicht.", "keine ganze Zahl", "kein Preis"):
        assert words in page
    assert desk.post(there).status_code == 409
    assert sums(session, shop) == {shop.workshop.id: 3}


def test_what_goes_out_comes_in_again_and_changes_nothing(
    desk: FlaskClient, settings: Settings, session: Session
) -> None:
    for kind in ("csv", "xlsx"):
        data = desk.get(f"/lager/liste.{kind}").data
        assert "Vase Welle" in [row[1] for row in read_table(data, settings).rows]
    before = session.scalar(sa.select(sa.func.count(StockMovement.id)))
    csv = desk.get("/lager/liste.csv").data.decode("utf-8-sig").splitlines()
    lying = "\n".join([csv[0], *[line for line in csv[1:] if "Werkstatt" in line]])
    there = upload(desk, lying.encode()).headers["Location"]
    assert "Nichts zu ändern" in desk.get(there).text
    session.rollback()
    assert session.scalar(sa.select(sa.func.count(StockMovement.id))) == before


def test_a_list_without_the_needed_columns_says_which(desk: FlaskClient, shop: Shop) -> None:
    there = upload(desk, b"Objekt;Farbe\nVase Welle;Moosgr\xfcn\n").headers["Location"]
    assert "Ort, Stück" in desk.get(there).text
    assert desk.post(there).status_code == 404


def test_what_is_no_list_is_refused(desk: FlaskClient) -> None:
    assert upload(desk, b"\0\0\0").status_code in (400, 422)
    assert desk.get("/lager/liste/" + "0" * 64).status_code == 404
    assert desk.get("/lager/liste/..%2f..%2fetc").status_code == 404


def test_columns_are_known_by_many_names() -> None:
    assert columns_of(["ARTIKEL", "Menge", " Lagerort ", "Notiz"]) == {"code": 0, "pieces": 1, "place": 2}
    assert missing_columns({"code": 0, "pieces": 1}) == ["Ort"]
    assert missing_columns({"place": 0, "pieces": 1}) == ["Objekt", "Farbe"]


def test_a_name_that_several_objects_have_books_nothing_without_a_code(
    desk: FlaskClient, shop: Shop, session: Session, cast: Cast
) -> None:
    session.add(Design(name="VASE welle", created_by_id=cast.boris.id, created_at=NOW))
    session.commit()
    named = upload(desk, as_csv(HEAD, [["Vase Welle", "Moosgrün", "Laden am Markt", 7, ""]])).headers[
        "Location"
    ]
    assert "Schreiben Sie den Typ dazu." in desk.get(named).text
    assert desk.post(named).status_code == 409
    coded = [[shop.vase.code, "Vase Welle", "Moosgrün", "Laden am Markt", 7, ""]]
    desk.post(upload(desk, as_csv(["Typ", *HEAD], coded)).headers["Location"])
    assert sums(session, shop) == {shop.workshop.id: 3, shop.shop.id: 7}


def test_the_same_product_at_the_same_place_stands_once() -> None:
    columns = {"code": 0, "place": 1, "pieces": 2}
    rows = understood([["P1", "Laden", "1"], ["p1", "laden", "2"]], columns, KNOWN)
    assert rows[0].problems == ()
    assert rows[1].problems == (("twice", "2"),)


@given(rows=st.lists(st.lists(st.text(max_size=20), max_size=6), max_size=8))
def test_every_row_means_something_or_says_why_not(rows: list[list[str]]) -> None:
    columns = {"design": 0, "colour": 1, "place": 2, "pieces": 3, "price": 4}
    for row in understood(rows, columns, KNOWN):
        assert row.problems or (row.design_id, row.colour_id, row.place_id) == (1, 2, 3)
        assert row.problems or (row.pieces is not None and row.pieces >= 0)
