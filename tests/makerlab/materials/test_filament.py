"""Spools: received, weighed, emptied; what is left is the sum of the lines."""

import re

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from makerlab.core.errors import Conflict, Invalid
from makerlab.core.ledger import verify
from makerlab.materials.actions import (
    book_filament,
    empty_spool,
    receive_spool,
    reverse_filament,
    undo_empty,
    weigh,
)  # fmt: skip
from makerlab.materials.models import Colour, FilamentMovement, FilamentReason, Spool
from makerlab.materials.queries import grams_left
from makerlab.materials.rules import correction, percent_left
from tests.makerlab.conftest import NOW, Cast, SignIn


@pytest.fixture
def spool(session: Session, cast: Cast) -> Spool:
    green = Colour(name="Moosgrün", hex="#2f6f4f")
    session.add(green)
    session.flush()
    spool = receive_spool(
        session, material="pla", colour=green, lot="26-0417", maker="Nordfil", tare_g=220, net_g=1000,
        by_id=cast.boris.id, now=NOW,
    )  # fmt: skip
    session.commit()
    return spool


def left(session: Session, spool: Spool) -> float:
    grams = grams_left(session, [spool.id])[spool.id]
    session.rollback()
    return grams


@pytest.fixture
def desk(sign_in: SignIn, cast: Cast, spool: Spool) -> FlaskClient:
    return sign_in(cast.boris)


@given(st.integers(0, 20_000), st.integers(0, 2000), st.integers(-(10**7), 10**7))
def test_after_weighing_the_books_say_what_the_scale_says(gross: int, tare: int, booked: int) -> None:
    assert booked + correction(gross, tare, booked) == (gross - tare) * 1000


@given(st.floats(-500, 3000), st.floats(0, 3000))
def test_what_is_left_is_between_nothing_and_all(grams: float, received: float) -> None:
    assert 0 <= percent_left(grams, received) <= 100


def test_weighing_corrects_the_books(session: Session, spool: Spool) -> None:
    book_filament(session, spool, -123_456, FilamentReason.PRINTED, actor_id=None, now=NOW)
    weigh(session, spool, 1043, actor_id=None, now=NOW)
    assert verify(session, FilamentMovement) is None
    session.commit()
    assert left(session, spool) == 823


def test_a_weight_below_the_empty_spool_is_refused(session: Session, spool: Spool) -> None:
    with pytest.raises(Invalid):
        weigh(session, spool, 219, actor_id=None, now=NOW)


def test_an_empty_spool_holds_nothing_until_it_was_a_mistake(session: Session, spool: Spool) -> None:
    empty_spool(session, spool, actor_id=None, now=NOW)
    session.commit()
    assert left(session, spool) == 0
    with pytest.raises(Conflict):
        empty_spool(session, spool, actor_id=None, now=NOW)
    undo_empty(session, spool, actor_id=None, now=NOW)
    session.commit()
    assert left(session, spool) == 1000


def test_a_line_is_reversed_once(session: Session, spool: Spool) -> None:
    line = book_filament(session, spool, -5000, FilamentReason.PRINTED, actor_id=None, now=NOW)
    back = reverse_filament(session, line, actor_id=None, now=NOW)
    for one in (line, back):
        with pytest.raises(Conflict):
            reverse_filament(session, one, actor_id=None, now=NOW)


def test_an_instructor_receives_spools_and_prints_their_labels(desk: FlaskClient, session: Session) -> None:
    colour = {"colour_id": 0, "colour_name": "Kreide", "colour_hex": "#efece4"}
    form = colour | {
        "material": "pla",
        "maker": "Nordfil",
        "lot": "26-1",
        "net_g": 750,
        "tare_g": 200,
        "pieces": 2,
    }
    answer = desk.post("/filament/neu", data=form)
    labels = desk.get(answer.headers["Location"]).text
    assert labels.count("<svg") >= 2
    assert labels.count("Kreide") == 2
    assert "style=" not in labels


def test_an_instructor_weighs_and_empties(desk: FlaskClient, session: Session, spool: Spool) -> None:
    url = f"/filament/{spool.id}"
    assert desk.post(f"{url}/wiegen", data={"gross_g": "720"}).status_code == 302
    assert left(session, spool) == 500
    page = desk.get(desk.post(f"{url}/leer").headers["Location"]).text
    assert left(session, spool) == 0
    undo = re.search(r'action="([^"]+nicht-leer)"', page)
    assert undo
    assert desk.post(undo[1]).status_code == 302
    assert left(session, spool) == 500


def test_a_scanned_label_opens_its_spool(desk: FlaskClient, spool: Spool) -> None:
    answer = desk.post("/filament/scan", data={"code": spool.code.lower()})
    assert answer.headers["Location"] == f"/filament/{spool.id}"


@pytest.mark.parametrize("text", ["", "\x00", "-1", "1e309", "9" * 40, "1,5", "<img onerror=x>", "x" * 5000])
def test_naughty_input_is_refused(desk: FlaskClient, spool: Spool, text: str) -> None:
    names = (
        "material",
        "colour_id",
        "colour_name",
        "colour_hex",
        "maker",
        "lot",
        "net_g",
        "tare_g",
        "pieces",
    )
    assert desk.post("/filament/neu", data=dict.fromkeys(names, text)).status_code == 422
    assert desk.post(f"/filament/{spool.id}/wiegen", data={"gross_g": text}).status_code == 422
    assert desk.post("/filament/scan", data={"code": text}).status_code == 404
    assert desk.get("/filament", query_string={"material": text, "leer": text}).status_code == 200
    assert desk.get("/filament/etiketten", query_string={"id": text}).status_code == 404
    assert desk.get(f"/filament/{10**30}").status_code == 404


@pytest.mark.parametrize("name", ["amira", "boris", "dilek", "emil", "fatma", "guel"])
def test_filament_is_for_instructors_and_administrators(
    name: str, cast: Cast, spool: Spool, sign_in: SignIn
) -> None:
    browser = sign_in(getattr(cast, name))
    for url in ("/filament", "/filament/neu", f"/filament/{spool.id}", f"/filament/etiketten?id={spool.id}"):
        assert browser.get(url).status_code == (200 if name in {"boris", "emil"} else 403), url
