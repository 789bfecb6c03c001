"""The few best faces to rest on: what each costs in supports, height and time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, QhullError

from designs.errors import Refused
from designs.mesh import Mesh
from designs.profiles import Machine, Material, Process, load

Floats = NDArray[np.float64]

TOUCH_MM = 0.1  # what lies this near to the bed rests on it
LARGEST_FACES = 24
ESTIMATED = 6
LAYER_S = 4.0  # rough cost of one more layer, and
SUPPORT_S_MM3 = 1 / 15  # of supported space; both only choose which ways are estimated
REMOVE_S_MM3 = 1 / 20  # a person's time for breaking supports off, judged, not measured
FIRM = 0.05  # of the largest contact area: a piece on less comes off the bed


@dataclass(frozen=True, slots=True)
class Resting:
    """One way to lay a piece down.

    `turn` has three rows: multiply it with a corner (x, y, z) to turn the piece. `contact_mm2` is the area
    that touches the bed, `support_mm3` the space under overhangs down to the bed, `stable` whether the piece
    stands by itself, `as_given` whether it lies as in its file, `time_s` the estimate, with supports where
    there are overhangs.
    """

    turn: tuple[tuple[float, float, float], ...]
    height_mm: float
    contact_mm2: float
    support_mm3: float
    stable: bool
    as_given: bool
    time_s: float = 0.0

    def apply(self, mesh: Mesh) -> Mesh:
        """The piece turned, standing on z = 0 over the origin."""
        return Mesh((mesh.triangles @ np.array(self.turn).T).astype(np.float32)).placed()


def orient(
    mesh: Mesh,
    machine: Machine,
    process: Process | None = None,
    material: Material | None = None,
    *,
    most: int = 4,
) -> list[Resting]:
    """Up to `most` ways to lay `mesh` on the bed of `machine`, the best first; the given way among them.

    Best is what holds on to the bed and then takes the least time for printing and for breaking supports off.
    Candidates are the largest faces of the convex hull on which the piece stands by itself. Raises
    `Refused("flat")` for a mesh without a volume and `Refused("too_large")` when it fits in no way.
    """
    profiles = load()
    process, material = process or profiles.process(), material or profiles.material()
    ways = _different(way for way in _ways(mesh, process) if _fits(way, mesh, machine))
    if not ways:
        raise Refused(
            "too_large", f"The piece fits on {machine.name} in no way; divide it or make it smaller."
        )
    chosen = sorted(ways, key=lambda way: _rough(way, process))[:ESTIMATED]
    chosen += [way for way in ways if way.as_given and way not in chosen]
    firm = FIRM * max(way.contact_mm2 for way in ways)
    timed = [_timed(way, mesh, machine, process, material) for way in chosen]
    timed.sort(key=lambda way: (not way.stable or way.contact_mm2 < firm, _work(way)))
    given = [way for way in timed[most:] if way.as_given]
    return timed[: most - len(given)] + given


def _ways(mesh: Mesh, process: Process) -> Iterator[Resting]:
    hull = _hull(mesh)
    corners = hull.points[hull.vertices]
    surface = _Surface(mesh)
    middle = surface.middle(corners)
    downs = _faces(hull)
    for number, down in enumerate([np.array([0.0, 0.0, -1.0]), *downs]):
        stable = _stands(corners, middle, down)
        if stable or number == 0:
            yield surface.resting(corners, down, process, stable=stable, as_given=number == 0)


def _hull(mesh: Mesh) -> ConvexHull:
    points = np.unique(mesh.triangles.reshape(-1, 3).astype(np.float64), axis=0)
    try:
        return ConvexHull(points)
    except (QhullError, ValueError) as error:
        raise Refused("flat", "This piece has no volume, so it cannot rest on anything.") from error


def _faces(hull: ConvexHull) -> list[Floats]:
    """Outward directions of the largest faces, without the one that is down already."""
    corners = hull.points[hull.simplices]
    areas = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1) / 2
    planes, face = np.unique(hull.equations.round(3), axis=0, return_inverse=True)
    sums = np.bincount(face.ravel(), areas)
    largest = np.argsort(-sums, kind="stable")[:LARGEST_FACES]
    normals = planes[largest, :3]
    return [normal / np.linalg.norm(normal) for normal in normals if normal[2] > -0.9999]


class _Surface:
    """Normals, areas and middles of all triangles, once for all directions."""

    def __init__(self, mesh: Mesh) -> None:
        self.corners = mesh.triangles.astype(np.float64)
        crosses = np.cross(self.corners[:, 1] - self.corners[:, 0], self.corners[:, 2] - self.corners[:, 0])
        lengths = np.linalg.norm(crosses, axis=1)
        self.areas = lengths / 2
        self.normals = crosses / np.where(lengths > 0, lengths, 1)[:, None]
        self.middles = self.corners.mean(axis=1)

    def middle(self, hull_corners: Floats) -> Floats:
        """The centre of mass; of a mesh that encloses nothing, the middle of its hull."""
        origin: Floats = hull_corners.mean(axis=0)
        from_origin = self.corners - origin
        parts = np.einsum("ij,ij->i", from_origin[:, 0], np.cross(from_origin[:, 1], from_origin[:, 2])) / 6
        volume = float(parts.sum())
        if abs(volume) < 1e-3 * float(np.prod(np.ptp(hull_corners, axis=0))):
            return origin
        weighted: Floats = (parts[:, None] * from_origin.sum(axis=1) / 4).sum(axis=0) / volume
        return np.add(origin, weighted)

    def resting(
        self, hull_corners: Floats, down: Floats, process: Process, *, stable: bool, as_given: bool
    ) -> Resting:
        """What this way of lying costs."""
        levels = -hull_corners @ down
        height = -self.middles @ down - levels.min()
        facing = self.normals @ down
        touching = (facing > 0.99) & (height < TOUCH_MM)
        overhanging = (facing > np.cos(np.deg2rad(process.supports.angle_deg))) & (height >= TOUCH_MM)
        support = float((self.areas * facing * height)[overhanging].sum())
        contact = float(self.areas[touching].sum())
        return Resting(_turn(down), float(np.ptp(levels)), contact, support, stable, as_given)


def _stands(hull_corners: Floats, middle: Floats, down: Floats) -> bool:
    """Whether the centre of mass is above the area that touches the bed."""
    levels = -hull_corners @ down
    flat = np.array(_turn(down))[:2]
    touching = hull_corners[levels < levels.min() + TOUCH_MM] @ flat.T
    try:
        area = ConvexHull(touching)
    except (QhullError, ValueError):
        return False
    return bool((area.equations @ np.append(flat @ middle, 1) < 0).all())


def _turn(down: Floats) -> tuple[tuple[float, float, float], ...]:
    """The shortest turn that brings the unit vector `down` to (0, 0, -1), by Rodrigues' formula."""
    x, y, z = down
    if z > 0.999999:
        return ((1.0, 0.0, 0.0), (0.0, -1.0, 0.0), (0.0, 0.0, -1.0))
    axis = np.array([[0, 0, x], [0, 0, y], [-x, -y, 0]])
    matrix = np.eye(3) + axis + axis @ axis / (1 - z)
    first, second, third = matrix.tolist()
    return tuple(first), tuple(second), tuple(third)


def _fits(way: Resting, mesh: Mesh, machine: Machine) -> bool:
    width, depth, height = way.apply(mesh).size_mm
    bed = sorted(machine.bed_mm)
    return height <= machine.height_mm and all(
        a <= b for a, b in zip(sorted((width, depth)), bed, strict=True)
    )


def _different(ways: Iterable[Resting]) -> list[Resting]:
    """One of those that are the same but for the symmetry of the piece."""
    kinds: dict[tuple[str, ...], Resting] = {}
    for way in ways:
        figures = way.height_mm, way.contact_mm2, way.support_mm3
        kinds.setdefault(tuple(f"{figure:.2g}" for figure in figures), way)
    return list(kinds.values())


def _work(way: Resting) -> float:
    return way.time_s + way.support_mm3 * REMOVE_S_MM3


def _rough(way: Resting, process: Process) -> float:
    return way.height_mm / process.layer_mm * LAYER_S + way.support_mm3 * SUPPORT_S_MM3


def _timed(way: Resting, mesh: Mesh, machine: Machine, process: Process, material: Material) -> Resting:
    from designs.estimate import estimate

    supports = way.support_mm3 > 0
    time_s = estimate(way.apply(mesh), machine, process, material, supports).time_s
    return replace(way, time_s=time_s)
