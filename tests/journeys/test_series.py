"""An order of forty pieces over four real OctoPrints, one of which dies in the middle of a print.

A trainee orders, starts and collects by the kiosk's own pages; the first piece is checked by an instructor.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from makerlab.catalog.queries import approved
from makerlab.production.models import Attempt, FirstPiece, Order, Plate
from makerlab.production.states import ENDED, AttemptState
from printers.virtual import VirtualOctoPrint, free_port
from tests.journeys.floor import Desk, Floor
from tests.journeys.kiosk_by_http import Kiosk
from tests.journeys.lab import PATIENCE_S, Lab
from tests.journeys.pieces import cube
from tests.postgres import NewDatabase

PIECES, PRINTERS, VICTIM = 40, 4, 2
LOT = "26-777"
SLOW = "M220 S400"  # per cent: slow enough that a death comes in the middle


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("series")
    hosts = [VirtualOctoPrint(folder / f"octoprint{n}", free_port()) for n in range(PRINTERS)]
    with ExitStack() as stack:
        for host in hosts:  # all at once: they start side by side
            stack.callback(host.kill)
            host.start()
        for host in hosts:
            host.wait_ready()
        # nine on a bed, so that it takes five plates; few lines, so that a virtual printer is soon done
        yield stack.enter_context(Lab(folder, hosts, [cube(60, 0.6)], database_url=new_database()))


class Series:
    """The people of this story, and what they see."""

    def __init__(self, lab: Lab) -> None:
        self.lab, self.floor, self.desk = lab, Floor(lab), Desk(lab)
        self.amira = self._at_kiosk("Amira")
        self.boris = self._at_kiosk("Boris")
        for number in range(PRINTERS):
            colour_id = self.floor.load(number, LOT)
        revision_id = lab.ask(lambda session: approved(session)[0].id)
        self.amira.order(revision_id, colour_id, PIECES)
        self.order_id = lab.ask(lambda session: session.scalars(sa.select(Order.id)).one())
        self.codes = [lab.printer(number).code for number in range(PRINTERS)]

    def _at_kiosk(self, name: str) -> Kiosk:
        return Kiosk(self.lab.address, self.lab.person(name).number, lambda: time.sleep(0.1))

    def order(self) -> Order:
        return self.lab.ask(lambda session: session.get_one(Order, self.order_id))

    def attempts(self) -> list[Attempt]:
        query = sa.select(Attempt).where(Attempt.plate.has(order_id=self.order_id)).order_by(Attempt.id)
        whole = query.options(joinedload(Attempt.plate))
        return self.lab.ask(lambda session: list(session.scalars(whole)))

    def serve(self, *codes: str) -> bool:
        """Amira walks past these printers and does what each one asks for."""
        did = [self.amira.serve(code) for code in codes]
        return "start" in did or "collect" in did

    def until(self, condition, what: str, *codes: str) -> None:  # type: ignore[no-untyped-def]
        """She goes on doing so until it is true."""
        deadline = time.monotonic() + 2 * PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline, f"in vain: {what}\n{self.now()}\n{self.lab.last_words()}"
            if not self.serve(*(codes or self.codes)):
                for code in codes or self.codes:
                    self.decide(code)
                time.sleep(0.2)

    def decide(self, code: str) -> None:
        """What the lab is not sure of, Boris decides: he sees the pieces lie there."""
        page = self.boris.page(f"/kiosk/drucker/{code}")
        link = page.link("/abholen?attempt=")
        if link and page.form("/nichts"):
            self.boris.collect(link)

    def now(self) -> str:
        """For whoever reads a failure: what became of the order's prints and plates."""
        prints = [
            (one.plate.number, one.printer_id, one.state.value, one.reason, one.conflict)
            for one in self.attempts()
        ]
        query = sa.select(Plate).where(Plate.order_id == self.order_id).options(joinedload(Plate.slice))
        plates = self.lab.ask(lambda session: list(session.scalars(query)))
        sliced = [(one.number, one.pieces, one.first, one.slice.state.value) for one in plates]
        order = self.order()
        return f"{self.floor.pieces(self.order_id)} {order.held!r} {order.problem!r}\n{prints}\n{sliced}"

    def on(self, number: int) -> Attempt | None:
        """What is on this printer and not over."""
        printer_id = self.lab.printer(number).id
        here = [one for one in self.attempts() if one.printer_id == printer_id and one.state not in ENDED]
        return here[0] if here else None


def test_forty_pieces_over_four_printers_one_of_which_dies_in_mid_print(lab: Lab) -> None:
    series = Series(lab)
    one_piece_is_made_and_checked_first(series)
    the_rest_is_spread_over_all_printers(series)
    dead = a_printer_dies_in_mid_print(series)
    the_others_go_on_without_it(series, dead)
    it_comes_back_and_a_person_says_what_lies_there(series, dead)
    series.until(lambda: series.floor.pieces(series.order_id).good == PIECES, "forty good pieces")
    all_is_booked_once(series, dead)


def one_piece_is_made_and_checked_first(series: Series) -> None:
    series.until(lambda: series.order().first_piece is FirstPiece.TO_RELEASE, "the first piece is made")
    assert [(one.plate.first, one.good) for one in series.attempts()] == [(True, 1)]
    assert not series.serve(*series.codes), "nothing else starts before the check"
    page = f"/kiosk/auftrag/{series.order_id}"
    assert series.amira.page(page).form("/freigeben") is None
    release = series.boris.page(page).form("/freigeben")
    assert release is not None
    assert series.boris.send(release)
    assert series.order().first_piece is FirstPiece.RELEASED


def the_rest_is_spread_over_all_printers(series: Series) -> None:
    series.lab.octoprints[VICTIM].gcode(SLOW)
    series.until(lambda: series.on(VICTIM) is not None, "the slow printer has a plate", series.codes[VICTIM])
    series.until(
        lambda: len({one.printer_id for one in series.attempts()}) == PRINTERS, "all four printers took part",
        *(code for number, code in enumerate(series.codes) if number != VICTIM),
    )  # fmt: skip
    assert series.order().lot == LOT


def a_printer_dies_in_mid_print(series: Series) -> int:
    """kill -9 while its file is read; the id of the print."""

    def half_done() -> int | None:
        found = series.on(VICTIM)
        prints = found and found.state is AttemptState.PRINTING and found.progress > 0
        return found.id if found and prints else None

    attempt_id: int = series.lab.wait(half_done, "the victim is in the middle of its print")
    series.lab.octoprints[VICTIM].kill()
    return attempt_id


def the_others_go_on_without_it(series: Series, dead: int) -> None:
    lost = next(one.plate.pieces for one in series.attempts() if one.id == dead)
    others = [code for number, code in enumerate(series.codes) if number != VICTIM]
    made = PIECES - lost
    series.until(lambda: series.floor.pieces(series.order_id).good == made, "the others did theirs", *others)
    pieces = series.floor.pieces(series.order_id)
    assert (pieces.active, pieces.open, pieces.adds_up()) == (lost, 0, True), "not one is lost"


def it_comes_back_and_a_person_says_what_lies_there(series: Series, dead: int) -> None:
    """Back and idle, it knows nothing: no new start there until somebody looked."""
    host, code = series.lab.octoprints[VICTIM], series.codes[VICTIM]
    host.start()
    host.wait_ready()
    series.lab.wait(
        lambda: series.lab.attempt_state(dead) == AttemptState.UNKNOWN, "the lab says that it does not know"
    )
    assert not series.serve(code), "nothing starts onto the half print"
    page = f"/kiosk/drucker/{code}"
    assert series.amira.page(page).link("/abholen") is None, "an instructor decides what is unclear"
    link = series.boris.page(page).link("/abholen/grund")
    assert link
    form = series.boris.page(link).form("/abholen")
    assert form
    form.values["reason"] = "unfinished"
    assert series.boris.send(form)
    assert series.lab.attempt_state(dead) == AttemptState.RESOLVED


def all_is_booked_once(series: Series, dead: int) -> None:
    attempts, jobs = series.attempts(), series.floor.jobs()
    pieces = series.floor.pieces(series.order_id)
    assert (pieces.good, pieces.open, pieces.active, pieces.given_up) == (PIECES, 0, 0, 0)
    lines = series.floor.stocked()
    assert lines == [(one.id, one.good) for one in attempts if one.good], "one line of the stock a print"
    assert sum(pieces for _, pieces in lines) == PIECES
    for one in attempts:
        job = jobs.get(one.remote_name, {})
        assert job.get("started", 0) == (0 if one.state is AttemptState.RELEASED else 1), one.remote_name
        assert job.get("done", 0) == (1 if one.good else 0), one.remote_name
    assert set(jobs) <= {one.remote_name for one in attempts}
    assert next(one for one in attempts if one.id == dead).scrap == pieces.scrap
    page = series.desk.order_page(series.order_id)
    assert "Fertig" in page
    assert f"Dazu {pieces.scrap} Ausschuss." in page
