"""Which slicer this machine has."""

import shutil
from pathlib import Path

from designs.errors import SlicerMissing
from designs.slicer.port import Slicer
from designs.slicer.prusaslicer import PrusaSlicer

NAMES = ("prusa-slicer", "PrusaSlicer")


def find_slicer(path: str | None = None) -> Slicer:
    """The slicer at `path`, or the first on PATH. Raises `SlicerMissing`; asks for the version."""
    wanted = (path,) if path else NAMES
    program = next((found for name in wanted if (found := shutil.which(name))), None)
    if program is None:
        raise SlicerMissing("slicer_missing", _sentence(path), path=path)
    return PrusaSlicer.at(Path(program).resolve())


def _sentence(path: str | None) -> str:
    if path:
        return f"There is no slicer at {path}; correct the setting or install prusa-slicer."
    return "There is no slicer on this machine; install prusa-slicer (Debian: apt install prusa-slicer)."
