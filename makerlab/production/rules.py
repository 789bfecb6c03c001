"""Questions about orders, in plain values."""

from collections.abc import Sequence
from dataclasses import dataclass

MOST_PIECES = 500  # in one order; more is a slip of the finger


@dataclass(frozen=True, slots=True)
class Pieces:
    """Where the pieces of an order are. open + active + good + given_up = ordered, always."""

    ordered: int
    open: int
    active: int
    good: int
    given_up: int
    scrap: int = 0  # over all attempts; each scrapped copy is open again, so it does not count above

    def adds_up(self) -> bool:
        return self.open + self.active + self.good + self.given_up == self.ordered


def split(pieces: int, capacity: int) -> list[int]:
    """How many copies each plate gets: full beds of `capacity`, the last one no larger than needed."""
    full, rest = divmod(pieces, capacity)
    return [capacity] * full + ([rest] if rest else [])


def spool_share(filament_g: float, progress: float) -> float:
    """Grams used by a print that got to `progress` (0..1 of its file)."""
    return filament_g * min(max(progress, 0.0), 1.0)


def ready_in(free_in_s: Sequence[float], waiting_s: Sequence[float], own_s: Sequence[float]) -> float | None:
    """Seconds until the last of our plates is done, when each plate takes the printer that is free first.

    `free_in_s`: for each fitting printer, when it is free; `waiting_s`: the plates queued before ours.
    None without a printer. People have to be there to start each print: this is the earliest.
    """
    if not free_in_s:
        return None
    free = sorted(free_in_s)
    ends = [0.0]
    for index, duration in enumerate([*waiting_s, *own_s]):
        free[0] += duration
        if index >= len(waiting_s):
            ends.append(free[0])
        free.sort()
    return max(ends)


def may_cancel(*, mine: bool, instructor: bool) -> bool:
    """People cancel what they ordered themselves; instructors cancel anything."""
    return mine or instructor


def may_steer(*, started_it: bool, instructor: bool) -> bool:
    """Pause, resume and cancel: whoever started the print, and instructors."""
    return started_it or instructor
