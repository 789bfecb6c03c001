"""Count every change of a design and of the rows that belong to it, whoever makes it.

A process that keeps the catalogue in memory compares two numbers (how many designs, sum of their editions)
and knows whether it is up to date. Counting hangs on the mapper and not on the verbs, so that no verb of any
feature can forget it. Only statements that bypass the mapper (`sa.update(...)`) must count for themselves.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

Where = Callable[[Any], sa.ColumnElement[bool]]


def notices(kind: type[Any], design: type[Any], where: Where) -> None:
    """Rows of `kind` change the designs that `where` says of a row."""

    def count(_mapper: object, connection: sa.Connection, row: Any) -> None:
        table = design.__table__
        connection.execute(sa.update(table).where(where(row)).values(edition=table.c.edition + 1))

    for what in ("after_insert", "after_update", "after_delete"):
        event.listen(kind, what, count)


def notices_itself(design: type[Any]) -> None:
    """In the statement that changes the design anyway; a new one is noticed by the number of designs."""

    def count(_mapper: object, _connection: sa.Connection, row: Any) -> None:
        row.edition = design.edition + 1

    event.listen(design, "before_update", count)
