import errno
from concurrent.futures import ThreadPoolExecutor
from inspect import iscoroutinefunction
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError

from makerlab.app import create_app
from makerlab.core.database import db
from makerlab.core.errors import (
    Conflict,
    Forbidden,
    Invalid,
    MakerlabError,
    NoSpace,
    NotFound,
    TooLarge,
    TooOften,
    WrongKind,
)
from makerlab.core.web import not_modified
from makerlab.people import views
from makerlab.people.models import Site
from tests.makerlab.conftest import Cast, SignIn
from tests.makerlab.databases import Databases


@pytest.mark.parametrize(
    ("kind", "status"),
    [(Invalid, 422), (WrongKind, 415), (TooLarge, 413), (Conflict, 409), (Forbidden, 403), (NotFound, 404),
     (TooOften, 429), (NoSpace, 507)],
)  # fmt: skip
def test_a_refusal_is_one_sentence_a_way_out_and_its_status(
    app: Flask, monkeypatch: pytest.MonkeyPatch, kind: type[MakerlabError], status: int
) -> None:
    def refuse() -> None:
        raise kind("Das <b>geht</b> nicht.", way_out="Fragen Sie Boris.")

    refuse.access = None  # type: ignore[attr-defined]
    monkeypatch.setitem(app.view_functions, "people.start", refuse)
    answer = app.test_client().get("/")
    assert answer.status_code == status
    assert "Das &lt;b&gt;geht&lt;/b&gt; nicht." in answer.text
    assert "Fragen Sie Boris." in answer.text


def test_a_crash_shows_a_page_that_helps_and_no_trace(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash() -> None:
        raise ZeroDivisionError("secret inside")

    crash.access = None  # type: ignore[attr-defined]
    monkeypatch.setitem(app.view_functions, "people.start", crash)
    answer = app.test_client().get("/")
    assert answer.status_code == 500
    assert "kaputt" in answer.text
    assert "secret inside" not in answer.text


def test_the_error_page_stands_also_when_the_database_is_away(
    app: Flask, cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(cast.emil)

    def away(*_arguments: object, **_values: object) -> None:
        raise sa.exc.OperationalError("SELECT", {}, Exception("disk I/O error"))

    monkeypatch.setattr(app.login_manager, "_user_callback", away)  # type: ignore[attr-defined]
    answer = client.get("/ich")
    assert answer.status_code == 500
    assert "kaputt" in answer.text


def test_pages_are_not_kept_and_run_no_foreign_script(app: Flask) -> None:
    headers = app.test_client().get("/anmelden").headers
    assert headers["Cache-Control"] == "no-store"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_page_for_one_person_is_not_kept(sign_in: SignIn, cast: Cast) -> None:
    assert sign_in(cast.emil).get("/ich").headers["Cache-Control"] == "no-store"


def test_a_form_without_its_token_is_refused(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answer = app.test_client().post("/language", data={"language": "en"})
    assert answer.status_code == 400
    assert "zu lange offen" in answer.text


def test_signing_in_without_its_token_is_refused(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    data = {"email": "emil@makerlab.example", "password": "whatever-it-is"}
    assert app.test_client().post("/anmelden", data=data).status_code == 400


def test_polling_an_unchanged_fragment_costs_no_body(app: Flask) -> None:
    with app.test_request_context("/"):
        tag = not_modified("<p>42 %</p>").headers["ETag"]
    with app.test_request_context("/", headers={"If-None-Match": tag}):
        assert not_modified("<p>42 %</p>").status_code == 304
        assert not_modified("<p>43 %</p>").status_code == 200


def test_a_page_that_is_not_there_says_so(app: Flask) -> None:
    answer = app.test_client().get("/no/such/page")
    assert answer.status_code == 404
    assert "gibt es nicht" in answer.text


def test_a_number_too_large_for_the_database_is_not_there(sign_in: SignIn, cast: Cast) -> None:
    assert sign_in(cast.emil).get(f"/personen/{2**63}").status_code == 404


def test_a_read_page_has_no_write_lock(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    """A GET must answer while somebody else writes."""
    from makerlab.core.database import make_engine, make_session_factory

    client = sign_in(cast.emil)
    client.get("/ich")
    factory = make_session_factory(make_engine(app.config["SETTINGS"]))
    with factory.begin() as writer:
        writer.execute(sa.text("UPDATE site SET name = 'Camp'"))
        assert client.get("/ich").status_code == 200
    assert views.blueprint.name == "people"


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OperationalError("x", {}, Exception("database or disk is full")),
        OperationalError("x", {}, Exception('could not extend file "base/5/1": No space left on device')),
    ],
)
def test_a_full_disk_is_said_in_words(app: Flask, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def full() -> None:
        raise error

    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.config["TESTING"] = False
    full.access = None  # type: ignore[attr-defined]
    monkeypatch.setitem(app.view_functions, "people.start", full)
    answer = app.test_client().get("/")
    assert answer.status_code == 507
    assert "Speicher ist voll" in answer.text


def test_of_two_who_give_the_same_name_at_once_the_second_is_told(
    on_postgresql: Databases, tmp_path: Path
) -> None:
    """Both looked whether the name was free, and it was: possible on PostgreSQL alone."""
    with on_postgresql.lab(tmp_path) as lab:
        app = create_app(lab)
        both = Barrier(2)

        def name_it() -> str:
            assert "Camp" not in db.session.scalars(sa.select(Site.name)).all()
            both.wait()
            db.session.add(Site(name="Camp"))
            db.session.commit()
            return "done"

        name_it.access = None  # type: ignore[attr-defined]
        app.view_functions["people.start"] = name_it
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda _: app.test_client().get("/"), range(2)))
        with app.app_context():
            db.engine.dispose()
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert "Jemand war schneller" in max(answers, key=lambda answer: answer.status_code).text


def test_a_request_starts_no_event_loop(app: Flask) -> None:
    assert not [function for function in app.teardown_appcontext_funcs if iscoroutinefunction(function)]
