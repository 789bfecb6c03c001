"""Triangles as one view sees them, prepared a block at a time while it is in the processor's cache."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from designs.mesh import blocks

Floats = NDArray[np.float32]
Planes = Floats  # (3 corners, 3 axes, n): long rows of x, of y and of z or nearness
Projection = Callable[[Planes], Planes]
Choice = Callable[[Planes], NDArray[np.bool_]]
HALF = np.float32(0.5)


@dataclass(frozen=True, slots=True)
class Facets:
    """Triangles of a view: their numbers in the mesh (m,) and their planes (3, 3, m)."""

    number: NDArray[np.int32]
    planes: Planes

    def bounds(self) -> tuple[Floats, Floats]:
        """Lowest and highest value on each axis, shape (3,); zero without triangles."""
        if not len(self.number):
            return np.zeros(3, np.float32), np.zeros(3, np.float32)
        low, high = self.planes.min(axis=2), self.planes.max(axis=2)
        return low.min(axis=0), high.max(axis=0)

    def scale(self, factor: float, shift: ArrayLike) -> None:
        """Change x and y in place: times the factor, plus the shift (2,)."""
        self.planes[:, :2] *= np.float32(factor)
        self.planes[:, :2] += np.asarray(shift, np.float32)[:, None]


def seen_by(triangles: Floats, projection: Projection, chosen: Choice | None = None) -> Facets:
    """Triangles (n, 3, 3) through a projection; only those that `chosen` says, where it is given."""
    numbers, parts = [np.zeros(0, np.int32)], [np.zeros((3, 3, 0), np.float32)]
    for part in blocks(len(triangles)):
        planes = projection(planes_of(triangles[part]))
        some = np.arange(planes.shape[2]) if chosen is None else np.flatnonzero(chosen(planes))
        numbers.append((some + part.start).astype(np.int32))
        parts.append(planes if chosen is None else planes.take(some, axis=2))
    return Facets(np.concatenate(numbers), np.concatenate(parts, axis=2))


def planes_of(triangles: NDArray[Any]) -> Planes:
    """Triangles (n, 3, 3) by corner and axis, single precision, a copy."""
    planes: Planes = np.ascontiguousarray(triangles.reshape(-1, 9).T, np.float32).reshape(3, 3, -1)
    return planes


def moved(matrix: ArrayLike, offset: ArrayLike) -> Projection:
    """The projection of row vectors times a 3 × 3 matrix, plus an offset."""
    factors, shift = np.asarray(matrix, np.float32), np.asarray(offset, np.float32)

    def project(planes: Planes) -> Planes:
        x, y, z = planes.transpose(1, 0, 2)
        result = np.empty_like(planes)
        for axis, (a, b, c) in enumerate(factors.T):  # not by `@`: its threads would cost more than they save
            result[:, axis] = x * a + y * b + (z * c + shift[axis])
        return result

    return project


def facing(planes: Planes) -> NDArray[np.bool_]:
    """Whether the corners run anticlockwise in the picture: seen from outside."""
    (ax, ay), (bx, by), (cx, cy) = planes[:, :2]
    towards: NDArray[np.bool_] = (bx - ax) * (cy - ay) > (by - ay) * (cx - ax)
    return towards


def boxes(planes: Planes, size: int) -> tuple[Floats, Floats]:
    """The first column and row whose middle lies in the box around each triangle, and how many there are."""
    a, b, c = planes[:, :2]
    low = np.ceil(np.minimum(np.minimum(a, b), c) - HALF).clip(0, size)
    high = np.ceil(np.maximum(np.maximum(a, b), c) - HALF).clip(0, size)
    return low, high - low
