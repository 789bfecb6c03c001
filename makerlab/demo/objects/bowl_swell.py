"""A wide bowl whose rim rises and falls in five slow waves."""

import numpy as np

from makerlab.demo.objects.surfaces import Points, Triangles, contour, levels, smooth, solid, vessel, walls


def build(height: float = 58.0, waves: int = 5, rise: float = 7.0, wall: float = 2.2) -> Triangles:
    """Triangles (n, 3, 3) in mm; `rise` is how far the rim swings up and down."""
    body = contour([(0, 38), (0.1, 44.5), (0.35, 59), (0.7, 72), (1, 79)])

    def radius(theta: Points, z: float) -> Points:
        return body(z / height) + 5.5 * float(smooth(z / height)) * np.cos(waves * theta)

    stack = vessel(walls(radius, levels(height, 1.4), 200, lambda z: 0.25 * z / height), wall)
    return solid(_swell(stack, height, waves, rise))


def _swell(stack: Points, height: float, waves: int, rise: float) -> Points:
    theta = np.arctan2(stack[..., 1], stack[..., 0]) - 0.25 * stack[..., 2] / height
    share = np.clip((stack[..., 2] - 4) / (height - 4), 0, None) ** 1.5
    result = stack.copy()
    result[..., 2] += rise * share * np.cos(waves * theta)
    return result
