"""The estimate beside PrusaSlicer's own figures: `python -m bench.estimate [--all] [--models]`.

Errors on the half of the corpus that the constants have not seen, how often the stated range holds, and CPU
seconds beside those of slicing. `--models` prints the table of docs/estimate.md with a line for each model,
`--all` the same on everything. Without the corpus beside the checkout it says so and passes.
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bench.estimate_corpus import CORPUS, LONG_S, PROCESSES, Row, rows
from bench.shapes import torus
from bench.table import Line, cpu, show
from designs.errors import Refused
from designs.estimate import estimate
from designs.profiles import load
from designs.read import read

GOALS = {
    "nosup": (4, 10),
    "sup": (6, None),
    "speed": (5, None),
    "gyroid": (5, None),
}  # per cent: median, 90th
FILAMENT_GOALS = (2, 6)
KINDS = {"nosup": "0.20", "sup": "with supports", "speed": "0.20-speed", "gyroid": "0.20-gyroid"}


@dataclass(frozen=True, slots=True)
class Result:
    """One model: errors as shares, whether the range held and how wide it is, CPU seconds."""

    row: Row
    time: float
    filament: float
    held: bool
    width: float
    cpu_s: float


def main() -> list[Line]:
    """Estimate the corpus and give the lines of the half that the constants have not seen."""
    if not CORPUS.is_dir():
        return [Line("time and filament from the mesh", "see docs/estimate.md", f"no corpus at {CORPUS}")]
    _warm_up()
    found = {kind: results(kind) for kind in PROCESSES}
    lines = [line for kind, all_ in found.items() for line in _lines(kind, _long(all_))]
    return [*lines, *_broken_lines(_long(found["nosup"])), *_cpu_lines(_long(found["nosup"])), _large()]


def tables(everything: bool, models: bool) -> None:
    """Print the table of docs/estimate.md; `everything`: also with the half that was fitted on; `models`:
    also a line for each model."""
    _warm_up()
    for kind in PROCESSES:
        found = results(kind, everything)
        _table(kind, found)
        if models:
            _models(found)


def results(kind: str, everything: bool = False) -> list[Result]:
    """Estimates of the models that the constants have not seen; of all, with `everything`."""
    chosen = (row for row in rows(kind) if everything or row.held_out)
    return [result for row in chosen for result in _result(kind, row)]


def _warm_up() -> None:
    """Imports are not an estimate's cost."""
    estimate(torus(200)[0], load().machine(), load().process(), load().material())


def _long(found: list[Result]) -> list[Result]:
    return [one for one in found if one.row.time_s >= LONG_S]


def _lines(kind: str, long: list[Result]) -> Iterator[Line]:
    """Errors of time, and of filament where there is a goal for it; the range for the main process."""
    n = f"{KINDS[kind]}, {len(long)} held-out pieces"
    yield _error_line(f"time, {n}", [one.time for one in long], GOALS[kind])
    if kind == "nosup":
        yield _error_line(f"filament, {n}", [one.filament for one in long], FILAMENT_GOALS)
        held = float(np.mean([one.held for one in long])) * 100
        width = float(np.median([one.width for one in long])) * 100
        words = f"{held:.0f} %, ±{width:.1f} %"
        yield Line(f"the range holds, {n}", "80–95 %", words, "PrusaSlicer 2.5.0", "—", 80 <= held <= 95)


def _broken_lines(long: list[Result]) -> Iterator[Line]:
    """Open or inverted pieces, which the lines above count, too, by themselves: median and worst."""
    broken = [one for one in long if not one.row.sound]
    if broken:
        times, used = (
            sorted(abs(getattr(one, what)) * 100 for one in broken) for what in ("time", "filament")
        )
        words = "time {:.1f} / {:.1f} %, filament {:.1f} / {:.1f} %"
        measured = words.format(times[len(times) // 2], times[-1], used[len(used) // 2], used[-1])
        what = f"{len(broken)} of these held-out pieces are broken: median / worst"
        yield Line(what, "told apart", measured, "PrusaSlicer 2.5.0")


def _error_line(what: str, errors: list[float], goals: tuple[float, float | None]) -> Line:
    median, ninth = np.percentile(np.abs(errors) * 100, (50, 90))
    goal = f"≤ {goals[0]} %" + (f" / {goals[1]} %" if goals[1] else "")
    met = bool(median <= goals[0] and (goals[1] is None or ninth <= goals[1]))
    return Line(what, goal, f"{median:.1f} / {ninth:.1f} %", "PrusaSlicer 2.5.0", "—", met)


def _cpu_lines(long: list[Result]) -> Iterator[Line]:
    cpu_s = float(np.median([one.cpu_s for one in long]))
    slicing = float(np.median([one.row.cpu_s for one in long]))
    ratio = float(np.median([one.row.cpu_s / one.cpu_s for one in long]))
    peer, words = f"slicing {slicing:.1f} s", f"{cpu_s:.3f} s"
    yield Line("CPU of an estimate with loading, median", "≤ 0.1 s", words, peer, "—", cpu_s <= 0.1)
    yield Line(
        "the same beside slicing, median", "≥ 40 times", words, peer, f"{ratio:.0f} times", ratio >= 40
    )


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


def _models(found: list[Result]) -> None:
    for one in found:
        errors = f"{one.time:+7.1%} {one.filament:+7.1%}"
        print(f"  {one.row.path.name:44} {one.row.time_s:8.0f} s {errors} {one.cpu_s:.3f} s")


def _large() -> Line:
    """A torus of a million triangles, with loading."""
    profiles = load()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "torus.stl"
        torus(1_000_000)[0].write_stl(path)
        seconds, _ = cpu(
            lambda: estimate(read(path), profiles.machine(), profiles.process(), profiles.material())
        )
    return Line("CPU of an estimate at 1 M triangles", "≤ 1 s", f"{seconds:.2f} s", met=seconds <= 1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="also the half that the constants were fitted on")
    parser.add_argument("--models", action="store_true", help="a line for each model")
    args = parser.parse_args()
    if args.all or args.models:
        tables(args.all, args.models)
    else:
        show(main())
