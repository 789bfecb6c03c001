"""Alembic's entry: our own engine, our own tables."""

from alembic import context

from makerlab import models
from makerlab.core.database import make_engine

engine = make_engine(context.config.attributes["settings"])
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=models.metadata,
        render_as_batch=engine.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
engine.dispose()
