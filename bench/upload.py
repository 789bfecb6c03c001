"""What an upload of 10 MB waits for: check, picture, preview and estimate: `python -m bench.upload`.

The first three in the limited child that the application uses, its start included; the estimate in the
application, from the mesh that the child left. Seconds of wall clock, the least of some runs; where other
programs hold the processors, CPU says more.
"""

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.shapes import torus
from bench.table import Line, cpu, show
from designs.check import judge
from designs.estimate import Estimate, estimate
from designs.inspect import Inspection, inspect
from designs.preview import preview
from designs.profiles import load
from designs.read import read
from designs.thumbnail import render

TRIANGLES = 200_000  # 50 bytes each
GOAL_S = 1.0
RUNS = 5


def main() -> list[Line]:
    """The whole wait, and what the parts cost."""
    with TemporaryDirectory() as folder:
        path, out = Path(folder) / "torus.stl", Path(folder) / "out"
        torus(TRIANGLES)[0].write_stl(path)
        _estimate(path)  # the application has imported what it needs
        wall, spent = zip(*(_waited(lambda: _upload(path, out)) for _ in range(RUNS)), strict=True)
        theirs, _ = cpu(lambda: _trimesh(path))
        whole = Line(
            f"upload of {path.stat().st_size / 1e6:.0f} MB: check, picture, preview, estimate, wall clock",
            f"≤ {GOAL_S:g} s",
            f"{min(wall):.2f} s ({min(spent):.2f} s CPU)",
            f"trimesh, load and check, {theirs:.2f} s CPU",
            f"{theirs / min(spent):.1f} times",
            min(wall) <= GOAL_S,
        )
        return [whole, _parts(path, min(spent))]


def _upload(path: Path, out: Path) -> tuple[Inspection, Estimate]:
    found = inspect(path, out, seconds=60)
    return found, _estimate(found.mesh)


def _estimate(path: Path) -> Estimate:
    profiles = load()
    return estimate(read(path), profiles.machine(), profiles.process(), profiles.material())


def _parts(path: Path, whole: float) -> Line:
    """CPU of each step alone; what is left is the child's start and its imports."""
    check, (_, mesh) = cpu(lambda: judge(read(path)))
    placed = mesh.placed()
    steps = {
        "read and check": check,
        "clean STL": cpu(lambda: placed.write_stl(path.with_suffix(".out")))[0],
        "picture": cpu(lambda: render(placed, two_sided=False))[0],
        "preview": cpu(lambda: preview(placed))[0],
        "estimate": cpu(lambda: _estimate(path))[0],
    }
    steps["start"] = max(0.0, whole - sum(steps.values()))
    said = ", ".join(f"{name} {seconds:.2f}" for name, seconds in steps.items())
    return Line("the same, CPU by step", "—", f"{said} s")


def _waited(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of wall clock and of CPU of one call."""
    began = time.perf_counter()
    spent, _ = cpu(work, 1)
    return time.perf_counter() - began, spent


def _trimesh(path: Path) -> tuple[bool, float]:
    import trimesh

    mesh = trimesh.load_mesh(path)
    return bool(mesh.is_watertight and mesh.is_winding_consistent), float(mesh.volume)


if __name__ == "__main__":
    show(main())
