"""Closed surfaces from rings of points, by numpy alone; every length in millimetres.

A ring is an array (n, 2) or (n, 3) that runs anticlockwise seen from above. A stack of rings (m, n, 3) that
climbs on the outside of a piece and sinks on its inside gives triangles that all face outward.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline, PchipInterpolator

Triangles = NDArray[np.float32]
Points = NDArray[np.float64]
Curve = Callable[[Points | float], Points]
Radius = Callable[[Points, float], Points]


def angles(count: int) -> Points:
    """Equally spaced angles of a full turn, rad, shape (count,)."""
    return np.asarray(2 * np.pi / count * np.arange(count), np.float64)


def ring(radius: Points | float, count: int, z: float, turn: float = 0.0) -> Points:
    """A ring (count, 3) at height z from radii along it, turned by an angle in rad."""
    theta = angles(count) + turn
    reach = np.broadcast_to(np.asarray(radius, float), (count,))
    return np.stack([reach * np.cos(theta), reach * np.sin(theta), np.full(count, z)], axis=1)


def smooth(x: Points | float) -> Points:
    """The smooth step from 0 at x <= 0 to 1 at x >= 1."""
    t = np.clip(np.asarray(x, float), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def curve(knots: Sequence[tuple[float, float]]) -> Curve:
    """A function through (height, value) knots that never overshoots between them."""
    at, value = np.array(knots, float).T
    spline = PchipInterpolator(at, value)
    return lambda z: np.asarray(spline(z))


def contour(knots: Sequence[tuple[float, float]]) -> Curve:
    """A function through (height, value) knots without any sudden bend, as a thrown vase has it."""
    at, value = np.array(knots, float).T
    spline = CubicSpline(at, value)
    return lambda z: np.asarray(spline(z))


def inset(points: Points, distance: float) -> Points:
    """A ring moved inward by a distance measured across its edges; heights stay as they are.

    Raises ValueError where the ring is curved too tightly and would fold over itself.
    """
    moved = np.array(points, float)
    along = np.roll(moved[:, :2], -1, axis=0) - moved[:, :2]
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    after = np.stack([-along[:, 1], along[:, 0]], axis=1)
    before = np.roll(after, 1, axis=0)
    mitre = (before + after) / (1 + np.einsum("ij,ij->i", before, after))[:, None]
    moved[:, :2] += distance * mitre
    if (np.einsum("ij,ij->i", np.roll(moved[:, :2], -1, axis=0) - moved[:, :2], along) <= 0).any():
        raise ValueError("the wall is thicker than its curves allow")
    return moved


def weave(rings: Points) -> Points:
    """The triangles (k, 3, 3) between consecutive rings of a stack (m, n, 3)."""
    a, d = rings[:-1], rings[1:]
    b, c = np.roll(a, -1, axis=1), np.roll(d, -1, axis=1)
    return np.stack([a, b, c, a, c, d], axis=2).reshape(-1, 3, 3)


def fan(points: Points, *, up: bool) -> Points:
    """The flat triangles from the middle of a ring to its edges, facing up or down."""
    centre = np.broadcast_to(points.mean(axis=0), points.shape)
    following = np.roll(points, -1, axis=0)
    order = [centre, points, following] if up else [centre, following, points]
    return np.stack(order, axis=1)


def solid(rings: Points) -> Triangles:
    """A body from a stack whose first ring is filled facing down and whose last is filled facing up."""
    return join(fan(rings[0], up=False), weave(rings), fan(rings[-1], up=True))


def tube(rings: Points) -> Triangles:
    """A body with a passage: the last ring of the stack is woven to the first."""
    return join(weave(np.concatenate([rings, rings[:1]])))


def join(*parts: Points) -> Triangles:
    """Patches or whole bodies as one array of triangles."""
    return np.concatenate(parts).astype(np.float32)


def divide(triangles: Points, times: int = 1) -> Points:
    """Each triangle as four in the same plane, repeatedly; neighbours still share their corners exactly."""
    for _ in range(times):
        a, b, c = triangles[:, 0], triangles[:, 1], triangles[:, 2]
        ab, bc, ca = (a + b) / 2, (b + c) / 2, (c + a) / 2
        triangles = np.stack([a, ab, ca, ab, b, bc, ca, bc, c, ab, bc, ca], axis=1).reshape(-1, 3, 3)
    return triangles


def levels(top: float, step: float, fine: float = 2.0) -> Points:
    """Heights from 0 to top in even steps, closer together near the bed where the foot is rounded."""
    foot = fine * (1 - np.cos(np.linspace(0, np.pi / 2, 6)))
    rest = np.linspace(fine, top, max(2, round((top - fine) / step)))
    return np.concatenate([foot[:-1], rest])


def rounding(z: Points | float, radius: float) -> Points:
    """How far an edge of that radius lies behind the wall, at height z above the edge's lowest point."""
    short = np.clip(radius - np.asarray(z, float), 0, radius)
    return np.asarray(radius - np.sqrt(radius**2 - short**2))


def walls(
    radius: Radius, heights: Points, count: int, twist: Callable[[float], float] | None = None
) -> Points:
    """The outside of a piece as a stack of rings; twist gives each height its turn in rad."""
    turn = twist or (lambda z: 0.0)
    theta = angles(count)
    return np.array([ring(radius(theta, float(z)), count, float(z), turn(float(z))) for z in heights])


def lean(rings: Points) -> Points:
    """By which factor a wall grows in the horizontal plane because it leans, one number a ring."""
    reach = np.linalg.norm(rings[:, :, :2], axis=2).mean(axis=1)
    slope = np.gradient(reach, rings[:, 0, 2])
    return np.asarray(np.sqrt(1 + np.clip(slope, -2, 2) ** 2))


def lip(outside: Points, inside: Points, steps: int = 8) -> Points:
    """A round edge (steps, n, 3) from the top ring of the outside to the top ring of the inside."""
    phi = np.linspace(0, np.pi, steps + 2)[1:-1, None, None]
    middle, half = (outside + inside) / 2, (outside - inside) / 2
    rise = np.linalg.norm(half, axis=1)[None, :, None] * np.array([0.0, 0.0, 1.0])
    return np.asarray(middle + half * np.cos(phi) + rise * np.sin(phi))


def lining(rings: Points, wall: float, floor: float, cove: float) -> Points:
    """The inside of a vessel from top to floor: the outside moved in, with a rounded cove above the floor."""
    factor, heights = lean(rings), rings[:, 0, 2]
    rounds = floor + cove * (1 - np.cos(np.linspace(0, np.pi / 2, 7)))
    wanted = np.concatenate([rounds, heights[heights > rounds[-1] + 0.4]])
    thick = wall * np.interp(wanted, heights, factor) + rounding(wanted - floor, cove)
    return np.array([inset(_at(rings, z), by) for z, by in zip(wanted[::-1], thick[::-1], strict=True)])


def _at(rings: Points, z: float) -> Points:
    """The ring of a wall at any height, between the two nearest."""
    heights = rings[:, 0, 2]
    above = int(np.clip(np.searchsorted(heights, z), 1, len(heights) - 1))
    share = (z - heights[above - 1]) / (heights[above] - heights[above - 1])
    return np.asarray(rings[above - 1] * (1 - share) + rings[above] * share)


def vessel(
    rings: Points, wall: float = 1.8, floor: float = 2.4, cove: float = 5.0, foot: float = 1.2
) -> Points:
    """The whole stack of an open vessel, from the ring on the bed over the lip to the inner floor.

    `rings` is its outside (m, n, 3) at even heights from 0; `foot` rounds the edge on the bed.
    """
    inside = lining(rings, wall, floor, cove)
    outside = np.array([inset(r, float(rounding(r[0, 2], foot))) for r in rings])
    return np.concatenate([outside, lip(outside[-1], inside[0]), inside])
