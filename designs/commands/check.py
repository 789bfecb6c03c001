"""`python -m designs check FILE…`: is it printable?"""

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from designs.check import check
from designs.commands import Row, Subparsers, each_file, file_command
from designs.read import read


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    file_command(subparsers, "check")


def run(args: Namespace) -> Iterator[Row]:
    """One row for each file: triangles, size_mm, volume_mm3, watertight, oriented, bodies, problems."""
    return each_file(args, _one)


def _one(path: Path) -> Row:
    return check(read(path)).as_row()
