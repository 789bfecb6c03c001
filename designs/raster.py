"""A z-buffer in numpy: which triangle is seen at each pixel of a square picture, and how near it is."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from designs.scanlines import fragments
from designs.views import Floats, Planes, boxes, planes_of

DEPTH_STEPS = 1 << 30
TRIANGLE_BITS = 32
LEAST_SPAN = 1e-20  # of nearness: below, the steps of it overflow single precision
BLOCK = 1 << 15  # triangles that are looked at at once
PIXELS_AT_ONCE = 100_000
MOST_PIXELS = 8_000_000
SMALL = 4  # pixels in the box around a triangle: each of them is asked, whether it is covered
SMALL_BOX = [(x, y) for x in range(SMALL) for y in range(SMALL // (x + 1))]
HALF = np.float32(0.5)

Found = tuple[NDArray[np.int64], NDArray[np.int32], Floats]  # triangles, pixels, nearness


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
    A pixel is covered when its middle is.
    """
    return draw(planes_of(corners), size)


def draw(planes: Planes, size: int) -> Seen:
    """The same for triangles by corner and axis, shape (3, 3, n).

    Triangles of a few pixels, of which fine meshes consist, are asked pixel by pixel; others are cut to rows
    first. Of these, where they lie many times over each other, only every second, third … is drawn: time
    is bounded.
    """
    if not planes.shape[2]:
        return Seen(np.full((size, size), -1, np.int32), np.zeros((size, size), np.float32))
    lowest = float(planes[:, 2].min())
    span = max(float(planes[:, 2].max()) - lowest, LEAST_SPAN)
    best = np.full(size * size, -1, np.int64)
    for number, pixel, near in _found(planes, size):
        steps = ((near - lowest) * (DEPTH_STEPS / span)).clip(0, DEPTH_STEPS).astype(np.int64)
        np.maximum.at(best, pixel, (steps << TRIANGLE_BITS) | number)
    triangle = np.where(best < 0, -1, best & 0xFFFFFFFF).astype(np.int32).reshape(size, size)
    depth = ((best >> TRIANGLE_BITS) * (span / DEPTH_STEPS) + lowest).astype(np.float32)
    return Seen(triangle, depth.reshape(size, size))


def _found(planes: Planes, size: int) -> Iterator[Found]:
    """Every pixel of every triangle, small triangles first."""
    numbers, low, pixels = _candidates(planes, size)
    count = pixels[0] * pixels[1]
    small = np.flatnonzero(count <= SMALL)
    for start in range(0, len(small), BLOCK):
        some = small[start : start + BLOCK]
        yield from _small(
            planes.take(numbers[some], axis=2), numbers[some], low[:, some], pixels[:, some], size
        )
    large = np.flatnonzero(count > SMALL)
    for some in _bounded(large, (pixels[0, large] / 2 + 2) * (pixels[1, large] + 1)):
        owner, pixel, near = fragments(planes.take(numbers[some], axis=2), size)
        yield numbers[some[owner]], pixel, near


def _candidates(planes: Planes, size: int) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Triangles whose box holds the middle of a pixel, and their boxes: of a fine mesh, few."""
    numbers, lows, counts = [], [], []
    for start in range(0, planes.shape[2], BLOCK):
        low, pixels = boxes(planes[:, :, start : start + BLOCK], size)
        some = np.flatnonzero(pixels.all(axis=0))
        numbers.append(some + start)
        lows.append(low[:, some])
        counts.append(pixels[:, some])
    return np.concatenate(numbers), np.concatenate(lows, axis=1), np.concatenate(counts, axis=1)


def _small(
    planes: Planes, numbers: NDArray[np.int64], low: Floats, pixels: Floats, size: int
) -> Iterator[Found]:
    """Ask for each pixel of these boxes whether its middle lies in the triangle."""
    for right, up in SMALL_BOX:
        some = np.flatnonzero((pixels[0] > right) & (pixels[1] > up))
        column, row = low[0, some] + right, low[1, some] + up
        inside, near = _at(planes.take(some, axis=2), column + HALF, row + HALF)
        pixel = (size - 1 - row[inside]) * size + column[inside]
        yield numbers[some[inside]], pixel.astype(np.int32), near


def _at(planes: Planes, x: Floats, y: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Which triangles hold the point that belongs to each, and how near they are there."""
    (ax, ay, az), (bx, by, bz), (cx, cy, cz) = planes - np.stack((x, y, np.zeros_like(x)))
    one, two, three = bx * cy - by * cx, cx * ay - cy * ax, ax * by - ay * bx
    total = one + two + three
    least, most = np.minimum(np.minimum(one, two), three), np.maximum(np.maximum(one, two), three)
    inside = np.flatnonzero(((least >= 0) | (most <= 0)) & (total != 0))
    weighted = one * az + two * bz + three * cz
    near: Floats = weighted[inside] / total[inside]
    return inside, near


def _bounded(numbers: NDArray[np.int64], work: Floats) -> Iterator[NDArray[np.int64]]:
    """Numbers of the triangles to draw, in blocks of bounded work, and not more of it than we want."""
    done = np.cumsum(work, dtype=np.float64)
    if len(done) and done[-1] > MOST_PIXELS:
        step = int(done[-1] / MOST_PIXELS) + 1
        numbers, done = numbers[::step], done[::step] / step
    total = float(done[-1]) if len(done) else 0.0
    cuts = np.searchsorted(done, np.arange(PIXELS_AT_ONCE, total, PIXELS_AT_ONCE))
    yield from (block for block in np.split(numbers, cuts) if len(block))
