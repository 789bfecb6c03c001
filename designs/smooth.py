"""Normals for shading: smooth over shallow edges, sharp at the others."""

import numpy as np
from numpy.typing import NDArray

from designs.check.edges import corner_hashes
from designs.light import unit
from designs.mesh import unit_normals

SMOOTH_UP_TO = 40_000  # triangles; above, a facet covers hardly more than a pixel
SHARP = np.float32(np.cos(np.radians(38)))
NEIGHBOURS = 8  # corners on either side in the list of one vertex


class Surface:
    """Unit normals at the pixels of a picture: smooth over shallow edges, unless the mesh is very fine.

    `triangles` (n, 3, 3) are all; `number` says which of them the picture could show, and `seen`, for each
    pixel, which of those it does.
    """

    def __init__(
        self, triangles: NDArray[np.float32], number: NDArray[np.int32], seen: NDArray[np.int32]
    ) -> None:
        self._triangles, self._number, self._seen = triangles, number, seen
        self._smooth = len(number) <= SMOOTH_UP_TO
        if self._smooth:
            self._triangles, self._seen = _used(triangles[number], seen)
            self._first = self._triangles[:, 0]
            self._weights = _weights(self._triangles)
            self._corners = corner_normals(self._triangles)

    def normals(self, pixels: NDArray[np.int32], points: NDArray[np.float32]) -> NDArray[np.float32]:
        """Unit normals (m, 3) at pixels that show triangles, and the points (m, 3) that they show."""
        number = self._seen[pixels]
        if not self._smooth:
            return unit_normals(self._triangles[self._number[number]])
        away = points - self._first[number]
        second, third = (np.einsum("ij,ij->i", away, one[number]).clip(0, 1) for one in self._weights)
        normals = (1 - second - third).clip(0, 1)[:, None] * self._corners[number, 0]
        normals += second[:, None] * self._corners[number, 1]
        normals += third[:, None] * self._corners[number, 2]
        return unit(normals)


def _used(
    triangles: NDArray[np.float32], number: NDArray[np.int32]
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Only the triangles that are named, and their new numbers; what was -1 means nothing any more."""
    named = np.zeros(len(triangles) + 1, np.bool_)
    named[number] = True
    named[-1] = False
    return triangles[named[:-1]], (np.cumsum(named, dtype=np.int32) - 1)[number]


def _weights(triangles: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Vectors (n, 3) whose products with the way from the first corner are the weights of the second and
    the third corner."""
    a, b, c = triangles.transpose(1, 0, 2)
    one, two = b - a, c - a
    d11, d12, d22 = (np.einsum("ij,ij->i", p, q) for p, q in ((one, one), (one, two), (two, two)))
    scale = d11 * d22 - d12 * d12
    scale = np.where(scale > 0, scale, 1)[:, None]
    return (d22[:, None] * one - d12[:, None] * two) / scale, (
        d11[:, None] * two - d12[:, None] * one
    ) / scale


def corner_normals(triangles: NDArray[np.float32]) -> NDArray[np.float32]:
    """Unit normals, shape (n, 3, 3): at each corner the mean over the triangles that meet there at a
    shallow angle.

    Each triangle weighs by its area. Of a vertex with many triangles, the nearest sixteen in the list count.
    """
    flat = np.repeat(unit_normals(triangles), 3, axis=0)
    return unit(_summed(triangles, flat)).reshape(-1, 3, 3)


def _summed(triangles: NDArray[np.float32], corners: NDArray[np.float32]) -> NDArray[np.float32]:
    """Sum of the normals, times area, of the corners at the same place within the angle; shape (3 n, 3)."""
    hashes = np.ascontiguousarray(corner_hashes(triangles).T).reshape(-1)
    order = np.argsort(hashes)
    ranked, normal = hashes[order], corners[order]
    weight = np.repeat(_areas(triangles), 3)[order, None]
    weighted = normal * weight
    total = weighted.copy()
    for step in range(1, NEIGHBOURS + 1):
        met = np.flatnonzero(ranked[step:] == ranked[:-step])
        met = met[np.einsum("ij,ij->i", normal[met], normal[met + step]) > SHARP]
        total[met] += weighted[met + step]
        total[met + step] += weighted[met]
    summed: NDArray[np.float32] = np.empty_like(total)
    summed[order] = total
    return summed


def _areas(triangles: NDArray[np.float32]) -> NDArray[np.float32]:
    across = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    areas: NDArray[np.float32] = np.sqrt(np.einsum("ij,ij->i", across, across)) + np.float32(1e-12)
    return areas
