"""What the planner knows of a machine, as plain arrays for compiled code. Axes in the order x, y, z, e."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from designs.profiles import Machine
from designs.profiles.model import Axes

PRINTING, RETRACTING, TRAVELLING = 0, 1, 2


class MotionLimits(NamedTuple):
    """The limits in force; M201, M203, M204 and M205 in a file change them, as they do in the firmware.

    speed (mm/s), acceleration (mm/s²) and jerk (mm/s) have shape (4,). `push` is the acceleration in force
    by kind of move (printing, retracting, travelling) and `most` the highest that the machine takes for each.
    `deviation` has shape (1,): the junction deviation in mm, or 0 where jerk decides.
    """

    speed: NDArray[np.float64]
    acceleration: NDArray[np.float64]
    jerk: NDArray[np.float64]
    push: NDArray[np.float64]
    most: NDArray[np.float64]
    deviation: NDArray[np.float64]


def motion_limits(machine: Machine) -> MotionLimits:
    """Fresh arrays for one run; an older Marlin has one limit for printing and travelling."""
    limits, pushes = machine.limits, machine.limits.acceleration
    travel = pushes.travel if machine.firmware == "marlin2" else pushes.extruding
    most = np.array([pushes.extruding, pushes.retracting, travel])
    return MotionLimits(
        speed=_axes(limits.speed),
        acceleration=np.array([pushes.x, pushes.y, pushes.z, pushes.e]),
        jerk=_axes(limits.jerk_or_equivalent()),
        push=most.copy(),
        most=most,
        deviation=np.array([0.0 if limits.jerk else limits.junction_deviation_mm or 0.0]),
    )


def _axes(values: Axes) -> NDArray[np.float64]:
    return np.array([values.x, values.y, values.z, values.e], dtype=np.float64)
