"""Upkeep by hours of printing and by days: due in time, blocking when long overdue, written down."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from makerlab.core.errors import Invalid
from makerlab.core.settings import Settings
from makerlab.fleet import retiring, upkeep
from makerlab.fleet.models import Printer, UpkeepLine
from makerlab.fleet.queries import machines_of, maintenance_blocks
from makerlab.fleet.queries import upkeep as dues
from makerlab.fleet.rules import Due, Interval, due, used
from tests.makerlab.conftest import NOW, Cast, SignIn
from tests.makerlab.fleet.test_actions import make

PLAN = "/drucker/verwalten/wartung"


@pytest.fixture
def ada(session: Session, settings: Settings, cast: Cast) -> Printer:
    return make(session, settings, cast)


def oil(session: Session, cast: Cast, **other: object) -> upkeep.UpkeepTask:
    values: dict[str, object] = {
        "name": "Achsen ölen", "machine": "prusa-mk3s", "every_hours": 200, "every_days": None,
        "blocks": True,
    }  # fmt: skip
    return upkeep.add_task(session, **{**values, **other}, by_id=cast.boris.id, now=NOW)  # type: ignore[arg-type]


def printed(session: Session, printer: Printer, hours: float) -> None:
    printer.sight.printed_s += 3600 * hours
    session.flush()


def state(session: Session, printer: Printer, **later: float) -> Due:
    return dues(session, now=NOW + timedelta(**later))[printer.id][0].due


@pytest.mark.parametrize(
    ("hours", "word"),
    [(0, Due.FINE), (179, Due.FINE), (180, Due.SOON), (199, Due.SOON), (200, Due.OVERDUE), (220, Due.BLOCKS)],
)
def test_a_task_falls_due_by_hours_of_printing(
    session: Session, cast: Cast, ada: Printer, hours: int, word: Due
) -> None:
    oil(session, cast)
    printed(session, ada, hours)
    assert state(session, ada) is word
    assert (ada.id in maintenance_blocks(session, now=NOW)) is (word is Due.BLOCKS)


def test_days_count_too_and_the_sooner_one_decides(session: Session, cast: Cast, ada: Printer) -> None:
    oil(session, cast, every_days=30, blocks=False)
    assert state(session, ada, days=29) is Due.SOON
    assert state(session, ada, days=300) is Due.OVERDUE  # it does not block
    printed(session, ada, 201)
    assert state(session, ada, days=1) is Due.OVERDUE


def test_what_was_printed_before_the_plan_does_not_count(session: Session, cast: Cast, ada: Printer) -> None:
    printed(session, ada, 5000)
    oil(session, cast)
    assert state(session, ada) is Due.FINE


def test_a_printer_that_comes_later_is_counted_from_its_day(
    session: Session, cast: Cast, settings: Settings, ada: Printer
) -> None:
    oil(session, cast, every_days=30, every_hours=None)
    session.execute(sa.update(UpkeepLine).values(at=NOW - timedelta(days=100)))
    late = make(session, settings, cast, name="Berta")
    assert state(session, ada) is Due.BLOCKS
    assert state(session, late) is Due.FINE


def test_who_did_it_stands_in_the_log_and_the_count_begins_anew(
    session: Session, cast: Cast, ada: Printer
) -> None:
    task = oil(session, cast)
    printed(session, ada, 230)
    upkeep.note_done(session, ada, task, note="mit Teflonöl", by_id=cast.boris.id, now=NOW)
    assert state(session, ada) is Due.FINE
    assert maintenance_blocks(session, now=NOW) == set()
    line = session.scalars(sa.select(UpkeepLine).where(UpkeepLine.done)).one()
    assert (line.account_id, line.note, line.printed_s) == (cast.boris.id, "mit Teflonöl", 230 * 3600)
    printed(session, ada, 200)
    assert state(session, ada) is Due.OVERDUE


def test_a_task_of_one_printer_is_of_no_other(
    session: Session, cast: Cast, settings: Settings, ada: Printer
) -> None:
    other = make(session, settings, cast, name="Berta")
    task = oil(session, cast, printer=ada)
    assert other.id not in dues(session, now=NOW) or not dues(session, now=NOW)[other.id]
    with pytest.raises(Invalid):
        upkeep.note_done(session, other, task, by_id=cast.boris.id, now=NOW)


def test_an_ended_task_is_due_nowhere_and_its_log_stays(session: Session, cast: Cast, ada: Printer) -> None:
    task = oil(session, cast)
    upkeep.note_done(session, ada, task, by_id=cast.boris.id, now=NOW)
    upkeep.end_task(session, task, by_id=cast.boris.id, now=NOW)
    assert dues(session, now=NOW) == {}
    assert session.scalars(sa.select(UpkeepLine).where(UpkeepLine.done)).one().task is task


def test_a_retired_printer_has_no_upkeep_and_no_machine(session: Session, cast: Cast, ada: Printer) -> None:
    oil(session, cast)
    printed(session, ada, 300)
    retiring.retire(session, ada, by_id=cast.emil.id, now=NOW)
    assert maintenance_blocks(session, now=NOW) == set()
    assert list(machines_of(session)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "x" * 81},
        {"every_hours": None},
        {"every_hours": 0, "every_days": None},
        {"every_hours": -5},
        {"every_days": 20_001},
    ],
)
def test_a_task_without_sense_is_refused(session: Session, cast: Cast, wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        oil(session, cast, **wrong)


def test_rules_in_plain_values() -> None:
    assert used(Interval(None, None), hours=9, days=9) == 0
    assert used(Interval(100, 10), hours=50, days=9) == 0.9
    assert due(Interval(100, None, blocks=False), 5.0) is Due.OVERDUE


def test_what_is_due_takes_three_questions_however_many_printers(
    session: Session, cast: Cast, settings: Settings, ada: Printer
) -> None:
    oil(session, cast)
    for number in range(12):
        make(session, settings, cast, name=f"Drucker {number}")
    asked: list[str] = []

    def ask(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(session.get_bind(), "before_cursor_execute", ask)
    dues(session, now=NOW)
    event.remove(session.get_bind(), "before_cursor_execute", ask)
    assert len(asked) == 3


def test_the_plan_is_made_on_its_page(session: Session, cast: Cast, ada: Printer, sign_in: SignIn) -> None:
    ada_id = ada.id
    session.commit()
    client = sign_in(cast.boris)
    assert "Noch kein Plan" in client.get(PLAN).text
    form = {"name": "<b>ölen</b>", "of": "m:prusa-mk3s", "hours": "200", "days": "", "blocks": "1"}
    for wrong in (
        {"of": "m:none"},
        {"of": "x"},
        {"hours": "1e3"},
        {"hours": "-1"},
        {"hours": "9" * 30},
        {"name": ""},
    ):
        assert client.post(PLAN, data={**form, **wrong}).status_code == 422, wrong
    assert client.post(PLAN, data={**form, "of": "p:999"}).status_code == 404
    assert client.post(PLAN, data=form).status_code == 303
    assert client.post(PLAN, data={**form, "of": f"p:{ada_id}", "days": "30"}).status_code == 303
    page = client.get(PLAN).text
    assert "&lt;b&gt;ölen" in page
    assert "0 / 200 h" in page
    session.rollback()
    task_id = session.scalars(sa.select(sa.func.min(upkeep.UpkeepTask.id))).one()
    session.rollback()
    assert client.post(f"{PLAN}/{task_id}/beenden").status_code == 303
    assert client.post(f"{PLAN}/{task_id}/beenden").status_code == 404


def test_coordinators_see_the_plan_and_do_not_change_it(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.guel)
    assert client.get(PLAN).status_code == 200
    assert client.post(PLAN, data={}).status_code == 403
