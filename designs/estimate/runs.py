"""How long the lines are that fill a region, from its bit plane.

Infill runs at 45°. Let c(k) be the number of pixels that begin k set pixels in a row along a diagonal; it
falls as k grows, and [c(k) - c(2k)] / k is the mean number of runs longer than k…2k pixels. With it, the
sum of any function t(length) over all lines is Σ over those bins of that number times the growth of t
over the bin.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
    counts = np.zeros((len(planes), BINS + 1))
    counts[:, 0] = bits.count(planes)
    some = np.flatnonzero(counts[:, 0])
    long = planes[some]
    for bin_ in range(1, BINS):
        if not len(some):
            break
        long = _and_along_diagonal(long, 2 ** (bin_ - 1), some % 2 == 1)
        counts[some, bin_] = bits.count(long)
    lengths = 2.0 ** np.arange(BINS)
    longer = (counts[:, :-1] - counts[:, 1:]) / lengths
    edges = np.concatenate((lengths - 1, [2 * lengths[-1] - 1])) * pixel * DIAGONAL
    return Runs(counts[:, 0] * pixel**2, longer * pixel / DIAGONAL, edges)


def _and_along_diagonal(planes: Planes, by: int, mirrored: NDArray[np.bool_]) -> Planes:
    out = np.zeros_like(planes)
    if by < planes.shape[1]:
        for choice, direction in ((~mirrored, by), (mirrored, -by)):
            some = np.flatnonzero(choice)
            part = planes[some]
            part[:, by:] &= bits.shift_x(part, direction)[:, :-by].copy()
            part[:, :by] = 0
            out[some] = part
    return out
