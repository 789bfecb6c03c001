"""The estimate of a piece: cut, measured, filled, drawn and timed, layer by layer."""

from dataclasses import dataclass
from math import pi

import numpy as np

from designs.estimate.beads import bead_spacing
from designs.estimate.constants import FITTED, RANGE_OF_SUPPORTS, RANGE_S, RANGE_SHARE, Constants
from designs.estimate.lines import Lines, lines
from designs.estimate.survey import Survey, survey
from designs.estimate.times import Drive, Times, times
from designs.mesh import Mesh
from designs.profiles.cost import cost_eur
from designs.profiles.model import Machine, Material, Process


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one print takes. `time_s` counts as slicers count, from the purge line on, without heating and
    homing; the true figure is expected between `time_low_s` and `time_high_s`. `cost` is in EUR."""

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
    drive = Drive(machine, process, material)
    found = survey(mesh, process, supports)
    drawn, taken = judge(found, drive, FITTED)
    time_s = float(taken.total().sum()) + machine.purge_s
    filament_mm = filament(found, drawn, drive, FITTED)
    half = RANGE_SHARE * time_s + RANGE_OF_SUPPORTS * float(taken.support.sum()) + RANGE_S
    return _priced(time_s, max(time_s - half, 0.0), time_s + half, filament_mm, drive)


def judge(found: Survey, drive: Drive, c: Constants) -> tuple[Lines, Times]:
    """What is drawn, and how long it takes, per layer."""
    drawn = lines(found, drive.process, c)
    return drawn, times(drawn, found, drive, c)


def filament(found: Survey, drawn: Lines, drive: Drive, c: Constants) -> float:
    """Millimetres of filament, without the purge line, as slicers count it.

    Walls fill the band that they stand in, whatever their number: that holds for thin walls too.
    """
    process, widths = drive.process, drive.process.widths
    heights = np.full(len(found.areas), process.layer_mm)
    heights[0] = process.first_layer_mm
    wall, held = (bead_spacing(width, process.layer_mm) for width in (widths.walls, widths.support))
    fill = (drawn.solid + drawn.sparse + drawn.bridge * process.bridge_flow) * drawn.spacing
    across = (
        c.wall_volume * found.walls.band
        + c.fill_volume * (fill + drawn.top * drawn.top_spacing)
        + drawn.skirt * wall
        + (drawn.support + drawn.interface) * held
    )
    return float((across * heights).sum()) / (pi / 4 * drive.material.diameter_mm**2)


def _priced(time_s: float, low: float, high: float, filament_mm: float, drive: Drive) -> Estimate:
    material = drive.material
    grams = filament_mm * pi / 4 * material.diameter_mm**2 / 1000 * material.density_g_cm3
    cost = cost_eur(drive.machine, material, grams=grams, seconds=time_s)
    return Estimate(time_s, low, high, filament_mm, grams, round(cost, 2))
