"""The faults that a lab must survive, each against a real OctoPrint: what the lab then says and does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from makerlab.fleet.actions import declare_bed
from makerlab.fleet.models import Bed
from makerlab.production.actions import ask, cancel_order
from makerlab.production.models import Attempt, AttemptEvent
from makerlab.production.states import AttemptState, Wish
from printers.octoprint import OctoPrintHost
from printers.proxy import START, UPLOAD, Break, FaultProxy
from printers.virtual import VirtualOctoPrint, free_port
from tests.journeys.floor import Floor, first_printer, now, who
from tests.journeys.lab import Lab
from tests.journeys.pieces import cube

S = AttemptState
QUICK, SLOW = "Klotz 10 mal 3", "Klotz 60 mal 12"
SILENT_S = 5  # raises the alarm; a minute in a real lab


class Faulty(Floor):
    """A floor whose one OctoPrint stands behind a proxy that breaks connections."""

    def __init__(self, lab: Lab, proxy: FaultProxy) -> None:
        super().__init__(lab)
        self.host, self.proxy = lab.octoprints[0], proxy

    def started(self, name: str = QUICK) -> int:
        """A new order of one piece, started by a person; the attempt's id."""
        order_id = self.order(name, 1)
        return int(self.lab.wait(lambda: self.start(order_id), "started by a person"))

    def reaches(self, attempt_id: int, *states: AttemptState) -> Attempt:
        self.lab.wait(lambda: self.attempt(attempt_id).state in states, f"one of {states}")
        return self.attempt(attempt_id)

    def attempt(self, attempt_id: int) -> Attempt:
        found: Attempt = self.lab.ask(lambda session: session.get_one(Attempt, attempt_id))
        return found

    def went_through(self, attempt_id: int) -> list[AttemptState]:
        query = sa.select(AttemptEvent.to_state).where(AttemptEvent.attempt_id == attempt_id)
        return self.lab.ask(lambda session: list(session.scalars(query.order_by(AttemptEvent.id))))

    def starts(self, attempt_id: int) -> int:
        return self.jobs().get(self.attempt(attempt_id).remote_name, {}).get("started", 0)

    def ends(self, attempt_id: int) -> None:
        """Collected, printed again where needed, until the order is done."""
        self.finish(self.lab.ask(lambda session: session.get_one(Attempt, attempt_id).plate.order_id))


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Faulty]:
    folder = tmp_path_factory.mktemp("faults")
    with (
        VirtualOctoPrint(folder / "octoprint", free_port()) as host,
        FaultProxy(host.port) as proxy,
        Lab(folder, [host], [cube(10, 3), cube(60, 12)], [proxy.url], silent_seconds=SILENT_S) as lab,
    ):
        yield Faulty(lab, proxy)


def test_a_start_whose_answer_is_lost_is_proven_by_the_printer_and_never_sent_again(floor: Faulty) -> None:
    floor.proxy.break_next(Break.DROP_ANSWER, START)
    attempt_id = floor.started()
    floor.reaches(attempt_id, S.REPORTED_DONE)
    assert floor.starts(attempt_id) == 1
    floor.ends(attempt_id)


def test_an_upload_cut_short_starts_nothing_and_the_piece_waits_for_a_new_attempt(floor: Faulty) -> None:
    floor.proxy.break_next(Break.CUT, UPLOAD, after_bytes=3000)
    attempt_id = floor.started()
    assert floor.reaches(attempt_id, S.RELEASED).reason in ("upload_failed", "upload_broken")
    assert floor.starts(attempt_id) == 0
    floor.ends(attempt_id)


def test_a_stopped_octoprint_raises_the_alarm_and_its_print_goes_on_by_itself(floor: Faulty) -> None:
    attempt_id = floor.started(SLOW)
    floor.reaches(attempt_id, S.PRINTING)
    floor.host.freeze()
    try:
        floor.lab.wait(lambda: floor.lab.printer().sight.alarm == "silent", "the alarm")
        assert floor.reaches(attempt_id, S.UNKNOWN).reason == "unreachable"
    finally:
        floor.host.thaw()
    floor.reaches(attempt_id, S.REPORTED_DONE)
    assert floor.starts(attempt_id) == 1
    floor.ends(attempt_id)


def test_a_thermal_runaway_is_a_failure_with_the_printers_words_and_an_occupied_bed(floor: Faulty) -> None:
    attempt_id = floor.started(SLOW)
    floor.reaches(attempt_id, S.PRINTING)
    floor.host.gcode("!!DEBUG:trigger_fatal_error_marlin")
    attempt = floor.reaches(attempt_id, S.FAILED)
    assert (attempt.reason, floor.lab.printer().bed) == ("printer_error", Bed.OCCUPIED)
    assert "Thermal Runaway" in attempt.detail
    floor.host.connect_printer()
    floor.ends(attempt_id)


def test_cancel_ends_the_print_once_however_it_races_with_its_end(floor: Faulty) -> None:
    attempt_id = floor.started(SLOW)
    floor.reaches(attempt_id, S.PRINTING)
    with floor.lab.write() as session:
        attempt = session.get_one(Attempt, attempt_id)
        ask(session, attempt, Wish.CANCEL, by=who(session), reason="bad_first_layer", now=now())
    floor.reaches(attempt_id, S.CANCELLED, S.REPORTED_DONE)
    went = floor.went_through(attempt_id)
    assert len({S.CANCELLED, S.REPORTED_DONE} & set(went)) == 1, "the first end stands"
    floor.ends(attempt_id)


def test_a_print_by_hand_is_foreign_and_nothing_starts_until_a_person_cleared_the_bed(
    floor: Faulty, tmp_path: Path
) -> None:
    file = tmp_path / "vase.gcode"
    file.write_text("G28\n" + "G4 P100\n" * 30)
    by_hand = OctoPrintHost(floor.host.url, floor.host.api_key)
    by_hand.upload("vase.gcode", file)
    by_hand.start("vase.gcode")
    floor.lab.wait(lambda: floor.lab.printer().sight.foreign, "seen as foreign")
    assert floor.lab.printer().bed is Bed.OCCUPIED
    order_id = floor.order(QUICK, 1)
    assert floor.start(order_id) is None, "nothing starts beside it"
    floor.lab.wait(lambda: not floor.lab.printer().sight.foreign, "its end")
    assert floor.lab.printer().bed is Bed.OCCUPIED, "until a person looked"
    with floor.lab.write() as session:
        printer = first_printer(session)
        declare_bed(session, printer, Bed.CLEAR, reason="looked", by_id=who(session).id, now=now())
    floor.finish(order_id)


def test_a_reset_of_the_printer_is_a_failure_and_an_occupied_bed(floor: Faulty) -> None:
    attempt_id = floor.started(SLOW)
    floor.reaches(attempt_id, S.PRINTING)
    floor.host.gcode("!!DEBUG:reset")
    assert floor.reaches(attempt_id, S.FAILED).reason == "stopped_at_printer"
    assert floor.lab.printer().bed is Bed.OCCUPIED
    floor.collect(attempt_id)
    with (
        floor.lab.write() as session
    ):  # a reset printer forgot that it is in a hurry: nothing more is printed
        order = session.get_one(Attempt, attempt_id).plate.order
        cancel_order(session, order, by=who(session), reason="other", now=now())
