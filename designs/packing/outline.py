"""The shadow of a piece on the bed, as a polygon. Arrays of shape (n, 2), mm, anticlockwise."""

import numpy as np
from numpy.typing import NDArray

from designs.errors import Refused
from designs.mesh import Mesh
from designs.raster import rasterise

Points = NDArray[np.float64]

TINY = 1e-9  # of the square of its length: less area than that has no piece
PIXELS = 320
GROWN = (1, 2, 4)  # pixels
BORDER = 6
MAX_CORNERS = 64  # spyrrow takes minutes for hundreds
SQUARE = np.ones((3, 3), dtype=bool)


def hull(mesh: Mesh) -> Points:
    """The convex hull of the shadow. Raises `Refused("flat")` for a piece without an area on the bed."""
    points = mesh.triangles[:, :, :2].reshape(-1, 2).astype(np.float64)
    x = points[:, 0]
    first, last = min(points[x == x.min()].tolist()), max(points[x == x.max()].tolist())
    ends = np.array([first, last])
    found = np.array([first, *_right_of(points, *ends), last, *_right_of(points, *ends[::-1])])
    if area(found) <= TINY * max(mesh.size_mm[:2]) ** 2:
        raise Refused("flat", "This piece has no area on the bed; turn it.")
    return found


def _right_of(points: Points, start: Points, end: Points) -> list[Points]:
    """The hull's corners to the right of the way from start to end, in this order (quickhull)."""
    along, there = end - start, points - start
    off = along[0] * there[:, 1] - along[1] * there[:, 0]  # negative to the right
    outside, off = points[off < 0], off[off < 0]
    if not len(outside):
        return []
    furthest = outside[off == off.min()]  # several on one line: the last of them is a corner
    far = furthest[(furthest @ along).argmax()]
    return [*_right_of(outside, start, far), far, *_right_of(outside, far, end)]


def outline(mesh: Mesh) -> Points:
    """The outer edge of the shadow with its bays, a few pixels too large; the hull where it is too ragged."""
    from scipy import ndimage  # 50 MB: what lives long asks `dense` instead, which does this in a child

    mask, pixel_mm, origin = _shadow(mesh)
    for grown in GROWN:  # the edge is cut by as much as it was grown, so the polygon still holds the piece
        wide = ndimage.binary_fill_holes(ndimage.binary_dilation(mask, SQUARE, grown))
        if ndimage.label(wide, SQUARE)[1] == 1:
            points = _simplified(_trace(wide), grown)
            if len(points) <= MAX_CORNERS:
                return points * pixel_mm + origin
    return hull(mesh)


def turned(points: Points, angle_deg: float) -> Points:
    """Points turned anticlockwise about the origin."""
    angle = np.deg2rad(angle_deg)
    cos, sin = np.cos(angle), np.sin(angle)
    moved: Points = points @ np.array([[cos, sin], [-sin, cos]])
    return moved


def area(points: Points) -> float:
    """The area of a polygon, mm²."""
    x, y = points.T
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def _shadow(mesh: Mesh) -> tuple[NDArray[np.bool_], float, Points]:
    """Pixels under the piece, rows from front to back; their size, mm; the low corner of the first."""
    low, _ = mesh.bounds
    pixel_mm = max(mesh.size_mm[:2]) / (PIXELS - 2 * BORDER)
    origin = np.array(low[:2]) - BORDER * pixel_mm
    corners = mesh.triangles.copy()
    corners[:, :, :2] = (corners[:, :, :2] - origin) / pixel_mm
    mask = rasterise(corners, PIXELS).mask[::-1].copy()
    across, along = corners[:, :, :2].reshape(-1, 2).astype(np.int64).T
    mask[along, across] = True  # walls thinner than a pixel have no pixel's middle
    return mask, pixel_mm, origin


def _trace(mask: NDArray[np.bool_]) -> Points:
    """The corners of pixels along the outer edge, anticlockwise; to the right where they touch."""
    ways = _edges(mask)
    start = min(ways)
    path, here, heading = [start], start, (1, 0)
    while len(path) == 1 or here != start:
        x, y = heading
        choices = ((y, -x), (x, y), (-y, x))
        heading = next(way for way in choices if way in ways[here])
        here = (here[0] + heading[0], here[1] + heading[1])
        path.append(here)
    return np.array(path[:-1], dtype=np.float64)


def _edges(mask: NDArray[np.bool_]) -> dict[tuple[int, int], set[tuple[int, int]]]:
    """From each corner (x, y) the steps along an edge that has the shadow on its left."""
    ways: dict[tuple[int, int], set[tuple[int, int]]] = {}
    for step, beyond, corner in (
        ((1, 0), (-1, 0), (0, 0)),
        ((0, 1), (0, 1), (0, 1)),
        ((-1, 0), (1, 0), (1, 1)),
        ((0, -1), (0, -1), (1, 0)),
    ):
        bare = mask & ~np.roll(mask, (-beyond[0], -beyond[1]), (0, 1))
        for y, x in np.argwhere(bare).tolist():
            ways.setdefault((x + corner[1], y + corner[0]), set()).add(step)
    return ways


def _simplified(points: Points, tolerance: float) -> Points:
    """Douglas and Peucker, from the two corners that lie farthest apart along x."""
    first, last = int(points[:, 0].argmin()), int(points[:, 0].argmax())
    points = np.roll(points, -first, axis=0)
    middle = (last - first) % len(points)
    closed = np.vstack([points, points[:1]])
    keep = {0, middle}
    waiting = [(0, middle), (middle, len(points))]
    while waiting:
        start, end = waiting.pop()
        far, distance = _farthest(closed[start : end + 1])
        if distance > tolerance:
            keep.add(start + far)
            waiting += [(start, start + far), (start + far, end)]
    return points[sorted(keep)]


def _farthest(points: Points) -> tuple[int, float]:
    """The place of the point that lies farthest from the line between the ends, and its distance."""
    way = points[-1] - points[0]
    length = float(np.hypot(*way)) or 1.0
    from_start = points - points[0]
    distances = np.abs(from_start[:, 0] * way[1] - from_start[:, 1] * way[0]) / length
    return int(distances.argmax()), float(distances.max())
