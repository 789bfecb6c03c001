"""What stays the same about a mesh however it lies and however large it is: to find the same form again.

Moving, turning, mirroring or scaling a mesh as a whole, or writing its triangles in another order, changes
none of these figures; stretching it along one axis changes them. They are means over all triangles, so that
five million of them need no memory. Two meshes with as many triangles and figures alike are the same form
for anybody who looks at them; what to do about it a person decides.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from designs.mesh import Mesh, blocks

TOLERANCE = 5e-4  # of a figure: single precision far from the origin, and six digits of a text file
POWERS = (0.5, 1.0, 2.0, 3.0)
MOST_TRIANGLES = 2_000_000  # one second; a finer mesh is known by its hash only

Floats = NDArray[np.float64]


def shape(mesh: Mesh) -> list[float]:
    """Figures without unit; empty for a mesh without surface, or one too fine to be gone through."""
    if len(mesh) > MOST_TRIANGLES:
        return []
    area, centre = _area_and_centre(mesh)
    if not area > 0:
        return []
    unit = (area / len(mesh)) ** 0.5  # the edge of a square as large as a mean triangle
    edges, areas, far, spread = _sums(mesh, centre)
    count, reach = len(mesh), area**0.5
    figures = [
        *(_mean(total, 3 * count, power) / unit for total, power in zip(edges, POWERS, strict=True)),
        *(_mean(total, count, power) / unit**2 for total, power in zip(areas, POWERS, strict=True)),
        *(_mean(total, area, power) / reach for total, power in zip(far, POWERS, strict=True)),
        *(np.sqrt(np.abs(np.linalg.eigvalsh(spread / area))) / reach),
    ]
    return [round(float(figure), 7) for figure in figures]


def same(one: Sequence[float], other: Sequence[float]) -> bool:
    """Whether two meshes with as many triangles have the same form."""
    if len(one) != len(other) or not one:
        return False
    a, b = np.asarray(one), np.asarray(other)
    return bool(np.all(np.abs(a - b) <= TOLERANCE * (np.abs(a) + np.abs(b)) / 2 + 1e-6))


def _mean(total: float, weight: float, power: float) -> float:
    return float((total / weight) ** (1 / power))


def _parts(triangles: NDArray[np.float32]) -> tuple[Floats, Floats, Floats]:
    """Edges (n, 3), areas (n) and middles (n, 3) of some triangles."""
    corners = triangles.astype(np.float64)
    along = np.roll(corners, -1, axis=1) - corners
    areas = np.linalg.norm(np.cross(along[:, 0], along[:, 1]), axis=1) / 2
    return np.linalg.norm(along, axis=2), areas, corners.mean(axis=1)


def _area_and_centre(mesh: Mesh) -> tuple[float, Floats]:
    area, weighted = 0.0, np.zeros(3)
    for part in blocks(len(mesh)):
        _edges, areas, middles = _parts(mesh.triangles[part])
        area += float(areas.sum())
        weighted += areas @ middles
    return area, weighted / area if area > 0 else weighted


def _sums(mesh: Mesh, centre: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Sums of the powers of edges, areas and (by area) distances from the centre; and how middles spread."""
    edges, areas, far = np.zeros(len(POWERS)), np.zeros(len(POWERS)), np.zeros(len(POWERS))
    spread = np.zeros((3, 3))
    for part in blocks(len(mesh)):
        lengths, sizes, middles = _parts(mesh.triangles[part])
        away = middles - centre
        radii = np.linalg.norm(away, axis=1)
        for number, power in enumerate(POWERS):
            edges[number] += (lengths**power).sum()
            areas[number] += (sizes**power).sum()
            far[number] += (sizes * radii**power).sum()
        spread += (away * sizes[:, None]).T @ away
    return edges, areas, far, spread
