"""How long the lines are that fill a region, from its bit plane.

Infill runs at 45°. Let c(k) be the number of pixels that begin k set pixels in a row along a diagonal; it
falls as k grows, and [c(k) - c(2k)] / k is the mean number of runs longer than k…2k pixels. With it, the
sum of any function t(length) over all lines is Σ over those bins of that number times the growth of t
over the bin.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from designs.estimate import bitplanes as bits
from designs.estimate.bitplanes import Planes
from designs.estimate.sections import Floats

BINS = 6
DIAGONAL = np.sqrt(2.0)


@dataclass(frozen=True, slots=True)
class Runs:
    """`area` (layers,) in mm²; `longer` (layers, bins): millimetres of section across the lines in which
    lines are longer than the bin; `edges` (bins + 1,): the bins' borders in mm."""

    area: Floats
    longer: Floats
    edges: Floats

    @property
    def width(self) -> Floats:
        """Section across the lines, mm (layers,): divided by the lines' spacing, it is their number."""
        return self.longer[:, 0]

    def total(self, of_length: Callable[[float], Floats]) -> Floats:
        """Sum of a function of length, zero at length zero, over all lines if they lay 1 mm apart
        (layers,)."""
        values = np.stack([of_length(float(edge)) for edge in self.edges], axis=-1)
        total: Floats = (self.longer * np.diff(values, axis=-1)).sum(axis=1)
        return total


def runs(planes: Planes, pixel: float) -> Runs:
    """The runs along diagonals of a region's bit plane, mean of both diagonals by taking turns with the
    layer."""
    counts = np.empty((len(planes), BINS))
    for first, direction in ((0, +1), (1, -1))[: len(planes)]:
        counts[first::2] = bits.each_layer(partial(_counts, direction=direction), planes[first::2])
    lengths = 2.0 ** np.arange(BINS)
    longer = (counts - np.pad(counts[:, 1:], ((0, 0), (0, 1)))) / lengths
    edges = np.concatenate((lengths - 1, [2 * lengths[-1] - 1])) * pixel * DIAGONAL
    return Runs(counts[:, 0] * pixel**2, longer * pixel / DIAGONAL, edges)


def _counts(planes: Planes, direction: int) -> Floats:
    """How many pixels begin 1, 2, 4 … set pixels in a row along a diagonal, (layers, bins)."""
    counts = np.zeros((len(planes), BINS))
    counts[:, 0] = bits.count(planes)
    long = planes
    for bin_ in range(1, BINS):
        if not counts[:, bin_ - 1].any():
            break
        long = _and_along_diagonal(long, 2 ** (bin_ - 1), direction)
        counts[:, bin_] = bits.count(long)
    return counts


def _and_along_diagonal(planes: Planes, by: int, direction: int) -> Planes:
    """Pixels that are set and whose neighbour so far down the diagonal is. A diagonal that leaves its layer
    passes the empty border, so all layers can be treated as one."""
    words = by * planes.shape[2]
    moved = bits.shift_flat(planes, by * direction).reshape(-1)
    out = np.empty_like(planes)
    flat = out.reshape(-1)
    flat[:words] = 0
    np.bitwise_and(planes.reshape(-1)[words:], moved[:-words], out=flat[words:])
    return out
