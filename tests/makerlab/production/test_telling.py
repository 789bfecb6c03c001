"""Somebody is told what needs them, once, and not any more when it is over."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from makerlab.catalog.models import Agreement, Partner
from makerlab.materials.actions import weigh
from makerlab.notices.models import Kind, Notice
from makerlab.notices.words import sentence
from makerlab.production.collecting import collect
from makerlab.production.lateness import Work, end_of, least_s
from makerlab.production.models import Attempt, FirstPiece, Order
from makerlab.production.telling import TellRound
from tests.makerlab.production.conftest import Workshop

BERLIN = "Europe/Berlin"


def told(workshop: Workshop) -> set[tuple[Kind, str]]:
    """What is open after a round of the worker."""
    workshop.session.commit()
    TellRound(workshop.factory, BERLIN, workshop.clock.wall)()
    workshop.forget()
    rows = workshop.session.scalars(sa.select(Notice).where(Notice.over_at.is_(None))).all()
    assert all(sentence(row.kind, row.params) for row in rows)
    assert all("–" not in sentence(row.kind, row.params) for row in rows), "each value is there"
    found = {(row.kind, row.about) for row in rows}
    workshop.forget()
    return found


def take(workshop: Workshop, attempt_id: int, good: int = 2) -> None:
    attempt = workshop.session.get_one(Attempt, attempt_id)
    collect(
        workshop.session, attempt, good=good, scrap_reason="" if good == 2 else "warped", by=workshop.amira,
        now=workshop.clock.now,
    )  # fmt: skip
    workshop.session.commit()


def begun(workshop: Workshop) -> int:
    attempt_id = workshop.start(workshop.order()).id
    workshop.dispatch_all()
    workshop.look()
    return attempt_id


def test_a_print_that_is_done_is_to_be_collected_until_somebody_did(workshop: Workshop) -> None:
    attempt_id = begun(workshop)
    assert told(workshop) == set()
    workshop.host().advance(10_000)
    workshop.look(2)
    assert told(workshop) == {(Kind.PRINT_TO_COLLECT, f"attempt:{attempt_id}")}
    take(workshop, attempt_id)
    assert told(workshop) == {(Kind.ORDER_DONE, "order:1")}


def test_rounds_without_news_write_nothing(workshop: Workshop) -> None:
    begun(workshop)
    workshop.host().advance(10_000)
    workshop.look(2)
    told(workshop)
    before = workshop.session.execute(sa.select(Notice.id, Notice.created_at)).all()
    workshop.clock.pass_(60)
    told(workshop)
    assert workshop.session.execute(sa.select(Notice.id, Notice.created_at)).all() == before


def test_an_order_is_done_once_with_its_last_piece(workshop: Workshop) -> None:
    attempt_id = begun(workshop)
    workshop.host().advance(10_000)
    workshop.look(2)
    take(workshop, attempt_id, good=1)
    assert (Kind.ORDER_DONE, "order:1") not in told(workshop)


def test_what_is_unclear_is_told_as_such(workshop: Workshop) -> None:
    attempt_id = begun(workshop)
    workshop.host().die()
    workshop.host().come_back()
    workshop.look(4)
    assert told(workshop) == {(Kind.PRINT_UNCLEAR, f"attempt:{attempt_id}")}


def test_alarms_are_told_and_settled(workshop: Workshop) -> None:
    workshop.look()
    workshop.host().unplug()
    workshop.look()
    workshop.clock.pass_(61)
    workshop.look()
    about = f"printer:{workshop.printers[0].id}"
    assert told(workshop) == {(Kind.PRINTER_SILENT, about)}
    workshop.host().plug()
    workshop.look()
    assert told(workshop) == set()
    workshop.host().printer_error("Thermal Runaway")
    workshop.look()
    assert told(workshop) == {(Kind.PRINTER_ERROR, about)}
    workshop.printers[0].out_of_service = "kaputt"
    assert told(workshop) == set()


def test_filament_that_will_not_last(workshop: Workshop) -> None:
    begun(workshop)
    spool = workshop.printers[0].spool
    assert spool is not None
    weigh(workshop.session, spool, 205, actor_id=workshop.boris.id, now=workshop.clock.now)
    about = f"printer:{workshop.printers[0].id}"
    assert told(workshop) == {(Kind.FILAMENT_RUNS_OUT, about)}
    weigh(workshop.session, spool, 230, actor_id=workshop.boris.id, now=workshop.clock.now)
    assert told(workshop) == set()


def test_held_and_waiting_for_a_check(workshop: Workshop) -> None:
    order = workshop.order()
    order.held, workshop.printers[1].held = "by_hand", "failing"
    assert told(workshop) == {
        (Kind.ORDER_HELD, f"order:{order.id}"),
        (Kind.PRINTER_HELD, f"printer:{workshop.printers[1].id}"),
    }
    order.held, workshop.printers[1].held, order.first_piece = "", "", FirstPiece.TO_RELEASE
    assert told(workshop) == {(Kind.FIRST_PIECE, f"order:{order.id}")}


def at(workshop: Workshop, hour: int) -> None:
    """The due day, in Berlin."""
    workshop.clock.now = datetime(2026, 3, 2, hour, 55, tzinfo=ZoneInfo(BERLIN))


@pytest.mark.parametrize(
    ("change", "late"),
    [
        (lambda workshop: at(workshop, 23), True),  # 10 minutes of printing in 5
        (lambda workshop: at(workshop, 22), False),
        (lambda workshop: workshop.clock.jump(days=1), True),
        (lambda workshop: None, False),
    ],
)
def test_a_due_day_that_cannot_be_kept(
    workshop: Workshop, change: Callable[[Workshop], None], late: bool
) -> None:
    order = workshop.order()
    order.due_on = date(2026, 3, 2)
    change(workshop)
    assert ((Kind.ORDER_LATE, f"order:{order.id}") in told(workshop)) is late


def test_what_an_order_takes_at_least() -> None:
    assert least_s(Work({}), {}) == 0
    assert least_s(Work({"a": [100.0, 300.0]}), {"a": 4}) == 300, "one plate takes its time"
    assert least_s(Work({"a": [100.0] * 10}), {"a": 2}) == 500
    assert least_s(Work({"a": [100.0] * 4}, loose_s=800.0), {"a": 1, "b": 3}) == 400
    assert least_s(Work({"a": [100.0]}), {"b": 1}) == 100, "no printer: what cannot be known is not late"


def test_a_day_ends_at_midnight_of_the_lab_also_when_the_clocks_change() -> None:
    zone = ZoneInfo(BERLIN)
    assert end_of(date(2026, 3, 28), zone).isoformat() == "2026-03-29T00:00:00+01:00"
    assert end_of(date(2026, 3, 29), zone).isoformat() == "2026-03-30T00:00:00+02:00"


def test_an_agreement_that_ends_soon(workshop: Workshop) -> None:
    partner = Partner(name="Studio Kante")
    workshop.session.add(partner)
    workshop.session.flush()
    today = workshop.clock.now.date()
    for days in (-1, 29, 31):
        ends = today + timedelta(days=days)
        workshop.session.add(Agreement(partner_id=partner.id, starts_on=date(2025, 1, 1), ends_on=ends))
    assert told(workshop) == {(Kind.AGREEMENT_ENDS, "agreement:2")}
    workshop.clock.jump(days=31)
    assert told(workshop) == {(Kind.AGREEMENT_ENDS, "agreement:3")}


def test_a_clock_that_jumps_back_tells_nothing_twice(workshop: Workshop) -> None:
    begun(workshop)
    workshop.host().advance(10_000)
    workshop.look(2)
    first = told(workshop)
    workshop.clock.jump(days=-1)
    assert told(workshop) == first
    assert len(workshop.session.scalars(sa.select(Notice)).all()) == len(first)


def test_the_number_of_queries_does_not_grow(workshop: Workshop) -> None:
    def queries() -> int:
        seen: list[str] = []
        engine = workshop.session.get_bind()

        def note(_c: object, _k: object, statement: str, *_more: object) -> None:
            seen.append(statement)

        sa.event.listen(engine, "before_cursor_execute", note)
        told(workshop)
        told(workshop)
        seen.clear()
        TellRound(workshop.factory, BERLIN, workshop.clock.wall)()
        sa.event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    begun(workshop)
    workshop.order().due_on = date(2026, 3, 1)
    few = queries()
    for _ in range(4):
        workshop.order().due_on = date(2026, 3, 1)
    assert queries() == few
    assert workshop.session.query(Order).count() == 6
