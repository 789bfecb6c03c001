"""A napkin ring woven like a basket."""

import numpy as np

from makerlab.demo.objects.surfaces import Points, Triangles, lip, ring, tube, walls


def build(width: float = 42.0, height: float = 31.0, strands: int = 8, wall: float = 2.0) -> Triangles:
    """Triangles (n, 3, 3) in mm; `width` is the opening."""
    reach, count = width / 2 + wall, strands * 28

    def radius(theta: Points, z: float) -> Points:
        fade = np.clip(min(z, height - z) / 3, 0, 1) ** 0.5
        return np.asarray(reach + 2.0 * fade * _basket(strands * theta, strands * (z - height / 2) / reach))

    outside = walls(radius, np.linspace(0, height, 60), count)
    inside = np.array([ring(width / 2, count, z) for z in np.linspace(height, 0, 10)])
    return tube(np.concatenate([outside, lip(outside[-1], inside[0]), inside]))


def _basket(around: Points, up: float) -> Points:
    """Heights 0 to 1 of two families of strands that pass over and under each other."""
    u, v = around + up, around - up
    over = 0.4 * np.cos(u) * np.cos(v)
    first = np.sqrt(np.abs(np.cos(u))) * (0.6 + over)
    second = np.sqrt(np.abs(np.cos(v))) * (0.6 - over)
    # A maximum with rounded creases: sharp ones would tear along the mesh.
    return np.asarray(np.logaddexp(14 * first, 14 * second) / 14)
