"""A lab that has worked for a year comes to the newest tables with everything it had."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from makerlab import models
from makerlab.cli.database import alembic_config, migrate
from makerlab.core.database import make_engine
from makerlab.core.settings import Settings

THEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def first(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """A lab with the first tables, and a row in each of them."""
    settings = Settings(data_dir=tmp_path)
    if request.param == "postgresql":
        settings = Settings(data_dir=tmp_path, database_url=request.getfixturevalue("empty_postgres"))
    command.upgrade(alembic_config(settings), "0001")
    engine = make_engine(settings)
    with engine.begin() as connection:
        fill(connection)
    engine.dispose()
    return settings


def test_every_row_is_still_there_and_the_tables_are_the_newest(first: Settings) -> None:
    before = rows(first)
    migrate(first)
    after = rows(first)
    assert {name: number for name, number in after.items() if number < before.get(name, 0)} == {}
    engine = make_engine(first)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), models.metadata) == []
    engine.dispose()


@pytest.mark.parametrize("table", ["audit_line", "filament_movement", "stock_movement"])
def test_the_ledgers_still_refuse_to_be_changed(first: Settings, table: str) -> None:
    migrate(first)
    engine = make_engine(first)
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="append-only"):
        connection.execute(sa.delete(sa.table(table)))
    engine.dispose()


def test_what_was_printed_before_there_was_a_count_is_counted(first: Settings) -> None:
    engine = make_engine(first)
    attempt = sa.Table("attempt", sa.MetaData(), autoload_with=engine)
    with engine.begin() as connection:
        ran = {"started_at": THEN.replace(hour=9), "ended_at": THEN.replace(hour=11)}
        connection.execute(attempt.update().values(**ran))
    migrate(first)
    with engine.connect() as connection:
        printed = connection.execute(sa.select(sa.text("printer_id, seconds FROM printed"))).all()
        hours = connection.execute(sa.select(sa.text("printer_id, printed_s, run_s FROM sight"))).all()
    engine.dispose()
    assert [tuple(row) for row in printed] == [(1, 7200.0)]
    assert [tuple(row) for row in hours] == [(1, 7200.0, 0.0)]


def rows(settings: Settings) -> dict[str, int]:
    engine = make_engine(settings)
    with engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
        counts = {
            name: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) for name in names
        }
    engine.dispose()
    return counts


def fill(connection: sa.Connection) -> None:
    """One row in each table, pointing to the first row of each other one."""
    found = sa.MetaData()
    found.reflect(connection)
    for table in found.sorted_tables:
        if table.name not in ("role", "alembic_version"):
            connection.execute(table.insert(), {c.name: a_value(c) for c in table.columns if needed(c)})


def needed(column: sa.Column[Any]) -> bool:
    """Whether the database does not fill it itself."""
    counted = column.primary_key and not column.foreign_keys and isinstance(column.type, sa.Integer)
    return not column.nullable and not counted


def a_value(column: sa.Column[Any]) -> Any:
    """Something that a column takes; numbers and words alike, so that it points to the first row of all."""
    if isinstance(column.type, sa.Enum) and column.type.enums:
        return column.type.enums[0]
    for kind, value in PLAIN.items():
        if isinstance(column.type, kind):
            return value(column)
    raise AssertionError(f"{column}: {column.type!r}")


PLAIN: dict[type, Any] = {
    sa.Boolean: lambda _: True,
    sa.DateTime: lambda _: THEN,
    sa.Date: lambda _: date(2026, 3, 2),
    sa.JSON: lambda _: json.loads("{}"),
    sa.LargeBinary: lambda _: b"x",
    sa.Float: lambda _: 1.0,
    sa.Integer: lambda _: 1,
    sa.String: lambda _: "x",
}
