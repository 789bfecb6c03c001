"""What keeps failing is held, with the reason, until an instructor lifts it; so is what a person holds."""

import pytest
import sqlalchemy as sa

from makerlab.core.audit import AuditLine
from makerlab.core.errors import Conflict, Forbidden, Invalid
from makerlab.production.collecting import collect
from makerlab.production.holding import hold, hold_what_fails, lift, resume
from makerlab.production.models import Attempt, Held, Order
from makerlab.production.ordering import cancel_order
from makerlab.production.rules import Outcome, keeps_failing, outcome
from makerlab.production.states import AttemptState as A
from tests.makerlab.production.conftest import Workshop
from tests.makerlab.production.test_views_printers import TO_PRINTING, move

GOOD, FAILING, NOTHING = Outcome.GOOD, Outcome.FAILING, Outcome.NOTHING


@pytest.mark.parametrize(
    ("good", "scrap", "by_person", "said"),
    [
        (2, 0, False, GOOD),
        (1, 3, False, GOOD),
        (0, 2, False, FAILING),
        (0, 2, True, NOTHING),
        (1, 1, True, GOOD),
        (0, 0, False, NOTHING),
    ],
)
def test_all_scrap_is_a_failure_unless_a_person_stopped_it(
    good: int, scrap: int, by_person: bool, said: Outcome
) -> None:
    assert outcome(good=good, scrap=scrap, by_person=by_person) is said


@pytest.mark.parametrize(
    ("newest_first", "held"),
    [
        ([], False),
        ([FAILING], False),
        ([FAILING, FAILING], True),
        ([FAILING, NOTHING, FAILING], True),
        ([NOTHING, FAILING, FAILING, GOOD], True),
        ([FAILING, GOOD, FAILING], False),
        ([GOOD, FAILING, FAILING], False),
    ],
)
def test_two_failures_in_a_row_are_one_too_many(newest_first: list[Outcome], held: bool) -> None:
    assert keeps_failing(newest_first) is held


def fail(workshop: Workshop, order: Order, number: int = 0, end: A = A.FAILED, good: int = 0) -> Attempt:
    """One print of the order, from the start to the shelf."""
    if not workshop.session.scalar(sa.select(Attempt.id).where(Attempt.plate_id == order.plates[-1].id)):
        pass
    elif all(copy.plate_id is not None for copy in order.copies):
        raise AssertionError("nothing to print")
    else:
        workshop.plate(order)
    attempt = move(workshop, workshop.start(order, number), *TO_PRINTING, end)
    collect(
        workshop.session, attempt, good=good, scrap_reason="warped" if good < attempt.plate.pieces else "",
        by=workshop.amira, now=workshop.clock.now,
    )  # fmt: skip
    workshop.session.commit()
    workshop.session.expire_all()
    return attempt


def test_a_revision_that_fails_twice_on_two_printers_holds_its_orders_and_no_printer(
    workshop: Workshop,
) -> None:
    one, other = workshop.order(1), workshop.order(1)
    fail(workshop, one, 0)
    assert (one.held, other.held) == ("", "")
    fail(workshop, other, 1)
    assert (one.held, other.held) == (Held.FAILING, Held.FAILING)
    assert [printer.held for printer in workshop.printers] == ["", ""]
    with pytest.raises(Conflict):
        fail(workshop, one, 0)


def test_a_printer_that_fails_twice_in_a_row_is_held(workshop: Workshop) -> None:
    one = workshop.order(1)
    fail(workshop, one, 0)
    fail(workshop, workshop.order(1), 1, A.REPORTED_DONE, good=1)
    fail(workshop, one, 0)
    assert (workshop.printers[0].held, one.held) == (Held.FAILING, "")
    with pytest.raises(Conflict):
        fail(workshop, workshop.order(1), 0)
    workshop.forget()
    fail(workshop, workshop.order(1), 1, A.REPORTED_DONE, good=1)


def test_what_a_person_stopped_is_no_failure(workshop: Workshop) -> None:
    order = workshop.order(1)
    for _ in range(3):
        fail(workshop, order, 0, A.CANCELLED)
    assert (order.held, workshop.printers[0].held) == ("", "")


def test_an_instructor_lifts_the_hold_for_all_orders_and_the_count_begins_anew(workshop: Workshop) -> None:
    one, other = workshop.order(1), workshop.order(1)
    fail(workshop, one, 0)
    fail(workshop, one, 1)
    with pytest.raises(Forbidden):
        resume(workshop.session, one, by=workshop.amira, now=workshop.clock.now)
    resume(workshop.session, one, by=workshop.boris, now=workshop.clock.now)
    workshop.session.commit()
    workshop.session.expire_all()
    assert (one.held, other.held) == ("", "")
    lines = sa.select(AuditLine.subject, AuditLine.actor_id).where(AuditLine.action == "order.resumed")
    assert {tuple(line) for line in workshop.session.execute(lines)} == {
        (f"order:{one.id}", workshop.boris.id), (f"order:{other.id}", workshop.boris.id)
    }  # fmt: skip
    fail(workshop, other, 1)
    assert other.held == ""
    fail(workshop, workshop.order(1), 0)
    assert other.held == Held.FAILING


def test_a_new_order_of_what_keeps_failing_is_held_too_but_not_for_ever(workshop: Workshop) -> None:
    one = workshop.order(1)
    fail(workshop, one, 0)
    fail(workshop, one, 1)
    assert workshop.order(1).held == Held.FAILING
    workshop.forget()
    for order in workshop.session.scalars(sa.select(Order)).all():
        cancel_order(workshop.session, order, by=workshop.boris, reason="other", now=workshop.clock.now)
    workshop.session.commit()
    assert workshop.order(1).held == ""


def test_only_an_instructor_lets_a_held_printer_work_again(workshop: Workshop) -> None:
    fail(workshop, workshop.order(1), 0)
    fail(workshop, workshop.order(1), 0)
    printer = workshop.printers[0]
    with pytest.raises(Forbidden):
        lift(workshop.session, printer, by=workshop.amira, now=workshop.clock.now)
    for _ in range(2):  # tapped twice
        lift(workshop.session, printer, by=workshop.boris, now=workshop.clock.now)
    workshop.session.commit()
    assert printer.held == ""
    lines = sa.select(sa.func.count()).where(AuditLine.action == "printer.lifted")
    assert workshop.session.scalar(lines) == 1


def test_judging_the_same_attempts_again_changes_nothing(workshop: Workshop) -> None:
    order = workshop.order(1)
    fail(workshop, order, 0)
    last = fail(workshop, order, 1)
    for _ in range(2):
        hold_what_fails(workshop.session, last, now=workshop.clock.now)
    lines = sa.select(sa.func.count()).where(AuditLine.action == "order.held")
    assert workshop.session.scalar(lines) == 1
    resume(workshop.session, order, by=workshop.boris, now=workshop.clock.now)
    workshop.session.commit()
    workshop.session.expire_all()
    hold_what_fails(workshop.session, last, now=workshop.clock.now)
    assert order.held == "", "forgiven is forgiven"


def test_an_instructor_holds_an_order_and_lets_it_go_on(workshop: Workshop) -> None:
    order = workshop.order(1)
    now = workshop.clock.now
    with pytest.raises(Forbidden):
        hold(workshop.session, order, reason="Maß prüfen", by=workshop.amira, now=now)
    with pytest.raises(Invalid):
        hold(workshop.session, order, reason="", by=workshop.boris, now=now)
    hold(workshop.session, order, reason="Maß prüfen", by=workshop.boris, now=now)
    workshop.session.refresh(order)
    assert (order.held, order.held_note, order.held_by_id) == ("by_hand", "Maß prüfen", workshop.boris.id)
    with pytest.raises(Conflict):
        hold(workshop.session, order, reason="noch einmal", by=workshop.boris, now=now)
    with pytest.raises(Conflict):
        workshop.start(order)
    workshop.forget()
    resume(workshop.session, order, by=workshop.boris, now=now)
    workshop.session.commit()
    workshop.start(order)


def test_a_start_that_was_chosen_before_the_hold_does_not_happen(workshop: Workshop) -> None:
    order = workshop.order(1)
    attempt_id = workshop.start(order).id
    hold(workshop.session, order, reason="Maß prüfen", by=workshop.boris, now=workshop.clock.now)
    workshop.session.commit()
    workshop.dispatch_all()
    attempt = workshop.session.get_one(Attempt, attempt_id)
    assert (attempt.state, attempt.reason) == (A.RELEASED, "held")
    assert workshop.host().machine.starts == []
