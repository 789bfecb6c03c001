"""A ring that holds a lampshade on its socket."""

import numpy as np

from makerlab.demo.objects.surfaces import Points, Triangles, lip, ring, tube, walls


def build(opening: float = 40.5, width: float = 58.0, height: float = 5.0, notches: int = 12) -> Triangles:
    """Triangles (n, 3, 3) in mm; `opening` goes over the thread of an E27 socket."""
    count = notches * 12

    def radius(theta: Points, z: float) -> Points:
        return np.asarray(width / 2 - 0.8 * (1 + np.cos(notches * theta)) / 2)

    outside = walls(radius, np.linspace(0, height, 8), count)
    inside = np.array([ring(opening / 2, count, z) for z in np.linspace(height, 0, 4)])
    return tube(np.concatenate([outside, lip(outside[-1], inside[0]), inside]))
