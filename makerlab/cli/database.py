"""`makerlab migrate`, `backup` and `restore`: the database from one version to the next, and back again."""

import contextlib
import shutil
import sqlite3
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from makerlab.core.clock import utcnow
from makerlab.core.database import make_engine
from makerlab.core.settings import Settings

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def alembic_config(settings: Settings) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["settings"] = settings
    return config


def migrate(settings: Settings) -> bool:
    """Bring the database to the newest version, after a backup where there is something to lose.

    Returns whether anything was done.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    config = alembic_config(settings)
    head = ScriptDirectory.from_config(config).get_current_head()
    current = _current(settings)
    if current == head:
        return False
    if current is not None and settings.on_sqlite:
        backup(settings, utcnow())
    command.upgrade(config, "head")
    return True


def _current(settings: Settings) -> str | None:
    engine = make_engine(settings)
    with engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    return revision


def database_file(settings: Settings) -> Path:
    """The SQLite file. Raises SystemExit on PostgreSQL, where the operator's own tools do this."""
    if not settings.on_sqlite:
        raise SystemExit("This lab runs on PostgreSQL: use pg_dump and pg_restore.")
    return Path(settings.sqlalchemy_url.removeprefix("sqlite:///"))


def backup(settings: Settings, now: datetime) -> Path:
    """A whole copy of the running database by SQLite's backup API, checked before it gets its name."""
    folder = settings.data_dir / "backups"
    folder.mkdir(exist_ok=True)
    target = folder / f"makerlab-{now:%Y%m%dT%H%M%S}.sqlite"
    half = target.with_suffix(".part")
    running = contextlib.closing(_connect(database_file(settings)))
    with running as source, contextlib.closing(_connect(half)) as copy:
        source.backup(copy)
        _must_be_whole(copy, half)
    half.rename(target)
    return target


def restore(settings: Settings, source: Path, now: datetime) -> Path:
    """Put a backup in place of the database (the lab must be stopped); the old one is kept beside it."""
    with contextlib.closing(_connect(source)) as copy:
        _must_be_whole(copy, source)
    current = database_file(settings)
    kept = current.with_name(f"{current.name}.before-{now:%Y%m%dT%H%M%S}")
    if current.exists():
        current.rename(kept)
    for rest in ("-wal", "-shm"):
        current.with_name(current.name + rest).unlink(missing_ok=True)
    shutil.copy(source, current)
    return kept


def _connect(path: Path) -> sqlite3.Connection:
    import pysqlite3

    connection: sqlite3.Connection = pysqlite3.connect(str(path))
    return connection


def _must_be_whole(connection: sqlite3.Connection, path: Path) -> None:
    answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if answer != "ok":
        raise SystemExit(f"{path} is damaged: {answer}. Take another backup.")
