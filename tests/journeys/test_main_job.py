"""The main job: from an STL file to a printed piece with a name beside it, through real screens."""

from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from designs.mesh import Mesh
from makerlab.demo.objects.surfaces import Triangles, curve, fan, ring, weave
from makerlab.materials.models import FilamentMovement
from makerlab.materials.queries import grams_left
from makerlab.production.models import Attempt, Order
from makerlab.stock.models import StockMovement
from printers.virtual_config import FAST_MOVES
from tests.journeys import desk_steps as desk
from tests.journeys import kiosk_steps as kiosk
from tests.journeys.lab import Lab
from tests.journeys.screen import DESK, KIOSK, PHONE, Open, Screen

PAWN = "Spielkegel"
SLOW_MOVES = "M220 S300"  # per cent: so slow that there is time for a pause


@pytest.fixture(scope="module")
def spiky(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _stl(tmp_path_factory, tip_mm=0.6)


@pytest.fixture(scope="module")
def blunt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _stl(tmp_path_factory, tip_mm=1.6)


def _stl(factory: pytest.TempPathFactory, tip_mm: float) -> Path:
    """A pawn of our own, 12 mm high: a virtual printer makes it in a moment."""
    path = factory.mktemp("pawn") / "spielkegel.stl"
    Mesh(_pawn(tip_mm)).placed().write_stl(path)
    return path


def _pawn(tip_mm: float) -> Triangles:
    """Triangles (n, 3, 3) in mm, turned around the upright axis."""
    reach = curve([(0, 5), (1.2, 5), (3, 3.2), (7, 2), (8, 2.2), (9.5, 2.9), (11, 2.4), (12, tip_mm)])
    rings = np.stack([ring(float(reach(z)), 32, z) for z in np.linspace(0, 12, 40)])
    parts = [weave(rings), fan(rings[0], up=False), fan(rings[-1], up=True)]
    return np.concatenate(parts).astype(np.float32)


def test_a_bad_file_gets_one_sentence_and_a_way_out(window: Open, spiky: Path, tmp_path: Path) -> None:
    boris = window(DESK, "boris")
    broken = tmp_path / "kaputt.stl"
    broken.write_bytes(spiky.read_bytes()[:-30])
    desk.upload(boris, broken, "Kaputt")
    boris.sees("Die Datei hört mittendrin auf. Kopieren oder exportieren Sie die Datei noch einmal.")
    expect(boris.page.locator("#name")).to_have_value("Kaputt")
    boris.picture("datei-kaputt")
    boris.forgive("422")


def test_from_an_stl_file_to_a_printed_piece_with_a_name_beside_it(
    lab: Lab, window: Open, spiky: Path, blunt: Path
) -> None:
    boris, carla = window(DESK, "boris"), window(DESK, "carla")
    desk.see_what_was_uploaded(boris, spiky, PAWN)
    desk.nobody_approves_their_own(boris)
    desk.send_back_with_a_reason(carla, PAWN)
    desk.upload_a_new_revision(boris, blunt, PAWN)
    desk.approve(carla, PAWN)

    amira, colour = window(KIOSK), lab.printer().spool.colour.name
    kiosk.sign_in_by_card(amira, "Amira Haddad")
    lab.kill("slice")
    kiosk.queue_two(amira, PAWN, colour)
    kiosk.undo_and_queue_again(amira)
    waits_in_words_then_is_sliced(lab, boris, amira)

    before = filament(lab)
    lab.octoprints[0].gcode(SLOW_MOVES)
    kiosk.start_by_label(amira, lab.printer().code)
    kiosk.pause_and_resume(amira)
    live_on_the_wall(boris)
    lab.octoprints[0].gcode(*FAST_MOVES.split("\n"))
    kiosk.collect_one_good_one_not(amira)

    recorded_with_names(lab, before)
    desk.find_by_phone(window(PHONE, "dilek"), PAWN, good=1, coming=1)
    record_of_runs(lab, boris)


def waits_in_words_then_is_sliced(lab: Lab, boris: Screen, amira: Screen) -> None:
    """The page says what the order waits for, and goes on by itself when that is over."""
    amira.sees("Wir bereiten den Druck vor.")
    boris.open("/auftraege")
    boris.tap(PAWN)
    boris.sees("Worauf wartet diese Platte?")
    boris.sees("Die Datei wird noch vorbereitet.")
    boris.picture("auftrag-wartet")
    lab.restart("slice")
    amira.sees("Ein Drucker ist frei. Starten Sie den Druck dort.")
    boris.sees("Kann starten")


def live_on_the_wall(boris: Screen) -> None:
    boris.open("/drucker")
    boris.sees(PAWN)
    boris.sees("Amira Haddad")
    expect(boris.page.get_by_role("progressbar").first).to_be_visible()


def filament(lab: Lab) -> float:
    """Grams on the spool of the first printer."""
    spool_id = lab.printer().spool_id
    assert spool_id is not None
    return float(lab.ask(lambda session: grams_left(session, [spool_id])[spool_id]))


def recorded_with_names(lab: Lab, before: float) -> None:
    """One transaction wrote stock, filament and who did what."""
    amira = lab.person("Amira")
    attempt = lab.ask(lambda session: session.scalars(last_attempt()).unique().one())
    assert (attempt.good, attempt.scrap, attempt.scrap_reason) == (1, 1, "stringy")
    steps = lab.ask(
        lambda session: [(s.step.value, s.account_id) for s in session.get_one(Attempt, attempt.id).steps]
    )
    assert {step for step, _ in steps} >= {"prepared", "started", "removed", "checked"}
    assert {account_id for _, account_id in steps} == {amira.id}
    stock = sa.select(StockMovement).where(StockMovement.attempt_id == attempt.id)
    assert [row.pieces for row in lab.ask(lambda session: session.scalars(stock).all())] == [1]
    spent = sa.select(FilamentMovement).where(FilamentMovement.attempt_id == attempt.id)
    assert [row.milligrams < 0 for row in lab.ask(lambda session: session.scalars(spent).all())] == [True]
    assert filament(lab) < before


def last_attempt() -> sa.Select[tuple[Attempt]]:
    of_pawn = Attempt.plate.has(order_id=sa.select(sa.func.max(Order.id)).scalar_subquery())
    return sa.select(Attempt).where(of_pawn).order_by(Attempt.id.desc()).limit(1)


def record_of_runs(lab: Lab, boris: Screen) -> None:
    boris.open("/unterweisungen")
    boris.tap("Amira Haddad", "link")
    boris.sees(PAWN)
    boris.sees("Fäden")
    boris.sees("Gestartet")
    boris.picture("laeufe")
