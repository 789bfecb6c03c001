"""Cuts a mesh at the middle of every layer, all layers in one pass, and measures the cuts.

A triangle between its lowest and highest corner is met by a run of planes; every meeting is one segment.
Segments run so that the piece lies on their left: area by Green's theorem, outline by summing lengths.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from designs.errors import Refused
from designs.mesh import corner_range

MOST_CROSSINGS = 16_000_000  # of triangles and layers; a million triangles of a sculpture have three millions
BLOCK = 1 << 16  # triangles or segments at once: what one step touches stays in the processor's cache
Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class Sections:
    """Segments of all layers, sorted in no way: `layer` (k,), `start` and `end` (2, k), x and y in mm, all
    within `half_size` mm of the origin along x and y."""

    layers: int
    half_size: tuple[float, float]
    layer: Ints
    start: Floats
    end: Floats

    def areas(self) -> Floats:
        """Area of every layer, mm² (layers,); negative where the mesh is inside out."""
        return self._sums(lambda a, b: (a[0] * b[1] - b[0] * a[1]) / 2)

    def outlines(self) -> Floats:
        """Length of all contours of every layer, mm (layers,)."""
        return self._sums(lambda a, b: np.hypot(b[0] - a[0], b[1] - a[1]))

    def reversed(self) -> "Sections":
        """The cuts of the same mesh turned inside out."""
        return Sections(self.layers, self.half_size, self.layer, self.end, self.start)

    def some(self, wanted: NDArray[np.bool_]) -> "Sections":
        """Only the layers that are wanted, (layers,); they keep their numbers."""
        kept = np.flatnonzero(wanted[self.layer])
        return Sections(self.layers, self.half_size, self.layer[kept], self.start[:, kept], self.end[:, kept])

    def blocks(self) -> Iterator["Sections"]:
        """The same segments, some at a time."""
        for first in range(0, len(self.layer), BLOCK):
            part = slice(first, first + BLOCK)
            yield Sections(
                self.layers, self.half_size, self.layer[part], self.start[:, part], self.end[:, part]
            )

    def _sums(self, measure: Callable[[Floats, Floats], Floats]) -> Floats:
        sums = np.zeros(self.layers)
        for part in self.blocks():
            ends = part.start.astype(np.float64), part.end.astype(np.float64)
            sums += np.bincount(part.layer, measure(*ends), self.layers)
        return sums


def layer_count(height: float, first: float, layer: float) -> int:
    """Layers of a piece so high: one more as soon as half a layer is left over."""
    return max(1, int(np.floor((height - first) / layer + 1.5)))


def cut(triangles: NDArray[np.float32], first: float, layer: float) -> Sections:
    """Segments of all layers of triangles (n, 3, 3) that stand on z = 0 over the origin; heights in mm.

    Raises `Refused("too_intricate")` where triangles and layers meet too often for memory.
    """
    low, high = corner_range(triangles) if len(triangles) else (np.zeros(3), np.zeros(3))
    planes = Planes(first, layer, layer_count(float(high[2]), first, layer))
    found: list[_Segments] = []
    crossings = 0
    for start in range(0, len(triangles), BLOCK):
        slabs = _slabs(triangles[start : start + BLOCK], planes)
        crossings += slabs.crossings
        _refuse_thickets(crossings)
        found.append(_crossed(slabs, planes))
    half = np.maximum(np.abs(low[:2]), np.abs(high[:2])).tolist()
    return Sections(planes.layers, (half[0], half[1]), *_joined(found))


def _refuse_thickets(crossings: int) -> None:
    if crossings > MOST_CROSSINGS:
        message = (
            "The mesh is too intricate for an estimate; please export it with fewer or smaller triangles."
        )
        raise Refused("too_intricate", message, crossings=crossings, at_most=MOST_CROSSINGS)


@dataclass(frozen=True, slots=True)
class Planes:
    """The cutting planes: one in the middle of every layer, the first layer with a height of its own."""

    first: float
    layer: float
    layers: int

    def below(self, z: Floats) -> Ints:
        """How many planes lie below each height."""
        number = np.ceil((z - (self.first - self.layer / 2)) / self.layer)
        number = np.clip(number, 0, self.layers).astype(np.int32)
        return np.where(number <= 1, z > self.first / 2, number)

    def heights(self) -> Floats:
        """Height of every plane, mm (layers,)."""
        heights = self.first + (np.arange(self.layers) - 0.5) * self.layer
        heights[0] = self.first / 2
        return heights


@dataclass(frozen=True, slots=True)
class _Slabs:
    """Parts of triangles between two neighbouring corners by height: planes `first` … `last` - 1 meet it.

    `lines` (8, n): where a plane at the height z cuts the edges, as place = line[i] + line[i + 4] · z with i
    for x and y of the segment's start, x and y of its end.
    """

    first: Ints
    last: Ints
    lines: Floats

    @property
    def crossings(self) -> int:
        return int((self.last - self.first).sum())


_Segments = tuple[Ints, Floats, Floats]


def _slabs(triangles: NDArray[np.float32], planes: Planes) -> _Slabs:
    """The parts of triangles that any plane meets. The long edge of a triangle bounds both of its parts."""
    z = triangles[:, :, 2].T.astype(np.float64)
    below = planes.below(z)
    met = np.flatnonzero((below[0] != below[1]) | (below[1] != below[2]))
    order, forward = _by_height(z[:, met])
    corners = triangles.reshape(-1, 3)[3 * met + order].transpose(0, 2, 1).astype(np.float64)
    low_at, mid_at, high_at = below[order, met]
    low, mid, high = corners
    long, lower, upper = _line(low, high), _line(low, mid), _line(mid, high)
    parts = [_directed(long, short, forward) for short in (lower, upper)]
    first, last = np.concatenate((low_at, mid_at)), np.concatenate((mid_at, high_at))
    some = np.flatnonzero(first < last)
    return _Slabs(first[some], last[some], np.concatenate(parts, axis=1)[:, some])


def _by_height(z: Floats) -> tuple[Ints, NDArray[np.bool_]]:
    """Numbers of the corners (3, n), lowest first, and whether low, mid, high run in the triangle's sense."""
    a, b, c = z
    order = np.empty(z.shape, np.intp)
    order[0] = np.where((a <= b) & (a <= c), 0, np.where(b <= c, 1, 2))
    order[2] = np.where((c >= b) & (c >= a), 2, np.where(b >= a, 1, 0))
    order[1] = 3 - order[0] - order[2]
    return order, (order[1] - order[0]) % 3 == 1


def _line(low: Floats, high: Floats) -> Floats:
    """Edges as (4, n): x and y at z = 0, and their growth with z. Always from low to high, so that both
    triangles of an edge agree to the last bit."""
    rise = high[2] - low[2]
    slope = (high[:2] - low[:2]) / np.where(rise > 0, rise, 1)
    return np.concatenate((low[:2] - slope * low[2], slope))


def _directed(long: Floats, short: Floats, forward: NDArray[np.bool_]) -> Floats:
    """Segments from the one edge to the other, so that the piece lies on their left."""
    start, end = np.where(forward, long, short), np.where(forward, short, long)
    return np.concatenate((start[:2], end[:2], start[2:], end[2:]))


def _crossed(slabs: _Slabs, planes: Planes) -> _Segments:
    """A segment for every part of a triangle and every plane that meets it."""
    lengths = slabs.last - slabs.first
    which = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    before = np.cumsum(lengths, dtype=np.int32) - lengths
    at = np.arange(len(which), dtype=np.int32) + (slabs.first - before)[which]
    height = planes.heights()[at]
    ends = np.empty((4, len(which)), np.float32)
    for row, base, slope in zip(ends, slabs.lines[:4], slabs.lines[4:], strict=True):
        row[:] = base[which] + slope[which] * height
    return at, ends[:2], ends[2:]


def _joined(found: list[_Segments]) -> _Segments:
    if len(found) == 1:
        return found[0]
    if not found:
        return np.empty(0, np.int32), np.empty((2, 0), np.float32), np.empty((2, 0), np.float32)
    layer, start, end = (np.concatenate([part[i] for part in found], axis=-1) for i in range(3))
    return layer, start, end
