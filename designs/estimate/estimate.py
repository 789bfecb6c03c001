"""The estimate: from layers to seconds, filament and money."""

from dataclasses import dataclass
from math import pi

import numpy as np

from designs.estimate.sections import Floats, cut
from designs.mesh import Mesh
from designs.profiles.model import Machine, Material, Process


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one print takes. `time_s` counts as slicers count: from the purge line on, without heating and homing;
    the true figure is expected between `time_low_s` and `time_high_s`. `cost` is in EUR."""

    time_s: float
    time_low_s: float
    time_high_s: float
    filament_mm: float
    filament_g: float
    cost: float
    source: str = "mesh"


def estimate(
    mesh: Mesh, machine: Machine, process: Process, material: Material, supports: bool = False
) -> Estimate:
    """The estimate of one piece as it stands; open or inverted meshes are taken as they are."""
    sections = cut(mesh.placed().triangles, process.first_layer_mm, process.layer_mm)
    areas, outlines = np.abs(sections.areas()), sections.outlines()
    width, speeds = process.widths.walls, process.speeds
    walls = np.minimum(process.walls * outlines, areas / width)
    inside = np.maximum(areas - walls * width, 0)
    solid = np.maximum(inside - _smallest_around(inside, process), 0)
    solid_length = solid / width
    sparse_length = (inside - solid) * process.infill.density / width
    length = walls + solid_length + sparse_length
    time = 1.4 * (
        walls / (speeds.outer_wall + speeds.inner_wall) * 2
        + solid_length / (speeds.solid / 2)
        + sparse_length / (speeds.infill * 0.8)
    )
    time = np.where(areas > 0, np.maximum(time, np.minimum(material.cooling.min_layer_s, length / 15)) + 1, 0)
    time_s = float(time.sum()) + machine.purge_s
    volume = float((length * width).sum()) * process.layer_mm
    return _priced(time_s, volume / (pi / 4 * material.diameter_mm**2) + machine.purge_mm, machine, material)


def _smallest_around(areas: Floats, process: Process) -> Floats:
    """Area that is inside on all of the layers that make the shell; outside of the piece there is nothing."""
    below, above = process.bottom_layers, process.top_layers
    padded = np.pad(areas, (below, above))
    return np.lib.stride_tricks.sliding_window_view(padded, below + above + 1).min(axis=1)


def _priced(time_s: float, filament_mm: float, machine: Machine, material: Material) -> Estimate:
    grams = filament_mm * pi / 4 * material.diameter_mm**2 / 1000 * material.density_g_cm3
    cost = grams / 1000 * material.price_eur_kg + time_s / 3600 * machine.hourly_cost
    return Estimate(time_s, 0.75 * time_s, 1.35 * time_s, filament_mm, grams, round(cost, 2))
