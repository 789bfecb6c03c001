"""A pleated lamp shade, printed as it hangs: open below, with a ring for an E27 socket above."""

import numpy as np

from makerlab.demo.objects.surfaces import Points, Triangles, curve, inset, lean, smooth, tube, walls


def build(height: float = 132.0, pleats: int = 36, wall: float = 1.6, socket: float = 41.0) -> Triangles:
    """Triangles (n, 3, 3) in mm; `socket` is the width of the opening for the ring of the lamp holder."""
    body = curve([(0, 84), (0.25, 80), (0.5, 70), (0.72, 55), (0.9, 35), (1, socket / 2 + wall + 2.4)])

    def radius(theta: Points, z: float) -> Points:
        reach = body(z / height)
        depth = 2.6 * (reach / 84) ** 2.6 * (1 - smooth((z / height - 0.78) / 0.16))
        return np.asarray(reach + depth * (np.cos(pleats * theta) - 1))

    rings = walls(radius, np.linspace(0, height, 44), pleats * 8)
    return tube(_thick(rings, wall, socket / 2))


def _thick(rings: Points, wall: float, opening: float) -> Points:
    inside = np.array([inset(r, wall * k) for r, k in zip(rings, lean(rings), strict=True)])
    reach = np.linalg.norm(inside[..., :2], axis=2, keepdims=True)
    # The passage of the socket stays a true cylinder.
    inside[..., :2] *= np.maximum(reach, opening) / reach
    return np.concatenate([rings, inside[::-1]])
