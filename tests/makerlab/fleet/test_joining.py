"""A printer is added step by step, against a real OctoPrint: address, certificate, key, device."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from makerlab.core.crypto import decrypt
from makerlab.core.database import db
from makerlab.core.settings import Settings
from makerlab.fleet import rules
from makerlab.fleet.models import Printer
from makerlab.people.models import Site
from printers.firmware import FirmwareLimits
from printers.octoprint import OctoPrintHost
from printers.virtual import VirtualOctoPrint, free_port
from tests.makerlab.conftest import Cast, SignIn
from tests.printers.conftest import make_context
from tests.printers.front import front

NEW = "/drucker/verwalten/neu"


@pytest.fixture(scope="module")
def octoprint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VirtualOctoPrint]:
    with VirtualOctoPrint(tmp_path_factory.mktemp("octoprint"), free_port(), camera="/still.jpg") as running:
        yield running


@pytest.fixture
def client(sign_in: SignIn, cast: Cast) -> FlaskClient:
    return sign_in(cast.emil)


def device(session: Session, **other: Any) -> dict[str, Any]:
    site = session.scalars(sa.select(Site.id)).first()
    session.rollback()
    return {"name": "Ada", "machine": "prusa-mk3s", "site_id": site, "camera_url": "", **other}


def test_a_printer_is_added_by_a_handshake_with_a_real_octoprint(
    client: FlaskClient, session: Session, settings: Settings, octoprint: VirtualOctoPrint
) -> None:
    typed = f"Bitte eintragen: {octoprint.url}/?#temp"
    assert client.post(NEW, data={"url": typed}).location == f"{NEW}/schluessel"
    page = client.get(f"{NEW}/schluessel").text
    assert octoprint.url in page
    assert "Schlüssel anfordern" in page
    client.post(f"{NEW}/anfrage", data={"user": "lab"})
    assert "Bitte an OctoPrint bestätigen" in client.get(f"{NEW}/schluessel").text
    waiting = client.get(f"{NEW}/anfrage/stand")
    assert "/plugin/appkeys/auth/" in waiting.text
    assert "HX-Redirect" not in waiting.headers
    decide(octoprint, granted=True)
    assert client.get(f"{NEW}/anfrage/stand").headers["HX-Redirect"] == f"{NEW}/geraet"
    page = client.get(f"{NEW}/geraet").text
    assert "Die Firmware hat ihre Grenzen genannt." in page
    assert f"{octoprint.url}/still.jpg" in page
    assert client.post(f"{NEW}/geraet", data=device(session)).status_code == 303
    printer = session.scalars(sa.select(Printer)).one()
    key = decrypt(printer.key_encrypted, settings.printer_key)
    assert key != octoprint.api_key
    assert OctoPrintHost(printer.url, key).version().server == "1.11.8"
    assert (printer.url, printer.firmware and printer.firmware["speed"]["x"]) == (octoprint.url, 500)
    assert client.get(f"{NEW}/geraet").location == NEW  # begun anew


def decide(octoprint: VirtualOctoPrint, *, granted: bool) -> None:
    """What the person does in OctoPrint's dialog, by its own API."""
    headers = {"X-Api-Key": octoprint.api_key}
    pending = requests.get(octoprint.url + "/api/plugin/appkeys", headers=headers, timeout=10).json()
    for token in pending["pending"]:
        url = f"{octoprint.url}/plugin/appkeys/decision/{token}"
        requests.post(url, headers=headers, json={"decision": granted}, timeout=10).raise_for_status()


def test_a_request_that_nobody_grants_can_be_made_again(
    client: FlaskClient, octoprint: VirtualOctoPrint
) -> None:
    client.post(NEW, data={"url": octoprint.url})
    client.post(f"{NEW}/anfrage", data={"user": "lab"})
    decide(octoprint, granted=False)
    assert client.get(f"{NEW}/anfrage/stand").headers["HX-Redirect"] == f"{NEW}/schluessel"
    page = client.get(f"{NEW}/schluessel").text
    assert "Niemand hat bestätigt" in page
    assert "Schlüssel anfordern" in page


def test_a_typed_key_is_tried_and_never_shown(
    client: FlaskClient, session: Session, octoprint: VirtualOctoPrint
) -> None:
    client.post(NEW, data={"url": octoprint.url})
    for key in ("", "ä" * 32, "x" * 201, "a\nb"):
        assert client.post(f"{NEW}/schluessel", data={"api_key": key}).status_code == 422, key
    client.post(f"{NEW}/schluessel", data={"api_key": "x" * 32})
    assert "lehnt den Schlüssel ab" in client.get(f"{NEW}/schluessel").text
    answer = client.post(f"{NEW}/schluessel", data={"api_key": octoprint.api_key})
    assert answer.location == f"{NEW}/geraet"
    for path in (f"{NEW}/geraet", f"{NEW}/schluessel"):
        assert octoprint.api_key not in client.get(path).text
    stored = session.execute(sa.text("SELECT content FROM web_session")).scalars().all()
    assert not any(octoprint.api_key in content for content in stored)


def test_nobody_waits_for_the_database_while_the_host_is_asked(
    client: FlaskClient, octoprint: VirtualOctoPrint, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []

    def limits(_host: OctoPrintHost) -> FirmwareLimits:
        held.append(db.session.in_transaction())
        return FirmwareLimits()

    monkeypatch.setattr(OctoPrintHost, "limits", limits)
    client.post(NEW, data={"url": octoprint.url})
    client.post(f"{NEW}/schluessel", data={"api_key": octoprint.api_key})
    assert held == [False]


def test_nothing_is_stored_before_the_end(
    client: FlaskClient, session: Session, octoprint: VirtualOctoPrint
) -> None:
    client.post(NEW, data={"url": octoprint.url})
    client.post(f"{NEW}/schluessel", data={"api_key": octoprint.api_key})
    wrong = client.post(f"{NEW}/geraet", data=device(session, name=""))
    assert wrong.status_code == 422
    assert session.scalars(sa.select(Printer)).first() is None


def test_without_a_beginning_every_step_leads_to_the_first(client: FlaskClient) -> None:
    assert client.get(f"{NEW}/schluessel").location == NEW
    assert client.get(f"{NEW}/geraet").location == NEW
    assert client.get(f"{NEW}/anfrage/stand").headers["HX-Redirect"] == f"{NEW}/schluessel"
    for path in ("nochmal", "zertifikat", "schluessel", "anfrage"):
        assert client.post(f"{NEW}/{path}", data={"api_key": "k"}).status_code == 422
    assert client.post(f"{NEW}/geraet").location == NEW


@pytest.mark.parametrize(
    "url", ["", "ftp://127.0.0.1", "http://169.254.169.254", "http://a:b@127.0.0.1", "\x00"]
)
def test_an_address_that_may_not_be_asked_is_a_sentence(client: FlaskClient, url: str) -> None:
    answer = client.post(NEW, data={"url": url})
    assert answer.status_code == 422
    assert "Netz der Drucker" in answer.text


def test_a_dead_address_says_where_it_ends_and_can_be_tried_again(client: FlaskClient) -> None:
    client.post(NEW, data={"url": f"http://127.0.0.1:{free_port()}"})
    page = client.get(f"{NEW}/schluessel").text
    assert 'data-step="port"' in page
    assert "antwortet niemand" in page
    assert "Schlüssel anfordern" not in page
    assert client.post(f"{NEW}/nochmal").status_code == 303


def test_a_certificate_is_shown_trusted_by_a_person_and_kept_with_the_printer(
    client: FlaskClient, session: Session, octoprint: VirtualOctoPrint, tmp_path: Path
) -> None:
    with front(octoprint.port, prefix="/anton", tls=make_context(tmp_path)) as proxy:
        client.post(NEW, data={"url": f"https://127.0.0.1:{proxy.server_port}/anton/login/"})
        page = client.get(f"{NEW}/schluessel").text
        sha256 = page.split('name="sha256" value="')[1].split('"')[0]
        assert "Fingerabdruck" in page
        assert client.post(f"{NEW}/zertifikat", data={"sha256": "b" * 64}).status_code == 422
        client.post(f"{NEW}/zertifikat", data={"sha256": sha256})
        assert "Schlüssel anfordern" in client.get(f"{NEW}/schluessel").text
        client.post(f"{NEW}/schluessel", data={"api_key": octoprint.api_key})
        client.post(f"{NEW}/geraet", data=device(session))
    printer = session.scalars(sa.select(Printer)).one()
    assert printer.certificate == sha256
    assert printer.url.endswith("/anton")


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("octopi.local:5000/", "http://octopi.local:5000"),
        ("OctoPrint: https://10.0.0.7/anton/#control.", "https://10.0.0.7/anton"),
        ("http://10.0.0.7/login/?redirect=/&permissions=STATUS", "http://10.0.0.7"),
        ("Adresse: 192.168.4.20", "http://192.168.4.20"),
        ("anton", "http://anton"),
        ("<http://10.0.0.7:5000>", "http://10.0.0.7:5000"),
        ("ftp://10.0.0.7", "ftp://10.0.0.7"),
        ("", ""),
    ],
)
def test_an_address_is_read_out_of_what_people_copy(text: str, url: str) -> None:
    assert rules.read_address(text) == url
