"""At the printer: start, watch, stop and collect, with print hosts that behave as told."""

from datetime import timedelta

import sqlalchemy as sa

from makerlab.fleet.models import Bed
from makerlab.materials.models import FilamentMovement, FilamentReason
from makerlab.production.models import Attempt, AttemptStep, Copy, CopyState, Order, Step
from makerlab.production.states import AttemptState
from makerlab.stock.models import StockMovement
from tests.makerlab.conftest import Cast, SignIn
from tests.makerlab.kiosk.finger import Finger
from tests.makerlab.production.conftest import Workshop

HERE = "/kiosk/drucker/P1"


def attempt(lab: Workshop) -> Attempt:
    lab.forget()
    return lab.session.scalars(sa.select(Attempt).order_by(Attempt.id.desc())).first()


def started(lab: Workshop, finger: Finger, pieces: int = 2) -> Attempt:
    """A print that this person started at the kiosk, under way."""
    lab.order(pieces)
    finger.open(HERE).tap("Ja, Bett ist frei – starten")
    lab.dispatch_all()
    lab.look()
    return attempt(lab)


def done(lab: Workshop, finger: Finger, pieces: int = 2) -> Attempt:
    started(lab, finger, pieces)
    lab.host().advance(100_000)
    lab.look(2)
    return attempt(lab)


def test_the_whole_way_from_an_order_to_pieces_in_stock(lab: Workshop, amira: Finger) -> None:
    amira.open("/kiosk/start").tap("Neuer Auftrag").tap("Untersetzer").tap("Rot").tap("Auftrag speichern")
    lab.forget()
    order = lab.session.get_one(Order, 1)
    lab.plate(order)
    lab.session.commit()

    amira.open("/kiosk/start").tap("Drucker").tap("Drucker 1")
    assert "Ist das Bett frei?" in amira.words
    amira.tap("Ja, Bett ist frei – starten")
    assert "Gleich geht es los" in amira.words

    lab.dispatch_all()
    lab.host().advance(1)
    lab.look()
    assert "Druckt" in amira.open(HERE).words
    assert "Ihre Stücke entstehen gerade." in amira.open(f"/kiosk/auftrag/{order.id}").words

    lab.host().advance(100_000)
    lab.look(2)
    amira.open("/kiosk/start").tap("Abholen").tap("Abholen").tap("Das Bett ist leer")
    assert "1 gutes Stück ist im Lager." in amira.words
    assert "Das Bett ist frei." in amira.words
    lab.forget()
    assert [line.pieces for line in lab.session.scalars(sa.select(StockMovement))] == [1]
    steps = {step.step: step.account_id for step in lab.session.scalars(sa.select(AttemptStep))}
    assert steps[Step.STARTED] == steps[Step.REMOVED] == steps[Step.CHECKED] == lab.amira.id
    assert lab.host().machine.starts


def test_the_word_about_the_bed_and_the_start_are_one_transaction(lab: Workshop, amira: Finger) -> None:
    order = lab.order(2)
    lab.printers[0].spool_id = None
    lab.session.commit()
    response = amira.client.post(f"{HERE}/starten", data={"plate": order.plates[0].id})
    assert response.status_code == 409
    assert "Im Drucker ist kein Filament." in response.text
    lab.forget()
    assert lab.printers[0].bed is Bed.OCCUPIED
    assert attempt(lab) is None


def test_a_button_pressed_twice_starts_once(lab: Workshop, amira: Finger, boris: Finger) -> None:
    order = lab.order(2)
    for _ in range(2):
        assert amira.client.post(f"{HERE}/starten", data={"plate": order.plates[0].id}).status_code == 303
    assert boris.client.post(f"{HERE}/starten", data={"plate": order.plates[0].id}).status_code == 409
    lab.forget()
    assert lab.session.scalar(sa.select(sa.func.count(Attempt.id))) == 1


def test_a_person_chooses_their_own_plate(lab: Workshop, amira: Finger) -> None:
    lab.order(1, by=lab.boris)
    mine = lab.order(2)
    amira.open(HERE)
    assert "1 Stück" in amira.words
    amira.tap("Anderer Druck").tap("Untersetzer")
    assert "2 Stücke" in amira.words
    amira.tap("Ja, Bett ist frei – starten")
    assert attempt(lab).plate.order_id == mine.id


def test_a_plate_that_another_printer_is_given_may_start_here_by_its_own_person(
    lab: Workshop, amira: Finger, boris: Finger
) -> None:
    lab.order(1)
    pages = {code: boris.open(f"/kiosk/drucker/{code}").words for code in ("P1", "P2")}
    assert sum("Ist das Bett frei?" in words for words in pages.values()) == 1, "proposed at one printer"
    for code in ("P1", "P2"):
        assert "Ist das Bett frei?" in amira.open(f"/kiosk/drucker/{code}").words, code


def test_without_instruction_the_page_says_why_and_what_helps(
    lab: Workshop, cast: Cast, sign_in: SignIn
) -> None:
    lab.order(1)
    page = Finger(sign_in(cast.carla)).open(HERE)
    assert "Ihnen fehlt die Unterweisung für dieses Gerät." in page.words
    assert "Fragen Sie eine Anleiterin oder einen Anleiter." in page.words
    assert "Ja, Bett ist frei" not in page.words


def test_a_printer_out_of_reach_says_so(lab: Workshop, amira: Finger) -> None:
    lab.order(1)
    lab.printers[0].sight.state = "unreachable"
    lab.session.commit()
    assert "Der Drucker antwortet nicht." in amira.open(HERE).words


def test_pause_go_on_and_stop_with_a_reason(lab: Workshop, amira: Finger) -> None:
    started(lab, amira)
    amira.open(HERE).tap("Pause")
    assert "Der Drucker hört gleich auf Sie." in amira.words
    assert listens(lab).state is AttemptState.PAUSED
    amira.open(HERE).tap("Weiterdrucken")
    assert listens(lab).state is AttemptState.PRINTING
    amira.open(HERE).tap("Stoppen").tap("Es klebt nicht")
    ended = listens(lab)
    assert (ended.state, ended.reason) == (AttemptState.CANCELLED, "bad_first_layer")


def listens(lab: Workshop) -> Attempt:
    """The printer does what it was asked."""
    for _ in range(3):
        lab.look()
        lab.host().advance(0.2)
    lab.look()
    return attempt(lab)


def test_nobody_stops_the_print_of_somebody_else(lab: Workshop, amira: Finger) -> None:
    running = lab.start(lab.order(1), by=lab.boris)
    assert "Stoppen" not in amira.open(HERE).words
    data = {"attempt": running.id, "reason": "other"}
    assert amira.client.post(f"{HERE}/stopp", data=data).status_code == 403


def test_scrap_has_a_reason_and_is_printed_again(lab: Workshop, amira: Finger) -> None:
    done(lab, amira, pieces=3)
    amira.open(HERE).tap("Abholen").tap("Weniger").tap("Das Bett ist leer").tap("Fäden")
    assert "2 gute Stücke sind im Lager." in amira.words
    assert "1 Stück drucken wir noch einmal." in amira.words
    ended = attempt(lab)
    assert (ended.good, ended.scrap, ended.scrap_reason) == (2, 1, "stringy")
    states = sorted(copy.state for copy in lab.session.scalars(sa.select(Copy)))
    assert states == [CopyState.GOOD, CopyState.GOOD, CopyState.OPEN]


def test_collecting_twice_books_once(lab: Workshop, amira: Finger, boris: Finger) -> None:
    ended = done(lab, amira)
    data = {"attempt": ended.id, "good": 2}
    assert amira.client.post(f"{HERE}/abholen", data=data).location == f"/kiosk/abgeholt/{ended.id}"
    assert amira.client.post(f"{HERE}/abholen", data=data).location == f"/kiosk/abgeholt/{ended.id}"
    assert boris.client.post(f"{HERE}/abholen", data=data).status_code == 409
    lab.forget()
    assert lab.session.scalar(sa.select(sa.func.sum(StockMovement.pieces))) == 2
    printed = sa.select(FilamentMovement).where(FilamentMovement.reason == FilamentReason.PRINTED)
    assert len(lab.session.scalars(printed).all()) == 1


def test_odd_counts_are_refused(lab: Workshop, amira: Finger) -> None:
    ended = done(lab, amira)
    for good in ("-1", "3", "", "x"):
        data = {"attempt": ended.id, "good": good}
        assert amira.client.post(f"{HERE}/abholen", data=data).status_code == 422
    data = {"attempt": ended.id, "good": 1, "reason": "<b>"}
    assert amira.client.post(f"{HERE}/abholen", data=data).status_code == 422
    assert attempt(lab).state is AttemptState.REPORTED_DONE


def test_what_is_unclear_is_decided_by_an_instructor(lab: Workshop, amira: Finger, boris: Finger) -> None:
    started(lab, amira)
    lab.host().die()
    lab.host().come_back()
    lab.look(4)
    unclear = attempt(lab)
    assert unclear.state is AttemptState.UNKNOWN
    amira.open(HERE)
    assert "Rufen Sie Hilfe." in amira.words
    assert "Das Bett ist leer" not in amira.words
    for action in ("abholen", "nichts"):
        data = {"attempt": unclear.id, "good": 2}
        assert amira.client.post(f"{HERE}/{action}", data=data).status_code == 403
    boris.open(HERE).tap("Das Bett ist leer")
    assert "Das Bett ist frei." in boris.words
    ended = attempt(lab)
    assert (ended.state, ended.good, ended.scrap) == (AttemptState.RESOLVED, 0, 0)


def test_a_poll_asks_for_the_whole_page_when_the_question_changed(lab: Workshop, amira: Finger) -> None:
    started(lab, amira)
    amira.open(HERE)
    url = amira.response.text.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    first = amira.client.get(url)
    again = amira.client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    lab.host().advance(100_000)
    lab.look(2)
    assert amira.client.get(url).headers["HX-Refresh"] == "true"


def test_a_start_that_did_not_happen_is_explained(lab: Workshop, amira: Finger) -> None:
    lab.order(1)
    amira.open(HERE).tap("Ja, Bett ist frei – starten")
    lab.clock.pass_(timedelta(minutes=5).total_seconds())
    lab.dispatch_all()
    assert attempt(lab).state is AttemptState.RELEASED
    assert "Es hat zu lange gedauert." in amira.open(HERE).words


def test_an_unknown_printer_is_said_so_on_the_kiosks_own_page(lab: Workshop, amira: Finger) -> None:
    amira.open("/kiosk/drucker/NICHTDA")
    assert amira.response.status_code == 404
    assert "Diesen Drucker gibt es hier nicht." in amira.words
    assert "Abmelden" in amira.words
