"""More copies than rows hold: outlines with bays, packed by spyrrow, in a limited child process.

The packer and the picture of the shadow need scipy (50 MB) and seconds of one core: not in a process that
lives long.
"""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from designs import errand
from designs.errors import Refused
from designs.mesh import Mesh
from designs.packing import outline
from designs.packing.lattice import Room
from designs.packing.outline import Points

MAX_STRIP = 150  # copies; for more the strip packer needs too long to be better than rows
ROUNDS = 3
LONGER = 3  # times the seconds, where one more copy decides
MEMORY_MB = 1024
PIECE = "piece.stl"

Place = tuple[float, float, float]  # x and y of the origin, mm, and the angle, degrees


def more(mesh: Mesh, copies: int, room: Room, held: int, seconds: int) -> list[Place]:
    """Places of up to `copies` in the room, as its `lattice` names them; none unless more than `held`.

    The packer has a few rounds of two times `seconds`, longer where one more copy would decide. One that
    fails or takes too long finds nothing.
    """
    task = {"copies": copies, "room": list(room), "held": held, "seconds": seconds}
    longest = (ROUNDS + LONGER) * 2 * seconds
    with tempfile.TemporaryDirectory(prefix="makerlab-packing-") as folder:
        mesh.write_stl(Path(folder) / PIECE)
        try:
            row, _ = errand.run(__name__, task, Path(folder), seconds=30 + 4 * longest, memory_mb=MEMORY_MB)
        except Refused:
            return []
    return [(x, y, angle) for x, y, angle in row["places"]]


# ---- in the child


def work(task: dict[str, Any]) -> dict[str, Any]:
    """`places`: what was found for the piece in the present directory."""
    from designs.read import read

    mesh = read(Path(PIECE), kind="stl")
    drawn = outline.outline(mesh)  # a little too large, so what has no bays is better without
    shape = min(drawn, outline.hull(mesh), key=outline.area)
    return {"places": _packed(shape, task["copies"], Room(*task["room"]), task["held"], task["seconds"])}


def _packed(shape: Points, copies: int, room: Room, held: int, seconds: int) -> list[Place]:
    """Let the strip packer try more copies than are held, as long as the area could hold them."""
    from designs.packing import strip

    found: list[Place] = []
    if np.ptp(shape, axis=0).min() >= room.depth:
        return found  # as drawn it fits nowhere
    most = min(copies, _upper_bound(shape, room), MAX_STRIP)
    target = min(most, held * 6 // 5 + 2)
    for _ in range(ROUNDS):
        if target <= held:
            break
        last = target == held + 1  # one more decides: worth a longer look
        packed = strip.pack(shape, target, room, LONGER * seconds if last else seconds)
        if len(packed.places) > held:
            held = len(packed.places)
            found = [
                (x, y, turn) for (x, y), turn in zip(packed.places.tolist(), packed.angles_deg, strict=True)
            ]
        guess = int(target * room.width / packed.width)
        target = min(most, max(guess, held + 1), target - 1 if packed.width > room.width else most)
    return found


def _upper_bound(shape: Points, room: Room) -> int:
    """How many copies the area could hold, each with half the clearance around it."""
    edges = np.roll(shape, -1, axis=0) - shape
    half = room.clearance / 2
    each = outline.area(shape) + half * float(np.hypot(*edges.T).sum()) / 2
    return int((room.width + 2 * half) * (room.depth + 2 * half) / each)
