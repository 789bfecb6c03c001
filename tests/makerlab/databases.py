"""Where a test's database comes from: a copy of one that was made once, on SQLite or on PostgreSQL."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from makerlab import models
from makerlab.core.access import Role
from makerlab.core.database import make_engine
from makerlab.core.settings import Settings
from tests.postgres import Postgres

SQLITE = "makerlab.sqlite"


class Databases:
    """Of one kind: on `postgres`, or SQLite files in the folders of their labs without it."""

    def __init__(self, folder: Path, postgres: Postgres | None = None) -> None:
        self._postgres = postgres
        self._empty = Settings(data_dir=folder, database_url=postgres.create() if postgres else "")
        _fill(self._empty)

    @contextmanager
    def lab(self, folder: Path) -> Iterator[Settings]:
        """A lab in `folder` that has all tables, and nothing in them but roles and a site."""
        with self.copy(self._empty, folder) as lab:
            yield lab

    @contextmanager
    def copy(self, lab: Settings, folder: Path) -> Iterator[Settings]:
        """A lab in `folder` with the database of `lab` as it is now; nobody may be connected to that."""
        if self._postgres is None:
            shutil.copy(lab.data_dir / SQLITE, folder / SQLITE)
            yield Settings(data_dir=folder)
            return
        url = self._postgres.create(like=lab.database_url)
        yield Settings(data_dir=folder, database_url=url)
        self._postgres.drop(url)


def _fill(settings: Settings) -> None:
    engine = make_engine(settings)
    models.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(sa.insert(models.people.RoleRow), [{"name": role.value} for role in Role])
        connection.execute(sa.insert(models.people.Site), [{"name": "Werkstatt Nord"}])
    engine.dispose()
