"""The skirt: lines around the lowest layers of the piece, at some distance, that start the flow."""

from math import pi

import numpy as np

from designs.estimate.beads import bead_spacing
from designs.estimate.sections import Floats, Sections
from designs.profiles.model import Process

DIRECTIONS = 64
MOST_POINTS = 4000
FILAMENT = pi / 4 * 1.75**2  # mm²; the least length of a skirt is said in filament


def skirt_lengths(sections: Sections, process: Process) -> Floats:
    """Millimetres of skirt in every layer (layers,)."""
    layers = np.arange(sections.layers) < process.skirt.layers
    return np.where(layers, _around(_reach(sections, process), process), 0.0)


def _reach(sections: Sections, process: Process) -> float:
    """Mean over all directions of how far the lowest layers reach: times 2π, their hull's length (Cauchy)."""
    points = sections.start[:, sections.layer < max(1, process.skirt.layers)]
    if not points.size:
        return 0.0
    points = points[:, :: -(-points.shape[1] // MOST_POINTS)]
    angles = np.linspace(0, 2 * pi, DIRECTIONS, endpoint=False)
    return float((np.stack((np.cos(angles), np.sin(angles)), axis=1) @ points).max(axis=1).mean())


def _around(reach: float, process: Process) -> float:
    """The loops asked for, and more of them until the least length of filament is used."""
    skirt, width = process.skirt, process.widths.first_layer
    line = bead_spacing(width, process.first_layer_mm) * process.first_layer_mm
    least = skirt.min_length_mm * FILAMENT / line
    length, loops = 0.0, 0
    while skirt.loops and (loops < skirt.loops or length < least):
        length += 2 * pi * (reach + skirt.distance_mm + width * (loops + 0.5))
        loops += 1
    return length
