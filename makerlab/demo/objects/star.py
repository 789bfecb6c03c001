"""A folded star for the window, open in the middle for the thread."""

import numpy as np

from makerlab.demo.objects.surfaces import Points, Triangles, angles, divide, join, weave


def build(reach: float = 38.0, points: int = 8, rim: float = 1.6, rise: float = 11.5) -> Triangles:
    """Triangles (n, 3, 3) in mm, lying on its flat back; `rise` is the height its folds aim at."""
    outline, opening = _star(reach, reach * 0.52, points), 0.27

    def at(scale: float, z: float) -> Points:
        return np.column_stack([outline * scale, np.full(len(outline), z)])

    ridge = rim + (rise - rim) * (1 - opening)
    profile = [at(0.985, 0), at(1, 0.6), at(1, rim), at(opening, ridge), at(opening, 0)]
    return join(divide(weave(np.array([*profile, profile[0]])), 3))


def _star(tip: float, valley: float, points: int) -> Points:
    """A star (n, 2) whose tips are cut off a little, so that they print and do not prick."""
    theta = angles(2 * points)
    reach = np.where(np.arange(2 * points) % 2 == 0, tip, valley)
    corners = np.stack([reach * np.cos(theta), reach * np.sin(theta)], axis=1)
    before, after = np.roll(corners, 1, axis=0), np.roll(corners, -1, axis=0)
    cut = np.stack([corners + (before - corners) * 0.06, corners + (after - corners) * 0.06], axis=1)
    return np.concatenate([cut[n] if n % 2 == 0 else corners[n : n + 1] for n in range(2 * points)])
