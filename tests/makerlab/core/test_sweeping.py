"""Files that no row names go after two days; what a row names anywhere, or somebody stores again, stays."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import sessionmaker

from makerlab import models
from makerlab.catalog.exchange.models import ImportJob
from makerlab.cli.work import _calendar
from makerlab.core import sweeping
from makerlab.core.database import SessionFactory, db, make_engine
from makerlab.core.files import FileStore
from makerlab.core.settings import Settings
from makerlab.core.sweeping import KEPT, SweepRound, judged, named, searched
from tests.makerlab.conftest import NOW, Cast

DAY = timedelta(days=1)


@pytest.fixture
def store(settings: Settings) -> FileStore:
    return FileStore(settings.files_dir)


@pytest.fixture
def factory(cast: Cast, store: FileStore) -> SessionFactory:
    """Of a lab in which one row names a file in the store."""
    job = ImportJob(sha256=store.put_bytes(b"picture"), file_name="a.zip", by_id=cast.emil.id, created_at=NOW)
    db.session.add(job)
    db.session.commit()
    return sessionmaker(db.engine)


Look = Callable[[timedelta], None]


@pytest.fixture
def look(factory: SessionFactory, settings: Settings) -> Look:
    """The round, so long after now."""
    began = datetime.now(UTC) + timedelta(seconds=1)
    return lambda later: SweepRound(factory, settings, lambda: began + later)()


def _lie(path: Path, *, days: float) -> Path:
    """As if last touched so many days ago."""
    at = (datetime.now(UTC) - days * DAY).timestamp()
    os.utime(path, (at, at))
    return path


def test_every_column_that_can_hold_a_hash_is_searched() -> None:
    for table in models.metadata.sorted_tables:
        names = {column.name for column in searched(table)}
        for column in table.columns:
            long_text = isinstance(column.type, sa.String) and (column.type.length or 64) >= 64
            if isinstance(column.type, sa.JSON) or (long_text and not isinstance(column.type, sa.Enum)):
                assert column.name in names, f"{table.name}.{column.name}"
            assert column.name in names or not column.name.endswith("sha256"), f"{table.name}.{column.name}"


@pytest.mark.parametrize(
    ("column", "kept_as"),
    [
        (sa.Column("picture", sa.String(64)), "{}"),
        (sa.Column("address", sa.Text), "see files/{}.jpg"),
        (sa.Column("notes", sa.JSON), {"pages": [{"scan": "{}"}]}),
    ],
)
def test_a_file_that_a_new_table_names_is_seen(
    factory: SessionFactory, store: FileStore, column: sa.Column[object], kept_as: object
) -> None:
    kept, other = store.put_bytes(b"kept"), store.put_bytes(b"other")
    metadata = sa.MetaData()
    table = sa.Table("new_feature", metadata, sa.Column("id", sa.Integer, primary_key=True), column._copy())
    metadata.create_all(db.engine)
    value = {"pages": [{"scan": kept}]} if isinstance(kept_as, dict) else str(kept_as).format(kept)
    with factory.begin() as session:
        session.execute(sa.insert(table), [{column.name: None}, {column.name: value}])
    assert named(factory, {kept, other}, metadata) == {kept}


def test_a_file_without_a_name_goes_two_days_after_it_was_found_so(look: Look, store: FileStore) -> None:
    orphan = store.put_bytes(b"orphan")
    _lie(store.path(orphan), days=30)
    look(timedelta())
    look(KEPT - timedelta(hours=1))
    assert orphan in store
    look(KEPT)
    assert orphan not in store


def test_a_named_file_stays_however_old_it_is(look: Look, store: FileStore) -> None:
    picture = store.put_bytes(b"picture")
    _lie(store.path(picture), days=300)
    for days in range(5):
        look(days * DAY)
    assert picture in store


def test_whatever_is_stored_again_counts_anew(look: Look, store: FileStore) -> None:
    orphan = store.put_bytes(b"orphan")
    look(timedelta())
    again = (datetime.now(UTC) + DAY).timestamp()
    os.utime(store.path(store.put_bytes(b"orphan")), (again, again))  # an upload of the day after
    look(KEPT)
    assert orphan in store
    look(KEPT + timedelta(days=2))
    assert orphan not in store


def test_storing_a_content_that_is_there_renews_its_time(store: FileStore) -> None:
    sha256 = store.put_bytes(b"again")
    _lie(store.path(sha256), days=30)
    store.put_bytes(b"again")
    (_, stored_at), *_none = store.stored()
    assert datetime.now(UTC) - stored_at < DAY


def test_an_upload_that_lands_while_files_are_removed_keeps_its_file(
    look: Look, store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    orphan = store.put_bytes(b"orphan")
    look(timedelta())
    monkeypatch.setattr(sweeping, "named", _upload_meanwhile(store))
    look(KEPT)
    assert orphan in store


def _upload_meanwhile(store: FileStore) -> Callable[..., set[str]]:
    """The database is read, then the file comes again, of two days later."""

    def read(factory: SessionFactory, among: set[str]) -> set[str]:
        found = named(factory, among)
        later = (datetime.now(UTC) + KEPT).timestamp()
        os.utime(store.path(store.put_bytes(b"orphan")), (later, later))
        return found

    return read


def test_a_removal_that_was_killed_half_way_is_undone(look: Look, store: FileStore) -> None:
    picture = store.put_bytes(b"picture")
    store.path(picture).rename(store.root / f".gone-{picture}")
    look(timedelta())
    assert picture in store


def test_a_database_that_names_no_file_at_all_removes_none(settings: Settings, store: FileStore) -> None:
    orphan = store.put_bytes(b"orphan")
    empty = sessionmaker(make_engine(settings))
    for days in range(4):
        SweepRound(empty, settings, lambda days=days: datetime.now(UTC) + days * DAY)()  # type: ignore[misc]
    assert orphan in store


def test_what_killed_processes_left_goes_and_what_is_in_work_stays(
    look: Look, settings: Settings, store: FileStore
) -> None:
    data, light = settings.data_dir, store.put_bytes(b"picture")
    for name in (
        "files/.new-old",
        "files/.new-now",
        "quarantine/upload-old/given",
        "quarantine/upload-now/given",
    ):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_bytes(b"half a file")
    pictures = [data / "pictures" / sha[:2] / f"{sha[2:]}-320.webp" for sha in (light, "ab" * 32)]
    for path in pictures:
        path.parent.mkdir(parents=True)
        path.write_bytes(b"webp")
    for path in (*pictures, data / "files/.new-old", data / "quarantine/upload-old"):
        _lie(path, days=3)
    look(timedelta())
    left = {
        str(path.relative_to(data))
        for folder in ("files", "quarantine")
        for path in (data / folder).glob("*")
    }
    assert {"files/.new-now", "quarantine/upload-now"} <= left
    assert not {"files/.new-old", "quarantine/upload-old"} & left
    assert [path.exists() for path in pictures] == [True, False]


def test_a_note_of_a_clock_that_ran_ahead_counts_from_now() -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    gone, still = judged({"a": now - 9 * DAY}, {"a": now + 300 * DAY}, now=now)
    assert (gone, still) == ({}, {"a": now})


def test_the_worker_looks_at_the_files_soon_and_every_day(settings: Settings) -> None:
    jobs = _calendar(settings, None, lambda: None).get_jobs()
    (job,) = [job for job in jobs if isinstance(job.func, SweepRound)]
    assert job.trigger.interval == DAY
