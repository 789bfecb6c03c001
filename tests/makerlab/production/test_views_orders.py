"""Orders, runs and the condition of the house on the desk."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from makerlab.catalog.models import Part
from makerlab.core.audit import AuditLine
from makerlab.core.clock import utcnow
from makerlab.core.health import beat
from makerlab.fleet.retiring import retire
from makerlab.production.collecting import collect
from makerlab.production.models import CopyState, Order
from makerlab.production.pages import condition
from makerlab.production.pages.orders import state_of
from makerlab.production.queries import pieces_of
from makerlab.production.states import AttemptState as A
from tests.makerlab.conftest import Cast, SignIn
from tests.makerlab.production.conftest import Workshop
from tests.makerlab.production.test_views_printers import NAUGHTY, TO_PRINTING, counted, move


@pytest.mark.parametrize(
    ("name", "status"),
    [("amira", 403), ("dilek", 403), ("fatma", 403), ("boris", 200), ("guel", 200), ("emil", 200)],
)
def test_who_sees_orders(workshop: Workshop, cast: Cast, sign_in: SignIn, name: str, status: int) -> None:
    order_id = workshop.order().id
    client = sign_in(getattr(cast, name))
    for path in ("", f"/{order_id}", f"/{order_id}/stand"):
        assert client.get(f"/auftraege{path}").status_code == status


@pytest.mark.parametrize("name", ["amira", "guel", "emil"])
def test_only_instructors_place_and_cancel(
    workshop: Workshop, cast: Cast, sign_in: SignIn, name: str
) -> None:
    order_id, revision_id = workshop.order().id, workshop.revision.id
    client = sign_in(getattr(cast, name))
    assert client.get("/auftraege/neu").status_code == 403
    assert client.post(f"/auftraege/neu/{revision_id}").status_code == 403
    assert client.post(f"/auftraege/{order_id}/absagen").status_code == 403


def test_the_pieces_of_an_order_always_add_up(workshop: Workshop, cast: Cast, sign_in: SignIn) -> None:
    order = workshop.order(3)
    attempt = move(workshop, workshop.start(order), *TO_PRINTING, A.REPORTED_DONE)
    collect(workshop.session, attempt, good=2, scrap_reason="warped", by=cast.boris, now=workshop.clock.now)
    workshop.session.commit()
    pieces = pieces_of(workshop.session, [order.id])[order.id]
    assert pieces.adds_up()
    assert (pieces.good, pieces.open, pieces.scrap) == (2, 1, 1)
    page = sign_in(cast.boris).get(f"/auftraege/{order.id}").text
    assert "2 gut, 1 Ausschuss" in page
    assert "1 Stück wartet auf eine Platte." in page
    assert "Verzogen" in page


def test_an_order_says_what_it_waits_for_at_each_printer(
    workshop: Workshop, cast: Cast, sign_in: SignIn
) -> None:
    order = workshop.order()
    workshop.printers[1].out_of_service = "Düse"
    workshop.session.commit()
    page = sign_in(cast.boris).get(f"/auftraege/{order.id}").text
    assert "Kann starten" in page
    assert "Der Drucker ist außer Betrieb." in page


def test_orders_are_found_by_object_person_number_and_state(
    workshop: Workshop, cast: Cast, sign_in: SignIn
) -> None:
    order = workshop.order()
    client, link = sign_in(cast.boris), f'/auftraege/{order.id}"'
    workshop.forget()
    for query in (
        "",
        "?q=unters",
        "?q=AMIRA",
        f"?q={order.id}",
        f"?q=%23{order.id}",
        "?stand=alle",
        "?stand=x&seite=-3",
    ):
        assert link in client.get(f"/auftraege{query}").text, query
    for query in (
        "?q=vase",
        "?q=%25",
        "?q=_",
        f"?q={2**90}",
        "?stand=fertig",
        "?stand=abgesagt",
        "?seite=99999999999",
    ):
        assert link not in client.get(f"/auftraege{query}").text, query


@pytest.mark.parametrize("text", [NAUGHTY, "\x00", "%", "' OR 1=1 --", "ß" * 500, "²", "\ud83d"])
def test_naughty_searches_find_nothing_and_break_nothing(cast: Cast, sign_in: SignIn, text: str) -> None:
    page = sign_in(cast.boris).get("/auftraege", query_string={"q": text.encode("utf-8", "replace")})
    assert page.status_code == 200
    assert "<img src=x" not in page.text


def test_the_list_asks_as_much_for_thirty_orders_as_for_three(
    workshop: Workshop, cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.boris)
    for _ in range(3):
        workshop.order()
    client.get("/auftraege")  # the first request of a browser also writes its session
    with counted() as few:
        client.get("/auftraege")
    for _ in range(27):
        workshop.order()
    with counted() as many:
        assert client.get("/auftraege").text.count("design-picture-small") == 30
    assert len(many) == len(few)


def test_cancelling_needs_a_reason_and_gives_up_what_is_open(
    workshop: Workshop, cast: Cast, sign_in: SignIn
) -> None:
    order = workshop.order()
    order_id, client = order.id, sign_in(cast.boris)
    workshop.forget()
    assert client.post(f"/auftraege/{order_id}/absagen", data={"reason": " \x00"}).status_code == 422
    assert client.post(f"/auftraege/{order_id}/absagen", data={"reason": NAUGHTY}).status_code == 303
    workshop.forget()
    assert {copy.state for copy in order.copies} == {CopyState.GIVEN_UP}
    assert state_of(order, pieces_of(workshop.session, [order_id])[order_id]) == "cancelled"
    workshop.forget()
    page = client.get(f"/auftraege/{order_id}").text
    assert "&lt;img src=x" in page
    assert "<img src=x" not in page


def test_an_instructor_orders_for_the_stock_and_the_same_form_makes_one_order(
    workshop: Workshop, cast: Cast, sign_in: SignIn
) -> None:
    client, revision_id, colour_id = sign_in(cast.boris), workshop.revision.id, workshop.colour.id
    assert "Untersetzer" in client.get("/auftraege/neu").text
    assert "Rot" in client.get(f"/auftraege/neu/{revision_id}").text
    form = {"colour_id": colour_id, "pieces": "7", "due_on": "2999-01-31", "form_token": "t" * 32}
    workshop.forget()
    answers = [client.post(f"/auftraege/neu/{revision_id}", data=form) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    workshop.forget()
    order = workshop.session.scalars(sa.select(Order)).one()
    assert (order.pieces, len(order.copies), str(order.due_on)) == (7, 7, "2999-01-31")


@pytest.mark.parametrize(
    "wrong",
    [{"pieces": "0"}, {"pieces": "501"}, {"pieces": "x"}, {"colour_id": "77"}, {"colour_id": ""},
     {"due_on": "2001-01-01"}, {"due_on": "never"}, {"form_token": ""}],
)  # fmt: skip
def test_a_wrong_order_comes_back_with_what_is_wrong(
    workshop: Workshop, cast: Cast, sign_in: SignIn, wrong: dict[str, str]
) -> None:
    client, revision_id, colour_id = sign_in(cast.boris), workshop.revision.id, workshop.colour.id
    workshop.forget()
    form = {"colour_id": colour_id, "pieces": "2", "due_on": "", "form_token": "t" * 32, **wrong}
    answer = client.post(f"/auftraege/neu/{revision_id}", data=form)
    assert answer.status_code == 422
    assert workshop.session.scalars(sa.select(Order)).first() is None


def test_what_is_not_approved_is_not_ordered(workshop: Workshop, cast: Cast, sign_in: SignIn) -> None:
    client, revision_id, colour_id = sign_in(cast.boris), workshop.revision.id, workshop.colour.id
    workshop.revision.fingerprint = "0" * 64
    workshop.session.commit()
    assert "Untersetzer" not in client.get("/auftraege/neu").text
    form = {"colour_id": colour_id, "pieces": "2", "form_token": "t" * 32}
    answer = client.post(f"/auftraege/neu/{revision_id}", data=form)
    assert answer.status_code == 409
    assert "nicht freigegeben" in answer.text


def test_runs_are_ones_own_or_an_instructors_who_is_written_down(
    workshop: Workshop, cast: Cast, sign_in: SignIn
) -> None:
    attempt = move(workshop, workshop.start(workshop.order()), *TO_PRINTING, A.REPORTED_DONE)
    collect(workshop.session, attempt, good=2, scrap_reason="", by=cast.amira, now=workshop.clock.now)
    workshop.session.commit()
    path, reading = (
        f"/personen/{cast.amira.id}/laeufe",
        sa.select(AuditLine).where(AuditLine.action == "account.read"),
    )
    mine = sign_in(cast.amira).get(path)
    assert mine.status_code == 200
    for word in ("Untersetzer", "Drucker 1", "Gestartet", "Abgenommen", "Geprüft"):
        assert word in mine.text
    assert workshop.session.scalars(reading).first() is None
    workshop.forget()
    for other in (cast.dilek, cast.fatma, cast.guel, cast.emil):
        assert sign_in(other).get(path).status_code == 403
    assert sign_in(cast.amira).get(f"/personen/{cast.boris.id}/laeufe").status_code == 403
    assert sign_in(cast.boris).get(path).status_code == 200
    workshop.forget()
    line = workshop.session.scalars(reading).one()
    assert (line.actor_id, line.subject) == (cast.boris.id, f"account:{cast.amira.id}")


def test_healthz_is_503_until_everything_is_there(
    workshop: Workshop, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = workshop_client(workshop)
    monkeypatch.setattr(condition.shutil, "which", lambda name: f"/usr/bin/{name}")
    dead = client.get("/healthz")
    assert (dead.status_code, dead.json["worker"], dead.json["database"]) == (503, False, True)
    for name in ("work", "slice"):
        beat(workshop.session, name, now=utcnow())
    workshop.session.commit()
    good = client.get("/healthz")
    assert good.status_code == 200
    assert good.json == {
        "status": "ok", "database": True, "worker": True, "slicing_worker": True, "slicer": True,
        "printers": {"operational": 2},
    }  # fmt: skip
    monkeypatch.setattr(condition.shutil, "which", lambda _name: None)
    assert client.get("/healthz").status_code == 503


def test_a_retired_printer_is_not_counted(workshop: Workshop) -> None:
    retire(workshop.session, workshop.printers[1], by_id=workshop.boris.id, now=utcnow())
    workshop.session.commit()
    assert workshop_client(workshop).get("/healthz").json["printers"] == {"operational": 1}


def workshop_client(workshop: Workshop):  # type: ignore[no-untyped-def]
    """A browser in which nobody is signed in."""
    from flask import current_app

    workshop.forget()
    return current_app.test_client()


def test_healthz_says_when_the_database_is_gone(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> bool:
        raise OperationalError("select", {}, Exception("disk I/O error"))

    monkeypatch.setattr(condition, "alive", gone)
    answer = workshop_client(workshop).get("/healthz")
    assert (answer.status_code, answer.json["database"], answer.json["printers"]) == (503, False, {})
    assert "disk" not in answer.text


def test_the_condition_in_words_names_missing_layers(
    workshop: Workshop, cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(condition, "layers", lambda: {"no_network": False, "memory": True})
    page = sign_in(cast.boris).get("/zustand").text
    assert "ohne Netz" in page
    assert "makerlab work" in page
    assert "Grenze für Speicher" not in page
    assert sign_in(cast.amira).get("/zustand").status_code == 403
    assert sign_in(cast.guel).get("/zustand").status_code == 403


def test_of_several_parts_each_has_a_colour_and_an_order_and_may_be_left_out(
    workshop: Workshop, lamp: Part, cast: Cast, sign_in: SignIn
) -> None:
    client, path = sign_in(cast.boris), f"/auftraege/neu/{workshop.revision.id}"
    page = client.get(path).text
    assert "Schirm" in page
    assert "Fuß · 4 ×" in page
    form = {
        "part_0": str(workshop.colour.id), "part_1": str(workshop.colour.id), "pieces": "2", "priority": "0",
        "purpose": "stock", "form_token": "f" * 24,
    }  # fmt: skip
    assert client.post(path, data=form | {"part_1": "999"}).status_code == 422
    assert client.post(path, data=form | {"part_0": "0", "part_1": "0"}).status_code == 422
    assert client.post(path, data=form | {"pieces": "126"}).status_code == 422
    shown = client.post(path, data=form, follow_redirects=True).text
    workshop.forget()
    shades, feet = orders_of(workshop)
    assert [(one.name, one.pieces) for one in (shades, feet)] == [
        ("Untersetzer · Schirm", 2),
        ("Untersetzer · Fuß", 8),
    ]
    assert "Die anderen Teile" in shown
    assert f"/auftraege/{feet.id}" in shown
    assert "Untersetzer · Schirm" in client.get("/auftraege?q=schirm").text
    assert client.get("/auftraege?q=schirm").text.count("Untersetzer · Fuß") == 0
    cancelled = {"reason": "Der Schirm ist falsch.", "all": "1"}
    client.post(f"/auftraege/{shades.id}/absagen", data=cancelled)
    workshop.forget()
    assert all(one.cancelled_at for one in orders_of(workshop))


def orders_of(workshop: Workshop) -> list[Order]:
    return list(workshop.session.scalars(sa.select(Order).order_by(Order.id)))
