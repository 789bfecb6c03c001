"""How many copies fit on a bed: our arrangement beside bounding boxes and PrusaSlicer's own arrange.

`python -m bench.plates [--every N]`, on every model of the corpus. All three have the same room (the bed
without our margin), keep the same distance between copies and are asked for at most MOST: nobody prints more
at once. Where that many boxes fit, PrusaSlicer is not asked.
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
MOST = 100


def main(words: Sequence[str] = ()) -> list[Line]:
    """One line per model on the screen, then whether the goal holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="take every Nth model")
    args = parser.parse_args(words)
    if not CORPUS.is_dir():
        return [Line(WHAT, GOAL, f"no corpus at {CORPUS}")]
    if shutil.which("prusa-slicer") is None:
        return [Line(WHAT, GOAL, "prusa-slicer is not on PATH")]
    models = sorted((CORPUS / "files").iterdir())[:: args.every]
    gaps = {}
    for number, path in enumerate(models, 1):
        print(f"{number:3}/{len(models)} {path.name:45}", end=" ", flush=True)
        gaps[path.name] = compared(path)
    return [_line({name: gap for name, gap in gaps.items() if gap is not None}, len(models))]


def _line(gaps: dict[str, int], models: int) -> Line:
    fewer = [name for name, gap in gaps.items() if gap < 0]
    more = sum(gap > 0 for gap in gaps.values())
    said = (
        f"fewer on {len(fewer)}, more on {more} of {models} models, {models - len(gaps)} cannot be arranged"
    )
    said += f": {', '.join(fewer)}" if fewer else ""
    return Line(WHAT, GOAL, said, "boxes, PrusaSlicer's arrange", "—", not fewer)


def compared(path: Path) -> int | None:
    """Our copies minus those of the better peer; None for what has no area on the bed or is too tall."""
    try:
        mesh = read(path).placed()
        began = time.perf_counter()
        ours = len(arrange(mesh, MOST, load().machine()).placements)
        seconds = time.perf_counter() - began
        boxes = min(MOST, len(grid(hull(mesh), room()).places))
    except DesignError as error:
        print(f"left out: {error.code}", flush=True)
        return None
    theirs = MOST if boxes == MOST else prusaslicer(mesh, max(boxes, ours))
    print(f"boxes {boxes:3}  PrusaSlicer {theirs:3}  ours {ours:3}  ({seconds:.1f} s)", flush=True)
    return ours - max(boxes, theirs)


def room() -> Room:
    """The bed without our margin."""
    width, depth = load().machine().bed_mm
    return Room(width - 2 * MARGIN_MM, depth - 2 * MARGIN_MM, CLEARANCE_MM)


def prusaslicer(mesh: Mesh, about: int) -> int:
    """The most copies that PrusaSlicer arranges, by halving the interval."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        mesh.write_stl(folder / "piece.stl")
        machine = replace(load().machine(), bed_mm=room()[:2])
        (folder / "settings.ini").write_text(ini_text(machine, load().process(), load().material()))
        low, high = 0, min(MOST, 2 * about + 2) + 1
        middle = min(about + 1, high - 1)  # the first question already decides who is better
        while high - low > 1:
            low, high = (middle, high) if fits(folder, middle) else (low, middle)
            middle = (low + high) // 2
    return low


def fits(folder: Path, copies: int) -> bool:
    """Whether PrusaSlicer finds a place for all of them; it says so with status 1 otherwise."""
    words = ["prusa-slicer", "--duplicate", str(copies), "--duplicate-distance", f"{CLEARANCE_MM:g}"]
    words += ["--load", "settings.ini", "--export-3mf", "--output", "plate.3mf", "piece.stl"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    return "could not fit" not in done.stdout + done.stderr and done.returncode == 0


if __name__ == "__main__":
    show(main(sys.argv[1:]))
