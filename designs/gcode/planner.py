"""How long the blocks take: look-ahead over the whole file, then a trapezoid for each block."""

import numpy as np
from numpy.typing import NDArray

from designs.gcode.compiled import compiled


@compiled
def plan(blocks: NDArray[np.void], by_layer: NDArray[np.float64], by_feature: NDArray[np.float64]) -> None:
    """Add the seconds of each block to its layer and its feature; `entry` becomes the speed reached."""
    _brake_in_time(blocks)
    for i in range(blocks.size):
        block = blocks[i]
        seconds = block.pause
        if block.distance > 0.0:
            leave = _leave(blocks, i)
            seconds += _seconds(block.distance, block.entry, block.cruise, leave, block.acceleration)
        by_layer[block.layer] += seconds
        by_feature[block.feature] += seconds


@compiled
def _leave(blocks: NDArray[np.void], i: int) -> float:
    """The speed at the end of a block; the next one is entered no faster than this one can get."""
    block = blocks[i]
    if i + 1 == blocks.size or blocks[i + 1].distance == 0.0:
        return float(block.safe)
    reached = np.sqrt(block.entry**2 + 2.0 * block.acceleration * block.distance)
    following = blocks[i + 1]
    following.entry = min(following.entry, np.float32(reached))
    return float(following.entry)


@compiled
def _brake_in_time(blocks: NDArray[np.void]) -> None:
    """From the end backwards: enter no block faster than it can be left."""
    rest = True
    leave = 0.0
    for i in range(blocks.size - 1, -1, -1):
        block = blocks[i]
        if rest:
            leave = block.safe  # nothing follows, or a pause
        block.entry = min(block.entry, np.sqrt(leave * leave + 2.0 * block.acceleration * block.distance))
        leave = block.entry
        rest = block.distance == 0.0


@compiled
def _seconds(distance: float, enter: float, cruise: float, leave: float, acceleration: float) -> float:
    """A trapezoid of speed over time, or a triangle where the cruising speed is not reached."""
    up = max(0.0, cruise * cruise - enter * enter) / (2.0 * acceleration)
    down = max(0.0, cruise * cruise - leave * leave) / (2.0 * acceleration)
    if up + down <= distance:
        ramps = max(0.0, cruise - enter) + max(0.0, cruise - leave)
        return float(ramps / acceleration + (distance - up - down) / cruise)
    peak = np.sqrt(acceleration * distance + (enter * enter + leave * leave) / 2.0)
    peak = max(peak, enter, leave)
    return float((2.0 * peak - enter - leave) / acceleration)
