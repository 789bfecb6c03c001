"""PrusaSlicer's progress, from the lines `70 => Infilling layers` on its standard output."""

import re
from collections.abc import Callable

STEP = re.compile(r"^\s*(\d{1,3}) => ")


class Progress:
    """Tells rising fractions only: PrusaSlicer itself goes back from 70 to 30."""

    def __init__(self, tell: Callable[[float], None]) -> None:
        self._tell = tell
        self._told = 0.0

    def line(self, line: str) -> None:
        """Look at one line of output."""
        found = STEP.match(line)
        fraction = min(int(found.group(1)), 99) / 100 if found else 0.0
        if fraction > self._told:
            self._told = fraction
            self._tell(fraction)
