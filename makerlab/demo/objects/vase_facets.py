"""A vase of flat facets, each course turned by half a step: light breaks differently on every one."""

from itertools import pairwise

import numpy as np

from makerlab.demo.objects.surfaces import Points, Triangles, divide, fan, join, ring, weave

COURSES = [(0.0, 33.0), (0.24, 52.0), (0.5, 54.0), (0.73, 38.0), (0.88, 26.0), (1.0, 33.0)]


def build(height: float = 160.0, sides: int = 7, wall: float = 2.6, floor: float = 3.0) -> Triangles:
    """Triangles (n, 3, 3) in mm."""
    outside = [(share * height, reach) for share, reach in COURSES]
    inside = [(z, reach - wall) for z, reach in outside[:0:-1]]
    inside.append((floor, outside[0][1] - wall + 1.5))
    bevel = [(height + 0.6, outside[-1][1] - 0.6), (height + 0.6, inside[0][1] + 0.6)]
    # Divided this finely, edges stay crisp also where a viewer smooths the light across corners.
    return join(divide(_coarse([*outside, *bevel, *inside], sides), 4))


def _coarse(profile: list[tuple[float, float]], sides: int) -> Points:
    # From course to course each corner comes to stand over the middle of an edge; within the lip none turns.
    half = np.pi / sides
    turns = np.cumsum([0.0] + [-half * (abs(a[0] - b[0]) > 1) for a, b in pairwise(profile)])
    rings = np.array([ring(reach, sides, z, t) for (z, reach), t in zip(profile, turns, strict=True)])
    return np.concatenate([fan(rings[0], up=False), weave(rings), fan(rings[-1], up=True)])
