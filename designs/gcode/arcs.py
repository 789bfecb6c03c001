"""G2 and G3: an arc is one block with its own direction at either end (firmwares cut it into lines)."""

import numpy as np

from designs.gcode.compiled import compiled
from designs.gcode.limits import PRINTING, MotionLimits
from designs.gcode.motion import Blocks, add_block, note_place, straight
from designs.gcode.state import E, State, X, Y, Z

TURN = 2 * np.pi


@compiled
def arc(
    clockwise: bool,
    x: float,
    y: float,
    i: float,
    j: float,
    r: float,
    s: State,
    limits: MotionLimits,
    blocks: Blocks,
) -> None:
    """Append an arc from (x, y) to where the state is; the middle is at (i, j) from its start, or r away."""
    if r != 0.0:
        i, j = _middle(clockwise, r, s)
    radius = np.sqrt(i * i + j * j)
    if radius < 1e-9:
        straight(s, limits, blocks)
        return
    cx, cy = x + i, y + j
    first = np.arctan2(-j, -i)
    sweep = _sweep(clockwise, first, np.arctan2(s.position[Y] - cy, s.position[X] - cx))
    length = np.sqrt((radius * sweep) ** 2 + s.delta[Z] ** 2)
    _directions(first, sweep, radius, length, s)
    _note_extremes(cx, cy, radius, first, sweep, s)
    note_place(s)
    add_block(length, np.sqrt(limits.push[PRINTING] * radius), s, limits, blocks)


@compiled
def _middle(clockwise: bool, r: float, s: State) -> tuple[float, float]:
    """The middle of an arc that is given by its radius; a negative one means the longer way round."""
    dx, dy = s.delta[X], s.delta[Y]
    chord = np.sqrt(dx * dx + dy * dy)
    if chord == 0.0:
        return 0.0, 0.0
    height = np.sqrt(max(r * r - chord * chord / 4, 0.0)) / chord
    if clockwise == (r > 0.0):
        height = -height
    return dx / 2 - dy * height, dy / 2 + dx * height


@compiled
def _sweep(clockwise: bool, first: float, last: float) -> float:
    """The signed angle from first to last; back to the start is a whole turn."""
    angle = (first - last if clockwise else last - first) % TURN
    if angle < 1e-9:
        angle = TURN
    return -angle if clockwise else angle


@compiled
def _directions(first: float, sweep: float, radius: float, length: float, s: State) -> None:
    turn = radius * sweep / length
    last = first + sweep
    s.begin[X], s.begin[Y] = -np.sin(first) * turn, np.cos(first) * turn
    s.end[X], s.end[Y] = -np.sin(last) * turn, np.cos(last) * turn
    s.begin[Z] = s.end[Z] = s.delta[Z] / length
    s.begin[E] = s.end[E] = s.delta[E] / length


@compiled
def _note_extremes(cx: float, cy: float, radius: float, first: float, sweep: float, s: State) -> None:
    """Widen the extents by the leftmost, rightmost, front and back points that the arc passes."""
    x, y = s.position[X], s.position[Y]
    for quarter in range(4):
        angle = quarter * np.pi / 2
        way = (angle - first) % TURN if sweep > 0 else (first - angle) % TURN
        if way < abs(sweep):
            s.position[X], s.position[Y] = cx + radius * np.cos(angle), cy + radius * np.sin(angle)
            note_place(s)
    s.position[X], s.position[Y] = x, y
