"""The planner and what a broken-off print used, each in a limited child process.

The compiler holds 100 MB as long as its process lives; a process that answers pages or watches printers for
weeks should not. Starting the child takes about half a second.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from designs import errand
from designs.profiles import Machine, Material
from designs.profiles.schema import build
from designs.profiles.table import keyed

SECONDS = 60.0  # the first call ever on a machine compiles
MEMORY_MB = 1536  # address space: the compiler reserves more than it uses


def layer_seconds(path: Path, machine: Machine) -> tuple[list[float], dict[str, float]]:
    """As `designs.gcode.layer_seconds`: seconds by layer and by feature; raises Refused."""
    row = _ask({"do": "time", "path": str(path.resolve(strict=True)), "machine": keyed(machine)})
    return row["by_layer"], row["by_feature"]


def filament_until(path: Path, byte_pos: int, material: Material) -> float:
    """Grams, as `designs.gcode.filament_until` finds them; raises Refused."""
    task = {"do": "filament", "path": str(path.resolve(strict=True)), "material": keyed(material)}
    return float(_ask({**task, "byte_pos": byte_pos})["grams"])


def _ask(task: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="makerlab-gcode-") as folder:
        row, _ = errand.run(
            __name__, task, Path(folder), seconds=SECONDS, memory_mb=MEMORY_MB, env=dict(_caches())
        )
    return row


def _caches() -> Iterator[tuple[str, str]]:
    """Where compiled code is kept from one child to the next: its home is gone when it ends."""
    if own := os.environ.get("NUMBA_CACHE_DIR"):
        yield "NUMBA_CACHE_DIR", own
    if home := os.environ.get("HOME"):
        yield "XDG_CACHE_HOME", os.environ.get("XDG_CACHE_HOME") or f"{home}/.cache"


# ---- in the child


def work(task: dict[str, Any]) -> dict[str, Any]:
    """The seconds or the grams."""
    return {"time": _time, "filament": _filament}[task["do"]](task)


def _time(task: dict[str, Any]) -> dict[str, Any]:
    from designs.gcode.timing import layer_seconds

    machine = build(Machine, task["machine"], "the machine")
    by_layer, by_feature = layer_seconds(Path(task["path"]), machine)
    return {"by_layer": by_layer, "by_feature": by_feature}


def _filament(task: dict[str, Any]) -> dict[str, Any]:
    from designs.gcode.timing import filament_until

    material = build(Material, task["material"], "the material")
    return {"grams": filament_until(Path(task["path"]), task["byte_pos"], material)}
