"""The mesh that every other module takes: plain triangles, in millimetres."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from designs.problems import Problem

BLOCK = 1 << 13  # triangles
SAME_PLACE = 1e-7  # of the longest edge: as near as single precision comes

Box = tuple[tuple[float, float, float], tuple[float, float, float]]

STL_RECORD = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
STL_HEADER = b"makerlab designs, millimetres".ljust(80, b" ")


@dataclass(frozen=True, slots=True)
class Mesh:
    """Triangles of shape (n, 3, 3), float32, millimetres; corners anticlockwise seen from outside.

    `notes` is what the reader noticed about the file: bytes too many, settings dropped.
    """

    triangles: NDArray[np.float32]
    notes: tuple[Problem, ...] = ()

    def __len__(self) -> int:
        return len(self.triangles)

    @property
    def bounds(self) -> Box:
        """Lowest and highest corner of the bounding box, mm; all zero for a mesh without triangles."""
        if not len(self.triangles):
            return (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)
        low, high = (ends.tolist() for ends in corner_range(self.triangles))
        return (low[0], low[1], low[2]), (high[0], high[1], high[2])

    @property
    def size_mm(self) -> tuple[float, float, float]:
        """Edge lengths of the bounding box along x, y and z, mm."""
        low, high = self.bounds
        return high[0] - low[0], high[1] - low[1], high[2] - low[2]

    def placed(self) -> "Mesh":
        """The same piece standing on z = 0 with the middle of its bounding box over the origin."""
        low, high = self.bounds
        origin = np.array([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]])
        if np.abs(origin).max() <= SAME_PLACE * max(self.size_mm):
            return self
        placed = np.empty(self.triangles.shape, np.float32)
        for part in blocks(len(self)):
            placed[part] = self.triangles[part] - origin
        return Mesh(placed, self.notes)

    def flipped(self) -> "Mesh":
        """The same surface seen from its other side."""
        return Mesh(np.ascontiguousarray(self.triangles[:, ::-1]), self.notes)

    def write_stl(self, path: Path) -> None:
        """Write a binary STL with unit normals; degenerate triangles get the normal zero."""
        with path.open("wb") as file:
            file.write(STL_HEADER)
            file.write(np.uint32(len(self)).tobytes())
            for part in blocks(len(self)):
                records = np.zeros(len(self.triangles[part]), STL_RECORD)
                records["corners"] = self.triangles[part]
                records["normal"] = unit_normals(self.triangles[part])
                file.write(records.tobytes())


def blocks(count: int) -> Iterator[slice]:
    """Slices of so many triangles in order: what one step touches stays in the processor's cache."""
    for start in range(0, count, BLOCK):
        yield slice(start, start + BLOCK)


def corner_range(triangles: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Lowest and highest x, y, z, each of shape (3,); not-a-number where any corner has one.

    Over rows of 64 triangles first: numpy is twenty times faster along long rows than along rows of three.
    """
    whole = len(triangles) // 64 * 64
    parts = (triangles[:whole].reshape(-1, 576), triangles[whole:].reshape(-1, 9))
    ends = [
        [extreme(part, axis=0).reshape(-1, 3) for part in parts if len(part)] for extreme in (np.min, np.max)
    ]
    return np.concatenate(ends[0]).min(axis=0), np.concatenate(ends[1]).max(axis=0)


def unit_normals(triangles: NDArray[np.float32]) -> NDArray[np.float32]:
    """Outward unit normals of shape (n, 3); zero where a triangle has no area."""
    normals = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    lengths = np.sqrt(np.einsum("ij,ij->i", normals, normals))
    normals /= np.where(lengths > 0, lengths, 1)[:, None]
    return normals
