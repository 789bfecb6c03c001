"""What the reader knows of the machine while it goes through a file.

Compiled code changes it in place. It is one record and not an object of many arrays: those would be counted
at every call, which made reading five times slower.
"""

from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from designs.gcode.limits import Floats

FEATURES = ("Travel", "Retraction", "Wipe", "Pause", "Other")
TRAVEL, RETRACTION, WIPE, PAUSE, OTHER = range(5)
MAX_FEATURES = 64
X, Y, Z, E = range(4)

STATE = np.dtype(
    [
        ("position", "f8", 4),  # mm, where the machine is
        ("shift", "f8", 4),  # mm, position minus what the file calls it (G92)
        ("words", "f8", 26),  # the numbers of one line by letter
        ("delta", "f8", 4),  # mm, the way of one move
        ("begin", "f8", 4),  # direction at its beginning, per mm of path
        ("end", "f8", 4),  # direction at its end
        ("last", "f8", 4),  # mm/s, speed of each axis at the end of the move before
        ("extent", "f8", (2, 2, 3)),  # of all moves, and of lines drawn in layers; lowest, highest; x, y, z
        ("feed", "f8"),  # mm/s, as commanded
        ("last_feed", "f8"),
        ("last_safe", "f8"),
        ("factor", "f8"),  # M220
        ("flow", "f8"),  # M221
        ("thread", "f8"),  # mm of filament pushed out, retractions taken off
        ("thread_most", "f8"),
        ("relative", "i8"),
        ("relative_e", "i8"),
        ("inches", "i8"),
        ("wiping", "i8"),
        ("moving", "i8"),  # whether a move came before without a pause
        ("feature", "i8"),
        ("layer", "i8"),
        ("blocks", "i8"),  # how many were made
        ("names", "i8", (MAX_FEATURES, 2)),  # hash and offset of each feature's name
        ("names_known", "i8"),
        ("here", "i8"),  # offset of the line being read
        ("strange", "i8"),  # offset of the first line that is no G-code, or -1
        ("drawn", "i8"),  # offset of the last line that draws, or -1
    ]
)


class State(Protocol):
    """A record of STATE."""

    position: Floats
    shift: Floats
    words: Floats
    delta: Floats
    begin: Floats
    end: Floats
    last: Floats
    extent: Floats
    feed: float
    last_feed: float
    last_safe: float
    factor: float
    flow: float
    thread: float
    thread_most: float
    relative: int
    relative_e: int
    inches: int
    wiping: int
    moving: int
    feature: int
    layer: int
    blocks: int
    names: NDArray[np.int64]
    names_known: int
    here: int
    strange: int
    drawn: int


def new_state() -> State:
    """A machine at the origin that prints in absolute millimetres."""
    state = np.zeros(1, STATE).view(np.recarray)[0]
    state.extent[:, 0], state.extent[:, 1] = np.inf, -np.inf
    state.feed, state.factor, state.flow = 20.0, 1.0, 1.0
    state.feature, state.names_known = OTHER, len(FEATURES)
    state.strange = state.drawn = -1
    return cast(State, state)
