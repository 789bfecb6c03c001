"""Copies in rows: a plain grid of boxes, and rows pushed into each other's gaps (hexagonal for discs).

All copies of a lattice have one orientation. The distance of rows and columns comes from the no-fit polygon:
where the second of two convex outlines may not be, which is the Minkowski sum of one, the other mirrored, and
a disc of the clearance.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from designs.packing.outline import Points, turned

TINY_MM = 1e-6
ANGLES = tuple(range(0, 180, 5))
SHIFTS = 48  # offsets of every second row that are tried


class Room(NamedTuple):
    """The rectangle in which outlines may lie, mm, and the distance they keep."""

    width: float
    depth: float
    clearance: float


class Packing(NamedTuple):
    """Copies of an outline, each turned by `angle_deg` about its origin, which lies at `places` (n, 2)."""

    angle_deg: float
    places: Points


def grid(hull: Points, room: Room) -> Packing:
    """Bounding boxes side by side, turned by a quarter where that holds more."""
    packings = [_grid(hull, angle, room) for angle in (0.0, 90.0)]
    return max(packings, key=lambda packing: len(packing.places))


def rows(hull: Points, room: Room) -> Packing:
    """The best lattice of all orientations and both directions of rows."""
    best = Packing(0.0, np.empty((0, 2)))
    sideways = Room(room.depth, room.width, room.clearance)
    for angle in _angles(hull):
        along = _rows(turned(hull, angle), room)
        if len(along) > len(best.places):
            best = Packing(angle, along)
        across = _rows(turned(hull, angle), sideways)
        if len(across) > len(best.places):
            best = Packing(angle - 90, np.column_stack([across[:, 1], room.depth - across[:, 0]]))
    return best


def _grid(hull: Points, angle: float, room: Room) -> Packing:
    points = turned(hull, angle)
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    pitch = size + room.clearance
    free = np.array([room.width, room.depth]) - size
    counts = np.floor(free / pitch + TINY_MM).astype(int) + 1
    if (free < -TINY_MM).any():
        return Packing(angle, np.empty((0, 2)))
    across, along = np.meshgrid(np.arange(counts[0]), np.arange(counts[1]))
    return Packing(angle, np.column_stack([across.ravel(), along.ravel()]) * pitch - low)


def _angles(hull: Points) -> Iterable[float]:
    """Steps of 5° and the directions of the longest edges."""
    edges = np.roll(hull, -1, axis=0) - hull
    longest = np.argsort(-np.hypot(*edges.T))[:8]
    along_x = -np.rad2deg(np.arctan2(edges[longest, 1], edges[longest, 0])) % 180
    return [*ANGLES, *(float(angle) for angle in np.unique(along_x.round(6)))]


def _rows(points: Points, room: Room) -> Points:
    """Places of a lattice with rows along x, every second row shifted; the shift that holds most."""
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    free = room.width - size[0], room.depth - size[1]
    if min(free) < -TINY_MM:
        return np.empty((0, 2))
    forbidden = no_fit(points, room.clearance)
    pitch = _reach(forbidden)
    shifts = np.linspace(0, pitch, SHIFTS, endpoint=False)
    steps = _steps(forbidden, pitch, shifts)
    lines = np.floor(free[1] / steps + TINY_MM).astype(int) + 1
    even = int(free[0] / pitch + TINY_MM) + 1
    odd = np.maximum(np.floor((free[0] - shifts) / pitch + TINY_MM).astype(int) + 1, 0)
    counts = (lines + 1) // 2 * even + lines // 2 * odd
    best = int(counts.argmax())
    step = float(shifts[best]), float(steps[best])
    places: Points = _places(int(lines[best]), (even, int(odd[best])), pitch, step) - low
    return places


def _places(lines: int, columns: tuple[int, int], pitch: float, step: tuple[float, float]) -> Points:
    """`step` is the shift of odd rows along x and the distance of rows."""
    return np.array(
        [
            (column * pitch + line % 2 * step[0], line * step[1])
            for line in range(lines)
            for column in range(columns[line % 2])
        ]
    )


def _steps(forbidden: Points, pitch: float, shifts: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each shift the distance of rows at which no copy is too near to the next two rows."""
    right, left = int(forbidden[:, 0].argmax()), int(forbidden[:, 0].argmin())
    upper = np.roll(forbidden, -right, axis=0)[: (left - right) % len(forbidden) + 1][::-1]
    neighbours = pitch * np.arange(-2 - forbidden[right, 0] // pitch, 3 + forbidden[right, 0] // pitch)

    def height(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.interp(x, upper[:, 0], upper[:, 1], left=0, right=0)

    next_row = height(shifts[:, None] + neighbours).max(axis=1)
    next_but_one = height(neighbours).max()
    steps: NDArray[np.float64] = np.maximum(next_row, next_but_one / 2)
    return steps


def _reach(forbidden: Points) -> float:
    """How far the no-fit polygon reaches along x from its middle."""
    following = np.roll(forbidden, -1, axis=0)
    crossing = int(np.flatnonzero((forbidden[:, 1] <= 0) & (following[:, 1] > 0))[0])
    (x, y), (to_x, to_y) = forbidden[crossing], following[crossing]
    return float(x - y * (to_x - x) / (to_y - y))


def no_fit(points: Points, clearance: float) -> Points:
    """Where the origin of a second, equal outline may not be when that of the first is at (0, 0)."""
    return minkowski(points, -points, _disc(clearance))


def minkowski(*polygons: Points) -> Points:
    """The sum of convex polygons: all edges in order of their direction."""
    start = sum((polygon[_lowest(polygon)] for polygon in polygons), np.zeros(2))
    edges = np.vstack([np.roll(polygon, -1, axis=0) - polygon for polygon in polygons])
    edges = edges[np.hypot(*edges.T) > 0]
    order = np.argsort(np.arctan2(edges[:, 1], edges[:, 0]) % (2 * np.pi), kind="stable")
    corners: Points = start + np.vstack([np.zeros((1, 2)), np.cumsum(edges[order], axis=0)[:-1]])
    return corners


def _lowest(polygon: Points) -> int:
    """The lowest corner, the leftmost of several: from there the directions of edges rise from 0."""
    return int(np.lexsort((polygon[:, 0], polygon[:, 1]))[0])


def _disc(radius: float, corners: int = 64) -> Points:
    """A polygon around a circle, with corners on both axes' directions between edges."""
    angles = (np.arange(corners) + 0.5) * 2 * np.pi / corners
    outer = radius / np.cos(np.pi / corners)
    disc: Points = outer * np.column_stack([np.cos(angles), np.sin(angles)])
    return disc
