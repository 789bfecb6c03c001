"""From nothing to the newest database, and from a backup back to it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from makerlab import models
from makerlab.cli.database import backup, migrate, restore
from makerlab.core.access import Role
from makerlab.core.audit import AuditLine, record
from makerlab.core.database import make_engine, make_session_factory
from makerlab.core.ledger import ledgers
from makerlab.core.settings import Settings
from makerlab.people.models import RoleRow

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of a lab that has no table yet."""
    if request.param == "sqlite":
        return Settings(data_dir=tmp_path)
    return Settings(data_dir=tmp_path, database_url=request.getfixturevalue("empty_postgres"))


def test_migrations_lead_to_exactly_the_tables_of_the_models(fresh: Settings) -> None:
    assert migrate(fresh)
    engine = make_engine(fresh)
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), models.metadata)
        names = set(connection.scalars(sa.select(RoleRow.name)))
    engine.dispose()
    assert found == []
    assert names == {role.value for role in Role}


def test_the_migrated_database_refuses_to_change_a_ledger(fresh: Settings) -> None:
    migrate(fresh)
    engine = make_engine(fresh)
    with make_session_factory(engine).begin() as session:
        record(session, "test", "nothing:1", actor_id=None, now=NOW)
    assert {"audit_line", "filament_movement", "stock_movement"} <= set(ledgers())
    statements = ["UPDATE audit_line SET action = 'x'", "DELETE FROM audit_line"]
    if not fresh.on_sqlite:
        statements.append("TRUNCATE audit_line CASCADE")
    for statement in statements:
        with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="append-only"):
            connection.execute(sa.text(statement))
    engine.dispose()


def test_migrating_twice_does_nothing_the_second_time(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    assert migrate(settings)
    assert not migrate(settings)


def test_a_backup_brings_back_what_was_there(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    migrate(settings)
    note(settings, "before")
    copy = backup(settings, NOW)
    note(settings, "after")
    kept = restore(settings, copy, NOW)
    assert noted(settings) == ["before"]
    assert kept.exists()


def test_a_damaged_backup_is_refused_and_the_database_stays(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    migrate(settings)
    note(settings, "before")
    copy = backup(settings, NOW)
    content = bytearray(copy.read_bytes())
    content[4096:12288] = b"\xff" * 8192
    copy.write_bytes(content)
    with pytest.raises((SystemExit, Exception), match=r"damaged|malformed"):
        restore(settings, copy, NOW)
    assert noted(settings) == ["before"]


def note(settings: Settings, action: str) -> None:
    engine = make_engine(settings)
    with make_session_factory(engine).begin() as session:
        record(session, action, "nothing:1", actor_id=None, now=NOW)
    engine.dispose()


def noted(settings: Settings) -> list[str]:
    engine = make_engine(settings)
    with make_session_factory(engine)() as session:
        found = list(session.scalars(sa.select(AuditLine.action).order_by(AuditLine.id)))
    engine.dispose()
    return found
