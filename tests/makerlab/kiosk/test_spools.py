"""A spool's label at the kiosk: where it is, and where it goes."""

import pytest
import sqlalchemy as sa
from flask import Flask

from makerlab.fleet.models import Printer
from makerlab.fleet.retiring import retire
from makerlab.materials.actions import receive_spool
from makerlab.materials.models import Spool
from makerlab.people.models import SignInFailure
from tests.makerlab.kiosk.finger import Finger
from tests.makerlab.production.conftest import Workshop


@pytest.fixture
def blue(lab: Workshop) -> str:
    """The label of a spool that is in no printer."""
    spool = receive_spool(
        lab.session, material="pla", colour=lab.colour, lot="L9", maker="Filamentwerk", tare_g=200,
        net_g=1000, by_id=None, now=lab.clock.now,
    )  # fmt: skip
    lab.session.commit()
    return spool.code


def scan(finger: Finger, code: str, on: str = "/kiosk/start") -> Finger:
    finger.response = finger.client.post(
        "/kiosk/scannen",
        data={"code": code},
        headers={"Referer": f"http://localhost{on}"},
        follow_redirects=True,
    )
    return finger


def loaded(lab: Workshop) -> dict[str, str | None]:
    """printer → label of its spool"""
    lab.forget()
    rows = lab.session.execute(
        sa.select(Printer.code, Spool.code).outerjoin(Spool, Printer.spool_id == Spool.id)
    )
    return dict(rows.tuples().all())


def test_an_instructor_scans_and_taps_the_printer(lab: Workshop, boris: Finger, blue: str) -> None:
    scan(boris, blue)
    assert "In welchen Drucker?" in boris.words
    boris.tap("Drucker 2")
    assert "Die Spule ist eingelegt." in boris.words
    assert loaded(lab)["P2"] == blue
    scan(boris, blue).tap("Herausnehmen")
    assert loaded(lab)["P2"] is None


def test_the_printer_whose_page_was_open_comes_first(lab: Workshop, boris: Finger, blue: str) -> None:
    scan(boris, blue, on="/kiosk/drucker/P2")
    assert boris.words.index("Drucker 2") < boris.words.index("Drucker 1")


def test_a_retired_printer_takes_no_spool(lab: Workshop, boris: Finger, blue: str) -> None:
    retire(lab.session, lab.printers[1], by_id=lab.boris.id, now=lab.clock.now)
    lab.session.commit()
    scan(boris, blue)
    assert "Drucker 1" in boris.words
    assert "Drucker 2" not in boris.words
    data = {"printer": lab.printers[1].id}
    assert boris.client.post(f"/kiosk/spule/{blue}/einlegen", data=data).status_code == 404
    assert loaded(lab)["P2"] is None


def test_a_trainee_sees_what_it_is_and_loads_nothing(lab: Workshop, amira: Finger, blue: str) -> None:
    scan(amira, blue)
    assert "Rot · PLA" in amira.words
    assert "1.000 g" in amira.words
    assert "In welchen Drucker?" not in amira.words
    data = {"printer": lab.printers[0].id}
    assert amira.client.post(f"/kiosk/spule/{blue}/einlegen", data=data).status_code == 403
    assert amira.client.post(f"/kiosk/spule/{blue}/heraus").status_code == 403


def test_a_spool_is_no_wrong_card(app: Flask, lab: Workshop, blue: str) -> None:
    finger = scan(Finger(app.test_client()), blue)
    assert "Zeigen Sie zuerst Ihre Karte." in finger.words
    assert lab.session.scalars(sa.select(SignInFailure)).all() == []


def test_what_is_elsewhere_or_about_to_print_is_left_alone(lab: Workshop, boris: Finger, blue: str) -> None:
    lab.start(lab.order(1), by=lab.boris)
    data = {"printer": lab.printers[0].id}
    assert boris.client.post(f"/kiosk/spule/{blue}/einlegen", data=data).status_code == 409
    assert boris.client.post("/kiosk/spule/S0/einlegen", data=data).status_code == 404
    assert boris.client.post(f"/kiosk/spule/{blue}/einlegen", data={"printer": 99}).status_code == 404
