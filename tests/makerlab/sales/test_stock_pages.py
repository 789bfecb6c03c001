"""Promises, stocktakes, bought parts and what runs out, page by page."""

import re

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from makerlab.catalog.models import Estimate, Revision, Source
from makerlab.stock.actions import product_of
from makerlab.stock.items import add_item, set_ingredient
from makerlab.stock.models import Item, Reservation, Stocktake
from makerlab.stock.queries import on_hand, reserved
from makerlab.stock.rules import RAW
from tests.makerlab.conftest import NOW, Cast, SignIn
from tests.makerlab.sales.conftest import Shop


@pytest.fixture
def phone(sign_in: SignIn, cast: Cast, shop: Shop) -> FlaskClient:
    return sign_in(cast.dilek)


def token(phone: FlaskClient, url: str) -> str:
    found = re.search(r'name="form_token"[^>]*value="([0-9a-f]{32})"', phone.get(url).text)
    assert found
    return found[1]


def send(phone: FlaskClient, url: str, **fields: object) -> str:
    answer = phone.post(url, data={"form_token": token(phone, url), **fields}, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_pieces_are_promised_listed_sold_as_promised_and_promised_again(
    phone: FlaskClient, shop: Shop, session: Session
) -> None:
    vase = f"/verkauf/{shop.vase.code}"
    page = send(phone, f"{vase}/versprechen", pieces=2, kind="company", purpose="Café Lichtblick")
    assert "Café Lichtblick" in page
    assert "Café Lichtblick" in phone.get("/verkauf/versprochen").text
    promise = session.scalars(sa.select(Reservation).order_by(Reservation.id.desc())).first()
    assert promise is not None
    send(phone, f"{vase}/verkaufen", place_id=shop.workshop.id, pieces=1, promise_id=promise.id)
    session.rollback()
    assert reserved(session, [shop.vase.id]) == {shop.vase.id: 2}
    page = phone.post(f"/verkauf/versprochen/{promise.id}/freigeben", follow_redirects=True).text
    assert "wieder verfügbar" in page
    session.rollback()
    assert reserved(session, [shop.vase.id]) == {shop.vase.id: 1}


def test_nobody_sells_more_than_was_promised_as_promised(phone: FlaskClient, shop: Shop) -> None:
    url = f"/verkauf/{shop.vase.code}/verkaufen"
    data = {"form_token": token(phone, url), "place_id": shop.workshop.id, "pieces": 2, "promise_id": 1}
    assert phone.post(url, data=data).status_code == 409


def test_a_place_is_counted_by_scanning_and_the_books_are_put_right(
    phone: FlaskClient, shop: Shop, session: Session
) -> None:
    there = phone.post("/verkauf/inventur", data={"place_id": shop.workshop.id}).headers["Location"]
    page = phone.get(there).text
    assert "Vase Welle" in page
    assert (
        "3" not in re.sub(r"<[^>]+>", "", page).split("Vase Welle")[1][:60]
    )  # blind: no number of the books
    for _ in range(2):
        phone.post(f"{there}/scan", data={"code": f"https://lab.example/p/{shop.vase.code}"})
    assert "Gezählt: 2" in phone.get(there).text
    assert "2 statt 3" in phone.get(f"{there}/abschluss").text
    assert phone.post(f"{there}/abschluss").status_code == 409  # no reason given
    done = phone.post(f"{there}/abschluss", data={f"reason-{shop.vase.id}": "lost"}, follow_redirects=True)
    assert "Verloren" in done.text
    session.rollback()
    assert on_hand(session, [shop.vase.id]) == {(shop.vase.id, shop.workshop.id): 2}
    assert phone.get(there).headers["Location"].endswith("/ergebnis")


def test_two_people_count_one_place_together(
    phone: FlaskClient, sign_in: SignIn, cast: Cast, shop: Shop, session: Session
) -> None:
    there = phone.post("/verkauf/inventur", data={"place_id": shop.workshop.id}).headers["Location"]
    second = sign_in(cast.guel)
    assert second.post("/verkauf/inventur", data={"place_id": shop.workshop.id}).headers["Location"] == there
    mine, others = f"{there}/{shop.vase.code}", token(second, f"{there}/{shop.vase.code}")
    send(phone, mine, pieces=3)
    second.post(mine, data={"form_token": others, "pieces": 2})
    page = phone.get(f"{there}/abschluss").text
    assert "Bitte noch einmal zählen" in page
    assert cast.guel.name in page
    assert len(session.scalars(sa.select(Stocktake)).all()) == 1


def test_what_runs_out_is_listed(phone: FlaskClient, shop: Shop) -> None:
    assert "Vase Welle" not in phone.get("/verkauf/knapp").text
    url = f"/verkauf/{shop.vase.code}/melden"
    assert phone.post(url, data={"level": "5"}).status_code == 302
    assert "Vase Welle" in phone.get("/verkauf/knapp").text
    assert phone.post(url, data={"level": "-1"}).status_code == 422
    assert phone.post(url, data={"level": ""}).status_code == 302
    assert "Vase Welle" not in phone.get("/verkauf/knapp").text


def test_a_bought_part_is_received_built_in_and_used_up(
    phone: FlaskClient, shop: Shop, session: Session
) -> None:
    assert phone.post("/lager/teile", data={"name": "Filzfuß", "price": "zwölf"}).status_code == 422
    there = phone.post(
        "/lager/teile", data={"name": "Filzfuß", "supplier": "Filz & Co", "price": "0,12", "low_level": "9"}
    ).headers["Location"]
    form_token = token(phone, there)
    for _twice in range(2):
        phone.post(f"{there}/ankunft", data={"pieces": 8, "form_token": form_token})
    assert "Filzfuß" in phone.get("/verkauf/knapp").text
    item = session.scalars(sa.select(Item)).one()
    plan = f"/lager/bauplan/{shop.vase.design_id}"
    assert phone.post(plan, data={"item_id": item.id, "count": 4}).status_code == 302
    page = phone.get(f"/verkauf/{shop.vase.code}/montieren").text
    assert "reicht für 0 Stück" in page  # nothing was printed for it yet
    assert phone.post(f"{there}/zaehlung", data={"counted": 7, "form_token": "a" * 32}).status_code == 302
    assert "Gezählt" in phone.get(there).text


def test_there_is_nothing_to_assemble_in_most_products(phone: FlaskClient, shop: Shop) -> None:
    assert phone.get(f"/verkauf/{shop.hook.code}/montieren").status_code == 409


def test_the_phone_gets_its_service_worker_from_the_root(phone: FlaskClient) -> None:
    answer = phone.get("/sw.js")
    assert answer.mimetype == "text/javascript"
    assert answer.status_code == 200


def test_the_price_stands_beside_what_a_piece_costs(phone: FlaskClient, shop: Shop, session: Session) -> None:
    revision = session.scalars(sa.select(Revision)).first()
    assert revision is not None
    session.add(
        Estimate(
            revision_id=revision.id, machine="prusa-mk3s", source=Source.MESH, time_s=3600, time_low_s=3600,
            time_high_s=3600, filament_mm=1000, filament_g=50, cost_cents=300,
        )
    )  # fmt: skip
    session.commit()
    page = phone.get(f"/verkauf/{shop.vase.code}/preis").text
    assert "3,00" in page
    assert "9,50" in page  # of 12,50 remain


def test_a_piece_that_must_still_be_assembled_says_so(
    sign_in: SignIn, cast: Cast, shop: Shop, session: Session
) -> None:
    item = add_item(session, name="Fassung", supplier="", order_code="", price_cents=90, low_level=None)
    set_ingredient(session, shop.vase.design, item, 1, by_id=cast.boris.id, now=NOW)
    session.commit()
    product = product_of(session, shop.vase.design, shop.vase.colour, RAW)
    session.commit()
    page = sign_in(cast.dilek).get(f"/verkauf/{product.code}").text
    assert "Noch nicht montiert" in page
