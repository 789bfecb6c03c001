"""Filters that narrow down and count what is left, in plain values.

A set of things is a whole number whose bit n says whether thing n is in it: "and", "or" and counting of ten
thousand things take microseconds, so that every value of every filter gets its count on every page.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

Value = Hashable
Facet = Mapping[Any, int]  # value → the things that have it

HAND, TABLE, ROOM = 90.0, 160.0, 260.0  # mm, the longest edge
HOUR = 3600.0  # seconds
FEW = 3  # pieces

SIZES = ("hand", "tisch", "raum", "gross")
TIMES = ("1", "3", "8", "mehr")
STOCKS = ("da", "wenig", "leer")


def size_of(longest_mm: float) -> str:
    """Fits the hand, stands on a table, stands in a room, or is larger than that."""
    return _step(longest_mm, (HAND, TABLE, ROOM), SIZES)


def time_of(seconds: float | None) -> tuple[str, ...]:
    """Up to one, three or eight hours, or more; nothing where nobody knows."""
    return () if seconds is None else (_step(seconds, (HOUR, 3 * HOUR, 8 * HOUR), TIMES),)


def stock_of(pieces: int) -> str:
    return "leer" if pieces <= 0 else "wenig" if pieces <= FEW else "da"


def _step(value: float, ends: Sequence[float], names: Sequence[str]) -> str:
    return next((name for end, name in zip(ends, names, strict=False) if value <= end), names[-1])


def facet(values: Sequence[Iterable[Value]]) -> dict[Value, int]:
    """Thing n has the values `values[n]`."""
    members: dict[Value, list[int]] = {}
    for number, own in enumerate(values):
        for value in own:
            members.setdefault(value, []).append(number)
    return {value: set_of(numbers, len(values)) for value, numbers in members.items()}


def set_of(numbers: Iterable[int], size: int) -> int:
    """The set of these things of `size` in all."""
    bits = bytearray(size // 8 + 1)
    for number in numbers:
        bits[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(bits, "little")


def members(things: int, order: Sequence[int]) -> list[int]:
    """The things of a set, in an order that has all of them."""
    bits = things.to_bytes(max(max(order, default=0), things.bit_length()) // 8 + 1, "little")
    return [number for number in order if bits[number >> 3] >> (number & 7) & 1]


def narrowed(
    facets: Mapping[str, Facet], chosen: Mapping[str, Sequence[Value]], all_of: frozenset[str], base: int
) -> tuple[int, dict[str, dict[Any, int]]]:
    """What is left of `base`, and how many each value of each filter would give.

    Of several values of one filter any will do; of those in `all_of` all must hold. A value's count leaves
    out what is chosen in its own filter (unless all must hold): what another choice there would show.
    """
    own = {name: _chosen(facets[name], values, name in all_of) for name, values in chosen.items() if values}
    left = base
    for things in own.values():
        left &= things
    counts = {}
    for name, values in facets.items():
        around = left if name in all_of or name not in own else _without(own, name, base)
        counts[name] = {value: (things & around).bit_count() for value, things in values.items()}
    return left, counts


def _chosen(values: Facet, chosen: Sequence[Value], every: bool) -> int:
    sets = [values.get(value, 0) for value in chosen]
    found = sets[0]
    for things in sets[1:]:
        found = found & things if every else found | things
    return found


def _without(own: Mapping[str, int], name: str, base: int) -> int:
    for other, things in own.items():
        if other != name:
            base &= things
    return base
