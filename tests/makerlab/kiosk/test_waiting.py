"""“Warum startet es nicht?”: the one thing that would start an order, and what each printer lacks."""

from makerlab.catalog.actions import judge
from makerlab.catalog.states import Verdict
from makerlab.materials.actions import receive_spool
from makerlab.materials.models import Colour
from tests.makerlab.conftest import Cast, SignIn
from tests.makerlab.kiosk.finger import Finger
from tests.makerlab.production.conftest import Workshop


def other_colour_in_all(lab: Workshop) -> None:
    blue = Colour(name="Blau", hex="#0000aa")
    lab.session.add(blue)
    lab.session.flush()
    for printer in lab.printers:
        printer.spool.colour_id = blue.id  # type: ignore[union-attr]
    lab.session.commit()


def test_the_one_thing_is_said_with_the_spool_and_who_can_do_it(lab: Workshop, amira: Finger) -> None:
    order = lab.order(1)
    other_colour_in_all(lab)
    amira.open(f"/kiosk/auftrag/{order.id}").tap("Warum startet es nicht?")
    assert "Spule besorgen" in amira.words  # nobody has a red one
    receive_spool(
        lab.session, material="pla", colour=lab.colour, lot="L7", maker="M", tare_g=200, net_g=1000,
        by_id=lab.boris.id, now=lab.clock.now,
    )  # fmt: skip
    lab.session.commit()
    amira.open(f"/kiosk/auftrag/{order.id}/warum")
    for words in ("Spule wechseln", "PLA Rot", "Das können Sie selbst.", "Drucker 1", "Andere Farbe"):
        assert words in amira.words


def test_what_can_start_leads_to_its_printer(lab: Workshop, amira: Finger) -> None:
    order = lab.order(1)
    amira.open(f"/kiosk/auftrag/{order.id}/warum")
    assert "Der Druck kann starten." in amira.words
    amira.tap("Drucker 1")
    assert "Ist das Bett frei?" in amira.words


def test_the_order_of_somebody_else_stays_theirs(
    lab: Workshop, amira: Finger, cast: Cast, sign_in: SignIn
) -> None:
    order = lab.order(1, by=lab.boris)
    assert amira.client.get(f"/kiosk/auftrag/{order.id}/warum").status_code == 404
    assert sign_in(cast.carla).get(f"/kiosk/auftrag/{order.id}/warum").status_code == 200


def test_a_design_that_was_sent_back_says_why(lab: Workshop, amira: Finger, cast: Cast) -> None:
    """By its code, in the language of whoever reads it."""
    order = lab.order(1)
    judge(
        lab.session, lab.revision, reviewer=cast.carla, verdict=Verdict.RETURNED, reasons=["walls_thin"],
        seen_fingerprint=lab.revision.fingerprint, now=lab.clock.now,
    )  # fmt: skip
    lab.session.commit()
    amira.open(f"/kiosk/auftrag/{order.id}/warum")
    assert "Eine Wand ist zu dünn." in amira.words


def test_printers_with_something_to_do_stand_first(lab: Workshop, amira: Finger) -> None:
    lab.order(1)
    page = amira.open("/kiosk/drucker").words
    assert page.index("Drucker 1") < page.index("Drucker 2")
    lab.printers[0].sight.state = "unreachable"
    lab.session.commit()
    page = amira.open("/kiosk/drucker").words
    assert page.index("Drucker 2") < page.index("Drucker 1")


def test_a_printer_without_a_spool_says_which_one_to_load(lab: Workshop, amira: Finger) -> None:
    lab.order(1)
    for printer in lab.printers:
        printer.spool_id = None
    lab.session.commit()
    amira.open("/kiosk/drucker/P1")
    assert "Im Drucker ist kein Filament." in amira.words
    assert "PLA Rot" in amira.words
