"""The administration of printers: for administrators, and the key never comes back."""

import tomllib
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from makerlab.core.database import db
from makerlab.core.errors import Invalid
from makerlab.core.settings import Settings
from makerlab.fleet import actions, views
from makerlab.fleet.connection import Known, try_connection
from makerlab.fleet.models import Printer
from makerlab.people.models import Site
from printers.certificate import Certificate
from printers.examine import Finding, Step, Target
from printers.firmware import FirmwareLimits
from printers.octoprint import OctoPrintHost
from printers.virtual import free_port
from tests.makerlab.conftest import NOW, Cast, SignIn
from tests.makerlab.fleet.test_actions import KEY, make

NAUGHTY = "<script>alert(1)</script>\u202e\"'{{7*7}}"


@pytest.fixture(autouse=True)
def rows_stay_read(session: Session) -> None:
    session.expire_on_commit = False  # reading a row after a commit begins no transaction


def form(session: Session, **other: str) -> dict[str, Any]:
    site = session.scalars(sa.select(Site.id)).first()
    session.rollback()
    return {
        "name": "Ada",
        "machine": "prusa-mk3s",
        "site_id": site,
        "url": "http://127.0.0.1:5000",
        "api_key": KEY,
        **other,
    }


@pytest.fixture
def ada(session: Session, settings: Settings, cast: Cast) -> str:
    """The address of the page of a printer that is there."""
    printer = make(session, settings, cast)
    session.commit()
    return f"/drucker/verwalten/{printer.id}"


@pytest.mark.parametrize("name", ["amira", "boris", "dilek", "fatma", "guel"])
def test_only_administrators_may(sign_in: SignIn, cast: Cast, name: str) -> None:
    client = sign_in(getattr(cast, name))
    for path in ("/drucker/verwalten", "/drucker/verwalten/neu", "/drucker/verwalten/etiketten"):
        assert client.get(path).status_code == 403
    assert client.post("/drucker/verwalten/neu", data={}).status_code == 403


def test_a_printers_key_is_never_shown(sign_in: SignIn, cast: Cast, session: Session, ada: str) -> None:
    client = sign_in(cast.emil)
    page = client.get(ada)
    stored = session.scalars(sa.select(Printer)).one()
    assert stored.url in page.text
    assert KEY not in page.text
    assert stored.key_encrypted not in page.text
    assert stored.code in client.get("/drucker/verwalten/etiketten").text


def test_naughty_names_are_shown_as_they_are_typed(
    sign_in: SignIn, cast: Cast, session: Session, ada: str
) -> None:
    client = sign_in(cast.emil)
    assert client.post(ada, data=form(session, name=NAUGHTY)).status_code == 303
    page = client.get("/drucker/verwalten").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "{{7*7}}" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "http://8.8.8.8"},
        {"url": "gopher://127.0.0.1"},
        {"name": ""},
        {"machine": "x"},
        {"site_id": "7777"},
        {"name": "x" * 61},
        {"url": "http://127.0.0.1/" + "x" * 300},
        {"url": "http://127.0.0.1:6000", "api_key": ""},
        {"camera_url": "http://8.8.8.8/still.jpg"},
        {"camera_url": "file:///etc/passwd"},
    ],
)
def test_a_wrong_form_comes_back_with_a_sentence_and_without_the_key(
    sign_in: SignIn, cast: Cast, session: Session, ada: str, wrong: dict[str, str]
) -> None:
    answer = sign_in(cast.emil).post(ada, data=form(session, **wrong))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert KEY not in answer.text
    session.rollback()
    assert session.scalars(sa.select(Printer.url)).one() == "http://127.0.0.1:5000"


def test_a_taken_name_is_a_sentence(
    sign_in: SignIn, cast: Cast, session: Session, settings: Settings, ada: str
) -> None:
    make(session, settings, cast, name="Berta")
    session.commit()
    answer = sign_in(cast.emil).post(ada, data=form(session, name="Berta"))
    assert answer.status_code == 409
    assert "gibt es schon" in answer.text


def test_testing_a_dead_address_says_where_it_ends_and_stores_nothing(
    sign_in: SignIn, cast: Cast, session: Session, ada: str
) -> None:
    dead = form(session, url=f"http://127.0.0.1:{free_port()}")
    answer = sign_in(cast.emil).post(f"{ada}/test", data=dead)
    assert answer.status_code == 200
    assert 'data-step="network"' in answer.text
    assert "antwortet niemand" in answer.text
    assert KEY not in answer.text
    session.rollback()
    assert session.scalars(sa.select(Printer.url)).one() == "http://127.0.0.1:5000"


def test_testing_a_foreign_address_asks_nobody(
    sign_in: SignIn, cast: Cast, session: Session, ada: str
) -> None:
    answer = sign_in(cast.emil).post(f"{ada}/test", data=form(session, url="http://8.8.8.8"))
    assert "Netz der Drucker" in answer.text


def test_the_stored_key_and_certificate_go_only_where_they_are_for(
    app: Flask, session: Session, settings: Settings, cast: Cast
) -> None:
    asked: list[Target] = []

    def look(target: Target) -> list[Finding]:
        asked.append(target)
        return [Finding(Step.KEY, good=True, detail="OctoPrint 1.11.8")]

    printer = make(session, settings, cast)
    known = Known(printer.url, printer.key_encrypted, "a" * 64)
    assert try_connection("http://127.0.0.1:5000", "", known, settings, look)[0].good
    assert (asked[0].api_key, asked[0].certificate) == (KEY, "a" * 64)
    with pytest.raises(Invalid):
        try_connection("http://127.0.0.1:6666", "", known, settings, look)
    try_connection("http://127.0.0.1:6666", "typed", known, settings, look)
    assert (asked[1].api_key, asked[1].certificate) == ("typed", "")


def test_a_person_trusts_a_certificate_and_another_address_forgets_it(
    sign_in: SignIn, cast: Cast, session: Session, ada: str
) -> None:
    client = sign_in(cast.emil)
    assert client.post(f"{ada}/zertifikat", data={"sha256": "zz"}).status_code == 422
    assert client.post(f"{ada}/zertifikat", data={"sha256": "a" * 64}).status_code == 303
    session.rollback()
    assert session.scalars(sa.select(Printer.certificate)).one() == "a" * 64
    assert client.post(ada, data=form(session, url="http://127.0.0.1:6000")).status_code == 303
    session.rollback()
    assert session.scalars(sa.select(Printer.certificate)).one() == ""


def test_a_certificate_is_trusted_only_where_the_printer_is_stored_to_be(
    sign_in: SignIn, cast: Cast, session: Session, ada: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange = Certificate("b" * 64, "CN=octopi", NOW, known=False)
    found = [Finding(Step.TLS, good=False, certificate=strange)]
    monkeypatch.setattr(views, "try_connection", partial(try_connection, look=lambda _target: found))
    client = sign_in(cast.emil)
    stored = client.post(f"{ada}/test", data=form(session)).text
    typed = client.post(f"{ada}/test", data=form(session, url="http://127.0.0.1:6000")).text
    assert [f"{ada}/zertifikat" in page for page in (stored, typed)] == [True, False]
    assert "Speichern Sie zuerst diese Adresse." in typed


LIMITS = {
    "speed": {"x": 200.0, "y": 180.0}, "acceleration": {}, "jerk": {}, "extruding": 750.0, "retracting": None,
    "travel": None, "junction_deviation": None,
}  # fmt: skip


def test_limits_of_the_firmware_are_held_against_the_profile(
    sign_in: SignIn, cast: Cast, session: Session, ada: str
) -> None:
    client = sign_in(cast.emil)
    assert client.get(f"{ada}/grenzen.toml").status_code == 404
    actions.keep_limits(session, session.scalars(sa.select(Printer)).one(), LIMITS, now=NOW)
    page = client.get(ada).text
    assert "2 Abweichungen" in page  # y, and printing; x is as in the profile
    file = client.get(f"{ada}/grenzen.toml")
    assert "attachment" in file.headers["Content-Disposition"]
    limits = tomllib.loads(file.text)["limits"]
    assert limits["speed"] == {"x": 200, "y": 180, "z": 12, "e": 120}
    assert (limits["acceleration"]["extruding"], limits["acceleration"]["travel"]) == (750, 1250)


def test_a_printer_that_does_not_answer_tells_no_limits(sign_in: SignIn, cast: Cast, ada: str) -> None:
    assert sign_in(cast.emil).post(f"{ada}/grenzen").status_code == 409


def test_nobody_waits_for_the_database_while_the_firmware_is_asked(
    sign_in: SignIn, cast: Cast, session: Session, ada: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []

    def limits(_host: OctoPrintHost) -> FirmwareLimits:
        held.append(db.session.in_transaction())
        return FirmwareLimits(speed={"x": 200.0})

    monkeypatch.setattr(OctoPrintHost, "limits", limits)
    assert sign_in(cast.emil).post(f"{ada}/grenzen").status_code == 303
    session.expire_all()  # the test may still hold the row as it was
    assert session.scalars(sa.select(Printer)).one().firmware["speed"] == {"x": 200.0}  # type: ignore[index]
    assert held == [False]
