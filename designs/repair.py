"""Small, safe repairs of a mesh, offered as a new one: `repair(mesh) -> Repaired`, or Refused.

Triangles without an area and repeated ones go, loose dust goes, small flat holes are closed, bodies that are
inside out are turned. What is then not closed and oriented, or has another volume, is refused: that is for
the person who drew it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from designs.check.bodies import bodies, inside_out
from designs.check.edges import corner_hashes, edges
from designs.check.findings import DUST_MM
from designs.errors import Refused
from designs.holes import caps
from designs.mesh import Mesh
from designs.problems import Problem

Triangles = NDArray[np.float32]

MOST_CHANGE = 0.02  # of the volume
EMPTY = 1e-9  # of the cube around the piece


@dataclass(frozen=True, slots=True)
class Repaired:
    """The new mesh, and what was done to it, in order; nothing, where nothing had to be done."""

    mesh: Mesh
    steps: tuple[Problem, ...]


_WORDS = {
    "degenerate": "{} triangles without an area were removed.",
    "doubled": "{} triangles that were there twice were removed.",
    "dust": "{} loose parts too small to be printed were removed.",
    "holes": "{} small flat holes were closed.",
    "inverted": "{} bodies that were inside out were turned.",
}


def repair(mesh: Mesh) -> Repaired:
    """A closed, oriented mesh of the same volume. Raises `Refused("not_repairable")` where small repairs do
    not lead there."""
    steps: list[Problem] = []
    triangles = _noted(steps, "degenerate", _without_degenerate(mesh.triangles))
    triangles = _noted(steps, "doubled", _without_repeated(triangles))
    triangles = _noted(steps, "dust", _without_dust(triangles))
    before = _enclosed(triangles)
    triangles = _noted(steps, "holes", _closed(triangles))
    triangles = _noted(steps, "inverted", _turned(triangles))
    seams = edges(triangles)
    if not (seams.watertight and seams.oriented):
        raise _refused("the surface stays open or its sides are mixed up")
    after = _enclosed(triangles)
    if after <= EMPTY * float(np.ptp(triangles.reshape(-1, 3), axis=0).max()) ** 3:
        raise _refused("the surface encloses nothing")
    if abs(after - before) > MOST_CHANGE * before:
        raise _refused("the volume would change by more than 2 %")
    return Repaired(Mesh(triangles, mesh.notes), tuple(steps))


def _noted(steps: list[Problem], code: str, done: tuple[Triangles, int]) -> Triangles:
    """The new triangles; what was done to get them is added to the steps."""
    triangles, count = done
    if count:
        steps.append(Problem(code, "info", _WORDS[code].format(count), {"count": count}))
    return triangles


def _refused(why: str) -> Refused:
    words = f"This cannot be repaired safely: {why}; please repair it where it was drawn."
    return Refused("not_repairable", words, why=why)


def _enclosed(triangles: Triangles) -> float:
    """Volume of all bodies, mm³, whichever way round they are."""
    return float(np.abs(bodies(triangles).volume).sum())


def _without_degenerate(triangles: Triangles) -> tuple[Triangles, int]:
    a, b, c = triangles.transpose(1, 0, 2)
    kept = (a != b).any(axis=1) & (b != c).any(axis=1) & (c != a).any(axis=1)
    if not kept.any():
        raise _refused("no triangle has an area")
    return triangles[kept], int((~kept).sum())


def _without_repeated(triangles: Triangles) -> tuple[Triangles, int]:
    """One of each set of triangles with the same corners; only where surfaces touch at all."""
    if not edges(triangles).crowded:
        return triangles, 0
    corners = np.sort(corner_hashes(triangles), axis=0).T
    _, first = np.unique(corners, axis=0, return_index=True)
    return triangles[np.sort(first)], len(triangles) - len(first)


def _without_dust(triangles: Triangles) -> tuple[Triangles, int]:
    split = bodies(triangles)
    dust = split.extent < DUST_MM
    if not dust.any() or split.extent.max() <= 10 * DUST_MM:
        return triangles, 0
    return triangles[~dust[split.labels]], int(dust.sum())


def _closed(triangles: Triangles) -> tuple[Triangles, int]:
    found = list(caps(triangles)) if edges(triangles).open else []
    return np.concatenate([triangles, *found]), len(found)


def _turned(triangles: Triangles) -> tuple[Triangles, int]:
    seams = edges(triangles)
    if not (seams.watertight and seams.oriented):
        return triangles, 0
    split = bodies(triangles)
    wrong = inside_out(triangles, split)
    chosen = np.isin(split.labels, wrong)
    triangles = triangles.copy()
    triangles[chosen] = triangles[chosen][:, ::-1]
    return triangles, len(wrong)
