"""Small meshes and files made by hand."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from designs.mesh import Mesh

CORE = "http://schemas.microsoft.com/3dmanufacturing/core/2015/02"
CORPUS = Path(__file__).parents[3] / "shared" / "corpus"

_CORNERS = np.array([[x, y, z] for z in (0, 1) for y in (0, 1) for x in (0, 1)], np.float32)
_FACES = (
    (0, 2, 1),
    (1, 2, 3),
    (4, 5, 6),
    (5, 7, 6),
    (0, 1, 4),
    (1, 5, 4),
    (2, 6, 3),
    (3, 6, 7),
    (0, 4, 2),
    (2, 4, 6),
    (1, 3, 5),
    (3, 7, 5),
)


def box(x: float = 20, y: float = 20, z: float = 20, *, at: tuple[float, float, float] = (0, 0, 0)) -> Mesh:
    """A closed box with its lowest corner at `at`, mm."""
    corners = _CORNERS * np.array([x, y, z], np.float32) + np.array(at, np.float32)
    return Mesh(corners[np.array(_FACES)])


def together(*meshes: Mesh) -> Mesh:
    """Several meshes as one."""
    return Mesh(np.concatenate([mesh.triangles for mesh in meshes]))


def ring(around: int = 60, across: int = 30, *, radius: float = 30, thick: float = 10) -> Mesh:
    """A closed torus of 2 × around × across triangles."""
    u, v = np.meshgrid(
        *(np.linspace(0, 2 * np.pi, n, endpoint=False) for n in (around, across)), indexing="ij"
    )
    out = radius + thick * np.cos(v)
    grid = np.stack([out * np.cos(u), out * np.sin(u), thick * np.sin(v)], axis=-1).astype(np.float32)
    a, b, d = grid, np.roll(grid, -1, 0), np.roll(grid, -1, 1)
    c = np.roll(b, -1, 1)
    return Mesh(np.concatenate([np.stack(t, axis=2).reshape(-1, 3, 3) for t in ((a, b, c), (a, c, d))]))


def ascii_stl(triangles: NDArray[np.float32], name: str = "piece") -> str:
    """ASCII STL as most programs write it."""
    lines = [f"solid {name}"]
    for corners in triangles.tolist():
        lines += ["facet normal 0 0 0", " outer loop"]
        lines += [f"  vertex {x:.9g} {y:.9g} {z:.9g}" for x, y, z in corners]
        lines += [" endloop", "endfacet"]
    return "\n".join([*lines, f"endsolid {name}", ""])


def model_xml(resources: str, build: str, *, unit: str = "millimeter", head: str = "", root: str = "") -> str:
    """The XML of a 3MF model."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<model unit="{unit}" xmlns="{CORE}" {root}>'
        f"<resources>{resources}</resources>{build}</model>"
    )


def mesh_xml(number: int | str, mesh: Mesh) -> str:
    """A 3MF object with the triangles of a mesh."""
    corners = "".join(
        f'<vertex x="{x}" y="{y}" z="{z}"/>' for x, y, z in mesh.triangles.reshape(-1, 3).tolist()
    )
    faces = "".join(f'<triangle v1="{i}" v2="{i + 1}" v3="{i + 2}"/>' for i in range(0, 3 * len(mesh), 3))
    return (
        f'<object id="{number}" type="model"><mesh><vertices>{corners}</vertices>'
        f"<triangles>{faces}</triangles></mesh></object>"
    )


def item(number: int | str, transform: str = "") -> str:
    """A build of one item."""
    return f"<build>{use('item', number, transform)}</build>"


def use(element: str, number: int | str, transform: str = "") -> str:
    """An item or component."""
    placed = f' transform="{transform}"' if transform else ""
    return f'<{element} objectid="{number}"{placed}/>'


def components(number: int | str, *uses: str) -> str:
    """A 3MF object made of others."""
    return f'<object id="{number}"><components>{"".join(uses)}</components></object>'


def write_3mf(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    """A ZIP archive of these entries."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path
