"""The way in and out: cards, PIN, labels, and people who walk away."""

import time_machine
from flask import Flask

from makerlab.people.actions import issue_card
from makerlab.people.models import Account
from makerlab.production.models import Order
from tests.makerlab.conftest import NOW, Cast
from tests.makerlab.kiosk.conftest import ShowCard
from tests.makerlab.kiosk.finger import Finger
from tests.makerlab.production.conftest import Workshop


def kiosk(app: Flask) -> Finger:
    return Finger(app.test_client()).open("/kiosk")


def with_pin(finger: Finger, account: Account, pin: str) -> Finger:
    finger.client.post("/kiosk/nummer", data={"number": account.number})
    finger.response = finger.client.post("/kiosk/pin", data={"pin": pin}, follow_redirects=True)
    return finger


def test_a_card_alone_signs_in_with_a_new_session(lab: Workshop, app: Flask, show_card: ShowCard) -> None:
    finger = show_card(lab.amira)
    before = finger.client.get_cookie("makerlab")
    with finger.client.session_transaction() as stored:
        assert stored["face"] == "kiosk"
    finger.client.post("/abmelden")
    after = finger.client.get_cookie("makerlab")
    assert finger.path == "/kiosk/start"
    assert before is not None
    assert after is None or after.value != before.value


def test_number_and_pin_are_the_other_way(lab: Workshop, app: Flask, pin: str) -> None:
    assert with_pin(kiosk(app), lab.amira, pin).path == "/kiosk/start"


def test_a_wrong_card_gets_one_sentence(lab: Workshop, app: Flask) -> None:
    finger = kiosk(app)
    finger.response = finger.client.post("/kiosk/scannen", data={"code": "F" * 32}, follow_redirects=True)
    assert finger.path == "/kiosk"
    assert "Das hat nicht gepasst." in finger.words


def test_guessing_a_pin_has_to_wait_and_is_told_so_in_words(lab: Workshop, app: Flask, pin: str) -> None:
    finger = kiosk(app)
    for _ in range(5):
        with_pin(finger, lab.amira, "000000")
    with_pin(finger, lab.amira, pin)
    assert "Warten Sie 1 Minute." in finger.words
    assert finger.path == "/kiosk"


def test_whoever_has_no_work_here_is_not_signed_in(lab: Workshop, cast: Cast, show_card: ShowCard) -> None:
    finger = show_card(cast.dilek)
    assert finger.path == "/kiosk"
    assert "Diese Anzeige ist für die Werkstatt." in finger.words
    assert finger.open("/kiosk/start").path == "/kiosk"


def test_a_label_opens_its_printer(lab: Workshop, show_card: ShowCard) -> None:
    finger = show_card(lab.amira)
    for typed in ("P1", "http://lab.example/kiosk/drucker/P1", "http:--lab.example-kiosk-drucker-P1"):
        response = finger.client.post("/kiosk/scannen", data={"code": typed})
        assert response.location == "/kiosk/drucker/P1"


def test_a_label_asks_for_the_card_first(lab: Workshop, app: Flask, pin: str) -> None:
    scanned = kiosk(app)
    scanned.client.post("/kiosk/scannen", data={"code": "P1"})
    scanned.open("/kiosk")
    assert "Danach öffnet sich der Drucker." in scanned.words
    assert "Drucker 1" not in scanned.words
    assert with_pin(scanned, lab.amira, pin).path == "/kiosk/drucker/P1"
    opened = Finger(app.test_client()).open("/kiosk/drucker/P2")
    assert opened.path == "/kiosk"
    assert with_pin(opened, lab.amira, pin).path == "/kiosk/drucker/P2"


def test_the_next_person_shows_a_card_and_is_who_they_are(lab: Workshop, show_card: ShowCard) -> None:
    finger = show_card(lab.amira).open(f"/kiosk/neu/{lab.revision.id}")
    code = issue_card(lab.session, lab.boris, by_id=None, now=NOW)
    finger.response = finger.client.post("/kiosk/scannen", data={"code": code}, follow_redirects=True)
    assert "Boris" in finger.words
    assert "Weitermachen" not in finger.words


def test_who_walked_away_is_signed_out_by_the_server(
    lab: Workshop, show_card: ShowCard, clock: time_machine.Traveller
) -> None:
    finger = show_card(lab.amira)
    clock.shift(lab.settings.kiosk_idle_seconds)
    assert finger.open("/kiosk/start").path == "/kiosk/start"
    clock.shift(lab.settings.kiosk_idle_seconds + 31)
    assert finger.open("/kiosk/auftraege").path == "/kiosk"
    assert "Wir haben Sie abgemeldet." in finger.words


def test_polls_are_no_sign_that_somebody_is_there(
    lab: Workshop, show_card: ShowCard, clock: time_machine.Traveller
) -> None:
    finger = show_card(lab.amira).open("/kiosk/drucker/P1")
    for _ in range(4):
        clock.shift(30)
        poll = finger.client.get("/kiosk/drucker/P1/jetzt")
    assert poll.location == "/kiosk"
    assert finger.open("/kiosk/start").path == "/kiosk"


def test_a_left_session_changes_nothing_any_more(
    lab: Workshop, show_card: ShowCard, clock: time_machine.Traveller
) -> None:
    finger = show_card(lab.amira).open(f"/kiosk/neu/{lab.revision.id}/{lab.colour.id}")
    clock.shift(lab.settings.kiosk_idle_seconds + 31)
    assert finger.tap("Auftrag speichern").path == "/kiosk"
    lab.forget()
    assert lab.session.query(Order).count() == 0


def test_a_desk_is_not_signed_out_by_the_kiosk(
    lab: Workshop, boris: Finger, clock: time_machine.Traveller
) -> None:
    boris.open("/kiosk/start")
    clock.shift(3600)
    assert boris.open("/kiosk/start").path == "/kiosk/start"


def test_a_page_that_nobody_uses_begins_anew(lab: Workshop, app: Flask) -> None:
    assert kiosk(app).client.get("/kiosk/wach").headers["HX-Redirect"] == "/kiosk"


def test_nothing_is_kept_by_the_browser(lab: Workshop, show_card: ShowCard) -> None:
    finger = show_card(lab.amira)
    for page in ("/kiosk/start", "/kiosk/auftraege", "/kiosk/drucker/P1"):
        assert finger.client.get(page).headers["Cache-Control"] == "no-store"
