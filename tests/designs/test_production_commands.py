"""slice, time, arrange and orient from the command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from designs.__main__ import main
from tests.designs.slicer.plates import box


@pytest.fixture
def piece(tmp_path: Path) -> Path:
    path = tmp_path / "piece.stl"
    box(20, 12, 3).write_stl(path)
    return path


def rows(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_slice_writes_gcode_and_time_agrees_with_it(
    piece: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.gcode"
    assert main(["slice", str(piece), "-o", str(out), "--copies", "3", "--json"]) == 0
    assert main(["time", str(out), "--json"]) == 0
    sliced, timed = rows(capsys)
    assert list(sliced) == [
        "file",
        "output",
        "time_s",
        "filament_mm",
        "filament_g",
        "layers",
        "slicer",
        "cached",
    ]
    assert sliced["slicer"].startswith("PrusaSlicer ")
    assert timed["time_s"] == pytest.approx(sliced["time_s"], rel=0.01)
    assert sum(timed["by_layer"]) == pytest.approx(timed["time_s"], abs=1)
    assert len(timed["by_layer"]) == sliced["layers"] + 1


def test_the_same_plate_is_sliced_once(
    piece: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("one", "two"):
        main(["slice", str(piece), "-o", str(tmp_path / name), "--cache", str(tmp_path / "kept"), "--json"])
    first, second = rows(capsys)
    assert (first["cached"], second["cached"]) == (False, True)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_more_copies_than_fit_are_refused_with_the_number_that_does(
    piece: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    box(150, 150, 3).write_stl(piece)
    assert main(["slice", str(piece), "-o", str(tmp_path / "out"), "--copies", "2"]) == 2
    assert "1 of 2 copies fit on the bed" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_missing_slicer_is_one_sentence(piece: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["slice", str(piece), "--slicer", "/nowhere/slicer", "--json"]) == 2
    (row,) = rows(capsys)
    assert row["error"]["code"] == "slicer_missing"


def test_arrange_names_the_places_and_the_estimate(piece: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["arrange", str(piece), "--copies", "4", "--machine", "ender-3", "--json"]) == 0
    (row,) = rows(capsys)
    assert (row["copies"], row["left_over"]) == (4, 0)
    assert all(set(place) == {"x_mm", "y_mm", "angle_deg"} for place in row["placements"])
    assert row["estimate"]["time_s"] > 0


def test_a_piece_beyond_the_bed_has_no_place_and_no_estimate(
    piece: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    box(400, 400, 3).write_stl(piece)
    assert main(["arrange", str(piece), "--json"]) == 0
    (row,) = rows(capsys)
    assert (row["copies"], row["left_over"], row["estimate"]) == (0, 1, None)


def test_orient_can_write_the_piece_on_its_best_face(
    piece: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    box(3, 12, 20).write_stl(piece)
    out = tmp_path / "lying.stl"
    assert main(["orient", str(piece), "-o", str(out), "--json"]) == 0
    (row,) = rows(capsys)
    assert row["faces"][0]["height_mm"] == 3
    assert out.is_file()


@pytest.mark.parametrize("command", ["slice", "arrange", "orient", "time"])
def test_an_unknown_machine_is_refused_with_those_there_are(
    piece: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, str(piece), "--machine", "unknown"]) == 2
    said = capsys.readouterr().err
    assert "prusa-mk3s" in said
