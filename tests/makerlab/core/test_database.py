from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from makerlab.core.alphabet import alphabetical, by_name
from makerlab.core.database import UtcDateTime, make_engine, make_session_factory, reading
from makerlab.core.settings import Settings
from makerlab.people.models import Site


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


def test_names_stand_where_people_look_for_them(session: Session) -> None:
    names = ["Ähre", "apfel", "Çelik", "Cem", "Oskar", "Özlem", "Strand", "Straße", "Zebra"]
    mixed = names[::-1]
    session.add_all(Site(name=name) for name in mixed)
    session.flush()
    there = sa.select(Site.name).where(Site.name.in_(names))
    assert session.scalars(there.order_by(by_name(Site.name))).all() == names
    assert sorted(mixed, key=alphabetical) == names


@pytest.mark.parametrize("name", ["Ölmühle", "ÄNNE", "Éclair", "Şerif"])
def test_a_name_is_found_whatever_the_case_of_its_letters(session: Session, name: str) -> None:
    session.add(Site(name=name))
    session.flush()
    same = sa.select(Site.name).where(sa.func.lower(Site.name) == name.lower())
    assert session.scalars(same).all() == [name]
    for written in (name.upper(), name.lower()):
        assert session.scalars(sa.select(Site.name).where(Site.name.icontains(written))).all() == [name]
