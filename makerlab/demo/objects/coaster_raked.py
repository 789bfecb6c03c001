"""A round coaster with the lines of raked sand around one pebble."""

import numpy as np

from makerlab.demo.objects.surfaces import Points, Triangles, ring, rounding, smooth, solid


def build(reach: float = 48.0, height: float = 4.2, line: float = 6.0, count: int = 220) -> Triangles:
    """Triangles (n, 3, 3) in mm; no raked line rises above the rim."""
    side = [ring(reach - float(rounding(z, 1.0)), count, z) for z in (0.0, 0.15, 0.5, 1.0)]
    brim = [ring(reach - float(rounding(z, 1.4)), count, height - z) for z in (1.4, 0.9, 0.5, 0.2, 0.05)]
    top = np.array([ring(r, count, height) for r in np.linspace(reach - 1.6, 0.6, 80)])
    top[..., 2] += _relief(top[..., :2], reach, line)
    return solid(np.concatenate([side, brim, top]))


def _relief(points: Points, reach: float, line: float, depth: float = 1.2) -> Points:
    away = np.linalg.norm(points - [-reach * 0.2, -reach * 0.24], axis=2) / line
    # Round ridges and sharp grooves, as a rake leaves them; the pebble is the first ridge and a broad one.
    ridge = np.abs(np.cos(np.pi * np.where(away < 1.5, away / 3, away)))
    inside = 1 - smooth((np.linalg.norm(points, axis=2) - reach + 7) / 4)
    return np.asarray(-depth * (1 - ridge) * inside)
