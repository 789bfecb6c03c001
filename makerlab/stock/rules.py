"""The stock formula, and which line says what. Plain values in and out.

on hand       = sum of the ledger's lines
reserved      = sum of the open reservations
available     = on hand − reserved
in production = open + active copies of orders that are not cancelled
"""

from collections.abc import Iterable
from dataclasses import dataclass

MOST_PIECES = 100_000  # in one line; more is a slip of the finger

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
