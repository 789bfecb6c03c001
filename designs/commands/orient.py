"""`python -m designs orient FILE…`: the best faces to rest on."""

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from designs.check import judge
from designs.commands import Row, Subparsers, each_file, file_command, output_for
from designs.commands.settings import add_settings, positive, settings
from designs.orient import Resting, orient
from designs.read import read


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = file_command(subparsers, "orient")
    add_settings(parser)
    parser.add_argument("--most", type=positive, default=4, metavar="N", help="how many faces to name")
    parser.add_argument("-o", "--output", type=Path, help="write the piece on its best face here (STL)")


def run(args: Namespace) -> Iterator[Row]:
    """One row for each file: faces, the quickest first, each with turn, height, supports and time."""

    def one(path: Path) -> Row:
        chosen = settings(args)
        _, mesh = judge(read(path))
        ways = orient(mesh, chosen.machine, chosen.process, chosen.material, most=args.most)
        row: Row = {"faces": [_face(way) for way in ways]}
        if args.output is not None:
            out = output_for(args, path, ".stl")
            ways[0].apply(mesh).write_stl(out)
            row["output"] = str(out)
        return row

    return each_file(args, one)


def _face(way: Resting) -> Row:
    sizes = {
        name: round(getattr(way, name), 1) for name in ("height_mm", "contact_mm2", "support_mm3", "time_s")
    }
    turn = [[round(value, 6) for value in line] for line in way.turn]
    return sizes | {"stable": way.stable, "as_given": way.as_given, "turn": turn}
