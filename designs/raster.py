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
PIXELS_AT_ONCE = 3_000_000
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
    owner, row, left, right = _rows(corners, size)
    pixel, part, near = _pixels(row, left, right, size)
    return owner[part], pixel, near


def _repeated(counts: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """For counts (2, 0, 3): the owners 0 0 2 2 2 and the places 0 1 0 1 2."""
    owner = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    ends = np.cumsum(counts, dtype=np.int32)
    place = np.arange(len(owner), dtype=np.int32) - np.repeat(ends - counts, counts)
    return owner, place


def _rows(corners: Floats, size: int) -> tuple[NDArray[np.int32], NDArray[np.int32], Floats, Floats]:
    """Cut triangles into rows of pixels: owner, row from below, and both ends as (x, nearness)."""
    order = np.argsort(corners[:, :, 1], axis=1)
    low, middle, high = np.take_along_axis(corners, order[:, :, None], axis=1).transpose(1, 0, 2)
    first = np.ceil(low[:, 1] - HALF).clip(0, size).astype(np.int32)
    last = np.ceil(high[:, 1] - HALF).clip(0, size).astype(np.int32)
    owner, place = _repeated(last - first)
    row = first[owner] + place
    height = row + HALF
    long = _cut(low, high, owner, height)
    lower_half = height < middle[owner, 1]
    short = np.where(lower_half, _cut(low, middle, owner, height), _cut(middle, high, owner, height))
    swapped = long[0] > short[0]
    return owner, row, np.where(swapped, short, long), np.where(swapped, long, short)


def _cut(one: Floats, two: Floats, owner: NDArray[np.int32], height: Floats) -> Floats:
    """Where the edges one–two cross the given heights: x and nearness, shape (2, m)."""
    rise = two[:, 1] - one[:, 1]
    slope = (two[:, 0::2] - one[:, 0::2]) / np.where(rise > 0, rise, 1)[:, None]
    above = height - one[owner, 1]
    cut: Floats = np.stack([one[owner, 0] + above * slope[owner, 0], one[owner, 2] + above * slope[owner, 1]])
    return cut


def _pixels(
    rows: NDArray[np.int32], left: Floats, right: Floats, size: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], Floats]:
    """Cut rows into pixels: number of the pixel, the place of its row in `rows`, its nearness."""
    first = np.ceil(left[0] - HALF).clip(0, size).astype(np.int32)
    last = np.ceil(right[0] - HALF).clip(0, size).astype(np.int32)
    owner, place = _repeated(np.maximum(last - first, 0))
    width = right[0] - left[0]
    slope = (right[1] - left[1]) / np.where(width > 0, width, 1)
    base = left[1] + (first + HALF - left[0]) * slope
    near = base[owner] + place * slope[owner]
    start = (size - 1 - rows) * size + first
    return start[owner] + place, owner, near.astype(np.float32)
