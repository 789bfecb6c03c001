"""Work on one of our own clean meshes in a limited child process: estimates on several machines, a repair.

The mesh is ours, but it was made from a stranger's file: what becomes slow or large with it should not be the
caller's trouble. The profiles are handed over by value, so that one can be tried that is not stored yet.
"""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from designs import errand
from designs.problems import Problem
from designs.profiles import Machine, Material, Process
from designs.profiles.schema import build
from designs.profiles.table import keyed

if TYPE_CHECKING:
    from designs.check import Check
    from designs.estimate import Estimate

REPAIRED = "repaired.stl"


@dataclass(frozen=True, slots=True)
class Printed:
    """A machine, process and material together, and whether supports are printed."""

    machine: Machine
    process: Process
    material: Material
    supports: bool


@dataclass(frozen=True, slots=True)
class RepairedFile:
    """The new file, what was done to get it, and the check of it."""

    file: Path
    steps: tuple[Problem, ...]
    check: "Check"


def estimates(
    mesh: Path, ways: Sequence[Printed], *, seconds: float = 30, memory_mb: int = 768
) -> "list[Estimate]":
    """The estimate of one piece for each of these ways to print it; raises Refused."""
    from designs.estimate import Estimate

    task = {"do": "estimate", "path": str(mesh.resolve()), "ways": [_by_value(way) for way in ways]}
    with tempfile.TemporaryDirectory(prefix="makerlab-aside-") as folder:
        row, _ = errand.run(__name__, task, Path(folder), seconds=seconds, memory_mb=memory_mb)
    return [Estimate(**one) for one in row["estimates"]]


def repaired(mesh: Path, out: Path, *, seconds: float = 30, memory_mb: int = 768) -> RepairedFile:
    """A repaired copy of `mesh` as `out`/repaired.stl, where small, safe repairs do; raises Refused."""
    from designs.check import Check

    out.mkdir(parents=True, exist_ok=True)
    task = {"do": "repair", "path": str(mesh.resolve())}
    with tempfile.TemporaryDirectory(dir=out, prefix=".repairing-") as folder:
        row, _ = errand.run(__name__, task, Path(folder), seconds=seconds, memory_mb=memory_mb)
        os.replace(Path(folder) / REPAIRED, out / REPAIRED)
    steps = tuple(Problem(**step) for step in row["steps"])
    return RepairedFile(out / REPAIRED, steps, Check.from_row(row["check"]))


def _by_value(way: Printed) -> dict[str, Any]:
    return {
        "machine": keyed(way.machine), "process": keyed(way.process), "material": keyed(way.material),
        "supports": way.supports,
    }  # fmt: skip


# ---- in the child


def work(task: dict[str, Any]) -> dict[str, Any]:
    """The estimates, or the repair with its file in the present directory."""
    return {"estimate": _estimate, "repair": _repair}[task["do"]](task)


def _estimate(task: dict[str, Any]) -> dict[str, Any]:
    from designs.estimate import estimate
    from designs.read import read

    mesh = read(Path(task["path"]), kind="stl")
    found = [estimate(mesh, *_settings(way), way["supports"]) for way in task["ways"]]
    return {"estimates": [asdict(one) for one in found]}


def _settings(way: dict[str, Any]) -> tuple[Machine, Process, Material]:
    return (
        build(Machine, way["machine"], "the machine"),
        build(Process, way["process"], "the process"),
        build(Material, way["material"], "the material"),
    )


def _repair(task: dict[str, Any]) -> dict[str, Any]:
    from designs.check import judge
    from designs.read import read
    from designs.repair import repair

    done = repair(read(Path(task["path"]), kind="stl"))
    check, mesh = judge(done.mesh)
    mesh.placed().write_stl(Path(REPAIRED))
    return {"steps": [step.as_row() for step in done.steps], "check": check.as_row()}
