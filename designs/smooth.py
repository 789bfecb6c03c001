"""Normals for shading: smooth over shallow edges, sharp at the others."""

import numpy as np
from numpy.typing import NDArray

from designs.check.edges import corner_hashes
from designs.light import unit
from designs.mesh import unit_normals

SMOOTH_UP_TO = 40_000  # triangles; above, a facet covers hardly more than a pixel
SHARP = np.float32(np.cos(np.radians(38)))
NEIGHBOURS = 8  # corners on either side in the list of one vertex


def corner_normals(triangles: NDArray[np.float32]) -> NDArray[np.float32]:
    """Unit normals, shape (n, 3, 3): at each corner the mean over the triangles that meet there at a
    shallow angle.

    Each triangle weighs by its area. Of a vertex with many triangles, the nearest sixteen in the list count.
    """
    flat = unit_normals(triangles)
    corners = np.repeat(flat, 3, axis=0)
    if len(triangles) > SMOOTH_UP_TO:
        return corners.reshape(-1, 3, 3)
    return unit(_summed(triangles, corners)).reshape(-1, 3, 3)


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
