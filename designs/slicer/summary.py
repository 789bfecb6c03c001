"""What a sliced file says of itself, in the comments that PrusaSlicer leaves."""

import re
from pathlib import Path

from designs.errors import SlicerFailed
from designs.slicer.port import Sliced

TAIL_BYTES = 200_000  # the figures stand before the block of settings at the end
CHUNK_BYTES = 1 << 22
LAYER = b"\n;LAYER_CHANGE"
TIME = re.compile(rb"^; estimated printing time \(normal mode\) = (.+)$", re.M)
LENGTH = re.compile(rb"^; filament used \[mm\] = ([0-9.]+)", re.M)
WEIGHT = re.compile(rb"^; filament used \[g\] = ([0-9.]+)", re.M)
PART = re.compile(r"(\d+)([dhms])")
SECONDS = {"d": 86_400, "h": 3600, "m": 60, "s": 1}


def read_summary(path: Path) -> Sliced:
    """Time, filament and layers of a sliced file. Raises `SlicerFailed("no_figures")`."""
    tail = _tail(path)
    found = [pattern.search(tail) for pattern in (TIME, LENGTH, WEIGHT)]
    time, length, weight = (match.group(1).decode() if match else None for match in found)
    if time is None or length is None or weight is None:
        raise SlicerFailed("no_figures", "The slicer left a file without time and filament; try it again.")
    return Sliced(_seconds(time), float(length), float(weight), _layers(path))


def _tail(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL_BYTES))
        return file.read()


def _seconds(text: str) -> float:
    """`1d 2h 3m 4s` in seconds."""
    return float(sum(int(number) * SECONDS[unit] for number, unit in PART.findall(text)))


def _layers(path: Path) -> int:
    """Count the marks; the overlap of two chunks is one byte shorter than a mark, so none counts twice."""
    count, rest = 0, b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            text = rest + chunk
            count += text.count(LAYER)
            rest = text[1 - len(LAYER) :]
    return count
