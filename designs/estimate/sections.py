"""Cuts a mesh at the middle of every layer, all layers in one pass, and measures the cuts.

A triangle between its lowest and highest corner is met by a run of planes; every meeting is one segment. Segments
run so that the piece lies on their left: area by Green's theorem, outline by summing lengths, both per layer.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Ints = NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class Sections:
    """Segments of all layers: `start` and `end` (k, 2) in mm, the `layer` (k,) and the `triangle` (k,) of each."""

    layers: int
    layer: Ints
    triangle: Ints
    start: Floats
    end: Floats

    def areas(self) -> Floats:
        """Area of every layer, mm² (layers,); negative where the mesh is inside out."""
        if not len(self.layer):
            return np.zeros(self.layers)
        middle = self.start.mean(axis=0)
        a, b = self.start - middle, self.end - middle
        doubled = a[:, 0] * b[:, 1] - b[:, 0] * a[:, 1]
        return np.bincount(self.layer, doubled / 2, self.layers)

    def outlines(self) -> Floats:
        """Length of all contours of every layer, mm (layers,)."""
        step = self.end - self.start
        return np.bincount(self.layer, np.hypot(step[:, 0], step[:, 1]), self.layers)

    def reversed(self) -> "Sections":
        """The same cuts seen as the mesh turned inside out."""
        return Sections(self.layers, self.layer, self.triangle, self.end, self.start)


def layer_count(height: float, first: float, layer: float) -> int:
    """Layers of a piece so high: one more as soon as half a layer is left over."""
    return max(1, int(np.floor((height - first) / layer + 1.5)))


def cut(triangles: NDArray[np.float32], first: float, layer: float) -> Sections:
    """Segments of all layers of triangles (n, 3, 3) that stand on z = 0; heights in mm."""
    z = triangles[:, :, 2].astype(np.float64)
    layers = layer_count(float(z.max(initial=0)), first, layer)
    above = np.clip(np.ceil((z - (first - layer / 2)) / layer), 0, layers).astype(np.int32)
    if first != layer:  # the plane of the first layer lies at half of its own height
        above = np.where((above <= 1) & (layers > 0), z > first / 2, above).astype(np.int32)
    met = np.flatnonzero(above.max(axis=1, initial=0) > above.min(axis=1, initial=layers))
    order = np.argsort(z[met], axis=1, kind="stable")
    low, mid, high = np.moveaxis(triangles[met[:, None], order], 1, 0)
    planes = np.take_along_axis(above[met], order, 1)
    which, at = _runs(planes[:, 0], planes[:, 2])
    height = first - layer / 2 + at * layer
    height[at == 0] = first / 2
    long_side = _between(low, high, which, height)
    lower_half = at < planes[which, 1]
    short_side = np.where(
        lower_half[:, None], _between(low, mid, which, height), _between(mid, high, which, height)
    )
    forward = ((order[:, 1] - order[:, 0]) % 3 == 1)[which, None]
    start, end = np.where(forward, long_side, short_side), np.where(forward, short_side, long_side)
    return Sections(layers, at, met[which], start, end)


def _runs(first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """For every whole number from `first` up to before `last`: which run it is in, and the number."""
    lengths = last - first
    which = np.repeat(np.arange(len(first)), lengths)
    starts = np.cumsum(lengths) - lengths
    return which, first[which] + (np.arange(len(which)) - starts[which])


def _between(low: Floats, high: Floats, which: Ints, height: Floats) -> Floats:
    """Where the edges from `low` to `high` pass `height`; the same edge gives the same point in each triangle."""
    rise = (high[:, 2] - low[:, 2]).astype(np.float64)
    slope = (high[:, :2] - low[:, :2]) / np.where(rise > 0, rise, 1)[:, None]
    return low[which, :2] + slope[which] * (height - low[which, 2])[:, None]
