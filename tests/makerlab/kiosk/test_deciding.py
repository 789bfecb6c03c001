"""An order at the kiosk: until when it is needed, whom to call, and what an instructor does with one tap."""

from datetime import date

import pytest

from makerlab.kiosk.rules import end_of_week
from makerlab.production.models import FirstPiece, Held, Order, Priority
from tests.makerlab.conftest import NOW
from tests.makerlab.kiosk.finger import Finger
from tests.makerlab.production.conftest import Workshop


@pytest.fixture
def page(lab: Workshop) -> str:
    """Of an order of Amira's."""
    return f"/kiosk/auftrag/{lab.order(3).id}"


def order(lab: Workshop) -> Order:
    lab.forget()
    return lab.session.query(Order).one()


def change(lab: Workshop, **values: object) -> None:
    found = order(lab)
    for name, value in values.items():
        setattr(found, name, value)
    lab.session.commit()


@pytest.mark.parametrize(
    ("today", "friday"),
    [
        (date(2026, 3, 2), date(2026, 3, 6)),
        (date(2026, 3, 6), date(2026, 3, 6)),
        (date(2026, 3, 7), date(2026, 3, 13)),
    ],
)
def test_this_week_ends_on_friday(today: date, friday: date) -> None:
    assert end_of_week(today) == friday


def test_a_trainee_says_until_when_with_one_tap(lab: Workshop, amira: Finger, page: str) -> None:
    amira.open(page).tap("Heute")
    assert order(lab).due_on == NOW.date()
    amira.open(page).tap("Diese Woche")
    assert order(lab).due_on == date(2026, 3, 6)
    amira.open(page).tap("Egal")
    assert order(lab).due_on is None
    assert amira.client.post(f"{page}/bis", data={"day": "2020-01-01"}).status_code == 422


def test_only_an_instructor_says_that_it_is_urgent(
    lab: Workshop, amira: Finger, boris: Finger, page: str
) -> None:
    assert amira.client.post(f"{page}/eilt").status_code == 403
    boris.open(page).tap("Eilt")
    assert order(lab).priority == Priority.URGENT
    boris.open(page).tap("Eilt nicht mehr")
    assert order(lab).priority == Priority.NORMAL


@pytest.mark.parametrize("why", [{"held": "failing"}, {"first_piece": FirstPiece.TO_RELEASE}])
def test_who_is_alone_sees_whom_to_call_and_an_instructor_lets_it_go_on(
    lab: Workshop, amira: Finger, boris: Finger, page: str, why: dict[str, object]
) -> None:
    change(lab, **why)
    alone = amira.open(page)
    assert lab.boris.name in alone.words
    assert "Freigeben" not in alone.words
    assert amira.client.post(f"{page}/freigeben").status_code == 403
    boris.open(page).tap("Freigeben")
    found = order(lab)
    assert (found.held, found.first_piece) in {("", FirstPiece.NONE), ("", FirstPiece.RELEASED)}


def test_a_held_printer_is_lifted_where_it_stands(lab: Workshop, amira: Finger, boris: Finger) -> None:
    here = f"/kiosk/drucker/{lab.printers[0].code}"
    lab.printers[0].held = Held.FAILING
    lab.session.commit()
    assert "Freigeben" not in amira.open(here).words
    assert amira.client.post(f"{here}/freigeben").status_code == 403
    boris.open(here).tap("Freigeben")
    lab.forget()
    assert lab.printers[0].held == Held.NOT
    assert "Der Drucker darf wieder starten." in boris.words


def test_a_large_order_begins_with_one_piece_and_a_small_one_does_not(lab: Workshop, amira: Finger) -> None:
    path = f"/kiosk/neu/{lab.revision.id}/{lab.colour.id}"
    for number, pieces in enumerate((10, 11)):
        amira.client.post(path, data={"pieces": pieces, "token": f"{number}" * 20})
    lab.forget()
    found = [one.first_piece for one in lab.session.query(Order).order_by(Order.id)]
    assert found == [FirstPiece.NONE, FirstPiece.WANTED]
