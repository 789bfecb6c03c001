"""One leader: of all worker processes only one dispatches and watches."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from filelock import FileLock, Timeout

from makerlab.core.settings import Settings

ADVISORY_LOCK = 4712


@contextmanager
def leadership(settings: Settings, engine: sa.Engine) -> Iterator[bool]:
    """Yields whether we lead. The lock goes when the process dies, however it dies."""
    if settings.on_sqlite:
        with _file_lock(settings) as leads:
            yield leads
        return
    with engine.connect() as connection:
        leads = bool(connection.scalar(sa.select(sa.func.pg_try_advisory_lock(ADVISORY_LOCK))))
        connection.commit()
        yield leads


@contextmanager
def _file_lock(settings: Settings) -> Iterator[bool]:
    lock = FileLock(settings.data_dir / "work.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()
