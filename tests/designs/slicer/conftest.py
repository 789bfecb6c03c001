"""A small plate, both slicers behind one name, and programs that behave badly in PrusaSlicer's place."""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from designs.mesh import Mesh
from designs.profiles import load
from designs.slicer import FakeSlicer, Placement, PrusaSlicer, SliceJob, Slicer, find_slicer
from tests.designs.slicer.plates import box

SLICERS: dict[str, Callable[[], Slicer]] = {"fake": FakeSlicer, "prusaslicer": find_slicer}
if deli := shutil.which("deli"):  # it wants Python 3.12, so most machines have none
    SLICERS["deli"] = lambda: find_slicer(deli)


@pytest.fixture(params=SLICERS)
def slicer(request: pytest.FixtureRequest) -> Slicer:
    return SLICERS[request.param]()


@pytest.fixture
def job(tmp_path: Path) -> Callable[..., SliceJob]:
    """A maker of jobs: a mesh and its placements, all else as the defaults."""

    def make(mesh: Mesh | None = None, places: Iterable[Placement] = (Placement(60, 70),)) -> SliceJob:
        path = tmp_path / "mesh.stl"
        (box(20, 12, 3) if mesh is None else mesh).write_stl(path)
        profiles = load()
        settings = profiles.machine(), profiles.process(), profiles.material()
        return SliceJob(path, tuple(places), *settings)

    return make


@pytest.fixture
def misbehaving(tmp_path: Path) -> Callable[..., PrusaSlicer]:
    """A maker of slicers whose program is the given shell script."""

    def make(script: str, seconds: float = 30) -> PrusaSlicer:
        program = tmp_path / "misbehaving-slicer"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        return PrusaSlicer(program, "PrusaSlicer 0", seconds=seconds)

    return make
