import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from makerlab.core.audit import AuditLine
from makerlab.people.actions import set_password
from makerlab.people.entrance import who_by_card
from makerlab.people.models import Account, Card, SignInFailure
from tests.makerlab.conftest import NOW, PASSWORD, Cast, SignIn

NAUGHTY = [
    "\0", "\u202eevil", "<img src=x onerror=alert(1)>", "{{7*7}}", "=HYPERLINK(\"x\")",
    "'; DROP TABLE account;--",
    "%", "_", "\\", "x" * 10_000, "CON.stl", "../../etc/passwd", "a\r\nSet-Cookie: x=1", "-1", "1e309",
    "9223372036854775808", "1,5", "👩‍👩‍👧‍👦", "ﷺ", "",
]  # fmt: skip
FIELDS = {
    "/personen/neu": ("name", "email", "pin", "language", "roles"),
    "/personen/{id}/pin": ("pin",),
    "/personen/{id}/rollen/geben": ("role",),
    "/personen/{id}/rollen/nehmen": ("role",),
    "/personen/{id}/sprache": ("language",),
    "/personen/{id}/aktiv": ("active",),
    "/personen/{id}/karten": ("revoke",),
    "/sperren/aufheben": ("subject", "next"),
    "/language": ("language", "next"),
    "/anmelden": ("email", "password", "next"),
    "/ich/passwort": ("old", "new"),
}


@pytest.fixture
def emil(sign_in: SignIn, cast: Cast) -> FlaskClient:
    return sign_in(cast.emil)


@pytest.fixture
def guel(sign_in: SignIn, cast: Cast) -> FlaskClient:
    return sign_in(cast.guel)


def _cases() -> Iterator[tuple[str, str]]:
    for path, names in FIELDS.items():
        yield from ((path, name) for name in names)


@pytest.mark.parametrize(("path", "field"), _cases())
def test_naughty_text_in_any_field_never_crashes(
    emil: FlaskClient, cast: Cast, path: str, field: str
) -> None:
    good = {"name": "Neu", "language": "de", "old": "x"}
    address = path.format(id=cast.amira.id)
    statuses = {text: emil.post(address, data={**good, field: text}).status_code for text in NAUGHTY}
    assert {text: status for text, status in statuses.items() if status >= 500} == {}


@pytest.mark.parametrize("field", ["q", "role", "state", "page"])
def test_naughty_text_in_the_search_never_crashes(guel: FlaskClient, field: str) -> None:
    assert {guel.get("/personen", query_string={field: text}).status_code for text in NAUGHTY} == {200}


def test_a_name_is_shown_as_text(emil: FlaskClient, session: Session) -> None:
    emil.post("/personen/neu", data={"name": "<img src=x onerror=alert(1)>{{7*7}}", "language": "de"})
    page = emil.get("/personen").text
    assert "&lt;img src=x onerror=alert(1)&gt;{{7*7}}" in page
    assert "<img src=x" not in page


@pytest.mark.parametrize(
    "extra", [{"role": "administrator"}, {"is_admin": "1"}, {"active": "0"}, {"number": "0000"}]
)
def test_fields_that_the_form_does_not_have_change_nothing(
    guel: FlaskClient, session: Session, extra: dict[str, str]
) -> None:
    guel.post("/personen/neu", data={"name": "Neu", "language": "de", "roles": "trainee", **extra})
    account = session.scalars(sa.select(Account).where(Account.name == "Neu")).one()
    assert ([role.name for role in account.roles], account.active) == (["trainee"], True)
    assert account.number != "0000"


def test_a_coordinator_makes_no_administrator(guel: FlaskClient, session: Session, cast: Cast) -> None:
    data = {"name": "Neu", "language": "de", "roles": "administrator"}
    assert guel.post("/personen/neu", data=data).status_code == 403
    assert (
        guel.post(f"/personen/{cast.boris.id}/rollen/geben", data={"role": "administrator"}).status_code
        == 403
    )
    assert guel.post(f"/personen/{cast.guel.id}/rollen/geben", data={"role": "instructor"}).status_code == 403
    assert session.scalars(sa.select(Account).where(Account.name == "Neu")).first() is None


def test_a_refused_account_comes_back_with_what_was_typed(guel: FlaskClient) -> None:
    data = {"name": "Neu Neumann", "email": "emil@makerlab.example", "language": "ar", "pin": "258036"}
    answer = guel.post("/personen/neu", data=data)
    assert answer.status_code == 409
    assert "Neu Neumann" in answer.text
    assert "258036" not in answer.text


def test_a_card_is_shown_once_and_the_one_before_ends(
    guel: FlaskClient, session: Session, cast: Cast
) -> None:
    page = guel.post(f"/personen/{cast.amira.id}/karten").text
    assert "<svg" in page
    assert cast.amira.number in page
    guel.post(f"/personen/{cast.amira.id}/karten", data={"revoke": "1"})
    ends = list(session.scalars(sa.select(Card.revoked_at).order_by(Card.id)))
    assert ends[0] is not None
    assert ends[1] is None


def test_the_printed_card_signs_in(
    guel: FlaskClient, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("makerlab.people.actions.new_code", lambda: "0123456789ABCDEF" * 2)
    guel.post(f"/personen/{cast.amira.id}/karten")
    found = who_by_card(session, "0123456789ABCDEF" * 2, kiosk="10.0.0.5", now=NOW)
    assert found.id == cast.amira.id


def test_a_card_of_somebody_else_is_not_there(guel: FlaskClient, session: Session, cast: Cast) -> None:
    guel.post(f"/personen/{cast.amira.id}/karten")
    card_id = session.scalar(sa.select(Card.id))
    assert guel.post(f"/personen/{cast.boris.id}/karten/{card_id}/ungueltig").status_code == 404
    assert session.scalar(sa.select(Card.revoked_at)) is None


def test_every_look_at_a_person_is_written_down(guel: FlaskClient, session: Session, cast: Cast) -> None:
    assert guel.get(f"/personen/{cast.amira.id}").status_code == 200
    line = session.scalars(sa.select(AuditLine).where(AuditLine.action == "account.read")).one()
    assert (line.subject, line.actor_id) == (f"account:{cast.amira.id}", cast.guel.id)


def test_people_see_who_looked_at_them(guel: FlaskClient, sign_in: SignIn, cast: Cast) -> None:
    guel.get(f"/personen/{cast.amira.id}")
    page = sign_in(cast.amira).get("/ich").text
    assert "Daten angesehen" in page
    assert "Guel" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=ami", True),
        ("q=%25", False),
        ("role=sales", False),
        ("role=trainee", True),
        ("state=closed", False),
        ("state=all", True),
    ],
)
def test_people_are_found_by_name_role_and_state(guel: FlaskClient, query: str, found: bool) -> None:
    assert ("Amira" in guel.get(f"/personen?{query}").text) is found


@pytest.mark.parametrize(
    "next_page", ["//evil.example/", "https://evil.example/", "/\\evil.example", "///evil.example"]
)
def test_no_form_leads_out_of_the_house(app: Flask, session: Session, cast: Cast, next_page: str) -> None:
    set_password(session, cast.emil, PASSWORD, by_id=None, now=NOW)
    client = app.test_client()
    answer = client.post("/language", data={"language": "en", "next": next_page})
    assert answer.headers["Location"] == "/"
    data = {"email": "emil@makerlab.example", "password": PASSWORD, "next": next_page}
    answer = client.post("/anmelden", data=data, query_string={"next": next_page})
    assert urlsplit(answer.headers.get("Location", "/")).netloc in ("", "localhost")
    assert not answer.headers.get("Location", "/").startswith(("//", "/\\"))


def test_after_signing_in_the_page_asked_for_opens(app: Flask, session: Session, cast: Cast) -> None:
    set_password(session, cast.emil, PASSWORD, by_id=None, now=NOW)
    client = app.test_client()
    way = client.get("/personen?role=sales").headers["Location"]
    answer = client.post(way, data={"email": "Emil@Makerlab.example", "password": PASSWORD})
    assert answer.headers["Location"].endswith("/personen?role=sales")


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("emil@makerlab.example", "wrong-wrong-wrong"),
        ("nobody@makerlab.example", PASSWORD),
        ("boris@makerlab.example", PASSWORD),
    ],
)
def test_a_wrong_password_and_an_unknown_address_read_the_same(
    app: Flask, session: Session, cast: Cast, email: str, password: str
) -> None:
    set_password(session, cast.emil, PASSWORD, by_id=None, now=NOW)
    page = app.test_client().post("/anmelden", data={"email": email, "password": password}).text
    assert re.findall(r"Das hat nicht gepasst\.[^<]*", page) == [
        "Das hat nicht gepasst. Versuchen Sie es noch einmal. Oder holen Sie Hilfe."
    ]


def test_guessing_a_password_is_stopped_and_an_instructor_lets_on(
    app: Flask, session: Session, cast: Cast, sign_in: SignIn
) -> None:
    set_password(session, cast.emil, PASSWORD, by_id=None, now=NOW)
    client = app.test_client()
    data = {"email": "emil@makerlab.example", "password": "wrong-wrong-wrong"}
    assert [client.post("/anmelden", data=data).status_code for _n in range(6)] == [200] * 5 + [429]
    assert client.post("/anmelden", data={**data, "password": PASSWORD}).status_code == 429
    instructor = sign_in(cast.boris)
    assert "Emil" in instructor.get("/sperren").text
    subject = session.scalars(
        sa.select(SignInFailure.subject).where(SignInFailure.subject.startswith("email:"))
    ).first()
    assert instructor.post("/sperren/aufheben", data={"subject": subject}).status_code == 303
    assert client.post("/anmelden", data={**data, "password": PASSWORD}).status_code == 302


def test_the_language_chosen_is_kept_on_the_account(sign_in: SignIn, session: Session, cast: Cast) -> None:
    client = sign_in(cast.amira)
    assert client.post("/language", data={"language": "ar", "next": "/ich"}).headers["Location"] == "/ich"
    session.refresh(cast.amira)
    assert cast.amira.language == "ar"
    assert client.post("/language", data={"language": "tlh"}).status_code == 422


@pytest.mark.parametrize("name", ["amira", "boris", "dilek", "emil", "fatma", "guel"])
def test_the_first_page_leads_everybody_to_one_they_may_open(sign_in: SignIn, cast: Cast, name: str) -> None:
    client = sign_in(getattr(cast, name))
    way = client.get("/").headers["Location"]
    assert way not in ("/", "/anmelden")
    assert client.get(way, follow_redirects=True).status_code == 200


@pytest.mark.parametrize("name", ["amira", "boris", "dilek", "emil", "fatma", "guel"])
def test_the_navigation_offers_only_pages_that_open(sign_in: SignIn, cast: Cast, name: str) -> None:
    client = sign_in(getattr(cast, name))
    frame = client.get("/ich").text.partition('<nav class="desk-nav"')[2].partition("</nav>")[0]
    ways = re.findall(r'href="([^"]+)"', frame)
    assert "/ich" in ways
    assert {way: status for way in ways if (status := client.get(way).status_code) != 200} == {}


def test_changing_ones_own_password_needs_the_old_one(sign_in: SignIn, session: Session, cast: Cast) -> None:
    set_password(session, cast.boris, PASSWORD, by_id=None, now=NOW)
    client = sign_in(cast.boris)
    assert client.post("/ich/passwort", data={"old": "wrong", "new": "Neue-Lampe-1234"}).status_code == 403
    assert client.post("/ich/passwort", data={"old": PASSWORD, "new": "Neue-Lampe-1234"}).status_code == 303
    assert client.get("/ich").status_code == 200
