from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from designs.profiles import load
from designs.slicer import Placement, SliceJob, slice_key

MESH = "ab" * 32
JobMaker = Callable[..., SliceJob]


@pytest.fixture
def plate(job: JobMaker) -> SliceJob:
    return job(places=[Placement(60, 70, 30), Placement(90, 70)])


def test_the_same_plate_has_the_same_key_wherever_its_file_lies(plate: SliceJob) -> None:
    elsewhere = replace(plate, mesh_stl=Path("/elsewhere.stl"))
    assert slice_key(MESH, plate, "P 1") == slice_key(MESH.upper(), elsewhere, "P 1")
    assert len(slice_key(MESH, plate, "P 1")) == 64


def test_rounding_below_a_micrometre_and_a_whole_turn_do_not_count(plate: SliceJob) -> None:
    moved = (Placement(60.0000001, 70, 390), Placement(90, 70, -0.0))
    assert slice_key(MESH, plate, "P 1") == slice_key(MESH, replace(plate, placements=moved), "P 1")


def test_whatever_changes_the_result_changes_the_key(plate: SliceJob) -> None:
    profiles = load()
    others = [
        slice_key("cd" * 32, plate, "P 1"),
        slice_key(MESH, plate, "P 2"),
        slice_key(MESH, replace(plate, supports=True), "P 1"),
        slice_key(MESH, replace(plate, placements=plate.placements[:1]), "P 1"),
        slice_key(MESH, replace(plate, placements=plate.placements[::-1]), "P 1"),
        slice_key(MESH, replace(plate, machine=profiles.machine("ender-3")), "P 1"),
        slice_key(MESH, replace(plate, machine=replace(plate.machine, start_gcode="G28")), "P 1"),
        slice_key(MESH, replace(plate, process=profiles.process("0.20-gyroid")), "P 1"),
        slice_key(MESH, replace(plate, material=profiles.material("petg")), "P 1"),
    ]
    assert len({slice_key(MESH, plate, "P 1"), *others}) == 1 + len(others)
