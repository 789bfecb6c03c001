"""Copies on a bed: inside, apart, never fewer than bounding boxes would be, and the same each time."""

from math import cos, pi, sin

import numpy as np
import pytest
from scipy import ndimage

from designs.arrange import Arrangement, arrange
from designs.errors import Refused
from designs.mesh import Mesh
from designs.packing import dense, outline, strip
from designs.packing.lattice import Room
from designs.profiles import Machine, load
from designs.raster import rasterise

PIXEL_MM, PIXELS = 0.5, 512


def prism(points: list[tuple[float, float]], height: float = 5) -> Mesh:
    """Top and bottom over a polygon that is a fan around its first corner."""
    flat = np.array([(x, y, 0) for x, y in points], np.float32)
    top = flat + np.array([0, 0, height], np.float32)
    fan = [(0, k, k + 1) for k in range(1, len(points) - 1)]
    return Mesh(np.concatenate([flat[fan][:, ::-1], top[fan]]))


def disc(diameter: float) -> Mesh:
    return prism([(diameter / 2 * cos(a * pi / 32), diameter / 2 * sin(a * pi / 32)) for a in range(64)])


def rectangle(width: float, depth: float, height: float = 5) -> Mesh:
    return prism([(0, 0), (width, 0), (width, depth), (0, depth)], height)


CORNER = prism([(0, 0), (60, 0), (60, 20), (20, 20), (20, 60), (0, 60)])
TRIANGLE = prism([(0, 0), (60, 0), (30, 52)])


@pytest.fixture
def machine() -> Machine:
    return load().machine("prusa-mk3s")


def shadows(mesh: Mesh, found: Arrangement) -> list[np.ndarray]:
    """Per copy the pixels that it covers on the bed."""
    drawn = []
    for place in found.placements:
        angle = np.deg2rad(place.angle_deg)
        turn = np.array([[cos(angle), sin(angle), 0], [-sin(angle), cos(angle), 0], [0, 0, 1]])
        corners = mesh.placed().triangles @ turn + (place.x_mm, place.y_mm, 0)
        corners[:, :, :2] /= PIXEL_MM
        drawn.append(rasterise(corners.astype(np.float32), PIXELS).mask[::-1])
    return drawn


def assert_printable(
    mesh: Mesh, found: Arrangement, machine: Machine, clearance: float, margin: float
) -> None:
    taken = np.zeros((PIXELS, PIXELS), bool)
    for shadow in shadows(mesh, found):
        distance_mm = ndimage.distance_transform_edt(~taken) * PIXEL_MM
        assert not taken.any() or distance_mm[shadow].min() >= clearance - 2 * PIXEL_MM
        taken |= shadow
        rows, columns = np.nonzero(shadow)
        for pixels, length in ((columns, machine.bed_mm[0]), (rows, machine.bed_mm[1])):
            assert pixels.min() * PIXEL_MM >= margin - PIXEL_MM
            assert (pixels.max() + 1) * PIXEL_MM <= length - margin + PIXEL_MM


def by_boxes(mesh: Mesh, machine: Machine, clearance: float, margin: float) -> int:
    width, depth, _ = mesh.size_mm
    room = [length - 2 * margin + clearance for length in machine.bed_mm]
    return max(
        int(room[0] // (w + clearance)) * int(room[1] // (d + clearance))
        for w, d in ((width, depth), (depth, width))
    )


@pytest.mark.parametrize("mesh", [disc(30), rectangle(50, 20), TRIANGLE, CORNER])
@pytest.mark.parametrize("copies", [1, 3, 8])
def test_copies_stand_apart_on_the_bed(mesh: Mesh, copies: int, machine: Machine) -> None:
    found = arrange(mesh, copies, machine, 4, margin_mm=5)
    assert len(found.placements) == copies
    assert found.left_over == 0
    assert_printable(mesh, found, machine, 4, 5)


@pytest.mark.parametrize(
    ("mesh", "at_least"), [(disc(30), 46), (rectangle(50, 20), 32), (TRIANGLE, 19), (CORNER, 13)]
)
def test_a_full_bed_holds_more_than_boxes_would(mesh: Mesh, at_least: int, machine: Machine) -> None:
    found = arrange(mesh, 1000, machine, 3, margin_mm=3)
    assert len(found.placements) >= max(at_least, by_boxes(mesh, machine, 3, 3))
    assert len(found.placements) + found.left_over == 1000
    assert_printable(mesh, found, machine, 3, 3)


def test_discs_stand_in_each_others_gaps(machine: Machine) -> None:
    assert len(arrange(disc(19), 200, machine).placements) > by_boxes(disc(19), machine, 3, 3)


def test_a_piece_that_fits_only_turned_is_turned(machine: Machine) -> None:
    (place,) = arrange(rectangle(20, 230), 1, machine).placements
    assert place.angle_deg == 90


def test_a_piece_that_fits_only_across_is_laid_across(machine: Machine) -> None:
    needle = rectangle(290, 3)
    found = arrange(needle, 1, machine)
    assert len(found.placements) == 1
    assert_printable(needle, found, machine, 3, 3)


def test_a_piece_that_is_too_large_is_left_over(machine: Machine) -> None:
    assert arrange(rectangle(240, 240), 2, machine) == Arrangement((), 2)


def test_a_single_copy_stands_unturned_in_the_middle(machine: Machine) -> None:
    (place,) = arrange(rectangle(50, 20), 1, machine).placements
    assert (place.x_mm, place.y_mm, place.angle_deg) == pytest.approx((125, 105, 0))


def test_where_the_file_has_its_origin_does_not_matter(machine: Machine) -> None:
    far = Mesh(CORNER.triangles + np.float32(500))
    here, there = (arrange(mesh, 4, machine).placements for mesh in (CORNER, far))
    for one, other in zip(here, there, strict=True):
        assert (one.x_mm, one.y_mm) == pytest.approx((other.x_mm, other.y_mm), abs=0.01)


def test_the_same_request_gives_the_same_plate(machine: Machine) -> None:
    first, second = (arrange(disc(30), 46, machine) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("size", [(203.9, 100), (203.9, 203.9), (243.9, 203.9), (110, 203.9)])
def test_a_piece_that_just_fits_is_placed(size: tuple[float, float], machine: Machine) -> None:
    assert len(arrange(rectangle(*size), 9, machine).placements) == by_boxes(rectangle(*size), machine, 3, 3)


def test_a_solver_that_gives_up_places_nothing() -> None:
    too_large = np.array([(0, 0), (300, 0), (300, 300), (0, 300)], float)
    assert len(strip.pack(too_large, 2, Room(244, 204, 3), 1).places) == 0


def test_no_copy_is_refused(machine: Machine) -> None:
    with pytest.raises(Refused, match="at least 1"):
        arrange(CORNER, 0, machine)


def test_a_piece_taller_than_the_machine_is_refused(machine: Machine) -> None:
    with pytest.raises(Refused, match="tall"):
        arrange(rectangle(20, 20, 211), 1, machine)


def test_a_piece_without_an_area_is_refused(machine: Machine) -> None:
    with pytest.raises(Refused, match="no area"):
        arrange(prism([(0, 0), (5, 5), (9, 9)]), 1, machine)


def test_the_hull_has_every_corner_once_and_nothing_inside() -> None:
    cross = [(0, 1), (1, 1), (1, 0), (2, 0), (2, 1), (3, 1), (3, 2), (2, 2), (2, 3), (1, 3), (1, 2), (0, 2)]
    corners = [(0, 1), (1, 0), (2, 0), (3, 1), (3, 2), (2, 3), (1, 3), (0, 2)]
    assert outline.hull(prism([*cross, (0, 1)])).tolist() == [list(corner) for corner in corners]


def test_a_line_has_no_hull() -> None:
    with pytest.raises(Refused, match="no area"):
        outline.hull(prism([(0, 0), (1, 1), (2, 2), (3, 3)]))


def test_a_packer_that_breaks_leaves_the_rows(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense, "MEMORY_MB", 1)
    assert len(arrange(CORNER, 40, machine).placements) > 0
