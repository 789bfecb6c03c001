"""Alembic's entry: our own engine, our own tables."""

from typing import Any

import sqlalchemy as sa
from alembic import context

from makerlab import models
from makerlab.core.database import UtcDateTime, make_engine


def render(kind: str, item: Any, _: Any) -> str | bool:
    """Migrations name no type of ours: they must still read when the code has changed."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def let_tables_be_rebuilt(connection: sa.Connection) -> None:
    """SQLite changes a table by copying it: dropping the old one must not delete what points to it.

    Said before the transaction, inside of which SQLite ignores it.
    """
    connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")


def must_hold_together(connection: sa.Connection) -> None:
    """Raises SystemExit when a row points to one that is not there; nothing is committed then."""
    lost = connection.execute(sa.text("PRAGMA foreign_key_check")).fetchall()
    if lost:
        raise SystemExit(
            f"The migration would lose rows that others point to ({lost[0][0]}); nothing changed."
        )


engine = make_engine(context.config.attributes["settings"])
on_sqlite = engine.dialect.name == "sqlite"
with engine.connect() as connection:
    if on_sqlite:
        let_tables_be_rebuilt(connection)
    context.configure(
        connection=connection,
        target_metadata=models.metadata,
        render_as_batch=on_sqlite,
        render_item=render,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    if on_sqlite:
        must_hold_together(connection)
    connection.commit()
engine.dispose()
