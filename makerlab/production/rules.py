"""Questions about orders, in plain values. How pieces are spread over beds: spreading.py."""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_PIECES = 500  # in one order; more is a slip of the finger
FAILURES_IN_A_ROW = 2  # hold an order or a printer


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


class Outcome(enum.StrEnum):
    """What a finished attempt says about its revision and its printer."""

    GOOD = "good"
    FAILING = "failing"
    NOTHING = "nothing"


def outcome(*, good: int, scrap: int, by_person: bool) -> Outcome:
    """One good piece is a success. All scrap is a failure, unless a person stopped the print.

    An attempt that printed nothing (released, or the bed was found as it was) says nothing.
    """
    if good:
        return Outcome.GOOD
    return Outcome.FAILING if scrap and not by_person else Outcome.NOTHING


def keeps_failing(outcomes: Iterable[Outcome]) -> bool:
    """Whether the newest attempts failed, one after the other. `outcomes`: the newest first."""
    telling = [one for one in outcomes if one is not Outcome.NOTHING][:FAILURES_IN_A_ROW]
    return len(telling) == FAILURES_IN_A_ROW and set(telling) == {Outcome.FAILING}


def needs_first_piece(
    pieces: int, *, over: int, released_at: datetime | None, days: int, now: datetime
) -> bool:
    """Whether one piece is made and checked before the rest: for more than `over` pieces (0: never).

    Not again when the same revision was released on a machine at hand in the last `days` days.
    """
    if over == 0 or pieces <= over:
        return False
    return released_at is None or now - released_at > timedelta(days=days)


def spool_share(filament_g: float, progress: float) -> float:
    """Grams used by a print that got to `progress` (0..1 of its file)."""
    return filament_g * min(max(progress, 0.0), 1.0)


def seconds_left(said_s: float | None, planned_s: float | None, progress: float) -> float | None:
    """Of a print: what the printer says of this very file, else what the slicer said less what is done."""
    if said_s is not None or planned_s is None:
        return said_s
    return planned_s * (1.0 - min(progress, 1.0))


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
