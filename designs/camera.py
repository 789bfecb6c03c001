"""Where a picture is taken from, and how points of the world come onto it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from designs.mesh import corner_range
from designs.raster import Floats

AZIMUTH = np.radians(-32)
ELEVATION = np.radians(24)
ELEVATION_OF_FLAT = np.radians(48)  # a coaster is looked at more from above
DISTANCE = 3.4  # times the diagonal of the bounding box: a calm perspective
SMALLEST_MM = 1e-3  # of a piece that fills its picture
BLOCK = 1 << 15  # corners at once: what one step touches stays in the processor's cache
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


def aimed(triangles: Floats, size: int) -> tuple[Camera, Floats]:
    """A camera before the triangles' front right corner, and the triangles as it sees them.

    These are (n, 3, 3) again: x and y in pixels from below left, the picture well filled, and 1 / distance.
    """
    low, high = corner_range(triangles)
    edges = (high - low).astype(np.float64)
    flatness = 1 - min(1.0, 2.5 * edges[2] / max(edges[0], edges[1], 1e-9))
    axes = _axes(AZIMUTH, ELEVATION + (ELEVATION_OF_FLAT - ELEVATION) * flatness)
    middle = (low.astype(np.float64) + high) / 2
    distance = DISTANCE * max(float(np.linalg.norm(edges)), SMALLEST_MM)
    screen = moved(triangles, axes.T, -middle @ axes.T)
    near = np.float32(1) / (np.float32(distance) - screen[:, :, 2])
    screen *= near[:, :, None]
    screen[:, :, 2] = near
    left, right = corner_range(screen)
    scale = FILLED * size / float(max(right[0] - left[0], right[1] - left[1], 1e-12))
    shift = size / 2 - (left + right) / 2 * scale
    screen *= np.array([scale, scale, 1], np.float32)
    screen += np.array([shift[0], shift[1], 0], np.float32)
    return Camera(middle, axes, distance, scale, (float(shift[0]), float(shift[1])), size), screen


def moved(triangles: Floats, matrix: ArrayLike, offset: ArrayLike) -> Floats:
    """Triangles (n, 3, 3) as row vectors times a 3 × 3 matrix, plus an offset."""
    points, result = triangles.reshape(-1, 3), np.empty((len(triangles) * 3, 3), np.float32)
    factors, shift = np.asarray(matrix, np.float32), np.asarray(offset, np.float32)
    for start in range(0, len(points), BLOCK):
        x, y, z = np.ascontiguousarray(points[start : start + BLOCK].T)
        for axis in range(3):  # not by `@`: its threads would cost more than they save
            a, b, c = factors[:, axis]
            result[start : start + BLOCK, axis] = x * a + y * b + (z * c + shift[axis])
    return result.reshape(-1, 3, 3)


def _axes(azimuth: float, elevation: float) -> NDArray[np.float64]:
    towards = np.array(
        [-np.sin(azimuth) * np.cos(elevation), -np.cos(azimuth) * np.cos(elevation), np.sin(elevation)]
    )
    right = np.cross([0, 0, 1], towards)
    right /= np.linalg.norm(right)
    return np.array([right, np.cross(towards, right), towards])
