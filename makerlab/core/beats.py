"""How a process says that it lives, without tables and sessions; `core.health` reads it."""

import time

import sqlalchemy as sa

from makerlab.core.clock import utcnow

EVERY_S = 5.0
BEATS = sa.table("process_beat", sa.column("name"), sa.column("at", sa.DateTime(timezone=True)))


class Beat:
    """Says it every EVERY_S seconds, however often it is asked to."""

    def __init__(self, engine: sa.Engine, name: str) -> None:
        self.engine, self.name = engine, name
        self._due = 0.0  # on the monotonic clock

    def __call__(self) -> None:
        if time.monotonic() >= self._due:
            say_alive(self.engine, self.name)
            self._due = time.monotonic() + EVERY_S


def say_alive(engine: sa.Engine, name: str) -> None:
    """In a transaction of its own."""
    now = utcnow()
    with engine.begin() as connection:
        update = sa.update(BEATS).where(BEATS.c.name == name).values(at=now)
        if not connection.execute(update).rowcount:
            connection.execute(sa.insert(BEATS).values(name=name, at=now))
