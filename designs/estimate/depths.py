"""How deep a piece is behind its outline: how far each bit of contour can move inwards before it meets
another.

Scan lines at 45° cross the contours; between an entry and the exit after it lies a chord. With n₁ and n₂
the inward normals there and D the distance from the one point to the other's wall, fronts moving inwards
from both walls meet at the depth r = D / (1 - n₁·n₂): half the thickness between parallel walls, the
bisector in a corner. Each crossing stands for `weight` millimetres of contour. No polygon is offset for
this.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from designs.estimate.sections import Floats, Ints, Sections

ROOT_HALF = np.sqrt(0.5)


@dataclass(frozen=True, slots=True)
class Depths:
    """What the scan lines found.

    For every crossing (k,): its `layer`, `depth` in mm, the contour it stands for (`weight`, mm), and whether
    the wall across runs `opposite`: a thin wall and not a corner. For every layer (layers,): the share of the
    contours that is `outside`, not hidden in another body, and the `area` in mm².
    """

    layer: Ints
    depth: Floats
    weight: Floats
    opposite: NDArray[np.bool_]
    outside: Floats
    area: Floats


@dataclass(frozen=True, slots=True)
class _Crossings:
    """In the order of the scan lines: layer, row, place along it (mm), segment, whether the piece begins."""

    layer: Ints
    row: Ints
    along: Floats
    segment: Ints
    entry: NDArray[np.bool_]

    def outer(self) -> "_Crossings":
        """Only those where the inside of all bodies together begins or ends."""
        step = np.where(self.entry, 1, -1)
        inside = np.cumsum(step)
        line = self.layer.astype(np.int64) * (1 << 32) + self.row
        first = np.flatnonzero(np.diff(line, prepend=line[:1] - 1))
        before = np.repeat((inside - step)[first], np.diff(np.append(first, len(line))))
        inside -= before
        kept = np.flatnonzero(np.where(self.entry, inside == 1, inside == 0))
        return _Crossings(*(getattr(self, name)[kept] for name in self.__slots__))


def measure(sections: Sections, spacing: float) -> Depths:
    """Depths of the sections by scan lines `spacing` mm apart."""
    found = _crossings(sections, spacing)
    normal = _normals(sections)
    weight = spacing / np.maximum(np.abs(normal[0]), 0.05)
    everything = np.bincount(found.layer, weight[found.segment], sections.layers)
    found = found.outer()
    outside = np.bincount(found.layer, weight[found.segment], sections.layers) / np.maximum(everything, 1e-9)
    same = (found.layer[:-1] == found.layer[1:]) & (found.row[:-1] == found.row[1:])
    first = np.flatnonzero(found.entry[:-1] & ~found.entry[1:] & same)
    one, other = found.segment[first], found.segment[first + 1]
    chord = found.along[first + 1] - found.along[first]
    facing = normal[0, one] * normal[0, other] + normal[1, one] * normal[1, other]
    across = np.concatenate((chord * np.abs(normal[0, other]), chord * np.abs(normal[0, one])))
    return Depths(
        layer=np.tile(found.layer[first], 2),
        depth=across / np.tile(np.maximum(1 - facing, 0.05), 2),
        weight=weight[np.concatenate((one, other))],
        opposite=np.tile(facing < -0.7, 2),
        outside=outside,
        area=np.bincount(found.layer[first], chord, sections.layers) * spacing,
    )


def _turned(points: Floats) -> Floats:
    """Points in a frame whose first axis runs along the scan lines."""
    x, y = points.astype(np.float64)
    turned: Floats = np.stack((x + y, y - x)) * ROOT_HALF
    return turned


def _normals(sections: Sections) -> Floats:
    """Inward unit normals in the frame of the scan lines (2, k); the piece lies left of a segment."""
    step = _turned(sections.end) - _turned(sections.start)
    length = np.maximum(np.hypot(step[0], step[1]), 1e-12)
    normals: Floats = np.stack((-step[1], step[0])) / length
    return normals


def _crossings(sections: Sections, spacing: float) -> _Crossings:
    a, b = _turned(sections.start), _turned(sections.end)
    a[1] /= spacing
    b[1] /= spacing
    from_row, to_row = np.ceil(a[1]).astype(np.int64), np.ceil(b[1]).astype(np.int64)
    lengths = np.abs(to_row - from_row)
    segment = np.repeat(np.arange(len(lengths)), lengths)
    row = np.arange(len(segment)) + (np.minimum(from_row, to_row) - (np.cumsum(lengths) - lengths))[segment]
    slope = (b[0] - a[0]) / np.where(lengths > 0, b[1] - a[1], 1)
    along = (a[0] - a[1] * slope)[segment] + row * slope[segment]
    layer = sections.layer[segment]
    order = np.argsort(_in_a_row(layer, row, along))
    entry = (to_row < from_row)[segment]
    return _Crossings(layer[order], row[order], along[order], segment[order], entry[order])


def _in_a_row(layer: Ints, row: Ints, along: Floats) -> Floats:
    """One number for each crossing, in the order of layers, rows and places; exact to 10⁻⁵ mm and better."""
    if not len(row):
        return along
    low, high = along.min(), along.max()
    line = layer.astype(np.int64) * (row.max() - row.min() + 1) + row
    place: Floats = line * (high - low + 1) + along
    return place
