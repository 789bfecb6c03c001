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
    """For every crossing: its `layer`, the `depth` in mm, the contour it stands for (`weight`, mm), and
    whether the wall across runs `opposite`, so that this is a thin wall and not a corner. All (k,)."""

    layer: Ints
    depth: Floats
    weight: Floats
    opposite: NDArray[np.bool_]


def measure(sections: Sections, spacing: float) -> Depths:
    """Depths of the sections by scan lines `spacing` mm apart."""
    crossing = _crossings(sections, spacing)
    layer, row, along, segment, entry = crossing
    first = np.flatnonzero(entry[:-1] & ~entry[1:] & (layer[:-1] == layer[1:]) & (row[:-1] == row[1:]))
    second = first + 1
    normal = _normals(sections)
    one, other = normal[segment[first]], normal[segment[second]]
    chord = along[second] - along[first]
    facing = (one * other).sum(axis=1)
    open_angle = np.maximum(1 - facing, 0.05)
    depth = np.concatenate((chord * np.abs(other[:, 0]), chord * np.abs(one[:, 0]))) / np.tile(open_angle, 2)
    weight = spacing / np.maximum(np.abs(np.concatenate((one[:, 0], other[:, 0]))), 0.05)
    return Depths(np.tile(layer[first], 2), depth, weight, np.tile(facing < -0.7, 2))


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


def _crossings(sections: Sections, spacing: float) -> tuple[Ints, Ints, Floats, Ints, NDArray[np.bool_]]:
    """Layer, row, place along the row, segment and whether the piece begins there; sorted along the rows."""
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
    return layer[order], row[order], along[order], segment[order], entry[order]
