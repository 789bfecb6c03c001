"""Cuts a mesh at the middle of every layer, all layers in one pass, and measures the cuts.

A triangle between its lowest and highest corner is met by a run of planes; every meeting is one segment.
Segments run so that the piece lies on their left: area by Green's theorem, outline by summing lengths.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from designs.errors import Refused

MOST_CROSSINGS = 16_000_000  # of triangles and layers; a million triangles of a sculpture have three millions
Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class Sections:
    """Segments of all layers, sorted in no way: `layer` (k,), `start` and `end` (k, 2) in mm, all within
    `half_size` mm of the origin along x and y."""

    layers: int
    half_size: tuple[float, float]
    layer: Ints
    start: Floats
    end: Floats

    def areas(self) -> Floats:
        """Area of every layer, mm² (layers,); negative where the mesh is inside out."""
        a, b = self.start, self.end
        return self._sum((a[:, 0] * b[:, 1] - b[:, 0] * a[:, 1]) / 2)

    def outlines(self) -> Floats:
        """Length of all contours of every layer, mm (layers,)."""
        step = self.end - self.start
        return self._sum(np.hypot(step[:, 0], step[:, 1]))

    def reversed(self) -> "Sections":
        """The cuts of the same mesh turned inside out."""
        return Sections(self.layers, self.half_size, self.layer, self.end, self.start)

    def some(self, wanted: NDArray[np.bool_]) -> "Sections":
        """Only the layers that are wanted, (layers,); they keep their numbers."""
        kept = np.flatnonzero(wanted[self.layer])
        return Sections(self.layers, self.half_size, self.layer[kept], self.start[kept], self.end[kept])

    def _sum(self, values: Floats) -> Floats:
        sums: Floats = np.bincount(self.layer, values, self.layers).astype(float)
        return sums


def layer_count(height: float, first: float, layer: float) -> int:
    """Layers of a piece so high: one more as soon as half a layer is left over."""
    return max(1, int(np.floor((height - first) / layer + 1.5)))


def cut(triangles: NDArray[np.float32], first: float, layer: float) -> Sections:
    """Segments of all layers of triangles (n, 3, 3) that stand on z = 0 over the origin; heights in mm.

    Raises `Refused("too_intricate")` where triangles and layers meet too often for memory.
    """
    z = triangles[:, :, 2].astype(np.float64)
    layers = layer_count(float(z.max(initial=0)), first, layer)
    above = np.clip(np.ceil((z - first + layer / 2) / layer), 0, layers).astype(np.int32)
    # The first layer has a height of its own, and its plane lies in its middle.
    above = np.where(above <= 1, (z > first / 2).astype(np.int32), above)
    _refuse_thickets(above)
    met = np.flatnonzero((above[:, 0] != above[:, 1]) | (above[:, 1] != above[:, 2]))
    order = np.argsort(z[met], axis=1, kind="stable")
    low, mid, high = (triangles[met, order[:, i]] for i in range(3))
    low_at, mid_at, high_at = (above[met, order[:, i]] for i in range(3))
    forward = (order[:, 1] - order[:, 0]) % 3 == 1
    which, at = _runs(low_at, high_at)
    height = np.where(at == 0, first / 2, first + (at - 0.5) * layer)
    long_side = _between(low, high, which, height)
    short_side = np.empty_like(long_side)
    under = at < mid_at[which]
    short_side[under] = _between(low, mid, which[under], height[under])
    short_side[~under] = _between(mid, high, which[~under], height[~under])
    ahead = forward[which, None]
    start, end = np.where(ahead, long_side, short_side), np.where(ahead, short_side, long_side)
    half = tuple(float(np.abs(triangles[:, :, axis]).max(initial=0)) for axis in (0, 1))
    return Sections(layers, (half[0], half[1]), at, start, end)


def _refuse_thickets(above: Ints) -> None:
    crossings = (
        int((above.max(axis=1, initial=0) - above.min(axis=1, initial=1 << 30)).sum()) if len(above) else 0
    )
    if crossings > MOST_CROSSINGS:
        message = (
            "The mesh is too intricate for an estimate; please export it with fewer or smaller triangles."
        )
        raise Refused("too_intricate", message, crossings=crossings, at_most=MOST_CROSSINGS)


def _runs(first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """For every whole number from `first` up to before `last`: which run it is in, and the number."""
    lengths = last - first
    which = np.repeat(np.arange(len(first), dtype=np.int32), lengths)
    starts = np.cumsum(lengths) - lengths
    return which, np.arange(len(which), dtype=np.int32) + (first - starts).astype(np.int32)[which]


def _between(low: Floats, high: Floats, which: Ints, height: Floats) -> Floats:
    """Where edges pass `height`: computed from low to high, so that both triangles of an edge agree
    exactly."""
    rise = (high[:, 2] - low[:, 2]).astype(np.float64)
    slope = (high[:, :2] - low[:, :2]) / np.where(rise > 0, rise, 1)[:, None]
    return low[which, :2] + slope[which] * (height - low[which, 2])[:, None]  # type: ignore[no-any-return]
