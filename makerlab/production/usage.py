"""How much filament a print used: read in its own G-code, up to where it got."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from designs.errors import DesignError
from designs.gcode.apart import filament_until
from designs.profiles import Material, Profiles
from makerlab.core.files import FileStore
from makerlab.production.models import Attempt
from makerlab.production.rules import spool_share
from makerlab.production.states import AttemptState


@dataclass(frozen=True, slots=True)
class Used:
    """Grams. `planned`: of the whole plate. `exact` False: only the share of the file is known."""

    grams: float
    planned: float
    exact: bool = True


def used(attempt: Attempt, files: FileStore, profiles: Profiles) -> Used:
    """All of the plate for a print that was done; else what the printer had read (a child works a second).

    Never more than the whole plate. Falls back to the share of the file where its G-code is gone.
    """
    planned = attempt.plate.slice.filament_g or 0.0
    if was_done(attempt):
        return Used(planned, planned)
    try:
        grams = _until(attempt, files, profiles)
    except (OSError, KeyError, DesignError):
        return Used(spool_share(planned, attempt.progress), planned, exact=False)
    return Used(min(grams, planned), planned)


def was_done(attempt: Attempt) -> bool:
    """Whether the printer itself counted this print as done."""
    return any(event.to_state is AttemptState.REPORTED_DONE for event in attempt.events)


def _until(attempt: Attempt, files: FileStore, profiles: Profiles) -> float:
    slice_ = attempt.plate.slice
    place = files.path(slice_.gcode_sha256 or "")
    material = profiles.materials[attempt.plate.order.file.material]
    return _grams(place, _reached(attempt), material)


@lru_cache(maxsize=100)
def _grams(gcode: Path, byte_pos: int, material: Material) -> float:
    """Once for the page that shows it and the form that books it: the file has its content's name."""
    return filament_until(gcode, byte_pos, material)


def _reached(attempt: Attempt) -> int:
    """The byte of the file that was read last; a host that names none tells its share."""
    size = attempt.plate.slice.gcode_bytes or 0
    return attempt.file_pos or round(size * min(max(attempt.progress, 0.0), 1.0))
