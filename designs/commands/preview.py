"""`python -m designs preview FILE… [-o OUT.mlp]`: a mesh of at most a megabyte for the browser."""

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from designs.check import judge
from designs.commands import Row, Subparsers, each_file, file_command, output_for
from designs.preview import MOST_BYTES, preview
from designs.read import read


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = file_command(subparsers, "preview")
    parser.add_argument("-o", "--output", type=Path, help="the preview, or a directory for several")
    parser.add_argument("--most-bytes", type=int, default=MOST_BYTES)


def run(args: Namespace) -> Iterator[Row]:
    """One row for each file: where its preview is, and its bytes."""

    def one(path: Path) -> Row:
        small = preview(judge(read(path))[1].placed(), args.most_bytes)
        out = output_for(args, path, ".mlp")
        out.write_bytes(small)
        return {"output": str(out), "bytes": len(small)}

    return each_file(args, one)
