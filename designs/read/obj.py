"""Wavefront OBJ: corners and faces; normals, textures, materials and groups are of no use to a printer."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from designs.errors import Refused
from designs.limits import Limits
from designs.mesh import Mesh
from designs.read.stl import refuse_too_many

LINES_AT_ONCE = 4 << 20  # bytes, roughly


def read(path: Path, limits: Limits) -> Mesh:
    """The triangles of an OBJ file; polygons become fans. The format has no unit: millimetres are assumed."""
    corners: list[NDArray[np.float64]] = [np.empty((0, 3))]
    faces: list[NDArray[np.int64]] = [np.empty((0, 3), np.int64)]
    seen = count = 0
    with path.open("rb") as file:
        while lines := file.readlines(LINES_AT_ONCE):
            _refuse_long_line(lines, limits)
            corners.append(_corners([line for line in lines if line.startswith((b"v ", b"v\t"))]))
            faces.append(_faces(lines, seen))
            seen += len(corners[-1])
            count += len(faces[-1])
            refuse_too_many(count, limits)
    return Mesh(_assembled(np.concatenate(corners), np.concatenate(faces)))


def _refuse_long_line(lines: Sequence[bytes], limits: Limits) -> None:
    if max(map(len, lines)) > limits.line_bytes:
        raise _not_understood()


def _corners(lines: Sequence[bytes]) -> NDArray[np.float64]:
    """Shape (n, 3); a fourth number (weight) and colours after it are left out."""
    try:
        return np.array([line.split()[1:4] for line in lines], np.float64).reshape(-1, 3)
    except ValueError as error:
        raise _not_understood() from error


def _faces(lines: Sequence[bytes], seen: int) -> NDArray[np.int64]:
    """Triangles as indices from 0; negative ones in the file count back from the last corner before them."""
    found: list[tuple[int, int, int]] = []
    for line in lines:
        if line.startswith((b"v ", b"v\t")):
            seen += 1
        elif line.startswith((b"f ", b"f\t")):
            around = _indices(line, seen)
            found.extend((around[0], one, two) for one, two in pairwise(around[1:]))
    try:
        return np.array(found, np.int64).reshape(-1, 3)
    except OverflowError as error:
        raise _bad_index() from error


def _indices(line: bytes, seen: int) -> list[int]:
    try:
        numbers = [int(word.split(b"/", 1)[0]) for word in line.split()[1:]]
    except ValueError as error:
        raise _not_understood() from error
    return [number - 1 if number > 0 else seen + number if number < 0 else -1 for number in numbers]


def _assembled(corners: NDArray[np.float64], faces: NDArray[np.int64]) -> NDArray[np.float32]:
    if len(faces) and (faces.min() < 0 or faces.max() >= len(corners)):
        raise _bad_index()
    with np.errstate(over="ignore"):  # beyond float32 is infinite, and refused as such
        return corners.astype(np.float32)[faces]


def _bad_index() -> Refused:
    return Refused("bad_index", "The file names corners that it does not have; please export it again.")


def _not_understood() -> Refused:
    return Refused("not_understood", "The file is not a readable OBJ file; please export it again as STL.")
