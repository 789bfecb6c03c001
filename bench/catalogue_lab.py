"""A lab of any size, written straight into the tables: rows as pages read them, with made-up hashes."""

import random
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench.catalogue_rows import DAY, Lab, Rows, Sizes
from makerlab import models
from makerlab.cli.database import migrate
from makerlab.core.access import Role
from makerlab.core.database import make_engine, make_session_factory
from makerlab.core.settings import Settings
from makerlab.materials.actions import receive_spool
from makerlab.materials.models import Colour
from makerlab.people.actions import create_account

BATCH = 20_000
ROLES = [Role.COORDINATOR, Role.INSTRUCTOR]


def built(folder: Path, sizes: Sizes) -> Settings:
    """The lab of this size, found in `folder` or made there."""
    settings, done = Settings(data_dir=folder), folder / "done"
    if done.exists():
        try:
            migrate(settings)
        except SystemExit:  # of another age
            done.unlink()
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        migrate(settings)
        _fill(settings, sizes)
        done.touch()
    return settings


def _fill(settings: Settings, sizes: Sizes) -> None:
    engine = make_engine(settings)
    with make_session_factory(engine).begin() as session:
        create_account(session, name="Gül", roles=ROLES, email="guel@makerlab.example", now=DAY)
    lab = Lab(random.Random(5), sizes)  # noqa: S311 (a lab to measure)
    with engine.begin() as connection:
        site = connection.scalar(sa.select(sa.func.min(models.people.Site.id)))
        if site is None:
            connection.execute(sa.insert(models.people.Site), [{"name": "Werkstatt"}])
        for table, rows in lab.tables():
            _insert(connection, models.metadata.tables[table], rows)
        connection.exec_driver_sql("ANALYZE")
    with make_session_factory(engine).begin() as session:
        for colour in session.scalars(sa.select(Colour)).all():
            receive_spool(
                session, material="pla", colour=colour, lot="L1", maker="Filamentwerk", tare_g=200,
                net_g=1000, by_id=1, now=DAY,
            )  # fmt: skip
    engine.dispose()


def _insert(connection: sa.Connection, table: sa.Table, rows: Rows) -> None:
    """Columns that a row does not name get what the model says, or zero and nothing."""
    own = (column for column in table.columns if not column.nullable and column.name != "id")
    usual = {column.name: _usual(column) for column in own}
    batch: list[Mapping[str, Any]] = []
    for row in rows:
        batch.append({**usual, **row})
        if len(batch) == BATCH:
            connection.execute(sa.insert(table), batch)
            batch = []
    if batch:
        connection.execute(sa.insert(table), batch)


def _usual(column: sa.Column[Any]) -> Any:
    if column.default is not None and column.default.is_scalar:
        return column.default.arg
    kind = column.type
    if isinstance(kind, sa.JSON):
        return []
    if isinstance(kind, sa.Boolean):
        return False
    return 0 if isinstance(kind, sa.Integer | sa.Float) else DAY if "Time" in type(kind).__name__ else ""
