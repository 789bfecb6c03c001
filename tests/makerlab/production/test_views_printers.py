"""The wall and the pages of printers and attempts: who may, what they show, what they refuse."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from makerlab.catalog.models import Agreement, Design, Partner, Review, Revision
from makerlab.catalog.states import Verdict
from makerlab.core.database import db
from makerlab.fleet.models import Bed, Printer, Sight
from makerlab.materials.actions import receive_spool
from makerlab.materials.models import Colour, FilamentMovement
from makerlab.production.attempts import change
from makerlab.production.matching import Filament
from makerlab.production.models import Attempt
from makerlab.production.pages.board import Card, cards
from makerlab.production.pages.needs import Need
from makerlab.production.states import AttemptState as A
from makerlab.production.survey import survey
from makerlab.stock.models import StockMovement
from tests.makerlab.conftest import Cast, SignIn
from tests.makerlab.production.conftest import Workshop

NAUGHTY = "<img src=x onerror=alert(1)>\"'{{7*7}}"
TO_PRINTING = (A.UPLOADING, A.VERIFIED, A.START_SENT, A.PRINTING)


def move(workshop: Workshop, attempt: Attempt, *states: A) -> Attempt:
    for state in states:
        assert change(workshop.session, attempt, state, now=workshop.clock.now)
        workshop.session.refresh(attempt)
    workshop.session.commit()
    return attempt


def shown_cards(workshop: Workshop) -> list[Card]:
    """The wall as it is now."""
    return cards(survey(workshop.session, now=workshop.clock.now))


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent to the database meanwhile."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            said.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield said
    event.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    ("name", "status"),
    [("amira", 403), ("dilek", 403), ("fatma", 403), ("boris", 200), ("guel", 200), ("emil", 200)],
)
def test_who_sees_the_wall(workshop: Workshop, cast: Cast, sign_in: SignIn, name: str, status: int) -> None:
    client = sign_in(getattr(cast, name))
    for path in (
        "",
        "/wand",
        "/stand",
        "/wand/stand",
        f"/{workshop.printers[0].id}",
        f"/{workshop.printers[0].id}/stand",
    ):
        assert client.get(f"/drucker{path}").status_code == status, path


@pytest.mark.parametrize("name", ["amira", "dilek", "guel", "emil"])
def test_only_instructors_act(workshop: Workshop, cast: Cast, sign_in: SignIn, name: str) -> None:
    printer_id, attempt_id = workshop.printers[0].id, workshop.start(workshop.order()).id
    client = sign_in(getattr(cast, name))
    for path in ("spule", "spule/heraus", "bett", "ausser-betrieb", "in-betrieb"):
        assert client.post(f"/drucker/{printer_id}/{path}").status_code == 403, path
    for path in ("wunsch", "abholen"):
        assert client.post(f"/laeufe/{attempt_id}/{path}").status_code == 403, path


def test_the_wall_shows_who_prints_what(workshop: Workshop, cast: Cast, sign_in: SignIn) -> None:
    attempt = move(workshop, workshop.start(workshop.order()), *TO_PRINTING)
    attempt.progress = 0.42
    workshop.session.commit()
    page = sign_in(cast.boris).get("/drucker/stand").text
    assert "Untersetzer" in page
    assert "Amira" in page
    assert "42 %" in page


def test_a_poll_of_what_did_not_change_is_a_304(workshop: Workshop, cast: Cast, sign_in: SignIn) -> None:
    move(workshop, workshop.start(workshop.order()), *TO_PRINTING)
    client = sign_in(cast.boris)
    order_id = workshop.session.scalars(sa.select(Attempt)).one().plate.order_id
    workshop.session.commit()
    paths = (
        "/drucker/stand",
        "/drucker/wand/stand",
        f"/drucker/{workshop.printers[0].id}/stand",
        f"/auftraege/{order_id}/stand",
    )
    for path in paths:
        first = client.get(path)
        assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304, path
        assert "csrf" not in first.text


def test_who_has_to_act_stands_first(workshop: Workshop) -> None:
    move(workshop, workshop.start(workshop.order(), number=1), *TO_PRINTING, A.UNKNOWN)
    shown = shown_cards(workshop)
    assert [card.need for card in shown] == [Need.UNCLEAR, Need.CLEAR_BED]


def test_no_plate_is_proposed_to_two_printers(workshop: Workshop) -> None:
    workshop.order()
    shown = shown_cards(workshop)
    assert sorted(card.need for card in shown) == [Need.CLEAR_BED, Need.START]
    workshop.order()
    shown = shown_cards(workshop)
    assert len({card.next.id for card in shown if card.next}) == 2


def test_the_wrong_colour_asks_for_another_spool(workshop: Workshop) -> None:
    workshop.order()
    blue = Colour(name="Blau", hex="#0000aa")
    workshop.session.add(blue)
    workshop.session.flush()
    for printer in workshop.printers:
        printer.spool.colour_id = blue.id  # type: ignore[union-attr]
    workshop.session.commit()
    first = shown_cards(workshop)[0]
    assert (first.need, first.help and first.help.on_shelf) == (Need.STUCK, False)  # it has to be bought
    spool = receive_spool(
        workshop.session, material="pla", colour=workshop.colour, lot="L7", maker="M", tare_g=200, net_g=1000,
        by_id=workshop.boris.id, now=workshop.clock.now,
    )  # fmt: skip
    workshop.session.commit()
    first = shown_cards(workshop)[0]
    assert (first.need, first.load) == (Need.CHANGE_SPOOL, Filament("pla", spool.colour_id, "L7"))


POLLED = {
    "boris": ("/drucker/stand", "/drucker/wand/stand", "/drucker/1/stand"),
    "amira": ("/kiosk/start", "/kiosk/drucker/jetzt", "/kiosk/drucker/P2"),
}


def test_wall_and_kiosk_ask_as_much_for_thirty_printers_as_for_three(
    workshop: Workshop, cast: Cast, sign_in: SignIn
) -> None:
    clients = {name: sign_in(getattr(cast, name)) for name in POLLED}

    def asked() -> dict[str, int]:
        found = {}
        for name, paths in POLLED.items():
            for path in paths:
                clients[name].get(path)  # the first request of a browser also writes its session
                with counted() as said:
                    assert clients[name].get(path).status_code == 200
                found[path] = len(said)
        return found

    _grow(workshop, 3)
    few = asked()
    _grow(workshop, 30)
    assert asked() == few
    assert clients["boris"].get("/drucker/stand").text.count("printer-card") >= 30


def _grow(workshop: Workshop, to: int) -> None:
    """Printers up to `to`, half of them printing, and as many orders waiting."""
    session, first = workshop.session, workshop.printers[0]
    for number in range(session.query(Printer).count() + 1, to + 1):
        printer = Printer(
            code=f"P{number}", name=f"Drucker {number}", machine="prusa-mk3s", site_id=first.site_id,
            url="http://127.0.0.1:1", key_encrypted="",
        )  # fmt: skip
        spool = receive_spool(
            session, material="pla", colour=workshop.colour, lot="L", maker="M", tare_g=200, net_g=1000,
            by_id=workshop.boris.id, now=workshop.clock.now,
        )  # fmt: skip
        printer.spool_id, printer.sight = spool.id, Sight(state="operational")
        session.add(printer)
        session.flush()
        workshop.printers.append(printer)
        if number % 2:
            move(workshop, workshop.start(workshop.order(), number=number - 1), *TO_PRINTING)
        workshop.order()
    session.commit()


def test_agreements_of_many_partners_are_read_at_once(workshop: Workshop) -> None:
    session, day = workshop.session, workshop.clock.now.date()
    for number in range(4):
        partner = Partner(name=f"Studio {number}")
        design = Design(
            name=f"D{number}", partner=partner, created_by_id=workshop.boris.id, created_at=workshop.clock.now
        )
        session.add(design)
        session.flush()
        if number:
            session.add(Agreement(partner_id=partner.id, pieces=None, starts_on=day, ends_on=None))
        order = workshop.order()
        order.revision = _revision_of(workshop, design, number)
    session.commit()
    session.expire_all()
    with counted() as said:
        shown = shown_cards(workshop)
    assert sum("FROM agreement" in one for one in said) == 1
    proposed = {card.next.piece.name for card in shown if card.next}
    assert proposed == {"D1", "D2"}  # the studio without an agreement allows nothing


def _revision_of(workshop: Workshop, design: Design, number: int) -> Revision:
    first, digest = workshop.revision, f"{number:064d}"
    revision = Revision(
        design=design,
        number=1,
        file_name="a.stl",
        file_sha256=digest,
        mesh_sha256=digest,
        picture_sha256=digest,
        preview_sha256=digest,
        process="0.20",
        material="pla",
        fingerprint=digest,
        width_mm=9,
        depth_mm=9,
        height_mm=9,
        volume_mm3=9,
        report={},
        submitted_by_id=first.submitted_by_id,
        submitted_at=workshop.clock.now,
    )
    review = Review(
        revision=revision,
        reviewer_id=first.reviews[0].reviewer_id,
        verdict=Verdict.APPROVED,
        fingerprint=digest,
        at=workshop.clock.now,
    )
    workshop.session.add_all([revision, review])
    workshop.session.flush()
    return revision


def test_naughty_names_do_no_harm(workshop: Workshop, cast: Cast, sign_in: SignIn) -> None:
    printer, sight = workshop.printers[0], workshop.printers[0].sight
    printer.name, printer.out_of_service = NAUGHTY, NAUGHTY
    sight.text, sight.file, sight.foreign, sight.alarm = NAUGHTY, NAUGHTY, True, NAUGHTY[:32]
    sight.temperatures = {NAUGHTY: [20, None]}
    workshop.session.commit()
    client = sign_in(cast.boris)
    for path in ("/drucker", "/drucker/wand", f"/drucker/{printer.id}", f"/drucker/{printer.id}/etikett"):
        page = client.get(path)
        assert page.status_code == 200
        assert "<img src=x" not in page.text
        assert "&lt;img src=x" in page.text


@pytest.mark.parametrize("id_", [0, 999, 2**31 - 1, 2**31, 2**70])
def test_what_is_not_there_is_a_404(cast: Cast, sign_in: SignIn, id_: int) -> None:
    client = sign_in(cast.boris)
    for path in (
        f"/drucker/{id_}",
        f"/laeufe/{id_}",
        f"/auftraege/{id_}",
        f"/auftraege/neu/{id_}",
        f"/personen/{id_}/laeufe",
    ):
        assert client.get(path).status_code == 404, path


def test_an_instructor_loads_and_unloads_a_spool(workshop: Workshop, cast: Cast, sign_in: SignIn) -> None:
    one, other = workshop.printers
    one_id, spool = one.id, other.spool
    assert spool is not None
    code, name = spool.code, other.name
    client = sign_in(cast.boris)
    workshop.forget()
    refused = client.post(f"/drucker/{one_id}/spule", data={"code": code})
    assert refused.status_code == 409
    assert name in refused.text
    client.post(f"/drucker/{other.id}/spule/heraus")
    workshop.forget()
    assert client.post(f"/drucker/{one_id}/spule", data={"code": code.lower()}).status_code == 303
    workshop.forget()
    assert (one.spool and one.spool.code) == code


@pytest.mark.parametrize(
    "form", [{}, {"spool_id": "x"}, {"spool_id": str(2**80)}, {"code": "\x00'--"}, {"code": "SNONE00000"}]
)
def test_a_spool_nobody_knows_is_a_sentence(
    workshop: Workshop, cast: Cast, sign_in: SignIn, form: dict[str, str]
) -> None:
    answer = sign_in(cast.boris).post(f"/drucker/{workshop.printers[0].id}/spule", data=form)
    assert answer.status_code == 404
    assert "Spule" in answer.text


def test_the_bed_is_not_declared_clear_under_an_open_print(
    workshop: Workshop, cast: Cast, sign_in: SignIn
) -> None:
    printer = workshop.printers[0]
    printer_id = printer.id
    workshop.start(workshop.order())
    client = sign_in(cast.boris)
    assert client.post(f"/drucker/{printer_id}/bett", data={"bed": "clear"}).status_code == 409
    workshop.forget()
    other = workshop.printers[1]
    other.sight.state, other.sight.foreign = "printing", True
    workshop.session.commit()
    assert client.post(f"/drucker/{other.id}/bett", data={"bed": "clear"}).status_code == 409
    workshop.forget()
    other.sight.state = "operational"
    workshop.session.commit()
    assert client.post(f"/drucker/{other.id}/bett", data={"bed": "clear"}).status_code == 303
    workshop.forget()
    assert other.bed is Bed.CLEAR
    assert client.post(f"/drucker/{other.id}/bett", data={"bed": "melted"}).status_code == 422


def test_steering_needs_a_known_wish_and_reason(workshop: Workshop, cast: Cast, sign_in: SignIn) -> None:
    attempt = move(workshop, workshop.start(workshop.order()), *TO_PRINTING)
    attempt_id = attempt.id
    client = sign_in(cast.boris)
    workshop.forget()
    for form in ({}, {"wish": "explode"}, {"wish": "cancel"}, {"wish": "pause", "reason": NAUGHTY}):
        assert client.post(f"/laeufe/{attempt_id}/wunsch", data=form).status_code == 422, form
    good = {"wish": "cancel", "reason": "wrong_object"}
    assert client.post(f"/laeufe/{attempt_id}/wunsch", data=good).status_code == 303
    workshop.forget()
    assert (attempt.wish, attempt.wish_reason) == ("cancel", "wrong_object")


def test_an_instructor_decides_that_an_unclear_print_never_ran(
    workshop: Workshop, cast: Cast, sign_in: SignIn
) -> None:
    attempt = move(workshop, workshop.start(workshop.order()), *TO_PRINTING, A.UNKNOWN)
    attempt_id, before = attempt.id, workshop.session.query(FilamentMovement).count()
    client = sign_in(cast.boris)
    page = client.get(f"/laeufe/{attempt_id}").text
    assert "Nichts gedruckt" in page
    workshop.forget()
    assert client.post(f"/laeufe/{attempt_id}/abholen", data={"nothing": "1"}).status_code == 303
    workshop.forget()
    assert (attempt.state, attempt.good, attempt.scrap) == (A.RESOLVED, 0, 0)
    assert workshop.session.query(FilamentMovement).count() == before
    assert workshop.session.query(StockMovement).count() == 0


def test_collecting_at_the_desk_books_once(workshop: Workshop, cast: Cast, sign_in: SignIn) -> None:
    attempt = move(workshop, workshop.start(workshop.order(2)), *TO_PRINTING, A.REPORTED_DONE)
    attempt_id = attempt.id
    client = sign_in(cast.boris)
    workshop.forget()
    for form in (
        {},
        {"good": "x"},
        {"good": "3"},
        {"good": "-1"},
        {"good": "1"},
        {"good": "1", "scrap_reason": "ate it"},
    ):
        assert client.post(f"/laeufe/{attempt_id}/abholen", data=form).status_code == 422, form
    form = {"good": "1", "scrap_reason": "warped", "nothing": "1"}  # nothing counts only while it is unclear
    assert client.post(f"/laeufe/{attempt_id}/abholen", data=form).status_code == 303
    assert client.post(f"/laeufe/{attempt_id}/abholen", data=form).status_code == 409
    workshop.forget()
    assert (attempt.good, attempt.scrap, attempt.scrap_reason) == (1, 1, "warped")
    assert workshop.session.scalar(sa.select(sa.func.sum(StockMovement.pieces))) == 1


def test_nothing_is_collected_from_under_a_running_print(
    workshop: Workshop, cast: Cast, sign_in: SignIn
) -> None:
    attempt = move(workshop, workshop.start(workshop.order()), *TO_PRINTING, A.UNKNOWN)
    attempt_id, sight = attempt.id, attempt.printer.sight
    sight.state, sight.file = "printing", attempt.remote_name
    workshop.session.commit()
    answer = sign_in(cast.boris).post(f"/laeufe/{attempt_id}/abholen", data={"nothing": "1"})
    assert answer.status_code == 409
    workshop.forget()
    assert attempt.state is A.UNKNOWN


def test_out_of_service_and_back(workshop: Workshop, cast: Cast, sign_in: SignIn) -> None:
    printer = workshop.printers[0]
    client, path = sign_in(cast.boris), f"/drucker/{printer.id}"
    workshop.forget()
    assert client.post(f"{path}/ausser-betrieb", data={"reason": "  "}).status_code == 422
    assert client.post(f"{path}/ausser-betrieb", data={"reason": NAUGHTY}).status_code == 303
    assert "<img src=x" not in client.get(path).text
    assert client.post(f"{path}/in-betrieb").status_code == 303
    workshop.forget()
    assert printer.out_of_service == ""


def test_the_wall_narrows_to_who_needs_somebody(workshop: Workshop, cast: Cast, sign_in: SignIn) -> None:
    move(workshop, workshop.start(workshop.order()), *TO_PRINTING, A.REPORTED_DONE)
    client = sign_in(cast.boris)
    narrowed = client.get("/drucker/stand?nur=somebody").text
    assert "Drucker 1" in narrowed
    assert "Drucker 2" not in narrowed
    assert "Drucker 2" in client.get("/drucker/stand?nur=quatsch").text


def test_many_printers_become_tiles_on_the_big_screen(
    workshop: Workshop, cast: Cast, sign_in: SignIn
) -> None:
    _grow(workshop, 14)
    move(workshop, workshop.start(workshop.order(), number=1), *TO_PRINTING, A.UNKNOWN)
    page = sign_in(cast.boris).get("/drucker/wand").text
    assert (page.count("printer-card"), page.count("tile-name")) == (1, 13)


def test_a_card_that_is_kept_changes_with_the_language_and_with_what_it_says(
    workshop: Workshop, cast: Cast, sign_in: SignIn
) -> None:
    attempt = move(workshop, workshop.start(workshop.order()), *TO_PRINTING)
    client = sign_in(cast.boris)
    first = client.get("/drucker/stand")
    assert "Druckt" in first.text
    cast.boris.language = "en"
    workshop.session.commit()
    known = {"If-None-Match": first.headers["ETag"]}
    assert "Printing" in client.get("/drucker/stand", headers=known).text
    attempt.progress = 0.77
    workshop.session.commit()
    assert "77 %" in client.get("/drucker/stand").text


def test_what_is_promised_to_a_running_print_is_not_there_for_the_next(workshop: Workshop) -> None:
    order = workshop.order()
    spot = survey(workshop.session, now=workshop.clock.now).spots[0]
    assert spot.now.grams_free == 1000.0
    workshop.start(order)
    spot = survey(workshop.session, now=workshop.clock.now).spots[0]
    assert spot.now.grams_free == 1000.0 - 12.5
