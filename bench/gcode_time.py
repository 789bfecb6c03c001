"""Time from G-code: our planner beside PrusaSlicer's own figure, on sliced models of the corpus.

`python -m bench.gcode_time [--every N] [--keep DIR]`: prints one line per model, then a summary.
PrusaSlicer's figure is whole seconds, so jobs under 10 min are left out of the summary's error.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bench.estimate_corpus import CORPUS, LONG_S
from bench.table import Line, cpu, show
from designs import gcode
from designs.errors import DesignError
from designs.profiles import load
from designs.read import read
from designs.slicer import Placement, SliceJob, Slicer, find_slicer
from designs.slicer.summary import read_summary

WHAT, GOAL = "time from G-code", "90th percentile ≤ 1 %"
FIRST_CALLS = 3
FIRST_CALL = """
import sys, time
began, spent = time.perf_counter(), time.process_time()
from pathlib import Path
from designs import gcode
from designs.profiles import load
gcode.time(Path(sys.argv[1]), load().machine())
print(time.process_time() - spent, time.perf_counter() - began)
"""


def main(words: Sequence[str] = ()) -> list[Line]:
    """Slice, time, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=8, help="take every Nth model")
    parser.add_argument("--process", default="0.20")
    parser.add_argument("--keep", type=Path, help="keep the G-code here and take it from here")
    args = parser.parse_args(words)
    if not CORPUS.is_dir():
        return [Line(WHAT, GOAL, f"no corpus at {CORPUS}")]
    try:
        find_slicer()
    except DesignError as error:
        return [Line(WHAT, GOAL, f"no slicer: {error.message}")]
    with TemporaryDirectory() as folder:
        kept = args.keep or Path(folder)
        kept.mkdir(parents=True, exist_ok=True)
        models = sorted((CORPUS / "files").iterdir())[:: args.every]
        files = [path for model in models if (path := sliced(model, kept, args.process)) is not None]
        return report(files)


def sliced(model: Path, folder: Path, process: str) -> Path | None:
    """The G-code of one model in the middle of the bed, or None where it cannot be printed."""
    out = folder / f"{model.stem}-{process}.gcode"
    if not out.is_file():
        try:
            slice_one(find_slicer(), model, out, process)
        except DesignError as error:
            print(f"{model.name:50} left out: {error}")
            return None
    return out


def slice_one(slicer: Slicer, model: Path, out: Path, process: str) -> None:
    """Our way from a model to its G-code."""
    profiles = load()
    machine = profiles.machine()
    with TemporaryDirectory() as folder:
        stl = Path(folder) / "mesh.stl"
        read(model).write_stl(stl)
        middle = Placement(machine.bed_mm[0] / 2, machine.bed_mm[1] / 2)
        job = SliceJob(stl, (middle,), machine, profiles.process(process), profiles.material())
        slicer.slice(job, out, on_progress=lambda _: None, cancelled=lambda: False)


def report(files: list[Path]) -> list[Line]:
    """One line per file on the screen, and the figures of all together."""
    machine = load().machine()
    gcode.time(files[0], machine)
    errors, megabytes, spent = [], 0.0, 0.0
    for path in files:
        theirs = read_summary(path).time_s
        seconds, found = cpu(lambda path=path: gcode.time(path, machine))  # type: ignore[misc]
        ours = found.total_s
        spent, megabytes = spent + seconds, megabytes + path.stat().st_size / 1e6
        error = 100 * (ours / theirs - 1)
        errors += [abs(error)] if theirs >= LONG_S else []
        print(f"{path.stem:50} {theirs:9.0f} s by the slicer {ours:11.1f} s by us {error:+7.3f} %")
    p90, speed = float(np.percentile(errors, 90)), megabytes / spent
    first, wall = min(first_call(files[0]) for _ in range(FIRST_CALLS))
    said = f"{np.median(errors):.3f} / {p90:.3f} %, most {max(errors):.3f} %, {len(errors)} jobs"
    return [
        Line(f"{WHAT}, median / 90th percentile", GOAL, said, "PrusaSlicer's figure", "—", p90 <= 1),
        Line(f"{WHAT}, speed after warm-up, CPU", "≥ 100 MB/s", f"{speed:.0f} MB/s", met=speed >= 100),
        Line(f"{WHAT}, first call, CPU", "≤ 1 s", f"{first:.2f} s, {wall:.2f} s of wall", met=first <= 1),
    ]


def first_call(path: Path) -> tuple[float, float]:
    """CPU and wall seconds from the first import to the answer, compiled code kept."""
    done = subprocess.run(
        [sys.executable, "-c", FIRST_CALL, str(path)], capture_output=True, text=True, check=True
    )
    spent, wall = done.stdout.split()
    return float(spent), float(wall)


if __name__ == "__main__":
    show(main(sys.argv[1:]))
