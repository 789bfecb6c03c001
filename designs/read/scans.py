"""PLY and OFF, as scanners and modelling programs write them: our own limits decide, then trimesh reads.

Both say in their first lines how much is to come. What says more than we accept, or more than the file can
hold, never reaches the parser; what the parser makes of the rest is looked at again.
"""

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from designs.errors import Refused
from designs.limits import Limits
from designs.mesh import Mesh
from designs.read.stl import refuse_too_many

HEAD_BYTES = 1 << 16
LEAST_BYTES = 2  # of a corner or a face: a digit and a space
PLY_COUNT = re.compile(rb"^element[ \t]+(\w+)[ \t]+(\d{1,18})[ \t]*\r?$", re.M)
OFF_COUNT = re.compile(rb"\A\s*(?:ST)?C?N?OFF\s+(?:#[^\n]*\n\s*)*(\d{1,18})[ \t]+(\d{1,18})\b")


def read_ply(path: Path, limits: Limits) -> Mesh:
    """The faces of a PLY file, text or binary. The format has no unit: millimetres are assumed."""
    head = _head(path)
    begin, found, _ = head.partition(b"end_header")
    counts = {name: int(count) for name, count in PLY_COUNT.findall(begin)}
    if not begin.startswith(b"ply") or not found or b"vertex" not in counts:
        raise _not_understood("PLY")
    return _read(path, "ply", (sum(counts.values()), counts.get(b"face", 0)), limits)


def read_off(path: Path, limits: Limits) -> Mesh:
    """The faces of an OFF file. The format has no unit: millimetres are assumed."""
    found = OFF_COUNT.match(_head(path))
    if found is None:
        raise _not_understood("OFF")
    corners, faces = (int(count) for count in found.groups())
    return _read(path, "off", (corners + faces, faces), limits)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def _read(path: Path, kind: str, announced: tuple[int, int], limits: Limits) -> Mesh:
    """`announced` is how many lines or records there are to be, and how many of them are faces."""
    records, faces = announced
    refuse_too_many(faces, limits)
    if records * LEAST_BYTES > path.stat().st_size:
        raise Refused("truncated", "The file ends too early; please export or copy it again.")
    return Mesh(_triangles(path, kind, limits))


def _triangles(path: Path, kind: str, limits: Limits) -> NDArray[np.float32]:
    import trimesh  # slow to import, and few files need it

    try:
        with path.open("rb") as file:
            found = trimesh.load_mesh(file, file_type=kind, process=False)
        corners, faces = np.asarray(found.vertices), np.asarray(found.faces)
    except MemoryError:
        raise
    except Exception as error:  # a parser that is not ours fails in every way there is
        raise _not_understood(kind.upper()) from error
    refuse_too_many(len(faces), limits)
    if len(faces) and (faces.min() < 0 or faces.max() >= len(corners)):
        raise Refused("bad_index", "The file names corners that it does not have; please export it again.")
    with np.errstate(over="ignore"):  # beyond float32 is infinite, and refused as such
        triangles: NDArray[np.float32] = corners.astype(np.float32)[faces]
    return triangles


def _not_understood(kind: str) -> Refused:
    return Refused(
        "not_understood", f"The file is not a readable {kind} file; please export it again as STL."
    )
