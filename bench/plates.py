"""How many copies fit on a bed: our arrangement beside bounding boxes and PrusaSlicer's own arrange.

`python -m bench.plates [--every N]`. All three have the same room (the bed without our margin) and the
same distance between copies. Pieces of which more than MOST boxes fit are left out: nobody prints so many
at once.
"""

import argparse
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.estimate_corpus import CORPUS
from bench.table import Line, show
from designs.arrange import CLEARANCE_MM, MARGIN_MM, arrange
from designs.errors import DesignError
from designs.mesh import Mesh
from designs.packing.lattice import Room, grid
from designs.packing.outline import hull
from designs.profiles import ini_text, load
from designs.read import read

WHAT, GOAL = "copies on a plate", "no fewer than the better peer"
MOST = 60


def main(words: Sequence[str] = ()) -> list[Line]:
    """One line per model on the screen, then whether the goal holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=8, help="take every Nth model")
    args = parser.parse_args(words)
    if not CORPUS.is_dir():
        return [Line(WHAT, GOAL, f"no corpus at {CORPUS}")]
    if shutil.which("prusa-slicer") is None:
        return [Line(WHAT, GOAL, "prusa-slicer is not on PATH")]
    models = sorted((CORPUS / "files").iterdir())[:: args.every]
    gaps = [gap for path in models if (gap := compared(path)) is not None]
    fewer, more = sum(gap < 0 for gap in gaps), sum(gap > 0 for gap in gaps)
    said = f"fewer on {fewer}, more on {more} of {len(gaps)} models"
    return [Line(WHAT, GOAL, said, "boxes, PrusaSlicer's arrange", "—", fewer == 0)]


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
    show(main(sys.argv[1:]))
