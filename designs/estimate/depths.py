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
    weight = spacing / np.maximum(np.abs(normal[:, 0]), 0.05)
    everything = np.bincount(found.layer, weight[found.segment], sections.layers)
    found = found.outer()
    outside = np.bincount(found.layer, weight[found.segment], sections.layers) / np.maximum(everything, 1e-9)
    same = (found.layer[:-1] == found.layer[1:]) & (found.row[:-1] == found.row[1:])
    first = np.flatnonzero(found.entry[:-1] & ~found.entry[1:] & same)
    one, other = found.segment[first], found.segment[first + 1]
    chord = found.along[first + 1] - found.along[first]
    facing = (normal[one] * normal[other]).sum(axis=1)
    across = np.concatenate((chord * np.abs(normal[other, 0]), chord * np.abs(normal[one, 0])))
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
    x, y = points[:, 0], points[:, 1]
    turned: Floats = np.stack((x + y, y - x), axis=1) * ROOT_HALF
    return turned


def _normals(sections: Sections) -> Floats:
    """Inward unit normals in the frame of the scan lines (k, 2); the piece lies left of a segment."""
    step = _turned(sections.end) - _turned(sections.start)
    length = np.maximum(np.hypot(step[:, 0], step[:, 1]), 1e-12)
    return np.stack((-step[:, 1], step[:, 0]), axis=1) / length[:, None]


def _crossings(sections: Sections, spacing: float) -> _Crossings:
    a, b = _turned(sections.start), _turned(sections.end)
    a[:, 1] /= spacing
    b[:, 1] /= spacing
    from_row, to_row = np.ceil(a[:, 1]).astype(np.int64), np.ceil(b[:, 1]).astype(np.int64)
    lengths = np.abs(to_row - from_row)
    segment = np.repeat(np.arange(len(lengths)), lengths)
    row = np.arange(len(segment)) + (np.minimum(from_row, to_row) - (np.cumsum(lengths) - lengths))[segment]
    slope = (b[:, 0] - a[:, 0]) / np.where(lengths > 0, b[:, 1] - a[:, 1], 1)
    along = a[segment, 0] + (row - a[segment, 1]) * slope[segment]
    layer = sections.layer[segment]
    order = np.lexsort((along, row, layer))
    entry = (to_row < from_row)[segment]
    return _Crossings(layer[order], row[order], along[order], segment[order], entry[order])
