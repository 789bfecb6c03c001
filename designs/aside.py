"""Work on one of our own clean meshes in a limited child process: estimates on several machines, a repair.

The mesh is ours, but it was made from a stranger's file: what becomes slow or large with it should not be the
caller's trouble. The profiles are handed over by value, so that one can be tried that is not stored yet.
"""

import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from designs import sandbox
from designs.errors import DesignError, Refused
from designs.inspect import LARGEST_FILE_MB
from designs.problems import Problem
from designs.profiles import Machine, Material, Process
from designs.profiles.schema import build
from designs.profiles.table import Profile, table_of

if TYPE_CHECKING:
    from designs.check import Check
    from designs.estimate import Estimate

REPAIRED = "repaired.stl"
START = "import sys; sys.path.insert(0, sys.argv[1]); from designs.aside import child; child(sys.argv[2:])"


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
        row = _done(task, Path(folder), seconds, memory_mb)
    return [Estimate(**one) for one in row["estimates"]]


def repaired(mesh: Path, out: Path, *, seconds: float = 30, memory_mb: int = 768) -> RepairedFile:
    """A repaired copy of `mesh` as `out`/repaired.stl, where small, safe repairs do; raises Refused."""
    from designs.check import Check

    out.mkdir(parents=True, exist_ok=True)
    task = {"do": "repair", "path": str(mesh.resolve())}
    with tempfile.TemporaryDirectory(dir=out, prefix=".repairing-") as folder:
        row = _done(task, Path(folder), seconds, memory_mb)
        os.replace(Path(folder) / REPAIRED, out / REPAIRED)
    steps = tuple(Problem(**step) for step in row["steps"])
    return RepairedFile(out / REPAIRED, steps, Check.from_row(row["check"]))


def _by_value(way: Printed) -> dict[str, Any]:
    return {
        "machine": _keyed(way.machine), "process": _keyed(way.process), "material": _keyed(way.material),
        "supports": way.supports,
    }  # fmt: skip


def _keyed(profile: Profile) -> dict[str, Any]:
    return {"key": profile.key} | table_of(profile)


def _done(task: Mapping[str, Any], folder: Path, seconds: float, memory_mb: int) -> dict[str, Any]:
    """What the child said in its one line of JSON; the task goes in by stdin: a script may be long."""
    argv = [sys.executable, "-I", "-c", START, str(Path(__file__).parents[1])]
    done = sandbox.run(
        argv, cwd=folder, seconds=seconds, memory_mb=memory_mb, file_mb=LARGEST_FILE_MB,
        stdin=json.dumps(task).encode(),
    )  # fmt: skip
    if done.timed_out:
        raise Refused("too_slow", "This took too long; please export the object less finely.")
    if not done.ok or not done.stdout:
        raise Refused("unreadable", "The object could not be worked on; please repair or export it again.")
    row: dict[str, Any] = json.loads(done.stdout)
    if error := row.get("error"):
        raise Refused(error["code"], error["message"], **error["values"])
    return row


# ---- in the child


def child(_words: list[str]) -> None:
    """Do the task on stdin in the present directory, and print one line of JSON."""
    task = json.load(sys.stdin)
    try:
        row = {"estimate": _estimate, "repair": _repair}[task["do"]](task)
    except DesignError as error:
        row = {"error": {"code": error.code, "message": error.message, "values": error.values}}
    sys.stdout.write(json.dumps(row))


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
