"""Packing by outline with bays, through spyrrow, which makes strips of fixed depth as short as it can."""

from typing import NamedTuple

import numpy as np
import spyrrow

from designs.packing.lattice import TINY_MM, Room
from designs.packing.outline import Points, turned

QUARTERS = (0.0, 90.0, 180.0, 270.0)
SEED = 1


class Strip(NamedTuple):
    """The width that all need, mm, and those inside the room: angles (m,), places of the origin (m, 2)."""

    width: float
    angles_deg: list[float]
    places: Points


def pack(outline: Points, copies: int, room: Room, seconds: int) -> Strip:
    """Pack `copies` into a strip of the room's depth; explore and compress for `seconds` each, one thread."""
    item = spyrrow.Item("piece", [tuple(point) for point in outline.tolist()], copies, QUARTERS)
    config = spyrrow.StripPackingConfig(
        early_termination=True,
        min_items_separation=room.clearance or None,
        total_computation_time=None,
        exploration_time=seconds,
        compression_time=seconds,
        num_workers=1,
        seed=SEED,
    )
    solution = _solved(spyrrow.StripPackingInstance("plate", room.depth, [item]), config)
    if solution is None:
        return Strip(float("inf"), [], np.empty((0, 2)))
    inside = sorted(
        (place.translation, place.rotation) for place in solution.placed_items if _fits(outline, place, room)
    )
    places = np.array([place for place, _ in inside]).reshape(-1, 2)
    return Strip(float(solution.width), [angle for _, angle in inside], places)


def _solved(
    instance: spyrrow.StripPackingInstance, config: spyrrow.StripPackingConfig
) -> spyrrow.StripPackingSolution | None:
    """None where the solver gives up: it panics, which is no Exception, on outlines that it cannot place."""
    try:
        return instance.solve(config)
    except BaseException as error:
        if type(error).__name__ == "PanicException" or isinstance(error, ValueError):
            return None
        raise


def _fits(outline: Points, place: spyrrow.PlacedItem, room: Room) -> bool:
    points = turned(outline, place.rotation) + np.array(place.translation)
    low, high = points.min(axis=0), points.max(axis=0)
    return bool((low > -TINY_MM).all() and high[0] < room.width + TINY_MM and high[1] < room.depth + TINY_MM)
