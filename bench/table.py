"""The one form of every benchmark: a `main() -> list[Line]` in each module, and how its lines are printed."""

import resource
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: what was measured, the goal, today's figure, the peer's in the same run, the ratio of
    both. `met` is None where nothing could be measured; `measured` then says why."""

    what: str
    goal: str
    measured: str
    peer: str = "—"
    ratio: str = "—"
    met: bool | None = None


def show(lines: Iterable[Line]) -> None:
    """Print lines below each other, columns aligned, with a mark: goal reached, missed, not measured."""
    marks = {True: "reached", False: "MISSED", None: "not measured"}
    rows = [("what", "goal", "measured", "peer", "ratio", "")]
    rows += [(one.what, one.goal, one.measured, one.peer, one.ratio, marks[one.met]) for one in lines]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip())


def cpu(work: Callable[[], T], repeat: int = 3) -> tuple[float, T]:
    """The least CPU seconds, user and system, children too, of some calls; and what the last returned.

    CPU and not wall: another program on the same cores changes it little. The least, because caches that
    others have emptied are not our cost.
    """
    best = float("inf")
    for _ in range(repeat):
        began = _cpu_now()
        found = work()
        best = min(best, _cpu_now() - began)
    return best, found


def _cpu_now() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
