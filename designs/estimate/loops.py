"""Links the segments of some layers to closed loops, in the order in which a nozzle would follow them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from designs.estimate.sections import Floats, Ints, Sections

MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], np.uint64)  # odd, their bits well mixed


@dataclass(frozen=True, slots=True)
class Loops:
    """Segments in the order of travel: `layer` (k,), the `loop` (k,) each belongs to, `start` and `end`
    (2, k)."""

    layer: Ints
    loop: Ints
    start: Floats
    end: Floats

    @property
    def count(self) -> int:
        """Number of loops."""
        return int(self.loop[-1]) + 1 if len(self.loop) else 0

    def lengths(self) -> Floats:
        """Length of every segment, mm (k,)."""
        step = self.end - self.start
        lengths: Floats = np.hypot(step[0], step[1])
        return lengths

    def turns(self) -> Floats:
        """Angle from the segment before to each segment, radians (k,); left is positive."""
        step = self.end - self.start
        before = step[:, self.previous()]
        cross = before[0] * step[1] - before[1] * step[0]
        turned: Floats = np.arctan2(cross, before[0] * step[0] + before[1] * step[1])
        return turned

    def previous(self) -> Ints:
        """Index of the segment before each one in its loop, around the end (k,)."""
        first = np.flatnonzero(np.diff(self.loop, prepend=-1))
        last = np.append(first[1:], len(self.loop)) - 1
        before = np.arange(len(self.loop)) - 1
        before[first] = last
        return before


def link(sections: Sections, shortest: float = 0.01) -> Loops:
    """Loops of the sections; segments shorter than `shortest` (mm) are left out, open runs end where they
    end."""
    order, loop = _walk(_successors(sections))
    step = (sections.end - sections.start)[:, order]
    kept = np.hypot(step[0], step[1]) >= shortest
    order, loop = order[kept], loop[kept]
    loop = np.cumsum(np.diff(loop, prepend=-1) > 0) - 1
    return Loops(sections.layer[order], loop, sections.start[:, order], sections.end[:, order])


def _successors(sections: Sections) -> Ints:
    """For every segment the one that starts where it ends; itself where none does (k,)."""
    starts, ends = _keys(sections.layer, sections.start), _keys(sections.layer, sections.end)
    by_start, by_end = np.argsort(starts), np.argsort(ends)
    following = np.arange(len(starts))
    if np.array_equal(starts[by_start], ends[by_end]):
        following[by_end] = by_start
        return following
    found = np.searchsorted(starts[by_start], ends).clip(max=len(starts) - 1)
    candidate = by_start[found]
    return np.where(starts[candidate] == ends, candidate, following)


def _keys(layer: Ints, points: Floats) -> NDArray[np.uint64]:
    """One number for each point of a layer; points that are equal to the last bit get the same."""
    bits = (points + np.float32(0)).view(np.uint32).astype(np.uint64)  # + 0 makes one zero of both
    key = layer.astype(np.uint64)
    for number, mix in zip(bits, MIX, strict=True):
        key = (key + number) * mix
        key ^= key >> np.uint64(29)
    return key


def _walk(following: Ints) -> tuple[Ints, Ints]:
    """Every segment once, loop after loop: their order, and the number of the loop each belongs to."""
    after = following.tolist()
    order: list[int] = []
    starts: list[int] = []
    for first in range(len(after)):
        here = first
        if after[here] >= 0:
            starts.append(len(order))
        while (then := after[here]) >= 0:
            after[here] = -1  # been here
            order.append(here)
            here = then
    lengths = np.diff([*starts, len(order)])
    return np.array(order, np.int64), np.repeat(np.arange(len(starts)), lengths)
