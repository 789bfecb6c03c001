"""`python -m designs arrange FILE… --copies N`: where copies stand on a bed, and what the plate takes."""

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np

from designs.arrange import CLEARANCE_MM, Arrangement, arrange
from designs.check import judge
from designs.commands import Row, Subparsers, each_file, file_command
from designs.commands.settings import Settings, add_settings, positive, settings
from designs.mesh import Mesh
from designs.read import read
from designs.slicer.plate import placed_copies


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = file_command(subparsers, "arrange")
    add_settings(parser)
    parser.add_argument("--copies", type=positive, default=1, metavar="N", help="as many as fit of these")
    parser.add_argument("--clearance", type=float, default=CLEARANCE_MM, metavar="MM", help="between copies")


def run(args: Namespace) -> Iterator[Row]:
    """One row for each file: copies, left_over, placements and the estimate of the plate."""

    def one(path: Path) -> Row:
        chosen = settings(args)
        _, mesh = judge(read(path))
        plate = arrange(mesh, args.copies, chosen.machine, args.clearance)
        places = [{name: round(value, 3) for name, value in asdict(p).items()} for p in plate.placements]
        return {
            "copies": len(places),
            "left_over": plate.left_over,
            "estimate": _plate_estimate(mesh, plate, chosen),
            "placements": places,
        }

    return each_file(args, one)


def _plate_estimate(mesh: Mesh, plate: Arrangement, chosen: Settings) -> Row | None:
    """All copies at once: a full layer needs no waiting for its plastic to cool, where a single piece may."""
    if not plate.placements:
        return None
    from designs.estimate import estimate  # the placements do not need it

    copies = placed_copies(mesh, plate.placements, chosen.machine)
    everything = Mesh(np.concatenate([copy.triangles for copy in copies]))
    return asdict(estimate(everything, *chosen))
