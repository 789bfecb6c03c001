"""Meshes for plates."""

import numpy as np

from designs.mesh import Mesh


def box(width: float, depth: float, height: float) -> Mesh:
    """A closed box of twelve triangles on z = 0."""
    corners = np.array([(x, y, z) for x in (0, width) for y in (0, depth) for z in (0, height)], np.float32)
    faces = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    triangles = [corner for a, b, c, d in faces for corner in ((a, b, c), (a, c, d))]
    return Mesh(corners[triangles])
