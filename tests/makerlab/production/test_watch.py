"""Watch writes down what a look proves, once, and no printer is in another one's way."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

import pytest
import sqlalchemy as sa

from makerlab.core.database import db, reading
from makerlab.production.actions import ask
from makerlab.production.collecting import collect
from makerlab.production.evidence import apply
from makerlab.production.models import Attempt
from makerlab.production.states import AttemptState, Wish
from makerlab.production.watch import Seen, errands_for, look
from tests.makerlab.production.conftest import Workshop

S = AttemptState


def printing(workshop: Workshop, number: int = 0) -> int:
    attempt_id = workshop.start(workshop.order(), number).id
    workshop.dispatch_all()
    return attempt_id


def a_look(workshop: Workshop) -> Seen:
    """What one look at the first printer shows, not written down yet."""
    workshop.forget()
    with reading(), workshop.factory() as session:
        return look(errands_for(session, [workshop.printers[0].id], workshop.host_of, workshop.clock.now)[0])


def write_down(workshop: Workshop, seen: Seen) -> None:
    workshop.forget()
    workshop.clock.pass_(0.1)
    with workshop.factory.begin() as session:
        apply(session, [seen], now=workshop.clock.now, alarm_after_s=60)
    workshop.forget()


def state(workshop: Workshop, attempt_id: int) -> AttemptState:
    workshop.forget()
    return workshop.session.get_one(Attempt, attempt_id).state


def rows(workshop: Workshop) -> tuple[Any, ...]:
    """All that a look may change."""
    workshop.forget()
    sight = workshop.printers[0].sight
    attempts = workshop.session.query(Attempt).all()
    states = [(one.state, one.conflict, one.wish, one.progress, len(one.events)) for one in attempts]
    return states, workshop.printers[0].bed, sight.state, sight.foreign, sight.alarm, sight.file


def wish(workshop: Workshop, attempt_id: int, what: Wish) -> None:
    row = workshop.session.get_one(Attempt, attempt_id)
    ask(workshop.session, row, what, by=workshop.amira, reason="other", now=workshop.clock.now)
    workshop.session.commit()


def test_a_look_written_down_twice_changes_nothing_the_second_time(workshop: Workshop) -> None:
    printing(workshop)
    workshop.host().advance(1.0)
    seen = a_look(workshop)
    write_down(workshop, seen)
    before = rows(workshop)
    write_down(workshop, seen)
    assert rows(workshop) == before


def test_a_look_from_before_a_pause_and_a_resume_changes_nothing(workshop: Workshop) -> None:
    attempt_id = printing(workshop)
    wish(workshop, attempt_id, Wish.PAUSE)
    workshop.look()
    workshop.host().advance(0.2)
    paused = a_look(workshop)
    write_down(workshop, paused)
    assert state(workshop, attempt_id) is S.PAUSED
    wish(workshop, attempt_id, Wish.RESUME)
    workshop.look()
    workshop.host().advance(0.2)
    workshop.look(2)
    before = rows(workshop)
    assert state(workshop, attempt_id) is S.PRINTING
    write_down(workshop, paused)
    assert rows(workshop) == before


def test_a_look_from_before_collecting_does_not_make_the_old_print_a_foreign_one(workshop: Workshop) -> None:
    attempt_id = printing(workshop)
    old = a_look(workshop)
    workshop.host().advance(10_000)
    workshop.look(3)
    attempt = workshop.session.get_one(Attempt, attempt_id)
    collect(workshop.session, attempt, good=2, scrap_reason="", by=workshop.amira, now=workshop.clock.now)
    workshop.session.commit()
    before = rows(workshop)
    write_down(workshop, old)
    assert rows(workshop) == before


def test_a_wish_that_replaced_the_granted_one_stays(workshop: Workshop) -> None:
    attempt_id = printing(workshop)
    wish(workshop, attempt_id, Wish.PAUSE)
    workshop.look()
    workshop.host().advance(0.2)
    granted = a_look(workshop)
    assert granted.wish_done
    wish(workshop, attempt_id, Wish.CANCEL)
    write_down(workshop, granted)
    assert workshop.session.get_one(Attempt, attempt_id).wish == Wish.CANCEL


def test_a_host_silent_for_a_minute_leaves_the_decision_to_a_person(workshop: Workshop) -> None:
    attempt_id = printing(workshop)
    workshop.look()
    workshop.host().unplug()
    workshop.look(29)
    assert state(workshop, attempt_id) is S.PRINTING
    workshop.look(3)
    attempt = workshop.session.get_one(Attempt, attempt_id)
    assert (attempt.state, attempt.reason) == (S.UNKNOWN, "unreachable")


def test_a_host_that_comes_back_and_prints_goes_on_by_itself(workshop: Workshop) -> None:
    attempt_id = printing(workshop)
    workshop.look()
    workshop.host().unplug()
    workshop.look(35)
    workshop.host().plug()
    workshop.look(1)
    assert state(workshop, attempt_id) is S.PRINTING
    workshop.host().advance(10_000)
    workshop.look(2)
    assert state(workshop, attempt_id) is S.REPORTED_DONE


@pytest.mark.parametrize("broken", ["status", "file"])
def test_a_host_that_answers_nonsense_delays_no_other(workshop: Workshop, broken: str) -> None:
    first, second = printing(workshop), printing(workshop, 1)

    def nonsense(*_: object) -> object:
        raise KeyError("state")

    setattr(workshop.host(0), broken, nonsense)
    workshop.host(1).advance(10_000)
    workshop.look(2)
    assert state(workshop, first) is S.PRINTING
    assert state(workshop, second) is S.REPORTED_DONE


def test_a_look_that_cannot_be_written_down_delays_no_other(workshop: Workshop) -> None:
    printing(workshop)
    second = printing(workshop, 1)
    status = workshop.host(0).machine.status()
    workshop.host(0).status = lambda: replace_temperatures(status)  # type: ignore[method-assign]
    workshop.host(1).advance(10_000)
    workshop.look(2)
    assert state(workshop, second) is S.REPORTED_DONE


def replace_temperatures(status: Any) -> Any:
    """A status that no database takes."""
    from dataclasses import replace

    return replace(status, temperatures={"tool0": (object(), 0.0)})


def test_a_stop_that_comes_after_the_end_is_named_as_a_conflict(workshop: Workshop) -> None:
    """The first event stands; that somebody wanted it stopped goes to a person."""
    attempt_id = printing(workshop)
    workshop.look()
    wish(workshop, attempt_id, Wish.CANCEL)
    workshop.host().advance(10_000)
    workshop.look(2)
    attempt = workshop.session.get_one(Attempt, attempt_id)
    assert (attempt.state, attempt.conflict) == (S.REPORTED_DONE, "done_before_stop")


def test_a_stop_between_the_look_and_its_writing_down_is_named_too(workshop: Workshop) -> None:
    attempt_id = printing(workshop)
    workshop.look()
    workshop.host().advance(10_000)
    seen = a_look(workshop)
    wish(workshop, attempt_id, Wish.CANCEL)
    write_down(workshop, seen)
    attempt = workshop.session.get_one(Attempt, attempt_id)
    assert (attempt.state, attempt.conflict) == (S.REPORTED_DONE, "done_before_stop")


def test_a_pause_that_comes_after_the_end_is_no_conflict(workshop: Workshop) -> None:
    attempt_id = printing(workshop)
    workshop.look()
    wish(workshop, attempt_id, Wish.PAUSE)
    workshop.host().advance(10_000)
    workshop.look(2)
    assert workshop.session.get_one(Attempt, attempt_id).conflict == ""


def test_more_printers_are_written_down_with_no_more_statements(workshop: Workshop) -> None:
    printing(workshop)
    printing(workshop, 1)
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    def written_for(count: int) -> int:
        for number in range(count):
            workshop.host(number).advance(0.1)
        with reading(), workshop.factory() as session:
            ids = [printer.id for printer in workshop.printers[:count]]
            looks = [
                look(errand) for errand in errands_for(session, ids, workshop.host_of, workshop.clock.now)
            ]
        workshop.clock.pass_(0.1)
        statements.clear()
        with workshop.factory.begin() as session:
            apply(session, looks, now=workshop.clock.now, alarm_after_s=60)
        return len(statements)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        workshop.forget()
        written_for(2)
        assert written_for(2) <= written_for(1)
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


class NeverDone(Executor):
    """Looks into a black hole: they neither end nor break."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return Future()


def test_the_alarm_comes_in_time_although_the_look_still_waits_for_an_answer(workshop: Workshop) -> None:
    attempt_id = printing(workshop)
    workshop.look()
    workshop.watch.pool = NeverDone()
    workshop.look(29)
    assert workshop.printers[0].sight.alarm == ""
    workshop.look(2)
    attempt = workshop.session.get_one(Attempt, attempt_id)
    assert (workshop.printers[0].sight.alarm, attempt.state) == ("silent", S.UNKNOWN)
