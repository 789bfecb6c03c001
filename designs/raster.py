"""A z-buffer in numpy: which triangle is seen at each pixel of a square picture, and how near it is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from designs.mesh import corner_range

Floats = NDArray[np.float32]

DEPTH_STEPS = 1 << 30
TRIANGLE_BITS = 32
LEAST_SPAN = 1e-20  # of nearness: below, the steps of it overflow single precision
BLOCK = 100_000  # triangles that are looked at at once
PIXELS_AT_ONCE = 100_000
MOST_PIXELS = 20_000_000
HALF = np.float32(0.5)


@dataclass(frozen=True, slots=True)
class Seen:
    """Per pixel, shape (size, size), first row at the top: number of the triangle or -1, and nearness."""

    triangle: NDArray[np.int32]
    near: Floats

    @property
    def mask(self) -> NDArray[np.bool_]:
        """Where anything is seen."""
        return self.triangle >= 0


def rasterise(corners: Floats, size: int) -> Seen:
    """Draw triangles of shape (n, 3, 3): x right and y up in pixels, and a nearness (greater wins).

    The nearness must be linear in the picture: height for a parallel view, 1 / distance for a perspective.
    A pixel is covered when its middle is. A block of triangles at once: first cut to rows, then to pixels. Of
    triangles that lie a hundredfold over each other, only every second, third … is drawn: time is bounded.
    """
    if not len(corners):
        return Seen(np.full((size, size), -1, np.int32), np.zeros((size, size), np.float32))
    low, high = corner_range(corners)
    lowest, span = float(low[2]), max(float(high[2] - low[2]), LEAST_SPAN)
    best = np.full(size * size, -1, np.int64)
    for chosen in _blocks(corners, size):
        number, pixel, near = _fragments(corners[chosen], size)
        steps = ((near - lowest) * (DEPTH_STEPS / span)).clip(0, DEPTH_STEPS).astype(np.int64)
        np.maximum.at(best, pixel, (steps << TRIANGLE_BITS) | chosen[number])
    triangle = np.where(best < 0, -1, best & 0xFFFFFFFF).astype(np.int32).reshape(size, size)
    depth = ((best >> TRIANGLE_BITS) * (span / DEPTH_STEPS) + lowest).astype(np.float32)
    return Seen(triangle, depth.reshape(size, size))


def _blocks(corners: Floats, size: int) -> list[NDArray[np.int64]]:
    """Numbers of the triangles to draw, in blocks of bounded work."""
    starts = range(0, len(corners), BLOCK)
    chosen = np.concatenate([_candidates(corners[i : i + BLOCK], size) + i for i in starts])
    work = np.cumsum(_pixels_at_most(corners[chosen], size), dtype=np.float64)
    if len(work) and work[-1] > MOST_PIXELS:
        step = int(work[-1] / MOST_PIXELS) + 1
        chosen, work = chosen[::step], work[::step] / step
    total = float(work[-1]) if len(work) else 0.0
    cuts = np.searchsorted(work, np.arange(PIXELS_AT_ONCE, total, PIXELS_AT_ONCE))
    return [block for block in np.split(chosen, cuts) if len(block)]


def _candidates(corners: Floats, size: int) -> NDArray[np.int64]:
    """Triangles whose bounding box holds the middle of a pixel: of a fine mesh, few."""
    cover = np.ones(len(corners), np.bool_)
    for axis in (0, 1):
        low, high = _extent(corners, axis)
        cover &= (np.ceil(low - HALF) < np.ceil(high - HALF)) & (high > 0) & (low < size)
    return np.flatnonzero(cover)


def _extent(corners: Floats, axis: int) -> tuple[Floats, Floats]:
    a, b, c = corners[:, :, axis].T
    return np.minimum(np.minimum(a, b), c), np.maximum(np.maximum(a, b), c)


def _pixels_at_most(corners: Floats, size: int) -> Floats:
    """About the pixels of each triangle, and at least its rows: half its bounding box within the picture."""
    left, right = (np.clip(end, 0, size) for end in _extent(corners, 0))
    low, high = (np.clip(end, 0, size) for end in _extent(corners, 1))
    pixels = ((right - left) / 2 + 2) * (high - low + 1)
    return pixels.astype(np.float32, copy=False)


def _fragments(corners: Floats, size: int) -> tuple[NDArray[np.int32], NDArray[np.int32], Floats]:
    """Every pixel of every triangle: number of the triangle, number of the pixel, nearness."""
    slabs = _slabs(corners, size)
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


def _slabs(corners: Floats, size: int) -> _Slabs:
    low, middle, high = _by_height(corners)
    cuts = [np.ceil(one[1] - HALF).clip(0, size).astype(np.int32) for one in (low, middle, high)]
    first, rows = np.concatenate(cuts[:2]), np.concatenate((cuts[1] - cuts[0], cuts[2] - cuts[1]))
    some = np.flatnonzero(rows > 0)
    triangle = (some % len(corners)).astype(np.int32)
    first, rows = first[some], rows[some]
    long = _edge(low[:, triangle], high[:, triangle], first)
    lower = some < len(corners)
    short = _edge(
        np.where(lower, low[:, triangle], middle[:, triangle]),
        np.where(lower, middle[:, triangle], high[:, triangle]),
        first,
    )
    half = (rows - 1) * HALF
    swapped = long[0] + half * long[2] > short[0] + half * short[2]
    return _Slabs(triangle, first, rows, np.where(swapped, short, long), np.where(swapped, long, short))


def _by_height(corners: Floats) -> list[Floats]:
    """The lowest, middle and highest corner of each triangle, each as x, y, nearness (3, n)."""
    a, b, c = np.ascontiguousarray(corners.transpose(1, 2, 0))
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
