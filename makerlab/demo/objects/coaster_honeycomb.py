"""A hexagonal coaster with a honeycomb that opens from the middle outward."""

import numpy as np

from makerlab.demo.objects.plates import plate, polygon
from makerlab.demo.objects.surfaces import Points, Triangles


def build(reach: float = 53.0, height: float = 3.8, rings: int = 4, pitch: float = 10.4) -> Triangles:
    """Triangles (n, 3, 3) in mm; `reach` is measured from the middle to a corner."""
    outline = polygon(6, reach, 9.0, 1.2)
    pockets = [_cell(centre, pitch) for centre in _centres(rings, pitch)]
    return plate(outline, height, pockets=pockets, floor=1.6, brim=0.8, cove=0.6)


def _centres(rings: int, pitch: float) -> list[Points]:
    span = range(-rings, rings + 1)
    cells = [(q, r) for q in span for r in span if abs(q + r) <= rings]
    return [pitch * np.array([q + r / 2, r * np.sqrt(3) / 2]) for q, r in cells]


def _cell(centre: Points, pitch: float) -> Points:
    far = float(np.linalg.norm(centre)) / (4 * pitch)
    reach = (2.3 + 2.1 * far) * pitch / 10.4
    return centre + polygon(6, reach, 1.2, 0.8, np.pi / 6)
