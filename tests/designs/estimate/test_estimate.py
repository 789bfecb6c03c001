"""The estimate as a whole: what must hold for every piece, machine and process."""

import json
import subprocess
import sys
from dataclasses import astuple
from math import isfinite
from pathlib import Path

import numpy as np
import pytest

from designs.__main__ import main
from designs.errors import Refused
from designs.estimate import Estimate, estimate
from designs.mesh import Mesh
from designs.profiles import load
from tests.designs.shapes import CORPUS, box, ring, together


def of(mesh: Mesh, process: str = "0.20", machine: str = "prusa-mk3s", *, supports: bool = False) -> Estimate:
    profiles = load()
    return estimate(mesh, profiles.machine(machine), profiles.process(process), profiles.material(), supports)


def small_ring() -> Mesh:
    return ring(40, 20, radius=15, thick=5)


def table() -> Mesh:
    """A plate on four legs: most of it hangs in the air."""
    legs = [box(4, 4, 20, at=(x, y, 0)) for x in (0, 36) for y in (0, 36)]
    return together(*legs, box(40, 40, 3, at=(0, 0, 20)))


def test_the_figures_of_a_box_agree_with_each_other() -> None:
    found = of(box())
    assert found.source == "mesh"
    assert found.time_low_s < found.time_s < found.time_high_s
    volume = found.filament_mm * np.pi / 4 * 1.75**2 / 1000
    assert found.filament_g == pytest.approx(volume * 1.24)
    assert found.cost == pytest.approx(found.filament_g / 1000 * 25.4 + found.time_s / 3600 * 0.5, abs=0.005)


def test_less_than_the_volume_is_used_and_more_than_the_walls() -> None:
    used = of(box(40, 40, 40)).filament_mm * np.pi / 4 * 1.75**2
    assert 0.2 * 40**3 < used < 0.5 * 40**3


def test_where_a_piece_lies_and_which_way_its_skin_faces_does_not_matter() -> None:
    moved = Mesh(box().triangles + np.array([300, -200, 55], np.float32))
    assert of(moved).time_s == pytest.approx(of(box()).time_s, rel=0.01)
    assert of(box().flipped()).time_s == pytest.approx(of(box()).time_s, rel=0.01)


def test_larger_pieces_finer_layers_and_slower_machines_take_longer() -> None:
    assert of(box(30, 30, 30)).time_s > of(box()).time_s
    assert of(box(60, 60, 9), "0.12").time_s > of(box(60, 60, 9)).time_s > of(box(60, 60, 9), "0.28").time_s
    assert of(small_ring(), "0.20", "ender-3").time_s > of(small_ring(), "0.20", "prusa-mk4").time_s
    assert of(small_ring(), "0.20-speed").time_s < of(small_ring()).time_s


def test_supports_cost_time_and_filament_where_something_hangs_and_only_there() -> None:
    assert of(table(), supports=True).time_s > 1.1 * of(table()).time_s
    assert of(table(), supports=True).filament_mm > 1.1 * of(table()).filament_mm
    assert of(box(), supports=True).time_s == pytest.approx(of(box()).time_s)


def test_a_vase_is_one_wall_on_a_solid_bottom() -> None:
    found = of(box(40, 40, 40), "vase")
    length = 4 * 39.55 * 196
    walls = length * 0.407 * 0.2 / (np.pi / 4 * 1.75**2)
    bottom = 40 * 40 * 0.8 / (np.pi / 4 * 1.75**2)
    assert found.filament_mm == pytest.approx(walls + bottom, rel=0.06)
    assert found.time_s < 0.6 * of(box(40, 40, 40)).time_s


@pytest.mark.parametrize(
    "mesh",
    [
        Mesh(box().triangles[:-1]),
        Mesh(box().triangles[:3]),
        Mesh(box().triangles[:1]),
        Mesh(np.zeros((0, 3, 3), np.float32)),
        Mesh(np.zeros((4, 3, 3), np.float32)),
        box(10, 10, 0),
        box(0.05, 0.05, 0.05),
        together(box(), box()),
        Mesh(np.random.default_rng(1).uniform(0, 30, (60, 3, 3)).astype(np.float32)),
    ],
    ids=["open", "three sides", "one triangle", "nothing", "points", "flat", "speck", "twice", "soup"],
)
@pytest.mark.parametrize("supports", [False, True])
def test_any_mesh_gets_finite_figures(mesh: Mesh, supports: bool) -> None:
    figures = astuple(of(mesh, supports=supports))[:-1]
    assert all(isfinite(figure) and figure >= 0 for figure in figures)


def test_a_thicket_of_huge_triangles_is_refused_before_it_fills_the_memory() -> None:
    thicket = Mesh(np.random.default_rng(1).uniform(0, 200, (60_000, 3, 3)).astype(np.float32))
    with pytest.raises(Refused, match="too intricate"):
        of(thicket)


@pytest.mark.parametrize("machine", sorted(load().machines))
@pytest.mark.parametrize("process", sorted(load().processes))
def test_every_machine_and_process_has_an_estimate(machine: str, process: str) -> None:
    assert 60 < of(small_ring(), process, machine).time_s < 100_000


def test_the_command_prints_the_keys_that_are_promised(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    box().write_stl(tmp_path / "box.stl")
    status = main(["estimate", str(tmp_path / "box.stl"), "--material", "petg", "--json"])
    row = json.loads(capsys.readouterr().out)
    keys = ["file", "time_s", "time_low_s", "time_high_s", "filament_mm", "filament_g", "cost", "source"]
    assert (status, list(row)) == (0, keys)


def test_the_command_refuses_an_unknown_machine_with_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    box().write_stl(tmp_path / "box.stl")
    assert main(["estimate", str(tmp_path / "box.stl"), "--machine", "none"]) == 2
    assert "There is no machine “none”" in capsys.readouterr().err


def test_importing_the_estimate_is_quick_because_it_needs_numpy_alone() -> None:
    code = (
        "import sys, designs.estimate; print([m for m in ('numba', 'scipy', 'pydantic') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


if (CORPUS / "files").is_dir():

    def test_the_benchmark_holds_its_goals_on_a_sample_of_the_corpus() -> None:
        """PrusaSlicer 2.5.0 took 5148 s and 5187 mm for this piece."""
        from designs.read import read

        found = of(read(CORPUS / "files" / "elalish_65004.stl"))
        assert found.time_s == pytest.approx(5148, rel=0.06)
        assert found.filament_mm == pytest.approx(5187, rel=0.06)
