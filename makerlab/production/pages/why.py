"""What the plates of an order wait for: plates that ask the same together, printers that lack it together."""

from collections.abc import Sequence
from dataclasses import dataclass

from makerlab.production.floor import Floor, Plate, Spot, Wait, nearest
from makerlab.production.obstacles import Obstacle


@dataclass(frozen=True, slots=True)
class Lack:
    """Printers with the same in the way, `first` one of them."""

    first: Wait
    printers: list[Spot]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Plates (by number) that ask the same of a printer; `best`: where they are nearest to a start."""

    plates: list[int]
    best: Wait | None
    lacks: list[Lack]


def waiting(floor: Floor, plates: Sequence[Plate]) -> list[Waiting]:
    """The plates in their order; of each kind only one is compared with the printers."""
    kinds: dict[object, list[Plate]] = {}
    for plate in plates:
        kinds.setdefault(plate.needs, []).append(plate)
    return [_waiting(floor, same) for same in kinds.values()]


def _waiting(floor: Floor, same: Sequence[Plate]) -> Waiting:
    rows = floor.waits(same[0])
    return Waiting([plate.number for plate in same], nearest(rows), _lacks(rows))


def _lacks(rows: Sequence[Wait]) -> list[Lack]:
    found: dict[tuple[Obstacle, ...], Lack] = {}
    for wait in rows:
        found.setdefault(tuple(wait.obstacles), Lack(wait, [])).printers.append(wait.printer)
    return list(found.values())
