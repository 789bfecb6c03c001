"""Append-only tables whose lines are chained by hash: stock, filament, audit.

The database refuses UPDATE and DELETE by trigger. A line's hash covers its own values and the hash of the
line before it, so that a line changed behind the application's back is found by `verify`. Names and other
personal data stay outside the chain: a line knows a person by account id only.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Session, mapped_column

from makerlab.core.database import Base

ADVISORY_LOCK = 4711  # PostgreSQL: one appender at a time; on SQLite BEGIN IMMEDIATE does the same


Line = TypeVar("Line", bound="LedgerLine")


class LedgerLine:
    """Mixin: identity, time, person and hash chain of a line."""

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), index=True)
    previous_hash: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64), unique=True)


def append(session: Session, line: Line) -> Line:
    """Chain `line` to the last one of its table and add it to the session (flushed, not committed)."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(ADVISORY_LOCK)))
    kind = type(line)
    last = session.scalar(sa.select(kind.hash).order_by(kind.id.desc()).limit(1))
    line.previous_hash = last or "0" * 64
    _fill_defaults(line)
    line.hash = line_hash(line)
    session.add(line)
    session.flush()
    return line


def append_all(session: Session, lines: Sequence[Line]) -> None:
    """Chain many lines of one table at once, in their order, as `append` would one by one."""
    if not lines:
        return
    append(session, lines[0])
    previous = lines[0].hash
    for line in lines[1:]:
        line.previous_hash = previous
        _fill_defaults(line)
        line.hash = previous = line_hash(line)
    session.add_all(lines[1:])
    session.flush()


def _fill_defaults(line: LedgerLine) -> None:
    """What the flush would fill in is hashed, too."""
    for name, value in _defaults(type(line)).items():
        if getattr(line, name) is None:
            setattr(line, name, value)


@cache
def _defaults(kind: type[LedgerLine]) -> dict[str, Any]:
    given = [column for column in sa.inspect(kind).columns if column.default is not None]
    return {column.key: column.default.arg for column in given if column.default.is_scalar}


def line_hash(line: LedgerLine) -> str:
    """SHA-256 over the values of a line in column order, without its id and its own hash."""
    values = {name: _plain(getattr(line, name)) for name in _hashed(type(line))}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


@cache
def _hashed(kind: type[LedgerLine]) -> list[str]:
    return [column.key for column in sa.inspect(kind).columns if column.key not in ("id", "hash")]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def verify(session: Session, kind: type[LedgerLine]) -> int | None:
    """Walk the chain; return the id of the first line that does not fit, or None when all is well."""
    previous = "0" * 64
    for line in session.scalars(sa.select(kind).order_by(kind.id)).yield_per(1000):
        if line.previous_hash != previous or line.hash != line_hash(line):
            return line.id
        previous = line.hash
    return None


def guard(table: sa.Table) -> None:
    """Have the database itself refuse UPDATE and DELETE on `table` (created with the table)."""
    for statement in guard_statements(table.name, "sqlite"):
        event.listen(table, "after_create", sa.DDL(statement).execute_if(dialect="sqlite"))
    for statement in guard_statements(table.name, "postgresql"):
        event.listen(table, "after_create", sa.DDL(statement).execute_if(dialect="postgresql"))


def guard_statements(table: str, dialect: str) -> list[str]:
    """The DDL behind `guard`, for migrations."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$body$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $body$",
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()",
        truncate_guard(table),
    ]


def truncate_guard(table: str) -> str:
    """On PostgreSQL, where TRUNCATE asks no row."""
    return (
        f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )


def ledgers() -> list[str]:
    """Names of all append-only tables, for migrations and checks."""
    return sorted(m.local_table.name for m in Base.registry.mappers if issubclass(m.class_, LedgerLine))
