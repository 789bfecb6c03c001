"""Meshes of known size for benchmarks."""

from math import pi

import numpy as np

from designs.mesh import Mesh


def torus(triangles: int) -> tuple[Mesh, float]:
    """A closed torus of about so many triangles, radii 20 and 8 mm, and the volume of its polygons in mm³."""
    steps = max(3, round((triangles / 2) ** 0.5))
    angles = np.arange(steps) * (2 * pi / steps)
    around, across = np.meshgrid(angles, angles, indexing="ij")
    radius = 20 + 8 * np.cos(across)
    corners = np.stack((radius * np.cos(around), radius * np.sin(around), 8 * np.sin(across)), axis=-1)
    a = corners.astype(np.float32)
    b, d = np.roll(a, -1, axis=0), np.roll(a, -1, axis=1)
    c = np.roll(b, -1, axis=1)
    faces = np.concatenate((np.stack((a, b, c), axis=2), np.stack((a, c, d), axis=2)))
    turn = 2 * pi / steps
    return Mesh(np.ascontiguousarray(faces.reshape(-1, 3, 3))), _volume(steps, turn)


def _volume(steps: int, turn: float) -> float:
    """Prisms between neighbouring half planes: ∫ of r² over the polygon, times sin(turn) / 2, all around."""
    angle = np.arange(steps) * turn
    r, z = 20 + 8 * np.cos(angle), 8 * np.sin(angle)
    next_r, next_z = np.roll(r, -1), np.roll(z, -1)
    square = ((next_z - z) * (r * r + r * next_r + next_r * next_r)).sum() / 3
    return float(steps * np.sin(turn) / 2 * square)
