"""The faults that a lab must survive, each against a real OctoPrint: what the lab then says and does.

Beside the printer stands a second one whose host takes every question and never answers: it delays no other.
"""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from makerlab.demo.lab import Child
from makerlab.fleet.actions import declare_bed
from makerlab.fleet.models import Bed
from makerlab.production.actions import ask
from makerlab.production.models import Attempt
from makerlab.production.ordering import cancel_order
from makerlab.production.states import AttemptState, Wish
from printers.proxy import START, UPLOAD, Break, FaultProxy
from printers.virtual import VirtualOctoPrint, free_port
from tests.journeys.faults import QUICK, SLOW, Faulty, dispatch_all, dispatch_of, no_room
from tests.journeys.floor import first_printer, now, who
from tests.journeys.lab import Lab
from tests.journeys.pieces import cube
from tests.postgres import NewDatabase

S = AttemptState
SILENT_S = 5  # raises the alarm; a minute in a real lab
POLL_S = 0.5


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase) -> Iterator[Faulty]:
    folder = tmp_path_factory.mktemp("faults")
    with (
        VirtualOctoPrint(folder / "octoprint", free_port()) as host,
        FaultProxy(host.port) as proxy,
        FaultProxy(host.port) as dead,
    ):
        dead.break_next(Break.BLACK_HOLE, times=None)
        addresses, things = [proxy.url, dead.url], [cube(10, 3), cube(60, 12)]
        with Lab(
            folder, [host, host], things, addresses, silent_seconds=SILENT_S, poll_seconds=POLL_S,
            database_url=new_database(),
        ) as lab:  # fmt: skip
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


def test_a_full_disk_at_octoprint_starts_nothing_and_the_piece_waits_for_a_new_attempt(floor: Faulty) -> None:
    order_id = floor.order(SLOW, 1)
    with no_room(floor.host):
        attempt_id = int(floor.lab.wait(lambda: floor.start(order_id), "started by a person"))
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
    floor.repaired(attempt_id)


@pytest.mark.parametrize("fault", ["drop_connection", "go_awol"])
def test_a_printer_that_is_lost_in_mid_print_is_a_failure_and_an_occupied_bed(
    floor: Faulty, fault: str
) -> None:
    attempt_id = floor.started(SLOW)
    floor.reaches(attempt_id, S.PRINTING)
    floor.host.gcode(f"!!DEBUG:{fault}")
    attempt = floor.reaches(attempt_id, S.FAILED)
    assert floor.lab.printer().bed is Bed.OCCUPIED
    assert (attempt.reason, floor.lab.printer().sight.alarm) == ("printer_error", "printer_error")
    assert floor.starts(attempt_id) == 1
    floor.repaired(attempt_id)


def test_a_cut_network_starts_nothing_and_the_print_catches_up_by_itself(floor: Faulty) -> None:
    attempt_id = floor.started(SLOW)
    floor.reaches(attempt_id, S.PRINTING)
    waiting, cut = floor.order(QUICK, 1), time.monotonic()
    floor.proxy.break_next(Break.BLACK_HOLE, times=None)
    try:
        assert floor.reaches(attempt_id, S.UNKNOWN).reason == "unreachable"
        assert time.monotonic() - cut < 2 * SILENT_S, "the alarm does not wait for the question to give up"
        assert floor.lab.printer().sight.alarm == "silent"
        assert floor.start(waiting) is None, "nothing starts meanwhile"
    finally:
        floor.proxy.heal()
    floor.reaches(attempt_id, S.REPORTED_DONE)
    assert floor.starts(attempt_id) == 1
    floor.ends(attempt_id)
    floor.finish(waiting)


def test_a_dead_printer_delays_no_other(floor: Faulty) -> None:
    floor.lab.wait(lambda: floor.lab.printer(1).sight.alarm == "silent", "the alarm of the dead one")
    seen, longest, until = time.monotonic(), 0.0, time.monotonic() + 20 * POLL_S
    answered = floor.lab.printer().sight.answered_at
    while time.monotonic() < until:
        time.sleep(POLL_S / 10)
        if (newest := floor.lab.printer().sight.answered_at) != answered:
            longest, seen, answered = max(longest, time.monotonic() - seen), time.monotonic(), newest
    assert longest < 3.0, "while a question to the dead one takes ten seconds"


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


def test_a_file_started_again_at_the_printer_goes_to_a_person_as_a_conflict(floor: Faulty) -> None:
    attempt_id = floor.started(QUICK)
    floor.reaches(attempt_id, S.PRINTING, S.REPORTED_DONE)
    floor.lab.kill("work")  # so that the file is still there
    name = floor.attempt(attempt_id).remote_name
    floor.lab.wait(lambda: floor.jobs()[name]["done"] == 1, "printed")
    floor.lab.wait(lambda: floor.starts_by_hand(name), "started again")
    floor.lab.restart("work")
    floor.lab.wait(lambda: floor.attempt(attempt_id).conflict, "the conflict")
    assert floor.attempt(attempt_id).conflict in ("started_again", "ran_more_than_once")
    assert floor.lab.printer().bed is Bed.OCCUPIED
    floor.lab.wait(lambda: floor.attempt(attempt_id).state is S.REPORTED_DONE, "done")
    floor.ends(attempt_id)


def test_two_workers_and_more_at_once_start_a_print_once(floor: Faulty) -> None:
    """A second worker process stands by; threads of ours dispatch as if it led as well."""
    lab, leader = floor.lab, floor.lab.children["work"]
    second = Child("work2", leader.command, leader.log.with_name("work2.log"), leader.environment)
    second.start()
    try:
        attempt_id, dispatch = floor.started(), dispatch_of(lab)
        threads = [threading.Thread(target=dispatch_all, args=(lab, dispatch)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        floor.reaches(attempt_id, S.REPORTED_DONE)
        assert floor.starts(attempt_id) == 1
        assert second.alive
        assert "leading" not in second.log.read_text(), "one leads"
        lab.kill("work")
        lab.wait(lambda: "leading" in second.log.read_text(), "the other one leads")
        floor.ends(attempt_id)
    finally:
        second.stop()
        lab.restart("work")
        floor.watched()


def test_a_print_by_hand_is_foreign_and_nothing_starts_until_a_person_cleared_the_bed(
    floor: Faulty, tmp_path: Path
) -> None:
    file = tmp_path / "vase.gcode"
    file.write_text("G28\n" + "G4 P100\n" * 30)
    floor.by_hand.upload("vase.gcode", file)
    floor.by_hand.start("vase.gcode")
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
    # OctoPrint ends idle without a word, or, on a busy machine, in error: "no sufficient history"
    assert floor.reaches(attempt_id, S.FAILED).reason in {"stopped_at_printer", "printer_error"}
    assert floor.lab.printer().bed is Bed.OCCUPIED
    floor.collect(attempt_id)
    with floor.lab.write() as session:  # a reset printer forgot that it is in a hurry: no more of this
        order = session.get_one(Attempt, attempt_id).plate.order
        cancel_order(session, order, by=who(session), reason="other", now=now())
