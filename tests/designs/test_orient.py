"""On which face a piece rests best."""

import numpy as np
import pytest

from designs.errors import Refused
from designs.mesh import Mesh
from designs.orient import Resting, orient
from designs.profiles import Machine, load
from tests.designs.slicer.plates import box


@pytest.fixture
def machine() -> Machine:
    return load().machine("prusa-mk3s")


def joined(*meshes: Mesh) -> Mesh:
    return Mesh(np.concatenate([mesh.triangles for mesh in meshes]))


def moved(mesh: Mesh, x: float, y: float, z: float) -> Mesh:
    return Mesh(mesh.triangles + np.array([x, y, z], np.float32))


def turned(mesh: Mesh, degrees: float) -> Mesh:
    """About the y axis."""
    angle = np.deg2rad(degrees)
    cos, sin = np.cos(angle), np.sin(angle)
    matrix = np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]])
    return Mesh((mesh.triangles @ matrix.T).astype(np.float32))


TABLE = joined(moved(box(4, 4, 30), 28, 28, 0), moved(box(60, 60, 3), 0, 0, 30))


def test_a_plate_on_edge_is_laid_flat(machine: Machine) -> None:
    best = orient(box(4, 60, 80), machine)[0]
    assert best.height_mm == pytest.approx(4, abs=0.01)
    assert best.contact_mm2 == pytest.approx(60 * 80, rel=0.01)
    assert best.support_mm3 == 0


def test_a_table_stands_on_its_top(machine: Machine) -> None:
    ways = orient(TABLE, machine)
    assert ways[0].support_mm3 < 50  # the hidden end of the leg
    assert ways[0].contact_mm2 == pytest.approx(3600, rel=0.01)
    assert ways[0].apply(TABLE).size_mm == pytest.approx((60, 60, 33), abs=0.01)
    (given,) = [way for way in ways if way.as_given]
    assert given.support_mm3 == pytest.approx((3600) * 30, rel=0.01)


def test_a_tilted_box_is_set_upright_again(machine: Machine) -> None:
    tilted = turned(box(50, 40, 10), 33)
    best = orient(tilted, machine)[0]
    assert best.apply(tilted).size_mm[2] == pytest.approx(10, abs=0.01)
    assert best.stable


def test_what_is_said_of_a_way_holds_for_the_turned_piece(machine: Machine) -> None:
    for way in orient(turned(TABLE, 20), machine):
        piece = way.apply(turned(TABLE, 20))
        assert piece.size_mm[2] == pytest.approx(way.height_mm, abs=0.01)
        assert np.linalg.det(np.array(way.turn)) == pytest.approx(1)
        assert piece.bounds[0][2] == pytest.approx(0, abs=1e-4)


def test_the_given_way_is_always_among_them(machine: Machine) -> None:
    for most in (1, 2, 4):
        ways = orient(turned(TABLE, 20), machine, most=most)
        assert len(ways) <= most
        assert [way.as_given for way in ways].count(True) == 1


def test_a_way_that_falls_over_is_not_proposed(machine: Machine) -> None:
    leaning = joined(box(6, 40, 6), moved(box(60, 40, 6), 0, 0, 6))
    for way in orient(leaning, machine):
        assert way.stable or way.as_given


def test_a_piece_that_only_fits_lying_is_laid_down(machine: Machine) -> None:
    ways = orient(box(10, 20, 240), machine)
    assert all(way.height_mm <= machine.height_mm for way in ways)


def test_the_same_piece_gives_the_same_ways(machine: Machine) -> None:
    assert orient(TABLE, machine) == orient(TABLE, machine)


def test_a_piece_that_fits_in_no_way_is_refused(machine: Machine) -> None:
    with pytest.raises(Refused, match="in no way"):
        orient(box(260, 260, 260), machine)


def test_a_flat_mesh_is_refused(machine: Machine) -> None:
    with pytest.raises(Refused, match="no volume"):
        orient(box(20, 20, 0), machine)


def test_times_are_estimates_of_the_turned_piece(machine: Machine) -> None:
    ways: list[Resting] = orient(TABLE, machine)
    assert all(way.time_s > 60 for way in ways)
    assert ways[0].time_s < next(way.time_s for way in ways if way.as_given)
