"""Peak memory at a million triangles, each job in a process of its own: `python -m bench.memory`."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.shapes import torus
from bench.table import Line, show
from designs.errors import Refused
from designs.inspect import inspect

MILLION = 1_000_000
GOAL_MB = 300
LARGEST = 4_190_000  # as many as a binary STL of 200 MB holds
# Not ru_maxrss: a child begins with what its parent had at the fork.
TAIL = """
print(next(int(line.split()[1]) // 1024 for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
JOBS = {
    "upload (check, picture, preview)": """
import sys
from pathlib import Path
from designs.check import judge
from designs.preview import preview
from designs.read import read
from designs.thumbnail import render
mesh = judge(read(Path(sys.argv[1])))[1].placed()
mesh.write_stl(Path(sys.argv[1] + ".out"))
render(mesh, two_sided=False)
preview(mesh)
""",
    "estimate": """
import sys
from pathlib import Path
from designs.estimate import estimate
from designs.profiles import load
from designs.read import read
all = load()
estimate(read(Path(sys.argv[1])), all.machine(), all.process(), all.material())
""",
}
PEER = """
import sys
import trimesh
mesh = trimesh.load(sys.argv[1], force="mesh")
mesh.is_watertight, mesh.volume
"""


def main() -> list[Line]:
    """A line for each job, beside trimesh loading and checking the same file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "torus.stl"
        torus(MILLION)[0].write_stl(path)
        theirs = _peak_mb(PEER, path)
        lines = [_line(name, _peak_mb(job, path), theirs) for name, job in JOBS.items()]
        torus(LARGEST)[0].write_stl(path)
        return [*lines, _largest(path)]


def _largest(path: Path) -> Line:
    """The upload's own child with its own limit; only its time is not limited, for busy machines."""
    what, goal = f"upload of the largest STL, {LARGEST} triangles", "within 512 MB"
    try:
        inspect(path, path.parent / "out", seconds=120)
    except Refused as refused:
        return Line(what, goal, f"refused: {refused.code}", met=False)
    return Line(what, goal, "accepted", met=True)


def _line(name: str, ours: int, theirs: int) -> Line:
    what = f"memory at 1 M triangles: {name}"
    peer, ratio = f"trimesh, load and check, {theirs} MB", f"{theirs / ours:.1f} times"
    return Line(what, f"≤ {GOAL_MB} MB", f"{ours} MB", peer, ratio, ours <= GOAL_MB)


def _peak_mb(job: str, path: Path) -> int:
    """Peak resident memory of a new process, MB. OpenBLAS's threads are left out: nothing here needs them."""
    words = [sys.executable, "-c", job + TAIL, str(path)]
    env = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(words, capture_output=True, text=True, check=True, env=env)
    return int(done.stdout.split()[-1])


if __name__ == "__main__":
    show(main())
