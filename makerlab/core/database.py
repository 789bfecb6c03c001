"""The database: base class and types of all tables, and sessions. The engines come from `core.engines`."""

import enum
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from makerlab.core.engines import (
    engine_options,
    make_engine,
    prepare_engine,
    reading,
    set_reading,
    wal_is_safe,
    writing,
)

__all__ = [
    "Base", "SessionFactory", "UtcDateTime", "db", "engine_options", "make_engine", "make_session_factory",
    "prepare_engine", "reading", "set_reading", "wal_is_safe", "writing",
]  # fmt: skip

SessionFactory = sessionmaker[Session]


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """Aware datetimes in UTC; refuses naive ones. SQLite forgets the zone, so it is put back."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: pass an aware one")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _values(kind: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in kind]


class Base(DeclarativeBase):
    """All tables. Enums are stored by value, JSON as JSON, times in UTC."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012
        datetime: UtcDateTime,
        dict[str, Any]: sa.JSON,
        list[Any]: sa.JSON,
        list[str]: sa.JSON,
        list[float]: sa.JSON,
        enum.StrEnum: sa.Enum(enum.StrEnum, native_enum=False, length=32, values_callable=_values),
    }


# A row read after the commit begins no new transaction: on SQLite that would take the write lock again.
db = SQLAlchemy(session_options={"expire_on_commit": False})


def make_session_factory(engine: sa.Engine) -> SessionFactory:
    return sessionmaker(engine, expire_on_commit=False)
