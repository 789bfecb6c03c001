"""The estimate beside PrusaSlicer's own figures: `python -m bench.estimate [--all] [--models]`.

Prints the table of docs/estimate.md: errors on the half of the corpus that the constants have not seen
(`--all`: on everything), CPU seconds beside those of slicing, and how often the stated range holds.
`--models` adds a line for each model. Without the corpus beside the checkout it says so and passes.
"""

import argparse
import sys
import time
from dataclasses import dataclass

import numpy as np

from bench.estimate_corpus import CORPUS, LONG_S, PROCESSES, Row, rows
from designs.errors import Refused
from designs.estimate import estimate
from designs.mesh import Mesh
from designs.profiles import load
from designs.read import read

GOALS = {
    "nosup": (4, 10),
    "sup": (6, None),
    "speed": (5, None),
    "gyroid": (5, None),
}  # per cent: median, 90th
FILAMENT_GOALS = (2, 6)


@dataclass(frozen=True, slots=True)
class Result:
    """One model: errors as shares, whether the range held and how wide it is, CPU seconds."""

    row: Row
    time: float
    filament: float
    held: bool
    width: float
    cpu_s: float


def main() -> None:
    """Estimate the corpus and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="also the half that the constants were fitted on")
    parser.add_argument("--models", action="store_true", help="a line for each model")
    args = parser.parse_args()
    if not CORPUS.is_dir():
        print(f"estimate: no corpus at {CORPUS}, nothing measured")
        sys.exit(0)
    estimate(
        _ball(8), load().machine(), load().process(), load().material()
    )  # imports are not an estimate's cost
    for kind in PROCESSES:
        _table(
            kind, [result for row in rows(kind) if args.all or row.held_out for result in _result(kind, row)]
        )
        if args.models:
            _models(kind, args.all)
    _large()


def _result(kind: str, row: Row) -> list[Result]:
    profiles = load()
    began = time.process_time()
    try:
        mesh = read(row.path)
        found = estimate(
            mesh, profiles.machine(), profiles.process(PROCESSES[kind]), profiles.material(), kind == "sup"
        )
    except Refused as refused:
        print(f"  {row.path.name}: refused, {refused.message}")
        return []
    return [
        Result(
            row,
            found.time_s / row.time_s - 1,
            found.filament_mm / row.filament_mm - 1,
            found.time_low_s <= row.time_s <= found.time_high_s,
            (found.time_high_s - found.time_low_s) / found.time_s / 2,
            time.process_time() - began,
        )
    ]


def _table(kind: str, results: list[Result]) -> None:
    long = [one for one in results if one.row.time_s >= LONG_S]
    groups = {
        f"{kind}, 10 min and more": long,
        f"{kind}, of these closed": [one for one in long if one.row.sound],
        f"{kind}, of these broken": [one for one in long if not one.row.sound],
        f"{kind}, under 10 min": [one for one in results if one.row.time_s < LONG_S],
    }
    for name, group in groups.items():
        if group:
            _line(name, group)
    if long:
        _goals(kind, long)


def _line(name: str, group: list[Result]) -> None:
    times, used = (np.abs([getattr(one, what) for one in group]) * 100 for what in ("time", "filament"))
    held = np.mean([one.held for one in group]) * 100
    width = np.median([one.width for one in group]) * 100
    cpu = np.median([one.cpu_s for one in group])
    ratio = np.median([one.row.cpu_s / one.cpu_s for one in group])
    print(
        f"{name:28} n={len(group):3}  time {_pair(times)}  filament {_pair(used)}  "
        f"range ±{width:.1f} % holds {held:.0f} %  CPU {cpu:.3f} s, slicing {ratio:.0f} times that"
    )


def _pair(errors: np.ndarray) -> str:
    return f"{np.median(errors):4.1f} / {np.percentile(errors, 90):4.1f} %"


def _goals(kind: str, long: list[Result]) -> None:
    """Say where a goal is missed: nothing fails silently."""
    wanted = {"time": GOALS[kind], "filament": FILAMENT_GOALS if kind == "nosup" else (None, None)}
    for what, goals in wanted.items():
        errors = np.abs([getattr(one, what) for one in long]) * 100
        for found, goal, name in zip(np.percentile(errors, (50, 90)), goals, ("median", "p90"), strict=True):
            if goal is not None and found > goal:
                print(f"  goal missed: {what}, {kind}, {name} {found:.1f} %, wanted {goal} %")


def _models(kind: str, everything: bool) -> None:
    for row in rows(kind):
        for one in _result(kind, row) if everything or row.held_out else []:
            errors = f"{one.time:+7.1%} {one.filament:+7.1%}"
            print(f"  {row.path.name:44} {row.time_s:8.0f} s {errors} {one.cpu_s:.3f} s")


def _large() -> None:
    """A wavy ball of a million triangles: CPU seconds without loading."""
    mesh = _ball(707)
    profiles = load()
    began = time.process_time()
    estimate(mesh, profiles.machine(), profiles.process(), profiles.material())
    print(f"{len(mesh)} triangles: CPU {time.process_time() - began:.2f} s")


def _ball(steps: int) -> Mesh:
    """A ball of 40 mm with waves, of 2 · steps² triangles."""
    around, up = np.meshgrid(np.linspace(0, 2 * np.pi, steps + 1), np.linspace(0, np.pi, steps + 1))
    r = 20 + 0.5 * np.sin(9 * around) * np.sin(up)
    points = np.stack(
        (r * np.sin(up) * np.cos(around), r * np.sin(up) * np.sin(around), -r * np.cos(up)), axis=-1
    )
    a, b, c, d = points[:-1, :-1], points[:-1, 1:], points[1:, 1:], points[1:, :-1]
    corners = np.concatenate((np.stack((a, b, c), axis=2), np.stack((a, c, d), axis=2)))
    return Mesh(corners.reshape(-1, 3, 3).astype(np.float32))


if __name__ == "__main__":
    main()
