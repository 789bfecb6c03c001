"""Read a stranger's file in a limited child process, and leave only what we made of it.

The child reads, checks, turns and centres the mesh, writes our own binary STL, a picture and a mesh for the
browser into an empty directory, and says in one line of JSON what it found. Its memory, time and files are
limited by `designs.sandbox`; whatever happens to it becomes one sentence here.
"""

import json
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from designs import sandbox
from designs.errors import DesignError, Refused

if TYPE_CHECKING:
    from designs.check import Check, Volumes

MESH, THUMBNAIL, PREVIEW = "mesh.stl", "thumbnail.png", "preview.mlp"
LARGEST_FILE_MB = 256
DEFAULT_COLOUR = "#de764e"
START = "import sys; sys.path.insert(0, sys.argv[1]); from designs.inspect import child; child(sys.argv[2:])"


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
    out.mkdir(parents=True, exist_ok=True)
    task = {"path": str(path.resolve()), "kind": kind, "colour": colour, "volumes": volumes and dict(volumes)}
    with tempfile.TemporaryDirectory(dir=out, prefix=".inspecting-") as folder:
        argv = [sys.executable, "-I", "-c", START, str(Path(__file__).parents[1]), json.dumps(task)]
        done = sandbox.run(
            argv, cwd=Path(folder), seconds=seconds, memory_mb=memory_mb, file_mb=LARGEST_FILE_MB
        )
        check, shape = _understood(done)
        for name in (MESH, THUMBNAIL, PREVIEW):
            os.replace(Path(folder) / name, out / name)
    return Inspection(check, out / MESH, out / THUMBNAIL, out / PREVIEW, done.seconds, shape)


def _understood(done: sandbox.Completed) -> "tuple[Check, list[float]]":
    """What the child said, as a check and a shape, or as Refused."""
    from designs.check import Check

    if done.timed_out:
        raise Refused("too_slow", "Reading the file took too long; please export it less finely.")
    if not done.ok or not done.stdout:
        raise _crashed(done)
    row: dict[str, Any] = json.loads(done.stdout)
    if error := row.get("error"):
        raise Refused(error["code"], error["message"], **error["values"])
    return Check.from_row(row["check"]), row["shape"]


def _crashed(done: sandbox.Completed) -> Refused:
    if b"MemoryError" in done.stderr:
        return Refused(
            "too_much_memory", "The object is too fine to be read here; please export it less finely."
        )
    return Refused("unreadable", "The file could not be read; please repair or export it again.")


# ---- in the child


def child(words: list[str]) -> None:
    """Do the task in words[0], in the present directory, and print one line of JSON."""
    task = json.loads(words[0])
    try:
        row = _inspected(task)
    except DesignError as error:
        row = {"error": {"code": error.code, "message": error.message, "values": error.values}}
    sys.stdout.write(json.dumps(row))


def _inspected(task: dict[str, Any]) -> dict[str, object]:
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
