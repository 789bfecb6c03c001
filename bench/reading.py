"""Reading a binary STL of a million triangles beside numpy-stl and trimesh: `python -m bench.reading`.

All three read the same file. Ours also refuses what is no number or beyond all sizes; numpy-stl maps the same
records and computes normals, trimesh merges corners to look at them.
"""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.shapes import torus
from bench.table import Line, cpu, show
from designs.read import read

MILLION = 1_000_000
GOAL = "no dearer than the peer"


def main() -> list[Line]:
    """The lines of this benchmark."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "torus.stl"
        torus(MILLION)[0].write_stl(path)
        seconds, mesh = cpu(lambda: read(path))
        peers: dict[str, Callable[[Path], int]] = {"numpy-stl": _numpy_stl, "trimesh": _trimesh}
        return [_line(seconds, len(mesh), name, path, peer) for name, peer in peers.items()]


def _line(seconds: float, triangles: int, name: str, path: Path, peer: Callable[[Path], int]) -> Line:
    theirs, found = cpu(lambda: peer(path))
    same = found == triangles
    return Line(
        "reading 1 M triangles, CPU", GOAL, f"{seconds:.3f} s" + ("" if same else ", WRONG NUMBER"),
        f"{name} {theirs:.3f} s", f"{theirs / seconds:.1f} times", same and theirs >= seconds,
    )  # fmt: skip


def _numpy_stl(path: Path) -> int:
    from stl.mesh import Mesh

    return len(Mesh.from_file(str(path)))


def _trimesh(path: Path) -> int:
    import trimesh

    return len(trimesh.load(path, force="mesh").faces)


if __name__ == "__main__":
    show(main())
