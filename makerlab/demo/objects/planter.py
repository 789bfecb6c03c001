"""A ribbed herb pot with a drain hole, and its saucer."""

import numpy as np

from makerlab.demo.objects.surfaces import (
    Points,
    Triangles,
    curve,
    levels,
    ring,
    smooth,
    solid,
    tube,
    vessel,
    walls,
)


def build(reach: float = 48.0, height: float = 88.0, ribs: int = 32, wall: float = 2.2) -> Triangles:
    """The pot: triangles (n, 3, 3) in mm; `reach` is the radius of its rim."""
    body = curve([(0, 0.69), (0.03, 0.71), (0.5, 0.87), (0.8, 0.97), (0.84, 0.985), (1, 1.0)])

    def radius(theta: Points, z: float) -> Points:
        fade = float(smooth((z - 3) / 6) * (1 - smooth((z - 0.78 * height) / 5)))
        return reach * body(z / height) - 1.1 * fade * (1 - np.cos(ribs * theta)) / 2 * 1.3

    stack = vessel(walls(radius, levels(height, 2.6), ribs * 6), wall, 3.0, 6.0)
    hole = [ring(5.0, ribs * 6, z) for z in (3.0, 0.0)]
    return tube(np.concatenate([stack, hole]))


def build_saucer(reach: float = 51.0, ribs: int = 32, wall: float = 2.2) -> Triangles:
    """The saucer: triangles (n, 3, 3) in mm, a little wider than the pot."""
    body = curve([(0, 0.8), (6, 0.88), (16, 0.985), (20, 1.0)])

    def radius(theta: Points, z: float) -> Points:
        fade = float(smooth((z - 2) / 4) * (1 - smooth((z - 13) / 3)))
        return reach * body(z) - 0.7 * fade * (1 - np.cos(ribs * theta))

    return solid(vessel(walls(radius, levels(18.0, 1.2), ribs * 6), wall, 2.4, 4.0))
