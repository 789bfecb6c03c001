"""Names in the order people look for them: ö with o, large with small, on SQLite as on PostgreSQL."""

import unicodedata
from typing import Any

import sqlalchemy as sa


def _bare(letter: str) -> str:
    """A letter without its mark; itself where it has none that can be taken off."""
    return unicodedata.normalize("NFD", letter)[0]


_EUROPE = [chr(code) for code in range(0xC0, 0x17F)]
_MARKED = "".join(letter for letter in _EUROPE if letter.islower() and _bare(letter) != letter)
MARKED, BARE = f"{_MARKED}ßøł", "".join(map(_bare, _MARKED)) + "sol"
_TABLE = str.maketrans(MARKED, BARE)


def alphabetical(name: str) -> str:
    """What names are sorted by."""
    return name.lower().translate(_TABLE)


def by_name(column: Any) -> sa.ColumnElement[str]:
    """The same for `order_by`; SQLite is taught both functions by `core.engines`."""
    return sa.func.translate(sa.func.lower(column), MARKED, BARE)
