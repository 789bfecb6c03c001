"""Photos, steps and places of a collection stand in an order that people change one place at a time."""

from collections.abc import Sequence
from typing import TypeVar

from makerlab.catalog.models import CollectionPlace, Making, Photo

Row = TypeVar("Row", Photo, Making, CollectionPlace)


def forward(rows: Sequence[Row], row: Row) -> None:
    """Change places with the one before; the first stays. Where others were removed, positions have gaps."""
    at = rows.index(row)
    if at:
        before = rows[at - 1]
        before.position, row.position = row.position, before.position
