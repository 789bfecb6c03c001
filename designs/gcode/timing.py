"""The time of a G-code file by a planner with the machine's own limits, and the filament it uses."""

from dataclasses import dataclass
from math import pi
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from designs.gcode.limits import motion_limits
from designs.profiles import DEFAULT_MACHINE, Machine, Material, load

CM3 = 1000.0  # mm³


@dataclass(frozen=True, slots=True)
class GcodeTime:
    """`by_layer` has shape (layers + 1,), seconds; its first entry is what comes before the first layer.

    `by_feature` has the file's own names (`;TYPE:`) and Travel, Retraction, Wipe, Pause and Other.
    `filament_mm` is the most that was pushed out, so a last retraction does not count as filament saved.
    """

    total_s: float
    by_layer: NDArray[np.float64]
    by_feature: dict[str, float]
    filament_mm: float


def time(path: Path, machine: Machine) -> GcodeTime:
    """How long `machine` moves; without heating, homing and levelling, which no file tells.

    Raises `Refused("gcode_too_large")`. The first call ever on a machine compiles for some seconds.
    """
    from designs.gcode.load import read, read_bytes
    from designs.gcode.planner import plan

    reading = read(read_bytes(path), motion_limits(machine))
    names = reading.features()
    by_layer, by_feature = np.zeros(reading.layers + 1), np.zeros(len(names))
    plan(reading.blocks, by_layer, by_feature)
    named = {name: float(seconds) for name, seconds in zip(names, by_feature, strict=True) if seconds}
    return GcodeTime(float(by_layer.sum()), by_layer, named, float(reading.state.thread_most))


def layer_seconds(path: Path, machine: Machine) -> tuple[list[float], dict[str, float]]:
    """The seconds of each layer and of each feature, as `time` finds them, in plain values."""
    found = time(path, machine)
    return found.by_layer.tolist(), found.by_feature


def filament_until(path: Path, byte_pos: int, material: Material) -> float:
    """Grams of filament that a print used which stopped at byte `byte_pos` of its file."""
    from designs.gcode.load import read, read_bytes

    raw = read_bytes(path, byte_pos)
    whole_lines = raw if byte_pos >= path.stat().st_size else raw[: _after_last_newline(raw)]
    reading = read(whole_lines, motion_limits(load().machine(DEFAULT_MACHINE)))
    section_mm2 = pi / 4 * material.diameter_mm**2
    return float(reading.state.thread_most) * section_mm2 * material.density_g_cm3 / CM3


def _after_last_newline(raw: NDArray[np.uint8]) -> int:
    ends = np.flatnonzero(raw[-4096:] == 10)
    return max(0, len(raw) - 4096) + int(ends[-1]) + 1 if len(ends) else 0
