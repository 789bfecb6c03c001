"""Read a mesh from a file that may be anything: `read(path) -> Mesh`, or Refused."""

from pathlib import Path

import numpy as np

from designs.errors import Refused
from designs.limits import LIMITS, Limits
from designs.mesh import Mesh
from designs.read import obj, scans, stl, threemf

READERS = {
    "stl": stl.read,
    "3mf": threemf.read,
    "obj": obj.read,
    "ply": scans.read_ply,
    "off": scans.read_off,
}

_SIGNATURES = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"%PDF", "pdf"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "rar"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
    (b"<", "html or xml"),
)


def read(path: Path, *, kind: str | None = None, limits: Limits = LIMITS) -> Mesh:
    """The triangles of an STL, 3MF, OBJ, PLY or OFF file, in millimetres.

    `kind` (a key of `READERS`) is taken from the name unless given. Raises Refused when the file is another
    thing, broken, or beyond `limits`; OSError when it cannot be opened.
    """
    kind = kind or path.suffix.lower().lstrip(".")
    if kind not in READERS:
        raise _wrong_kind(kind or "no ending")
    _refuse_by_size(path.stat().st_size, limits)
    _refuse_other_content(path, kind)
    mesh = READERS[kind](path, limits)
    _refuse_by_numbers(mesh, limits)
    return mesh


def _refuse_by_size(size: int, limits: Limits) -> None:
    if size == 0:
        raise Refused("empty_file", "The file is empty; please export it again.")
    if size > limits.file_bytes:
        most = limits.file_bytes >> 20
        raise Refused(
            "file_too_large",
            f"The file is larger than {most} MB; please export it with fewer triangles.",
            megabytes=-(-size // (1 << 20)),
            at_most=most,
        )


def _refuse_other_content(path: Path, kind: str) -> None:
    """A file whose first bytes belong to another format; a binary STL may begin with anything."""
    with path.open("rb") as file:
        head = file.read(84)
    looks_like = next((name for magic, name in _SIGNATURES if head.lstrip().startswith(magic)), None)
    if kind == "3mf" and looks_like != "zip":
        raise _wrong_kind(looks_like or "something else", named=kind)
    if kind == "obj" and (looks_like or b"\0" in head):
        raise _wrong_kind(looks_like or "binary data", named=kind)
    if kind in ("ply", "off") and looks_like:
        raise _wrong_kind(looks_like, named=kind)
    if kind == "stl" and looks_like and not stl.is_binary_by_size(head, path.stat().st_size):
        raise _wrong_kind(looks_like, named=kind)


def _wrong_kind(found: str, named: str = "") -> Refused:
    words = f"is named .{named} but is {found}" if named else f"is of a kind we do not read ({found})"
    return Refused(
        "wrong_kind", f"The file {words}; please export an STL, 3MF or OBJ file.", found=found, named=named
    )


def _refuse_by_numbers(mesh: Mesh, limits: Limits) -> None:
    """No triangles, or coordinates that no unit of length explains."""
    if not len(mesh):
        raise Refused("no_triangles", "The file holds no triangles; please export the object itself.")
    low, high = mesh.bounds
    if not np.isfinite([*low, *high]).all():
        raise Refused(
            "not_a_number", "The file has corners that are not numbers; please repair and export it again."
        )
    if max(map(abs, [*low, *high])) > limits.furthest_mm:
        raise Refused(
            "out_of_range",
            "The object lies or reaches further than a kilometre; please check the unit and export it again.",
        )
    if max(mesh.size_mm) < limits.smallest_mm:
        raise Refused(
            "too_small",
            "The object is smaller than a speck of dust; please check the unit and export it again.",
        )
