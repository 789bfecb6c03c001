"""A calm body with upright flutes and a drawn-in neck, after the porcelain of the thirties."""

import numpy as np

from makerlab.demo.objects.surfaces import Points, Triangles, contour, curve, levels, solid, vessel, walls

BODY = contour([(0, 33), (0.15, 39), (0.45, 45), (0.68, 41), (0.82, 31.5), (0.92, 27.5), (1, 29.5)])
DEPTH = curve([(0, 1.0), (0.12, 3.4), (0.6, 4.2), (0.84, 2.0), (0.94, 0.5), (1, 0.3)])


def build(height: float = 150.0, flutes: int = 18, wall: float = 2.0) -> Triangles:
    """Triangles (n, 3, 3) in mm."""

    def radius(theta: Points, z: float) -> Points:
        # Broad round crests and narrow grooves between them.
        column = np.sqrt(0.03 + np.cos(flutes * theta / 2) ** 2) - 0.8
        return (BODY(z / height) + DEPTH(z / height) * column) * height / 150

    rings = walls(radius, levels(height, 2.4), flutes * 11)
    return solid(vessel(rings, wall))
