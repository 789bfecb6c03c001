"""A mesh of at most a megabyte for the browser.

The file, little-endian: the four bytes `MLP1`, the numbers of corners v and triangles t (uint32), the lowest
corner x, y, z and the length of one step (float32, mm), v × 3 uint16 of steps, filled up to four bytes, then
t × 3 uint32 of corner numbers. In three.js:

    const [v, t] = new Uint32Array(buffer, 4, 2), [x, y, z, step] = new Float32Array(buffer, 12, 4);
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(new Uint16Array(buffer, 28, 3 * v), 3));
    geometry.setIndex(new BufferAttribute(new Uint32Array(buffer, 28 + 4 * Math.ceil(1.5 * v), 3 * t), 1));
    mesh.scale.setScalar(step); mesh.position.set(x, y, z);   // flatShading, or toCreasedNormals(geometry)
"""

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from designs.mesh import Mesh, blocks, corner_range

MAGIC = b"MLP1"
HEAD = struct.Struct("<4sIIffff")
MOST_BYTES = 1_000_000
MOST_TRIANGLES = 60_000
STEPS = 65535
FINEST = 65536.0  # cells along the longest edge
BLOCK = 1 << 16  # triangles at once
COARSER = 0.8  # of the cells along an edge, from one try to the next


@dataclass(frozen=True, slots=True)
class Indexed:
    """Corners of shape (v, 3) in mm and triangles of shape (t, 3) as corner numbers."""

    corners: NDArray[np.float64]
    triangles: NDArray[np.uint32]

    @property
    def file_bytes(self) -> int:
        """The size that it has as a file."""
        return HEAD.size + -(-6 * len(self.corners) // 4) * 4 + 12 * len(self.triangles)

    def mesh(self) -> Mesh:
        """The same as plain triangles."""
        return Mesh(self.corners[self.triangles].astype(np.float32))


def preview(mesh: Mesh, most_bytes: int = MOST_BYTES) -> bytes:
    """The mesh, made coarser by merging near corners until it fits into `most_bytes`; the format stands
    above.
    """
    low, high = corner_range(mesh.triangles)
    edge = float((high - low).max()) or 1.0
    return _packed(small_enough(mesh, most_bytes), low, edge / STEPS)


def small_enough(mesh: Mesh, most_bytes: int = MOST_BYTES) -> Indexed:
    """The mesh with corners merged until it fits; corners are mm from the lowest corner."""
    triangles = mesh.triangles
    low, high = corner_range(triangles)
    edge = float((high - low).max()) or 1.0
    cells = FINEST if len(triangles) <= MOST_TRIANGLES else _first_guess(triangles, edge)
    merged = _merged(triangles, low, edge / cells)
    while merged.file_bytes > most_bytes:
        fits = (most_bytes / merged.file_bytes) ** 0.5
        cells = min(cells * min(fits, COARSER), 4 * len(triangles) ** 0.5)
        merged = _merged(triangles, low, edge / cells)
    return merged


def _first_guess(triangles: NDArray[np.float32], edge: float) -> float:
    """Cells along the longest edge so that about two triangles for each cell of surface make the most we
    want.
    """
    area = sum(_area(triangles[part]) for part in blocks(len(triangles)))
    return min(FINEST, edge * float(np.sqrt(MOST_TRIANGLES / max(3 * area, 1e-12))))


def _area(triangles: NDArray[np.float32]) -> float:
    across = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    return float(np.sqrt(np.einsum("ij,ij->i", across, across)).sum(dtype=np.float64)) / 2


def _merged(triangles: NDArray[np.float32], low: NDArray[np.float32], cell: float) -> Indexed:
    """Corners in the same cell become one at their mean; triangles that lose an edge are left out.

    A block at a time: neighbours in a file mostly share their cells, so little is left to merge then.
    """
    parts = [slice(start, start + BLOCK) for start in range(0, len(triangles), BLOCK)]
    found = [_own_cells(triangles[part], low, cell) for part in parts]
    cells = np.unique(np.concatenate([own for own, _ in found]))
    number = np.empty((len(triangles), 3), np.uint32)
    sums, uses = np.zeros((3, len(cells))), np.zeros(len(cells))
    for part, (own, inverse) in zip(parts, found, strict=True):
        place = np.searchsorted(cells, own)
        number[part] = place[inverse].reshape(-1, 3)
        uses[place] += np.bincount(inverse, minlength=len(own))
        for axis, total in enumerate(sums):
            away = triangles[part, :, axis].reshape(-1) - low[axis]
            total[place] += np.bincount(inverse, away, len(own))
    a, b, c = number.T
    return Indexed((sums / uses).T, number[(a != b) & (b != c) & (c != a)])


def _own_cells(
    triangles: NDArray[np.float32], low: NDArray[np.float32], cell: float
) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """The cells of these triangles' corners, ascending, and which of them each corner is in."""
    own, inverse = np.unique(_cells(triangles, low, cell), return_inverse=True)
    return own, inverse.astype(np.uint32)


def _cells(triangles: NDArray[np.float32], low: NDArray[np.float32], cell: float) -> NDArray[np.int64]:
    """One number for the cell of each corner, shape (3 n,)."""
    corners = triangles.reshape(-1, 3)
    keys = np.zeros(len(corners), np.int64)
    for axis in range(3):
        keys <<= 20
        keys |= np.rint((corners[:, axis] - low[axis]) / np.float32(cell)).astype(np.int64)
    return keys


def _packed(mesh: Indexed, low: NDArray[np.float32], step: float) -> bytes:
    steps = np.rint(mesh.corners / step).clip(0, STEPS).astype("<u2").tobytes()
    head = HEAD.pack(MAGIC, len(mesh.corners), len(mesh.triangles), *low.tolist(), step)
    return head + steps + b"\0" * (-len(steps) % 4) + mesh.triangles.astype("<u4").tobytes()
