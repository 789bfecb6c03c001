"""Seconds per layer: what is drawn, at the speeds the process asks for and the machine and the material
allow."""

from dataclasses import dataclass

import numpy as np

from designs.estimate.beads import bead_spacing
from designs.estimate.constants import Constants
from designs.estimate.cooling import speed_caps
from designs.estimate.kinematics import line_time
from designs.estimate.lines import Lines
from designs.estimate.runs import Runs
from designs.estimate.sections import Floats
from designs.estimate.survey import Survey
from designs.estimate.walls import slowdown
from designs.profiles.model import Machine, Material, Process


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds per layer (layers,) by what is done."""

    outer: Floats
    inner: Floats
    solid: Floats
    top: Floats
    bridge: Floats
    sparse: Floats
    skirt: Floats
    support: Floats
    travel: Floats

    def total(self) -> Floats:
        """Seconds of every layer."""
        drawn = self.outer + self.inner + self.solid + self.top + self.bridge + self.sparse + self.skirt
        return drawn + self.support + self.travel


@dataclass(frozen=True, slots=True)
class Drive:
    """The machine as one process drives it with one material."""

    machine: Machine
    process: Process
    material: Material

    def speed(self, wanted: float, layers: int) -> Floats:
        """What is left of a speed after the machine's and the material's limits, per layer."""
        limits, process = self.machine.limits.speed, self.process
        line = bead_spacing(process.widths.walls, process.layer_mm) * process.layer_mm
        flow = self.material.max_volumetric_mm3_s / line
        speed = np.full(layers, min(wanted, limits.x, limits.y, flow))
        speed[0] = min(process.speeds.first_layer, wanted)
        return speed

    def acceleration(self, wanted: float) -> float:
        """What is left of an acceleration after the machine's limits."""
        limits = self.machine.limits.acceleration
        return min(wanted, limits.x, limits.y, limits.extruding)

    @property
    def jerk(self) -> float:
        """Jerk along the slower of both axes, mm/s."""
        jerk = self.machine.limits.jerk_or_equivalent()
        return min(jerk.x, jerk.y)


def times(lines: Lines, survey: Survey, drive: Drive, c: Constants) -> Times:
    """Seconds of every layer."""
    regions, close, accelerations = survey.regions, survey.close, drive.process.accelerations
    travel = lines.retractions * travel_time(survey.walls.spread, drive, c)
    bridge = lines.bridge / drive.speed(drive.process.speeds.bridge, len(lines.outer))
    outer, inner, small, solid, top, sparse, skirt = _speeds(lines, survey, drive, c)
    walls = drive.acceleration(accelerations.walls)
    jerk = drive.machine.limits.jerk_or_equivalent()
    filled = Filled(lines.fill, drive.acceleration(accelerations.infill), c.line_end * drive.jerk)
    sparse_spacing = lines.spacing / max(drive.process.infill.density, 1e-3)
    return Times(
        outer=lines.outer / outer * slowdown(close, outer, walls, jerk),
        inner=(lines.inner / inner + lines.slow_inner / small) * slowdown(close, inner, walls, jerk),
        solid=filled.time(regions.solid, lines.solid, solid, lines.spacing),
        top=filled.time(regions.top, lines.top, top, lines.spacing),
        bridge=bridge,
        sparse=filled.time(regions.sparse, lines.sparse, sparse, sparse_spacing, c.sparse_turn_s),
        skirt=lines.skirt / skirt,
        support=_support(lines, survey, drive, c),
        travel=travel,
    )


def _support(lines: Lines, survey: Survey, drive: Drive, c: Constants) -> Floats:
    s, layers = drive.process.speeds, len(lines.outer)
    drawn = lines.support / drive.speed(s.support, layers)
    return (
        drawn
        + lines.interface / drive.speed(s.support_interface, layers)
        + c.support_turn_s * survey.supports.border
    )


def _speeds(lines: Lines, survey: Survey, drive: Drive, c: Constants) -> Floats:
    """Speeds (kinds, layers) after cooling: outer, inner and small walls, solid, top, sparse, skirt."""
    s, layers = drive.process.speeds, len(lines.outer)
    wanted = (s.outer_wall, s.inner_wall, s.small_wall, s.solid, s.top, s.infill, s.support)
    speeds = np.stack([drive.speed(one, layers) for one in wanted])
    walls = (lines.outer, lines.inner, lines.slow_inner)
    drawn = np.stack((*walls, lines.solid, lines.top, lines.sparse, lines.skirt))
    travel = lines.retractions * c.travel_spread * survey.walls.spread / s.travel
    support = lines.support / s.support + lines.interface / s.support_interface
    other = lines.bridge / drive.speed(s.bridge, layers) + support + travel
    return np.minimum(speeds, speed_caps(drawn, speeds, other, drive.material.cooling))


@dataclass(frozen=True, slots=True)
class Filled:
    """How lines of infill are driven: the factor on their number, acceleration, speed at their ends."""

    share: Floats
    acceleration: float
    ends: float

    def time(self, runs: Runs, length: Floats, speed: Floats, spacing: Floats, turn_s: float = 0) -> Floats:
        """Length over speed, and for each line what its ramps cost and the turn to the next."""
        lost = runs.total(lambda mm: line_time(mm, speed, self.acceleration, self.ends) - mm / speed)
        return length / speed + self.share * (lost + turn_s * runs.width) / spacing


def travel_time(spread: Floats, drive: Drive, c: Constants) -> Floats:
    """Seconds of one retraction, lift, travel, and back to where drawing goes on (layers,)."""
    machine, limits = drive.machine, drive.machine.limits
    back, jerk = machine.retraction, limits.jerk_or_equivalent()
    speed = np.full(len(spread), min(drive.process.speeds.travel, limits.speed.x, limits.speed.y))
    acceleration = drive.acceleration(drive.process.accelerations.default)
    across = line_time(c.travel_spread * spread, speed, acceleration, drive.jerk)
    one = np.ones(1)
    lift = line_time(
        back.lift_mm, one * min(drive.process.speeds.travel_z, limits.speed.z), limits.acceleration.z, jerk.z
    )
    pull = line_time(
        back.length_mm, one * min(back.speed_mm_s, limits.speed.e), limits.acceleration.retracting, jerk.e
    )
    return across + 2 * float(lift[0]) + 2 * float(pull[0])
