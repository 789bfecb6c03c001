"""`python -m designs thumbnail FILE… [-o OUT.png]`: a picture, without GL and without a display."""

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from designs.check import judge
from designs.commands import Row, Subparsers, each_file, file_command, output_for
from designs.read import read
from designs.thumbnail import TERRACOTTA, parse_colour, render


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = file_command(subparsers, "thumbnail")
    parser.add_argument("-o", "--output", type=Path, help="the picture, or a directory for several")
    parser.add_argument("--size", type=int, default=512, help="edge in pixels")
    parser.add_argument("--colour", type=parse_colour, default=TERRACOTTA, help="of the piece, as #rrggbb")
    parser.add_argument("--background", type=parse_colour, help="as #rrggbb; without it, transparent")


def run(args: Namespace) -> Iterator[Row]:
    """One row for each file: where its picture is, and its bytes."""

    def one(path: Path) -> Row:
        check, mesh = judge(read(path))
        picture = render(mesh, args.size, args.colour, args.background, two_sided=not check.watertight)
        out = output_for(args, path, ".png")
        out.write_bytes(picture)
        return {"output": str(out), "bytes": len(picture)}

    return each_file(args, one)
