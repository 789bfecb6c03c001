"""The cross-section of what the nozzle lays down."""

from math import pi


def bead_spacing(width: float, height: float) -> float:
    """Distance between the middles of neighbouring lines: the sides of a line are half circles."""
    return width - height * (1 - pi / 4)
