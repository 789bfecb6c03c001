"""What the planner knows of a machine, as one record for compiled code. Axes in the order x, y, z, e."""

from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from designs.profiles import Machine
from designs.profiles.model import Axes

Floats = NDArray[np.float64]
PRINTING, RETRACTING, TRAVELLING = 0, 1, 2


LIMITS = np.dtype(
    [
        ("speed", "f8", 4),  # mm/s by axis
        ("acceleration", "f8", 4),  # mm/s² by axis
        ("jerk", "f8", 4),  # mm/s by axis
        ("push", "f8", 3),  # mm/s², the acceleration in force for printing, retracting and travelling
        ("most", "f8", 3),  # mm/s², the highest that the machine takes for each
        ("deviation", "f8"),  # mm, the junction deviation, or 0 where jerk decides
    ]
)


class MotionLimits(Protocol):
    """A record of LIMITS: M201, M203, M204 and M205 in a file change it, as they do in the firmware."""

    speed: Floats
    acceleration: Floats
    jerk: Floats
    push: Floats
    most: Floats
    deviation: float


def motion_limits(machine: Machine) -> MotionLimits:
    """A fresh record for one run; an older Marlin has one limit for printing and travelling."""
    limits, pushes = machine.limits, machine.limits.acceleration
    travel = pushes.travel if machine.firmware == "marlin2" else pushes.extruding
    record = np.zeros(1, LIMITS).view(np.recarray)[0]
    record.speed = _axes(limits.speed)
    record.acceleration = pushes.x, pushes.y, pushes.z, pushes.e
    record.jerk = _axes(limits.jerk_or_equivalent())
    record.push = record.most = pushes.extruding, pushes.retracting, travel
    record.deviation = 0.0 if limits.jerk else limits.junction_deviation_mm or 0.0
    return cast(MotionLimits, record)


def _axes(values: Axes) -> tuple[float, float, float, float]:
    return values.x, values.y, values.z, values.e
