"""CPU of a picture of 512 × 512 pixels, beside matplotlib where installed: `python -m bench.thumbnail`."""

import io
from importlib.util import find_spec

from bench.shapes import torus
from bench.table import Line, cpu, show
from designs.mesh import Mesh
from designs.thumbnail import render

SIZES = (20_000, 230_000, 1_000_000)
GOAL_S = 0.5


def main() -> list[Line]:
    """A line for each size of mesh."""
    render(torus(200)[0])  # imports are not a picture's cost
    return [_line(torus(triangles)[0]) for triangles in SIZES]


def _line(mesh: Mesh) -> Line:
    seconds, _ = cpu(lambda: render(mesh))
    peer, ratio = "matplotlib is not installed", "—"
    if find_spec("matplotlib"):
        theirs, _ = cpu(lambda: _matplotlib(mesh), 1)
        peer, ratio = f"matplotlib {theirs:.2f} s", f"{theirs / seconds:.0f} times"
    what = f"picture 512² of {len(mesh)} triangles, CPU"
    return Line(what, f"≤ {GOAL_S} s", f"{seconds:.2f} s", peer, ratio, seconds <= GOAL_S)


def _matplotlib(mesh: Mesh) -> bytes:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot
    from mpl_toolkits.mplot3d.art3d import Poly3DCollection

    figure = pyplot.figure(figsize=(5.12, 5.12), dpi=100)
    axes = figure.add_subplot(projection="3d")
    axes.add_collection3d(Poly3DCollection(mesh.triangles, facecolors="#de764e", shade=True))
    low, high = mesh.bounds
    axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), zlim=(low[2], high[2]))
    out = io.BytesIO()
    figure.savefig(out)
    pyplot.close(figure)
    return out.getvalue()


if __name__ == "__main__":
    show(main())
