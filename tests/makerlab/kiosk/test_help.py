"""Calling an instructor, and being answered."""

from flask import Flask
from sqlalchemy.orm import Session

from makerlab.kiosk.queries import open_calls
from tests.makerlab.kiosk.finger import Finger
from tests.makerlab.production.conftest import Workshop


def test_help_calls_an_instructor_once_until_somebody_comes(
    lab: Workshop, session: Session, amira: Finger, boris: Finger
) -> None:
    for _ in range(2):
        amira.client.post("/kiosk/hilfe", data={"page": "/kiosk/drucker/P1"})
    lab.forget()
    (call,) = open_calls(session)
    assert (call.name, call.page) == ("Amira", "/kiosk/drucker/P1")
    assert "Gleich kommt jemand." in amira.open("/kiosk/hilfe").words
    assert "Amira" in boris.client.get("/kiosk/rufe").text
    assert boris.client.post(f"/kiosk/rufe/{call.id}/da").status_code == 303
    assert boris.client.post(f"/kiosk/rufe/{call.id}/da").status_code == 404
    lab.forget()
    assert open_calls(session) == []


def test_whoever_cannot_sign_in_can_call_too(lab: Workshop, session: Session, app: Flask) -> None:
    finger = Finger(app.test_client()).open("/kiosk/hilfe").tap("Hilfe rufen")
    lab.forget()
    assert [call.name for call in open_calls(session)] == [""]
    finger.tap("Hilfe ist nicht mehr nötig")
    lab.forget()
    assert open_calls(session) == []


def test_only_instructors_see_who_waits(lab: Workshop, amira: Finger) -> None:
    assert amira.client.get("/kiosk/rufe").status_code == 403


def test_help_leads_back_only_to_our_own_pages(lab: Workshop, amira: Finger) -> None:
    page = amira.client.get("/kiosk/hilfe", headers={"Referer": "https://elsewhere.example//evil"})
    assert "evil" not in page.text
