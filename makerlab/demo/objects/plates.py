"""Flat pieces: outlines with holes and pockets, raised to a plate with rounded edges; millimetres."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Delaunay

from makerlab.demo.objects.surfaces import Points, Triangles, angles, inset, join, rounding, weave


def triangulate(loops: Sequence[Points]) -> NDArray[np.int64]:
    """Triangles (k, 3) into the concatenated loops: the first is the outline, the others are holes in it.

    Raises ValueError where the points of a loop lie too far apart for their edges to survive.
    """
    points = np.concatenate(loops)
    owner = np.repeat(np.arange(len(loops)), [len(loop) for loop in loops])
    found = Delaunay(points).simplices.astype(np.int64)
    corners = points[found]
    found = np.where((_area(corners) > 0)[:, None], found, found[:, ::-1])
    kept = found[(np.abs(_area(corners)) > 1e-6) & ~_outside(loops, owner[found], corners.mean(axis=1))]
    _demand_edges(loops, kept)
    return kept


def _area(corners: Points) -> Points:
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    return np.asarray((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]) / 2)


def _outside(loops: Sequence[Points], owners: NDArray[np.int64], centres: Points) -> NDArray[np.bool_]:
    """Which triangles lie in a hole or beyond the outline; only those of a single loop can."""
    result = np.zeros(len(owners), bool)
    alone = (owners[:, 0] == owners[:, 1]) & (owners[:, 1] == owners[:, 2])
    for number, loop in enumerate(loops):
        mine = np.flatnonzero(alone & (owners[:, 0] == number))
        result[mine] = contains(loop, centres[mine]) != (number == 0)
    return result


def contains(loop: Points, points: Points) -> NDArray[np.bool_]:
    """Which points (k, 2) lie inside a loop (n, 2), by counting crossings."""
    (x, y), (x1, y1) = loop.T, np.roll(loop, -1, axis=0).T
    px, py = points[:, :1], points[:, 1:]
    spans = (y <= py) != (y1 <= py)
    rise = np.where(y1 == y, 1.0, y1 - y)
    crossings = spans & (px < x + (py - y) / rise * (x1 - x))
    return np.asarray(crossings.sum(axis=1) % 2 == 1)


def _demand_edges(loops: Sequence[Points], triangles: NDArray[np.int64]) -> None:
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    present = set(map(tuple, np.sort(edges, axis=1).tolist()))
    start = 0
    for loop in loops:
        own = np.arange(start, start + len(loop))
        pairs = np.sort(np.stack([own, np.roll(own, -1)], axis=1), axis=1)
        if not all(tuple(pair) in present for pair in pairs.tolist()):
            raise ValueError("the points of an outline lie too far apart")
        start += len(loop)


def sheet(loops: Sequence[Points], z: float, *, up: bool) -> Points:
    """A flat face (k, 3, 3) at height z with the first loop as outline and the others as holes."""
    flat = np.concatenate(loops)
    points = np.column_stack([flat, np.full(len(flat), z)])
    faces = triangulate(loops)
    return points[faces if up else faces[:, ::-1]]


def band(loop: Points, steps: Sequence[tuple[float, float]]) -> Points:
    """The wall along a loop (n, 2) through (inset, z) steps."""
    rings = [np.column_stack([inset(loop, by), np.full(len(loop), z)]) for by, z in steps]
    return weave(np.array(rings))


def edge(radius: float, steps: int = 4) -> list[tuple[float, float]]:
    """(inset, height) steps of a rounded edge that starts flat on the bed."""
    rise = radius * (1 - np.cos(np.linspace(0, np.pi / 2, steps + 1)))
    return [(float(rounding(z, radius)), float(z)) for z in rise]


def plate(
    outline: Points,
    height: float,
    *,
    holes: Sequence[Points] = (),
    pockets: Sequence[Points] = (),
    floor: float = 1.6,
    foot: float = 0.8,
    brim: float = 1.0,
    cove: float = 1.0,
) -> Triangles:
    """A plate with holes through it and pockets down to `floor`; `foot`, `brim`, `cove` round its edges."""
    low, high = edge(foot), [(by, height - z) for by, z in edge(brim)][::-1]
    grown = [inset(loop, -brim) for loop in (*holes, *pockets)]
    parts = [band(outline, [*low, *high])]
    parts += [band(loop, [(-by, z) for by, z in [*low, *high]][::-1]) for loop in holes]
    down = [(-by, z) for by, z in high[::-1]] + [(by, floor + z) for by, z in edge(cove)[::-1]]
    parts += [band(loop, down) for loop in pockets]
    parts += [sheet([inset(loop, cove)], floor, up=True) for loop in pockets]
    parts.append(sheet([inset(outline, brim), *grown], height, up=True))
    parts.append(sheet([inset(outline, foot), *(inset(loop, -foot) for loop in holes)], 0.0, up=False))
    return join(*parts)


def polygon(sides: int, reach: float, corner: float, step: float, turn: float = 0.0) -> Points:
    """A regular polygon (n, 2) with rounded corners, its sharp corners at `reach`, points `step` apart."""
    theta = angles(sides) + turn
    shrink = reach - corner / np.cos(np.pi / sides)
    return rounded(shrink * np.stack([np.cos(theta), np.sin(theta)], axis=1), corner, step)


def rectangle(width: float, depth: float, corner: float, step: float) -> Points:
    """A rectangle (n, 2) around the origin with rounded corners."""
    x, y = width / 2 - corner, depth / 2 - corner
    return rounded(np.array([(x, -y), (x, y), (-x, y), (-x, -y)]), corner, step)


def rounded(corners: Points, radius: float, step: float) -> Points:
    """The convex outline at a distance from the corners (n, 2), resampled evenly about every `step`."""
    after = np.roll(corners, -1, axis=0) - corners
    heading = np.arctan2(after[:, 1], after[:, 0]) - np.pi / 2
    parts = []
    for here, start, end in zip(corners, np.roll(heading, 1), heading, strict=True):
        arc = start + np.linspace(0, (end - start) % (2 * np.pi), 24)
        parts.append(here + radius * np.stack([np.cos(arc), np.sin(arc)], axis=1))
    return resample(np.concatenate(parts), step)


def resample(loop: Points, step: float) -> Points:
    """A loop with evenly spaced points, about `step` apart along it."""
    closed = np.concatenate([loop, loop[:1]])
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(closed, axis=0), axis=1))])
    count = max(12, round(length[-1] / step))
    at = np.linspace(0, length[-1], count, endpoint=False)
    return np.stack([np.interp(at, length, closed[:, axis]) for axis in (0, 1)], axis=1)
