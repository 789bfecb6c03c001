"""As many copies of a piece as fit on one bed, by outline and never fewer than by bounding box."""

from dataclasses import dataclass

import numpy as np

from designs.errors import Refused
from designs.mesh import Mesh
from designs.packing import dense, lattice, outline
from designs.packing.lattice import Packing, Room
from designs.packing.outline import Points
from designs.profiles import Machine
from designs.slicer.port import Placement

CLEARANCE_MM = 3.0
MARGIN_MM = 3.0  # a skirt 2 mm away and its line


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Where the copies stand, and how many found no place."""

    placements: tuple[Placement, ...]
    left_over: int


def arrange(
    mesh: Mesh,
    copies: int,
    machine: Machine,
    clearance_mm: float = CLEARANCE_MM,
    *,
    margin_mm: float = MARGIN_MM,
    seconds: int = 1,
) -> Arrangement:
    """Place up to `copies` on the bed: at least `clearance_mm` between them and `margin_mm` to its edges.

    The first way that holds all copies is taken, else the one that holds most: a grid of bounding boxes,
    rows in each other's gaps, outlines packed by spyrrow (a few rounds of two times `seconds`, with a seed,
    longer where one more would decide; it stops by the clock, so a busy machine may place fewer). A plate
    that is not full stands in the middle of the bed. Raises `Refused` for fewer than one copy, too tall
    pieces and those without an area.
    """
    _check(mesh, copies, machine)
    piece = mesh.placed()
    hull = outline.hull(piece)
    room = Room(machine.bed_mm[0] - 2 * margin_mm, machine.bed_mm[1] - 2 * margin_mm, clearance_mm)
    found = _placements(lattice.grid(hull, room))
    if len(found) < copies:
        found = max(found, _placements(lattice.rows(hull, room)), key=len)
    if len(found) < copies:
        found = [Placement(*place) for place in dense.more(piece, copies, room, len(found), seconds)] or found
    kept = _nearest_to_middle(found, room, copies)
    return Arrangement(_centred(kept, hull, machine), copies - len(kept))


def _check(mesh: Mesh, copies: int, machine: Machine) -> None:
    if copies < 1:
        raise Refused("no_copies", "Give a number of copies of at least 1.")
    if mesh.size_mm[2] > machine.height_mm:
        tall, most = f"{mesh.size_mm[2]:.1f} mm", f"{machine.height_mm:g} mm"
        message = f"The piece is {tall} tall; {machine.name} prints at most {most}. Lay it down or divide it."
        raise Refused("too_tall", message, height_mm=mesh.size_mm[2], machine=machine.name)


def _placements(packing: Packing) -> list[Placement]:
    return [Placement(float(x), float(y), packing.angle_deg) for x, y in packing.places]


def _nearest_to_middle(found: list[Placement], room: Room, copies: int) -> list[Placement]:
    def distance(place: Placement) -> float:
        return round((place.x_mm - room.width / 2) ** 2 + (place.y_mm - room.depth / 2) ** 2, 6)

    kept = sorted(found, key=lambda place: (distance(place), place.y_mm, place.x_mm))[:copies]
    return sorted(kept, key=lambda place: (place.y_mm, place.x_mm))


def _centred(places: list[Placement], hull: Points, machine: Machine) -> tuple[Placement, ...]:
    """Move all copies together so that the middle of their box is the middle of the bed."""
    if not places:
        return ()
    corners = np.vstack([outline.turned(hull, p.angle_deg) + np.array([p.x_mm, p.y_mm]) for p in places])
    x, y = np.array(machine.bed_mm) / 2 - (corners.min(axis=0) + corners.max(axis=0)) / 2
    return tuple(Placement(p.x_mm + float(x), p.y_mm + float(y), p.angle_deg % 360) for p in places)
