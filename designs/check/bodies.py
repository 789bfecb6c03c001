"""Which triangles hang together, and what each body is: size, volume, inside out or a cavity."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from designs.check.edges import Hashes, cone_volumes, corner_hashes, volume
from designs.mesh import blocks, corner_range

Labels = NDArray[np.int32]
GROUPS = 1 << 16  # corners at once
RAY_TESTS = 200  # bodies of negative volume that are looked at one by one


@dataclass(frozen=True, slots=True)
class Bodies:
    """Bodies numbered from 0: label of each triangle (n,), and per body its extent (mm) and volume (mm³)."""

    labels: Labels
    extent: NDArray[np.float64]
    volume: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.extent)


def bodies(triangles: NDArray[np.float32]) -> Bodies:
    """Split triangles of shape (n, 3, 3) into bodies: those that share a corner hang together."""
    roots = _roots(_neighbours(triangles))
    is_root = roots == np.arange(len(roots))
    labels = (np.cumsum(is_root, dtype=np.int32) - 1)[roots]
    count = int(is_root.sum())
    low, high = corner_range(triangles)
    if count == 1:
        return Bodies(labels, np.array([(high - low).max()], np.float64), np.array([volume(triangles)]))
    middle = (low.astype(np.float64) + high) / 2
    cones = [cone_volumes(triangles[part], middle) for part in blocks(len(triangles))]
    volumes = np.bincount(labels, np.concatenate(cones), count).astype(np.float64)
    return Bodies(labels, _extents(triangles, labels, count), volumes)


def _neighbours(triangles: NDArray[np.float32]) -> Labels:
    """For each corner, shape (3, n): the number of one triangle, the same for all that have this corner."""
    keys, bits = _sorted_keys(triangles)
    starts = np.flatnonzero(_begins(triangles, keys, bits))
    keys &= np.uint64((1 << bits) - 1)  # now the numbers of the corners, like beside like
    uses = np.diff(starts, append=len(keys))
    leader = (keys[starts] // np.uint64(3)).astype(np.int32)
    neighbours = np.empty(len(keys), np.int32)
    for first in range(0, len(starts), GROUPS):
        part = slice(first, first + GROUPS)
        end = starts[first + GROUPS] if first + GROUPS < len(starts) else len(keys)
        neighbours[keys[starts[first] : end]] = np.repeat(leader[part], uses[part])
    return neighbours.reshape(-1, 3).T


def _sorted_keys(triangles: NDArray[np.float32]) -> tuple[Hashes, int]:
    """The upper bits of each corner's hash over the corner's number, sorted; how many bits number it."""
    bits = (3 * len(triangles)).bit_length()
    keys = np.empty((len(triangles), 3), np.uint64)
    upper = np.uint64((1 << 64) - (1 << bits))
    number = np.arange(3, dtype=np.uint64)
    for part in blocks(len(triangles)):
        row = np.arange(part.start, min(part.stop, len(triangles)), dtype=np.uint64)[:, None]
        keys[part] = corner_hashes(triangles[part]).T & upper | (3 * row + number)
    flat = keys.reshape(-1)
    flat.sort()
    return flat, bits


def _begins(triangles: NDArray[np.float32], keys: Hashes, bits: int) -> NDArray[np.bool_]:
    """Where the next corner begins in the sorted row. Parts of hashes may agree by chance; corners decide."""
    begins = np.ones(len(keys), np.bool_)
    corners = triangles.reshape(-1, 3)
    number = np.uint64((1 << bits) - 1)
    for first in range(0, len(keys) - 1, GROUPS):
        row = keys[first : first + GROUPS + 1]
        place = corners[row & number]
        alike = (row[1:] ^ row[:-1]) <= number
        begins[first + 1 : first + len(row)] = ~(alike & (place[1:] == place[:-1]).all(axis=1))
    return begins


def _roots(neighbours: Labels) -> Labels:
    """The smallest triangle number of each body, for each triangle.

    The first corners alone join most of the mesh; what the other two corners have to add is then little.
    """
    root = np.arange(neighbours.shape[1], dtype=np.int32)
    everyone = root.copy()
    for neighbour in neighbours:
        _join(root, everyone, neighbour)
    return root


def _join(root: Labels, one: Labels, two: Labels) -> None:
    """Union of the pairs (one, two), in place; afterwards every entry of `root` is a root again."""
    while True:
        one, two = root[one], root[two]
        apart = one != two
        if not apart.any():
            return
        one, two = one[apart], two[apart]
        np.minimum.at(root, np.maximum(one, two), np.minimum(one, two))
        _shorten(root)


def _shorten(root: Labels) -> None:
    while True:
        further = root[root]
        if np.array_equal(further, root):
            return
        root[:] = further


def _extents(triangles: NDArray[np.float32], labels: Labels, count: int) -> NDArray[np.float64]:
    """The longest edge of each body's bounding box, mm."""
    longest = np.zeros(count)
    for axis in range(3):
        a, b, c = triangles[:, :, axis].T
        low, high = np.full(count, np.inf, np.float32), np.full(count, -np.inf, np.float32)
        np.minimum.at(low, labels, np.minimum(np.minimum(a, b), c))
        np.maximum.at(high, labels, np.maximum(np.maximum(a, b), c))
        np.maximum(longest, high - low, out=longest)
    return longest


def inside_out(triangles: NDArray[np.float32], split: Bodies) -> list[int]:
    """Bodies of negative volume that are no cavities: an even number of other surfaces lies above."""
    negative = np.flatnonzero(split.volume < 0)[:RAY_TESTS]
    above = {int(body): _surfaces_above(triangles, split.labels, int(body)) for body in negative}
    return [body for body, surfaces in above.items() if surfaces % 2 == 0]


def _surfaces_above(triangles: NDArray[np.float32], labels: Labels, body: int) -> int:
    """How many triangles of other bodies a ray upwards from the body's first triangle meets."""
    x, y, z = triangles[np.argmax(labels == body)].mean(axis=0, dtype=np.float64)
    near = (triangles[:, :, 0].min(1) <= x) & (triangles[:, :, 0].max(1) >= x) & (labels != body)
    a, b, c = triangles[near].astype(np.float64).transpose(1, 0, 2)
    sides = [_side(one, two, x, y) for one, two in ((b, c), (c, a), (a, b))]
    met = ((sides[0] > 0) == (sides[1] > 0)) & ((sides[1] > 0) == (sides[2] > 0))
    total = sides[0] + sides[1] + sides[2]
    met &= total != 0
    height = sum(side * corner[:, 2] for side, corner in zip(sides, (a, b, c), strict=True))
    return int((height[met] / total[met] > z).sum())


def _side(one: NDArray[np.float64], two: NDArray[np.float64], x: float, y: float) -> NDArray[np.float64]:
    """Twice the signed area of (one, two, point), seen from above."""
    area: NDArray[np.float64] = (two[:, 0] - one[:, 0]) * (y - one[:, 1]) - (two[:, 1] - one[:, 1]) * (
        x - one[:, 0]
    )
    return area


def doubled(triangles: NDArray[np.float32]) -> int:
    """How many triangles repeat another one, wherever their first corner and their outside are."""
    sums = corner_hashes(triangles).sum(axis=0)
    sums.sort()
    return int((sums[1:] == sums[:-1]).sum())
