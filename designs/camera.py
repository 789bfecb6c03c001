"""Where a picture is taken from, and how points of the world come onto it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from designs.raster import Floats

AZIMUTH = np.radians(-32)
ELEVATION = np.radians(24)
ELEVATION_OF_FLAT = np.radians(48)  # a coaster is looked at more from above
DISTANCE = 3.4  # times the diagonal of the bounding box: a calm perspective
FILLED = 0.86  # of the picture's edge


@dataclass(frozen=True, slots=True)
class Camera:
    """A perspective view of a box: `axes` are right, up and towards the viewer, as rows."""

    middle: NDArray[np.float64]
    axes: NDArray[np.float64]
    distance: float
    scale: float
    shift: tuple[float, float]

    def projected(self, points: Floats) -> Floats:
        """Points (…, 3) in mm as x, y in pixels from below left, and 1 / distance."""
        turned = (points - self.middle.astype(np.float32)) @ self.axes.T.astype(np.float32)
        near = np.float32(1) / (np.float32(self.distance) - turned[..., 2])
        out = np.empty(points.shape, np.float32)
        out[..., 0] = turned[..., 0] * near * np.float32(self.scale) + np.float32(self.shift[0])
        out[..., 1] = turned[..., 1] * near * np.float32(self.scale) + np.float32(self.shift[1])
        out[..., 2] = near
        return out

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


def aimed(low: NDArray[np.float64], high: NDArray[np.float64], points: Floats, size: int) -> Camera:
    """A camera that sees the box `low` to `high` from the front right, filling its picture with `points`."""
    edges = high - low
    flatness = 1 - min(1.0, 2.5 * edges[2] / max(edges[0], edges[1], 1e-9))
    axes = _axes(AZIMUTH, ELEVATION + (ELEVATION_OF_FLAT - ELEVATION) * flatness)
    free = Camera((low + high) / 2, axes, DISTANCE * float(np.linalg.norm(edges)), 1.0, (0.0, 0.0))
    flat = free.projected(points).reshape(-1, 3)
    left, right = flat.min(axis=0), flat.max(axis=0)
    scale = FILLED * size / float(max(right[0] - left[0], right[1] - left[1], 1e-12))
    centre = (left + right) / 2 * scale
    return Camera(
        free.middle, axes, free.distance, scale, (size / 2 - float(centre[0]), size / 2 - float(centre[1]))
    )


def _axes(azimuth: float, elevation: float) -> NDArray[np.float64]:
    towards = np.array(
        [-np.sin(azimuth) * np.cos(elevation), -np.cos(azimuth) * np.cos(elevation), np.sin(elevation)]
    )
    right = np.cross([0, 0, 1], towards)
    right /= np.linalg.norm(right)
    return np.array([right, np.cross(towards, right), towards])
