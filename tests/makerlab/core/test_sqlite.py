"""What SQLite alone is told, and does: its pragmas, its journal, its one writer at a time."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.database import make_engine, make_session_factory, wal_is_safe
from makerlab.core.settings import Settings
from makerlab.people.models import Site
from tests.makerlab.databases import Databases


@pytest.fixture
def settings(on_sqlite: Databases, tmp_path: Path) -> Iterator[Settings]:
    """Whatever the run is about: there is no such thing on PostgreSQL."""
    with on_sqlite.lab(tmp_path) as lab:
        yield lab


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 7, 0), False),
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
        ((4, 0, 0), True),
    ],
)
def test_wal_only_where_the_reset_bug_is_fixed(version: tuple[int, ...], safe: bool) -> None:
    assert wal_is_safe(version) is safe


def test_pragmas_hold_on_every_connection(session: Session) -> None:
    names = ("foreign_keys", "synchronous", "busy_timeout")
    assert [session.scalar(sa.text(f"PRAGMA {name}")) for name in names] == [1, 2, 10_000]


def test_journal_mode_follows_the_release(session: Session) -> None:
    release = session.scalar(sa.text("SELECT sqlite_version()")) or ""
    safe = wal_is_safe(tuple(int(part) for part in release.split(".")))
    assert session.scalar(sa.text("PRAGMA journal_mode")) == ("wal" if safe else "delete")


def test_two_writers_queue_instead_of_failing(settings: Settings) -> None:
    """Read first, then write: with a plain BEGIN the second one would die of a locked database."""
    factory = make_session_factory(make_engine(settings))
    barrier, errors = threading.Barrier(2), []

    def add(name: str) -> None:
        barrier.wait()
        try:
            with factory.begin() as session:
                count = session.scalar(sa.select(sa.func.count()).select_from(Site))
                session.add(Site(name=f"{name} {count}"))
        except sa.exc.OperationalError as error:
            errors.append(error)

    threads = [threading.Thread(target=add, args=(name,)) for name in ("Camp", "Firma")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with factory() as session:
        numbers = {name.split()[-1] for name in session.scalars(sa.select(Site.name))} - {"Nord"}
    assert errors == []
    assert numbers == {"1", "2"}
