"""Fits `designs/estimate/constants.py` on one half of the corpus: `python -m bench.fit_estimate KEEP`.

Slices that half with PrusaSlicer from PATH (G-code is kept in the directory KEEP), takes the seconds of every
feature by our G-code planner, and looks for the constants that come nearest to the seconds of every feature,
to the slicer's own total, and to its filament. Supports have constants of their own, fitted after the others.
Prints what belongs into the file.
"""

import subprocess
import sys
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
from scipy.optimize import least_squares

from bench.estimate_corpus import LONG_S, Row, rows
from designs import gcode
from designs.estimate.constants import Constants
from designs.estimate.estimate import filament, judge
from designs.estimate.survey import Survey, survey
from designs.estimate.times import Drive
from designs.profiles import ini_text, load
from designs.read import read

PARTS = {
    "outer": ("External perimeter",),
    "inner": ("Perimeter", "Overhang perimeter"),
    "solid": ("Solid infill", "Gap fill"),
    "top": ("Top solid infill",),
    "bridge": ("Bridge infill",),
    "sparse": ("Internal infill",),
    "support": ("Support material", "Support material interface"),
    "travel": ("Travel", "Retraction", "Wipe"),
}
OF_SUPPORTS = ("support", "support_border", "support_turn_s", "interface", "retract_support")
STAY_NEAR = 0.02  # pull towards the plain guesses: what the data does not say is not invented


@dataclass(frozen=True, slots=True)
class Known:
    """One model of the half: what we see of it, and what PrusaSlicer says."""

    seen: Survey
    row: Row
    seconds: dict[str, float]


def main() -> None:
    """Slice, fit, print."""
    keep = Path(sys.argv[1])
    keep.mkdir(parents=True, exist_ok=True)
    profiles = load()
    drive = Drive(profiles.machine(), profiles.process(), profiles.material())
    plain = [name.name for name in fields(Constants) if name.name not in OF_SUPPORTS]
    fitted = fit(known("nosup", keep, drive), Constants(), plain, drive)
    fitted = fit(known("sup", keep, drive), fitted, list(OF_SUPPORTS), drive)
    for name in fields(Constants):
        print(f"    {name.name}={getattr(fitted, name.name):.4g},")


def known(kind: str, keep: Path, drive: Drive) -> list[Known]:
    """The training half, sliced."""
    here = [row for row in rows(kind) if not row.held_out and row.time_s >= LONG_S]
    found = []
    for row in here:
        out = keep / f"{row.path.name}.{kind}.gcode"
        if not out.exists():
            slice_to(row.path, out, kind == "sup", drive)
        seconds = gcode.time(out, drive.machine).by_feature
        found.append(Known(survey(read(row.path), drive.process, kind == "sup"), row, seconds))
        print(row.path.name, file=sys.stderr)
    return found


def slice_to(path: Path, out: Path, supports: bool, drive: Drive) -> None:
    """As the corpus was sliced."""
    ini = out.with_suffix(".ini")
    ini.write_text(ini_text(drive.machine, drive.process, drive.material, supports))
    command = ["nice", "prusa-slicer", "-g", "--load", str(ini), "--loglevel", "1", "--center", "125,105"]
    subprocess.run([*command, "-o", str(out), str(path)], check=True, capture_output=True)


def fit(models: list[Known], start: Constants, names: list[str], drive: Drive) -> Constants:
    """The constants of these names that come nearest; few large errors count less than many small ones."""
    first = np.array([getattr(start, name) for name in names])
    scale = np.maximum(first, 0.05)

    def misses(values: np.ndarray) -> np.ndarray:
        c = replace(start, **dict(zip(names, map(float, values), strict=True)))
        each = [_misses(one, c, drive) for one in models]
        return np.concatenate([*each, STAY_NEAR * (values - first) / scale])

    begin = np.maximum(first, 1e-6)
    steps = {"x_scale": scale, "diff_step": 1e-3, "max_nfev": 10}
    found = least_squares(misses, begin, bounds=(0, 5), loss="soft_l1", f_scale=0.02, **steps)
    return replace(start, **dict(zip(names, map(float, found.x), strict=True)))


def _misses(one: Known, c: Constants, drive: Drive) -> np.ndarray:
    """Errors of the parts as shares of the whole time, and of the whole time and the filament."""
    drawn, taken = judge(one.seen, drive, c)
    parts = [
        (float(getattr(taken, part).sum()) - sum(one.seconds.get(name, 0) for name in names)) / one.row.time_s
        for part, names in PARTS.items()
    ]
    time_s = float(taken.total().sum()) + drive.machine.purge_s
    used = filament(one.seen, drawn, drive, c)
    return np.array([*parts, np.log(time_s / one.row.time_s), np.log(used / one.row.filament_mm)])


if __name__ == "__main__":
    main()
