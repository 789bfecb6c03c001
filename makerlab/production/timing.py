"""The planner's seconds of a sliced plate, by layer and by feature, kept beside the files.

They follow from the G-code and the machine, so they may be deleted at any time and are worked out again.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from designs.gcode.apart import layer_seconds
from designs.profiles import Machine, Profiles
from makerlab.core.files import FileStore
from makerlab.production.models import Slice

Planner = Callable[[Path, Machine], tuple[list[float], dict[str, float]]]  # seconds by layer and by feature


@dataclass(frozen=True, slots=True)
class PlateTimes:
    """Seconds. The first entry of `by_layer` is what comes before the first layer."""

    total_s: float
    by_layer: list[float]
    by_feature: dict[str, float]


def plate_times(
    slice_: Slice, files: FileStore, profiles: Profiles, plan: Planner = layer_seconds
) -> PlateTimes:
    """Kept from before, else worked out now: by a child process (a second; the first call on a machine
    compiles for some), unless `plan` is another. Raises DesignError and FileNotFoundError.
    """
    kept = _place(slice_, files)
    try:
        return PlateTimes(**json.loads(kept.read_text()))
    except (OSError, ValueError, TypeError):
        times = _worked_out(slice_, files, profiles, plan)
        _keep(times, kept)
        return times


def _place(slice_: Slice, files: FileStore) -> Path:
    return files.root.with_name("layers") / f"{slice_.key}.json"


def _worked_out(slice_: Slice, files: FileStore, profiles: Profiles, plan: Planner) -> PlateTimes:
    machine = profiles.machine(slice_.inputs["machine"])
    by_layer, by_feature = plan(files.path(slice_.gcode_sha256 or ""), machine)
    return PlateTimes(
        round(sum(by_layer), 2),
        [round(seconds, 2) for seconds in by_layer],
        {name: round(seconds, 2) for name, seconds in by_feature.items()},
    )


def _keep(times: PlateTimes, place: Path) -> None:
    """Renamed into place: another process never reads half of it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=place.parent, prefix=".new-", delete=False) as file:
        json.dump(asdict(times), file)
    Path(file.name).replace(place)
