"""As many copies of a piece as fit on one bed, by outline and never fewer than by bounding box."""

from dataclasses import dataclass

import numpy as np

from designs.errors import Refused
from designs.mesh import Mesh
from designs.packing import lattice, outline
from designs.packing.lattice import Packing, Room
from designs.packing.outline import Points
from designs.profiles import Machine
from designs.slicer.port import Placement

CLEARANCE_MM = 3.0
MARGIN_MM = 3.0  # a skirt 2 mm away and its line
MAX_STRIP = 150  # copies; for more the strip packer needs too long to be better than rows
ROUNDS = 3
LONGER = 3  # times the seconds, where one more copy decides


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
        found = _by_outline(piece, copies, room, found, seconds)
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


def _by_outline(mesh: Mesh, copies: int, room: Room, found: list[Placement], seconds: int) -> list[Placement]:
    """Let the strip packer try more copies than `found`, as long as the area could hold them."""
    from designs.packing import strip  # only few plates need it

    drawn = outline.outline(mesh)  # a little too large, so what has no bays is better without
    shape = min(drawn, outline.hull(mesh), key=outline.area)
    if np.ptp(shape, axis=0).min() >= room.depth:
        return found  # as drawn it fits nowhere
    most = min(copies, _upper_bound(shape, room), MAX_STRIP)
    target = min(most, len(found) * 6 // 5 + 2)
    for _ in range(ROUNDS):
        if target <= len(found):
            break
        last = target == len(found) + 1  # one more decides: worth a longer look
        packed = strip.pack(shape, target, room, LONGER * seconds if last else seconds)
        if len(packed.places) > len(found):
            found = [
                Placement(float(x), float(y), angle)
                for (x, y), angle in zip(packed.places, packed.angles_deg, strict=True)
            ]
        guess = int(target * room.width / packed.width)
        target = min(most, max(guess, len(found) + 1), target - 1 if packed.width > room.width else most)
    return found


def _upper_bound(shape: Points, room: Room) -> int:
    """How many copies the area could hold, each with half the clearance around it."""
    edges = np.roll(shape, -1, axis=0) - shape
    half = room.clearance / 2
    each = outline.area(shape) + half * float(np.hypot(*edges.T).sum()) / 2
    return int((room.width + 2 * half) * (room.depth + 2 * half) / each)


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
