"""Where the problems of a mesh are, to be drawn on it.

The file, little-endian: the four bytes `MLK1`, then how many open, crowded and misdirected edges and how many
crumbs follow, and how many marks were left out (five uint32), then float32: six numbers for an edge (its two
ends), three for a crumb (its middle), in mm from the middle of the mesh's bounding box.
"""

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from designs.check.bodies import bodies
from designs.check.edges import DIRECTION, corner_hashes
from designs.check.findings import DUST_MM
from designs.mesh import Mesh, corner_range

MAGIC = b"MLK1"
HEAD = struct.Struct("<4sIIIII")
MOST = 5000  # marks: 120 kB; more than that is a red piece and no hint
CODES = ("open_edges", "touching_edges", "mixed_orientation", "dust")  # the problems that can be drawn

Points = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Marks:
    """Edges of shape (n, 2, 3) and middles of crumbs (n, 3), in mm from the middle of the mesh."""

    open: Points
    crowded: Points
    misdirected: Points
    crumbs: Points
    left_out: int = 0

    def __len__(self) -> int:
        return sum(len(part) for part in self.parts)

    @property
    def parts(self) -> tuple[Points, Points, Points, Points]:
        """In the order of CODES."""
        return self.open, self.crowded, self.misdirected, self.crumbs

    def packed(self) -> bytes:
        """The file; its format stands above."""
        head = HEAD.pack(MAGIC, *(len(part) for part in self.parts), self.left_out)
        return head + b"".join(part.astype("<f4").tobytes() for part in self.parts)


def marks(mesh: Mesh, most: int = MOST) -> Marks:
    """The first `most` marks at equal steps through all there are, so that none crowds out another."""
    low, high = corner_range(mesh.triangles)
    middle = (low + high) / 2
    found = (*_edges(mesh.triangles), _crumbs(mesh.triangles))
    total = sum(len(part) for part in found)
    step = max(1, -(-total // most))
    one, two, three, crumbs = (np.asarray(part[::step] - middle, np.float32) for part in found)
    left_out = total - sum(len(part) for part in (one, two, three, crumbs))
    return Marks(one, two, three, crumbs, left_out)


def _edges(triangles: Points) -> tuple[Points, Points, Points]:
    """Edges of one triangle, of more than two, and of two that disagree on the outside; each once."""
    hashes = corner_hashes(triangles)
    whole = np.flatnonzero((hashes != np.roll(hashes, -1, axis=0)).all(axis=0))
    begin = hashes[:, whole].reshape(-1)
    end = np.roll(hashes[:, whole], -1, axis=0).reshape(-1)
    keys = (begin + end) & ~DIRECTION
    order = np.argsort(keys)
    starts = np.flatnonzero(np.diff(keys[order], prepend=~keys[order[:1]]))
    uses = np.diff(starts, append=len(order))
    ups = np.add.reduceat((begin < end)[order], starts, dtype=np.int32) if len(starts) else uses
    first = order[starts]
    chosen = (uses == 1, uses > 2, (uses == 2) & (ups != 1))
    one, two, three = (_ends(triangles, whole, first[which]) for which in chosen)
    return one, two, three


def _ends(triangles: Points, whole: NDArray[np.intp], edges: NDArray[np.intp]) -> Points:
    """Both ends of edges numbered side by side: all first sides, all second, all third."""
    side, triangle = np.divmod(edges, max(len(whole), 1))
    triangle = whole[triangle]
    return np.stack((triangles[triangle, side], triangles[triangle, (side + 1) % 3]), axis=1)


def _crumbs(triangles: Points) -> Points:
    """The middle of each body that is too small to print beside a large one, as `findings` has it."""
    split = bodies(triangles)
    small = np.flatnonzero(split.extent < DUST_MM)
    if not len(small) or split.extent.max() <= 10 * DUST_MM:
        return np.zeros((0, 3), np.float32)
    uses = np.bincount(split.labels, minlength=len(split))
    means = [
        np.bincount(split.labels, triangles[:, :, axis].mean(axis=1), len(split)) / uses for axis in range(3)
    ]
    return np.stack(means, axis=1)[small].astype(np.float32)
