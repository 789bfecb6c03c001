"""One STL out of many copies: what is handed to the slicer.

The copies are written one after the other, so a plate needs the memory of one copy. What would crash a slicer
or be sliced into the air (no copy, a broken file, a piece beside or above the machine) is refused here.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from designs.errors import SlicerFailed
from designs.mesh import STL_HEADER, STL_RECORD, Mesh, unit_normals
from designs.profiles import Machine
from designs.slicer.port import Placement, SliceJob

MAX_TRIANGLES = 5_000_000  # 250 MB of STL
HEAD_BYTES = 84
EDGE_MM = 1e-3  # rounding of a piece that fills the bed


def write_plate(job: SliceJob, path: Path) -> None:
    """Write all copies of `job` as one binary STL in the coordinates of the bed."""
    mesh = read_own_stl(job.mesh_stl)
    with path.open("wb") as file:
        file.write(STL_HEADER)
        file.write(np.uint32(len(mesh) * len(job.placements)).tobytes())
        for copy in placed_copies(mesh, job.placements, job.machine):
            file.write(_records(copy))


def placed_copies(mesh: Mesh, placements: tuple[Placement, ...], machine: Machine) -> Iterator[Mesh]:
    """Each copy where it will stand.

    Raises `SlicerFailed` with no_copies, plate_too_detailed, off_bed or too_tall.
    """
    _check_count(len(mesh), len(placements))
    piece = mesh.placed()
    for placement in placements:
        copy = Mesh(_turned(piece.triangles, placement))
        _check_place(copy, machine)
        yield copy


def read_own_stl(path: Path) -> Mesh:
    """Read what `Mesh.write_stl` wrote. Raises `SlicerFailed("mesh_broken")` for anything else."""
    if not path.is_file() or path.stat().st_size < HEAD_BYTES:
        raise _broken()
    with path.open("rb") as file:
        count = int(np.frombuffer(file.read(HEAD_BYTES), "<u4", 1, 80)[0])
        if path.stat().st_size != HEAD_BYTES + count * STL_RECORD.itemsize:
            raise _broken()
        corners = np.fromfile(file, STL_RECORD, count)["corners"]
    if not count or not np.isfinite(corners).all():
        raise _broken()
    return Mesh(np.ascontiguousarray(corners))


def _turned(triangles: NDArray[np.float32], placement: Placement) -> NDArray[np.float32]:
    angle = np.deg2rad(placement.angle_deg)
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]])
    moved: NDArray[np.float64] = triangles @ turn + np.array([placement.x_mm, placement.y_mm, 0])
    return moved.astype(np.float32)


def _records(copy: Mesh) -> bytes:
    records = np.zeros(len(copy), STL_RECORD)
    records["corners"] = copy.triangles
    records["normal"] = unit_normals(copy.triangles)
    return records.tobytes()


def _check_count(triangles: int, copies: int) -> None:
    if not copies:
        raise SlicerFailed("no_copies", "There is no copy on this plate; put at least one on it.")
    if triangles * copies > MAX_TRIANGLES:
        most = max(1, MAX_TRIANGLES // triangles)
        message = f"This plate is too detailed to slice at once; put at most {most} copies on it."
        raise SlicerFailed("plate_too_detailed", message, copies=most)


def _check_place(copy: Mesh, machine: Machine) -> None:
    low, high = copy.bounds
    if not all(low[a] >= -EDGE_MM and high[a] <= machine.bed_mm[a] + EDGE_MM for a in (0, 1)):
        message = f"A piece would stand beside the bed of {machine.name}; arrange the plate anew."
        raise SlicerFailed("off_bed", message, machine=machine.name)
    if high[2] > machine.height_mm + EDGE_MM:
        message = (
            f"The piece is {high[2]:.1f} mm tall; {machine.name} prints at most {machine.height_mm:g} mm."
        )
        raise SlicerFailed("too_tall", message, height_mm=round(high[2], 1), machine=machine.name)


def _broken() -> SlicerFailed:
    return SlicerFailed("mesh_broken", "The stored mesh is damaged; upload the file again.")
