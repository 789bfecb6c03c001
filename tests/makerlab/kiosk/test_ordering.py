"""A new order: five taps, once only, to be taken back, and still there tomorrow."""

import pytest
import sqlalchemy as sa
import time_machine

from makerlab.catalog.models import Part
from makerlab.kiosk.models import Draft
from makerlab.production.models import Order
from tests.makerlab.conftest import Cast, SignIn
from tests.makerlab.kiosk.conftest import ShowCard
from tests.makerlab.kiosk.finger import Finger
from tests.makerlab.production.conftest import Workshop


def orders(lab: Workshop) -> list[Order]:
    lab.forget()
    return list(lab.session.scalars(sa.select(Order).order_by(Order.id)))


def number_page(lab: Workshop) -> str:
    return f"/kiosk/neu/{lab.revision.id}/{lab.colour.id}"


def test_five_taps_lead_from_the_card_to_a_queued_order(lab: Workshop, show_card: ShowCard) -> None:
    finger = show_card(lab.amira)
    finger.tap("Neuer Auftrag").tap("Untersetzer").tap("Rot").tap("Mehr").tap("Auftrag speichern")
    assert finger.taps <= 5
    assert "Ihr Auftrag ist gespeichert." in finger.words
    (order,) = orders(lab)
    assert (order.pieces, order.placed_by_id, order.product.colour_id) == (2, lab.amira.id, lab.colour.id)


def test_the_number_says_when_it_is_ready_and_what_it_takes(lab: Workshop, amira: Finger) -> None:
    response = amira.client.post(f"{number_page(lab)}/menge", data={"pieces": 4})
    assert "etwa 50 Gramm" in response.text
    assert "in 1 bis 3 Stunden" in response.text


def test_undo_takes_the_order_back_and_keeps_what_was_chosen(lab: Workshop, amira: Finger) -> None:
    amira.open(number_page(lab)).tap("Mehr").tap("Auftrag speichern").tap("Rückgängig machen")
    assert "Der Auftrag ist zurückgenommen." in amira.words
    assert orders(lab)[0].cancel_reason == "undone"
    amira.tap("Weitermachen")
    assert 'value="2"' in amira.response.text


def test_undo_ends_after_its_time(lab: Workshop, amira: Finger, clock: time_machine.Traveller) -> None:
    amira.open(number_page(lab)).tap("Auftrag speichern")
    late = amira.screen
    clock.shift(lab.settings.undo_seconds + 6)
    amira.open(amira.path)
    assert "Rückgängig machen" not in amira.words
    undo = next(attrs["action"] for attrs, _fields in late.forms if attrs["action"].endswith("/zurueck"))
    assert amira.client.post(undo).status_code == 409
    assert orders(lab)[0].cancelled_at is None


def test_the_draft_is_there_after_signing_in_again(lab: Workshop, show_card: ShowCard) -> None:
    first = show_card(lab.amira)
    first.open(number_page(lab)).tap("Mehr").tap("Abmelden")
    again = show_card(lab.amira)
    again.tap("Weitermachen")
    assert again.path == number_page(lab)
    assert 'value="2"' in again.response.text


def test_nobody_sees_the_draft_of_somebody_else(lab: Workshop, show_card: ShowCard) -> None:
    show_card(lab.amira).open(number_page(lab))
    assert "Weitermachen" not in show_card(lab.boris).open("/kiosk/start").words


def test_the_same_form_posted_twice_is_one_order(lab: Workshop, amira: Finger) -> None:
    amira.open(number_page(lab))
    fields = next(fields for attrs, fields in amira.screen.forms if attrs.get("id") == "order-form")
    first = amira.client.post(number_page(lab), data=fields)
    second = amira.client.post(number_page(lab), data=fields)
    assert first.location == second.location
    assert len(orders(lab)) == 1


def test_a_form_of_somebody_else_orders_nothing(lab: Workshop, amira: Finger, boris: Finger) -> None:
    amira.open(number_page(lab))
    fields = next(fields for attrs, fields in amira.screen.forms if attrs.get("id") == "order-form")
    amira.client.post(number_page(lab), data=fields)
    assert boris.client.post(number_page(lab), data=fields).status_code == 409
    assert [order.placed_by_id for order in orders(lab)] == [lab.amira.id]


@pytest.mark.parametrize("pieces", ["0", "-1", "51", "", "1e309", "9" * 30, "1,5"])
def test_odd_numbers_are_refused(lab: Workshop, amira: Finger, pieces: str) -> None:
    response = amira.client.post(number_page(lab), data={"pieces": pieces, "token": "t" * 32})
    assert response.status_code == 422
    assert orders(lab) == []


def test_a_form_without_its_token_is_refused(lab: Workshop, amira: Finger) -> None:
    assert amira.client.post(number_page(lab), data={"pieces": "1"}).status_code == 422


def test_what_is_not_approved_cannot_be_chosen(lab: Workshop, amira: Finger) -> None:
    lab.revision.fingerprint = "0" * 64
    lab.session.commit()
    assert "Untersetzer" not in amira.open("/kiosk/neu").words
    assert amira.client.get(f"/kiosk/neu/{lab.revision.id}").status_code == 404


def test_a_colour_without_filament_cannot_be_chosen(lab: Workshop, amira: Finger) -> None:
    assert amira.client.get(f"/kiosk/neu/{lab.revision.id}/99").status_code == 404


def test_an_order_of_somebody_else_stays_theirs(
    lab: Workshop, cast: Cast, amira: Finger, boris: Finger, sign_in: SignIn
) -> None:
    order = lab.order(1, by=lab.boris)
    page = f"/kiosk/auftrag/{order.id}"
    assert amira.client.get(page).status_code == 404
    assert amira.client.post(f"{page}/zurueck").status_code == 404
    assert boris.client.get(page).status_code == 200
    assert sign_in(cast.dilek).get(page).status_code == 403


def test_choosing_keeps_one_draft_a_person(lab: Workshop, amira: Finger) -> None:
    amira.open(f"/kiosk/neu/{lab.revision.id}").open(number_page(lab)).open(number_page(lab))
    lab.forget()
    (draft,) = lab.session.scalars(sa.select(Draft))
    assert draft.choice["colour"] == lab.colour.id


def test_a_lamp_of_several_parts_is_ordered_and_taken_back_in_the_same_taps(
    lab: Workshop, lamp: Part, amira: Finger
) -> None:
    amira.open(number_page(lab)).tap("Mehr").tap("Auftrag speichern")
    assert "Untersetzer · Schirm" in amira.words
    assert "Dazu gehören: Untersetzer · Fuß" in " ".join(amira.words.split())
    assert [(one.part_id, one.pieces) for one in orders(lab)] == [(None, 2), (lamp.id, 8)]
    amira.tap("Rückgängig machen").tap("Weitermachen")
    assert 'value="2"' in amira.response.text
    assert all(one.cancelled_at for one in orders(lab))


def test_what_is_missing_for_one_part_is_not_offered(lab: Workshop, lamp: Part, amira: Finger) -> None:
    lamp.material = "petg"
    lab.session.commit()
    assert "Untersetzer" not in amira.open("/kiosk/neu").words
    assert amira.client.get(number_page(lab)).status_code == 404
