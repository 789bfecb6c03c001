"""Judge a mesh before anyone prints it: `check(mesh) -> Check`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from designs.check import findings
from designs.check.bodies import Bodies, bodies, doubled, inside_out
from designs.check.edges import Edges, edges, volume
from designs.mesh import Mesh
from designs.problems import Problem, Severity

__all__ = ["BUILD_VOLUMES", "Check", "Problem", "Severity", "Volumes", "check", "judge"]

Volumes = Mapping[str, tuple[float, float, float]]

BUILD_VOLUMES: Volumes = {
    "Prusa MINI": (180, 180, 180),
    "Ender 3": (220, 220, 250),
    "Prusa MK3S": (250, 210, 210),
    "Prusa MK4": (250, 210, 220),
    "large bed": (400, 400, 400),
}
"""Width, depth and height in mm, used when the caller does not say which machines there are."""


@dataclass(frozen=True, slots=True)
class Check:
    """What a mesh is, and what is wrong with it. Lengths in mm, volume in mm³."""

    triangles: int
    size_mm: tuple[float, float, float]
    volume_mm3: float
    watertight: bool
    oriented: bool
    bodies: int
    problems: tuple[Problem, ...]

    @property
    def printable(self) -> bool:
        """Whether there is no problem of severity `error`."""
        return all(problem.severity != "error" for problem in self.problems)

    def as_row(self) -> dict[str, object]:
        """The keys that `python -m designs check --json` prints."""
        return {
            "triangles": self.triangles,
            "size_mm": [round(edge, 3) for edge in self.size_mm],
            "volume_mm3": round(self.volume_mm3, 3),
            "watertight": self.watertight,
            "oriented": self.oriented,
            "bodies": self.bodies,
            "problems": [problem.as_row() for problem in self.problems],
        }

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "Check":
        """The check that `as_row` was made of, rounded as it is there."""
        return cls(
            triangles=row["triangles"],
            size_mm=(row["size_mm"][0], row["size_mm"][1], row["size_mm"][2]),
            volume_mm3=row["volume_mm3"],
            watertight=row["watertight"],
            oriented=row["oriented"],
            bodies=row["bodies"],
            problems=tuple(Problem(**problem) for problem in row["problems"]),
        )


def check(mesh: Mesh, volumes: Volumes = BUILD_VOLUMES) -> Check:
    """Judge a mesh of at least one triangle; `volumes` are the build volumes (mm) that it may fit."""
    return judge(mesh, volumes)[0]


def judge(mesh: Mesh, volumes: Volumes = BUILD_VOLUMES) -> tuple[Check, Mesh]:
    """The check, and the mesh to go on with: bodies that were inside out are turned."""
    seams = edges(mesh.triangles)
    split = bodies(mesh.triangles)
    turned, wrong_way = _turned(mesh, seams, split)
    cubic = volume(turned.triangles)
    problems = (
        *mesh.notes,
        *findings.surface(seams, len(mesh), doubled(mesh.triangles) if seams.crowded else 0),
        *findings.outside(wrong_way, len(split)),
        *findings.pieces(split),
        *findings.dimensions(mesh, cubic, seams, volumes),
    )
    watertight, oriented = seams.watertight, seams.oriented
    return Check(len(mesh), mesh.size_mm, cubic, watertight, oriented, len(split), problems), turned


def _turned(mesh: Mesh, seams: Edges, split: Bodies) -> tuple[Mesh, int]:
    """The mesh with its outside outside, and how many bodies were turned; only where the surface is sound."""
    if not (seams.watertight and seams.oriented):
        return mesh, 0
    wrong = inside_out(mesh.triangles, split)
    if not wrong:
        return mesh, 0
    chosen = np.isin(split.labels, wrong)
    triangles = mesh.triangles.copy()
    triangles[chosen] = triangles[chosen][:, ::-1]
    return Mesh(triangles, mesh.notes), len(wrong)
