"""The corpus beside the checkout: its models, what PrusaSlicer made of them, the halves for fit and test."""

import csv
import zlib
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
PROCESSES = {"nosup": "0.20", "sup": "0.20", "speed": "0.20-speed", "gyroid": "0.20-gyroid"}
LONG_S = 600  # the goals are for jobs of ten minutes and more


@dataclass(frozen=True, slots=True)
class Row:
    """One model as PrusaSlicer 2.5.0 sliced it: seconds, millimetres of filament, CPU seconds it took."""

    path: Path
    time_s: float
    filament_mm: float
    cpu_s: float
    sound: bool  # closed and oriented

    @property
    def held_out(self) -> bool:
        """Whether the constants have not seen it. Pieces of one family stay together."""
        return zlib.crc32(_family(self.path.name).encode()) % 2 == 1


def rows(kind: str) -> list[Row]:
    """All models that PrusaSlicer sliced as `kind` of PROCESSES."""
    with (CORPUS / "manifest.csv").open(newline="") as file:
        sound = {r["file"]: r["watertight"] == r["oriented"] == "True" for r in csv.DictReader(file)}
    with (CORPUS / f"prusaslicer-2.5.0-{kind}.csv").open(newline="") as file:
        sliced = [r for r in csv.DictReader(file) if r["time_s"]]
    return [
        Row(
            CORPUS / "files" / r["file"],
            float(r["time_s"]),
            float(r["filament_mm"]),
            float(r["cpu_s"]),
            sound[r["file"]],
        )
        for r in sliced
    ]


def _family(name: str) -> str:
    """The beginning of a name, which variants of one piece share; one author's pieces all begin alike."""
    return name.split("_", 1)[1][:7] if name.startswith("mikedh") else name[:16]
