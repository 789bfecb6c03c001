from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.audit import AuditLine, record
from makerlab.core.ledger import guard_statements, ledgers, verify
from tests.makerlab.conftest import Cast


@pytest.fixture
def lines(session: Session, cast: Cast, now: datetime) -> list[AuditLine]:
    lines = [
        record(session, f"tried.{n}", "thing:1", actor_id=cast.emil.id, now=now, n=n, word="Würfel")
        for n in range(3)
    ]
    session.commit()
    return lines


TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(:table) AND NOT tgisinternal",
}


def _triggers(session: Session, table: str) -> list[str]:
    query = sa.text(TRIGGERS[session.get_bind().dialect.name])
    return list(session.scalars(query, {"table": table}))


def _behind_the_back(session: Session, statement: str) -> None:
    """What somebody with the database in hand could do: drop the guard, then change."""
    where = "" if session.get_bind().dialect.name == "sqlite" else " ON audit_line"
    for name in _triggers(session, "audit_line"):
        session.execute(sa.text(f"DROP TRIGGER {name}{where}"))
    session.execute(sa.text(statement))
    session.commit()
    session.expire_all()


def test_an_untouched_chain_verifies(session: Session, lines: list[AuditLine]) -> None:
    assert verify(session, AuditLine) is None
    assert lines[1].previous_hash == lines[0].hash


@pytest.mark.parametrize("column", ["action", "subject", "at", "details", "actor_id"])
def test_a_changed_value_is_found(session: Session, lines: list[AuditLine], column: str) -> None:
    values = {"at": "'2020-01-01 00:00:00.000000+00'", "details": "'{\"n\": 7}'", "actor_id": "NULL"}
    value = values.get(column, "'x'")
    _behind_the_back(session, f"UPDATE audit_line SET {column} = {value} WHERE id = {lines[1].id}")  # noqa: S608
    assert verify(session, AuditLine) == lines[1].id


def test_a_missing_line_is_found(session: Session, lines: list[AuditLine]) -> None:
    _behind_the_back(session, f"DELETE FROM audit_line WHERE id = {lines[1].id}")  # noqa: S608
    assert verify(session, AuditLine) == lines[2].id


@pytest.mark.parametrize("table", ledgers())
def test_every_ledger_has_triggers_against_change(session: Session, table: str) -> None:
    said = guard_statements(table, session.get_bind().dialect.name)
    assert len(_triggers(session, table)) == sum(" TRIGGER " in statement for statement in said)


@pytest.mark.parametrize("statement", ["UPDATE audit_line SET action = 'x'", "DELETE FROM audit_line"])
@pytest.mark.usefixtures("lines")
def test_the_database_refuses_to_change_a_line(session: Session, statement: str) -> None:
    with pytest.raises(sa.exc.DatabaseError, match="append-only"):
        session.execute(sa.text(statement))


def test_stock_filament_and_audit_are_ledgers() -> None:
    assert {"audit_line", "stock_movement", "filament_movement"} <= set(ledgers())
