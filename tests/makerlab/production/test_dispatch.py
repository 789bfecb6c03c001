"""Dispatch and watch against a print host that fails on request: at most one start, nothing lost."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.fernet import InvalidToken

from makerlab.core.errors import Conflict
from makerlab.fleet.models import Bed
from makerlab.production.actions import ask
from makerlab.production.models import Attempt, AttemptEvent, Copy, CopyState
from makerlab.production.states import AttemptState, Wish
from printers.errors import Unreachable
from printers.fake import FakeHost, Fault
from tests.makerlab.production.conftest import Workshop

S = AttemptState


def state(workshop: Workshop, attempt: Attempt) -> AttemptState:
    workshop.forget()
    now = workshop.session.get_one(Attempt, attempt.id).state
    workshop.forget()
    return now


def finish(workshop: Workshop, number: int = 0) -> None:
    workshop.host(number).advance(10_000)


def test_a_claimed_attempt_is_uploaded_started_once_and_seen_to_its_end(workshop: Workshop) -> None:
    attempt = workshop.start(workshop.order())
    workshop.dispatch_all()
    assert state(workshop, attempt) is S.PRINTING
    finish(workshop)
    workshop.look(2)
    assert state(workshop, attempt) is S.REPORTED_DONE
    assert workshop.host().machine.starts == [attempt.remote_name]


def test_the_file_of_an_ended_print_is_deleted_so_that_it_cannot_start_again(workshop: Workshop) -> None:
    attempt = workshop.start(workshop.order())
    workshop.dispatch_all()
    finish(workshop)
    workshop.look(3)
    assert workshop.host().machine.files == {}
    assert workshop.session.get_one(Attempt, attempt.id).remote_gone


def test_a_lost_answer_to_start_is_unknown_until_proven_and_not_sent_again(workshop: Workshop) -> None:
    attempt = workshop.start(workshop.order())
    workshop.host().fail("start", Fault.ANSWER_LOST)
    workshop.dispatch_all()
    assert state(workshop, attempt) is S.UNKNOWN
    workshop.look()
    assert state(workshop, attempt) is S.PRINTING
    assert workshop.host().calls.count("start") == 1


def test_a_start_that_never_arrived_stays_unknown_for_a_person(workshop: Workshop) -> None:
    attempt = workshop.start(workshop.order())
    workshop.host().fail("start", Fault.REQUEST_LOST)
    workshop.dispatch_all()
    workshop.look(20)
    assert state(workshop, attempt) is S.UNKNOWN
    assert workshop.host().calls.count("start") == 1


@pytest.mark.parametrize("verb", ["status", "file", "upload", "start"])
def test_a_refused_connection_releases_the_attempt_and_opens_its_copies(
    workshop: Workshop, verb: str
) -> None:
    order = workshop.order()
    attempt = workshop.start(order)
    workshop.host().fail(verb, Fault.UNREACHABLE)
    workshop.dispatch_all()
    assert state(workshop, attempt) is S.RELEASED
    assert {copy.state for copy in workshop.copies(order)} == {CopyState.OPEN}
    assert workshop.host().machine.starts == []
    again = workshop.start(order)
    workshop.dispatch_all()
    assert state(workshop, again) is S.PRINTING


@pytest.mark.parametrize("fault", [Fault.DISK_FULL, Fault.REQUEST_LOST])
def test_an_upload_that_did_not_arrive_whole_is_never_started(workshop: Workshop, fault: Fault) -> None:
    attempt = workshop.start(workshop.order())
    workshop.host().fail("upload", fault)
    workshop.dispatch_all()
    assert state(workshop, attempt) is S.RELEASED
    assert "start" not in workshop.host().calls


def test_an_upload_whose_answer_was_lost_is_found_and_started(workshop: Workshop) -> None:
    attempt = workshop.start(workshop.order())
    workshop.host().fail("upload", Fault.ANSWER_LOST)
    workshop.dispatch_all()
    assert state(workshop, attempt) is S.PRINTING


@pytest.mark.parametrize(
    ("fault", "bed"),
    [(Fault.BUSY, Bed.OCCUPIED), (Fault.UNREACHABLE, Bed.CLEAR), (Fault.REFUSED, Bed.CLEAR)],
)
def test_a_refused_start_gives_the_job_back_and_a_busy_printer_is_looked_at_again(
    workshop: Workshop, fault: Fault, bed: Bed
) -> None:
    """Busy means that somebody may have started by hand: nobody's word for that bed is left."""
    attempt = workshop.start(workshop.order())
    workshop.host().fail("start", fault)
    workshop.dispatch_all()
    assert state(workshop, attempt) is S.RELEASED
    assert workshop.session.get_one(Attempt, attempt.id).printer.bed is bed


def test_a_bed_that_somebody_printed_on_meanwhile_is_not_called_clear_by_a_refusal(
    workshop: Workshop,
) -> None:
    attempt = workshop.start(workshop.order())
    attempt_id, host = attempt.id, workshop.host()

    def by_hand_then_refused(name: str) -> None:
        host.print_by_hand("vase.gcode")
        workshop.look()  # watch sees it; then our request finds nobody
        raise Unreachable("connection refused", sent=False)

    host.start = by_hand_then_refused  # type: ignore[method-assign]
    workshop.forget()
    workshop.dispatch.run(attempt_id)
    assert state(workshop, attempt) is S.RELEASED
    assert workshop.session.get_one(Attempt, attempt_id).printer.bed is Bed.OCCUPIED


def test_a_cancel_that_comes_while_the_start_is_prepared_prevents_it(workshop: Workshop) -> None:
    attempt = workshop.start(workshop.order())
    attempt_id, commit = attempt.id, workshop.dispatch._commit_to_start

    def cancelled_first(row: Attempt) -> tuple[Attempt, bool]:
        here = workshop.session.get_one(Attempt, attempt_id)
        ask(workshop.session, here, Wish.CANCEL, by=workshop.amira, reason="other", now=workshop.clock.now)
        workshop.session.commit()
        return commit(row)

    workshop.forget()
    workshop.dispatch._commit_to_start = cancelled_first  # type: ignore[method-assign]
    workshop.dispatch.run(attempt_id)
    assert state(workshop, attempt) is S.RELEASED
    assert workshop.host().machine.starts == []


def test_a_gcode_file_that_is_gone_releases_instead_of_trying_for_ever(workshop: Workshop) -> None:
    attempt = workshop.start(workshop.order())
    workshop.files.path(attempt.plate.slice.gcode_sha256 or "").unlink()
    workshop.dispatch_all()
    assert state(workshop, attempt) is S.RELEASED


def test_a_printer_whose_key_cannot_be_read_releases(workshop: Workshop) -> None:
    attempt = workshop.start(workshop.order())

    def unreadable(_printer: object) -> FakeHost:
        raise InvalidToken

    workshop.dispatch.host_of = unreadable
    workshop.dispatch_all()
    assert state(workshop, attempt) is S.RELEASED


def test_a_host_that_died_in_mid_print_leaves_an_unclear_attempt_and_an_occupied_bed(
    workshop: Workshop,
) -> None:
    attempt = workshop.start(workshop.order())
    workshop.dispatch_all()
    workshop.host().die()
    workshop.look(2)
    workshop.host().come_back()
    workshop.look(5)
    assert state(workshop, attempt) is S.UNKNOWN
    assert workshop.printers[0].bed is Bed.OCCUPIED
    with pytest.raises(Conflict):
        workshop.start(workshop.order())


def test_a_thermal_fault_is_a_failure_with_the_printers_words(workshop: Workshop) -> None:
    attempt = workshop.start(workshop.order())
    workshop.dispatch_all()
    workshop.host().printer_error("Thermal Runaway, system stopped!")
    workshop.look(5)
    assert state(workshop, attempt) in (S.FAILED, S.UNKNOWN)
    assert workshop.printers[0].bed is Bed.OCCUPIED
    assert workshop.printers[0].sight.alarm == "printer_error"


def test_a_silent_printer_raises_the_alarm_within_a_minute(workshop: Workshop) -> None:
    workshop.look()
    workshop.host().die()
    workshop.look(29)
    assert workshop.printers[0].sight.alarm == ""
    workshop.look(3)
    assert workshop.printers[0].sight.alarm == "silent"
    assert workshop.printers[1].sight.alarm == ""


def test_printing_without_progress_raises_the_alarm(workshop: Workshop) -> None:
    workshop.start(workshop.order())
    workshop.dispatch_all()
    workshop.host().go_silent()
    workshop.look(33)
    assert workshop.printers[0].sight.alarm == "no_progress"


def test_a_print_started_by_hand_is_foreign_and_nothing_is_dispatched_there(workshop: Workshop) -> None:
    order = workshop.order()
    workshop.host().print_by_hand("vase.gcode")
    workshop.look()
    assert workshop.printers[0].sight.foreign
    with pytest.raises(Conflict):
        workshop.start(order)
    assert workshop.host().machine.starts == ["vase.gcode"]


def test_a_foreign_start_between_the_look_at_the_bed_and_ours_wins(workshop: Workshop) -> None:
    attempt = workshop.start(workshop.order())
    workshop.host().print_by_hand("vase.gcode")
    workshop.dispatch_all()
    assert state(workshop, attempt) is S.RELEASED
    assert workshop.host().machine.starts == ["vase.gcode"]


def test_two_people_at_once_get_one_attempt(workshop: Workshop) -> None:
    order, other = workshop.order(), workshop.order(1)
    workshop.start(order)
    with pytest.raises(Conflict):
        workshop.start(other)


def test_two_workers_at_once_send_one_start(workshop: Workshop) -> None:
    attempt = workshop.start(workshop.order())
    attempt_id = attempt.id
    workshop.forget()
    slow, host = workshop.dispatch, workshop.host()
    send = slow._commit_to_start

    def overtaken(row: Attempt) -> tuple[Attempt, bool]:
        workshop.restart()
        workshop.dispatch.run(row.id)  # the second worker does all of it meanwhile
        return send(row)

    slow._commit_to_start = overtaken  # type: ignore[method-assign]
    slow.run(attempt_id)
    assert host.calls.count("start") == 1
    assert state(workshop, attempt) is S.PRINTING


def test_two_workers_that_upload_at_once_start_the_print_all_the_same(workshop: Workshop) -> None:
    attempt = workshop.start(workshop.order())
    attempt_id = attempt.id
    workshop.forget()
    host = workshop.host()
    upload = host.upload

    def after_the_other(name: str, file: Path) -> None:
        upload(name, file)  # the second worker was a moment faster
        upload(name, file)

    host.upload = after_the_other  # type: ignore[method-assign]
    workshop.dispatch.run(attempt_id)
    assert host.calls.count("start") == 1
    assert state(workshop, attempt) is S.PRINTING


def test_a_worker_frozen_after_the_upload_asks_again_what_was_printed_meanwhile(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = workshop.start(workshop.order())
    attempt_id, name = attempt.id, attempt.remote_name
    workshop.forget()
    host, upload = workshop.host(), workshop.dispatch._upload

    def frozen(row: Attempt, *rest: Any) -> Attempt:
        row = upload(row, *rest)
        host.start(name)  # by somebody at the printer
        host.advance(100_000)
        monkeypatch.setattr("makerlab.production.dispatch.AWAY_S", -1.0)  # it was long
        return row

    workshop.dispatch._upload = frozen  # type: ignore[method-assign]
    workshop.dispatch.run(attempt_id)
    assert host.calls.count("start") == 1, "the one by hand"
    assert state(workshop, attempt) is S.RELEASED
    assert attempt.reason == "started_again"


@pytest.mark.parametrize("hours", [24, -24])
def test_a_clock_that_jumps_starts_nothing_and_expires_nothing(workshop: Workshop, hours: int) -> None:
    printing = workshop.start(workshop.order())
    workshop.dispatch_all()
    waiting = workshop.start(workshop.order(1), number=1)
    workshop.clock.jump(hours=hours)
    workshop.dispatch_all()
    workshop.look(3)
    assert state(workshop, waiting) is S.RELEASED
    assert workshop.host(1).machine.starts == []
    assert state(workshop, printing) is S.PRINTING
    assert workshop.printers[0].sight.alarm == ""


def test_a_cut_network_changes_nothing_and_catches_up(workshop: Workshop) -> None:
    attempt = workshop.start(workshop.order())
    workshop.dispatch_all()
    workshop.host().fail("status", Fault.REQUEST_LOST, times=25)
    workshop.look(25)
    assert state(workshop, attempt) is S.PRINTING
    finish(workshop)
    workshop.look(2)
    assert state(workshop, attempt) is S.REPORTED_DONE


def test_pause_resume_and_cancel_reach_the_printer_with_their_reason(workshop: Workshop) -> None:
    attempt = workshop.start(workshop.order())
    workshop.dispatch_all()
    for wish, after in ((Wish.PAUSE, S.PAUSED), (Wish.RESUME, S.PRINTING), (Wish.CANCEL, S.CANCELLED)):
        row = workshop.session.get_one(Attempt, attempt.id)
        ask(workshop.session, row, wish, by=workshop.amira, reason="bad_first_layer", now=workshop.clock.now)
        workshop.session.commit()
        workshop.look(1)
        workshop.host().advance(1)
        workshop.look(3)
        assert state(workshop, attempt) is after
    row = workshop.session.get_one(Attempt, attempt.id)
    assert row.reason == "bad_first_layer"
    end = workshop.session.scalars(sa.select(AttemptEvent).where(AttemptEvent.to_state == S.CANCELLED)).one()
    assert end.actor_id == workshop.amira.id


def test_cancel_before_the_start_releases(workshop: Workshop) -> None:
    attempt = workshop.start(workshop.order())
    ask(workshop.session, attempt, Wish.CANCEL, by=workshop.amira, reason="other", now=workshop.clock.now)
    workshop.session.commit()
    workshop.dispatch_all()
    assert state(workshop, attempt) is S.RELEASED
    assert workshop.host().machine.starts == []


def test_an_ended_print_started_again_by_hand_is_foreign(workshop: Workshop) -> None:
    attempt = workshop.start(workshop.order())
    workshop.dispatch_all()
    finish(workshop)
    workshop.host().machine.start(attempt.remote_name)
    workshop.look(3)
    row = workshop.session.get_one(Attempt, attempt.id)
    assert row.state is S.REPORTED_DONE
    assert row.conflict == "started_again"
    assert workshop.printers[0].sight.foreign


@pytest.mark.parametrize("reached", [S.CLAIMED, S.UPLOADING, S.VERIFIED, S.START_SENT])
def test_a_worker_killed_between_any_two_steps_leads_to_at_most_one_start(
    workshop: Workshop, reached: AttemptState
) -> None:
    attempt = workshop.start(workshop.order())
    attempt_id = attempt.id
    workshop.forget()
    kill_after(workshop, reached)
    with pytest.raises(Killed):
        workshop.dispatch.run(attempt_id)
    workshop.restart()
    workshop.dispatch_all()
    workshop.look(4)
    assert len(workshop.host().machine.starts) <= 1
    expected = S.UNKNOWN if reached is S.START_SENT else S.PRINTING
    assert state(workshop, attempt) is expected


class Killed(BaseException):
    """kill -9: nothing after it runs."""


def kill_after(workshop: Workshop, reached: AttemptState) -> None:
    """Die right after the commit of `reached`, before the next word to the printer."""
    if reached is S.CLAIMED:
        workshop.dispatch._begin = _dies  # type: ignore[method-assign, assignment]
    elif reached is S.UPLOADING:
        workshop.dispatch._upload = _dies  # type: ignore[method-assign, assignment]
    elif reached is S.VERIFIED:
        workshop.dispatch._start = _dies  # type: ignore[method-assign, assignment]
    else:
        workshop.dispatch._send_start = _dies  # type: ignore[method-assign, assignment]


def _dies(*_: object) -> None:
    raise Killed


def test_no_copy_vanishes_whatever_happened(workshop: Workshop) -> None:
    order = workshop.order(3)
    workshop.start(order)
    workshop.host().fail("start", Fault.BUSY)
    workshop.dispatch_all()
    states = workshop.session.scalars(sa.select(Copy.state).where(Copy.order_id == order.id)).all()
    assert len(states) == 3


def test_the_database_lets_one_of_two_starts_through_and_the_other_hears_why(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both looked before either wrote: what is in the way was not there yet."""
    order, other = workshop.order(), workshop.order(1)
    workshop.start(order)
    monkeypatch.setattr("makerlab.production.actions.obstacles_at", lambda *_, **__: [])
    with pytest.raises(Conflict):
        workshop.start(other)
    assert workshop.session.scalars(sa.select(Attempt)).one().plate.order_id == order.id
