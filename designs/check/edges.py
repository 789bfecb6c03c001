"""Closed, oriented, volume: in one pass over the triangles and one sort of numbers.

Each corner gets a 64-bit hash of its exact coordinates, each edge the sum of the two hashes of its ends:
the same number from either side. Its lowest bit is replaced by the direction. Sorted, a closed and oriented
mesh is a row of pairs (edge upwards, edge downwards) without a third; every other mesh shows its open,
doubled and misdirected edges in the same row. No table of corners, no merging, 24 bytes a triangle. Two
different edges of a mesh with 10⁷ edges share a hash with a chance of about 10⁻⁵, and then count as one
edge where four triangles meet.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from designs.mesh import blocks, corner_range

Hashes = NDArray[np.uint64]

MIX = tuple(np.uint64(odd) for odd in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F))
FINISH = tuple(np.uint64(odd) for odd in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53))  # MurmurHash3's fmix64
RUNS = 1 << 16  # of equal edges, at once
HALF = np.uint64(33)
DIRECTION = np.uint64(1)


@dataclass(frozen=True, slots=True)
class Edges:
    """What the edges of a mesh say; triangles with two equal corners are left out and counted."""

    open: int  # edges of one triangle
    crowded: int  # edges of more than two triangles
    misdirected: int  # edges of two triangles that disagree on the outside
    balanced: bool  # every edge runs as often up as down
    degenerate: int

    @property
    def watertight(self) -> bool:
        """Whether every edge belongs to exactly two triangles, and there is one."""
        return not self.open and not self.crowded

    @property
    def oriented(self) -> bool:
        """Whether every triangle agrees with its neighbours on the outside."""
        return self.balanced


def corner_hashes(triangles: NDArray[np.float32]) -> Hashes:
    """A 64-bit hash of each corner, shape (3, n); +0 and -0 are the same.

    The finisher must let every bit reach every other: hashes that keep a trace of the coordinates' signs
    give edges of a mirror-symmetric object equal sums.
    """
    hashes = np.empty((3, len(triangles)), np.uint64)
    for part in blocks(len(triangles)):
        hashes[:, part] = _hashed(triangles[part])
    return hashes


def _hashed(triangles: NDArray[np.float32]) -> Hashes:
    words = np.zeros((3, len(triangles), 4), np.float32)
    np.add(triangles.transpose(1, 0, 2), np.float32(0), out=words[:, :, :3])
    pairs = words.view(np.uint64)
    hashes = pairs[:, :, 0] * MIX[0]
    hashes ^= hashes >> np.uint64(32)
    hashes += pairs[:, :, 1] * MIX[1]
    for odd in FINISH:
        hashes ^= hashes >> HALF
        hashes *= odd
    hashes ^= hashes >> HALF
    return hashes


def edges(triangles: NDArray[np.float32]) -> Edges:
    """Judge the edges of triangles of shape (n, 3, 3)."""
    keys, degenerate = _keys(triangles)
    keys.sort()
    if len(keys) and _is_row_of_pairs(keys):
        return Edges(0, 0, 0, True, degenerate)
    return _counted(keys, degenerate)


def balanced(triangles: NDArray[np.float32]) -> bool:
    """Whether every edge runs as often up as down: `Edges.balanced` alone, by a sum instead of a sort.

    What runs both ways cancels out; that others do too has a chance of 2⁻⁶⁴. Then there is an outside, and it
    is the only side that can be seen.
    """
    total = 0
    for part in blocks(len(triangles)):
        a, b, c = _hashed(triangles[part])
        for one, two in ((a, b), (b, c), (c, a)):
            edge = one + two
            edge ^= edge >> HALF
            edge *= FINISH[0]
            total += int((edge * (one < two)).sum()) - int((edge * (one > two)).sum())
    return total % 2**64 == 0


def _keys(triangles: NDArray[np.float32]) -> tuple[Hashes, int]:
    """One number per edge of each triangle, and how many triangles were left out."""
    keys = np.empty(3 * len(triangles), np.uint64)
    filled = 0
    for part in blocks(len(triangles)):
        a, b, c = _hashed(triangles[part])
        whole = (a != b) & (b != c) & (c != a)
        if not whole.all():
            a, b, c = a[whole], b[whole], c[whole]
        for one, two in ((a, b), (b, c), (c, a)):
            keys[filled : filled + len(one)] = (one + two) & ~DIRECTION | (one < two)
            filled += len(one)
    return keys[:filled], len(triangles) - filled // 3


def _is_row_of_pairs(keys: Hashes) -> bool:
    down, up = keys[0::2], keys[1::2]
    if len(down) != len(up) or not ((down ^ up) == DIRECTION).all():
        return False
    return not ((up[:-1] ^ down[1:]) <= DIRECTION).any()


def _counted(keys: Hashes, degenerate: int) -> Edges:
    """The same from the lengths of the runs of equal edges; `keys` is used up."""
    if not len(keys):
        return Edges(1, 0, 0, False, degenerate)
    upward = keys.astype(np.uint8) & np.uint8(1)
    keys >>= DIRECTION
    begins = np.ones(len(keys), np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=begins[1:])
    borders = np.append(np.flatnonzero(begins), len(keys))
    some = range(0, len(borders) - 1, RUNS)
    parts = [_run_figures(upward, borders[first : first + RUNS + 1]) for first in some]
    opened, crowded, misdirected, unbalanced = np.sum(parts, axis=0).tolist()
    return Edges(opened, crowded, misdirected, unbalanced == 0, degenerate)


def _run_figures(upward: NDArray[np.uint8], borders: NDArray[np.int64]) -> tuple[int, int, int, int]:
    """How many of these runs of equal edges are open, crowded, misdirected, not balanced."""
    first, last = int(borders[0]), int(borders[-1])
    ups = np.add.reduceat(upward[first:last], borders[:-1] - first, dtype=np.int32)
    uses = np.diff(borders)
    wrong = (uses == 1, uses > 2, (uses == 2) & (ups != 1), 2 * ups != uses)
    return int(wrong[0].sum()), int(wrong[1].sum()), int(wrong[2].sum()), int(wrong[3].sum())


def volume(triangles: NDArray[np.float32]) -> float:
    """Signed volume in mm³, from the middle of the bounding box: for an open mesh a guess, else exact."""
    low, high = corner_range(triangles)
    middle = (low.astype(np.float64) + high) / 2
    return float(sum(cone_volumes(triangles[part], middle).sum() for part in blocks(len(triangles))))


def cone_volumes(triangles: NDArray[np.float32], apex: NDArray[np.float64]) -> NDArray[np.float64]:
    """Signed volume of the tetrahedron over each triangle, mm³, shape (n,)."""
    planes = np.empty((9, len(triangles)))
    planes[:] = triangles.reshape(-1, 9).T
    planes -= np.tile(apex, 3)[:, None]
    ax, ay, az, bx, by, bz, cx, cy, cz = planes
    total = ax * (by * cz - bz * cy)
    total += ay * (bz * cx - bx * cz)
    total += az * (bx * cy - by * cx)
    total /= 6
    return total
