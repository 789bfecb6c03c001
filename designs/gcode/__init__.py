"""Reading G-code: its time by a planner, the filament it uses, and whether it is safe to print."""

from designs.gcode.check import check_gcode
from designs.gcode.timing import GcodeTime, filament_until, layer_seconds, time

__all__ = ["GcodeTime", "check_gcode", "filament_until", "layer_seconds", "time"]
