"""Repairs: what is mended, what is said about it, and what is left to people."""

import json
from pathlib import Path

import numpy as np
import pytest

from designs.__main__ import main
from designs.check import check
from designs.errors import Refused
from designs.holes import caps
from designs.mesh import Mesh
from designs.read import read
from designs.repair import Repaired, repair
from tests.designs.shapes import box, ring, together


def codes(done: Repaired) -> list[str]:
    return [step.code for step in done.steps]


def assert_sound(done: Repaired, volume: float) -> None:
    found = check(done.mesh)
    assert found.watertight
    assert found.oriented
    assert found.volume_mm3 == pytest.approx(volume, rel=0.02)


def test_a_sound_piece_stays_as_it_is() -> None:
    piece = ring()
    done = repair(piece)
    assert codes(done) == []
    np.testing.assert_array_equal(done.mesh.triangles, piece.triangles)


def test_a_shell_exported_twice_becomes_one() -> None:
    done = repair(together(box(), box()))
    assert codes(done) == ["doubled"]
    assert [step.values for step in done.steps] == [{"count": 12}]
    assert_sound(done, 8000)


def test_dust_and_triangles_without_area_go() -> None:
    sliver = Mesh(np.array([[[0, 0, 0], [0, 0, 0], [5, 0, 0]]], np.float32))
    done = repair(together(box(), box(0.1, 0.1, 0.1, at=(50, 0, 0)), sliver))
    assert codes(done) == ["degenerate", "dust"]
    assert len(done.mesh) == 12
    assert_sound(done, 8000)


def test_a_body_inside_out_is_turned() -> None:
    done = repair(together(box(), box(at=(40, 0, 0)).flipped()))
    assert codes(done) == ["inverted"]
    assert_sound(done, 16000)


def test_a_cavity_stays_a_cavity() -> None:
    done = repair(together(box(), box(10, 10, 10, at=(5, 5, 5)).flipped()))
    assert codes(done) == []
    assert_sound(done, 7000)


def test_small_flat_holes_are_closed() -> None:
    piece = ring(120, 60)
    done = repair(Mesh(np.delete(piece.triangles, [5, 900, 3000], axis=0)))
    assert codes(done) == ["holes"]
    assert [step.values for step in done.steps] == [{"count": 3}]
    assert_sound(done, check(piece).volume_mm3)


def test_a_flat_hole_with_a_notch_gets_a_lid_without_overlaps() -> None:
    """An L-shaped opening, concave, in the side of a large box: its lid has the area of the opening."""
    outline = np.array([[0, 0], [4, 0], [4, 1], [1, 1], [1, 4], [0, 4]], np.float32)
    low, high = (np.column_stack((outline, np.full(6, z, np.float32))) for z in (0, 3))
    sides = [
        [[low[i], low[j], high[j]], [low[i], high[j], high[i]]]
        for i, j in zip(range(6), (1, 2, 3, 4, 5, 0), strict=True)
    ]
    walls = np.array(sides, np.float32).reshape(-1, 3, 3)
    lids = list(caps(walls))
    assert len(lids) == 2
    closed = check(Mesh(np.concatenate((walls, *lids))))
    assert closed.watertight
    assert closed.oriented
    assert closed.volume_mm3 == pytest.approx(7 * 3)


@pytest.mark.parametrize(
    "piece",
    [
        Mesh(np.delete(box().triangles, [2, 3], axis=0)),  # a whole side: too much volume for a guess
        Mesh(np.concatenate((box().triangles[:-1], box().triangles[-1:, ::-1]))),  # mixed up
        Mesh(box().triangles[:2]),
        Mesh(np.zeros((1, 3, 3), np.float32)),
    ],
)
def test_what_is_no_small_repair_is_refused(piece: Mesh) -> None:
    with pytest.raises(Refused) as refused:
        repair(piece)
    assert refused.value.code == "not_repairable"


def test_the_command_writes_a_new_file_and_says_what_it_did(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    together(box(), box()).write_stl(tmp_path / "twice.stl")
    before = (tmp_path / "twice.stl").read_bytes()
    assert main(["repair", str(tmp_path / "twice.stl"), "-o", str(tmp_path / "once.stl"), "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["steps"] == ["12 triangles that were there twice were removed."]
    assert len(read(tmp_path / "once.stl")) == 12
    assert (tmp_path / "twice.stl").read_bytes() == before


def test_the_command_never_replaces_its_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "piece.stl"
    box().write_stl(path)
    assert main(["repair", str(path), "-o", str(path)]) == 2
    assert "never replaces" in capsys.readouterr().err
