from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.clock import utcnow
from makerlab.core.errors import Conflict, Invalid
from makerlab.people.actions import set_active
from makerlab.training.actions import has_valid_instruction, instruct, revoke, revoke_all
from makerlab.training.models import Instruction
from makerlab.training.rules import Standing, add_months, standing
from tests.makerlab.conftest import NOW, Cast, SignIn

MACHINE = "prusa-mk3s"
TODAY = NOW.date()


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 3, 2), 12, date(2027, 3, 2)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 31), 6, date(2027, 6, 30)),
    ],
)
def test_months_end_on_days_that_exist(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


@pytest.mark.parametrize(
    ("days_left", "expected"),
    [(31, Standing.VALID), (30, Standing.ENDING), (0, Standing.ENDING), (-1, Standing.EXPIRED)],
)
def test_it_warns_thirty_days_before_and_counts_the_last_day(days_left: int, expected: Standing) -> None:
    assert standing(TODAY + timedelta(days=days_left), TODAY) is expected


def test_never_instructed_is_no_standing() -> None:
    assert standing(None, TODAY) is Standing.NONE


def test_an_instruction_counts_for_its_machine_until_its_last_day(session: Session, cast: Cast) -> None:
    instruct(session, cast.amira, MACHINE, by=cast.boris, now=NOW, months=12)
    last = date(2027, 3, 2)
    assert has_valid_instruction(session, cast.amira.id, MACHINE, today=TODAY)
    assert has_valid_instruction(session, cast.amira.id, MACHINE, today=last)
    assert not has_valid_instruction(session, cast.amira.id, MACHINE, today=last + timedelta(days=1))
    assert not has_valid_instruction(session, cast.amira.id, "prusa-mk4", today=TODAY)
    assert not has_valid_instruction(session, cast.dilek.id, MACHINE, today=TODAY)


def test_what_is_taken_back_counts_no_more(session: Session, cast: Cast) -> None:
    first = instruct(session, cast.amira, MACHINE, by=cast.boris, now=NOW, months=12)
    instruct(session, cast.amira, MACHINE, by=cast.carla, now=NOW, months=12)
    revoke(session, first, by=cast.boris, now=NOW)
    assert has_valid_instruction(session, cast.amira.id, MACHINE, today=TODAY)
    revoke_all(session, cast.amira, MACHINE, by=cast.boris, now=NOW)
    assert not has_valid_instruction(session, cast.amira.id, MACHINE, today=TODAY)


def test_nobody_instructs_themselves_or_a_closed_account(session: Session, cast: Cast) -> None:
    with pytest.raises(Conflict):
        instruct(session, cast.boris, MACHINE, by=cast.boris, now=NOW, months=12)
    set_active(session, cast.amira, False, by_id=cast.emil.id, now=NOW)
    with pytest.raises(Conflict):
        instruct(session, cast.amira, MACHINE, by=cast.boris, now=NOW, months=12)


@pytest.mark.parametrize("machine", ["", "lathe", "\0", "x" * 10_000, "../prusa-mk3s"])
def test_a_machine_that_nobody_knows_is_refused(
    session: Session, cast: Cast, sign_in: SignIn, machine: str
) -> None:
    with pytest.raises(Invalid):
        instruct(session, cast.amira, machine, by=cast.boris, now=NOW, months=12)
    session.rollback()
    page = f"/unterweisungen/{cast.amira.id}/geben"
    assert sign_in(cast.boris).post(page, data={"machine": machine}).status_code == 422


def test_an_instructor_gives_and_takes_back_on_the_page(
    session: Session, cast: Cast, sign_in: SignIn
) -> None:
    client, data = sign_in(cast.boris), {"machine": MACHINE}
    assert client.post(f"/unterweisungen/{cast.amira.id}/geben", data=data).status_code == 303
    given = session.scalars(sa.select(Instruction)).one()
    assert (given.given_by_id, given.account_id) == (cast.boris.id, cast.amira.id)
    assert given.valid_until == add_months(utcnow().date(), 12)
    assert "Zurücknehmen" in client.get("/unterweisungen").text
    client.post(f"/unterweisungen/{cast.amira.id}/nehmen", data=data)
    assert "Zurücknehmen" not in client.get("/unterweisungen").text


def test_a_coordinator_reads_but_does_not_instruct(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.guel)
    assert "Unterwiesen<" not in client.get("/unterweisungen").text
    assert client.post(f"/unterweisungen/{cast.amira.id}/geben", data={"machine": MACHINE}).status_code == 403


def test_what_ends_soon_is_listed(session: Session, cast: Cast, sign_in: SignIn) -> None:
    instruct(session, cast.amira, MACHINE, by=cast.boris, now=datetime(2020, 1, 1, tzinfo=UTC), months=12)
    page = sign_in(cast.boris).get("/unterweisungen?only=ending").text
    assert "Amira" in page
    assert "Abgelaufen" in page
    assert "Carla" not in page
