"""What every slicer keeps to; each test runs with all that are here."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from designs.errors import SlicerFailed
from designs.gcode import check_gcode, time
from designs.mesh import Mesh
from designs.slicer import Placement, Sliced, SliceJob, Slicer
from tests.designs.slicer.plates import box

JobMaker = Callable[..., SliceJob]


def cut(slicer: Slicer, job: SliceJob, out: Path) -> Sliced:
    return slicer.slice(job, out, on_progress=lambda _: None, cancelled=lambda: False)


def refusal(slicer: Slicer, job: SliceJob, out: Path) -> SlicerFailed:
    with pytest.raises(SlicerFailed) as caught:
        cut(slicer, job, out)
    return caught.value


def drawn(path: Path) -> set[tuple[float, float]]:
    """All points of the first wall of the file."""
    text = path.read_text().split(";TYPE:External perimeter", 1)[1].split(";LAYER_CHANGE")[0]
    rows = [line.split() for line in text.splitlines() if line.startswith("G1 X") and " Y" in line]
    return {(float(words[1][1:]), float(words[2][1:])) for words in rows}


def test_a_plate_becomes_a_file_with_time_filament_and_layers(
    slicer: Slicer, job: JobMaker, tmp_path: Path
) -> None:
    sliced = cut(slicer, job(), tmp_path / "out.gcode")
    assert sliced.layers == 15
    assert sliced.time_s > 30
    assert sliced.filament_g == pytest.approx(sliced.filament_mm * np.pi / 4 * 1.75**2 * 1.24e-3, abs=0.006)


def test_the_file_is_safe_for_its_machine_and_has_the_stated_filament(
    slicer: Slicer, job: JobMaker, tmp_path: Path
) -> None:
    plate = job()
    sliced = cut(slicer, plate, tmp_path / "out.gcode")
    check_gcode(tmp_path / "out.gcode", plate.machine)
    counted = time(tmp_path / "out.gcode", plate.machine)
    # The purge line is not counted by all slicers; all round to 0.01 mm.
    assert -0.01 < counted.filament_mm - sliced.filament_mm < 30


def test_each_copy_is_drawn_where_it_was_placed(slicer: Slicer, job: JobMaker, tmp_path: Path) -> None:
    cut(slicer, job(places=[Placement(60, 70), Placement(150, 120, 90)]), tmp_path / "out.gcode")
    points = drawn(tmp_path / "out.gcode")
    assert any(abs(x - 50) < 1 and abs(y - 64) < 1 for x, y in points)
    assert any(abs(x - 144) < 1 and abs(y - 110) < 1 for x, y in points)


def test_progress_rises_from_nothing_to_one(slicer: Slicer, job: JobMaker, tmp_path: Path) -> None:
    told: list[float] = []
    slicer.slice(job(), tmp_path / "out.gcode", on_progress=told.append, cancelled=lambda: False)
    assert told == sorted(told)
    assert len(set(told)) > 3
    assert 0 < told[0] < told[-1] == 1


def test_cancelling_leaves_nothing(slicer: Slicer, job: JobMaker, tmp_path: Path) -> None:
    out = tmp_path / "results" / "out.gcode"
    out.parent.mkdir()
    with pytest.raises(SlicerFailed, match="cancelled") as caught:
        slicer.slice(job(), out, on_progress=lambda _: None, cancelled=lambda: True)
    assert caught.value.code == "cancelled"
    assert not list(out.parent.iterdir())


@pytest.mark.parametrize(
    ("size", "place", "code"),
    [
        ((20, 20, 5), Placement(245, 50), "off_bed"),
        ((20, 20, 5), Placement(-1000, 50), "off_bed"),
        ((260, 20, 5), Placement(125, 50), "off_bed"),
        ((20, 20, 300), Placement(125, 50), "too_tall"),
        ((20, 20, 0.01), Placement(125, 50), "empty"),
        ((0.05, 0.05, 10), Placement(125, 50), "empty"),
    ],
)
def test_what_cannot_be_printed_is_refused(
    slicer: Slicer,
    job: JobMaker,
    tmp_path: Path,
    size: tuple[float, float, float],
    place: Placement,
    code: str,
) -> None:
    out = tmp_path / "out.gcode"
    assert refusal(slicer, job(box(*size), [place]), out).code == code
    assert not out.exists()


def test_an_empty_plate_is_refused(slicer: Slicer, job: JobMaker, tmp_path: Path) -> None:
    assert refusal(slicer, job(places=[]), tmp_path / "out.gcode").code == "no_copies"


def test_a_plate_with_too_many_triangles_is_refused(slicer: Slicer, job: JobMaker, tmp_path: Path) -> None:
    fine = Mesh(np.tile(box(20, 12, 3).triangles, (1000, 1, 1)))
    failure = refusal(slicer, job(fine, [Placement(60, 70)] * 700), tmp_path / "out.gcode")
    assert failure.code == "plate_too_detailed"
    assert failure.values["copies"] == 416


@pytest.mark.parametrize(
    "damage", [b"", b"\0" * 84, b"\0" * 80 + b"\xff\xff\xff\xff" + b"\0" * 500, b"<html>" * 99]
)
def test_a_damaged_mesh_file_is_refused(slicer: Slicer, job: JobMaker, tmp_path: Path, damage: bytes) -> None:
    plate = job()
    plate.mesh_stl.write_bytes(damage)
    assert refusal(slicer, plate, tmp_path / "out.gcode").code == "mesh_broken"


def test_a_mesh_that_is_not_finite_is_refused(slicer: Slicer, job: JobMaker, tmp_path: Path) -> None:
    mesh = box(20, 12, 3)
    mesh.triangles[3, 1, 0] = np.nan
    assert refusal(slicer, job(mesh), tmp_path / "out.gcode").code == "mesh_broken"


def test_an_older_result_stays_when_slicing_fails(slicer: Slicer, job: JobMaker, tmp_path: Path) -> None:
    out = tmp_path / "out.gcode"
    out.write_text("older")
    refusal(slicer, job(places=[Placement(0, 0)]), out)
    assert out.read_text() == "older"
