"""3MF: the core specification, several objects, components (also in other parts), transforms and units.

Only geometry is taken. Settings for a slicer that stand in the file are dropped, and that is said: a slicer
would run the commands in them.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from designs.errors import Refused
from designs.limits import Limits
from designs.mesh import Mesh
from designs.problems import Problem
from designs.read import archive
from designs.read.archive import Archive
from designs.read.model_xml import Key, Model, Object, Use, parse_model, parse_start
from designs.read.stl import refuse_too_many

RELATIONSHIPS = "_rels/.rels"
USUAL_START = "3D/3dmodel.model"
UNITS_MM = {
    "micron": 0.001,
    "millimeter": 1.0,
    "centimeter": 10.0,
    "inch": 25.4,
    "foot": 304.8,
    "meter": 1000.0,
}
SETTINGS_ENDINGS = (".config", ".gcode", ".ini", "project_settings", "model_settings")


def read(path: Path, limits: Limits) -> Mesh:
    """The triangles of everything that the build of a 3MF file names, mm."""
    with archive.opened(path, limits) as opened:
        scene = _Scene(opened, limits)
        start = scene.model(_start_part(opened, limits))
        return Mesh(scene.assembled(start.build, _scale(start)), _notes(opened))


def _start_part(opened: Archive, limits: Limits) -> str:
    start = USUAL_START
    if RELATIONSHIPS in opened.names:
        start = parse_start(opened.chunks(RELATIONSHIPS), limits) or USUAL_START
    return start


def _scale(model: Model) -> float:
    if model.unit not in UNITS_MM:
        raise Refused(
            "unknown_unit",
            "The 3MF file has an unknown unit of length; please export it in millimetres.",
            unit=model.unit[:40],
        )
    return UNITS_MM[model.unit]


def _notes(opened: Archive) -> tuple[Problem, ...]:
    if not any(name.lower().endswith(SETTINGS_ENDINGS) for name in opened.names):
        return ()
    words = "The file brought settings for a slicer; they were left out, only the object was taken."
    return (Problem("settings_dropped", "info", words),)


@dataclass(slots=True)
class _Scene:
    """The parts of a file that were read so far, and what their objects add up to."""

    opened: Archive
    limits: Limits
    models: dict[str, Model] = field(default_factory=dict)
    sums: dict[Key, tuple[int, int]] = field(default_factory=dict)

    def model(self, part: str) -> Model:
        """The model in a part of the archive; read once."""
        part = part.lstrip("/")
        if part not in self.models:
            if part not in self.opened.names:
                raise Refused("no_model", "The 3MF file holds no model; please export the object itself.")
            self.models[part] = parse_model(self.opened.chunks(part), part, self.limits)
        return self.models[part]

    def assembled(self, build: list[Use], scale: float) -> NDArray[np.float32]:
        """Triangles of all that is built, times `scale`; counted before any is copied."""
        if not build:
            raise Refused(
                "nothing_to_print", "The 3MF file names nothing to print; please export the object."
            )
        sums = [self._sum(use.key, ()) for use in build]
        refuse_too_many(sum(triangles for triangles, _ in sums), self.limits)
        if sum(copies for _, copies in sums) > self.limits.component_copies:
            raise Refused(
                "too_many_copies", "The 3MF file copies its parts too often; please export one object."
            )
        placed = [np.empty((0, 3, 3), np.float32)]
        for use in build:
            self._place(use, np.diag([scale, scale, scale, 1.0]), placed)
        return np.concatenate(placed)

    def _object(self, key: Key) -> Object:
        found = self.model(key[0]).objects.get(key[1])
        if found is None:
            raise Refused(
                "missing_object", "The 3MF file names a part that it does not hold; export it again."
            )
        return found

    def _sum(self, key: Key, above: tuple[Key, ...]) -> tuple[int, int]:
        """Triangles and copies below an object; each object is visited once, however often it is used."""
        if key in above or len(above) > self.limits.component_depth:
            raise Refused("circular", "A part of the 3MF file contains itself; please export it again.")
        if key not in self.sums:
            one = self._object(key)
            below = [self._sum(use.key, (*above, key)) for use in one.components]
            triangles = len(one.triangles) + sum(part[0] for part in below)
            self.sums[key] = (triangles, 1 + sum(part[1] for part in below))
        return self.sums[key]

    def _place(self, use: Use, outer: NDArray[np.float64], placed: list[NDArray[np.float32]]) -> None:
        one = self._object(use.key)
        transform = use.transform @ outer
        if len(one.triangles):
            placed.append(_moved(one, transform))
        for component in one.components:
            self._place(component, transform, placed)


def _moved(one: Object, transform: NDArray[np.float64]) -> NDArray[np.float32]:
    """Row vectors times a 4 × 4 matrix; a mirrored object is turned, so that its outside stays outside."""
    with np.errstate(over="ignore", invalid="ignore"):  # what is not finite is refused as such
        corners = (one.corners @ transform[:3, :3] + transform[3, :3]).astype(np.float32)
    mirrored = np.linalg.det(transform[:3, :3]) < 0
    return corners[one.triangles[:, ::-1] if mirrored else one.triangles]
