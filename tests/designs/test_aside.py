"""Estimates and repairs in a limited child: the same as here, or one sentence."""

from pathlib import Path

import numpy as np
import pytest

from designs.aside import Printed, estimates, repaired
from designs.errors import Refused
from designs.estimate import estimate
from designs.mesh import Mesh
from designs.profiles import load
from designs.read import read
from tests.designs.shapes import box, ring


def ways(*machines: str, supports: bool = False) -> list[Printed]:
    known = load()
    return [Printed(known.machine(key), known.process(), known.material(), supports) for key in machines]


@pytest.fixture
def piece(tmp_path: Path) -> Path:
    box(20, 20, 20).write_stl(tmp_path / "piece.stl")
    return tmp_path / "piece.stl"


def test_the_child_estimates_as_we_do_on_each_machine(piece: Path) -> None:
    asked = ways("prusa-mk3s", "ender-3")
    here = [estimate(read(piece), way.machine, way.process, way.material) for way in asked]
    assert estimates(piece, asked) == here
    assert here[0].time_s != here[1].time_s


def test_a_child_that_needs_too_much_is_one_sentence(piece: Path) -> None:
    with pytest.raises(Refused, match="took too long"):
        estimates(piece, ways("prusa-mk3s"), seconds=0)


def test_a_piece_too_fine_for_the_memory_is_said_to_be_too_fine(tmp_path: Path) -> None:
    ring(1000, 500).write_stl(tmp_path / "fine.stl")
    with pytest.raises(Refused) as refused:
        repaired(tmp_path / "fine.stl", tmp_path / "out", memory_mb=200)
    assert refused.value.code == "too_much_memory"


def test_a_repair_is_a_new_file_with_its_steps_and_its_check(tmp_path: Path) -> None:
    sound = ring(120, 60)
    Mesh(np.delete(sound.triangles, [5, 900], axis=0)).write_stl(tmp_path / "open.stl")
    done = repaired(tmp_path / "open.stl", tmp_path / "out")
    assert [step.code for step in done.steps] == ["holes"]
    assert done.check.watertight
    assert len(read(done.file)) == len(sound)
    assert len(read(tmp_path / "open.stl")) == len(sound) - 2


def test_what_cannot_be_repaired_is_refused_and_leaves_nothing(tmp_path: Path, piece: Path) -> None:
    Mesh(read(piece).triangles[:5]).write_stl(tmp_path / "half.stl")
    with pytest.raises(Refused) as refused:
        repaired(tmp_path / "half.stl", tmp_path / "out")
    assert refused.value.code == "not_repairable"
    assert not (tmp_path / "out" / "repaired.stl").exists()
