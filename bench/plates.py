"""How many copies fit on a bed: our arrangement beside bounding boxes and PrusaSlicer's own arrange.

`python bench/plates.py CORPUS [--every N]`. All three have the same room (the bed without our margin) and the
same distance between copies. Pieces of which more than MOST boxes fit are left out: nobody prints so many
at once.
"""

import argparse
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from designs.arrange import CLEARANCE_MM, MARGIN_MM, arrange
from designs.errors import DesignError
from designs.mesh import Mesh
from designs.packing.lattice import Room, grid
from designs.packing.outline import hull
from designs.profiles import ini_text, load
from designs.read import read

MOST = 60


def main() -> None:
    """One line per model, then whether the goal holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--every", type=int, default=4, help="take every Nth model")
    args = parser.parse_args()
    gaps = [
        gap
        for path in sorted((args.corpus / "files").iterdir())[:: args.every]
        if (gap := compared(path)) is not None
    ]
    print(f"{len(gaps)} models; fewer copies than the better peer: {sum(gap < 0 for gap in gaps)}", end="; ")
    print(f"more: {sum(gap > 0 for gap in gaps)}")


def compared(path: Path) -> int | None:
    """Our copies minus those of the better peer, or None for a model that is left out."""
    machine = load().machine()
    try:
        mesh = read(path).placed()
        boxes = len(grid(hull(mesh), room()).places)
        if not 1 <= boxes <= MOST:
            return None
        began = time.perf_counter()
        ours = len(arrange(mesh, 1000, machine).placements)
    except DesignError:
        return None
    seconds = time.perf_counter() - began
    theirs = prusaslicer(mesh, boxes)
    print(
        f"{path.stem:45} boxes {boxes:3}  PrusaSlicer {theirs:3}  ours {ours:3}  ({seconds:.1f} s)",
        flush=True,
    )
    return ours - max(boxes, theirs)


def room() -> Room:
    """The bed without our margin."""
    width, depth = load().machine().bed_mm
    return Room(width - 2 * MARGIN_MM, depth - 2 * MARGIN_MM, CLEARANCE_MM)


def prusaslicer(mesh: Mesh, at_least: int) -> int:
    """The most copies that PrusaSlicer arranges, by halving the interval."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        mesh.write_stl(folder / "piece.stl")
        machine = replace(load().machine(), bed_mm=room()[:2])
        (folder / "settings.ini").write_text(ini_text(machine, load().process(), load().material()))
        low, high = 0, 2 * at_least + 4
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if fits(folder, middle) else (low, middle)
    return low


def fits(folder: Path, copies: int) -> bool:
    """Whether PrusaSlicer finds a place for all of them; it says so with status 1 otherwise."""
    words = ["prusa-slicer", "--duplicate", str(copies), "--duplicate-distance", f"{CLEARANCE_MM:g}"]
    words += ["--load", "settings.ini", "--export-3mf", "--output", "plate.3mf", "piece.stl"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    return "could not fit" not in done.stdout + done.stderr and done.returncode == 0


if __name__ == "__main__":
    main()
