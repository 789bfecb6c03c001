"""A wall hook, waisted like an hourglass and leaning upward, screwed from behind onto a hanger bolt."""

import numpy as np

from makerlab.demo.objects.surfaces import Points, Triangles, contour, ring, rounding, smooth, solid

WIDTH = contour([(0, 16), (2.5, 15.3), (8, 11), (16, 7.8), (25, 7.8), (33, 10.6), (39, 13.8), (43, 15)])


def build(height: float = 46.0, rise: float = 13.0, bolt: float = 4.2) -> Triangles:
    """Triangles (n, 3, 3) in mm, lying on the wall side; `bolt` is the width of the hole behind."""
    scale = height / 46

    def level(z: float, less: float = 0.0) -> Points:
        shift = rise * float(smooth((z / height - 0.05) / 1.1))
        return np.add(ring(float(WIDTH(z / scale)) * scale - less, 120, z), [0.0, shift, 0.0])

    foot = [level(z, float(rounding(z, 1.5))) for z in (0, 0.06, 0.22, 0.5, 0.9)]
    wall = [level(z) for z in np.linspace(1.5, 40 * scale, 48)]
    crown = [_crown(level(40 * scale), phi, height - 40 * scale) for phi in np.linspace(0.1, np.pi / 2, 12)]
    dome = [_shrunk(crown[-1], share) for share in np.linspace(0.85, 0.1, 8)]
    return solid(np.array([*_bolt(bolt / 2), *foot, *wall, *crown, *dome]))


def _crown(top: Points, phi: float, rise: float) -> Points:
    """The round edge between wall and front face."""
    edge = 4.0
    lift = np.array([0, 0, (rise - 1) * np.sin(phi)])
    return np.asarray(_shrunk(top, 1 - edge * (1 - np.cos(phi)) / 14) + lift)


def _shrunk(points: Points, share: float) -> Points:
    centre = points.mean(axis=0)
    return np.asarray(centre + (points - centre) * share)


def _bolt(reach: float, depth: float = 15.0) -> list[Points]:
    return [
        ring(r, 120, z) for r, z in [(0.4, depth + reach), (reach, depth), (reach, 0.8), (reach + 0.8, 0)]
    ]
