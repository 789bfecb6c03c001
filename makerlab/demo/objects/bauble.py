"""A twisted drop for a branch; the thread runs through its axis."""

import numpy as np

from makerlab.demo.objects.surfaces import Points, Triangles, contour, curve, ring, tube, walls

BODY = contour(
    [(0, 6.5), (0.12, 13.5), (0.32, 21.8), (0.5, 23.5), (0.7, 18.5), (0.85, 10), (0.94, 5.4), (1, 3.6)]
)
DEPTH = curve([(0, 0), (0.12, 1.0), (0.45, 3.4), (0.8, 1.3), (0.95, 0), (1, 0)])


def build(height: float = 62.0, lobes: int = 8, turn: float = 1.9, thread: float = 2.4) -> Triangles:
    """Triangles (n, 3, 3) in mm; `thread` is the width of the passage."""

    def radius(theta: Points, z: float) -> Points:
        lobe = np.sqrt(0.02 + np.cos(lobes * theta / 2) ** 2) - 0.7
        return np.asarray(BODY(z / height) + DEPTH(z / height) * lobe)

    count = lobes * 18
    wall = walls(radius, np.linspace(0, height, 76), count, lambda z: turn * z / height)
    rim = [ring(r, count, height + z, turn) for r, z in [(3.2, 0.5), (2.4, 0.8), (1.7, 0.5)]]
    # The passage unwinds on its way down, so that its mesh meets the foot without a twist.
    passage = [ring(thread / 2, count, height * share, turn * share) for share in np.linspace(1, 0, 20)]
    return tube(np.concatenate([wall, rim, passage]))
