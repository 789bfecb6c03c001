"""Closed, oriented, volume: our check beside trimesh and admesh, on a million triangles and on the corpus.

`python -m bench.checks`. All three read the same binary STL; CPU seconds with loading. admesh is a Debian
package (written in C) and only measured where it is on PATH; it is asked for the same: edges that match
exactly, directions, volume.
"""

import csv
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.estimate_corpus import CORPUS
from bench.shapes import torus
from bench.table import Line, cpu, show
from designs.check.edges import edges, volume
from designs.errors import Refused
from designs.read import read

MILLION = 1_000_000
GOAL = 20  # times cheaper


def main() -> list[Line]:
    """The lines of this benchmark."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "torus.stl"
        mesh, exact = torus(MILLION)
        mesh.write_stl(path)
        seconds, found = cpu(lambda: _ours(path))
        right = found[:2] == (True, True) and abs(found[2] / exact - 1) < 1e-6
        lines = [_beside(seconds, right, "trimesh", *cpu(lambda: _trimesh(path), 1))]
        lines.append(_admesh_line(seconds, right, path))
    return [*lines, _corpus()]


def _ours(path: Path) -> tuple[bool, bool, float]:
    mesh = read(path)
    seams = edges(mesh.triangles)
    return seams.watertight, seams.oriented, volume(mesh.triangles)


def _trimesh(path: Path) -> tuple[bool, bool, float]:
    import trimesh

    mesh = trimesh.load(path, force="mesh")
    return mesh.is_watertight, mesh.is_winding_consistent, float(mesh.volume)


def _beside(seconds: float, right: bool, name: str, theirs: float, _found: object) -> Line:
    ratio = theirs / seconds
    return Line(
        "closed, oriented, volume of 1 M triangles, CPU",
        f"≥ {GOAL} times cheaper, exact",
        f"{seconds:.3f} s, {'exact' if right else 'WRONG'}",
        f"{name} {theirs:.2f} s",
        f"{ratio:.0f} times",
        right and ratio >= GOAL,
    )


def _admesh_line(seconds: float, right: bool, path: Path) -> Line:
    program = shutil.which("admesh")
    if program is None:
        return Line(
            "the same beside admesh", f"≥ {GOAL} times cheaper", "admesh is not installed (Debian: admesh)"
        )
    words = [program, "--exact", "--normal-directions", str(path)]
    return _beside(
        seconds, right, "admesh", *cpu(lambda: subprocess.run(words, capture_output=True, check=True))
    )


def _corpus() -> Line:
    """Closed, oriented and volume of every model against the manifest."""
    what, goal = "closed, oriented, volume on the corpus", "exact on all"
    if not CORPUS.is_dir():
        return Line(what, goal, f"no corpus at {CORPUS}")
    with (CORPUS / "manifest.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    verdicts = {row["file"]: _agrees(row) for row in rows}
    wrong = [name for name, right in verdicts.items() if not right]
    words = f"{len(rows) - len(wrong)} of {len(rows)}" + (f", not {', '.join(wrong)}" if wrong else "")
    return Line(what, goal, words, "the corpus's manifest", "—", not wrong)


def _agrees(row: dict[str, str]) -> bool:
    try:
        closed, oriented, cubic = _ours(CORPUS / "files" / row["file"])
    except Refused:
        return row["triangles"] in ("", "0")
    said = row["watertight"] == "True", row["oriented"] == "True"
    exact = abs(cubic - float(row["volume_mm3"])) <= 1e-3 + 1e-5 * abs(cubic)
    return (closed, oriented) == said and (exact or not closed)


if __name__ == "__main__":
    show(main())
