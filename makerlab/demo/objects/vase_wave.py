"""A full-bodied vase whose soft lobes turn about it like a slow wave."""

import numpy as np

from makerlab.demo.objects.surfaces import (
    Points,
    Triangles,
    contour,
    curve,
    levels,
    smooth,
    solid,
    vessel,
    walls,
)

BODY = contour([(0, 32), (0.2, 44), (0.42, 52), (0.64, 44), (0.82, 30), (0.92, 27.5), (1, 31.5)])
DEPTH = curve([(0, 1.0), (0.4, 5.2), (0.7, 3.4), (0.9, 1.8), (1, 2.0)])


def build(height: float = 168.0, lobes: int = 7, turn: float = 1.2, wall: float = 1.8) -> Triangles:
    """Triangles (n, 3, 3) in mm; `turn` is the twist from foot to lip in rad."""

    def radius(theta: Points, z: float) -> Points:
        return (BODY(z / height) + DEPTH(z / height) * np.cos(lobes * theta)) * height / 168

    rings = walls(radius, levels(height, 2.2), lobes * 24, lambda z: turn * float(smooth(z / height)))
    return solid(vessel(rings, wall))
