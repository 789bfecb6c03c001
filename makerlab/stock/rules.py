"""The stock formula, and which line says what. Plain values in and out.

on hand       = sum of the ledger's lines
reserved      = sum of the open reservations
available     = on hand − reserved
in production = open + active copies of orders that are not cancelled
"""

from collections.abc import Iterable
from dataclasses import dataclass

MOST_PIECES = 100_000  # in one line; more is a slip of the finger

MOST_IN_ONE = 1_000  # of a bought part in one piece
RAW = "raw"  # the finish of a product that is printed and not assembled

# What a reason does to stock: more, less, or either.
MORE = frozenset({"produced", "received"})
LESS = frozenset({"sold", "broken"})


@dataclass(frozen=True, slots=True)
class Figures:
    """What sales ask of a product, in pieces. `available` is below zero when too much is promised."""

    on_hand: int
    reserved: int
    in_production: int

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved


def figures(
    lines: Iterable[int], reservations: Iterable[int], open_copies: int, active_copies: int
) -> Figures:
    """The formula. `lines` and `reservations` are pieces; copies are those of orders not cancelled."""
    return Figures(sum(lines), sum(reservations), open_copies + active_copies)


def fits(reason: str, pieces: int) -> bool:
    """Whether a line with this reason may have this sign and size."""
    if pieces == 0 or abs(pieces) > MOST_PIECES:
        return False
    return not ((reason in MORE and pieces < 0) or (reason in LESS and pieces > 0))


def enough(on_hand: int, pieces: int) -> bool:
    """Whether the place holds enough for a line of `pieces` (negative: taken away)."""
    return on_hand + pieces >= 0


def reversible(reason: str, already_reversed: bool) -> bool:
    """A line is taken back once, and taking back is not taken back: book it anew instead."""
    return reason != "reversed" and not already_reversed


def makeable(parts: Iterable[tuple[int, int]]) -> int:
    """How many can be assembled, by (there, needed for one) of each part."""
    return min((have // needed for have, needed in parts), default=0)


@dataclass(frozen=True, slots=True)
class Counted:
    """What one person counted last of a product, and the ledger's last line then."""

    account_id: int
    pieces: int
    line_id: int


def agreed(counts: Iterable[Counted]) -> Counted | None:
    """The count that holds: the only one, or the latest of several that are equal; None when they differ."""
    found = list(counts)
    if len({one.pieces for one in found}) != 1:
        return None
    return max(found, key=lambda one: one.line_id)


def book_when_counted(now: int, later: Iterable[int]) -> int:
    """What the books said when somebody counted: the sum of today less the lines written since."""
    return now - sum(later)
