"""A G-code file as bytes, and what one pass over it finds."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from designs.errors import Refused
from designs.gcode.limits import MotionLimits
from designs.gcode.motion import BLOCK
from designs.gcode.reader import count_lines, read_blocks
from designs.gcode.state import FEATURES, State, new_state

MAX_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class Reading:
    """The blocks of a file (of `motion.BLOCK`) and the state of the machine at its end."""

    raw: NDArray[np.uint8]
    blocks: NDArray[np.void]
    state: State

    @property
    def layers(self) -> int:
        """How many layers are marked."""
        return int(self.state.layer)

    def features(self) -> list[str]:
        """The names of all features by index."""
        offsets = self.state.names[len(FEATURES) : self.state.names_known, 1]
        return [*FEATURES, *(_name(self.raw, int(offset)) for offset in offsets)]


def read_bytes(path: Path, end: int | None = None) -> NDArray[np.uint8]:
    """The first `end` bytes of a file, or all. Raises `Refused("gcode_too_large")` above 1 GiB."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise Refused("gcode_too_large", "This G-code file is larger than 1 GiB; print fewer copies at once.")
    return np.fromfile(path, np.uint8, count=-1 if end is None else max(0, end))


def read(raw: NDArray[np.uint8], limits: MotionLimits) -> Reading:
    """Read the whole text; `limits` is changed by what the file sets."""
    state = new_state()
    blocks = np.empty(count_lines(raw), BLOCK)
    count = read_blocks(raw, state, limits, blocks)
    return Reading(raw, blocks[:count], state)


def _name(raw: NDArray[np.uint8], start: int) -> str:
    return raw[start : start + 80].tobytes().split(b"\n")[0].decode("utf-8", "replace").strip()
