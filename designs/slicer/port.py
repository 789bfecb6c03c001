"""What the rest of the house knows of a slicer."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from designs.profiles import Machine, Material, Process


@dataclass(frozen=True, slots=True)
class Placement:
    """Where one copy stands: the middle of its unturned bounding box, mm from the bed's front left corner.

    The copy is turned by `angle_deg` anticlockwise about that middle.
    """

    x_mm: float
    y_mm: float
    angle_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class SliceJob:
    """One plate: copies of one binary STL of our own making, and the settings they are printed with."""

    mesh_stl: Path
    placements: tuple[Placement, ...]
    machine: Machine
    process: Process
    material: Material
    supports: bool = False


@dataclass(frozen=True, slots=True)
class Sliced:
    """What the G-code says of itself."""

    time_s: float
    filament_mm: float
    filament_g: float
    layers: int


class Slicer(Protocol):
    """Turns a plate into G-code. Its contract is `tests/designs/slicer/test_contract.py`."""

    @property
    def version(self) -> str:
        """Name and version; part of the key under which a result is kept."""
        ...

    def slice(
        self,
        job: SliceJob,
        out: Path,
        *,
        on_progress: Callable[[float], None],
        cancelled: Callable[[], bool],
    ) -> Sliced:
        """Write the whole G-code to `out`, or leave `out` as it was.

        `on_progress` gets rising numbers from 0 to 1. Raises `SlicerFailed` with a code and a sentence.
        """
        ...
