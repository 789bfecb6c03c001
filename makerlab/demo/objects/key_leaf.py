"""A leaf for the key ring, its veins cut through: the smallest piece of the collection."""

import numpy as np

from makerlab.demo.objects.plates import plate, resample, rounded
from makerlab.demo.objects.surfaces import Points, Triangles, ring


def build(length: float = 62.0, width: float = 27.0, height: float = 2.8, veins: int = 5) -> Triangles:
    """Triangles (n, 3, 3) in mm."""
    eye = ring(2.6, 24, 0.0)[:, :2] + [-length / 2 + 6.2, 0]
    slots = [_vein(length, width, share, side) for share in np.linspace(0, 1, veins) for side in (1, -1)]
    return plate(_leaf(length, width), height, holes=[eye, *slots], foot=0.5, brim=0.7)


def _leaf(length: float, width: float) -> Points:
    """Two arcs that swell behind the middle and meet in round ends."""
    share = np.linspace(0, 1, 60)
    reach = width / 2 * np.sin(np.pi * share**1.15) ** 0.75
    reach = np.maximum(reach, 6.0 * np.sqrt(np.clip(1 - (share * length / 6.0 - 1) ** 2, 0, None)))
    x = length * (share - 0.5)
    lower, upper = np.stack([x, -reach], axis=1), np.stack([x, reach], axis=1)[-2:0:-1]
    return resample(np.concatenate([lower, upper]), 1.0)


def _vein(length: float, width: float, share: float, side: int) -> Points:
    """A slot that starts beside the midrib and points to the tip."""
    start = np.array([-length * 0.24 + length * 0.48 * share, 2.2])
    room = width / 2 * np.sin(np.pi * (0.34 + 0.5 * share)) ** 0.75
    reach = max(room - 5.6, 1.0)
    corners = np.array([start, start + reach * np.array([0.75, 1.0])])
    corners[:, 1] *= side
    return rounded(corners if side > 0 else corners[::-1], 0.8, 0.5)
