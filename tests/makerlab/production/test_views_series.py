"""What an instructor decides about an order, by the desk's own forms; and what nobody else may."""

from datetime import timedelta

import pytest

from makerlab.core.clock import utcnow
from makerlab.production.models import CopyState, FirstPiece, Order, Priority, Purpose
from tests.makerlab.conftest import Cast, SignIn
from tests.makerlab.production.conftest import Workshop

VERBS = (
    "aendern",
    "anhalten",
    "freigeben",
    "erstes-stueck/freigeben",
    "erstes-stueck/ablehnen",
    "charge",
    "zurueck",
)


@pytest.fixture
def order(workshop: Workshop) -> Order:
    return workshop.order(3)


def fresh(workshop: Workshop, order: Order) -> Order:
    workshop.forget()
    return workshop.session.get_one(Order, order.id)


@pytest.mark.parametrize("name", ["amira", "guel", "emil", "dilek"])
def test_only_instructors_decide(
    workshop: Workshop, order: Order, cast: Cast, sign_in: SignIn, name: str
) -> None:
    client = sign_in(getattr(cast, name))
    for verb in (*VERBS, "neu-aufteilen"):
        assert client.post(f"/auftraege/{order.id}/{verb}", data={"reason": "x"}).status_code == 403, verb
    assert client.post(f"/drucker/{workshop.printers[0].id}/freigeben").status_code == 403


def test_an_order_has_a_priority_a_day_a_lot_and_somebody_it_is_for(
    workshop: Workshop, cast: Cast, sign_in: SignIn
) -> None:
    workshop.printers[1].spool.lot = "L2"
    workshop.session.commit()
    client, path = sign_in(cast.boris), f"/auftraege/neu/{workshop.revision.id}"
    page = client.get(path).text
    assert "nur Charge" in page
    tomorrow = (utcnow() + timedelta(days=2)).date()
    form = {
        "colour_id": f"{workshop.colour.id}:L1", "pieces": "12", "due_on": tomorrow.isoformat(),
        "priority": "1", "purpose": "event", "recipient": "Werkschau Frühling", "form_token": "f" * 24,
    }  # fmt: skip
    assert client.post(path, data=form | {"recipient": ""}).status_code == 422
    assert client.post(path, data=form | {"colour_id": f"{workshop.colour.id}:L9"}).status_code == 422
    answer = client.post(path, data=form, follow_redirects=True)
    workshop.forget()
    placed = workshop.session.query(Order).one()
    assert (placed.priority, placed.purpose, placed.recipient) == (1, Purpose.EVENT, "Werkschau Frühling")
    assert (placed.lot, placed.due_on, placed.first_piece) == ("L1", tomorrow, FirstPiece.WANTED)
    assert "Werkschau Frühling" in answer.text
    assert "Erst entsteht ein Stück." in answer.text
    assert "Rückgängig machen" in answer.text
    assert "zurückgenommen" in client.post(f"/auftraege/{placed.id}/zurueck", follow_redirects=True).text
    workshop.forget()
    assert workshop.session.query(Order).one().cancel_reason == "undone"


def test_priority_and_day_are_changed(workshop: Workshop, order: Order, cast: Cast, sign_in: SignIn) -> None:
    client, day = sign_in(cast.boris), (utcnow() + timedelta(days=3)).date()
    form = {"priority": "1", "due_on": day.isoformat()}
    page = client.post(f"/auftraege/{order.id}/aendern", data=form, follow_redirects=True).text
    assert "Eilt" in page
    found = fresh(workshop, order)
    assert (found.priority, found.due_on) == (Priority.URGENT, day)
    for wrong in ({"priority": "7"}, {"priority": "0", "due_on": "gestern"}, {"due_on": "2020-01-01"}):
        answer = client.post(f"/auftraege/{order.id}/aendern", data={"priority": "1"} | wrong)
        assert answer.status_code == 422, wrong
    client.post(f"/auftraege/{order.id}/aendern", data={"priority": "-1", "due_on": ""})
    found = fresh(workshop, order)
    assert (found.priority, found.due_on) == (Priority.LOW, None)


def test_a_held_order_says_so_and_why_until_it_is_released_with_one_tap(
    workshop: Workshop, order: Order, cast: Cast, sign_in: SignIn
) -> None:
    client, path = sign_in(cast.boris), f"/auftraege/{order.id}"
    assert client.post(f"{path}/anhalten", data={"reason": " "}).status_code == 422
    client.post(f"{path}/anhalten", data={"reason": "Maß <b>prüfen</b>"})
    page = client.get(path).text
    assert "Maß &lt;b&gt;prüfen&lt;/b&gt;" in page
    assert "Eine Anleiterin oder ein Anleiter gibt ihn frei." in page
    assert cast.boris.name in page
    assert "Angehalten" in sign_in(cast.guel).get("/auftraege").text
    client.post(f"{path}/freigeben")
    assert fresh(workshop, order).held == ""


def test_the_sum_of_the_pieces_is_always_on_the_screen(
    workshop: Workshop, order: Order, cast: Cast, sign_in: SignIn
) -> None:
    order.copies[0].state = CopyState.GOOD
    order.copies[1].state = CopyState.GIVEN_UP
    workshop.session.commit()
    page = sign_in(cast.boris).get(f"/auftraege/{order.id}/stand").text
    for kind, number in (("good", 1), ("active", 0), ("open", 1), ("gone", 1), ("all", 3)):
        assert f"<strong><bdi>{number}</bdi></strong>" in page.split(f'<li class="pieces-{kind}">')[1], kind
    assert page.count("<rect") == 3


def test_the_first_piece_is_released_or_rejected_on_its_page(
    workshop: Workshop, order: Order, cast: Cast, sign_in: SignIn
) -> None:
    order.first_piece = FirstPiece.TO_RELEASE
    workshop.session.commit()
    client, path = sign_in(cast.boris), f"/auftraege/{order.id}"
    page = client.get(path).text
    assert "Erstes Stück prüfen" in page
    assert f"{path}/erstes-stueck/ablehnen" in page
    assert "erstes-stueck" not in sign_in(cast.guel).get(path).text
    assert client.post(f"{path}/erstes-stueck/ablehnen").status_code == 422
    client.post(f"{path}/erstes-stueck/freigeben")
    found = fresh(workshop, order)
    assert (found.first_piece, found.released_by_id) == (FirstPiece.RELEASED, cast.boris.id)
    assert client.post(f"{path}/erstes-stueck/freigeben").status_code == 409


def test_the_lot_and_what_is_left_of_it_stand_on_the_page(
    workshop: Workshop, order: Order, cast: Cast, sign_in: SignIn
) -> None:
    client, path = sign_in(cast.boris), f"/auftraege/{order.id}"
    assert "Der erste Start legt die Charge fest." in client.get(path).text
    workshop.forget()
    workshop.start(fresh(workshop, order))
    client.post(f"{path}/charge", data={"lot": "L1", "reason": "so bleiben"})
    page = client.get(path).text
    assert "Noch gebraucht" in page
    assert "In dieser Charge da" in page


def test_a_held_printer_is_lifted_on_its_page(workshop: Workshop, cast: Cast, sign_in: SignIn) -> None:
    printer = workshop.printers[0]
    printer.held, printer.held_at = "failing", workshop.clock.now
    workshop.session.commit()
    client, path = sign_in(cast.boris), f"/drucker/{printer.id}"
    page = client.get(path).text
    assert "Auf diesem Drucker misslangen zwei Drucke nacheinander." in page
    assert f"{path}/freigeben" in page
    assert f"{path}/freigeben" not in sign_in(cast.guel).get(path).text
    client.post(f"{path}/freigeben")
    workshop.forget()
    assert workshop.session.get_one(type(printer), printer.id).held == ""
