"""The layers of a sliced plate as the layer view draws them, kept compressed beside the files."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from designs.gcode.drawing import KINDS, drawing, kind_of
from makerlab.core.files import FileStore
from makerlab.production.models import Slice


@dataclass(frozen=True, slots=True)
class Layers:
    """What the slider needs: numbers (from 1) and heights (mm) of the layers that are drawn."""

    numbers: list[int]
    heights: list[float]
    every: int  # n where only each nth layer of a large file is drawn


def layers_of(slice_: Slice, files: FileStore) -> tuple[Layers, Path]:
    """The layers and the gzipped G-code to look at; worked out at the first look (a second for 10 MB).

    Raises FileNotFoundError where the G-code is gone.
    """
    text = files.root.with_name("layers") / f"{slice_.key}.gcode.gz"
    index = text.with_suffix(".json")
    try:
        return Layers(**json.loads(index.read_text())), text
    except (OSError, ValueError, TypeError):
        found = drawing(files.path(slice_.gcode_sha256 or ""))
        layers = Layers(found.numbers, found.heights, found.every)
        _keep(gzip.compress(found.text.encode(), 6, mtime=0), text)
        _keep(json.dumps({name: getattr(layers, name) for name in Layers.__slots__}).encode(), index)
        return layers, text


def _keep(data: bytes, place: Path) -> None:
    """Renamed into place: another process never reads half of it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=place.parent, prefix=".new-", delete=False) as file:
        file.write(data)
    Path(file.name).replace(place)


def seconds_by_kind(by_feature: Mapping[str, float]) -> dict[str, float]:
    """Seconds of each kind of line that is drawn (KINDS); all that draws nothing counts as `moves`."""
    found = dict.fromkeys((*KINDS, "moves"), 0.0)
    for name, seconds in by_feature.items():
        found["moves" if name in NOT_DRAWN else kind_of(name)] += seconds
    return {kind: seconds for kind, seconds in found.items() if seconds}


NOT_DRAWN = frozenset({"Travel", "Retraction", "Wipe", "Pause"})
