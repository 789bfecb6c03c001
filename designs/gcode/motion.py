"""Motion blocks: what the machine has to do between two corners, and how fast it may pass them.

Rules of corners, accelerations and axis limits are those of the Prusa and Marlin 1 firmwares as PrusaSlicer's
estimator has them (GCodeProcessor); arcs and junction deviation are Marlin 2's. Units: mm, s, mm/s, mm/s².
"""

import numpy as np
from numpy.typing import NDArray

from designs.gcode.compiled import compiled
from designs.gcode.limits import PRINTING, RETRACTING, TRAVELLING, MotionLimits
from designs.gcode.state import PAUSE, RETRACTION, TRAVEL, WIPE, E, State, X, Y, Z

Blocks = NDArray[np.void]

BLOCK = np.dtype(
    [
        ("distance", "f4"),  # mm along the path; 0 is a pause
        ("cruise", "f4"),  # mm/s, highest speed inside the block
        ("acceleration", "f4"),  # mm/s²
        ("entry", "f4"),  # mm/s, highest speed at its beginning
        ("safe", "f4"),  # mm/s, speed at which it may end when nothing follows
        ("pause", "f4"),  # s
        ("layer", "i4"),  # 0 before the first layer
        ("feature", "i4"),  # index into state.FEATURES, then into the names found in the file
    ]
)
MIN_FEED = 0.5  # mm/s; a file without any F would never end


@compiled
def pause(seconds: float, s: State, blocks: Blocks) -> None:
    """The machine comes to rest and waits."""
    block = blocks[s.blocks]
    block.distance = block.cruise = block.entry = block.safe = 0.0
    block.acceleration = 1.0
    block.pause = seconds
    block.layer, block.feature = s.layer, PAUSE
    s.blocks += 1
    s.moving = 0


@compiled
def straight(s: State, limits: MotionLimits, blocks: Blocks) -> None:
    d = s.delta
    length = np.sqrt(d[X] * d[X] + d[Y] * d[Y] + d[Z] * d[Z])
    if length == 0.0:
        length = abs(d[E])
    if length == 0.0:
        return
    for axis in range(4):
        s.begin[axis] = s.end[axis] = d[axis] / length
    note_place(s)
    add_block(length, np.inf, s, limits, blocks)


@compiled
def note_place(s: State) -> None:
    """Widen the extents by where the machine is now, unless only filament moves."""
    if _still(s):
        return
    drawn = s.delta[E] > 0.0 and s.layer > 0
    for which in range(2 if drawn else 1):
        for axis in range(3):
            s.extent[which, 0, axis] = min(s.extent[which, 0, axis], s.position[axis])
            s.extent[which, 1, axis] = max(s.extent[which, 1, axis], s.position[axis])


@compiled
def _still(s: State) -> bool:
    """Whether only filament moves; a full circle ends where it began and is a way all the same."""
    return bool(s.begin[X] == 0.0 and s.begin[Y] == 0.0 and s.begin[Z] == 0.0)


@compiled
def add_block(length: float, cap: float, s: State, limits: MotionLimits, blocks: Blocks) -> None:
    """Append the move whose way is `delta`, with `begin` and `end` as directions and `cap` as top speed."""
    feed = max(s.feed * s.factor, MIN_FEED)
    cruise = _cruise(min(feed, cap), s, limits)
    kind = _kind(s)
    block = blocks[s.blocks]
    block.distance, block.cruise, block.pause = length, cruise, 0.0
    block.acceleration = _acceleration(kind, s, limits)
    block.safe = _safe(cruise, s, limits)
    block.entry = _junction(cruise, feed, block.safe, block.acceleration, s, limits)
    block.layer, block.feature = s.layer, _feature_of(kind, s)
    for axis in range(4):
        s.last[axis] = s.end[axis] * cruise
    s.last_feed, s.last_safe = feed, block.safe
    s.thread += s.delta[E]
    s.thread_most = max(s.thread_most, s.thread)
    s.blocks += 1
    s.moving = 1
    if kind == PRINTING and s.delta[E] > 0.0:
        s.drawn = s.here


@compiled
def _kind(s: State) -> int:
    if _still(s):
        return RETRACTING
    if s.wiping:
        return PRINTING
    return PRINTING if s.delta[E] > 0.0 and (s.begin[X] != 0.0 or s.begin[Y] != 0.0) else TRAVELLING


@compiled
def _feature_of(kind: int, s: State) -> int:
    if kind == PRINTING and not s.wiping:
        return int(s.feature)
    if kind == RETRACTING:
        return RETRACTION
    return WIPE if s.wiping else TRAVEL


@compiled
def _cruise(feed: float, s: State, limits: MotionLimits) -> float:
    """The commanded speed, slowed until no axis is above its own limit."""
    factor = 1.0
    for axis in range(4):
        flow = s.flow if axis == E else 1.0
        part = feed * abs(s.begin[axis]) * flow
        if part > limits.speed[axis]:
            factor = min(factor, limits.speed[axis] / part)
    return factor * feed


@compiled
def _acceleration(kind: int, s: State, limits: MotionLimits) -> float:
    acceleration = limits.push[kind]
    for axis in range(4):
        part = abs(s.begin[axis])
        if acceleration * part > limits.acceleration[axis]:
            acceleration = limits.acceleration[axis] / part
    return float(acceleration)


@compiled
def _safe(cruise: float, s: State, limits: MotionLimits) -> float:
    """The speed from which every axis may stop at once."""
    safe = cruise
    for axis in range(4):
        if abs(s.begin[axis]) * cruise > limits.jerk[axis]:
            safe = min(safe, limits.jerk[axis])
    return safe


@compiled
def _junction(
    cruise: float, feed: float, safe: float, acceleration: float, s: State, limits: MotionLimits
) -> float:
    """The highest speed at the corner between the move before and this one."""
    if s.moving == 0:
        return safe
    if limits.deviation > 0.0:
        return _by_deviation(cruise, acceleration, s, limits)
    return _by_jerk(cruise, safe, s, limits)


@compiled
def _by_jerk(cruise: float, safe: float, s: State, limits: MotionLimits) -> float:
    """Marlin 1: no axis changes its speed by more than its jerk."""
    before = float(s.last_feed)
    slower = before > cruise
    junction, factor = min(before, cruise), 1.0
    for axis in range(4):
        leaving = s.last[axis] * factor
        if slower:
            leaving *= cruise / before
        entering = s.begin[axis] * cruise * factor
        jerk = _jump(leaving, entering)
        if jerk > limits.jerk[axis]:
            factor *= limits.jerk[axis] / jerk
    junction *= factor
    if s.last_safe > 0.99 * junction and safe > 0.99 * junction:
        return safe  # the machine stops and starts anyway
    return junction


@compiled
def _jump(leaving: float, entering: float) -> float:
    """The change of one axis' speed; where it turns round, only the larger of the two counts."""
    if leaving * entering >= 0.0:
        return abs(leaving - entering)
    return max(abs(leaving), abs(entering))


@compiled
def _by_deviation(cruise: float, acceleration: float, s: State, limits: MotionLimits) -> float:
    """Marlin 2: the corner as an arc that leaves the path by at most `deviation`."""
    before = np.sqrt(s.last[X] ** 2 + s.last[Y] ** 2 + s.last[Z] ** 2)
    here = np.sqrt(s.begin[X] ** 2 + s.begin[Y] ** 2 + s.begin[Z] ** 2)
    if before == 0.0 or here == 0.0:
        return float(min(cruise, limits.jerk[E]))
    cosine = -(s.last[X] * s.begin[X] + s.last[Y] * s.begin[Y] + s.last[Z] * s.begin[Z]) / (before * here)
    if cosine > 0.999999:
        return 0.0  # straight back
    if cosine < -0.999999:
        return float(min(before, cruise))  # straight on
    half_sine = np.sqrt(0.5 * (1.0 - cosine))
    speed = np.sqrt(acceleration * limits.deviation * half_sine / (1.0 - half_sine))
    return float(min(speed, before, cruise))
