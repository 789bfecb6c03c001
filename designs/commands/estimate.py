"""`python -m designs estimate FILE…`: time, filament and cost of a print, from the mesh alone."""

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from designs.commands import Row, Subparsers, each_file, file_command
from designs.commands.settings import Settings, add_settings, settings


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    add_settings(file_command(subparsers, "estimate"))


def run(args: Namespace) -> Iterator[Row]:
    """One row for each file: time_s, time_low_s, time_high_s, filament_mm, filament_g, cost, source."""
    return each_file(args, lambda path: _one(path, settings(args)))


def _one(path: Path, chosen: Settings) -> Row:
    from designs.check import judge
    from designs.estimate import estimate
    from designs.read import read

    _, mesh = judge(read(path))
    return asdict(estimate(mesh, *chosen))
