"""Slowing short layers so that they can cool, as PrusaSlicer does it: by one highest speed for the layer."""

import numpy as np

from designs.estimate.sections import Floats
from designs.profiles.model import Cooling

HALVINGS = 20


def speed_caps(lengths: Floats, speeds: Floats, other_s: Floats, cooling: Cooling) -> Floats:
    """The highest speed (layers,) that makes a layer last long enough, no lower than the material's least
    speed.

    `lengths` and `speeds` (kinds, layers): what is drawn, in mm and mm/s; `other_s` (layers,): time that
    nobody can slow down. Lengths over speeds count, without accelerations, as the slicer counts there.
    """
    low = np.full(lengths.shape[1], cooling.min_speed_mm_s)
    high: Floats = np.maximum(speeds.max(axis=0), low)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        long_enough = (lengths / np.minimum(speeds, middle)).sum(axis=0) + other_s >= cooling.min_layer_s
        low, high = np.where(long_enough, middle, low), np.where(long_enough, high, middle)
    return high
