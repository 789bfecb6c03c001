"""Which slicer this machine has."""

import shutil
import sys
from pathlib import Path

from designs.errors import SlicerMissing
from designs.slicer.deli import DeliSlicer
from designs.slicer.port import Slicer
from designs.slicer.prusaslicer import PrusaSlicer

DELI = "deli"
NAMES = ("prusa-slicer", "PrusaSlicer", DELI, str(Path(sys.executable).with_name(DELI)))


def find_slicer(path: str | None = None) -> Slicer:
    """The slicer at `path`, or the first on PATH: PrusaSlicer, else deli-slicer.

    Raises `SlicerMissing`; asks for the version.
    """
    wanted = (path,) if path else NAMES
    program = next((found for name in wanted if (found := shutil.which(name))), None)
    if program is None:
        raise SlicerMissing("slicer_missing", _sentence(path), path=path)
    kind = DeliSlicer if Path(program).name == DELI else PrusaSlicer
    return kind.at(Path(program).resolve())


def _sentence(path: str | None) -> str:
    if path:
        return f"There is no slicer at {path}; correct the setting or install prusa-slicer."
    return "There is no slicer on this machine; install prusa-slicer (Debian: apt install prusa-slicer)."
