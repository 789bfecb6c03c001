"""`python -m designs slice FILE… [-o OUT.gcode]`: G-code by the slicer of this machine."""

import hashlib
import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from designs.arrange import arrange
from designs.check import judge
from designs.commands import Row, Subparsers, each_file, file_command, output_for
from designs.commands.settings import add_settings, positive, settings
from designs.errors import Refused
from designs.mesh import Mesh
from designs.profiles import Machine
from designs.read import read
from designs.slicer import Placement, Sliced, SliceJob, Slicer, find_slicer, slice_key
from designs.slicer.place import put_in_place
from designs.slicer.summary import read_summary


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = file_command(subparsers, "slice")
    add_settings(parser)
    parser.add_argument("-o", "--output", type=Path, help="the G-code, or a directory for several")
    parser.add_argument("--copies", type=positive, default=1, metavar="N", help="on one plate")
    parser.add_argument("--slicer", metavar="PROGRAM", help="one that is not on PATH")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="keep results here and take them from here")


def run(args: Namespace) -> Iterator[Row]:
    """One row for each file: output, time_s, filament_mm, filament_g, layers, slicer, cached."""
    return each_file(args, lambda path: _one(path, args))


def _one(path: Path, args: Namespace) -> Row:
    slicer, out = find_slicer(args.slicer), output_for(args, path, ".gcode")
    with tempfile.TemporaryDirectory() as folder:
        job = _job(path, Path(folder) / "mesh.stl", args)
        kept = _kept(job, slicer, args.cache)
        cached = kept is not None and kept.is_file()
        target = kept or out
        sliced = read_summary(target) if cached else _slice(job, slicer, target)
    if kept is not None:
        put_in_place(kept, out)
    return _row(sliced, out, slicer, cached)


def _job(path: Path, stl: Path, args: Namespace) -> SliceJob:
    chosen = settings(args)
    _, mesh = judge(read(path))
    mesh.write_stl(stl)
    return SliceJob(stl, _placements(mesh, args.copies, chosen.machine), *chosen)


def _placements(mesh: Mesh, copies: int, machine: Machine) -> tuple[Placement, ...]:
    plate = arrange(mesh, copies, machine)
    if plate.left_over:
        most = len(plate.placements)
        message = f"{most} of {copies} copies fit on the bed of {machine.name}; ask for fewer."
        raise Refused("does_not_fit", message, fit=most, copies=copies)
    return plate.placements


def _kept(job: SliceJob, slicer: Slicer, cache: Path | None) -> Path | None:
    """Where the cache has this plate, or will have it."""
    if cache is None:
        return None
    cache.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(job.mesh_stl.read_bytes()).hexdigest()
    return cache / f"{slice_key(digest, job, slicer.version)}.gcode"


def _slice(job: SliceJob, slicer: Slicer, target: Path) -> Sliced:
    """Progress goes to a terminal only."""

    def show(fraction: float) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{fraction:4.0%}" if fraction < 1 else "\r    \r")
            sys.stderr.flush()

    return slicer.slice(job, target, on_progress=show, cancelled=lambda: False)


def _row(sliced: Sliced, out: Path, slicer: Slicer, cached: bool) -> Row:
    return {"output": str(out)} | asdict(sliced) | {"slicer": slicer.version, "cached": cached}
