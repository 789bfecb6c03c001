"""A lantern for an LED tea light: a lattice of upright diamonds over a closed foot.

The lattice is a tiling of rhombi on an integer grid: i runs around (2 * HALF steps a column), j upward.
"""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from makerlab.demo.objects.surfaces import (
    Points,
    Triangles,
    contour,
    fan,
    inset,
    join,
    lip,
    rounding,
    weave,
)

HALF = 6
BODY = contour([(0, 31), (0.3, 39.5), (0.55, 41), (0.8, 36), (1, 30)])
Place = Callable[[Points, Points, float], Points]


def build(height: float = 108.0, columns: int = 15, rows: int = 7, wall: float = 2.4) -> Triangles:
    """Triangles (n, 3, 3) in mm."""
    low, high = 11.0, height - 8.0
    step = (high - low) / (rows * HALF)

    def place(i: Points, j: Points, depth: float) -> Points:
        theta, z = (i % (2 * HALF * columns)) * (np.pi / HALF / columns), low + j * step
        reach = BODY(z / height) - depth
        return np.stack([reach * np.cos(theta), reach * np.sin(theta), z], axis=-1)

    tiles = [_tile(place, i, j, wall) for i, j in _centres(columns, range(1, rows))]
    tiles += [_gusset(place, i, j, 1, wall) for i, j in _centres(columns, range(1))]
    tiles += [_gusset(place, i, j, -1, wall) for i, j in _centres(columns, range(rows, rows + 1))]
    around = np.asarray(2.0 * np.arange(HALF * columns), np.float64)
    foot, rim = _foot(place, around, low / step, wall), _rim(place, around, rows * HALF, 8 / step, wall)
    return join(*tiles, *foot, *rim)


def _centres(columns: int, rows: range) -> list[tuple[int, int]]:
    return [(HALF * (2 * column + row % 2), HALF * row) for row in rows for column in range(columns)]


def _tile(place: Place, i: int, j: int, wall: float) -> Points:
    """One rhombus with a softly pointed hole in it, front, hole and back."""
    s = np.arange(HALF)
    x = np.concatenate([HALF - s, -s, s - HALF, s])
    y = np.concatenate([s, HALF - s, -s, s - HALF])
    soft = ((np.abs(x) / HALF) ** 1.3 + (np.abs(y) / HALF) ** 1.3) ** (-1 / 1.3)
    steps = [(1.0, 0.0), (0.68, 0.0), (0.64, 0.5), (0.64, wall - 0.5), (0.68, wall), (1.0, wall)]
    shapes = [(x, y) if share == 1 else (x * soft * share, y * soft * share) for share, _ in steps]
    rings = [place(i + a, j + b, depth) for (a, b), (_, depth) in zip(shapes, steps, strict=True)]
    return weave(np.array(rings))


def _gusset(place: Place, i: int, j: int, up: int, wall: float) -> Points:
    """The solid half rhombus, front and back, that closes the lattice towards foot (1) or rim (-1)."""
    rows = [(np.arange(n - HALF, HALF - n + 1.0, 2), np.full(HALF - n + 1, up * n)) for n in range(HALF + 1)]
    faces = []
    for depth, front in ((0.0, True), (wall, False)):
        grid = [place(i + a, j + b, depth) for a, b in rows]
        strip = np.concatenate([_strip(a, b) for a, b in pairwise(grid)])
        faces.append(strip if front == (up > 0) else strip[:, ::-1])
    return np.concatenate(faces)


def _strip(long: Points, short: Points) -> Points:
    upright = np.stack([long[:-1], long[1:], short], axis=1)
    hanging = np.stack([long[1:-1], short[1:], short[:-1]], axis=1)
    return np.concatenate([upright, hanging])


def _foot(place: Place, around: Points, depth: float, wall: float, floor: float = 2.4) -> list[Points]:
    heights = depth * np.concatenate([[0, 0.012, 0.05, 0.11], np.linspace(0.2, 1, 8)]) - depth
    outside = np.array([place(around, np.full(len(around), j), 0) for j in heights])
    outside = np.array([inset(r, float(rounding(r[0, 2], 1.2))) for r in outside])
    inside = np.array([place(around, np.full(len(around), j), wall) for j in heights[::-1]])
    bottom = float(outside[0, 0, 2]) + floor
    inside = inside[inside[:, 0, 2] > bottom + 1]
    inside = np.concatenate([inside, inside[-1:] * [0.96, 0.96, 0] + [0, 0, bottom]])
    return [fan(outside[0], up=False), weave(outside), weave(inside), fan(inside[-1], up=True)]


def _rim(place: Place, around: Points, start: float, rise: float, wall: float) -> list[Points]:
    heights = start + np.linspace(0, rise, 6)
    outside = np.array([place(around, np.full(len(around), j), 0) for j in heights])
    inside = np.array([place(around, np.full(len(around), j), wall) for j in heights[::-1]])
    return [weave(np.concatenate([outside, lip(outside[-1], inside[0]), inside]))]
