"""Engines, and how transactions begin. Neither Flask nor a table is known here: a process that only waits
needs no more.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from makerlab.core.settings import Settings

QUIET = {"hide_parameters": True}  # errors are logged, the names and addresses in a statement are not

# SQLite releases with the WAL-reset bug can lose committed pages; there we do without WAL.
WAL_RESET_FIXED_BRANCHES = {(3, 50): 7, (3, 44): 6}

_reading: ContextVar[bool] = ContextVar("reading", default=False)


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside take no write lock on SQLite. Writing inside is an error of ours."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def set_reading(flag: bool) -> None:
    """For a whole web request: GET reads, POST writes."""
    _reading.set(flag)


@contextmanager
def writing() -> Iterator[None]:
    """Inside a reading request: a short transaction of its own that may write."""
    token = _reading.set(False)
    try:
        yield
    finally:
        _reading.reset(token)


def engine_options(settings: Settings) -> dict[str, Any]:
    """Options for `create_engine`, without the URL."""
    if not settings.on_sqlite:
        return {"pool_pre_ping": True, "pool_size": settings.threads, "max_overflow": 8, **QUIET}
    import pysqlite3

    return {"module": pysqlite3, "connect_args": {"timeout": 10, "check_same_thread": False}, **QUIET}


def make_engine(settings: Settings) -> sa.Engine:
    """An engine for a process without Flask: worker, slicing worker, migrations."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(settings.sqlalchemy_url, **engine_options(settings))
    prepare_engine(engine)
    return engine


def prepare_engine(engine: sa.Engine) -> None:
    """On SQLite: pragmas and `lower` for each connection, and BEGIN said by us instead of by the driver."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "connect", _teach_letters)
    event.listen(engine, "begin", _begin)


def _set_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late and is never IMMEDIATE
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA busy_timeout = 10000")
    version = tuple(int(part) for part in cursor.execute("SELECT sqlite_version()").fetchone()[0].split("."))
    cursor.execute(f"PRAGMA journal_mode = {'WAL' if wal_is_safe(version) else 'DELETE'}")
    cursor.close()


def _teach_letters(connection: Any, _record: Any) -> None:
    """SQLite's own `lower` knows ASCII alone: Ölmühle and ÖLMÜHLE would be two names, and search find one.

    `translate`, letter by letter as on PostgreSQL, is what `core.alphabet` sorts by.
    """
    connection.create_function("lower", 1, _lower, deterministic=True)
    connection.create_function("translate", 3, _translate, deterministic=True)


def _lower(value: Any) -> str | None:
    return None if value is None else str(value).lower()


def _translate(value: Any, letters: str, instead: str) -> str | None:
    return None if value is None else str(value).translate(_table(letters, instead))


@cache
def _table(letters: str, instead: str) -> dict[int, int]:
    return str.maketrans(letters, instead)


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite release is free of the WAL-reset bug (3.7.0 to 3.51.2, with back-ports)."""
    back_port = WAL_RESET_FIXED_BRANCHES.get(version[:2])
    return version >= (3, 51, 3) or (back_port is not None and version[2] >= back_port)


def _begin(connection: sa.Connection) -> None:
    # IMMEDIATE: two writers queue for the lock at BEGIN instead of failing in the middle.
    connection.exec_driver_sql("BEGIN" if _reading.get() else "BEGIN IMMEDIATE")
