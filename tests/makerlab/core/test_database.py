import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from makerlab.core.database import UtcDateTime, make_engine, make_session_factory, reading, wal_is_safe
from makerlab.core.settings import Settings
from makerlab.people.models import Site


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


def test_reading_takes_no_write_lock(settings: Settings) -> None:
    factory = make_session_factory(make_engine(settings))
    with factory.begin() as writer:
        writer.add(Site(name="Camp"))
        writer.flush()
        with reading(), factory() as reader:
            assert reader.scalar(sa.select(sa.func.count()).select_from(Site)) == 1


@pytest.mark.usefixtures("app")
def test_times_are_aware_and_utc(session: Session) -> None:
    kind, dialect = UtcDateTime(), session.get_bind().dialect
    summer = datetime(2026, 7, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    assert kind.process_bind_param(summer, dialect) == datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
    assert kind.process_result_value(datetime(2026, 7, 1, 10, 0), dialect) == summer  # noqa: DTZ001
    with pytest.raises(ValueError, match="naive"):
        kind.process_bind_param(datetime(2026, 7, 1), dialect)  # noqa: DTZ001


def test_foreign_keys_are_enforced(app: Flask, session: Session) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        session.execute(sa.text("INSERT INTO account_role (account_id, role_id) VALUES (77, 88)"))


@pytest.mark.parametrize("name", ["Ölmühle", "ÄNNE", "Éclair", "Şerif"])
def test_a_name_is_found_whatever_the_case_of_its_letters(session: Session, name: str) -> None:
    session.add(Site(name=name))
    session.flush()
    same = sa.select(Site.name).where(sa.func.lower(Site.name) == name.lower())
    assert session.scalars(same).all() == [name]
    for written in (name.upper(), name.lower()):
        assert session.scalars(sa.select(Site.name).where(Site.name.icontains(written))).all() == [name]
