"""Flat lids for the holes of a surface, from its own corners."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Triangles = NDArray[np.float32]
Points = NDArray[np.float64]

MOST_CORNERS = 300  # of one hole
FLAT = 0.01  # of the hole's extent: how far its corners may lie from its plane


def caps(triangles: Triangles) -> Iterator[Triangles]:
    """A lid (n, 3, 3) for each hole that is flat and has few corners; it faces as its border does."""
    corners, number = np.unique(triangles.reshape(-1, 3) + np.float32(0), axis=0, return_inverse=True)
    for loop in _loops(number.reshape(-1, 3)):
        border = corners[loop]
        flat = _flattened(border.astype(np.float64))
        if flat is not None:
            lid = _ears(flat)
            if lid:
                yield border[np.array(lid)]


def _loops(faces: NDArray[np.int64]) -> Iterator[list[int]]:
    """Corners around each hole, in the sense in which a lid has to use them."""
    sides = np.concatenate((faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]))
    count = int(faces.max()) + 1
    there, back = sides[:, 0] * count + sides[:, 1], sides[:, 1] * count + sides[:, 0]
    missing = sides[~np.isin(back, there)][:, ::-1].tolist()
    after = dict(missing)
    if len(after) < len(missing):  # holes that touch in a corner
        return
    while after:
        first, here = after.popitem()
        loop = [first]
        while here in after and len(loop) <= MOST_CORNERS:
            loop.append(here)
            here = after.pop(here)
        if here == first and len(loop) >= 3:
            yield loop


def _flattened(border: Points) -> Points | None:
    """Corners (n, 2) in the plane of the border, anticlockwise; None where they lie in no plane."""
    middle = border.mean(axis=0)
    away = border - middle
    normal = np.cross(away, np.roll(away, -1, axis=0)).sum(axis=0)
    length = np.linalg.norm(normal)
    if length == 0 or np.abs(away @ normal).max() > FLAT * length * np.abs(away).max():
        return None
    normal /= length
    right = np.cross(normal, np.eye(3)[np.abs(normal).argmin()])
    right /= np.linalg.norm(right)
    return np.stack((away @ right, away @ np.cross(normal, right)), axis=1)


def _ears(points: Points) -> list[tuple[int, int, int]]:
    """Triangles of a simple polygon, as numbers of its corners, one ear cut off at a time; empty where it
    crosses itself."""
    left = list(range(len(points)))
    found: list[tuple[int, int, int]] = []
    while len(left) > 3:
        ears = zip([left[-1], *left], left, [*left[1:], left[0]], strict=False)
        ear = next((one for one in ears if _is_ear(points, one, left)), None)
        if ear is None:
            return []
        found.append(ear)
        left.remove(ear[1])
    return [*found, (left[0], left[1], left[2])]


def _is_ear(points: Points, ear: tuple[int, int, int], left: list[int]) -> bool:
    a, b, c = points[list(ear)]
    if _side(a, b, c) <= 0:
        return False
    others = points[[one for one in left if one not in ear]]
    inside = np.ones(len(others), np.bool_)
    for one, two in pairwise((a, b, c, a)):
        inside &= _side(one, two, others) >= 0
    return not inside.any()


def _side(one: Points, two: Points, point: Points) -> NDArray[np.float64]:
    """Positive where points (…, 2) lie left of the way from one to two."""
    side: NDArray[np.float64] = np.asarray(
        (two[0] - one[0]) * (point[..., 1] - one[1]) - (two[1] - one[1]) * (point[..., 0] - one[0])
    )
    return side
