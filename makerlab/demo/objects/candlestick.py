"""A candlestick for LED tapers: a wide fluted foot, a slim waist, a calyx."""

import numpy as np

from makerlab.demo.objects.surfaces import (
    Points,
    Triangles,
    contour,
    inset,
    levels,
    lip,
    ring,
    rounding,
    smooth,
    solid,
    walls,
)

BODY = contour(
    [(0, 40), (0.03, 38.5), (0.15, 25), (0.35, 14), (0.55, 10.5), (0.72, 11.8), (0.88, 15.6), (1, 17.5)]
)


def build(height: float = 104.0, candle: float = 22.4, flutes: int = 14) -> Triangles:
    """Triangles (n, 3, 3) in mm; `candle` is the width of the socket."""

    def radius(theta: Points, z: float) -> Points:
        reach = BODY(z / height) + (candle - 22.4) / 2
        fade = smooth((z - 1) / 10) * (1 - smooth((z / height - 0.72) / 0.16))
        groove = 1 - np.sqrt(0.02 + np.cos(flutes * theta / 2) ** 2)
        return np.asarray(reach * (1 - 0.13 * fade * groove))

    rings = walls(radius, levels(height, 1.8), flutes * 14)
    rings = np.array([inset(r, float(rounding(r[0, 2], 1.5))) for r in rings])
    inside = np.array([ring(r, flutes * 14, z) for r, z in _socket(candle / 2, height)])
    return solid(np.concatenate([rings, lip(rings[-1], inside[0]), inside]))


def _socket(reach: float, height: float, depth: float = 20.0) -> list[tuple[float, float]]:
    bottom = height - depth
    return [
        (reach + 1.2, height),
        (reach, height - 4),
        (reach, bottom + 1),
        (reach - 1, bottom),
        (1.0, bottom),
    ]
