"""Time from G-code by OctoPrint's own analysis, beside ours: `python -m bench.octoprint`.

Both are compared with PrusaSlicer's figure. OctoPrint lives in an environment of its own
(`printers.octoprint_home`), so its analysis runs there as a child. Three pieces of three sizes.
"""

import re
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.estimate_corpus import CORPUS, LONG_S, rows
from bench.gcode_time import sliced
from bench.table import Line, cpu, show
from designs import gcode
from designs.profiles import load
from designs.slicer.summary import read_summary
from printers.octoprint_home import default_home, executable

WHAT = "time from G-code beside OctoPrint's analysis"
GOAL = "nearer to the slicer's figure"
PIECES = 3
TOTAL = re.compile(r"^total_time:\s*([0-9.]+)", re.MULTILINE)


def main() -> list[Line]:
    """One line for each piece."""
    program = executable(default_home())
    if not CORPUS.is_dir():
        return [Line(WHAT, GOAL, f"no corpus at {CORPUS}")]
    if not program.is_file():
        return [Line(WHAT, GOAL, f"OctoPrint is not installed in {default_home()}: make demo installs it")]
    long = sorted((row for row in rows("nosup") if row.time_s >= LONG_S), key=lambda row: row.time_s)
    chosen = [long[(2 * n + 1) * len(long) // (2 * PIECES) - 1] for n in range(PIECES)]
    with TemporaryDirectory() as folder:
        files = [sliced(row.path, Path(folder), "0.20") for row in chosen]
        return [_line(file, program) for file in files if file is not None]


def _line(file: Path, program: Path) -> Line:
    machine, slicer_s = load().machine(), read_summary(file).time_s
    gcode.time(file, machine)  # the compiled code is loaded once
    our_cpu, ours = cpu(lambda: gcode.time(file, machine).total_s, 1)
    their_cpu, theirs = cpu(lambda: octoprint_s(file, program), 1)
    ours_off, theirs_off = (100 * abs(seconds / slicer_s - 1) for seconds in (ours, theirs))
    return Line(
        f"{WHAT}, {file.stem}", GOAL, f"{ours_off:.2f} % off, {our_cpu:.2f} s CPU",
        f"{theirs_off:.1f} % off, {their_cpu:.1f} s CPU", f"{their_cpu / our_cpu:.0f} times our CPU",
        ours_off <= theirs_off,
    )  # fmt: skip


def octoprint_s(file: Path, program: Path) -> float:
    """Seconds that OctoPrint's analysis says. Raises RuntimeError with its words when it says none."""
    done = subprocess.run(
        [str(program), "analysis", "gcode", str(file)],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    found = TOTAL.search(done.stdout)
    if found is None:
        raise RuntimeError(f"OctoPrint's analysis said no time: {(done.stdout + done.stderr)[-500:]}")
    return 60 * float(found[1])  # it counts in minutes


if __name__ == "__main__":
    show(main())
