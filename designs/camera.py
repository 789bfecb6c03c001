"""Where a picture is taken from, and how points of the world come onto it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from designs.mesh import Box
from designs.views import Facets, Floats, Planes, Projection, facing, moved, seen_by

AZIMUTH = np.radians(-32)
ELEVATION = np.radians(24)
ELEVATION_OF_FLAT = np.radians(48)  # a coaster is looked at more from above
DISTANCE = 3.4  # times the diagonal of the bounding box: a calm perspective
SMALLEST_MM = 1e-3  # of a piece that fills its picture
FILLED = 0.86  # of the picture's edge


@dataclass(frozen=True, slots=True)
class Camera:
    """A perspective view of a box: `axes` are right, up and towards the viewer, as rows."""

    middle: NDArray[np.float64]
    axes: NDArray[np.float64]
    distance: float
    scale: float
    shift: tuple[float, float]
    size: int  # pixels along the edge of the picture

    @property
    def eye(self) -> NDArray[np.float64]:
        """Where the camera stands, mm."""
        place: NDArray[np.float64] = self.middle + self.distance * self.axes[2]
        return place

    def rays(self, columns: Floats, rows: Floats) -> Floats:
        """Directions (…, 3), not of unit length, through places in the picture: columns, and rows from
        below.
        """
        right, up, towards = self.axes.astype(np.float32)
        x = (columns - np.float32(self.shift[0])) / np.float32(self.scale)
        y = (rows - np.float32(self.shift[1])) / np.float32(self.scale)
        directions: Floats = x[..., None] * right + y[..., None] * up - towards
        return directions


def aimed(triangles: Floats, box: Box, size: int, both: bool = True) -> tuple[Camera, Facets]:
    """A camera before the triangles' front right corner, and the triangles (n, 3, 3) as it sees them.

    `box` is what they fill. x and y in pixels from below left, the picture well filled, and 1 / distance;
    unless `both`, only those that face the camera.
    """
    low, high = np.array(box)
    edges = high - low
    flatness = 1 - min(1.0, 2.5 * edges[2] / max(edges[0], edges[1], 1e-9))
    axes = _axes(AZIMUTH, ELEVATION + (ELEVATION_OF_FLAT - ELEVATION) * flatness)
    middle = (low + high) / 2
    distance = DISTANCE * max(float(np.linalg.norm(edges)), SMALLEST_MM)
    facets = seen_by(triangles, _perspective(axes, middle, distance), None if both else facing)
    left, right = facets.bounds()
    scale = FILLED * size / float(max(right[0] - left[0], right[1] - left[1], 1e-12))
    shift = size / 2 - (left + right) / 2 * scale
    facets.scale(scale, shift[:2])
    return Camera(middle, axes, distance, scale, (float(shift[0]), float(shift[1])), size), facets


def _perspective(axes: NDArray[np.float64], middle: NDArray[np.float64], distance: float) -> Projection:
    turned = moved(axes.T, -middle @ axes.T)

    def project(planes: Planes) -> Planes:
        seen = turned(planes)
        near = np.float32(1) / (np.float32(distance) - seen[:, 2])
        seen[:, :2] *= near[:, None]
        seen[:, 2] = near
        return seen

    return project


def _axes(azimuth: float, elevation: float) -> NDArray[np.float64]:
    towards = np.array(
        [-np.sin(azimuth) * np.cos(elevation), -np.cos(azimuth) * np.cos(elevation), np.sin(elevation)]
    )
    right = np.cross([0, 0, 1], towards)
    right /= np.linalg.norm(right)
    return np.array([right, np.cross(towards, right), towards])
