"""Read a stranger's file in a limited child process, and leave only what we made of it.

The child reads, checks, turns and centres the mesh, writes our own binary STL, a picture and a mesh for the
browser into an empty directory, and says what it found (`designs.errand`).
"""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from designs import errand

if TYPE_CHECKING:
    from designs.check import Check, Volumes

MESH, THUMBNAIL, PREVIEW = "mesh.stl", "thumbnail.png", "preview.mlp"
DEFAULT_COLOUR = "#de764e"


@dataclass(frozen=True, slots=True)
class Inspection:
    """The check, the files that were left, the seconds it took, and the figures of `designs.shape`."""

    check: "Check"
    mesh: Path
    thumbnail: Path
    preview: Path
    seconds: float
    shape: list[float]


def inspect(
    path: Path,
    out: Path,
    *,
    kind: str | None = None,
    colour: str = DEFAULT_COLOUR,
    volumes: "Volumes | None" = None,
    seconds: float = 10,
    memory_mb: int = 512,
) -> Inspection:
    """Inspect a mesh file; leaves `mesh.stl`, `thumbnail.png` and `preview.mlp` in the directory `out`.

    `kind` ("stl", "3mf", …) is taken from the name unless given; `volumes` are build volumes in mm by
    machine. Raises Refused, also when the child needs too much time or memory; then nothing is left.
    """
    from designs.check import Check

    out.mkdir(parents=True, exist_ok=True)
    task = {"path": str(path.resolve()), "kind": kind, "colour": colour, "volumes": volumes and dict(volumes)}
    with tempfile.TemporaryDirectory(dir=out, prefix=".inspecting-") as folder:
        row, took = errand.run(__name__, task, Path(folder), seconds=seconds, memory_mb=memory_mb)
        for name in (MESH, THUMBNAIL, PREVIEW):
            os.replace(Path(folder) / name, out / name)
    check = Check.from_row(row["check"])
    return Inspection(check, out / MESH, out / THUMBNAIL, out / PREVIEW, took, row["shape"])


# ---- in the child


def work(task: dict[str, Any]) -> dict[str, object]:
    """The check and the shape; leaves the three files in the present directory."""
    from designs.check import BUILD_VOLUMES, judge
    from designs.preview import preview
    from designs.read import read
    from designs.shape import shape
    from designs.thumbnail import parse_colour, render

    check, mesh = judge(read(Path(task["path"]), kind=task["kind"]), task["volumes"] or BUILD_VOLUMES)
    placed = mesh.placed()
    del mesh  # five million triangles would not fit twice
    placed.write_stl(Path(MESH))
    picture = render(placed, colour=parse_colour(task["colour"]), two_sided=not check.watertight)
    Path(THUMBNAIL).write_bytes(picture)
    Path(PREVIEW).write_bytes(preview(placed))
    return {"check": check.as_row(), "shape": shape(placed)}
