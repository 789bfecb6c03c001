"""Layers as bit planes: one bit a pixel, 64 pixels a word, so that one operation treats 64 pixels of a row.

A plane stack has the shape (layers, rows, words), uint64; pixel x of a row is bit x % 64 of word x // 64.
A border of `PAD` empty pixels surrounds every layer, so that nothing that is shifted by less falls over
the edge: rows can be shifted as one long row of words. Many layers of a made thing repeat the one below;
what is worked out for a layer holds for those that repeat it (`each_layer`).
"""

from collections.abc import Callable
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from designs.estimate.sections import Floats, Ints, Sections

Planes = NDArray[np.uint64]
WORD = 64
PAD = 4
BLOCK = 1 << 15  # words that one step treats at once: they stay in the processor's cache
CHUNK = 4_000_000  # pixels whose winding numbers are held at a time, one byte each


def shape(sections: Sections, pixel: float) -> tuple[int, int, int]:
    """Layers, rows and columns of the planes at this pixel size (mm); columns a multiple of 64."""
    columns, rows = (ceil(2 * half / pixel) + 2 * PAD + 1 for half in sections.half_size)
    return sections.layers, rows, -(-columns // WORD) * WORD


def rasterise(sections: Sections, pixel: float, overlapping: bool = False) -> Planes:
    """The inside of every layer: pixels whose centre is surrounded by contours.

    Every contour marks where it crosses a row of pixels; inside is what has an odd number of marks before it.
    Where bodies overlap, marks count +1 and -1, and inside is what has a sum above zero. Rows that a
    hole in the mesh leaves unbalanced are taken from the row before.
    """
    size = shape(sections, pixel)
    where, sign = _crossings(sections, pixel)
    planes = _by_winding(where, sign, size) if overlapping else _by_parity(where, size)
    broken = planes[:, :, -1] >> np.uint64(WORD - 1) != 0
    if broken.any():
        good = np.maximum.accumulate(np.where(broken, 0, np.arange(size[1])), axis=1)
        layer, row = np.nonzero(broken)
        planes[layer, row] = planes[layer, good[layer, row]]
    return planes


def _by_parity(where: Ints, size: tuple[int, int, int]) -> Planes:
    layers, rows, columns = size
    marks = np.zeros(layers * rows * columns // WORD, np.uint64)
    np.bitwise_xor.at(marks, where // WORD, np.uint64(1) << (where % WORD).astype(np.uint64))
    planes = marks.reshape(layers, rows, columns // WORD)
    for block in _blocks(planes):
        _sum_parities(block)
    return planes


def _sum_parities(marks: Planes) -> None:
    for step in (1, 2, 4, 8, 16, 32):  # now each bit becomes the parity of all bits of its word up to it
        marks ^= marks << np.uint64(step)
    for word in range(1, marks.shape[2]):  # and an odd word turns the next one round
        marks[..., word] ^= np.uint64(0) - (marks[..., word - 1] >> np.uint64(WORD - 1))


def _blocks(planes: Planes) -> list[Planes]:
    """The layers in blocks of about BLOCK words."""
    step = max(1, BLOCK // (planes.shape[1] * planes.shape[2]))
    return [planes[first : first + step] for first in range(0, len(planes), step)]


def _by_winding(where: Ints, sign: NDArray[np.int8], size: tuple[int, int, int]) -> Planes:
    layers, rows, columns = size
    planes = np.empty((layers, rows, columns // WORD), np.uint64)
    order = np.argsort(where)
    where, sign = where[order], sign[order]
    step = max(1, CHUNK // (rows * columns))
    for first in range(0, layers, step):
        begin, end = np.searchsorted(where, np.array([first, first + step]) * rows * columns)
        winding = np.zeros(min(step, layers - first) * rows * columns, np.int8)
        np.add.at(winding, where[begin:end] - first * rows * columns, sign[begin:end])
        inside = np.cumsum(winding.reshape(-1, columns), axis=1, dtype=np.int8) > 0
        packed = np.packbits(inside, axis=1, bitorder="little").view(np.uint64)
        planes[first : first + step] = packed.reshape(-1, rows, columns // WORD)
    return planes


def _crossings(sections: Sections, pixel: float) -> tuple[Ints, NDArray[np.int8]]:
    """Pixels (flat index over the stack) at which a row is entered (+1) or left (-1)."""
    size = shape(sections, pixel)
    parts = [_crossed(part, size, pixel) for part in sections.blocks()]
    if not parts:
        return np.empty(0, np.int64), np.empty(0, np.int8)
    return np.concatenate([where for where, _ in parts]), np.concatenate([sign for _, sign in parts])


def _crossed(sections: Sections, size: tuple[int, int, int], pixel: float) -> tuple[Ints, NDArray[np.int8]]:
    _, rows, columns = size
    a, b = (_in_pixels(points, size, pixel) for points in (sections.start, sections.end))
    from_row, to_row = np.ceil(a[1]).astype(np.int32), np.ceil(b[1]).astype(np.int32)
    crossing = np.flatnonzero(from_row != to_row)
    a, b, from_row, to_row = a[:, crossing], b[:, crossing], from_row[crossing], to_row[crossing]
    lengths = np.abs(to_row - from_row)
    which = np.repeat(np.arange(len(crossing), dtype=np.int32), lengths)
    first = np.minimum(from_row, to_row) - (np.cumsum(lengths, dtype=np.int32) - lengths)
    row = np.arange(len(which), dtype=np.int32) + first[which]
    slope = (b[0] - a[0]) / (b[1] - a[1])
    column = np.ceil((a[0] - a[1] * slope)[which] + row * slope[which]).astype(np.int64)
    np.clip(column, 0, columns - 1, out=column)
    above = sections.layer[crossing].astype(np.int64) * (rows * columns)
    sign = np.where(to_row > from_row, -1, 1).astype(np.int8)[which]
    return above[which] + row * columns + column, sign


def _in_pixels(points: Floats, size: tuple[int, int, int], pixel: float) -> Floats:
    """Points (2, k) in mm as column and row."""
    middle = np.array([[size[2] - 1], [size[1] - 1]]) / 2
    return points / pixel + middle


def each_layer(work: Callable[[Planes], NDArray[Any]], planes: Planes) -> NDArray[Any]:
    """`work` for every layer by itself, some layers at a time; once for neighbours that are equal.

    `work` takes some of the planes and gives planes or numbers, one for each layer of them.
    """
    new = _unlike_below(planes)
    if new.all():
        return np.concatenate([work(block) for block in _blocks(planes)])
    done = np.concatenate([work(block) for block in _blocks(planes[new])])
    every: NDArray[Any] = done[np.cumsum(new) - 1]
    return every


def _unlike_below(planes: Planes) -> NDArray[np.bool_]:
    flat = planes.reshape(len(planes), -1)
    new = np.ones(len(planes), np.bool_)
    step = max(1, BLOCK // flat.shape[1])
    for first in range(1, len(planes), step):
        here = flat[first : first + step]
        new[first : first + step] = (here != flat[first - 1 : first - 1 + len(here)]).any(axis=1)
    return new


def shift_x(planes: Planes, by: int) -> Planes:
    """Every pixel moved along its row, |by| < 64."""
    if by == 0:
        return planes.copy()
    near, far = np.uint64(abs(by)), np.uint64(WORD - abs(by))
    if by > 0:
        moved = planes << near
        moved[..., 1:] |= planes[..., :-1] >> far
    else:
        moved = planes >> near
        moved[..., :-1] |= planes[..., 1:] << far
    return moved


def shift_flat(planes: Planes, by: int) -> Planes:
    """The same for planes whose border is empty so far: all rows are one row, which is quicker."""
    return shift_x(planes.reshape(1, -1), by).reshape(planes.shape)


def erode_diamond(planes: Planes) -> Planes:
    """Pixels whose four neighbours are set too."""
    out = _both_sides(planes, np.bitwise_and)
    out[:, 1:] &= planes[:, :-1]
    out[:, :-1] &= planes[:, 1:]
    return out


def erode_square(planes: Planes) -> Planes:
    """Pixels whose eight neighbours are set too."""
    across = _both_sides(planes, np.bitwise_and)
    out = across.copy()
    out[:, 1:] &= across[:, :-1]
    out[:, :-1] &= across[:, 1:]
    return out


def dilate_diamond(planes: Planes) -> Planes:
    """Pixels that are set or have one of their four neighbours set."""
    out = _both_sides(planes, np.bitwise_or)
    out[:, 1:] |= planes[:, :-1]
    out[:, :-1] |= planes[:, 1:]
    return out


def dilate_square(planes: Planes) -> Planes:
    """Pixels that are set or have one of their eight neighbours set."""
    across = _both_sides(planes, np.bitwise_or)
    out = across.copy()
    out[:, 1:] |= across[:, :-1]
    out[:, :-1] |= across[:, 1:]
    return out


def _both_sides(planes: Planes, join: np.ufunc) -> Planes:
    """Every pixel joined with its neighbours along the row."""
    out = shift_flat(planes, 1)
    join(out, shift_flat(planes, -1), out=out)
    join(out, planes, out=out)
    return out


def erode(planes: Planes, steps: int) -> Planes:
    """Shrunk by so many pixels; diamonds and squares by turns come near to a circle."""
    for step in range(steps):
        planes = erode_square(planes) if step % 2 else erode_diamond(planes)
    return planes


def dilate(planes: Planes, steps: int) -> Planes:
    """Grown by so many pixels, up to PAD."""
    for step in range(steps):
        planes = dilate_square(planes) if step % 2 else dilate_diamond(planes)
    return planes


def dilate_box(planes: Planes, reach: int) -> Planes:
    """Grown by `reach` < 64 pixels in every direction, corners square; in doubling steps."""
    right, left, have = planes, planes, 1
    while have < reach + 1:
        step = min(have, reach + 1 - have)
        right, left, have = right | shift_x(right, step), left | shift_x(left, -step), have + step
    up, down, have = right | left, right | left, 1
    while have < reach + 1:
        step = min(have, reach + 1 - have)
        up[:, step:] |= up[:, :-step].copy()
        down[:, :-step] |= down[:, step:].copy()
        have += step
    return up | down


def without_slivers(planes: Planes) -> Planes:
    """Without what is only one pixel wide: opened by a square of 2 × 2 pixels."""
    kept = planes & shift_x(planes, 1)
    kept[:, 1:] &= kept[:, :-1].copy()
    kept[:, 0] = 0
    kept |= shift_x(kept, -1)
    kept[:, :-1] |= kept[:, 1:].copy()
    return kept


def all_of_next(planes: Planes, count: int, direction: int) -> Planes:
    """Pixels that are set in the layer itself and in the `count` next ones, up (+1) or down (-1)."""
    out, have = planes, 1
    while have < count + 1:
        step = min(have, count + 1 - have)
        both = np.zeros_like(out)
        if step < len(out):
            here, there = (slice(None, -step), slice(step, None))[::direction]
            np.bitwise_and(out[here], out[there], out=both[here])
        out, have = both, have + step
    return out


def above(planes: Planes) -> Planes:
    """In every layer what the next higher one has."""
    out = np.zeros_like(planes)
    out[:-1] = planes[1:]
    return out


def below(planes: Planes) -> Planes:
    """In every layer what the next lower one has."""
    out = np.zeros_like(planes)
    out[1:] = planes[:-1]
    return out


def count(planes: Planes) -> Ints:
    """Set pixels per layer."""
    bits: Ints = np.bitwise_count(planes).sum(axis=(1, 2), dtype=np.int64)
    return bits


def pieces(planes: Planes) -> Floats:
    """Connected pieces minus holes per layer, from the patterns of 2 × 2 pixels (Euler's number)."""
    low, high = planes[:, :-1], planes[:, 1:]
    every = shift_flat(planes, 1)
    low_next, high_next = every[:, :-1], every[:, 1:]
    odd_low, odd_high = low ^ low_next, high ^ high_next
    odd = count(odd_low ^ odd_high)
    three = count((odd_low & high & high_next) | (low & low_next & odd_high))
    crossed = (low & high_next & ~low_next & ~high) | (low_next & high & ~low & ~high_next)
    return (odd - 2 * three - 2 * count(crossed)) / 4
