"""`python -m designs repair FILE… -o OUT.stl`: small, safe repairs, as a new file."""

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from designs.commands import Row, Subparsers, each_file, file_command, output_for
from designs.errors import Refused
from designs.read import read


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = file_command(subparsers, "repair")
    parser.add_argument(
        "-o", "--output", type=Path, required=True, help="the new STL file, or a directory for several"
    )


def run(args: Namespace) -> Iterator[Row]:
    """One row for each file: where the new file is, and the `steps`: what was done."""

    def one(path: Path) -> Row:
        from designs.repair import repair

        out = output_for(args, path, ".stl")
        if out.exists() and out.samefile(path):
            raise Refused(
                "same_file", "A repair never replaces the file it was made from; give another name."
            )
        done = repair(read(path))
        done.mesh.write_stl(out)
        return {
            "output": str(out),
            "triangles": len(done.mesh),
            "steps": [step.message for step in done.steps],
        }

    return each_file(args, one)
