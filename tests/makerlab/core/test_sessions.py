from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from makerlab.core import sessions
from makerlab.core.sessions import LIFETIME, WebSession, sweep
from makerlab.people.actions import set_active, set_password
from tests.makerlab.conftest import NOW, PASSWORD, Cast, SignIn

COOKIE = "makerlab"


@pytest.fixture
def emil(session: Session, cast: Cast) -> Cast:
    set_password(session, cast.emil, PASSWORD, by_id=None, now=NOW)
    session.commit()
    return cast


def _sign_in(client: FlaskClient, password: str = PASSWORD, **values: str):  # type: ignore[no-untyped-def]
    return client.post("/anmelden", data={"email": "emil@makerlab.example", "password": password, **values})


def _id(client: FlaskClient) -> str | None:
    cookie = client.get_cookie(COOKIE)
    return cookie.value if cookie else None


@pytest.mark.usefixtures("emil")
def test_signing_in_gives_a_new_session_id(app: Flask) -> None:
    client = app.test_client()
    client.get("/anmelden")
    before = _id(client)
    assert _sign_in(client).status_code == 302
    assert before
    assert _id(client) != before


@pytest.mark.usefixtures("emil")
def test_an_id_planted_before_sign_in_is_worth_nothing_after(app: Flask) -> None:
    victim, attacker = app.test_client(), app.test_client()
    victim.get("/anmelden")
    attacker.set_cookie(COOKIE, _id(victim) or "")
    _sign_in(victim)
    assert victim.get("/ich").status_code == 200
    assert attacker.get("/ich").status_code == 302


@pytest.mark.usefixtures("emil")
def test_signing_out_ends_the_old_id_too(app: Flask) -> None:
    client, thief = app.test_client(), app.test_client()
    _sign_in(client)
    thief.set_cookie(COOKIE, _id(client) or "")
    assert client.post("/abmelden").status_code == 302
    assert client.get("/ich").status_code == 302
    assert thief.get("/ich").status_code == 302


def test_an_invented_id_is_not_adopted(app: Flask) -> None:
    client = app.test_client()
    client.set_cookie(COOKIE, "invented")
    client.get("/anmelden")
    assert _id(client) != "invented"


@pytest.mark.usefixtures("emil")
def test_the_database_holds_only_the_hash_of_the_id(app: Flask, session: Session) -> None:
    client = app.test_client()
    _sign_in(client)
    hashes = list(session.scalars(sa.select(WebSession.id_hash)))
    assert hashes
    assert _id(client) not in hashes


def test_a_session_ends_after_its_lifetime(sign_in: SignIn, cast: Cast) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = sign_in(cast.emil)
        assert client.get("/ich").status_code == 200
        clock.shift(LIFETIME - timedelta(minutes=1))
        assert client.get("/ich").status_code == 200  # and this one prolonged it
        clock.shift(LIFETIME - timedelta(minutes=1))
        assert client.get("/ich").status_code == 200
        clock.shift(LIFETIME + timedelta(minutes=1))
        assert client.get("/ich").status_code == 302


def test_sessions_that_ended_are_swept(session: Session, sign_in: SignIn, cast: Cast) -> None:
    with time_machine.travel(NOW, tick=False):
        sign_in(cast.emil)
    assert sweep(session, NOW + LIFETIME - timedelta(minutes=1)) == 0
    assert sweep(session, NOW + LIFETIME + timedelta(minutes=1)) == 1


@pytest.mark.parametrize("https", [False, True])
def test_the_cookie_is_out_of_reach_of_scripts(app: Flask, https: bool) -> None:
    app.config["SESSION_COOKIE_SECURE"] = https
    cookie = app.test_client().get("/anmelden").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert ("Secure" in cookie) is https
    assert "Expires" not in cookie  # gone when the browser closes


def test_a_closed_account_is_out_at_once(session: Session, sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(cast.boris)
    assert client.get("/ich").status_code == 200
    set_active(session, cast.boris, False, by_id=cast.emil.id, now=NOW)
    session.commit()
    assert client.get("/ich").status_code == 302


def test_a_new_password_ends_all_sessions(session: Session, sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(cast.boris)
    assert client.get("/ich").status_code == 200
    set_password(session, cast.boris, PASSWORD, by_id=cast.emil.id, now=NOW)
    session.commit()
    assert client.get("/ich").status_code == 302


def test_the_session_of_a_static_file_is_never_opened(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "_hash", lambda _id: pytest.fail("the database was asked"))
    client = app.test_client()
    client.set_cookie(COOKIE, "some-id")
    client.get("/static/favicon.svg")
