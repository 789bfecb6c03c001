"""`python -m designs time OUT.gcode…`: how long a machine moves for a G-code file."""

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from designs import gcode
from designs.commands import Row, Subparsers, each_file, file_command
from designs.commands.settings import add_machine, machine


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    add_machine(file_command(subparsers, "time"))


def run(args: Namespace) -> Iterator[Row]:
    """One row for each file: time_s, filament_mm, by_feature (s), by_layer (s; first what comes before)."""

    def one(path: Path) -> Row:
        found = gcode.time(path, machine(args))
        return {
            "time_s": round(found.total_s, 1),
            "filament_mm": round(found.filament_mm, 1),
            "by_feature": {name: round(seconds, 1) for name, seconds in found.by_feature.items()},
            "by_layer": [round(float(seconds), 2) for seconds in found.by_layer],
        }

    return each_file(args, one)
