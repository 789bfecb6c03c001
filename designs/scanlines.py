"""Triangles cut to rows of pixels, and rows to pixels: `fragments`."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from designs.views import Floats, Planes

HALF = np.float32(0.5)


def fragments(planes: Planes, size: int) -> tuple[NDArray[np.int32], NDArray[np.int32], Floats]:
    """Every pixel of every triangle (3, 3, n): number of the triangle, number of the pixel, nearness."""
    slabs = _slabs(planes, size)
    owner, row, left, right = _rows(slabs)
    pixel, part, near = _pixels(row, left, right, size)
    return slabs.triangle[owner[part]], pixel, near


def _repeated(counts: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """For counts (2, 0, 3): the owners 0 0 2 2 2 and the places 0 1 0 1 2."""
    owner = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    ends = np.cumsum(counts, dtype=np.int32)
    place = np.arange(len(owner), dtype=np.int32) - (ends - counts)[owner]
    return owner, place


@dataclass(frozen=True, slots=True)
class _Slabs:
    """Parts of triangles below and above their middle corner: `rows` rows of pixels from `first` on.

    `left` and `right` (4, n) are the edges beside it: x and nearness in the first row, and their growth from
    row to row.
    """

    triangle: NDArray[np.int32]
    first: NDArray[np.int32]
    rows: NDArray[np.int32]
    left: Floats
    right: Floats


def _slabs(planes: Planes, size: int) -> _Slabs:
    low, middle, high = _by_height(planes)
    cuts = [np.ceil(one[1] - HALF).clip(0, size).astype(np.int32) for one in (low, middle, high)]
    first, rows = np.concatenate(cuts[:2]), np.concatenate((cuts[1] - cuts[0], cuts[2] - cuts[1]))
    some = np.flatnonzero(rows > 0)
    triangle = (some % planes.shape[2]).astype(np.int32)
    first, rows = first[some], rows[some]
    long = _edge(low[:, triangle], high[:, triangle], first)
    lower = some < planes.shape[2]
    short = _edge(
        np.where(lower, low[:, triangle], middle[:, triangle]),
        np.where(lower, middle[:, triangle], high[:, triangle]),
        first,
    )
    half = (rows - 1) * HALF
    swapped = long[0] + half * long[2] > short[0] + half * short[2]
    return _Slabs(triangle, first, rows, np.where(swapped, short, long), np.where(swapped, long, short))


def _by_height(planes: Planes) -> list[Floats]:
    """The lowest, middle and highest corner of each triangle, each as x, y, nearness (3, n)."""
    a, b, c = planes
    for one, two in ((0, 1), (1, 2), (0, 1)):
        three = [a, b, c]
        wrong = three[one][1] > three[two][1]
        three[one], three[two] = (
            np.where(wrong, three[two], three[one]),
            np.where(wrong, three[one], three[two]),
        )
        a, b, c = three
    return [a, b, c]


def _edge(low: Floats, high: Floats, first: NDArray[np.int32]) -> Floats:
    """x and nearness of edges (3, n) in the row `first`, and their growth from row to row, (4, n)."""
    rise = high[1] - low[1]
    slope = (high[0::2] - low[0::2]) / np.where(rise > 0, rise, 1)
    edge: Floats = np.concatenate((low[0::2] + (first + HALF - low[1]) * slope, slope))
    return edge


def _rows(slabs: _Slabs) -> tuple[NDArray[np.int32], NDArray[np.int32], list[Floats], list[Floats]]:
    """Slabs cut into rows of pixels: owner, row from below, and both ends as x and nearness."""
    owner, place = _repeated(slabs.rows)
    steps = place.astype(np.float32)
    left, right = (
        [side[i][owner] + steps * side[i + 2][owner] for i in (0, 1)] for side in (slabs.left, slabs.right)
    )
    return owner, slabs.first[owner] + place, left, right


def _pixels(
    rows: NDArray[np.int32], left: list[Floats], right: list[Floats], size: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], Floats]:
    """Cut rows into pixels: number of the pixel, the place of its row in `rows`, its nearness."""
    first = np.ceil(left[0] - HALF).clip(0, size).astype(np.int32)
    last = np.ceil(right[0] - HALF).clip(0, size).astype(np.int32)
    owner, place = _repeated(np.maximum(last - first, 0))
    width = right[0] - left[0]
    slope = (right[1] - left[1]) / np.where(width > 0, width, 1)
    base = left[1] + (first + HALF - left[0]) * slope
    near = base[owner] + place.astype(np.float32) * slope[owner]
    start = (size - 1 - rows) * size + first
    return start[owner] + place, owner, near
