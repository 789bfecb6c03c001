"""CPU of a picture of 512 × 512 pixels, beside f3d (VTK, drawn without a graphics card) and matplotlib:
`python -m bench.thumbnail`. Each begins with a mesh or a file at hand; imports do not count.
"""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.peers import seconds_of
from bench.shapes import torus
from bench.table import Line, cpu, show
from designs.read import read
from designs.thumbnail import render

SIZES = (20_000, 230_000, 1_000_000)
GOAL_S = 0.5
RUNS = 5
MATPLOTLIB_AT_MOST = 230_000  # triangles; a million take minutes
F3D = """
import sys, time
import f3d
began = time.process_time()
engine = f3d.Engine.create_egl()
engine.window.size = 512, 512
engine.scene.add(sys.argv[1])
engine.window.render_to_image().save(sys.argv[1] + ".png")
print(time.process_time() - began)
"""
MATPLOTLIB = """
import sys, time
import numpy as np
import matplotlib
matplotlib.use("Agg")
from matplotlib import pyplot
from mpl_toolkits.mplot3d.art3d import Poly3DCollection
record = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
triangles = np.fromfile(sys.argv[1], record, offset=84)["corners"]
began = time.process_time()
figure = pyplot.figure(figsize=(5.12, 5.12), dpi=100)
axes = figure.add_subplot(projection="3d")
axes.add_collection3d(Poly3DCollection(triangles, facecolors="#de764e", shade=True))
low, high = triangles.min(axis=(0, 1)), triangles.max(axis=(0, 1))
axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), zlim=(low[2], high[2]))
figure.savefig(sys.argv[1] + ".png")
print(time.process_time() - began)
"""


def main() -> list[Line]:
    """A line for each size of mesh and each peer."""
    render(torus(200)[0])  # imports are not a picture's cost
    with TemporaryDirectory() as folder:
        return [line for triangles in SIZES for line in _lines(triangles, Path(folder) / "torus.stl")]


def _lines(triangles: int, path: Path) -> list[Line]:
    torus(triangles)[0].write_stl(path)
    mesh = read(path)
    seconds, _ = cpu(lambda: render(mesh), RUNS)
    what = f"picture 512² of {len(mesh)} triangles, CPU"
    peers: dict[str, Callable[[], float | None]] = {"f3d": lambda: seconds_of(F3D, str(path))}
    if triangles <= MATPLOTLIB_AT_MOST:
        peers["matplotlib"] = lambda: seconds_of(MATPLOTLIB, str(path))
    return [_line(what, seconds, name, ask()) for name, ask in peers.items()]


def _line(what: str, seconds: float, name: str, theirs: float | None) -> Line:
    peer = f"{name} is not installed" if theirs is None else f"{name} {theirs:.2f} s"
    ratio = "—" if theirs is None else f"{theirs / seconds:.1f} times"
    return Line(what, f"≤ {GOAL_S} s", f"{seconds:.2f} s", peer, ratio, seconds <= GOAL_S)


if __name__ == "__main__":
    show(main())
