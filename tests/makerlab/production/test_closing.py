"""The file of an ended attempt is closed: its prints are read, then it is deleted."""

import pytest

from makerlab.fleet.models import Bed
from makerlab.production.closing import Closed, note_closed
from makerlab.production.collecting import collect
from makerlab.production.models import Attempt
from makerlab.production.states import AttemptState
from printers.fake import Fault
from tests.makerlab.production.conftest import Workshop

S = AttemptState


def unknown(workshop: Workshop) -> Attempt:
    """A start that was lost: nobody knows, and the file lies at the host."""
    attempt_id = workshop.start(workshop.order()).id
    workshop.host().fail("start", Fault.REQUEST_LOST)
    workshop.dispatch_all()
    workshop.look(4)
    attempt = workshop.session.get_one(Attempt, attempt_id)
    assert attempt.state is S.UNKNOWN
    return attempt


def nothing_printed(workshop: Workshop, attempt: Attempt) -> None:
    collect(
        workshop.session, attempt, good=0, scrap_reason="", by=workshop.amira, now=workshop.clock.now,
        nothing_printed=True,
    )  # fmt: skip
    workshop.session.commit()


def print_late(workshop: Workshop, attempt: Attempt) -> None:
    """The start that was lost arrives after all, and nobody looks while it prints."""
    workshop.host().machine.start(attempt.remote_name)
    workshop.host().advance(10_000)


def test_a_print_after_the_attempt_was_resolved_occupies_the_bed_and_is_named(workshop: Workshop) -> None:
    attempt = unknown(workshop)
    nothing_printed(workshop, attempt)
    print_late(workshop, attempt)
    workshop.look()
    attempt = workshop.session.get_one(Attempt, attempt.id)
    assert (attempt.remote_gone, attempt.conflict) == (True, "started_again")
    assert attempt.printer.bed is Bed.OCCUPIED
    assert workshop.host().machine.files == {}


def test_nothing_starts_before_the_earlier_file_is_closed(workshop: Workshop) -> None:
    attempt = unknown(workshop)
    nothing_printed(workshop, attempt)
    after = workshop.start(workshop.order())
    print_late(workshop, attempt)
    workshop.dispatch_all()
    assert workshop.session.get_one(Attempt, after.id).state is S.RELEASED
    assert workshop.host().machine.starts == [attempt.remote_name]


def test_an_earlier_file_that_cannot_be_closed_prevents_the_start(workshop: Workshop) -> None:
    nothing_printed(workshop, unknown(workshop))
    after = workshop.start(workshop.order())
    workshop.host().fail("delete", Fault.REQUEST_LOST)
    workshop.dispatch_all()
    assert workshop.session.get_one(Attempt, after.id).state is S.RELEASED
    assert workshop.host().machine.starts == []


@pytest.mark.parametrize("looks", [0, 3])
def test_a_done_print_is_closed_without_ado(workshop: Workshop, looks: int) -> None:
    attempt_id = workshop.start(workshop.order()).id
    workshop.dispatch_all()
    workshop.host().advance(10_000)
    workshop.look(2 + looks)
    attempt = workshop.session.get_one(Attempt, attempt_id)
    assert (attempt.state, attempt.remote_gone, attempt.conflict) == (S.REPORTED_DONE, True, "")
    collect(workshop.session, attempt, good=2, scrap_reason="", by=workshop.amira, now=workshop.clock.now)
    assert attempt.printer.bed is Bed.CLEAR


@pytest.mark.parametrize(
    ("printing", "prints", "conflict"),
    [(False, 1, ""), (True, 1, "started_again"), (False, 2, "started_again")],
)
def test_a_host_that_holds_a_file_for_a_moment_raises_no_alarm(
    workshop: Workshop, printing: bool, prints: int, conflict: str
) -> None:
    """OctoPrint may refuse to delete (409) a file whose print has just ended."""
    attempt_id = workshop.start(workshop.order()).id
    closed = Closed(gone=False, prints=prints)
    note_closed(workshop.session, attempt_id, closed, printing=printing, now=workshop.clock.now)
    attempt = workshop.session.get_one(Attempt, attempt_id)
    assert (attempt.remote_gone, attempt.conflict) == (False, conflict)


def test_collecting_beside_somebody_elses_print_leaves_the_bed_occupied(workshop: Workshop) -> None:
    attempt_id = workshop.start(workshop.order()).id
    workshop.dispatch_all()
    workshop.host().advance(10_000)
    workshop.look(2)
    workshop.host().print_by_hand("vase.gcode")
    workshop.look()
    attempt = workshop.session.get_one(Attempt, attempt_id)
    collect(workshop.session, attempt, good=2, scrap_reason="", by=workshop.amira, now=workshop.clock.now)
    workshop.session.commit()
    assert attempt.printer.bed is Bed.OCCUPIED
