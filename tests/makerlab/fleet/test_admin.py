"""The administration of printers: for administrators, and the key never comes back."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from makerlab.core.settings import Settings
from makerlab.fleet.connection import try_connection
from makerlab.fleet.models import Printer
from makerlab.people.models import Site
from printers.errors import Refused
from printers.host import HostVersion
from tests.makerlab.conftest import Cast, SignIn
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
        "url": "http://127.0.0.1:9",
        "api_key": KEY,
        **other,
    }


@pytest.mark.parametrize("name", ["amira", "boris", "dilek", "fatma", "guel"])
def test_only_administrators_may(sign_in: SignIn, cast: Cast, name: str) -> None:
    client = sign_in(getattr(cast, name))
    for path in ("/drucker/verwalten", "/drucker/verwalten/neu", "/drucker/verwalten/etiketten"):
        assert client.get(path).status_code == 403
    assert client.post("/drucker/verwalten/neu", data={}).status_code == 403


def test_a_printer_is_added_and_its_key_never_shown(sign_in: SignIn, cast: Cast, session: Session) -> None:
    client = sign_in(cast.emil)
    assert "Noch kein Drucker" in client.get("/drucker/verwalten").text
    answer = client.post("/drucker/verwalten/neu", data=form(session))
    assert answer.status_code == 303
    page = client.get(answer.location)
    stored = session.scalars(sa.select(Printer)).one()
    assert stored.url in page.text
    assert KEY not in page.text
    assert stored.key_encrypted not in page.text
    assert stored.code in client.get("/drucker/verwalten/etiketten").text


def test_naughty_names_are_shown_as_they_are_typed(sign_in: SignIn, cast: Cast, session: Session) -> None:
    client = sign_in(cast.emil)
    assert client.post("/drucker/verwalten/neu", data=form(session, name=NAUGHTY)).status_code == 303
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
        {"api_key": ""},
    ],
)
def test_a_wrong_form_comes_back_with_a_sentence_and_without_the_key(
    sign_in: SignIn, cast: Cast, session: Session, wrong: dict[str, str]
) -> None:
    answer = sign_in(cast.emil).post("/drucker/verwalten/neu", data=form(session, **wrong))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert KEY not in answer.text
    assert session.scalars(sa.select(Printer)).first() is None


def test_a_taken_name_is_a_sentence(
    sign_in: SignIn, cast: Cast, session: Session, settings: Settings
) -> None:
    make(session, settings, cast)
    session.commit()
    answer = sign_in(cast.emil).post("/drucker/verwalten/neu", data=form(session))
    assert answer.status_code == 409
    assert "gibt es schon" in answer.text


def test_testing_a_dead_address_says_so_and_stores_nothing(
    sign_in: SignIn, cast: Cast, session: Session
) -> None:
    answer = sign_in(cast.emil).post("/drucker/verwalten/neu/test", data=form(session))
    assert answer.status_code == 200
    assert "antwortet niemand" in answer.text
    assert KEY not in answer.text
    assert session.scalars(sa.select(Printer)).first() is None


def test_testing_a_foreign_address_asks_nobody(sign_in: SignIn, cast: Cast, session: Session) -> None:
    answer = sign_in(cast.emil).post("/drucker/verwalten/neu/test", data=form(session, url="http://8.8.8.8"))
    assert "Netz der Drucker" in answer.text


class Host:
    """A host that tells which key it was asked with."""

    asked: list[tuple[str, str]]

    def __init__(self, url: str, key: str, **_options: Any) -> None:
        Host.asked.append((url, key))

    def version(self) -> HostVersion:
        if Host.asked[-1][1] == "wrong":
            raise Refused(403, "forbidden")
        return HostVersion("1.11.8", "0.1", "OctoPrint 1.11.8")

    def close(self) -> None:
        """Nothing is open."""


def test_the_stored_key_is_sent_only_where_it_was_typed_for(
    app: Flask, session: Session, settings: Settings, cast: Cast
) -> None:
    Host.asked = []
    printer = make(session, settings, cast)
    stored = (printer.url, printer.key_encrypted)
    assert try_connection("http://127.0.0.1:5000", "", stored, settings, Host).good
    assert Host.asked == [("http://127.0.0.1:5000", KEY)]
    assert not try_connection("http://127.0.0.1:6666", "", stored, settings, Host).good
    assert len(Host.asked) == 1


def test_a_wrong_key_is_told_from_a_dead_host(app: Flask, settings: Settings) -> None:
    Host.asked = []
    answer = try_connection("127.0.0.1:5000/", "wrong", None, settings, Host)
    assert not answer.good
    assert "Schlüssel" in answer.text
