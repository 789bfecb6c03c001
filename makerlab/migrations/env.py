"""Alembic's entry: our own engine, our own tables."""

from typing import Any

from alembic import context

from makerlab import models
from makerlab.core.database import UtcDateTime, make_engine


def render(kind: str, item: Any, _: Any) -> str | bool:
    """Migrations name no type of ours: they must still read when the code has changed."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


engine = make_engine(context.config.attributes["settings"])
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=models.metadata,
        render_as_batch=engine.dialect.name == "sqlite",
        render_item=render,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
engine.dispose()
